import { GAP, type Token, tokenise } from './tokens.ts';

/**
 * Stems by the hash of their letters. A word is read once, letter by letter, no part of it is copied, and mostly it is given up after two or three
 * letters, since no stem begins so.
 */
export interface Stem {
  readonly stem: string;
  /** Letters that may follow it. */
  readonly extra: number;
}

/** With so many stems, what they begin with is kept as bits; fewer are looked for letter by letter. */
const MANY = 12;
/** 2^16 bits: some thousand stems fill a tenth of them. */
const FILTER_WORDS = 1 << 11;
const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
const NONE: readonly never[] = [];

const spread = (h: number): number => (h ^ (h >>> 15)) & (32 * FILTER_WORDS - 1);

export class Stems<S extends Stem> {
  /** By 30 bits of the hash: a whole number of any engine. */
  private readonly byHash = new Map<number, S[]>();
  private shortest = 99;
  private longest = 0;
  private count = 0;
  private filter: Uint32Array | null = null;

  /** The one with just these letters and this reach, if it was added. */
  get(stem: string, extra: number): S | undefined {
    return this.byHash.get(keyOf(stem))?.find((one) => one.extra === extra && one.stem === stem);
  }

  add(one: S): void {
    const key = keyOf(one.stem);
    const known = this.byHash.get(key);
    if (known === undefined) this.byHash.set(key, [one]);
    else known.push(one);
    this.shortest = Math.min(this.shortest, one.stem.length);
    this.longest = Math.max(this.longest, one.stem.length);
    this.count++;
    if (this.count === MANY) {
      this.filter = new Uint32Array(FILTER_WORDS);
      for (const list of this.byHash.values()) for (const { stem } of list) this.begin(stem);
    } else if (this.filter !== null) this.begin(one.stem);
  }

  /** All that a word begins with and that reach to its end, the shortest first. */
  of(w: string): readonly S[] {
    if (w.length < this.shortest) return NONE;
    const { filter, shortest, byHash } = this;
    const longest = Math.min(this.longest, w.length);
    let found: S[] | null = null;
    let h = BASIS;
    for (let n = 1; n <= longest; n++) {
      h = Math.imul(h ^ w.charCodeAt(n - 1), PRIME);
      if (filter !== null) {
        const bit = spread(h);
        if ((filter[bit >>> 5]! & (1 << (bit & 31))) === 0) break;
      }
      if (n < shortest) continue;
      const list = byHash.get(h & 0x3fffffff);
      if (list === undefined) continue;
      for (const one of list)
        if (one.stem.length === n && w.length - n <= one.extra && w.startsWith(one.stem)) {
          if (found === null) found = [one];
          else found.push(one);
        }
    }
    return found ?? NONE;
  }

  /** Marks all beginnings of a stem. */
  private begin(stem: string): void {
    const filter = this.filter!;
    let h = BASIS;
    for (let i = 0; i < stem.length; i++) {
      h = Math.imul(h ^ stem.charCodeAt(i), PRIME);
      const bit = spread(h);
      filter[bit >>> 5]! |= 1 << (bit & 31);
    }
  }
}

function keyOf(stem: string): number {
  let h = BASIS;
  for (let i = 0; i < stem.length; i++) h = Math.imul(h ^ stem.charCodeAt(i), PRIME);
  return h & 0x3fffffff;
}

/**
 * Phrases over tokens. A phrase is words parted by spaces: `word` as it stands, `stem*` with any ending, `stem~` with a short ending
 * (up to four letters: inflection, not another word), `=Word` with exactly these capitals, `..` up to three words between, `...` up to seven,
 * `(a|b|)` one of these. Scripts without spaces need none.
 */
interface StemEdge<T> extends Stem {
  readonly node: Node<T>;
}
interface Node<T> {
  exact: Map<string, Node<T>> | null;
  stems: Stems<StemEdge<T>> | null;
  /** What follows a gap of up to three words, and of up to seven. */
  gap: Node<T> | null;
  wide: Node<T> | null;
  values: { value: T; cased: string[] | null }[] | null;
}

export interface Match<T> {
  value: T;
  /** Tokens [from, to). */
  from: number;
  to: number;
  /** Letters beyond the stems: the exact word beats the stem of another. */
  slack: number;
}

const node = <T>(): Node<T> => ({ exact: null, stems: null, gap: null, wide: null, values: null });
const MAX_ALTERNATIVES = 400;
/** A phrase of more words is never looked for, nor one of more letters where each is a token. */
const MAX_ELEMENTS = 13;
const MAX_PHRASE = 48;
const GAP_WORDS = 3;
const LONG_GAP = 7;
const APART = GAP.comma | GAP.clause | GAP.sentence;

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

