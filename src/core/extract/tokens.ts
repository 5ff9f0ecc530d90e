import { foldChar, unmask } from './normalise.ts';

/** What stands between a token and the one before it. */
export const GAP = {
  none: 0,
  space: 1,
  comma: 2,
  clause: 4,
  sentence: 8,
  open: 16,
  close: 32,
  question: 64,
  quote: 128,
  colon: 256,
} as const;

export interface Token {
  /** Comparison form. */
  w: string;
  /** Further readings: without clitics (Arabic, Hebrew), with lookalikes unmasked. */
  also: string[] | null;
  /** Offsets in the field's text. */
  start: number;
  end: number;
  /** Bits of GAP: what stands before this token. */
  gap: number;
  /** Written with a capital; all capitals. */
  cap: boolean;
  caps: boolean;
}

export interface Sentence {
  field: 'title' | 'summary' | 'body';
  /** Tokens [from, to) of the field. */
  from: number;
  to: number;
  question: boolean;
}

/** "RT-a", "Telegram'u": letters that hang on the name before them. */
export const isEnding = ({ gap, cap, w }: Token): boolean => gap === GAP.none && !cap && /^[a-z]{1,3}$/u.test(w);

const MAX_TOKENS = 4_000;
/** A sentence that never ends is cut here: everything that looks around stays bounded. */
const MAX_SENTENCE = 120;
const MAX_TOKEN_LENGTH = 48;
/** Written without spaces: every character is a token. */
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u;
const WORD = /[\p{L}\p{M}\p{N}]/u;

/** How languages write, all of them together: a text may mix them. */
export interface Writing {
  /** Letters that hang before a word ("and", "the", "to"), by their first letter. */
  clitics: ReadonlyMap<string, readonly string[]>;
  /** Short forms whose full stop ends no sentence. */
  abbreviations: ReadonlySet<string>;
  /** Words of number that make a count a statistic: "thousand". */
  tally: ReadonlySet<string>;
}

/** No language at all. */
export const PLAIN_WRITING: Writing = { clitics: new Map(), abbreviations: new Set(), tally: new Set() };

function readings(w: string, { clitics }: Writing): string[] | null {
  const before = clitics.get(w.charAt(0));
  const out =
    before === undefined
      ? []
      : before.flatMap((clitic) =>
          w.length >= clitic.length + SHORTEST_WORD && w.startsWith(clitic) ? [w.slice(clitic.length)] : [],
        );
  if (out.length > 0) return out;
  const plain = unmask(w);
  return plain === null ? null : [plain];
}
/** Letters that a word keeps without its clitic. */
const SHORTEST_WORD = 2;

const SEPARATOR = 0;
const LETTER = 1;
const SPACELESS_LETTER = 2;
const UNASKED = 255;
const kinds = new Uint8Array(0x10000).fill(UNASKED);
/** An opening quote inside a word ("O‘zbekiston") is a letter of it. */
function kindOf(char: string): number {
  const code = char.length === 1 ? char.charCodeAt(0) : -1;
  let kind = code < 0 ? UNASKED : kinds[code]!;
  if (kind === UNASKED) {
    kind = SPACELESS.test(char) ? SPACELESS_LETTER : WORD.test(char) && char !== 'ʼ' ? LETTER : SEPARATOR;
    if (code >= 0) kinds[code] = kind;
  }
  return kind;
}

const CAPITAL = 1;
const NO_CAPITAL = 2;
const capitals = new Uint8Array(0x10000).fill(UNASKED);
/** Has it a small letter of its own? Asked once of each letter. */
function isCapital(char: string): boolean {
  if (char.length > 1) return char.toLowerCase() !== char;
  const code = char.charCodeAt(0);
  if (capitals[code] === UNASKED) capitals[code] = char.toLowerCase() === char ? NO_CAPITAL : CAPITAL;
  return capitals[code] === CAPITAL;
}

const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Where every character is a token, so many of them make a word: what is "near" in words is farther in tokens. */
export const perWord = ({ w }: Token): number =>
  w.length > 2 || kindOf(firstOf(w)) !== SPACELESS_LETTER ? 1 : IDEOGRAPH.test(w) ? 2 : 4;
const firstOf = (w: string): string => (w.charCodeAt(0) >> 10 === 0x36 ? w : w.charAt(0));

