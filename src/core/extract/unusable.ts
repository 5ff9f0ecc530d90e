import type { Rejected } from './acts.ts';
import type { Fact } from './fact.ts';
import type { Noise } from './noise.ts';
import { stateBefore } from './noise.ts';
import type { Field } from './read.ts';
import { cueBefore } from './read.ts';
import { inSentence } from './scope.ts';
import { GAP, perWord } from './tokens.ts';

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

const TEASER_WORDS = 6;

/** "X Ban: Montana Becomes First State To …" inside a text: a heading that was left in, about something else. */
function isTeaser({ field, act, mentions }: Fact, facts: Fact[]): boolean {
  const s = field.sentences[field.sentence[act.from]!]!;
  if (field.name === 'title' || s.to - s.from < TEASER_WORDS) return false;
  for (let i = s.from; i < s.to; i++) {
    const { cap, w } = field.tokens[i]!;
    if (!cap && (w.length > 3 || perWord(field.tokens[i]!) > 1)) return false;
  }
  const title = facts.filter((f) => f.field.name === 'title' && f.time === 'now').flatMap((f) => f.mentions);
  return title.length > 0 && !mentions.some((m) => title.some((t) => t.id === m.id));
}

/** "joining a list of countries that have blocked it" tells of others. */
const isOthers = ({ field, act }: Fact): boolean => {
  const list = inSentence(field, act.from, 'list');
  if (list === null || list.to > act.from) return false;
  // "As platforms come under scrutiny in several countries, Zambia has blocked X": a subject of its own.
  const own = field.places.find((p) => p.from >= list.to && p.to <= act.from && p.kind !== 'demonym');
  return own === undefined || (field.tokens[own.from]!.gap & GAP.comma) === 0;
};

/** Reasons that say that the text is about something else. */
export const ELSEWHERE = /^(?:an account|an appeal|another object|speaks of|done by)/u;

/** Why a fact is no news by itself, or null. */
export function unusable(fact: Fact, facts: Fact[], fields: Field[], noise: Noise, fallen: Fallen): string | null {
  const { negated, titleFell, titleDenied, own } = fallen;
  if (fact.time === 'past') return 'background';
  if (isOthers(fact)) return 'what others did';
  if (isTeaser(fact, facts)) return 'the headline of another text';
  if (noise.outage) {
    if (fact.down || fact.action === 'shutdown' || (fact.net && fact.action === 'warn')) return 'an outage';
    if (
      fact.act.cls === 'cut' ||
      (fact.action === 'throttle' &&
        (fact.mentions.length === 0 || inSentence(fact.field, fact.act.from, 'outage') !== null))
    )
      return 'an outage';
    // "X down: messages blocked, users say": where nobody governs, what is stuck is stuck.
    if (
      fact.act.cls === 'block' &&
      fact.state === 'now' &&
      !noise.monitored &&
      isDown(fields[0]!) &&
      !fields.some(isGoverned)
    )
      return 'an outage';
    if (
      fact.act.cls === 'unblock' &&
      !facts.some((f) => (f.act.cls === 'block' || f.act.cls === 'restrict') && !f.net && !f.carried)
    ) {
      return 'an outage is over';
    }
  }
  if (fact.down && !noise.suspected && !fact.part && (fact.weak || !isOfVpns(fact))) {
    const backed = facts.some((f) => f !== fact && !f.down && f.state === 'now' && f.action !== 'unblock');
    const around = fields.some((f) => f.mentions.some((m) => m.role === 'means'));
    const ordered = tellsOfOrder(fields);
    // "X is back, Y stays out of reach": one measure.
    const beside =
      fact.still && facts.some((f) => f.field === fact.field && f.action === 'unblock' && f.state === 'now');
    if (!backed && !around && !ordered && !beside && !isGated(fact, fields))
      return 'only down: nobody speaks of a measure';
  }
  // "no ban for now", but the slow-down is extended: that state is told to hold.
  if (fact.field.name !== 'title' && titleDenied && fact.action !== 'unblock' && !fact.still)
    return 'the title says that it is not so';
  // "YouTube bans channels", says the title; "it will ban", the text: still its own doing.
  if (
    fact.field.name !== 'title' &&
    fact.mentions.length > 0 &&
    fact.mentions.every((m) => own.includes(m.id)) &&
    (['auth', 'court', 'order'] as const).every((cls) => inSentence(fact.field, fact.act.from, cls) === null)
  )
    return 'its own doing, as the title says';
  if (isTopic(fact, facts)) return 'the heading of its own end';
  const back =
    fact.carried ||
    (fact.generic &&
      fact.mentions.length === 0 &&
      inSentence(fact.field, fact.act.from, 'auth') === null &&
      inSentence(fact.field, fact.act.from, 'monitor') === null);
  if (back && fact.field.name !== 'title' && titleFell) return 'points back to what is no news';
  if (
    fact.carried &&
    fact.state === 'warn' &&
    !namesOne(fact) &&
    !facts.some((f) => f !== fact && !f.carried && f.time !== 'past')
  )
    return 'a plan about something unnamed';
  // "Massive blackout leaves Cuba in the dark": lamps, where nobody speaks of networks.
  if (fact.bare && fact.act.to - fact.act.from === 1 && !fields.some(isOnline)) return 'nothing of a network';
  if (isBroadcaster(fact, fields)) return 'a broadcaster, not its site';
  if (isStores(fact, fields)) return 'the doing of the store itself';
  if (fact.act.cls === 'legal' && fact.mentions.length === 0 && !(fact.generic && fact.field.name === 'title'))
    return 'a label without a service';
  if (
    fact.weak &&
    !(fact.net || isOfVpns(fact)
      ? noise.suspected || tellsOfOrder(fields)
      : inSentence(fact.field, fact.act.from, 'monitor') !== null)
  ) {
    return 'only trouble: nobody speaks of a measure';
  }
  // "the network is slow", tells the lead, and nobody who would have slowed it.
  if (
    fact.action === 'throttle' &&
    !noise.suspected &&
    fact.net &&
    fact.mentions.length === 0 &&
    fact.field.name !== 'title' &&
    !(['auth', 'monitor', 'order', 'court'] as const).some(
      (cls) => inSentence(fact.field, fact.act.from, cls) !== null,
    ) &&
    !facts.some((f) => f.field.name === 'title' && (f.action === 'throttle' || f.action === 'shutdown') && !f.down)
  )
    return 'only slow: nobody speaks of a measure';
  if ((fact.time === 'soft' && negated) || isDispelled(fact, fallen)) return 'said not to be so';
  return null;
}

