import { functionOf, isPart, type Objects, objectsOf } from './about.ts';
import { gapTo } from './beside.ts';
import type { Acting, Fact, Ground, Mood, Reason, Rejected, Setting, Standing } from './fact.ts';
import { type Cue, type Field, isAct, REACH, endsBy, within } from './field.ts';
import { draftOf, tensed } from './rules/act.ts';
import { classSet } from './rules/classes.ts';
import { actor, isByState, isFuture, moodOf } from './rules/mood.ts';
import { timeOf } from './rules/when.ts';
import { GAP } from './text/tokens.ts';

/** Tokens between an act and the accounts that it hits, where a number opens what it hits. */
const COUNTED = 5;

/** "blocks the account of", "banned over 23 lakh Indian users"; but "cuts off X after accounts were hacked" names its object first. */
function hitsAccount(field: Field, act: Cue): boolean {
  const before = field.cueBefore(act.from, 'account', REACH.close);
  // "if it does not hand over the accounts, access will be barred": the comma ends the condition.
  if (before !== null && !(hasCondition(field, before.from) && field.isParted(before.to, act.from))) return true;
  // "gets his account back"
  for (let i = act.from + 1; i < act.to - 1; i++) if (field.hasCue(i, 'account')) return true;
  const from = field.cueAfter(act.to, 'access')?.to ?? act.to;
  const account = isCounted(field, from)
    ? field.cueAfter(from, ['account', 'people'], COUNTED)
    : field.cueAfter(from, 'account', REACH.close);
  if (account === null) return false;
  return !field.sentenceHas(act.from, 'after', (c) => c.from > act.to && c.to <= account.from);
}

const hasCondition = (field: Field, at: number): boolean => field.sentenceHas(at, 'cond', endsBy(at));

/** "withholds accounts on the order of a court", "Moldova blocks hundreds of accounts": a state's doing, not the house rules. */
const isStatesDoing = (field: Field, act: Cue): boolean =>
  field.sentenceHas(act.from, 'order') ||
  (field.name === 'title' &&
    field.places.some((p) => p.to === act.from && p.kind !== 'city' && p.kind !== 'demonym') &&
    // "freezes the accounts of a firm": money, where the name is no platform that people have accounts on.
    field.mentions.some((m) => PUBLISHING.has(m.category)));
const PUBLISHING = new Set(['social', 'messenger', 'video']);

/** "30 …", "over 2.3 million …". */
function isCounted(field: Field, i: number): boolean {
  const count = field.cuesAt[i]?.find((c) => c.cls === 'count');
  return /^\d/u.test(field.tokens[count?.to ?? i]?.w ?? '');
}

/** A verb of lifting that has accounts, posts or the like for its object ("removed the accounts of") lifts no ban that stands elsewhere. */
function hasOtherObject(field: Field, lift: Cue, ban: Cue): boolean {
  // "removed it from the air and blocked its site": two verbs.
  const and = field.cueBefore(ban.from, 'and');
  if (and !== null && and.from > lift.to) return true;
  for (let i = lift.to; i <= lift.to + REACH.close; i++) {
    if (ban.from >= lift.to && i >= ban.from) return false;
    if (field.hasCue(i, ['account', 'channel', 'content'])) return true;
  }
  return false;
}

/** Which word lifts which ban. */

/** What a word may lift. */
const BANNABLE = classSet('bannable');
/** Words between "lifts" and "ban". */
const LIFT_REACH = 14;

/** "lifts" makes the nearest "ban" of its proposition an unblock: ban cue → lift cue. */
function lifts(field: Field, used: Set<Cue>): Map<Cue, Cue> {
  const out = new Map<Cue, Cue>();
  for (const lift of field.cues) {
    if (lift.cls !== 'lift') continue;
    let best: Cue | null = null;
    let least = LIFT_REACH;
    for (const cue of field.clauseOf(lift.from).cues) {
      if (!BANNABLE.has(cue.cls) || used.has(cue)) continue;
      // "suspends the ban": the lifting word itself is no cut.
      if (cue.cls === 'cut' && cue.from >= lift.from && cue.to <= lift.to) {
        used.add(cue);
        continue;
      }
      const distance = gapTo(lift, cue);
      if (distance >= least) continue;
      if (hasOtherObject(field, lift, cue) || isNoBan(field, lift, cue)) continue;
      least = distance;
      best = cue;
    }
    if (best !== null && !out.has(best)) out.set(best, lift);
  }
  return out;
}

/** "removes banned content", "goes dark, removed from stores", "orders a page removed or the site will be blocked": no ban is removed. */
const isNoBan = (field: Field, lift: Cue, ban: Cue): boolean =>
  field.covering(ban, ['attr', 'threat']) !== undefined ||
  field.sentenceHas(
    ban.from,
    'delist',
    (c) => c.from <= lift.from && c.to >= lift.to && (ban.from >= c.to || ban.to <= c.from),
  );

/** An act that hits something else than access: "blocks imports", "restores trust". */

