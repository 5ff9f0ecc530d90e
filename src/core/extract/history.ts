/** Titles and leads that by their form tell history: years in brackets, a span of years, a definition. */
import type { Field } from './read.ts';
import { isAct } from './scope.ts';
import { GAP } from './tokens.ts';

/** "The blocking of X in Y — a process of …", under the same words as title: the page of an encyclopedia. */
export function isDefinition(title: Field, summary: Field | undefined): boolean {
  const words = title.tokens;
  if (words.length < 2 || summary?.name !== 'summary' || summary.tokens.length <= words.length) return false;
  if (!words.every((t, i) => t.w === summary.tokens[i]!.w)) return false;
  let i = words.length;
  const opens = (summary.tokens[i]!.gap & GAP.open) !== 0;
  if (opens) while (i < summary.tokens.length && (summary.tokens[i]!.gap & GAP.close) === 0) i++;
  const gap = summary.tokens[i]?.gap ?? 0;
  return (
    /[—–-]/u.test(summary.text.slice(summary.tokens[i - 1]!.end, summary.tokens[i]?.start)) && (gap & GAP.clause) !== 0
  );
}

/** "From 2017 to 2020 the site was blocked", under a title that tells no lift: history. */
export function spansYears(title: Field, lead: Field | undefined): boolean {
  if (lead?.name !== 'summary' || title.cues.some((c) => c.cls === 'unblock' || c.cls === 'lift')) return false;
  const years = lead.tokens.flatMap(({ w }, i) => (lead.sentence[i] === 0 && /^(?:19|20)\d\d$/u.test(w) ? [i] : []));
  return years.some((i, n) => {
    const next = years[n + 1];
    if (next === undefined || next - i > SPAN || lead.tokens[next]!.w <= lead.tokens[i]!.w) return false;
    return lead.cues.some((c) => c.cls === 'rangeto' && c.from > i && c.to <= next);
  });
}
const SPAN = 6;

/** Of our calendar, or of the Persian one. */
const YEAR = /^(?:1[34]|19|20)\d\d$/u;
const IN_BRACKETS = 3;

/**
 * "Internet shutdown in Kashmir (2019–2021)", "Blocking of X (since 2018)": the heading of a chronicle. A month or a day beside the year dates a
 * report, and a title with a verb that acts tells one.
 */
export function bracketsYears({ tokens, cues, cuesAt }: Field): boolean {
  if (cues.some((c) => c.cls === 'active')) return false;
  for (let i = 1; i < tokens.length; i++) {
    if ((tokens[i]!.gap & GAP.open) === 0) continue;
    let years = 0;
    let end = i;
    for (; end < tokens.length && end - i < IN_BRACKETS && (end === i || (tokens[end]!.gap & GAP.close) === 0); end++) {
      if (YEAR.test(tokens[end]!.w)) years++;
      else if (/\d/u.test(tokens[end]!.w) || cuesAt[end]!.some((c) => c.cls === 'month')) return false;
    }
    if (years > 0 && (end === tokens.length || (tokens[end]!.gap & GAP.close) !== 0)) return true;
  }
  return false;
}

/** "Blocking of X in Y, 2012 to 2016": two years beside each other head a chronicle, unless somebody acts or what holds is drawn out. */
export function rangesYears({ tokens, cues }: Field): boolean {
  if (cues.some((c) => c.cls === 'active' || c.cls === 'still' || c.cls === 'unblock')) return false;
  const years = tokens.flatMap(({ w }, i) => (YEAR.test(w) ? [i] : []));
  return years.some((i, n) => {
    const next = years[n + 1];
    return next !== undefined && next - i <= BESIDE && tokens[i]!.w < tokens[next]!.w;
  });
}
const BESIDE = 2;

/** "The blocking of X is the practice of …": told in the title, or at the head of the lead before anything is done. */
export function defines(title: Field, lead: Field | undefined): boolean {
  const told = (field: Field): boolean =>
    field.cues.some(
      (c) =>
        c.cls === 'define' &&
        field.sentence[c.from] === 0 &&
        c.from > 0 &&
        !field.cues.some((a) => a.cls === 'active' && a.from < c.from) &&
        field.cues.some((a) => isAct(a) && a.from < c.from),
    );
  return told(title) || (lead?.name === 'summary' && told(lead));
}
