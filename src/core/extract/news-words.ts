/** What shows that a fact is no news by itself. */
import type { CueClass } from './classes.ts';
import type { Fact } from './fact.ts';
import type { Field } from './read.ts';
import { cueBefore } from './read.ts';
import type { Rejected } from './reasons.ts';
import { inSentence } from './scope.ts';
import { stateBefore } from './state-words.ts';
import { GAP } from './tokens.ts';

/** "joining a list of countries that have blocked it" tells of others. */
export const isOthers = ({ field, act }: Fact): boolean => {
  const list = inSentence(field, act.from, 'list');
  if (list === null || list.to > act.from) return false;
  // "As platforms come under scrutiny in several countries, Zambia has blocked X": a subject of its own.
  const own = field.places.find((p) => p.from >= list.to && p.to <= act.from && p.kind !== 'demonym');
  return own === undefined || (field.tokens[own.from]!.gap & GAP.comma) === 0;
};

/** "VPNs no longer work in Turkmenistan": when all of a kind fail, somebody sees to it. */
export const isOfVpns = ({ mentions }: Fact): boolean => mentions.length > 0 && mentions.every((m) => m.id === 'vpn');

/** Taken from a store, or a channel from its platform, in a text that names no authority: they clear their own shelves. */
export const isStores = ({ act, field, state, part }: Fact, fields: Field[]): boolean =>
  act.cls === 'delist' &&
  state === 'now' &&
  !(field.name === 'title' && stateBefore(field, act.from)) &&
  (part || inSentence(field, act.from, 'appstore') !== null) &&
  !field.places.some((p) => p.to === act.from && p.kind !== 'demonym') &&
  !fields.some(
    (f) =>
      f.places.some((p) => p.kind === 'authority') ||
      f.cues.some((c) => c.cls === 'auth' || c.cls === 'court' || c.cls === 'order' || c.cls === 'threat'),
  );

/** "Fears of a block of X; ministry says that it will not be": what is feared, and behind it the answer. */
export const isDispelled = ({ field, act, state }: Fact, nots: readonly Rejected[]): boolean =>
  state === 'warn' &&
  act.cls !== 'legal' &&
  cueBefore(field, act.from, FEARED, 'maybe') !== null &&
  nots.some((r) => r.field === field && r.from >= act.to);
const FEARED = 4;

export const isOnline = (f: Field): boolean =>
  f.mentions.length > 0 || f.cues.some((c) => ['net', 'netother', 'social', 'monitor', 'access'].includes(c.cls));

export const hasWord = ({ cues }: Field, classes: readonly CueClass[]): boolean =>
  cues.some((c) => classes.includes(c.cls));

const isGoverned = (f: Field): boolean =>
  f.name !== 'body' &&
  (f.cues.some((c) => c.cls === 'auth' || c.cls === 'court' || c.cls === 'order') ||
    f.places.some((p) => p.kind === 'authority'));

/** No state, court or order stands in the text. */
export const isUngoverned = (fields: Field[]): boolean => !fields.some(isGoverned);

/** A site for adults that is out of reach in a text on age checks. */
export const isGated = ({ mentions }: Fact, fields: Field[]): boolean =>
  mentions.some((m) => m.category === 'adult') &&
  fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'age'));

export const tellsOfOrder = (fields: Field[]): boolean =>
  fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'order'));

/** "Social media ban: Sri Lanka restores access": before the colon stands what it is about. */
export function isTopic({ field, act, action }: Fact, facts: Fact[]): boolean {
  if (field.name !== 'title' || action === 'unblock') return false;
  return facts.some((f) => {
    const back = f.action === 'unblock';
    // "Internet-Sperre: Türkei blockiert Wikipedia": one word for a site and for the network.
    const site = act.cls === 'shutdown' && act.from === 0 && f.action === 'block' && f.mentions.length > 0;
    if (f.field !== field || !(back || site) || f.state !== 'now' || f.act.from < act.to) return false;
    for (let i = act.to; i <= f.act.from; i++) if ((field.tokens[i]!.gap & GAP.colon) !== 0) return true;
    return false;
  });
}

/** "Mali suspends RFI", "bans RT … from the airwaves": programmes are cut, unless the text speaks of a site or of access. */
export function isBroadcaster({ mentions, field, act, generic, action }: Fact, fields: Field[]): boolean {
  if (mentions.length === 0 || generic || action === 'unblock' || mentions.some((m) => m.category !== 'media'))
    return false;
  if (inSentence(field, act.from, 'access') !== null) return false;
  if (act.cls === 'cut') return true;
  const has = (cls: CueClass): boolean => fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === cls));
  return has('broadcast') && !has('access') && !has('social');
}
