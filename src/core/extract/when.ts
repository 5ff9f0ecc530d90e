/** When an act took place: now, or in what the text tells as background. */
import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround, mentionsAround } from './read.ts';
import { inSentence, isAct, otherActBetween } from './scope.ts';
import type { Sentence } from './tokens.ts';
import { GAP } from './tokens.ts';

export type Time = 'now' | 'soft' | 'past';

export function timeOf(field: Field, act: Cue, lift?: Cue): Time {
  const sentence = field.sentences[field.sentence[act.from]!]!;
  const prop = field.prop[act.from];
  for (const cue of cuesAround(field, act.from)) {
    // "on blocked sites": a quality of the thing, no event.
    if (
      cue.cls === 'attr' &&
      cue.from <= act.from &&
      cue.to >= act.to &&
      cueBefore(field, cue.from, 2, 'still') === null
    )
      return 'past';
    if (cue.cls === 'past' || (cue.cls === 'pluperfect' && !isReported(field, cue))) {
      const beside =
        (cue.to <= act.from && act.from - cue.to <= 2) ||
        (cue.from >= act.to &&
          cue.from - act.to <= 1 &&
          field.prop[cue.from] === prop &&
          (field.tokens[cue.from]!.gap & GAP.comma) === 0);
      if (beside || (cue.from <= act.from && cue.to >= act.to)) return 'past';
      if (field.prop[cue.from] === prop && cue.to <= act.from && !otherActBetween(field, cue.to, act.from))
        return 'past';
      if (cue.from - sentence.from <= 2 && field.name !== 'title') return 'past';
    }
    if (cue.cls === 'lead' && field.name !== 'title' && cue.from - sentence.from <= 1 && !isDay(field, cue.to))
      return 'past';
  }
  if (isOutrun(field, act) || goesOn(field, act)) return 'past';
  const year = field.name === 'title' ? null : bareYear(field, act);
  if (year !== null) return year;
  if (field.name !== 'title' && isDated(field, act)) return 'soft';
  // "Blocking X: can it be done?": a topic, no assertion.
  if (field.name === 'title') {
    const ask = inSentence(field, act.from, 'ask');
    if (ask !== null && ask.from > act.to && field.prop[ask.from] !== prop) return 'soft';
  }
  // "अमल के बाद": languages that say "after" behind what came first.
  const behind = cueAfter(field, act.to, 4, 'afterpost');
  if (behind !== null && field.prop[behind.from] === prop && !otherActBetween(field, act.to, behind.from))
    return 'soft';
  // "Sources on the blocking of X", too.
  const topic = cueBefore(field, act.from, 1, 'about');
  if (topic !== null && cueBefore(field, topic.from, 2, ['say', 'begin']) === null) return 'soft';
  return afterScope(field, act, sentence, lift ?? act) ? 'soft' : 'now';
}

const NEXT_STEP = 8;

const isBack = (cue: Cue): boolean => cue.cls === 'unblock' || cue.cls === 'lift';

const isCut = (cue: Cue): boolean => isAct(cue) && !isBack(cue) && !['legal', 'fail', 'leave'].includes(cue.cls);

/** "was back for two hours before authorities cut it again", "unblocked, only to be blocked": the later step is the news. */
function isOutrun(field: Field, act: Cue): boolean {
  for (const cue of cuesAround(field, act.from)) {
    if (cue.cls !== 'before' || cue.from < act.to || !(isBack(act) || isCut(act))) continue;
    for (let i = cue.from; i < Math.min(cue.to + NEXT_STEP, field.tokens.length); i++)
      if (field.sentence[i] === field.sentence[act.from] && field.cuesAt[i]!.some(isBack(act) ? isCut : isBack))
        return true;
  }
  return false;
}

/** A sentence of the text that opens with "earlier", "the day before": it tells what came first. */
export function isHistory(field: Field, at: number): boolean {
  if (field.name === 'title') return false;
  const { from, to } = field.sentences[field.sentence[at]!]!;
  // "Another country did so in 2020."
  if (from > 0)
    for (let i = from + 1; i < to; i++) if (isYear(field, i) && cueBefore(field, i, 0, 'inyear') !== null) return true;
  return cuesAround(field, at).some(
    (c) => c.cls === 'disclaimer' || ((c.cls === 'past' || c.cls === 'lead') && c.from - from <= 2),
  );
}

/** "Earlier it blocked X. Y was out of reach, too": the sentence behind one of history goes on with it. */
function goesOn(field: Field, act: Cue): boolean {
  const before = field.sentence[act.from]! - 1;
  if (field.name === 'title' || before < 0 || inSentence(field, act.from, 'also') === null) return false;
  return isHistory(field, field.sentences[before]!.from) && inSentence(field, act.from, 'still') === null;
}

/** "confirmed on Tuesday that it had told providers": past of what is said now, no history. */
const isReported = (field: Field, cue: Cue): boolean =>
  cuesAround(field, cue.from).some((c) => c.cls === 'say' && c.to <= cue.from && cue.from - c.to <= 6);

const isDay = (field: Field, i: number): boolean => {
  const w = field.tokens[i]?.w ?? '';
  return /^\d{1,2}(st|nd|rd|th)?$/u.test(w);
};

