import { gapTo, isDisclaimer, namesApp, objectsOf } from './about.ts';
import { hasOtherObject, hitsAccount, isStatesDoing } from './account.ts';
import { actor, headSubject } from './agent.ts';
import type { Fact, Setting } from './fact.ts';
import { moodOf } from './mood.ts';
import { hitsService, isBidden, namesSite } from './noise.ts';
import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround } from './read.ts';
import { inSentence, isAct } from './scope.ts';
import { GAP } from './tokens.ts';
import { namesUnknown } from './unknown.ts';
import { cutFact, unblockFact } from './verdict.ts';
import { timeOf } from './when.ts';

export interface Rejected {
  field: Field;
  from: number;
  to: number;
  as: string;
  why: string;
}

/** A text that tells more than this tells nothing. */
const MAX_ACTS = 100;
/** Sentences that hold one of these speak of something else (each a class of config/lexicon). */
const ASIDE = [
  'device',
  'parental',
  'adblock',
  'feature',
  'competition',
  'lawblock',
  'broadcast',
  'vpnad',
  'company',
] as const;

export function factsOf(field: Field, setting: Setting, rejected: Rejected[]): Fact[] {
  const facts: Fact[] = [];
  const used = new Set<Cue>();
  const unblocks = lifts(field, used);
  let count = 0;
  for (const act of field.cues) {
    // A lift is read with the ban that it lifts.
    if (!isAct(act) || act.cls === 'lift' || used.has(act)) continue;
    if (++count > MAX_ACTS) break;
    const lifted = unblocks.get(act);
    const fact = readAct(field, act, lifted, setting, rejected);
    if (fact !== null) facts.push(fact);
  }
  return facts;
}

/** "lifts" makes the nearest "ban" of its proposition an unblock: ban cue → lift cue. */
function lifts(field: Field, used: Set<Cue>): Map<Cue, Cue> {
  const out = new Map<Cue, Cue>();
  for (const lift of field.cues) {
    if (lift.cls !== 'lift') continue;
    let best: Cue | null = null;
    let least = 14;
    for (const cue of cuesAround(field, lift.from)) {
      if (!['block', 'restrict', 'shutdown', 'cut', 'throttle'].includes(cue.cls) || used.has(cue)) continue;
      if (field.prop[cue.from] !== field.prop[lift.from]) continue;
      // "suspends the ban": the lifting word itself is no cut.
      if (cue.cls === 'cut' && cue.from >= lift.from && cue.to <= lift.to) {
        used.add(cue);
        continue;
      }
      const distance = gapTo(lift, cue);
      if (distance >= least) continue;
      if (hasOtherObject(field, lift, cue) || isNoBan(field, lift, cue) || isOccasion(field, lift, cue)) continue;
      least = distance;
      best = cue;
    }
    if (best !== null && !out.has(best)) out.set(best, lift);
  }
  return out;
}

/** "the network cut after the autonomy was revoked": what came first lifts nothing that follows from it. */
const isOccasion = (field: Field, lift: Cue, ban: Cue): boolean => {
  const after = ban.to <= lift.from ? cueBefore(field, lift.from, 1, 'after') : null;
  return after !== null && after.from >= ban.to;
};

/** "removes banned content", "goes dark, removed from stores", "orders a page removed or the site will be blocked": no ban is removed. */
const isNoBan = (field: Field, lift: Cue, ban: Cue): boolean =>
  cuesAround(field, ban.from).some(
    (c) =>
      ((c.cls === 'attr' || c.cls === 'threat') && c.from <= ban.from && c.to >= ban.to) ||
      (c.cls === 'delist' && c.from <= lift.from && c.to >= lift.to && (ban.from >= c.to || ban.to <= c.from)),
  );

/** "a law to block X": what is to do it is not what it hits. */
const isTool = (field: Field, act: Cue, other: Cue): boolean => {
  const to = other.to <= act.from ? cueBefore(field, act.from, 0, 'inf') : null;
  if (to !== null && to.from === other.to) return true;
  // "a bill would ban"
  const would = other.to <= act.from ? cueBefore(field, act.from, 0, ['modal', 'will']) : null;
  return (
    (would !== null && would.from <= other.to && would.to === act.from) ||
    (other.to <= act.from &&
      cuesAround(field, act.from).some((c) => c.cls === 'bill' && c.from <= other.from && c.to >= act.to))
  );
};

/** "goes offline as protests spread": what opens the circumstances names no object. */
const isBeside = (field: Field, act: Cue, other: Cue): boolean =>
  other.from >= act.to &&
  cuesAround(field, act.from).some((c) => c.cls === 'circumstance' && c.from >= act.to && c.to <= other.from);

/** "access to the account of a journalist is barred": where the verb comes last, the part stands right before it. */
const isNearerPart = (field: Field, act: Cue, other: Cue): boolean =>
  other.to <= act.from &&
  cuesAround(field, act.from).some((c) => c.cls === 'func' && c.from >= other.to && c.to <= act.from);

/** Asked. "X is blocked; will Y be next?": a semicolon parts what is told from what is asked. */
function isQuestion(field: Field, act: Cue): boolean {
  const sentence = field.sentences[field.sentence[act.from]!]!;
  if (!sentence.question) return false;
  for (let i = act.to; i < sentence.to; i++)
    if ((field.tokens[i]!.gap & GAP.clause) !== 0 && isSemicolon(field, i)) return false;
  return true;
}

