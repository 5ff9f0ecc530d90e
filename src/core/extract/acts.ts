/** Every act of a field, from its words to the fact that it tells, or to the reason why it tells none. */
import { type Objects, objectsOf } from './about.ts';
import { hitsAccount, isStatesDoing } from './account.ts';
import { ACT, type Acting } from './act-rules.ts';
import { actor, headSubject } from './agent.ts';
import type { Fact, Setting } from './fact.ts';
import { lifts } from './lifts.ts';
import { moodOf } from './mood.ts';
import { hitsOther } from './other-object.ts';
import type { Cue, Field } from './read.ts';
import { clauseOf, hasCue } from './read.ts';
import type { Ground, Mood, Reason, Rejected } from './reasons.ts';
import { firstOf } from './rules.ts';
import { inSentence, isAct } from './scope.ts';
import { GAP } from './tokens.ts';
import { namesUnknown } from './unknown.ts';
import { cutFact, unblockFact } from './verdict.ts';
import { timeOf } from './when.ts';

/** A text that tells more than this tells nothing. */
const MAX_ACTS = 100;

export function factsOf(field: Field, setting: Setting, rejected: Rejected[]): Fact[] {
  const facts: Fact[] = [];
  const used = new Set<Cue>();
  const unblocks = lifts(field, used);
  let count = 0;
  for (const act of field.cues) {
    // A lift is read with the ban that it lifts.
    if (!isAct(act) || act.cls === 'lift' || used.has(act)) continue;
    if (++count > MAX_ACTS) break;
    const out = readAct({ field, act, lift: unblocks.get(act), setting });
    if ('why' in out) rejected.push({ field, from: act.from, to: act.to, as: act.cls, ...out });
    else facts.push(out);
  }
  return facts;
}

type Refusal = Pick<Rejected, 'why' | 'by'>;

/** The fact, or why it is none. */
function readAct(at: Acting): Fact | Refusal {
  const { field, act, setting } = at;
  const aside = firstOf(ACT, at, field, act);
  if (aside !== null) return { why: aside.effect };
  const rules: Ground[] = [];
  const objects = objectsOf(field, act);
  if (objects.carried && setting.online && act.cls !== 'legal' && namesUnknown(field, act)) {
    objects.carried = false;
    objects.generic = true;
    objects.unknown = true;
    rules.push('unknown-name');
  }
  if (hitsAccount(field, act)) {
    // "X withholds 2,000 accounts on the order of": a part of it, for all who read there.
    if (!isStatesDoing(field, act)) return { why: 'account' };
    objects.part = true;
  }
  if (hitsOther(at, objects)) return { why: 'other-object' };
  const subject = ownDoer(at);
  if (subject !== null) return { why: 'own-doing', by: subject };
  const out = say(at, objects, rules);
  return typeof out === 'string' ? { why: out } : out;
}

/** The service that does it by itself, or null. */
function ownDoer({ field, act, setting }: Acting): string | null {
  const subject = actor(field, act) ?? (setting.verbFinal && !setting.judged ? headSubject(field, act) : null);
  if (subject === null || (setting.aged && setting.placed)) return null;
  const bidden =
    act.cls === 'delist' ? setting.ordered || setting.governed : inSentence(field, act.from, 'order') !== null;
  // "TikTok restores service in the US after the ban": what a state had cut comes back.
  const back = act.cls === 'unblock' && setting.banned && field.places.length > 0;
  return bidden || back ? null : subject;
}

/** How and when it is said to be so. */
function say(at: Acting, objects: Objects, rules: Ground[]): Fact | Reason {
  const { field, act, lift, setting } = at;
  const lifting = lift !== undefined || act.cls === 'unblock';
  const time = timeOf(field, act, lift);
  const mood = openMood(at, moodOf({ field, act: lift ?? act, habits: setting, lifting }), lifting);
  // "denies that X will be unblocked": the ban stays.
  if (mood === 'denied' && !lifting) return 'denied';
  const asked = field.name === 'title' && isQuestion(field, act);
  // "X soon banned? Parliament debates a bill": asked, and on its way.
  const debated = asked && !lifting && setting.billed && (objects.mentions.length > 0 || objects.generic);
  if (((asked && !debated) || mood === 'asked') && (!lifting || (asked && mood === 'asserted'))) return 'asked';
  const standing = { ...at, objects, time, rules };
  if (lifting) return unblockFact({ ...standing, mood });
  if (mood === 'negated') return time === 'past' ? 'background' : 'negated';
  if (mood === 'appeal') return 'appeal';
  return cutFact({ ...standing, mood: debated ? 'planned' : mood });
}

/** "X is down for millions. When does it open?": asked, so it has not. */
const openMood = ({ field, act }: Acting, mood: Mood, lifting: boolean): Mood =>
  lifting && mood === 'asserted' && field.name === 'summary' && isQuestion(field, act) ? 'asked' : mood;

/**
 * Asked. "X is blocked; will Y be next?": a semicolon parts what is said from what is asked. Behind a colon or a dash, too, where a verb said it:
 * "Blocking X: can it be done?" is asked as a whole.
 */
function isQuestion(field: Field, act: Cue): boolean {
  const sentence = field.sentences[field.sentence[act.from]!]!;
  if (!sentence.question) return false;
  const said = !hasCue(field, act.from, 'noun') && clauseOf(field, act.from).mentions.length > 0;
  for (let i = act.to; i < sentence.to; i++) {
    if ((field.tokens[i]!.gap & GAP.clause) !== 0 && (said || isSemicolon(field, i))) return false;
    if (opensQuestion(field, i)) return false;
  }
  return true;
}

/** "X bloqueó Y: ¿será Z?": where the language marks the beginning of what it asks. */
const opensQuestion = (field: Field, i: number): boolean => field.text.charAt(field.tokens[i]!.start - 1) === '¿';

const isSemicolon = (field: Field, i: number): boolean =>
  /[;；؛]/u.test(field.text.slice(field.tokens[i - 1]?.end ?? 0, field.tokens[i]!.start));
