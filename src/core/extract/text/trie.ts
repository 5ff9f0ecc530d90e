import { GAP, type Token, tokenise } from './tokens.ts';

/** How many letters a word may have behind a stem: none, some (inflection, not another word), any. */
export type Reach = 0 | 4 | 99;
const OPEN = [4, 99] as const;

/** Where a stem leads, and how many letters the word has beyond it. */
interface Found {
  readonly to: number;
  readonly left: number;
}
const NONE: readonly Found[] = [];

/** 2^16 bits: the largest languages fill a third of them. */
const FILTER_WORDS = 1 << 11;
/** A step: two hashes, and where it leads. */
const STEP = 3;
/** Fuller than this, much is looked for in vain. */
const FULL = 0.7;
const PRIMES = [0x01000193, 0x5bd1e995] as const;
const SPREAD = 0x9e3779b1 | 0;

/** The same letters have another hash from each place. */
const begun = (from: number, prime: number): number => Math.imul(from + 1, SPREAD) ^ prime;
function hashed(from: number, stem: string, prime: number): number {
  let h = begun(from, prime);
  for (let i = 0; i < stem.length; i++) h = Math.imul(h ^ stem.charCodeAt(i), prime);
  return h;
}
const bitOf = (h: number): number => (h ^ (h >>> 15)) & (32 * FILTER_WORDS - 1);
/** The same of a whole word. */
const wholeOf = (h: number): number => bitOf(Math.imul(h, SPREAD));

/** The same, with room for so many numbers. */
function roomy(array: Int32Array<ArrayBuffer>, n: number): Int32Array<ArrayBuffer> {
  if (n <= array.length) return array;
  const larger = new Int32Array(2 * n);
  larger.set(array);
  return larger;
}

/**
 * From a place, which is a number, by the letters of a stem to another, which is no 0. A language has some ten thousand of them and a bot reads sixty languages, so
 * each is three numbers: two hashes stand for place and letters, and two pairs share both once in 2^64. A word is read letter by letter, no part of it is
 * copied, and mostly it is given up after two or three, since no stem begins so.
 */
export class Stems {
  private steps = new Int32Array(8 * STEP);
  private count = 0;
  /** Where steps end, and of stems that leave something open also what they begin with: few words pass, and what it says of the others is near. */
  private readonly filter = new Uint32Array(FILTER_WORDS);

  /** Where just these letters with this reach lead; 0 = nowhere. */
  to(from: number, stem: string, reach: Reach): number {
    const { steps } = this;
    const h = hashed(from, stem, PRIMES[0]);
    if (reach === 0 && !this.passes(wholeOf(h))) return 0;
    const a = (h + reach) | 0;
    let at = this.home(a);
    // The other hash is made where the first is met: mostly it is not.
    while (steps[at + 2] !== 0 && (steps[at] !== a || steps[at + 1] !== hashed(from, stem, PRIMES[1])))
      at = (at + STEP) % steps.length;
    return steps[at + 2]!;
  }

  /** A new one. */
  add(from: number, stem: string, reach: Reach, to: number): void {
    if (++this.count * STEP > this.steps.length * FULL) this.holdFor(2 * this.count);
    this.put((hashed(from, stem, PRIMES[0]) + reach) | 0, hashed(from, stem, PRIMES[1]), to);
    const mark = (bit: number): void => void (this.filter[bit >>> 5]! |= 1 << (bit & 31));
    if (reach === 0) return mark(wholeOf(hashed(from, stem, PRIMES[0])));
    let h = begun(from, PRIMES[0]);
    for (let i = 0; i < stem.length; i++) mark(bitOf((h = Math.imul(h ^ stem.charCodeAt(i), PRIMES[0]))));
    mark(bitOf(~(h + reach)));
  }

  private passes(bit: number): boolean {
    return (this.filter[bit >>> 5]! & (1 << (bit & 31))) !== 0;
  }

  /** All that leave something open, that a word begins with and that reach to its end, the shortest first. */
  of(from: number, w: string): readonly Found[] {
    const { steps } = this;
    let found: Found[] | null = null;
    let a = begun(from, PRIMES[0]);
    let b = begun(from, PRIMES[1]);
    for (let n = 1; n <= w.length; n++) {
      const letter = w.charCodeAt(n - 1);
      a = Math.imul(a ^ letter, PRIMES[0]);
      b = Math.imul(b ^ letter, PRIMES[1]);
      if (!this.passes(bitOf(a))) break;
      const left = w.length - n;
      for (const reach of OPEN) {
        if (left > reach || !this.passes(bitOf(~(a + reach)))) continue;
        const to = steps[this.at((a + reach) | 0, b) + 2]!;
        if (to !== 0) (found ??= []).push({ to, left });
      }
    }
    return found ?? NONE;
  }