/** "VPNs no longer work in Turkmenistan": when all of a kind fail, somebody sees to it. */
const isOfVpns = ({ mentions }: Fact): boolean => mentions.length > 0 && mentions.every((m) => m.id === 'vpn');

/** Taken from a store, or a channel from its platform, in a text that names no authority: they clear their own shelves. */
const isStores = ({ act, field, state, part }: Fact, fields: Field[]): boolean =>
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
const isDispelled = ({ field, act, state }: Fact, { nots }: Fallen): boolean =>
  state === 'warn' &&
  act.cls !== 'legal' &&
  cueBefore(field, act.from, FEARED, 'maybe') !== null &&
  nots.some((r) => r.field === field && r.from >= act.to);
const FEARED = 4;

const isOnline = (f: Field): boolean =>
  f.mentions.length > 0 || f.cues.some((c) => ['net', 'netother', 'social', 'monitor', 'access'].includes(c.cls));

const isDown = (title: Field): boolean => title.cues.some((c) => c.cls === 'down' || c.cls === 'outage');

const isGoverned = (f: Field): boolean =>
  f.name !== 'body' &&
  (f.cues.some((c) => c.cls === 'auth' || c.cls === 'court' || c.cls === 'order') ||
    f.places.some((p) => p.kind === 'authority'));

/** A site for adults that is out of reach in a text on age checks. */
const isGated = ({ mentions }: Fact, fields: Field[]): boolean =>
  mentions.some((m) => m.category === 'adult') &&
  fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'age'));

const tellsOfOrder = (fields: Field[]): boolean =>
  fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'order'));

/** "Malaysia warns X: get a licence or face a ban": who is threatened stands in the sentence. */
const namesOne = ({ field, act }: Fact): boolean =>
  field.name === 'title' &&
  (field.mentions.some((m) => m.role === null && field.sentence[m.from] === field.sentence[act.from]) ||
    (inSentence(field, act.from, 'social') !== null && inSentence(field, act.from, 'threat') !== null));

/** "Social media ban: Sri Lanka restores access": before the colon stands what it is about. */
function isTopic({ field, act, action }: Fact, facts: Fact[]): boolean {
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
function isBroadcaster({ mentions, field, act, generic, action }: Fact, fields: Field[]): boolean {
  if (mentions.length === 0 || generic || action === 'unblock' || mentions.some((m) => m.category !== 'media'))
    return false;
  if (inSentence(field, act.from, 'access') !== null) return false;
  if (act.cls === 'cut') return true;
  const told = (cls: string): boolean => fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === cls));
  return told('broadcast') && !told('access') && !told('social');
}
