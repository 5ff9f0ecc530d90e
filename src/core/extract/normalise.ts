import { TRADITIONAL } from './traditional.ts';

/**
 * One character in, its comparison form out: case, width, diacritics of Latin and Greek, Arabic letter variants and digits are folded;
 * marks that nobody sees (bidi controls, zero-width joiners, tatweel, vowel signs of Arabic and Hebrew) fall away.
 * Letters that mean something on their own (й, ї, ў, Indic vowel signs, the tones of Vietnamese: "cấm" bans, "cảm" feels) stay.
 */
const KEEP_DECOMPOSED = /[йїўґёіѓќ\u1ea0-\u1ef9]/u;
const INVISIBLE =
  /\p{Cf}|\p{Script=Inherited}|\p{Variation_Selector}|\u0640|\u093c|\u0a3c|(?=\p{M})[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const SPECIAL: Record<string, string> = {
  ё: 'е',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  đ: 'd',
  ł: 'l',
  ð: 'd',
  þ: 'th',
  ي: 'ی',
  ى: 'ی',
  ئ: 'ی',
  ك: 'ک',
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ة: 'ه',
  ۀ: 'ه',
  ؤ: 'و',
  ς: 'σ',
  '’': "'",
  ʼ: "'",
  '‘': 'ʻ',
  '`': "'",
};

for (let i = 0; i < TRADITIONAL.length; i += 2) SPECIAL[TRADITIONAL[i]!] = TRADITIONAL[i + 1]!;

function foldSlowly(char: string): string {
  if (INVISIBLE.test(char)) return '';
  let folded = char.normalize('NFKC').toLowerCase();
  let out = '';
  for (const c of folded) {
    const special = SPECIAL[c];
    if (special !== undefined) out += special;
    else if (KEEP_DECOMPOSED.test(c)) out += c;
    else if (INVISIBLE.test(c)) continue;
    else {
      const digit = /\p{Nd}/u.test(c) ? digitOf(c) : null;
      if (digit !== null) out += digit;
      else {
        const parts = c.normalize('NFD');
        // Only alphabets in which the mark is spelling, not another letter.
        out += /^[\p{Script=Latin}\p{Script=Greek}]/u.test(parts) ? parts.replace(/[\u0300-\u036F]/gu, '') : c;
      }
    }
  }
  folded = out;
  return SPECIAL[folded] ?? folded;
}

function digitOf(c: string): string | null {
  const code = c.codePointAt(0)!;
  for (const zero of [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xc66]) {
    if (code >= zero && code <= zero + 9) return String(code - zero);
  }
  return null;
}

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

export function fold(text: string): string {
  let out = '';
  for (const char of text) out += foldChar(char);
  return out;
}

/** Cyrillic and Greek letters that look like Latin ones: for tokens that mix alphabets ("Теlegram"). */
const LOOKALIKE: Record<string, string> = {
  а: 'a',
  в: 'b',
  е: 'e',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  і: 'i',
  ѕ: 's',
  ј: 'j',
  ԁ: 'd',
  ԛ: 'q',
  ԝ: 'w',
  һ: 'h',
  ӏ: 'l',
  α: 'a',
  ο: 'o',
  ρ: 'p',
  ν: 'v',
  τ: 't',
  ι: 'i',
  κ: 'k',
  υ: 'u',
};

const [SMALL_A, SMALL_Z, ZERO, NINE] = [0x61, 0x7a, 0x30, 0x39];

/** The Latin reading of a token that mixes Latin with lookalikes, or null when it does not mix. */
export function unmask(folded: string): string | null {
  let latin = 0;
  let other = 0;
  for (let i = 0; i < folded.length; i++) {
    const code = folded.charCodeAt(i);
    if (code < 0x80) {
      if (code >= SMALL_A && code <= SMALL_Z) latin++;
      else if (code < ZERO || code > NINE) return null;
    } else if (LOOKALIKE[folded.charAt(i)] === undefined) return null;
    else other++;
  }
  if (latin === 0 || other === 0) return null;
  let out = '';
  for (const c of folded) out += LOOKALIKE[c] ?? c;
  return out;
}