/** What parts two words, by the character that stands between them. */
const PARTING: readonly (readonly [string, number])[] = [
  [',،、，', GAP.comma],
  [';；؛|—–―•…', GAP.clause],
  [':：', GAP.clause | GAP.colon],
  ['([（', GAP.open | GAP.clause],
  [')]）', GAP.close | GAP.clause],
  ['?？؟', GAP.question | GAP.sentence],
  ['!！。।۔\n', GAP.sentence],
  ['«»"“”„‘「」『』', GAP.quote],
  [' \u00a0\u3000\t', GAP.space],
];
const gaps = new Uint16Array(0x10000);
for (const [chars, bits] of PARTING) for (const char of chars) gaps[char.charCodeAt(0)] = bits;

/** A full stop ends a sentence before a blank, a closing quote or the end of the text. */
const ENDS_STOP = new Set(['', ' ', '\n', '"', '»', '”', '\u00a0']);

const gapOf = (char: string, next: string): number =>
  char === '.'
    ? ENDS_STOP.has(next)
      ? GAP.sentence
      : GAP.none
    : char.length === 1
      ? gaps[char.charCodeAt(0)]!
      : GAP.none;

/** Cuts a text into tokens and remembers what stood between them. Linear; stops after a bounded number of tokens. */
export function tokenise(text: string, writing: Writing = PLAIN_WRITING): { tokens: Token[]; question: boolean } {
  const tokens: Token[] = [];
  let gap = GAP.sentence as number;
  let w = '';
  let start = -1;
  let cap = false;
  let upper = 0;
  let letters = 0;
  let at = 0;
  const flush = (end: number): void => {
    if (start < 0) return;
    if (w !== '') {
      const folded = w.length > MAX_TOKEN_LENGTH ? w.slice(0, MAX_TOKEN_LENGTH) : w;
      tokens.push({
        w: folded,
        also: readings(folded, writing),
        start,
        end,
        gap,
        cap,
        caps: letters > 0 && upper === letters,
      });
      gap = GAP.none;
    }
    start = -1;
    w = '';
  };
  for (const char of text) {
    const size = char.length;
    const kind = char === '‘' && start >= 0 && kindOf(text.charAt(at + size)) === LETTER ? LETTER : kindOf(char);
    if (kind === SEPARATOR) {
      const folded = foldChar(char);
      // Invisible characters neither part nor join.
      if (folded !== '') {
        flush(at);
        const next = text.charAt(at + size);
        let bits = gapOf(char, next);
        if (char === '.' && bits === GAP.sentence && abbreviation(tokens, writing)) bits = GAP.none;
        if (char === '-' && tokens.length > 0 && (gap & GAP.space) !== 0 && next === ' ') bits = GAP.clause;
        gap |= bits;
      }
    } else if (kind === SPACELESS_LETTER) {
      flush(at);
      // A blank between two characters of Chinese parts like a dash.
      if (gap === GAP.space && IDEOGRAPH.test(char) && IDEOGRAPH.test(tokens.at(-1)?.w ?? '')) gap = GAP.clause;
      tokens.push({ w: foldChar(char), also: null, start: at, end: at + size, gap, cap: false, caps: false });
      gap = GAP.none;
    } else {
      if (start < 0) {
        start = at;
        cap = isCapital(char);
        upper = 0;
        letters = 0;
      }
      if (w.length <= MAX_TOKEN_LENGTH) w += foldChar(char);
      letters++;
      if (isCapital(char) || (char >= '0' && char <= '9')) upper++;
    }
    at += size;
    if (tokens.length >= MAX_TOKENS) break;
  }
  flush(at);
  return { tokens, question: (gap & GAP.question) !== 0 };
}

function abbreviation(tokens: Token[], { abbreviations }: Writing): boolean {
  const last = tokens.at(-1);
  if (last === undefined) return false;
  return (
    abbreviations.has(last.w) || (last.w.length === 1 && last.cap && last.w >= 'a' && last.w <= 'z' && last.w !== 'x')
  );
}

/** Sentences of a field, as ranges of tokens. */
export function sentencesOf(field: Sentence['field'], tokens: Token[], lastIsQuestion: boolean): Sentence[] {
  const out: Sentence[] = [];
  let from = 0;
  for (let i = 1; i <= tokens.length; i++) {
    const ends = i === tokens.length || (tokens[i]!.gap & GAP.sentence) !== 0 || i - from >= MAX_SENTENCE;
    if (!ends) continue;
    const question = i === tokens.length ? lastIsQuestion : (tokens[i]!.gap & GAP.question) !== 0;
    out.push({ field, from, to: i, question });
    from = i;
  }
  return out;
}
