import LETTERS from '../../../../config/rules/letters.json' with { type: 'json' };

/**
 * One character in, its comparison form out: case, width, diacritics of Latin and Greek, Arabic letter variants and digits are folded;
 * marks that nobody sees (bidi controls, zero-width joiners, tatweel, vowel signs of Arabic and Hebrew) fall away.
 * Letters that mean something on their own (й, ї, ў, Indic vowel signs, the tones of Vietnamese: "cấm" bans, "cảm" feels) stay.
 */
const KEEP_DECOMPOSED = /[йїўґёіѓќ\u1ea0-\u1ef9]/u;
const INVISIBLE =
  /\p{Cf}|\p{Script=Inherited}|\p{Variation_Selector}|\u0640|\u093c|\u0a3c|(?=\p{M})[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const SPECIAL: Record<string, string> = { ...LETTERS.forms };
/** Traditional characters in common use and their simplified forms, in pairs (after the tables of OpenCC). */
for (const pairs of LETTERS.traditional) for (let i = 0; i < pairs.length; i += 2) SPECIAL[pairs[i]!] = pairs[i + 1]!;

function foldSlowly(char: string): string {
  if (INVISIBLE.test(char)) return '';
  let folded = '';
  for (const c of char.normalize('NFKC').toLowerCase()) folded += foldOne(c);
  return SPECIAL[folded] ?? folded;
}

function foldOne(c: string): string {
  const special = SPECIAL[c];
  if (special !== undefined) return special;
  if (KEEP_DECOMPOSED.test(c)) return c;
  if (INVISIBLE.test(c)) return '';
  const digit = /\p{Nd}/u.test(c) ? digitOf(c) : null;
  if (digit !== null) return digit;
  const parts = c.normalize('NFD');
  // Only alphabets in which the mark is spelling, not another letter.
  return /^[\p{Script=Latin}\p{Script=Greek}]/u.test(parts) ? parts.replace(/[\u0300-\u036F]/gu, '') : c;
}

const ZEROS = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xc66];
function digitOf(c: string): string | null {
  const code = c.codePointAt(0)!;
  const zero = ZEROS.find((first) => code >= first && code <= first + 9);
  return zero === undefined ? null : String(code - zero);
}

/**
 * A question about characters, asked by their numbers, since it comes with every letter of every text: each of the basic plane answers it once.
 * Answers are below 255.
 */
export function perChar(ask: (char: string) => number): (code: number) => number {
  const known = new Uint8Array(0x10000).fill(UNASKED);
  return (code) => {
    if (code > 0xffff) return ask(String.fromCodePoint(code));
    if (known[code] === UNASKED) known[code] = ask(String.fromCodePoint(code));
    return known[code]!;
  };
}
const UNASKED = 255;

/**
 * The character that begins there. Not by `codePointAt`: where the text is cut from a longer one and ends in half a character, V8's optimised code
 * reads the other half from beyond the end (Node 26; the fuzz test found it as a loop without an end).
 */
export function codeAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >> 10 !== 0x36 || at + 1 >= text.length) return code;
  const low = text.charCodeAt(at + 1);
  return low >> 10 === 0x37 ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00) : code;
}

/** How many units of a text it takes. */
export const unitsOf = (code: number): 1 | 2 => (code > 0xffff ? 2 : 1);

const cache: (string | undefined)[] = Array.from({ length: 0x10000 });

export function foldChar(char: string): string {
  if (char.length !== 1) return foldSlowly(char);
  const code = char.charCodeAt(0);
  const known = cache[code];
  if (known !== undefined) return known;
  const folded = foldSlowly(char);
  cache[code] = folded;
  return folded;
}

/** Of these all but the backtick fold as they are written small. */
const PLAIN = /^[\u0000-_a-\u007f]*$/;

export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  let stays = 0;
  while (stays < text.length && isFolded(text.charCodeAt(stays)) === 1) stays++;
  if (stays === text.length) return text;
  let out = '';
  for (const char of text) out += foldChar(char);
  return out;
}

/** Is it its own comparison form, and no half of a character? */
const isFolded = perChar((char) => Number(foldChar(char) === char && !/\p{Cs}/u.test(char)));

/** Cyrillic and Greek letters that look like Latin ones: for tokens that mix alphabets ("Теlegram"). */
const LOOKALIKE: Record<string, string> = LETTERS.lookalikes;

const ALIKE = Object.keys(LOOKALIKE).join('');
const MASKED = new RegExp(`^(?=.*[a-z])(?=.*[${ALIKE}])[a-z0-9${ALIKE}]+$`);

/** The Latin reading of a token that mixes Latin with lookalikes, or null when it does not mix. */
export const unmask = (folded: string): string | null =>
  MASKED.test(folded) ? folded.replace(/[^a-z0-9]/g, (c) => LOOKALIKE[c]!) : null;
