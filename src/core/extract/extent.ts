/** How much of what an act cuts: which action it is, of the network or of services, of the whole or of a part. */

import type { Action } from '../model/action.ts';
import type { Objects } from './about.ts';
import { actor } from './agent.ts';
import { gapTo } from './aside.ts';
import { REACH } from './distances.ts';
import type { Fact, Standing } from './fact.ts';
import { functionOf, isPart, isPartly, limitsAccess } from './part.ts';
import type { Cue, Field } from './read.ts';
import { clauseOf, cueAfter, cueBefore, cuesAround, hasCue } from './read.ts';
import type { Ground } from './reasons.ts';
import { applyAll, type Rule, table } from './rules.ts';
import { inSentence } from './scope.ts';

/** A fact while it is put together. */
export interface Draft extends Standing {
  fact: Fact;
  /** Something is named. */
  named: boolean;
  /** Accounts, a function, posts: no more than that. */
  part: boolean;
}

/** What the act does, whenever it does it. */
export function draftOf(at: Standing, fact: Fact): Draft {
  const { field, act, objects } = at;
  const named = objects.mentions.length > 0;
  const part = objects.part || isPart(field, act, 'func') || functionOf(field, act, objects.mentions);
  const draft: Draft = { ...at, fact, named, part };
  fact.gradual = isPart(field, act, 'partial');
  fact.action = actionOf(draft);
  if (fact.action !== 'shutdown') fact.net = fact.action === 'throttle' && objects.net && !named;
  applyAll(EXTENT, draft, field, act);
  fact.weak =
    act.cls === 'fail' ||
    (isFelt(at) && inSentence(field, act.from, 'auth') === null && inSentence(field, act.from, 'monitor') === null);
  fact.down = act.cls === 'down' || fact.weak;
  return draft;
}

function actionOf({ field, act, objects, named, fact, mood }: Draft): Action {
  if (act.cls === 'throttle') return 'throttle';
  if (act.cls === 'shutdown') {
    if (!objects.net && isOfPlatforms({ field, act, objects, named, asserted: mood === 'asserted' })) return 'block';
    fact.bare = !objects.net && !hasCue(field, act.from, 'net');
    fact.net = true;
    fact.carried = false;
    // "no internet and no X": both.
    // "X and the mobile network offline": one list.
    if (!isInList(field, act, objects))
      fact.mentions = objects.mentions.filter(
        (m) => m.from - act.to === 1 && cueBefore(field, m.from, REACH.touching, 'and') !== null,
      );
    return 'shutdown';
  }
  if (objects.net && !named && act.cls !== 'delist') return 'shutdown';
  if (objects.net && named && nearer(field, act, objects)) {
    // "cuts internet and Twitter": both, where they stand side by side.
    if (!isInList(field, act, objects)) fact.mentions = [];
    return 'shutdown';
  }
  return act.cls === 'restrict' ? 'restrict' : 'block';
}

interface Dark {
  field: Field;
  act: Cue;
  objects: Objects;
  named: boolean;
  asserted: boolean;
}

/** The word of a shutdown, said of platforms. */
function isOfPlatforms({ field, act, objects, named, asserted }: Dark): boolean {
  if (objects.mentions.some((m) => gapTo(act, m) <= REACH.beside)) return true;
  // "a social media blackout": of platforms.
  if (
    objects.generic &&
    !named &&
    (cueBefore(field, act.from, REACH.touching, 'social') ?? cueAfter(field, act.to, REACH.near, 'social')) !== null
  )
    return true;
  // "platforms must register or face a shutdown": of what is named, where no network is.
  return (
    !asserted &&
    (named || inSentence(field, act.from, 'social') !== null) &&
    inSentence(field, act.from, 'net') === null
  );
}

const EXTENT_RULES: Rule<Draft, (draft: Draft) => void>[] = [
  // "restricts X" as a whole is what regulators call a block; a part or a step is named as such.
  {
    id: 'limits-access',
    needs: ['access'],
    when: (d) => isLimit(d) && limitsAccess(d.field, d.act),
    effect: (d) => become(d, 'block', 'limits-access'),
    example: 'en| Tehran restricts access to WhatsApp',
  },
  {
    id: 'limits-whole',
    needs: [],
    when: (d) => isLimit(d) && (d.named || d.objects.generic || d.objects.carried),
    effect: (d) => become(d, 'block', 'limits-whole'),
    example: 'Turkmenistan restricts IMO messenger',
  },
  // "partly blocked": a limit.
  {
    id: 'partly',
    needs: ['partly'],
    when: ({ fact, named, field, act }) =>
      fact.action === 'block' && named && act.cls === 'block' && isPartly(field, act),
    effect: (d) => {
      become(d, 'restrict', 'partly');
      d.fact.gradual = true;
    },
    example: 'ru| Signal частично заблокирован в Китае || Пользователи жалуются, что не отправляются фото.',
  },
  {
    id: 'age-gate',
    needs: [],
    when: (d) => d.fact.action === 'block' && !d.part && isAgeGate(d),
    effect: (d) => become(d, 'restrict', 'age-gate', true),
    example: 'Denmark plans social media ban for under 15s',
  },
  {
    id: 'one-function',
    needs: [],
    when: ({ fact, part }) => part && (fact.action === 'block' || fact.action === 'restrict'),
    effect: (d) => become(d, 'restrict', 'one-function', true),
    example: 'India orders X to block accounts',
  },
];
export const EXTENT = table('extent', EXTENT_RULES);

function become({ fact, rules }: Draft, action: Action, why: Ground, part = false): void {
  fact.action = action;
  if (part) fact.part = true;
  rules.push(why);
}

const isLimit = ({ fact, part }: Draft): boolean => fact.action === 'restrict' && !part && !fact.gradual;

const isAgeGate = ({ field, act, setting }: Draft): boolean =>
  (setting.aged && (act.cls === 'leave' || actor(field, act) !== null)) || inSentence(field, act.from, 'age') !== null;

/** "users say that the network is slow": trouble, not a measure. */
const isFelt = ({ field, act, objects }: Standing): boolean =>
  act.cls === 'throttle' &&
  objects.net &&
  field.name !== 'title' &&
  cuesAround(field, act.from).some((c) => c.cls === 'people');

/** The network and a service named in one list. */
function isInList(field: Field, act: Cue, { mentions }: Objects): boolean {
  const nets = cuesAround(field, act.from).filter((c) => c.cls === 'net');
  return mentions.some((m) =>
    nets.some((n) => gapTo(n, m) === 1 && cueBefore(field, Math.max(n.from, m.from), REACH.touching, 'and') !== null),
  );
}

function nearer(field: Field, act: Cue, objects: Objects): boolean {
  // "networks to block access to X": the network acts, the service is hit.
  if (act.cls !== 'cut' && objects.mentions.some((m) => m.from >= act.to && gapTo(act, m) <= REACH.phrase)) {
    const behind = cuesAround(field, act.from).some(
      (c) => c.cls === 'net' && c.from >= act.to && gapTo(act, c) <= REACH.phrase,
    );
    if (!behind) return false;
  }
  const net = Math.min(
    ...clauseOf(field, act.from)
      .cues.filter((c) => c.cls === 'net')
      .map((c) => gapTo(act, c)),
  );
  return net < Math.min(...objects.mentions.map((m) => gapTo(act, m)));
}