  private home(a: number): number {
    return Math.floor(((Math.imul(a ^ (a >>> 15), SPREAD) >>> 0) / 2 ** 32) * (this.steps.length / STEP)) * STEP;
  }

  /** Where a step stands, or would. */
  private at(a: number, b: number): number {
    const { steps } = this;
    let at = this.home(a);
    while (steps[at + 2] !== 0 && (steps[at] !== a || steps[at + 1] !== b)) at = (at + STEP) % steps.length;
    return at;
  }

  private put(a: number, b: number, to: number): void {
    const at = this.at(a, b);
    this.steps[at] = a;
    this.steps[at + 1] = b;
    this.steps[at + 2] = to;
  }

  /** Nothing is added for now: no more memory than it takes. */
  settle(): void {
    this.holdFor(this.count);
  }

  private holdFor(count: number): void {
    const before = this.steps;
    this.steps = new Int32Array(Math.ceil((count + 1) / FULL) * STEP);
    for (let i = 0; i < before.length; i += STEP)
      if (before[i + 2] !== 0) this.put(before[i]!, before[i + 1]!, before[i + 2]!);
  }
}

export interface Match<T> {
  value: T;
  /** Tokens [from, to). */
  from: number;
  to: number;
  /** Letters beyond the stems: the exact word beats the stem of another. */
  slack: number;
}

const MAX_ALTERNATIVES = 400;
/** A phrase of more words is never looked for, nor one of more letters where each is a token. */
const MAX_ELEMENTS = 13;
const MAX_PHRASE = 48;
const GAP_WORDS = 3;
const LONG_GAP = 7;
const APART = GAP.comma | GAP.clause | GAP.sentence;
/** What leads on from a place: a word, stems, a gap of up to three words, one of up to seven. The rest of its number is its first value. */
const BY_WORD = 1;
const BY_STEM = 2;
const BY_GAP = 4;
const BY_WIDE_GAP = 8;
const LEADS = 4;
const VALUE = 3;

export function expand(phrase: string): string[] {
  let done: string[] = [''];
  let rest = phrase;
  while (rest !== '') {
    const open = rest.indexOf('(');
    const close = open < 0 ? -1 : rest.indexOf(')', open);
    if (open < 0 || close < 0) {
      done = done.map((d) => d + rest);
      break;
    }
    const head = rest.slice(0, open);
    const options = rest.slice(open + 1, close).split('|');
    if (done.length * options.length > MAX_ALTERNATIVES) return [];
    done = done.flatMap((d) => options.map((o) => d + head + o));
    rest = rest.slice(close + 1);
  }
  return done.map((d) => d.replace(/\s+/gu, ' ').trim()).filter((d) => d !== '');
}

/**
 * Phrases over tokens. A phrase is words parted by spaces: `word` as it stands, `stem*` with any ending, `stem~` with a short ending
 * (up to four letters: inflection, not another word), `=Word` with exactly these capitals, `..` up to three words between, `...` up to seven,
 * `(a|b|)` one of these. Scripts without spaces need none.
 */
export class Trie<T> {
  private readonly stems = new Stems();
  /** By place; the first is where all phrases begin. */
  private places = new Int32Array(8);
  private last = 0;
  /** Three numbers a value: which of `given`, which of `cased`, and the next value of the same place. The first is none. */
  private values = new Int32Array(8 * VALUE);
  private readonly given: T[] = [];
  /** What minds capitals, as it is written; words where any will do are empty. The first minds none. */
  private readonly cased: string[] = [''];
  private isSettled = false;
  size = 0;

  add(phrase: string, value: T): void {
    if (this.given.length === 0 || this.given.at(-1) !== value) this.given.push(value);
    for (const one of expand(phrase)) this.addOne(one);
  }

  private addOne(phrase: string): void {
    let at = 0;
    const cased: string[] = [];
    const elements = phrase.split(' ');
    if (elements.length > MAX_ELEMENTS) return;
    for (const element of elements) {
      if (element === '..' || element === '...') {
        at = this.onward(at, element, 0, element === '..' ? BY_GAP : BY_WIDE_GAP);
        continue;
      }
      const exactCase = element.startsWith('=');
      const bare = exactCase ? element.slice(1) : element;
      const reach = bare.endsWith('*') ? 99 : bare.endsWith('~') ? 4 : 0;
      const { tokens } = tokenise(reach > 0 ? bare.slice(0, -1) : bare);
      for (const [k, { w, start, end }] of tokens.entries()) {
        const open = k === tokens.length - 1 ? reach : 0;
        at = this.onward(at, w, open, open > 0 ? BY_STEM : BY_WORD);
        cased.push(exactCase ? bare.slice(start, end) : '');
      }
    }
    if (at === 0 || cased.length > MAX_PHRASE) return;
    const value = ++this.size;
    this.isSettled = false;
    this.values = roomy(this.values, VALUE * (value + 1));
    this.values[VALUE * value] = this.given.length - 1;
    if (cased.some((word) => word !== '')) this.values[VALUE * value + 1] = this.cased.push(cased.join(' ')) - 1;
    let before = this.places[at]! >> LEADS;
    if (before === 0) this.places[at]! |= value << LEADS;
    while (before !== 0 && this.values[VALUE * before + 2] !== 0) before = this.values[VALUE * before + 2]!;
    if (before !== 0) this.values[VALUE * before + 2] = value;
  }

