/** A field of a text after reading: tokens, sentences, clauses, and what the lexicon knows in it; and how rules look around in it. */
import type { CueClass } from './classes.ts';
import type { Sentence, Token } from './tokens.ts';

export interface Span {
  from: number;
  to: number;
}
export interface Cue extends Span {
  cls: CueClass;
  /** The phrase of the lexicon that found it. */
  phrase: string;
}
export interface Place extends Span {
  code: string;
  kind: 'country' | 'demonym' | 'city' | 'authority';
  /** Its ending says "in". */
  at: boolean;
  /** How surely this is where access changes; below zero: it is not (places.ts). */
  score: number;
}
export interface Mention extends Span {
  id: string;
  category: string;
  everyday: boolean;
  /** Why this mention is no target of the event (roles.ts), or null. */
  role: string | null;
}
export interface Credit extends Span {
  id: string;
}
/** A stretch of a sentence that says one thing: what happens in it, to what, where. */
export interface Clause {
  sentence: number;
  /** Everything that the lexicon knows in it, by first token. */
  cues: Cue[];
  mentions: Mention[];
  places: Place[];
}
/** A rule that fired, for explanations. */
export interface Fired extends Span {
  /** `stage/id`. */
  rule: string;
}
export interface Field {
  name: Sentence['field'];
  text: string;
  tokens: Token[];
  sentences: Sentence[];
  cues: Cue[];
  /** Cues by first token, for quick looks around. */
  cuesAt: Cue[][];
  /** Cues and mentions by sentence. */
  cuesIn: Cue[][];
  mentionsIn: Mention[][];
  places: Place[];
  mentions: Mention[];
  agencies: Credit[];
  /** Countries whose institutions it names by a word that many countries share ("the Senate"). */
  homes: string[];
  /** Sentence and clause of each token. */
  sentence: Int32Array;
  prop: Int32Array;
  clauses: Clause[];
  /** Classes that each sentence holds, as bits (rules.ts). */
  holds: Uint32Array;
  /** Rules that fired, where somebody asked for an explanation. */
  fired: Fired[] | null;
}

/** What the lexicon knows in the sentence of a token. */
export const cuesAround = (field: Field, i: number): Cue[] => field.cuesIn[field.sentence[i]!] ?? [];
export const mentionsAround = (field: Field, i: number): Mention[] => field.mentionsIn[field.sentence[i]!] ?? [];

/** The clause of a token. */
export const clauseOf = (field: Field, i: number): Clause => field.clauses[field.prop[i]!]!;

export const hasCue = (field: Field, i: number, cls: CueClass): boolean =>
  i >= 0 && i < field.tokens.length && field.cuesAt[i]!.some((c) => c.cls === cls);

/** A cue of the class that ends at or covers the token before `i`, at most `reach` tokens away, in the same sentence. */
export function cueBefore(field: Field, i: number, reach: number, cls: CueClass | readonly CueClass[]): Cue | null {
  const sentence = field.sentence[Math.min(i, field.tokens.length - 1)];
  const end = Math.min(i, field.tokens.length);
  for (let k = Math.max(0, i - reach - LONGEST_CUE); k < end; k++) {
    for (const cue of field.cuesAt[k]!) {
      if (cue.to > i || cue.to < i - reach || !isOf(cue, cls)) continue;
      if (field.sentence[cue.from] === sentence) return cue;
    }
  }
  return null;
}
const LONGEST_CUE = 6;

export function cueAfter(field: Field, i: number, reach: number, cls: CueClass | readonly CueClass[]): Cue | null {
  const sentence = field.sentence[Math.max(0, i - 1)];
  const end = Math.min(i + reach + 1, field.tokens.length);
  for (let k = Math.max(0, i); k < end; k++)
    for (const cue of field.cuesAt[k]!) if (isOf(cue, cls) && field.sentence[cue.from] === sentence) return cue;
  return null;
}

const isOf = (cue: Cue, cls: CueClass | readonly CueClass[]): boolean =>
  typeof cls === 'string' ? cue.cls === cls : cls.includes(cue.cls);

/** The place that begins at a token; places are in their order. */
export function placeAt(field: Field, i: number): Place | undefined {
  let low = 0;
  let high = field.places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (field.places[middle]!.from < i) low = middle + 1;
    else high = middle;
  }
  const place = field.places[low];
  return place?.from === i ? place : undefined;
}
