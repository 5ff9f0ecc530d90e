/** Texts that judge a report to be false, and what speaks against the judge. */
import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { cueBefore, cuesAround } from './read.ts';
import { GAP } from './tokens.ts';

/** Words around a verdict that stands alone: "this is", "it is all". */
const WORDS_BEFORE = 3;
const WORDS_BEHIND = 1;
const PARTS = GAP.clause | GAP.sentence;

/** "X is blocked: false", "Fake: X is blocked", "X is blocked? || That is not true": the verdict at an end of the title, or at the head of the lead. */
export function judgesFalse(title: Field, lead: Field | undefined): boolean {
  if (title.cues.some((c) => c.cls === 'verdict' && (closes(title, c) || opens(title, c)))) return true;
  return (
    lead?.name === 'summary' && lead.cues.some((c) => c.cls === 'verdict' && c.from <= WORDS_BEFORE && stands(lead, c))
  );
}

/** It is the last that is said, behind a colon, a dash or a full stop. */
function closes({ tokens }: Field, { from, to }: Cue): boolean {
  if (tokens.length - to > WORDS_BEHIND) return false;
  for (let i = from; i > 0 && i >= from - WORDS_BEFORE; i--) if ((tokens[i]!.gap & PARTS) !== 0) return true;
  return false;
}

/** It heads what is said, with a colon, a dash or a bracket behind it. */
function opens({ tokens }: Field, { from, to }: Cue): boolean {
  return from <= 1 && to < tokens.length && (tokens[to]!.gap & PARTS) !== 0;
}

/** It ends what is said: "That is false." but not "false reports". */
function stands({ tokens }: Field, { to }: Cue): boolean {
  return to === tokens.length || (tokens[to]!.gap & (PARTS | GAP.comma)) !== 0;
}

/** "The state denies it, but NetBlocks confirms the block": behind the denial, and parted from it, somebody who measures. */
export function isContradicted(field: Field, denial: Cue): boolean {
  const around = cuesAround(field, denial.from);
  const but = around.find((c) => c.cls === 'split' && c.from > denial.from)?.to;
  return around.some(
    (c) => c.cls === 'monitor' && c.from > denial.from && ((but !== undefined && c.from >= but) || isParted(field, c)),
  );
}

/** ", NetBlocks", "and NetBlocks"; the "and" of Arabic is a letter of the word. */
function isParted(field: Field, { from }: Cue): boolean {
  const { gap, w, also } = field.tokens[from]!;
  return (
    (gap & (GAP.comma | GAP.clause)) !== 0 ||
    cueBefore(field, from, REACH.touching, 'and') !== null ||
    (also !== null && /^[وו]/u.test(w))
  );
}
