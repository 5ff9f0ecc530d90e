import { type Fact, REASONS, type Reason, type Rejected } from '../fact.ts';
import { type Field, inSentence } from '../field.ts';
import {
  hasWord,
  isBroadcaster,
  isDispelled,
  isGated,
  isOfVpns,
  isOldDecision,
  isOnline,
  isOthers,
  isRefused,
  isStores,
  isTitledAnew,
  isTopic,
  isUngoverned,
  tellsOfOrder,
} from '../news-words.ts';
import { turnsBack } from '../settle.ts';
import type { CueClass } from './classes.ts';
import type { Noise } from './noise.ts';
import { asCalled, type Conditions, firstOf, table } from './table.ts';

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

const ELSEWHERE: ReadonlySet<Reason> = new Set<Reason>([
  'account',
  'appeal',
  'other-object',
  'own-doing',
  'owner-orders',
  'service-does',
]);
/** The text is about something else. */
export const isElsewhere = (why: Reason): boolean => ELSEWHERE.has(why) || why.startsWith('aside-');

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
      (fact.action === 'throttle' &&
        (fact.mentions.length === 0 || inSentence(fact.field, fact.act.from, 'outage') !== null))),
  // "X down: messages blocked, users say": where nobody governs, what is stuck is stuck.
  'outage-stuck': ({ fact, fields, noise }) =>
    noise.outage &&
    fact.act.cls === 'block' &&
    fact.state === 'now' &&
    !noise.monitored &&
    hasWord(fields[0]!, ['down', 'outage']) &&
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
export const NEWS = table('news', NEWS_ROWS, asCalled(REASONS));

function isOnlyDown({ fact, facts, fields, noise }: Judged): boolean {
  if (!fact.down || noise.suspected || fact.part || !(fact.weak || !isOfVpns(fact))) return false;
  const backed = facts.some((f) => f !== fact && !f.down && f.state === 'now' && f.action !== 'unblock');
  const around = fields.some((f) => f.mentions.some((m) => m.role === 'means'));
  if (backed || around || tellsOfOrder(fields)) return false;
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

const isNobodys = ({ field, act }: Fact, classes: readonly CueClass[]): boolean =>
  classes.every((cls) => inSentence(field, act.from, cls) === null);

const pointsBack = (fact: Fact): boolean =>
  fact.carried || (fact.generic && fact.mentions.length === 0 && isNobodys(fact, ['auth', 'monitor']));

function isOnlyTrouble({ fact, fields, noise }: Judged): boolean {
  if (!fact.weak) return false;
  return fact.net || isOfVpns(fact)
    ? !noise.suspected && !tellsOfOrder(fields)
    : inSentence(fact.field, fact.act.from, 'monitor') === null;
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
