import type { Action } from '../../model/incident.ts';
import { functionOf, isDisclaimer, isPart, isPartly, limitsAccess, namesApp, type Objects } from '../about.ts';
import { gapTo } from '../beside.ts';
import type { Acting, Fact, Ground, Reason, Standing } from '../fact.ts';
import { type Cue, type Field, REACH } from '../field.ts';
import type { CueClass } from './classes.ts';
import { actor, isFuture, isOwners, isRuled, isStatesDoing, namesSite } from './mood.ts';
import { applyAll, type Conditions, firstOf, table } from './table.ts';

/** Acts that tell nothing of access: one row a reason, asked before anything else is found out. */

/** Sentences that hold a word of the class speak of something else, unless `spared`. */
const aside =
  (cls: CueClass, spared: (at: Acting, cue: Cue) => boolean) =>
  (at: Acting): boolean => {
    const cue = at.field.inSentence(at.act.from, cls);
    return cue !== null && !spared(at, cue);
  };

const ACT_ROWS: Conditions<'act', Acting> = {
  // A site that leaves over an age check limits a place; any other leaves by its own choice.
  leaves: ({ act, setting }) => act.cls === 'leave' && !setting.aged,
  // "remains open": nothing that comes back.
  'never-cut': ({ field, act }) => act.cls === 'unblock' && field.covering(act, 'remain') !== undefined,
  // A channel taken off the air is television; a messenger beside it is not.
  'aside-broadcast': aside('broadcast', ({ field, act }, cue) => namesApp(field, act) || namesSite(field, cue)),
  'aside-company': aside('company', ({ field, setting }, cue) => setting.aged || isStatesDoing(field, cue)),
  disclaimer: (at) => !isNews(at) && isDisclaimer(at.field, at.act),
};
export const ACT = table<'act', Acting, Reason>('act', ACT_ROWS);

/** Named undesirable in the headline is the news itself. */
const isNews = ({ field, act }: Acting): boolean =>
  field.name === 'title' && act.cls === 'legal' && field.mentions.some((m) => m.to <= act.from && m.from <= 2);

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
  // "partly blocked": a limit.
  partly: ({ fact, named, field, act }) =>
    fact.action === 'block' && named && act.cls === 'block' && isPartly(field, act),
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

/** Whether an act is done, ahead, or only threatened: and by whom. */

/** The fact, or why it is none. */
export function tensed(draft: Draft): Fact | Reason {
  const { field, act, fact, rules } = draft;
  const rule = firstOf(TENSE, draft, field, act);
  if (rule === null) {
    rules.push(`asserted-${act.cls}`);
    return fact;
  }
  if (rule.effect === null) return rule.id as Reason;
  rules.push(rule.id === 'ahead' ? draft.mood : (rule.id as Ground));
  return { ...fact, action: 'warn', state: 'warn', threat: rule.effect(draft) };
}

const TENSE_ROWS: Conditions<'tense', Draft> = {
  // "Apple, on the order of Beijing, …" takes off its shelf what another orders.
  'owner-orders': ({ mood, act, field }) =>
    mood === 'ordered' && act.cls !== 'delist' && !isRuled(field, act) && isOwners(field, act, 'order'),
  'owner-threatens': ({ mood, field, act }) => mood === 'threatened' && isOwners(field, act, 'threat'),
  threat: ({ mood }) => mood === 'threatened',
  ahead: (d) =>
    (d.mood === 'planned' && !stays(d)) || d.mood === 'conditional' || (d.setting.pending && d.act.cls === 'block'),
  // "The state blocks X" || "A bill was submitted to parliament": told as done, and only proposed.
  tabled: ({ mood, field, act, setting, fact }) =>
    mood === 'asserted' &&
    field.name === 'title' &&
    setting.tabled &&
    fact.action !== 'shutdown' &&
    (act.cls === 'block' || act.cls === 'restrict' || act.cls === 'throttle'),
  // "Jordan to block X in two months": decided or not, it has not begun. A network is cut by the calendar, and that is news of the cut.
  horizon: (d) =>
    d.mood !== 'ordered' &&
    d.fact.action !== 'shutdown' &&
    isFuture(d.field, d.act, d.setting) &&
    d.field.clauseHas(d.act.from, 'soon') &&
    !stays(d),
  future: (d) =>
    d.mood !== 'ordered' &&
    !d.setting.ordered &&
    d.fact.action !== 'shutdown' &&
    isFuture(d.field, d.act, d.setting) &&
    !stays(d) &&
    !isJoined(d),
};
/** What follows: it is turned down for what the row is called, or only ahead, and that may threaten more than what is in force. */
const TENSES = {
  refused: null,
  threat: () => true,
  proposal: () => false,
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
