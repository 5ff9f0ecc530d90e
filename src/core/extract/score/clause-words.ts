/** The words of the clause that names a service, and which follows which: they tell what happens where no phrase of the lexicon does. */
import type { Field, Span } from '../read.ts';
import type { Named, Naming } from './candidates.ts';
import { addOnce, type Features, keyOf, mix, startRound, stemKey } from './features.ts';

/** Words on each side, and namings that are looked at. */
const REACH = 14;
const MAX_LOOKS = 2;
const CLAUSE = keyOf('clause');
const START = keyOf('<');
/** All words of a clause together count as much as some few cues. */
const WORD = 0.5;
const PAIR = 0.35;

export function clauseWords(namings: readonly Named<Naming>[], to: Features): void {
  startRound(to);
  let looked = 0;
  for (const { field, spans } of namings)
    for (const { span } of spans) {
      if (looked++ === MAX_LOOKS) return;
      ofClause(field, span, to);
    }
}

function ofClause({ tokens, prop }: Field, span: Span, to: Features): void {
  const own = prop[span.from];
  const first = Math.max(0, span.from - REACH);
  const end = Math.min(tokens.length, span.to + REACH);
  let count = 0;
  for (let i = first; i < end; i++) if (prop[i] === own && (i < span.from || i >= span.to)) count++;
  const share = 1 / Math.sqrt(1 + count / 4);
  let before = START;
  for (let i = first; i < end; i++) {
    if (prop[i] !== own || (i >= span.from && i < span.to)) continue;
    const stem = stemKey(tokens[i]!.w);
    addOnce(to, mix(CLAUSE, stem), WORD * share);
    addOnce(to, mix(CLAUSE, mix(before, stem)), PAIR * share);
    before = stem;
  }
}
