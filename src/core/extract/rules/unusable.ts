import { type Fact, type Reason } from '../fact.ts';
import { type Classes, type Cue, type Field } from '../field.ts';
import { turnsBack } from '../settle.ts';
import type { Noise } from './noise.ts';
import { type Conditions, firstOf, table } from './table.ts';

/** Why a fact is no news by itself: one row a reason. */

/** What was turned down before: it may take others with it. */
export interface Fallen {
  titleFell: boolean;
  titleDenied: boolean;
}

/** The text is about something else. */
export const isElsewhere = (why: Reason): boolean => /^(?:account|appeal|other-object|own-doing)$/u.test(why);

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
  // Where the text tells of a failure, and of nobody who is to blame for it.
  outage: ({ fact, noise }) =>
    noise.outage && (fact.down || fact.action === 'shutdown' || (fact.net && fact.action === 'warn')),
  'outage-cut': ({ fact, noise }) =>
    noise.outage &&
    (fact.act.cls === 'cut' ||
      (fact.action === 'throttle' && (fact.mentions.length === 0 || fact.field.sentenceHas(fact.act.from, 'outage')))),
  'outage-over': ({ fact, facts, noise }) =>
    noise.outage &&
    fact.act.cls === 'unblock' &&
    !facts.some((f) => (f.act.cls === 'block' || f.act.cls === 'restrict') && !f.net && !f.carried),
  'only-down': isOnlyDown,
  // "no ban for now", but the slow-down is extended: that state holds, as the text says.
  'title-denies': (at) => !inTitle(at) && at.fallen.titleDenied && at.fact.action !== 'unblock' && !at.fact.still,
  'points-back': (at) => !inTitle(at) && at.fallen.titleFell && pointsBack(at.fact),
  'label-alone': (at) =>
    at.fact.act.cls === 'legal' && at.fact.mentions.length === 0 && !(at.fact.generic && inTitle(at)),
  'only-trouble': isOnlyTrouble,
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

const isNobodys = ({ field, act }: Fact, classes: Classes): boolean => !field.sentenceHas(act.from, classes);

const pointsBack = (fact: Fact): boolean =>
  fact.carried || (fact.generic && fact.mentions.length === 0 && isNobodys(fact, ['auth', 'monitor']));

function isOnlyTrouble({ fact, fields, noise }: Judged): boolean {
  if (!fact.weak) return false;
  return fact.net || isOfVpns(fact)
    ? !noise.suspected && !isTold(fields, 'order')
    : !fact.field.sentenceHas(fact.act.from, 'monitor');
}

/** "VPNs no longer work in Turkmenistan": when all of a kind fail, somebody sees to it. */
const isOfVpns = ({ mentions }: Fact): boolean => mentions.length > 0 && mentions.every((m) => m.id === 'vpn');

/** A site for adults that is out of reach in a text on age checks. */
const isGated = ({ mentions }: Fact, fields: Field[]): boolean =>
  mentions.some((m) => m.category === 'adult') && isTold(fields, 'age');

/** In title or lead. */
const isTold = (fields: Field[], classes: Classes): boolean =>
  fields.some((f) => f.name !== 'body' && f.hasWord(classes));

/** "projeto que proíbe", "a draft order": the word belongs to the bill. */
export const isOfBill = (field: Field, { from, to }: Cue): boolean =>
  field.sentenceHas(from, 'bill', (c) => c.from < from && c.to >= to);