export class Trie<T> {
  private readonly root = node<T>();
  size = 0;

  add(phrase: string, value: T): void {
    for (const one of expand(phrase)) this.addOne(one, value);
  }

  private addOne(phrase: string, value: T): void {
    let at = this.root;
    const cased: string[] = [];
    let anyCased = false;
    const elements = phrase.split(' ');
    if (elements.length > MAX_ELEMENTS) return;
    for (const element of elements) {
      if (element === '..' || element === '...') {
        if (element === '..') at = at.gap ??= node<T>();
        else at = at.wide ??= node<T>();
        continue;
      }
      const exactCase = element.startsWith('=');
      const bare = exactCase ? element.slice(1) : element;
      const extra = bare.endsWith('*') ? 99 : bare.endsWith('~') ? 4 : 0;
      const { tokens } = tokenise(extra > 0 ? bare.slice(0, -1) : bare);
      for (let k = 0; k < tokens.length; k++) {
        const token = tokens[k]!;
        const last = k === tokens.length - 1;
        at = last && extra > 0 ? stemEdge(at, token.w, extra) : exactEdge(at, token.w);
        cased.push(exactCase ? bare.slice(token.start, token.end) : '');
        if (exactCase) anyCased = true;
      }
    }
    if (at === this.root || cased.length > MAX_PHRASE) return;
    at.values ??= [];
    at.values.push({ value, cased: anyCased ? cased : null });
    this.size++;
  }

  /** Every phrase that begins at a token, for all tokens, added to `out`. `text` is the field's text, for phrases that mind capitals. */
  match(tokens: Token[], text: string, out: Match<T>[] = []): Match<T>[] {
    const run: Run<T> = { tokens, text, from: 0, out };
    for (; run.from < tokens.length; run.from++) walk(this.root, run, run.from, 0);
    return run.out;
  }
}

/** The phrases that begin at one token of a text. */
interface Run<T> {
  readonly tokens: Token[];
  readonly text: string;
  from: number;
  readonly out: Match<T>[];
}

function walk<T>(at: Node<T>, run: Run<T>, i: number, slack: number): void {
  const { tokens, from, text, out } = run;
  if (at.values !== null && i > from) {
    for (const { value, cased } of at.values) {
      if (cased === null || capitalsAgree(cased, tokens, from, i, text)) out.push({ value, from, to: i, slack });
    }
  }
  const token = tokens[i];
  if (token === undefined) return;
  // A phrase ends at a comma, a dash or a full stop; only a gap leaps over a comma.
  if (i === from || (token.gap & APART) === 0) read(at, run, i, slack);
  if (at.gap !== null) leap(at.gap, GAP_WORDS, run, i, slack);
  if (at.wide !== null) leap(at.wide, LONG_GAP, run, i, slack);
}

/** Over the words that a gap may hold. */
function leap<T>(at: Node<T>, reach: number, run: Run<T>, i: number, slack: number): void {
  const last = Math.min(i + reach, run.tokens.length - 1);
  for (let k = i; k <= last && (run.tokens[k]!.gap & GAP.sentence) === 0; k++) read(at, run, k, slack);
}

/** The token itself, and its other readings. */
function read<T>(at: Node<T>, run: Run<T>, i: number, slack: number): void {
  const { w, also } = run.tokens[i]!;
  step(at, w, run, i, slack);
  if (also !== null) for (const other of also) step(at, other, run, i, slack);
}

/** The whole word first, then its stems. */
function step<T>(at: Node<T>, w: string, run: Run<T>, i: number, slack: number): void {
  const next = at.exact?.get(w);
  if (next !== undefined) walk(next, run, i + 1, slack);
  if (at.stems === null) return;
  for (const { node: to, stem } of at.stems.of(w)) walk(to, run, i + 1, slack + w.length - stem.length);
}

function exactEdge<T>(at: Node<T>, w: string): Node<T> {
  at.exact ??= new Map();
  const next = at.exact.get(w) ?? node<T>();
  at.exact.set(w, next);
  return next;
}

function stemEdge<T>(at: Node<T>, stem: string, extra: number): Node<T> {
  at.stems ??= new Stems();
  let edge = at.stems.get(stem, extra);
  if (edge === undefined) {
    edge = { node: node<T>(), stem, extra };
    at.stems.add(edge);
  }
  return edge.node;
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