/** "were limited in August", "has been slow since last month", in the text: what came before. */
function isDated(field: Field, act: Cue): boolean {
  const prop = field.prop[act.from];
  for (const c of cuesAround(field, act.from)) {
    if ((c.cls !== 'month' && c.cls !== 'past') || field.prop[c.from] !== prop) continue;
    // With its day ("May 20", "the 20th of May") it may be this very one.
    const dayed = isYear(field, c.to) || [c.to, c.from - 1, c.from - 2].some((i) => isDay(field, i));
    if (c.cls === 'past' ? c.from < act.to : dayed) continue;
    if (cueBefore(field, c.from, 0, 'inyear') !== null && !isReported(field, c)) return true;
  }
  return false;
}

const isYear = (field: Field, i: number): boolean => /^(?:19|20)\d\d$/u.test(field.tokens[i]?.w ?? '');

/** "in 2022", "2022 yılında". */
export const isDatedYear = (field: Field, i: number): boolean =>
  cueBefore(field, i, 0, 'inyear') !== null ||
  (cueAfter(field, i + 1, 0, 'inyearpost') !== null && !hasComma(field, i + 1));

const hasComma = (field: Field, i: number): boolean => (field.tokens[i]!.gap & GAP.comma) !== 0;

/** "in 2022" with no month or day before it, in the act's proposition: history. */
function bareYear(field: Field, act: Cue): Time | null {
  const prop = field.prop[act.from];
  const from = Math.max(0, act.from - 14);
  const to = Math.min(field.tokens.length, act.to + 14);
  for (let i = from; i < to; i++) {
    if (field.prop[i] !== prop || !/^(?:19|20)\d\d$/u.test(field.tokens[i]!.w)) continue;
    if (isDatedYear(field, i)) return 'past';
    // A month without a day may be this one.
    if (
      cueBefore(field, i, 1, 'month') !== null &&
      !isDay(field, i - 1) &&
      !isDay(field, i - 2) &&
      !isDay(field, i - 3)
    )
      return 'soft';
  }
  return null;
}

/** "Nach dem Putsch sperrt das Militär …", "Wegen der Wahl hat das Regime … gesperrt": the act, or what helps it, is a finite verb. */
const isFiniteVerb = (field: Field, from: number, act: Cue): boolean =>
  cuesAround(field, act.from).some(
    (c) => (c.cls === 'active' && c.from === act.from) || (c.cls === 'finite' && c.from >= from && c.to <= act.to),
  );

const OPENING = 4;

const isFirst = (field: Field, from: number, act: Cue): boolean => {
  for (let i = from; i <= act.from; i++) if ((field.tokens[i]!.gap & GAP.comma) !== 0) return false;
  return !cuesAround(field, act.from).some((c) => isAct(c) && c.cls !== 'lift' && c.to <= act.from);
};

/** What the title begins with, right before "after", is a network, platforms or a service. */
const hasOnline = (field: Field, verb: Cue, after: Cue): boolean =>
  !otherActBetween(field, field.sentences[field.sentence[verb.from]!]!.from, after.from) &&
  (cueBefore(field, after.from, 0, ['net', 'social']) !== null ||
    mentionsAround(field, verb.from).some((m) => m.to === after.from && m.role === null));

/** "after blocking Telegram, …", "… months after restricting it": what follows the word is the older step. */
function afterScope(field: Field, act: Cue, { from, to }: Sentence, verb: Cue): boolean {
  for (const cue of cuesAround(field, act.from)) {
    if (cue.cls !== 'after' || cue.to > act.from || cue.from < from || cue.from >= to) continue;
    if (field.prop[cue.from] !== field.prop[act.from]) continue;
    // "after Facebook, X is blocked, too": one name that came first.
    if (mentionsAround(field, act.from).some((m) => m.from === cue.to && m.role === 'comparison')) continue;
    const holds = cueBefore(field, act.from, 4, 'still');
    if (holds !== null && holds.from >= cue.to) continue;
    // "Hours after the president stepped in access was restored": the main clause, with the first act of the sentence.
    const main = cue.from - from <= OPENING && isFiniteVerb(field, cue.to, verb) && isFirst(field, cue.to, act);
    // "Internet nach Totalausfall wieder verfügbar": in a title without verbs what is back is the news.
    if (field.name === 'title' && verb.cls === 'unblock' && verb.from > cue.to && hasOnline(field, verb, cue)) continue;
    // "The state, following the start of its vote, has blocked …": behind the comma its own verb goes on.
    const resumed = lastComma(field, cue.to + 1, act.from);
    if (field.name !== 'title' && resumed >= 0 && goesOnBehind(field, resumed, act)) continue;
    if (cue.from - from > 1 && !main) return true;

    // At the head of a sentence the scope ends at the first comma behind an act or a name.
    if (resumed >= 0) continue;
    let later = false;
    for (let i = act.to; i < to; i++) if ((field.tokens[i]!.gap & (GAP.comma | GAP.clause)) !== 0) later = true;
    // "Nach den Protesten haben die Behörden …" without a comma: what is far behind is the main clause, and so is a finite verb.
    if (later || (act.from - cue.to <= 6 && !isFiniteVerb(field, cue.to, verb))) return true;
  }
  return false;
}

/** The last token of a stretch that stands behind a comma or a dash; -1 = none does. */
function lastComma(field: Field, from: number, to: number): number {
  let comma = -1;
  for (let i = from; i < to; i++) if ((field.tokens[i]!.gap & (GAP.comma | GAP.clause)) !== 0) comma = i;
  return comma;
}

/** ", has blocked": a verb at once behind the comma whose subject acts itself. */
const goesOnBehind = (field: Field, comma: number, act: Cue): boolean =>
  cuesAround(field, act.from).some(
    (c) => (c.cls === 'active' || c.cls === 'finite') && c.from - comma <= 1 && c.from >= comma && c.to >= act.to,
  );
