import { type Fact, type Reason, type Rejected } from '../fact.ts';
import { type Classes, type Cue, type Field, isAct } from '../field.ts';
import { turnsBack } from '../settle.ts';
import { GAP } from '../text/tokens.ts';
import type { Noise } from './noise.ts';
import { type Conditions, firstOf, table } from './table.ts';
import { isDay, isYear } from './when.ts';

/** Why a fact is no news by itself: one row a reason. */

/** What was turned down before: it may take others with it. */
export interface Fallen {
  negated: boolean;
  titleFell: boolean;
  titleDenied: boolean;
  /** Services that the title says act themselves. */
  own: string[];
  /** Acts that the title says are not so, without naming of what. */
  nots: Rejected[];
}

/** The text is about something else. */
export const isElsewhere = (why: Reason): boolean =>
  /^(?:aside-.*|account|appeal|other-object|own-doing|owner-orders|service-does)$/u.test(why);

interface Judged {
  fact: Fact;
  facts: Fact[];
  fields: Field[];
  noise: Noise;
  fallen: Fallen;
}

/** Why a fact is no news by itself, or null. */
export const unusable = (at: Judged): Reason | null => firstOf(NEWS, at, at.fact.field, at.fact.act)?.effect ?? null;

const inTitle = ({ fact }: Judged): boolean => fact.field.name === 'title';

const NEWS_ROWS: Conditions<'news', Judged> = {
  past: ({ fact }) => fact.time === 'past',
  // What was cut stays cut where only its return is not so.
  disproved: ({ fact, noise }) => noise.voids === 'disproved' && fact.action !== 'unblock' && fact.state !== 'held',
  refused: ({ fact }) => isRefused(fact),
  'looks-back': ({ fact, noise }) => noise.voids === 'looks-back' && !fact.still,
  'old-decision': isOldDecision,
  'titled-anew': isTitledAnew,
  others: ({ fact }) => isOthers(fact),
  // Where the text tells of a failure, and of nobody who is to blame for it.
  outage: ({ fact, noise }) =>
    noise.outage && (fact.down || fact.action === 'shutdown' || (fact.net && fact.action === 'warn')),
  'outage-cut': ({ fact, noise }) =>
    noise.outage &&
    (fact.act.cls === 'cut' ||
      (fact.action === 'throttle' && (fact.mentions.length === 0 || fact.field.sentenceHas(fact.act.from, 'outage')))),
  // "X down: messages blocked, users say": where nobody governs, what is stuck is stuck.
  'outage-stuck': ({ fact, fields, noise }) =>
    noise.outage &&
    fact.act.cls === 'block' &&
    fact.state === 'now' &&
    !noise.monitored &&
    fields[0]!.hasWord(['down', 'outage']) &&
    isUngoverned(fields),
  'outage-over': ({ fact, facts, noise }) =>
    noise.outage &&
    fact.act.cls === 'unblock' &&
    !facts.some((f) => (f.act.cls === 'block' || f.act.cls === 'restrict') && !f.net && !f.carried),
  'only-down': isOnlyDown,
  // "no ban for now", but the slow-down is extended: that state holds, as the text says.
  'title-denies': (at) => !inTitle(at) && at.fallen.titleDenied && at.fact.action !== 'unblock' && !at.fact.still,
  // "YouTube bans channels", says the title; "it will ban", the text: still its own doing.
  'own-doing': (at) => !inTitle(at) && isOwnDoing(at),
  'heading-of-end': ({ fact, facts }) => isTopic(fact, facts),
  'points-back': (at) => !inTitle(at) && at.fallen.titleFell && pointsBack(at.fact),
  // "Massive blackout leaves Cuba in the dark": lamps, where nobody speaks of networks.
  lamps: ({ fact, fields }) => fact.bare && fact.act.to - fact.act.from === 1 && !fields.some(isOnline),
  broadcaster: ({ fact, fields }) => isBroadcaster(fact, fields),
  'store-itself': ({ fact, fields }) => isStores(fact, fields),
  'label-alone': (at) =>
    at.fact.act.cls === 'legal' && at.fact.mentions.length === 0 && !(at.fact.generic && inTitle(at)),
  'only-trouble': isOnlyTrouble,
  // "the network is slow", tells the lead, and nobody who would have slowed it.
  'only-slow': isOnlySlow,
  'said-not': ({ fact, fallen }) => (fact.time === 'soft' && fallen.negated) || isDispelled(fact, fallen.nots),
};
export const NEWS = table<'news', Judged, Reason>('news', NEWS_ROWS);

