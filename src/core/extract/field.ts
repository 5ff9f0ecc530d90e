import type { Action } from '../model/incident.ts';
import { type CueClass, classSet } from './rules/classes.ts';
import { GAP, type Sentence, type Token } from './text/tokens.ts';

export interface Span {
  from: number;
  to: number;
}
export interface Cue extends Span {
  cls: CueClass;
  /** The class as a feature (score/features.ts), and what an act of it says by itself. */
  key: number;
  says: Action | undefined;
  /** The phrase of the lexicon that found it, and how many letters go beyond it. */
  phrase: string;
  slack: number;
  /** Which classes it competes with (lexicon.ts). */
  group: number;
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

/** A field of a text after reading: tokens, sentences, clauses, what the lexicon knows in it; and how rules look around in it. */
export class Field {
  readonly name: Sentence['field'];
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly sentences: readonly Sentence[];
  cues: Cue[] = [];
  /** Cues by first token, for quick looks around. */
  readonly cuesAt: Cue[][];
  /** Cues and mentions by sentence. */
  readonly cuesIn: Cue[][];
  readonly mentionsIn: Mention[][];
  readonly places: Place[] = [];
  readonly mentions: Mention[] = [];
  readonly agencies: Credit[] = [];
  /** Countries whose institutions it names by a word that many countries share ("the Senate"). */
  readonly homes: string[] = [];
  /** Sentence and clause of each token. */
  readonly sentence: number[];
  readonly prop: number[];
  clauses: Clause[] = [];
  /** Rules that fired, where somebody asked for an explanation. */
  readonly fired: Fired[] | null;

  constructor(
    { name, text, explain }: { name: Sentence['field']; text: string; explain: boolean },
    tokens: readonly Token[],
    sentences: readonly Sentence[],
  ) {
    this.name = name;
    this.text = text;
    this.tokens = tokens;
    this.sentences = sentences;
    // Most words begin no phrase: they share one empty list.
    this.cuesAt = filled(tokens.length, NO_CUES);
    this.cuesIn = sentences.map(() => []);
    this.mentionsIn = sentences.map(() => []);
    this.sentence = filled(tokens.length, 0);
    this.prop = filled(tokens.length, 0);
    this.fired = explain ? [] : null;
    for (const [n, { from, to }] of sentences.entries()) this.sentence.fill(n, from, to);
  }

  /** The words of a stretch, as they are written. */
  textOf({ from, to }: Span): string {
    return to > from ? this.text.slice(this.tokens[from]!.start, this.tokens[to - 1]!.end) : '';
  }

  /** What the lexicon knows in the sentence of a token. */
  cuesAround(i: number): Cue[] {
    return this.cuesIn[this.sentence[i]!] ?? [];
  }

  mentionsAround(i: number): Mention[] {
    return this.mentionsIn[this.sentence[i]!] ?? [];
  }

  /** The clause of a token. */
  clauseOf(i: number): Clause {
    return this.clauses[this.prop[i]!]!;
  }

  sentenceOf(i: number): Sentence {
    return this.sentences[this.sentence[i]!]!;
  }

  sameSentence(a: Span, b: Span): boolean {
    return this.sentence[a.from] === this.sentence[b.from];
  }

  /** Do both stand in one clause? */
  sameClause(a: Span, b: Span): boolean {
    return this.prop[a.from] === this.prop[b.from];
  }

  /** Does it hold a cue of the class, there? */
  hasWord(cls: Classes, there: Where = anywhere): boolean {
    return hasOne(this.cues, cls, there);
  }

  /** Does the sentence of a token? */
  sentenceHas(i: number, cls: Classes, there: Where = anywhere): boolean {
    return hasOne(this.cuesAround(i), cls, there);
  }

  /** Does the clause of a token? */
  clauseHas(i: number, cls: Classes, there: Where = anywhere): boolean {
    return hasOne(this.clauseOf(i).cues, cls, there);
  }

  /** Does a cue of the class begin at a token? */
  hasCue(i: number, cls: Classes, there: Where = anywhere): boolean {
    return hasOne(this.cuesAt[i] ?? NO_CUES, cls, there);
  }

  /** The first cue of the class in the sentence of a token. */
  inSentence(i: number, cls: Classes): Cue | null {
    return this.cuesAround(i).find((cue) => isOf(cue, cls)) ?? null;
  }

  /** A cue of the class whose phrase covers a stretch. */
  covering({ from, to }: Span, cls: Classes): Cue | undefined {
    return this.cuesAround(from).find((c) => isOf(c, cls) && c.from <= from && c.to >= to);
  }

