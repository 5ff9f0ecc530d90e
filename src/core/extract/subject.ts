import type { Cue, Field } from './read.ts';
import { cueAfter, cuesAround, mentionsAround } from './read.ts';
import { GAP, isEnding } from './tokens.ts';

const STATE = new Set(['court', 'order']);
const NOT_OPEN = GAP.open | GAP.quote;

/**
 * Where the verb comes last, who acts stands at the head: a bare name ("Twitter, … hesapları kapattı"),
 * neither in the case of an object nor before the word that marks one, and an active verb behind it.
 */
export function headSubject(field: Field, act: Cue): string | null {
  if (act.cls === 'unblock') return null;
  const around = cuesAround(field, act.from);
  if (!around.some((c) => c.cls === 'active' && c.from <= act.from && c.to >= act.to - 1 && c.to > act.from))
    return null;
  const { from } = field.sentences[field.sentence[act.from]!]!;
  const name = mentionsAround(field, act.from).find((m) => m.from === from && m.category !== 'media');
  if (name === undefined || name.to >= act.from || field.prop[name.from] !== field.prop[act.from]) return null;
  const next = field.tokens[name.to]!;
  if (isEnding(next) || (next.gap & NOT_OPEN) !== 0 || cueAfter(field, name.to, 0, ['objmark', 'and']) !== null)
    return null;
  // "X … by order of the court": the state's doing all the same.
  if (around.some((c) => STATE.has(c.cls) && c.to <= act.from)) return null;
  return name.id;
}
