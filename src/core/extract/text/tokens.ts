import { foldChar, perChar, unmask } from './normalise.ts';

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
/** An opening quote inside a word ("O‘zbekiston") is a letter of it. */
const kindOf = perChar((char) =>
  SPACELESS.test(char) ? SPACELESS_LETTER : WORD.test(char) && char !== 'ʼ' ? LETTER : SEPARATOR,
);

/** Has it a small letter of its own? */
const smallOf = perChar((char) => Number(char.toLowerCase() !== char));
const isCapital = (char: string): boolean => smallOf(char) === 1;

const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Where every character is a token, so many of them make a word: what is "near" in words is farther in tokens. */
export const perWord = ({ w }: Token): number =>
  w.length > 2 || kindOf(firstOf(w)) !== SPACELESS_LETTER ? 1 : IDEOGRAPH.test(w) ? 2 : 4;
const firstOf = (w: string): string => (w.charCodeAt(0) >> 10 === 0x36 ? w : w.charAt(0));

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
  const cut = new Cut(text, writing);
  let at = 0;
  for (const char of text) {
    const kind = char === '‘' && cut.isInWordBefore(at + 1) ? LETTER : kindOf(char);
    if (kind === SEPARATOR) cut.part(char, at);
    else if (kind === SPACELESS_LETTER) cut.single(char, at);
    else cut.letter(char, at);
    at += char.length;
    if (cut.tokens.length >= MAX_TOKENS) break;
  }
  cut.flush(at);
  return { tokens: cut.tokens, question: (cut.gap & GAP.question) !== 0 };
}

/** A text on its way through `tokenise`: the tokens so far, and the word that has begun. */
class Cut {
  readonly tokens: Token[] = [];
  /** What stands before the next token. */
  gap: number = GAP.sentence;
  private w = '';
  /** Where the word began; -1 = none has. */
  private start = -1;
  private cap = false;
  private upper = 0;
  private letters = 0;
  /** Letters and digits of ASCII only, which fold to small ones. */
  private plain = true;
  private readonly text: string;
  private readonly writing: Writing;

  constructor(text: string, writing: Writing) {
    this.text = text;
    this.writing = writing;
  }

  isInWordBefore(next: number): boolean {
    return this.start >= 0 && kindOf(this.text.charAt(next)) === LETTER;
  }

  flush(end: number): void {
    if (this.start < 0) return;
    // What is made letter by letter is copied again and again: most words need not be.
    const w = this.plain ? this.small(end) : this.w;
    if (w !== '') {
      const folded = w.length > MAX_TOKEN_LENGTH ? w.slice(0, MAX_TOKEN_LENGTH) : w;
      this.tokens.push({
        w: folded,
        also: readings(folded, this.writing),
        start: this.start,
        end,
        gap: this.gap,
        cap: this.cap,
        caps: this.letters > 0 && this.upper === this.letters,
      });
      this.gap = GAP.none;
    }
    this.start = -1;
    this.w = '';
  }

  /** What parts words. Invisible characters neither part nor join. */
  part(char: string, at: number): void {
    if (foldChar(char) === '') {
      this.spell(at);
      return;
    }
    this.flush(at);
    const next = this.text.charAt(at + char.length);
    let bits = gapOf(char, next);
    if (char === '.' && bits === GAP.sentence && abbreviation(this.tokens, this.writing)) bits = GAP.none;
    if (char === '-' && this.tokens.length > 0 && (this.gap & GAP.space) !== 0 && next === ' ') bits = GAP.clause;
    this.gap |= bits;
  }

  /** A character that is a token by itself. */
  single(char: string, at: number): void {
    this.flush(at);
    // A blank between two characters of Chinese parts like a dash.
    if (this.gap === GAP.space && IDEOGRAPH.test(char) && IDEOGRAPH.test(this.tokens.at(-1)?.w ?? ''))
      this.gap = GAP.clause;
    const [w, end] = [foldChar(char), at + char.length];
    this.tokens.push({ w, also: null, start: at, end, gap: this.gap, cap: false, caps: false });
    this.gap = GAP.none;
  }

  letter(char: string, at: number): void {
    const capital = isCapital(char);
    if (this.start < 0) {
      this.start = at;
      this.plain = true;
      this.cap = capital;
      this.upper = 0;
      this.letters = 0;
    }
    if (char > '\u007f') this.spell(at);
    if (!this.plain && this.w.length <= MAX_TOKEN_LENGTH) this.w += foldChar(char);
    this.letters++;
    if (capital || (char >= '0' && char <= '9')) this.upper++;
  }

  /** From here on the word is made letter by letter. */
  private spell(at: number): void {
    if (!this.plain || this.start < 0) return;
    this.plain = false;
    this.w = this.small(at);
  }

  /** The word so far, of ASCII only; no longer than a longest word and one letter. */
  private small(end: number): string {
    return this.text.slice(this.start, Math.min(end, this.start + MAX_TOKEN_LENGTH + 1)).toLowerCase();
  }
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
