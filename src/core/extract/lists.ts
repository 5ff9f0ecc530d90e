/** Names that stand in one list share what is said of any of them. */
import { REACH } from './distances.ts';
import type { Field, Mention } from './read.ts';
import { cueBefore } from './read.ts';
import { GAP, isEnding, isJoinedByLetter } from './tokens.ts';

const LONGEST_AND = 4;

/** Two mentions in one list: nothing but a comma or "and" between them. */
export function beside(field: Field, a: Mention, b: Mention): boolean {
  const [left, right] = a.from < b.from ? [a, b] : [b, a];
  const end = endOf(field, left);
  const between = right.from - end;
  // Where every letter is a token, "and" is several.
  if (between < 0 || between > LONGEST_AND) return false;
  const and = cueBefore(field, right.from, REACH.touching, 'and');
  if (and !== null && and.from === end) return true;
  if (between > 1) return false;
  const { gap } = field.tokens[right.from]!;
  if (between === 0)
    return (gap & (GAP.comma | GAP.clause)) !== 0 || gap === GAP.none || isJoinedByLetter(field.tokens[right.from]!);
  return and !== null;
}

/** "RT-a i Sputnika": an ending behind a hyphen belongs to the name. */
function endOf(field: Field, { to }: Mention): number {
  const next = field.tokens[to];
  return next !== undefined && isEnding(next) ? to + 1 : to;
}

const SPREADS = new Set(['comparison', 'rival', 'means', 'channel']);

/** "After X, Y: a second one is blocked": two names parted by a comma are no list. */
function endsOpening(field: Field, i: number): boolean {
  const m = field.mentions[i]!;
  const before = field.mentions[i - 1]!;
  let last = i;
  while (last + 1 < field.mentions.length && beside(field, field.mentions[last]!, field.mentions[last + 1]!)) last++;
  const closed = ((field.tokens[field.mentions[last]!.to]?.gap ?? 0) & GAP.comma) !== 0;
  return (
    !closed &&
    m.from === before.to &&
    field.tokens[m.from]!.gap !== GAP.space &&
    before.from <= 1 &&
    cueBefore(field, before.from, REACH.touching, ['after', 'like']) !== null
  );
}

/** What holds of the first of a list holds of the rest: "by analogy with Instagram and Facebook". */
export function spreadLists(field: Field): void {
  for (let i = 1; i < field.mentions.length; i++) {
    const m = field.mentions[i]!;
    const before = field.mentions[i - 1]!;
    const role = before.role;
    if (
      m.role === null &&
      role !== null &&
      SPREADS.has(role) &&
      beside(field, before, m) &&
      !(role === 'comparison' && endsOpening(field, i))
    )
      m.role = role;
  }
}