function isOnlyDown({ fact, facts, fields, noise }: Judged): boolean {
  if (!fact.down || noise.suspected || fact.part || !(fact.weak || !isOfVpns(fact))) return false;
  const backed = facts.some((f) => f !== fact && !f.down && f.state === 'now' && f.action !== 'unblock');
  const around = fields.some((f) => f.mentions.some((m) => m.role === 'means'));
  if (backed || around || isTold(fields, 'order')) return false;
  // "X is back, Y stays out of reach": one measure.
  const beside = facts.some(
    (f) => turnsBack(fact, f) || (fact.still && f.field === fact.field && f.action === 'unblock' && f.state === 'now'),
  );
  return !beside && !isGated(fact, fields);
}

function isOwnDoing({ fact, fallen }: Judged): boolean {
  return (
    fact.mentions.length > 0 &&
    fact.mentions.every((m) => fallen.own.includes(m.id)) &&
    isNobodys(fact, ['auth', 'court', 'order'])
  );
}

const isNobodys = ({ field, act }: Fact, classes: Classes): boolean => !field.sentenceHas(act.from, classes);

const pointsBack = (fact: Fact): boolean =>
  fact.carried || (fact.generic && fact.mentions.length === 0 && isNobodys(fact, ['auth', 'monitor']));

function isOnlyTrouble({ fact, fields, noise }: Judged): boolean {
  if (!fact.weak) return false;
  return fact.net || isOfVpns(fact)
    ? !noise.suspected && !isTold(fields, 'order')
    : !fact.field.sentenceHas(fact.act.from, 'monitor');
}

function isOnlySlow({ fact, facts, noise }: Judged): boolean {
  return (
    fact.action === 'throttle' &&
    !noise.suspected &&
    fact.net &&
    fact.mentions.length === 0 &&
    fact.field.name !== 'title' &&
    isNobodys(fact, ['auth', 'monitor', 'order', 'court']) &&
    !facts.some((f) => f.field.name === 'title' && (f.action === 'throttle' || f.action === 'shutdown') && !f.down)
  );
}

/** What shows that a fact is no news by itself. */

/** "joining a list of countries that have blocked it" tells of others. */
const isOthers = ({ field, act }: Fact): boolean => {
  const list = field.inSentence(act.from, 'list');
  if (list === null || list.to > act.from) return false;
  // "As platforms come under scrutiny in several countries, Zambia has blocked X": a subject of its own.
  const own = field.places.find((p) => p.from >= list.to && p.to <= act.from && p.kind !== 'demonym');
  return own === undefined || !field.gapAt(own.from, GAP.comma);
};

/** "VPNs no longer work in Turkmenistan": when all of a kind fail, somebody sees to it. */
const isOfVpns = ({ mentions }: Fact): boolean => mentions.length > 0 && mentions.every((m) => m.id === 'vpn');

/** Taken from a store, or a channel from its platform, in a text that names no authority: they clear their own shelves. */
const isStores = ({ act, field, state, part }: Fact, fields: Field[]): boolean =>
  act.cls === 'delist' &&
  state === 'now' &&
  (part || field.sentenceHas(act.from, 'appstore')) &&
  !field.places.some((p) => p.to === act.from && p.kind !== 'demonym') &&
  !fields.some((f) => isDecided(f) || f.hasWord('threat'));

/** "Fears of a block of X; ministry says that it will not be": what is feared, and behind it the answer. */
const isDispelled = ({ field, act, state }: Fact, nots: readonly Rejected[]): boolean =>
  state === 'warn' &&
  act.cls !== 'legal' &&
  field.hasBefore(act.from, 'maybe', FEARED) &&
  nots.some((r) => r.field === field && r.from >= act.to);