const isSemicolon = (field: Field, i: number): boolean =>
  /[;；؛]/u.test(field.text.slice(field.tokens[i - 1]?.end ?? 0, field.tokens[i]!.start));

function readAct(field: Field, act: Cue, lift: Cue | undefined, setting: Setting, rejected: Rejected[]): Fact | null {
  const reject = (why: string): null => {
    rejected.push({ field, from: act.from, to: act.to, as: act.cls, why });
    return null;
  };
  // A site that leaves over an age check limits a place; any other leaves by its own choice.
  if (act.cls === 'leave' && !setting.aged) return reject('leaves by its own choice');
  // "remains open": nothing that comes back.
  if (
    act.cls === 'unblock' &&
    cuesAround(field, act.from).some((c) => c.cls === 'remain' && c.from <= act.from && c.to >= act.to)
  )
    return reject('it was never cut');
  for (const cls of ASIDE) {
    const cue = inSentence(field, act.from, cls);
    if (cue === null || (cls === 'company' && (setting.aged || isBidden(field, cue)))) continue;
    if (cls === 'lawblock' && hitsService(field, cue)) continue;
    // A channel taken off the air is television; a messenger beside it is not.
    if ((cls === 'broadcast' || cls === 'feature') && namesApp(field, act)) continue;
    if (cls === 'broadcast' && namesSite(field, cue)) continue;
    return reject(`speaks of something else: ${cls}`);
  }
  // Named undesirable in the headline is the news itself.
  const isNews =
    field.name === 'title' && act.cls === 'legal' && field.mentions.some((m) => m.to <= act.from && m.from <= 2);
  if (!isNews && isDisclaimer(field, act)) return reject('legal disclaimer');
  const rules: string[] = [];
  const objects = objectsOf(field, act);
  if (objects.carried && setting.online && act.cls !== 'legal' && namesUnknown(field, act)) {
    objects.carried = false;
    objects.generic = true;
    objects.unknown = true;
    rules.push('a name that the catalogue lacks');
  }
  if (hitsAccount(field, act)) {
    // "X withholds 2,000 accounts on the order of": a part of it, for all who read there.
    if (!isStatesDoing(field, act)) return reject('an account, not the public');
    objects.part = true;
  }
  const distance = objects.nearest;
  const reach = objects.carried ? 2 : 3;
  const inside = cuesAround(field, act.from).find(
    (c) => c.cls === 'other' && act.cls !== 'shutdown' && c.from > act.from && c.to < act.to,
  );
  const other = inside ?? cueAfter(field, act.to, reach, 'other') ?? cueBefore(field, act.from, reach, 'other');
  if (
    act.cls !== 'legal' &&
    !(act.cls === 'unblock' && objects.net) &&
    other !== null &&
    !(objects.part && cueAfter(field, other.from, 0, 'account') !== null) &&
    (inside !== undefined || gapTo(act, other) < distance) &&
    !isTool(field, act, other) &&
    // "in contact over the lifting of a ban"
    !(lift !== undefined && other.to <= lift.from && lift.to <= act.from) &&
    !isBeside(field, act, other) &&
    !(setting.verbFinal && isNearerPart(field, act, other)) &&
    field.prop[other.from] === field.prop[act.from]
  )
    return reject('another object');
  const subject = actor(field, act) ?? (setting.verbFinal && !setting.judged ? headSubject(field, act) : null);
  const bidden =
    act.cls === 'delist' ? setting.ordered || setting.governed : inSentence(field, act.from, 'order') !== null;
  // "TikTok restores service in the US after the ban": what a state had cut comes back.
  const back = act.cls === 'unblock' && setting.banned && field.places.length > 0;
  if (subject !== null && !bidden && !back && !(setting.aged && setting.placed)) {
    return reject(`done by ${subject} itself`);
  }
  const time = timeOf(field, act, lift);
  const lifting = lift !== undefined || act.cls === 'unblock';
  const told = moodOf(field, lift ?? act, setting, lifting);
  // "X is down for millions. When does it open?": asked, so it has not.
  const open = lifting && told === 'asserted' && field.name === 'summary' && isQuestion(field, act);
  const mood = open ? 'asked' : told;
  // "denies that X will be unblocked": the ban stays.
  if (mood === 'denied' && !lifting) return reject('denied');
  const asked = field.name === 'title' && isQuestion(field, act);
  // "X soon banned? Parliament debates a bill": asked, and on its way.
  const debated = asked && !lifting && setting.billed && objects.mentions.length + (objects.generic ? 1 : 0) > 0;
  if ((asked && !debated) || mood === 'asked') {
    if (lift === undefined && act.cls !== 'unblock') return reject('asked');
    if (asked && mood === 'asserted') return reject('asked');
  }
  if (lift !== undefined || act.cls === 'unblock')
    return unblockFact(field, act, lift, objects, mood, time, setting, reject, rules);
  if (mood === 'negated') return reject(time === 'past' ? 'background' : 'negated');
  if (mood === 'appeal') return reject('an appeal');
  return cutFact(field, act, objects, debated ? 'planned' : mood, time, setting, reject, rules);
}