  /** A cue of the class that ends at or covers the token before `i`, at most `reach` tokens away, in the same sentence. */
  cueBefore(i: number, cls: Classes, reach: number = REACH.touching): Cue | null {
    const sentence = this.sentence[Math.min(i, this.tokens.length - 1)];
    const end = Math.min(i, this.tokens.length);
    for (let k = Math.max(0, i - reach - LONGEST_CUE); k < end; k++) {
      for (const cue of this.cuesAt[k]!) {
        if (cue.to > i || cue.to < i - reach || !isOf(cue, cls)) continue;
        if (this.sentence[cue.from] === sentence) return cue;
      }
    }
    return null;
  }

  /** A cue of the class that begins at the token `i`, or at most `reach` tokens behind it, in the sentence of the token before. */
  cueAfter(i: number, cls: Classes, reach: number = REACH.touching): Cue | null {
    const sentence = this.sentence[Math.max(0, i - 1)];
    const end = Math.min(i + reach + 1, this.tokens.length);
    for (let k = Math.max(0, i); k < end; k++)
      for (const cue of this.cuesAt[k]!) if (isOf(cue, cls) && this.sentence[cue.from] === sentence) return cue;
    return null;
  }

  hasBefore(i: number, cls: Classes, reach?: number): boolean {
    return this.cueBefore(i, cls, reach) !== null;
  }

  hasAfter(i: number, cls: Classes, reach?: number): boolean {
    return this.cueAfter(i, cls, reach) !== null;
  }

  /** The place that begins at a token; places are in their order. */
  placeAt(i: number): Place | undefined {
    let low = 0;
    let high = this.places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.places[middle]!.from < i) low = middle + 1;
      else high = middle;
    }
    const place = this.places[low];
    return place?.from === i ? place : undefined;
  }

  /** Does one of these gaps stand before a token? */
  gapAt(i: number, gaps: number): boolean {
    return ((this.tokens[i]?.gap ?? 0) & gaps) !== 0;
  }

  /** Before a token of the stretch, its ends included? */
  isParted(from: number, to: number, gaps: number = GAP.comma): boolean {
    for (let i = from; i <= to; i++) if (this.gapAt(i, gaps)) return true;
    return false;
  }

  /** Does an act but a limit begin at a token of the stretch and of the clause? */
  actBetween(from: number, to: number, prop: number): boolean {
    for (let i = from; i < to; i++)
      if (this.prop[i] === prop && this.otherActBetween(i, i + 1, ['restrict'])) return true;
    return false;
  }

  /** Does any act begin at a token of the stretch, but those of the classes? */
  otherActBetween(from: number, to: number, but: readonly CueClass[] = []): boolean {
    for (let i = from; i < to; i++) if (this.cuesAt[i]!.some((c) => isAct(c) && !but.includes(c.cls))) return true;
    return false;
  }

  /** "to stop the spread of fake news": what a measure is against says nothing about the report. */
  isPrevented({ from, to }: Cue): boolean {
    return this.hasBefore(from, 'prevent', REACH.phrase) || this.hasAfter(to, 'prevent', REACH.close);
  }
}

export const NO_CUES: Cue[] = [];
/** For the tokens of one field a plain array costs less to make than a typed one. */
export function filled<T>(length: number, value: T): T[] {
  const out: T[] = [];
  for (let i = 0; i < length; i++) out.push(value);
  return out;
}
const LONGEST_CUE = 6;

/** One class, or any of several. */
export type Classes = CueClass | readonly CueClass[] | ReadonlySet<CueClass>;

const isOf = ({ cls }: Cue, wanted: Classes): boolean =>
  typeof wanted === 'string' ? cls === wanted : 'has' in wanted ? wanted.has(cls) : wanted.includes(cls);

/** Which of several cues are meant, by where they stand. */
type Where = (cue: Cue) => boolean;
const anywhere: Where = () => true;
/** Before whatever begins at a token. */
export const endsBy =
  (at: number) =>
  ({ to }: Span): boolean =>
    to <= at;
/** Inside the tokens [first, end). */
export const within =
  (first: number, end: number) =>
  ({ from, to }: Span): boolean =>
    from >= first && to <= end;
function hasOne(cues: readonly Cue[], cls: Classes, there: Where): boolean {
  if (typeof cls === 'string') for (const cue of cues) if (cue.cls === cls && there(cue)) return true;
  if (typeof cls !== 'string') for (const cue of cues) if (isOf(cue, cls) && there(cue)) return true;
  return false;
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
