import { type CueClass, classSet } from './rules/classes.ts';
import { GAP, type Sentence, type Token } from './text/tokens.ts';

/** A field of a text after reading: tokens, sentences, clauses, and what the lexicon knows in it; and how rules look around in it. */

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
  /** How surely this is where access changes; below zero: it is not (names.ts). */
  score: number;
}
export interface Mention extends Span {
  id: string;
  category: string;
  everyday: boolean;
  /** Why this mention is no target of the event (names.ts), or null. */
  role: string | null;
}
interface Credit extends Span {
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
interface Fired extends Span {
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
  /** Classes that each sentence holds, as bits (rules/table.ts). */
  holds: Uint32Array;
  /** Rules that fired, where somebody asked for an explanation. */
  fired: Fired[] | null;
}

/** What the lexicon knows in the sentence of a token. */
export const cuesAround = (field: Field, i: number): Cue[] => field.cuesIn[field.sentence[i]!] ?? [];
export const mentionsAround = (field: Field, i: number): Mention[] => field.mentionsIn[field.sentence[i]!] ?? [];

/** The clause of a token. */
export const clauseOf = (field: Field, i: number): Clause => field.clauses[field.prop[i]!]!;

/** Does a cue of the class begin at a token? */
export const hasCue = (field: Field, i: number, cls: Classes): boolean =>
  field.cuesAt[i]?.some((c) => isOf(c, cls)) === true;

/** One class, or any of several. */
export type Classes = CueClass | readonly CueClass[] | ReadonlySet<CueClass>;

const isOf = ({ cls }: Cue, wanted: Classes): boolean =>
  typeof wanted === 'string' ? cls === wanted : 'has' in wanted ? wanted.has(cls) : wanted.includes(cls);

/** A cue of the class that ends at or covers the token before `i`, at most `reach` tokens away, in the same sentence. */
export function cueBefore(field: Field, i: number, reach: number, cls: Classes): Cue | null {
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

export function cueAfter(field: Field, i: number, reach: number, cls: Classes): Cue | null {
  const sentence = field.sentence[Math.max(0, i - 1)];
  const end = Math.min(i + reach + 1, field.tokens.length);
  for (let k = Math.max(0, i); k < end; k++)
    for (const cue of field.cuesAt[k]!) if (isOf(cue, cls) && field.sentence[cue.from] === sentence) return cue;
  return null;
}

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

/** How far words may stand from each other and still belong together, counted in the words between. The settings that all rules share; what one rule alone has, stands beside it. */

export const REACH = {
  /** Nothing between. */
  touching: 0,
  /** One word: an article, an adverb. */
  beside: 1,
  /** Two: an article and an adjective. */
  near: 2,
  /** Three: a name with its article and kind. */
  close: 3,
  /** Four: a phrase. */
  phrase: 4,
  /** Five: a phrase that runs on. */
  long: 5,
  /** A word governs an act so many words behind it, where nothing else happens between. */
  governs: 20,
} as const;

/** Where a language puts the words that govern a verb. */
export interface Habits {
  verbFinal: boolean;
  freeOrder: boolean;
  /** A court stands in the text: who is "ordered to restore" has not yet. */
  judged: boolean;
}

/** How far behind an act a word may stand that governs it: in most languages, with free order, where the verb comes last. -1: not behind it. */
interface Behind {
  plain: number;
  free: number;
  last: number;
}
const BEHIND = {
  threat: { plain: -1, free: -1, last: 4 },
  must: { plain: 0, free: 0, last: 6 },
  demand: { plain: 0, free: 0, last: 4 },
  bill: { plain: 0, free: 0, last: 4 },
  modal: { plain: 2, free: 5, last: 8 },
  will: { plain: 1, free: 3, last: 6 },
  ask: { plain: 4, free: 4, last: 4 },
  order: { plain: 4, free: 4, last: 4 },
} as const satisfies Record<string, Behind>;
export type Governing = keyof typeof BEHIND;

export const behindOf = (cls: Governing, { verbFinal, freeOrder }: Habits): number =>
  BEHIND[cls][verbFinal ? 'last' : freeOrder ? 'free' : 'plain'];

/** A negation behind the verb. */
export const negatedBehind = ({ verbFinal, freeOrder }: Habits): number =>
  freeOrder ? REACH.phrase : verbFinal ? REACH.near : REACH.beside;

/** What belongs to one sentence or clause, for all who ask how an act stands in it. */

/** Cue classes that tell what happens to something. */
export const ACTS = classSet('acts');
/** With those that need a ban, a law or an age check beside them. */
const ALL_ACTS: ReadonlySet<CueClass> = new Set([...ACTS, 'legal', 'leave']);

export const isAct = (cue: Cue): boolean => ALL_ACTS.has(cue.cls);

export function actBetween(field: Field, from: number, to: number, prop: number): boolean {
  for (let i = from; i < to; i++) {
    if (field.prop[i] !== prop) continue;
    for (const cue of field.cuesAt[i]!) if (isAct(cue) && cue.cls !== 'restrict') return true;
  }
  return false;
}

/** The first cue of the class in the sentence of a token. */
export const inSentence = (field: Field, at: number, cls: Classes): Cue | null =>
  cuesAround(field, at).find((cue) => isOf(cue, cls)) ?? null;

/** A cue of the class whose phrase covers a stretch. */
export const covering = (field: Field, { from, to }: Span, cls: Classes): Cue | undefined =>
  cuesAround(field, from).find((c) => isOf(c, cls) && c.from <= from && c.to >= to);

/** Cues of the class in a field. */
export const hasWord = ({ cues }: Field, cls: Classes): boolean => cues.some((c) => isOf(c, cls));

/** Does one of these gaps stand before a token of the stretch, its ends included? */
export function isParted(field: Field, from: number, to: number, gaps: number = GAP.comma): boolean {
  for (let i = from; i <= to; i++) if ((field.tokens[i]!.gap & gaps) !== 0) return true;
  return false;
}

/** Do both stand in one clause? */
export const sameClause = ({ prop }: Field, a: Span, b: Span): boolean => prop[a.from] === prop[b.from];

/** "to stop the spread of fake news": what a measure is against says nothing about the report. */
export const isPrevented = (field: Field, cue: Cue): boolean =>
  cueBefore(field, cue.from, REACH.phrase, 'prevent') !== null ||
  cueAfter(field, cue.to, REACH.close, 'prevent') !== null;

export function otherActBetween(field: Field, from: number, to: number): boolean {
  for (let i = from; i < to; i++) for (const cue of field.cuesAt[i]!) if (isAct(cue)) return true;
  return false;
}
