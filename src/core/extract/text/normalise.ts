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

function digitOf(c: string): string | null {
  const code = c.codePointAt(0)!;
  for (const zero of [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xc66]) {
    if (code >= zero && code <= zero + 9) return String(code - zero);
  }
  return null;
}

/** A question about characters that is asked once of each of the basic plane, since it comes with every letter of every text. Answers are below 255. */
export function perChar(ask: (char: string) => number): (char: string) => number {
  const known = new Uint8Array(0x10000).fill(UNASKED);
  return (char) => {
    if (char.length !== 1) return ask(char);
    const code = char.charCodeAt(0);
    if (known[code] === UNASKED) known[code] = ask(char);
    return known[code]!;
  };
}
const UNASKED = 255;

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
const LOOKALIKE: Record<string, string> = LETTERS.lookalikes;

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