function hitsOther({ field, act, lift, setting }: Acting, objects: Objects): boolean {
  if (act.cls === 'legal' || (act.cls === 'unblock' && objects.net)) return false;
  const reach = objects.carried ? 2 : 3;
  const inside = field
    .cuesAround(act.from)
    .find((c) => c.cls === 'other' && act.cls !== 'shutdown' && c.from > act.from && c.to < act.to);
  const other = inside ?? field.cueAfter(act.to, 'other', reach) ?? field.cueBefore(act.from, 'other', reach);
  if (other === null || !field.sameClause(other, act)) return false;
  // "officials threaten a ban": who rules is not what is hit.
  if (other.to <= act.from && inside === undefined && field.hasCue(other.from, 'auth')) return false;
  if (inside === undefined && gapTo(act, other) >= objects.nearest) return false;
  if (objects.part && field.hasAfter(other.from, 'account')) return false;
  // "in contact over the lifting of a ban"
  if (lift !== undefined && other.to <= lift.from && lift.to <= act.from) return false;
  return (
    !isTool(field, act, other) &&
    !isBeside(field, act, other) &&
    !(setting.verbFinal && isNearerPart(field, act, other))
  );
}

/** "a law to block X": what is to do it is not what it hits. */
const isTool = (field: Field, act: Cue, other: Cue): boolean => {
  const to = other.to <= act.from ? field.cueBefore(act.from, 'inf') : null;
  if (to !== null && to.from === other.to) return true;
  // "a bill would ban"
  const would = other.to <= act.from ? field.cueBefore(act.from, ['modal', 'will']) : null;
  return (
    (would !== null && would.from <= other.to && would.to === act.from) ||
    (other.to <= act.from && field.sentenceHas(act.from, 'bill', (c) => c.from <= other.from && c.to >= act.to))
  );
};

/** "goes offline as protests spread": what opens the circumstances names no object. */
const isBeside = (field: Field, act: Cue, other: Cue): boolean =>
  other.from >= act.to && field.sentenceHas(act.from, 'circumstance', within(act.to, other.from));

/** "access to the account of a journalist is barred": where the verb comes last, the part stands right before it. */
const isNearerPart = (field: Field, act: Cue, other: Cue): boolean =>
  other.to <= act.from && field.sentenceHas(act.from, 'func', within(other.to, act.from));

/** What shows that a text speaks of sites: an address ("grani.ru"), or a name like RuTracker among letters that are not Latin. */
export const SITE =
  /[\p{L}\p{N}]{2}\.(?:com|org|net|info|press|media|news|live|app|[a-z]{2}|рф)(?![\p{L}\p{N}])|[\u0400-\u04ff\u0600-\u06ff] «?[A-Z][a-z]+[A-Z][a-z]/u;

/** In a title written Like This a capital says nothing. */
const MOSTLY = 0.6;

/**
 * The act hits something by a name that the catalogue lacks: "blocks access to Groza", "LiveJournal is still blocked", "blocks grani.ru".
 * Only what looks like the name of a site or an app: behind "access to" any name, else one with a dot or a capital inside.
 */
function namesUnknown(field: Field, act: Cue): boolean {
  const access = field.cueAfter(act.to, 'access', REACH.beside) ?? field.cueBefore(act.from, 'access', REACH.beside);
  // "blocks access to the Garissa mosque": a name of something else.
  const other = access === null ? null : field.cueAfter(access.to, 'other', REACH.close);
  if (access !== null && (other === null || !inSame(field, act, other.from))) {
    for (let i = access.to; i < Math.min(access.to + REACH.close, field.tokens.length); i++) {
      if (!inSame(field, act, i)) break;
      if (isSiteName(field, i) || (isName(field, i) && !isHeadlineCase(field))) return true;
      // "blocks access to Groza": the first name in any case.
      if (i === access.to && isName(field, i) && field.cuesAt[i]!.length === 0) return true;
    }
  }
  for (let i = act.to; i < Math.min(act.to + REACH.close, field.tokens.length) && inSame(field, act, i); i++)
    if (isSiteName(field, i)) return true;
  for (let i = act.from - 1; i >= Math.max(0, act.from - REACH.close - 1) && inSame(field, act, i); i--)
    if (isSiteName(field, i)) return true;
  return false;
}

const inSame = (field: Field, act: Cue, i: number): boolean => field.prop[i] === field.prop[act.from];

function isName(field: Field, i: number): boolean {
  const { cap, w } = field.tokens[i]!;
  return cap && w.length > 2 && !isKnown(field, i);
}

const isKnown = (field: Field, i: number): boolean =>
  field.cuesAt[i]!.length > 0 ||
  field.places.some((p) => p.from <= i && i < p.to) ||
  field.mentions.some((m) => m.from <= i && i < m.to) ||
  field.agencies.some((a) => a.from <= i && i < a.to);

/** "LiveJournal", "grani.ru". */
function isSiteName(field: Field, i: number): boolean {
  if (isKnown(field, i)) return false;
  const { start, end, cap } = field.tokens[i]!;
  // "заблокировал «Эхо Москвы»"
  if (cap && field.text[start - 1] === '«') return true;
  const next = field.tokens[i + 1];
  if (next !== undefined && next.gap === GAP.none && field.text[end] === '.' && /^\p{L}{2,}$/u.test(next.w))
    return !field.mentions.some((m) => m.from <= i + 1 && i + 1 < m.to);
  return /^\p{Lu}\p{Ll}+\p{Lu}\p{Ll}/u.test(field.text.slice(start, end));
}

