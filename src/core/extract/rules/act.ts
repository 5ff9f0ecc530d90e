import type { Action } from '../../model/incident.ts';
import { functionOf, isPart, limitsAccess, type Objects } from '../about.ts';
import { gapTo } from '../beside.ts';
import type { Fact, Ground, Standing } from '../fact.ts';
import { type Cue, type Field, REACH } from '../field.ts';
import { actor, isFuture } from './mood.ts';
import { applyAll, type Conditions, firstOf, table } from './table.ts';

/** How much of what an act cuts: which action it is, of the network or of services, of the whole or of a part. */

/** A fact while it is put together. */
interface Draft extends Standing {
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
  applyAll(EXTENT, draft, field, act, ({ id, effect }) => {
    Object.assign(fact, effect);
    draft.rules.push(id as Ground);
  });
  fact.weak = act.cls === 'fail' || (isFelt(at) && !field.sentenceHas(act.from, ['auth', 'monitor']));
  fact.down = act.cls === 'down' || fact.weak;
  return draft;
}

function actionOf(draft: Draft): Action {
  const { field, act, objects, named, fact } = draft;
  if (act.cls === 'throttle') return 'throttle';
  if (act.cls === 'shutdown') {
    if (!objects.net && isOfPlatforms(draft)) return 'block';
    fact.bare = !objects.net && !field.hasCue(act.from, 'net');
    fact.net = true;
    fact.carried = false;
    // "no internet and no X": both.
    // "X and the mobile network offline": one list.
    if (!isInList(field, act, objects))
      fact.mentions = objects.mentions.filter((m) => m.from - act.to === 1 && field.hasBefore(m.from, 'and'));
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

/** The word of a shutdown, said of platforms. */
function isOfPlatforms({ field, act, objects, named, mood }: Draft): boolean {
  if (objects.mentions.some((m) => gapTo(act, m) <= REACH.beside)) return true;
  // "a social media blackout": of platforms.
  if (
    objects.generic &&
    !named &&
    (field.cueBefore(act.from, 'social') ?? field.cueAfter(act.to, 'social', REACH.near)) !== null
  )
    return true;
  // "platforms must register or face a shutdown": of what is named, where no network is.
  return mood !== 'asserted' && (named || field.sentenceHas(act.from, 'social')) && !field.sentenceHas(act.from, 'net');
}

const EXTENT_ROWS: Conditions<'extent', Draft> = {
  // "restricts X" as a whole is what regulators call a block; a part or a step is named as such.
  'limits-access': (d) => isLimit(d) && limitsAccess(d.field, d.act),
  'limits-whole': (d) => isLimit(d) && (d.named || d.objects.generic || d.objects.carried),
  'age-gate': (d) => d.fact.action === 'block' && !d.part && isAgeGate(d),
  'one-function': ({ fact, part }) => part && (fact.action === 'block' || fact.action === 'restrict'),
};
/** What becomes of a fact. */
const EXTENTS = {
  block: { action: 'block' },
  limit: { action: 'restrict', gradual: true },
  part: { action: 'restrict', part: true },
} as const satisfies Record<string, Partial<Fact>>;
export const EXTENT = table('extent', EXTENT_ROWS, EXTENTS);

const isLimit = ({ fact, part }: Draft): boolean => fact.action === 'restrict' && !part && !fact.gradual;

const isAgeGate = ({ field, act, setting }: Draft): boolean =>
  (setting.aged && (act.cls === 'leave' || actor(field, act) !== null)) || field.sentenceHas(act.from, 'age');

/** "users say that the network is slow": trouble, not a measure. */
const isFelt = ({ field, act, objects }: Standing): boolean =>
  act.cls === 'throttle' && objects.net && field.name !== 'title' && field.sentenceHas(act.from, 'people');

/** The network and a service named in one list. */
function isInList(field: Field, act: Cue, { mentions }: Objects): boolean {
  const nets = field.cuesAround(act.from).filter((c) => c.cls === 'net');
  return mentions.some((m) => nets.some((n) => gapTo(n, m) === 1 && field.hasBefore(Math.max(n.from, m.from), 'and')));
}

function nearer(field: Field, act: Cue, objects: Objects): boolean {
  // "networks to block access to X": the network acts, the service is hit.
  if (act.cls !== 'cut' && objects.mentions.some((m) => m.from >= act.to && gapTo(act, m) <= REACH.phrase)) {
    const behind = field.sentenceHas(act.from, 'net', (c) => c.from >= act.to && gapTo(act, c) <= REACH.phrase);
    if (!behind) return false;
  }
  const net = Math.min(
    ...field
      .clauseOf(act.from)
      .cues.filter((c) => c.cls === 'net')
      .map((c) => gapTo(act, c)),
  );
  return net < Math.min(...objects.mentions.map((m) => gapTo(act, m)));
}

/** Whether an act is done, ahead, or only threatened. */

export function tensed(draft: Draft): Fact {
  const { field, act, fact, rules } = draft;
  const rule = firstOf(TENSE, draft, field, act);
  if (rule === null) {
    rules.push(`asserted-${act.cls}`);
    return fact;
  }
  rules.push(rule.id === 'ahead' ? draft.mood : (rule.id as Ground));
  return { ...fact, action: 'warn', state: 'warn', threat: rule.effect(draft) };
}

const TENSE_ROWS: Conditions<'tense', Draft> = {
  threat: ({ mood }) => mood === 'threatened',
  ahead: (d) =>
    (d.mood === 'planned' && !stays(d)) || d.mood === 'conditional' || (d.setting.pending && d.act.cls === 'block'),
  future: (d) =>
    d.mood !== 'ordered' &&
    !d.setting.ordered &&
    d.fact.action !== 'shutdown' &&
    isFuture(d.field, d.act, d.setting) &&
    !stays(d) &&
    !isJoined(d),
};
/** It is only ahead, and that may threaten more than what is in force. */
const TENSES = {
  threat: () => true,
  // "may make the block permanent": a threat beside what runs.
  plan: ({ field, act }: Draft) => isPart(field, act, 'forever'),
};
export const TENSE = table('tense', TENSE_ROWS, TENSES);

const stays = ({ mood, field, act }: Draft): boolean =>
  (mood === 'planned' || mood === 'asserted') && staysAhead(field, act);

/** "the network is cut during exams. X will also be blocked": one decision. */
const isJoined = ({ field, act }: Draft): boolean =>
  field.name !== 'title' && field.hasBefore(act.from, 'also', REACH.near);

/** "plans to extend the ban": what is planned is that it stays. Not "to extend limits to X". */
function staysAhead(field: Field, act: Cue): boolean {
  if (act.cls === 'restrict' || field.hasAfter(act.to, 'inf')) return false;
  const still = field.cueBefore(act.from, 'still', REACH.close) ?? field.covering(act, 'still');
  if (still === undefined) return false;
  return field.hasBefore(still.from, ['modal', 'will'], REACH.near) && !field.sentenceHas(act.from, 'ask');
}
