import { codeAt, fold, foldChar, perChar, unitsOf, unmask } from './normalise.ts';

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

/** The "and" of Arabic and Hebrew is a letter of the word that follows. */
export const isJoinedByLetter = ({ w, also }: Token): boolean => also !== null && /^[وו]/u.test(w);

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
}

/** No language at all. */
export const PLAIN_WRITING: Writing = { clitics: new Map(), abbreviations: new Set() };

function readings(w: string, { clitics }: Writing): string[] | null {
  const hanging = clitics.get(w.charAt(0));
  if (hanging !== undefined) {
    const before = hanging.filter((clitic) => w.length >= clitic.length + SHORTEST_WORD && w.startsWith(clitic));
    if (before.length > 0) return before.map((clitic) => w.slice(clitic.length));
  }
  const plain = unmask(w);
  return plain === null ? null : [plain];
}
/** Letters that a word keeps without its clitic. */
const SHORTEST_WORD = 2;

const SEPARATOR = 0;
const LETTER = 1;
const SPACELESS_LETTER = 2;
const UNSEEN = 3;
const kindOf = perChar((char) => {
  if (SPACELESS.test(char)) return SPACELESS_LETTER;
  if (WORD.test(char) && char !== 'ʼ') return LETTER;
  return foldChar(char) === '' ? UNSEEN : SEPARATOR;
});

/** Has it a small letter of its own? */
const smallOf = perChar((char) => Number(char.toLowerCase() !== char));
const isCapital = (code: number): boolean => smallOf(code) === 1;

const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Where every character is a token, so many of them make a word: what is "near" in words is farther in tokens. */
export const perWord = ({ w }: Token): number =>
  w.length > 2 || kindOf(codeAt(w, 0)) !== SPACELESS_LETTER ? 1 : IDEOGRAPH.test(w) ? 2 : 4;

/** What parts two words, by the character that stands between them. */
const PARTING: readonly (readonly [string, number])[] = [
  [',،、，፣၊՝', GAP.comma],
  [';；؛|—–―•…፤', GAP.clause],
  [':：፥፦', GAP.clause | GAP.colon],
  ['([（', GAP.open | GAP.clause],
  [')]）', GAP.close | GAP.clause],
  ['?？؟፧', GAP.question | GAP.sentence],
  ['!！。।॥۔։።។៕။\n', GAP.sentence],
  ['«»"“”„‘「」『』', GAP.quote],
  [' \u00a0\u3000\t፡', GAP.space],
];
const gaps = new Uint16Array(0x10000);
for (const [chars, bits] of PARTING) for (const char of chars) gaps[char.charCodeAt(0)] = bits;

const HYPHEN = 0x2d;
const STOP = 0x2e;
const OPENING_QUOTE = 0x2018;

/** A full stop ends a sentence before a blank, a closing quote or the end of the text. */
const ENDS_STOP = new Set(['', ' ', '\n', '"', '»', '”', '\u00a0']);

/** Cuts a text into tokens and remembers what stood between them. Linear; stops after a bounded number of tokens. */
export function tokenise(text: string, writing: Writing = PLAIN_WRITING): { tokens: Token[]; question: boolean } {
  const tokens: Token[] = [];
  let gap: number = GAP.sentence;
  for (let start = 0; start < text.length;) {
    const code = codeAt(text, start);
    const kind = kindOf(code);
    const end = kind === LETTER ? endOfWord(text, start) : start + unitsOf(code);
    if (kind === LETTER) {
      const written = text.slice(start, end);
      const w = fold(written).slice(0, MAX_TOKEN_LENGTH);
      if (w !== '') {
        const also = readings(w, writing);
        tokens.push({ w, also, start, end, gap, cap: isCapital(code), caps: isInCapitals(written) });
        gap = GAP.none;
      }
    } else if (kind === SPACELESS_LETTER) {
      const char = text.slice(start, end);
      // A blank between two characters of Chinese parts like a dash.
      if (gap === GAP.space && IDEOGRAPH.test(char) && IDEOGRAPH.test(tokens.at(-1)?.w ?? '')) gap = GAP.clause;
      tokens.push({ w: foldChar(char), also: null, start, end, gap, cap: false, caps: false });
      gap = GAP.none;
    } else if (kind === SEPARATOR) gap |= partedBy(code, text.charAt(end), { tokens, gap, writing });
    if (kind !== LETTER && tokens.length >= MAX_TOKENS) break;
    start = end;
  }
  return { tokens, question: (gap & GAP.question) !== 0 };
}

/** What a character that parts words adds to the gap before the next one. */
function partedBy(
  code: number,
  next: string,
  { tokens, gap, writing }: { tokens: readonly Token[]; gap: number; writing: Writing },
): number {
  if (code === HYPHEN && tokens.length > 0 && (gap & GAP.space) !== 0 && next === ' ') return GAP.clause;
  if (code !== STOP) return gaps[code] ?? GAP.none;
  return ENDS_STOP.has(next) && !isAbbreviation(tokens.at(-1), writing) ? GAP.sentence : GAP.none;
}

/** Invisible characters neither part nor join; an opening quote inside a word ("O‘zbekiston") is a letter of it. */
function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = codeAt(text, at);
    const kind = kindOf(code);
    const isInside =
      kind === LETTER || kind === UNSEEN || (code === OPENING_QUOTE && kindOf(text.charCodeAt(at + 1)) === LETTER);
    if (!isInside) break;
    at += unitsOf(code);
  }
  return at;
}

/** Nothing but capitals and digits. */
function isInCapitals(word: string): boolean {
  for (let i = 0; i < word.length;) {
    const code = codeAt(word, i);
    if (!isCapital(code) && !(code >= 0x30 && code <= 0x39) && kindOf(code) !== UNSEEN) return false;
    i += unitsOf(code);
  }
  return true;
}

/** A short form that the languages list, or an initial. */
const isAbbreviation = (token: Token | undefined, { abbreviations }: Writing): boolean =>
  token !== undefined && (abbreviations.has(token.w) || (token.cap && /^[a-wyz]$/.test(token.w)));

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
