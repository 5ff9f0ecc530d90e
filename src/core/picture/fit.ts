/** Text in a drawing: what of it fits, and how it is written so that it is text and nothing else. */

/** Control characters, what turns text around, and what XML 1.0 cannot hold. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/gu;
/** No label is read further. */
const MAX_READ = 400;

/** One line of plain text, safe to stand in SVG, as content or in an attribute. */
export const escaped = (text: string): string =>
  plain(text).replace(/[&<>"']/gu, (sign) => `&#${sign.codePointAt(0)};`);

const plain = (text: string): string =>
  text.slice(0, MAX_READ).toWellFormed().replace(/\s+/gu, ' ').replace(UNSAFE, '').trim();

/** Widths in units of the font size. A little more than they are: a label that ends early looks better than one that runs into the picture. */
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;
const NARROW = /[ .,:;'|!iljtfrI()[\]·\-\u0131\u0433\u0442]/u;
const LARGE = /[MWmw@%—…\u0416\u041c\u0424\u0428\u0429\u042b\u042e\u0436\u043c\u0444\u0448\u0449\u044b\u044e]/u;

function widthOfSign(sign: string): number {
  if (/\p{M}/u.test(sign)) return 0;
  if (WIDE.test(sign)) return 1.02;
  if (/\p{Script=Arabic}/u.test(sign)) return 0.58;
  if (LARGE.test(sign)) return 0.98;
  if (NARROW.test(sign)) return 0.4;
  return /\p{Lu}/u.test(sign) ? 0.72 : 0.63;
}

/** How wide a text is at most, in the units of `size`. An estimate: there is no font here to ask. */
export const widthOf = (text: string, size: number, bold = false): number =>
  [...plain(text)].reduce((sum, sign) => sum + widthOfSign(sign), 0) * size * (bold ? 1.12 : 1);

/** As much of a text as fits, with "…" where something was left out. */
export function fitted(text: string, size: number, width: number, bold = false): string {
  const whole = plain(text);
  if (widthOf(whole, size, bold) <= width) return whole;
  const signs = [...whole];
  let end = signs.length;
  while (end > 1 && widthOf(`${signs.slice(0, end).join('')}…`, size, bold) > width) end--;
  return `${signs.slice(0, end).join('').trimEnd()}…`;
}