  private onward(at: number, w: string, reach: Reach, by: number): number {
    const known = this.stems.to(at, w, reach);
    if (known !== 0) return known;
    this.places = roomy(this.places, ++this.last + 1);
    this.places[at]! |= by;
    this.stems.add(at, w, reach, this.last);
    return this.last;
  }

  /** Every phrase that begins at a token, for all tokens, added to `out`. `text` is the field's text, for phrases that mind capitals. */
  match(tokens: Token[], text: string, out: Match<T>[] = []): Match<T>[] {
    if (!this.isSettled) this.settle();
    const run: Run<T> = { tokens, text, from: 0, out };
    for (; run.from < tokens.length; run.from++) this.walk(0, run, run.from, 0);
    return run.out;
  }

  private settle(): void {
    this.stems.settle();
    this.places = this.places.slice(0, this.last + 1);
    this.values = this.values.slice(0, VALUE * (this.size + 1));
    this.isSettled = true;
  }

  private walk(at: number, run: Run<T>, i: number, slack: number): void {
    const { tokens, from, text, out } = run;
    const place = this.places[at]!;
    for (let v = VALUE * (place >> LEADS); v !== 0; v = VALUE * this.values[v + 2]!) {
      const cased = this.values[v + 1]!;
      if (cased === 0 || capitalsAgree(this.cased[cased]!.split(' '), tokens, from, i, text))
        out.push({ value: this.given[this.values[v]!]!, from, to: i, slack });
    }
    const token = tokens[i];
    if (token === undefined) return;
    // A phrase ends at a comma, a dash or a full stop; only a gap leaps over a comma.
    if (i === from || (token.gap & APART) === 0) this.read(at, run, i, slack);
    if ((place & BY_GAP) !== 0) this.leap(this.stems.to(at, '..', 0), GAP_WORDS, run, i, slack);
    if ((place & BY_WIDE_GAP) !== 0) this.leap(this.stems.to(at, '...', 0), LONG_GAP, run, i, slack);
  }

  /** Over the words that a gap may hold. */
  private leap(at: number, reach: number, run: Run<T>, i: number, slack: number): void {
    const last = Math.min(i + reach, run.tokens.length - 1);
    for (let k = i; k <= last && (run.tokens[k]!.gap & GAP.sentence) === 0; k++) this.read(at, run, k, slack);
  }

  /** The token itself, and its other readings. */
  private read(at: number, run: Run<T>, i: number, slack: number): void {
    const { w, also } = run.tokens[i]!;
    this.step(at, w, run, i, slack);
    if (also !== null) for (const other of also) this.step(at, other, run, i, slack);
  }

  /** The whole word first, then its stems. */
  private step(at: number, w: string, run: Run<T>, i: number, slack: number): void {
    const place = this.places[at]!;
    const next = (place & BY_WORD) === 0 ? 0 : this.stems.to(at, w, 0);
    if (next !== 0) this.walk(next, run, i + 1, slack);
    if ((place & BY_STEM) !== 0)
      for (const { to, left } of this.stems.of(at, w)) this.walk(to, run, i + 1, slack + left);
  }
}

/** The phrases that begin at one token of a text. */
interface Run<T> {
  readonly tokens: Token[];
  readonly text: string;
  from: number;
  readonly out: Match<T>[];
}

function capitalsAgree(cased: string[], tokens: Token[], from: number, to: number, text: string): boolean {
  // Of a phrase with a gap only the first word is looked at.
  if (cased.length !== to - from) return text.slice(tokens[from]!.start, tokens[from]!.end).startsWith(cased[0]!);
  return cased.every((want, k) => {
    if (want === '') return true;
    const word = text.slice(tokens[from + k]!.start, tokens[from + k]!.end);
    // Arabic and Hebrew put "and", "to", "the" before the name, and have no capitals.
    return word.startsWith(want) || (/^[\u0590-\u06ff]/u.test(want) && word.endsWith(want));
  });
}