const FEARED = 4;

const isOnline = (f: Field): boolean =>
  f.mentions.length > 0 || f.hasWord(['net', 'netother', 'social', 'monitor', 'access']);

const isGoverned = (f: Field): boolean => f.name !== 'body' && isDecided(f);

/** No state, court or order stands in the text. */
const isUngoverned = (fields: Field[]): boolean => !fields.some(isGoverned);

/** A site for adults that is out of reach in a text on age checks. */
const isGated = ({ mentions }: Fact, fields: Field[]): boolean =>
  mentions.some((m) => m.category === 'adult') && isTold(fields, 'age');

/** In title or lead. */
const isTold = (fields: Field[], classes: Classes): boolean =>
  fields.some((f) => f.name !== 'body' && f.hasWord(classes));

/** "Social media ban: Sri Lanka restores access": before the colon stands what it is about. */
function isTopic({ field, act, action }: Fact, facts: Fact[]): boolean {
  if (field.name !== 'title' || action === 'unblock') return false;
  return facts.some((f) => {
    const back = f.action === 'unblock';
    // "Internet-Sperre: Türkei blockiert Wikipedia": one word for a site and for the network.
    const site = act.cls === 'shutdown' && act.from === 0 && f.action === 'block' && f.mentions.length > 0;
    if (f.field !== field || !(back || site) || f.state !== 'now' || f.act.from < act.to) return false;
    return field.isParted(act.to, f.act.from, GAP.colon);
  });
}

/** "Mali suspends RFI", "bans RT … from the airwaves": programmes are cut, unless the text speaks of a site or of access. */
function isBroadcaster({ mentions, field, act, generic, action }: Fact, fields: Field[]): boolean {
  if (mentions.length === 0 || generic || action === 'unblock' || mentions.some((m) => m.category !== 'media'))
    return false;
  if (field.sentenceHas(act.from, 'access')) return false;
  if (act.cls === 'cut') return true;
  return isTold(fields, 'broadcast') && !isTold(fields, ['access', 'social']);
}

/** Texts whose only act is dated by a year: what they ask, head or are about is no news of it. */

/** A year in the sentence, be it with its month; with its day it may be this very one. */
const isOfYear = ({ field, act, state, still }: Fact): boolean =>
  field.name === 'summary' &&
  state === 'now' &&
  !still &&
  !field.sentenceHas(act.from, 'still') &&
  field.tokens.some(
    (_, i) =>
      isYear(field, i) &&
      field.sentence[i] === field.sentence[act.from] &&
      ![i - 1, i - 2, i - 3, i + 1].some((k) => isDay(field, k)),
  );

/**
 * "Why does X not open? The state restricted it in July 2021", "X in Uzbekistan || It was restricted in July 2021": under a question, or a title that
 * tells no act, what is told is as old as it says.
 */
function isOldDecision({ fact, facts, fields }: Judged): boolean {
  if (!isOfYear(fact) || fact.action === 'unblock') return false;
  const title = fields[0]!;
  if (title.sentences.some((s) => s.question)) return !facts.some((f) => f.field === title && isFresh(f));
  return fact.time !== 'now' && !title.cues.some(isAct);
}

const isFresh = ({ time, state }: Fact): boolean => time === 'now' && state === 'now';

/** "The ban on X || The state banned it in June 2021": a title without a verb that acts heads what the lead dates, and nothing else is told. */
function isTitledAnew({ fact, facts }: Judged): boolean {
  if (fact.field.name === 'title') return isAnew(fact, facts);
  return (
    isDated(fact) &&
    facts.some((f) => f.field.name === 'title' && f.time === 'now' && isAnew(f, facts) && isSame(f, fact))
  );
}

const isDated = (fact: Fact): boolean => fact.time !== 'now' && isOfYear(fact);