const isHeadlineCase = (field: Field): boolean =>
  field.name === 'title' && field.tokens.filter((t) => t.cap).length > field.tokens.length * MOSTLY;

/** From an act as it stands to the fact that it tells, or to the reason why it tells none. */

const UNSAID = { part: false, bare: false, down: false, weak: false, gradual: false, threat: false };

function base({ field, act, objects, time, rules }: Standing): Fact {
  const { nearest: _nearest, ...hit } = objects;
  return {
    action: 'block',
    state: 'now',
    time,
    ...hit,
    ...UNSAID,
    still: holds(field, act),
    full: isPart(field, act, 'full'),
    field,
    act,
    rules,
  };
}

/** "still blocked", "extends the shutdown", "remains cut off", "blocked again". */
const holds = (field: Field, act: Cue): boolean =>
  field.hasBefore(act.from, 'still', REACH.phrase) ||
  field.hasAfter(act.to, 'still', REACH.close) ||
  // "blocked again": the phrase may be wider than the act.
  field.covering(act, 'still') !== undefined ||
  field.sentenceHas(act.from, 'still', within(act.from, act.to));

function cutFact(at: Standing): Fact | Reason {
  return at.act.cls === 'legal' ? legalFact(at) : tensed(draftOf(at, base(at)));
}

function legalFact(at: Standing): Fact | Reason {
  const { field, act, mood, objects, rules } = at;
  const fact = base(at);
  const billed = mood === 'planned' && (field.sentenceHas(act.from, 'bill') || isByState(field, act));
  if (mood !== 'asserted' && mood !== 'ordered' && mood !== 'threatened' && !billed) return mood;
  // "Indonesia warns platforms: register or …"
  if (objects.carried && field.name === 'title' && field.sentenceHas(act.from, 'social')) {
    fact.carried = false;
    fact.generic = true;
  }
  rules.push('label');
  return { ...fact, action: 'warn', state: 'warn' };
}

function unblockFact(at: Standing): Fact | Reason {
  const { field, act, lift, mood, setting, rules } = at;
  if (mood === 'appeal') return 'appeal';
  const clock = isClocked(field, act);
  const future = isFuture(field, lift ?? act, setting) && !clock && !field.sentenceHas(act.from, 'timed');
  if ((mood !== 'asserted' && !(mood === 'planned' && clock)) || future) {
    rules.push(`held-${future ? 'future' : mood}`);
    return heldFact(at);
  }
  const fact = base(at);
  fact.gradual = isPart(field, act, 'partial');
  rules.push(lift === undefined ? 'back' : 'lifted');
  return { ...fact, action: 'unblock' };
}

/** What was to be lifted is in force. */
function heldFact(at: Standing): Fact {
  const { field, act, objects } = at;
  const network = objects.net && objects.mentions.length === 0;
  // "to lift the ban on calls soon": a part is what stays cut.
  const part = isPart(field, act, 'func') || functionOf(field, act, objects.mentions);
  const action = network ? 'shutdown' : part ? 'restrict' : 'block';
  return { ...base(at), action, part: part && !network, state: 'held' };
}

/** "at 3pm", "by 10 am": the hour is given. */
function isClocked(field: Field, act: Cue): boolean {
  const { from, to } = field.sentenceOf(act.from);
  for (let i = from; i < to; i++) {
    const { w } = field.tokens[i]!;
    if (/^\d{1,2}[ap]m$/u.test(w) || (/^\d{1,2}$/u.test(w) && /^[ap]m$/u.test(field.tokens[i + 1]?.w ?? '')))
      return true;
  }
  return false;
}

/** Every act of a field, from its words to the fact that it tells, or to the reason why it tells none. */

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
  // A site that leaves over an age check limits a place; any other leaves by its own choice.
  if (act.cls === 'leave' && !setting.aged) return { why: 'leaves' };
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
  const subject = actor(field, act);
  if (subject === null || (setting.aged && setting.placed)) return null;
  const bidden = act.cls === 'delist' ? setting.ordered || setting.governed : field.sentenceHas(act.from, 'order');
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
  const sentence = field.sentenceOf(act.from);
  if (!sentence.question) return false;
  const said = !field.hasCue(act.from, 'noun') && field.clauseOf(act.from).mentions.length > 0;
  for (let i = act.to; i < sentence.to; i++) {
    if (field.gapAt(i, GAP.clause) && (said || isSemicolon(field, i))) return false;
    if (opensQuestion(field, i)) return false;
  }
  return true;
}

/** "X bloqueó Y: ¿será Z?": where the language marks the beginning of what it asks. */
const opensQuestion = (field: Field, i: number): boolean => field.text.charAt(field.tokens[i]!.start - 1) === '¿';

const isSemicolon = (field: Field, i: number): boolean =>
  /[;；؛]/u.test(field.text.slice(field.tokens[i - 1]?.end ?? 0, field.tokens[i]!.start));
