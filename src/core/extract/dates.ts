/** Years, days and months around an act, and sentences that tell history. */
import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { clauseOf, cueAfter, cueBefore, cuesAround } from './read.ts';
import { GAP } from './tokens.ts';

/** When an act took place: now, in what the text may tell as background, or in the past. */
export type Time = 'now' | 'soft' | 'past';

/** A sentence of the text that opens with "earlier", "the day before": it tells what came first. */
export function isHistory(field: Field, at: number): boolean {
  if (field.name === 'title') return false;
  const { from, to } = field.sentences[field.sentence[at]!]!;
  // "Another country did so in 2020."
  if (from > 0)
    for (let i = from + 1; i < to; i++)
      if (isYear(field, i) && cueBefore(field, i, REACH.touching, 'inyear') !== null) return true;
  return cuesAround(field, at).some(
    (c) => c.cls === 'disclaimer' || ((c.cls === 'past' || c.cls === 'lead') && c.from - from <= REACH.near),
  );
}

/** "confirmed on Tuesday that it had asked providers": past of what is said now, no history. */
export const isReported = (field: Field, cue: Cue): boolean =>
  cuesAround(field, cue.from).some((c) => c.cls === 'say' && c.to <= cue.from && cue.from - c.to <= 6);

export const isDay = (field: Field, i: number): boolean => {
  const w = field.tokens[i]?.w ?? '';
  return /^\d{1,2}(st|nd|rd|th)?$/u.test(w);
};

/** "were limited in August", "has been slow since last month", in the text: what came before. */
export function isDated(field: Field, act: Cue): boolean {
  for (const c of clauseOf(field, act.from).cues) {
    if (c.cls !== 'month' && c.cls !== 'past') continue;
    // With its day ("May 20", "the 20th of May") it may be this very one.
    const dayed = isYear(field, c.to) || [c.to, c.from - 1, c.from - 2].some((i) => isDay(field, i));
    if (c.cls === 'past' ? c.from < act.to : dayed) continue;
    if (cueBefore(field, c.from, REACH.touching, 'inyear') !== null && !isReported(field, c)) return true;
  }
  return false;
}

export const isYear = (field: Field, i: number): boolean => /^(?:19|20)\d\d$/u.test(field.tokens[i]?.w ?? '');

/** "in 2022", "2022 yılında". */
export const isDatedYear = (field: Field, i: number): boolean =>
  cueBefore(field, i, REACH.touching, 'inyear') !== null ||
  (cueAfter(field, i + 1, REACH.touching, 'inyearpost') !== null && !hasComma(field, i + 1));

const hasComma = (field: Field, i: number): boolean => (field.tokens[i]!.gap & GAP.comma) !== 0;

/** "in 2022" with no month or day before it, in the act's proposition: history. */
export function bareYear(field: Field, act: Cue): Time | null {
  const prop = field.prop[act.from];
  const from = Math.max(0, act.from - 14);
  const to = Math.min(field.tokens.length, act.to + 14);
  for (let i = from; i < to; i++) {
    if (field.prop[i] !== prop || !isYear(field, i)) continue;
    if (isDatedYear(field, i)) return 'past';
    // A month without a day may be this one.
    if (
      cueBefore(field, i, REACH.beside, 'month') !== null &&
      !isDay(field, i - 1) &&
      !isDay(field, i - 2) &&
      !isDay(field, i - 3)
    )
      return 'soft';
  }
  return null;
}