function isAnew(titled: Fact, facts: readonly Fact[]): boolean {
  const { field, act, action, state, still } = titled;
  if (action === 'unblock' || state !== 'now' || still || isDecided(field)) return false;
  if (field.covering({ from: act.from, to: act.from + 1 }, 'active') !== undefined) return false;
  const led = facts.filter((f) => f.field.name === 'summary');
  return (
    led.length > 0 &&
    led.every((f) => f.time !== 'now') &&
    led.some((f) => isDated(f) && f.field.sentence[f.act.from] === 0 && isSame(titled, f))
  );
}

/** A state, court or order: somebody decides. */
const isDecided = (field: Field): boolean =>
  field.hasWord(['auth', 'court', 'order']) || field.places.some((p) => p.kind === 'authority');

/** It points back to the title, or names what the title names. */
const isSame = (titled: Fact, led: Fact): boolean =>
  !led.field.sentenceHas(led.act.from, 'also') &&
  (led.carried ||
    (led.mentions.length === 0 && (led.generic || led.net)) ||
    led.mentions.some((m) => titled.mentions.some((t) => t.id === m.id)));

/** Acts that somebody asks for and nobody does: a request, motion or suit that is turned down, an order that has not come. */

/** Words between what is asked and the act that it asks for. */
const ASKED = 6;
/** Words between those two and what turns them down. */
const REFUSED = 8;
const PARTS = GAP.comma | GAP.clause | GAP.colon | GAP.sentence;

/** "rejects motion to ban X", "dismisses suit seeking a block": but what is brought against a ban and turned down leaves the ban. */
function isRefused({ field, act, action, state }: Fact): boolean {
  if (action === 'unblock' || state === 'held') return false;
  const around = field.cuesAround(act.from);
  if (around.some((c) => c.cls === 'challenge')) return false;
  const refusals = around.filter((c) => c.cls === 'refuse' && !field.hasBefore(c.from, 'neg'));
  return around.some(
    (plea) => plea.cls === 'plea' && asksFor(field, plea, act) && refusals.some((c) => isOver(field, c, plea, act)),
  );
}

/** Before the two with nothing that parts it from them, or behind them; not between: "blocked X after it rejected a request". */
function isOver(field: Field, refusal: Cue, plea: Cue, act: Cue): boolean {
  const [first, second] = plea.from < act.from ? [plea, act] : [act, plea];
  if (refusal.from >= first.to)
    // "files request to block X, its owner refuses": another who speaks.
    return refusal.to > second.from && refusal.from - second.to <= REFUSED && !field.isParted(second.to, refusal.from);
  if (first.from - refusal.to > REFUSED) return false;
  for (let i = refusal.from + 1; i <= first.from; i++)
    if (field.gapAt(i, PARTS) || (i < first.from && field.cuesAt[i]!.some(parts))) return false;
  return true;
}

/** Beside each other, and nothing joins or parts them. */
function asksFor(field: Field, plea: Cue, act: Cue): boolean {
  const [first, second] = plea.from < act.from ? [plea, act] : [act, plea];
  if (second.from - first.to > ASKED) return false;
  // "rejects suit while Kenya blocks X": a verb that acts may have a subject of its own.
  const own = act === second && field.hasCue(act.from, 'active') && !field.hasBefore(act.from, 'inf');
  if (own && field.places.some((p) => p.from >= first.to && p.to <= second.from)) return false;
  for (let i = first.to; i <= second.from; i++) {
    // "keine Weisung, X zu sperren": a comma before what is asked for.
    if (field.gapAt(i, i === plea.to && !own ? PARTS & ~GAP.comma : PARTS)) return false;
    if (i < second.from && field.cuesAt[i]!.some((c) => parts(c) && !joinsNames(field, c))) return false;
  }
  return true;
}

/** "to block X or Y" */
const joinsNames = (field: Field, c: Cue): boolean => c.cls === 'and' && field.mentions.some((m) => m.to === c.from);

/** "projeto que proíbe", "a draft order": the word belongs to the bill. */
export const isOfBill = (field: Field, { from, to }: Cue): boolean =>
  field.sentenceHas(from, 'bill', (c) => c.from < from && c.to >= to);

const parts = (c: Cue): boolean => c.cls === 'and' || (isAct(c) && c.cls !== 'legal');
