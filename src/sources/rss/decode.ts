import { isAscii, isUtf8 } from 'node:buffer';
import encodings from '../../../config/feed-reading/encodings.json' with { type: 'json' };
import { orNull } from '../../core/errors.ts';

/** Which old encoding bytes are in that say nothing of it: how likely their letters are in the languages that use it. */

const MARKS = '«»–—…“”„‘’№· €£°§©®\u00a0';

interface Candidate {
  label: string;
  /** ln of the chance of one character, given whether letters stand around it. */
  cost(char: string, before: string, after: string): number;
}

const NEVER = Math.log(1e-6);
const MARK = Math.log(0.003);
const HIGH = /[^\u0000-\u007f]/;
const ASCII_LETTER = /[a-z]/i;

/** Scripts whose words are written in high bytes throughout, or (Latin) with single ones among ASCII letters. */
function oneByte(label: string, letters: string, latin: boolean): Candidate {
  const chances = new Map<string, number>();
  for (const [, letter, share] of letters.matchAll(/(\P{N})(\d*\.?\d+)/gu))
    chances.set(letter!, Math.log(Number(share) / 100));
  return {
    label,
    cost(char, before, after) {
      const lower = char.toLowerCase();
      const chance = chances.get(lower);
      if (chance === undefined) return MARKS.includes(char) ? MARK : NEVER;
      let cost = chance;
      if (lower !== char) cost += HIGH.test(before) || ASCII_LETTER.test(before) ? -4.5 : -2.5;
      const among = ASCII_LETTER.test(before) || ASCII_LETTER.test(after);
      if (latin) return HIGH.test(before) || !among ? cost - 2.5 : cost;
      return among ? cost - 3 : cost;
    },
  };
}

/** Two bytes a character: a chance for each range, the best first; per byte, so that it compares. */
function twoByte(label: string, oneIn: Record<string, number | undefined>): Candidate {
  const ranges: Record<string, string> = encodings.ranges;
  const known = Object.entries(oneIn).map(([range, n]) => ({
    range: new RegExp(ranges[range]!),
    cost: Math.log(1 / n!),
  }));
  return { label, cost: (char) => known.find(({ range }) => range.test(char))?.cost ?? Math.log(1e-5) };
}

/**
 * `oneByte`: letters with their share of running text, percent; what is missing is rare. `twoByte`: of the characters of a range it is one in
 * so many; among the ranges are the most frequent characters of running text, of which a few dozen tell one table from another.
 */
const CANDIDATES: readonly Candidate[] = [
  ...encodings.oneByte.flatMap(({ labels, letters, latin }) => labels.map((label) => oneByte(label, letters, latin))),
  ...encodings.twoByte.map(({ label, oneIn }) => twoByte(label, oneIn)),
];

/** High bytes that are looked at; more tell nothing new. */
const SAMPLE = 4_000;

/** The label of the likeliest encoding of bytes that are not UTF-8; windows-1252 where nothing speaks for another. */
function guessCharset(bytes: Uint8Array): string {
  const sample = samplePart(bytes);
  let best = 'windows-1252';
  let bestCost = Number.NEGATIVE_INFINITY;
  for (const candidate of CANDIDATES) {
    const cost = costOf(candidate, sample);
    if (cost > bestCost) {
      bestCost = cost;
      best = candidate.label;
    }
  }
  return best;
}

function costOf(candidate: Candidate, sample: Uint8Array): number {
  // Fatal decoding would fail on the cut ends of the sample; a replacement character costs dear instead.
  const text = new TextDecoder(candidate.label).decode(sample);
  let sum = 0;
  let before = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\ufffd' || (char >= '\u0080' && char <= '\u009f')) sum += 3 * NEVER;
    else if (char > '\u007f') sum += candidate.cost(char, before, text[i + 1] ?? '');
    before = char;
  }
  return sum;
}

/** From shortly before the first high byte, as far as the sample of them reaches. */
function samplePart(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte > 0x7f);
  let high = 0;
  let end = Math.max(0, first);
  while (end < bytes.length && high < SAMPLE) if (bytes[end++]! > 0x7f) high++;
  return bytes.subarray(Math.max(0, first - 8), end);
}

/** Bytes of a feed → text: byte order mark, then what HTTP says, then the XML declaration, then UTF-8, then a guess. */

/** How far into a document its declaration is looked for, bytes. */
const HEAD = 1_024;

/** Labels that real feeds use and the Encoding Standard does not know. */
const ALIASES: Record<string, string> = encodings.aliases;

/**
 * Never throws. Where a named encoding makes bad characters and the bytes are clean UTF-8, UTF-8 wins: feeds are re-saved more often than
 * their declarations. Where nothing that was named fits, the letters decide.
 */
export function decodeFeed(bytes: Uint8Array, contentType: string): { text: string; encoding: string } {
  const encoding = byMark(bytes) ?? byShape(bytes) ?? byName(bytes, contentType);
  return { text: read(bytes, encoding), encoding };
}

function byMark(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  // A mark in front of bytes that are not UTF-8 is a saved-over file: the declaration knows better.
  return a === 0xef && b === 0xbb && c === 0xbf && fewBad(bytes) ? 'utf-8' : null;
}

/** UTF-16 and UTF-32 without a mark: the zeros around the first `<` tell. */
function byShape(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0x3c && b === 0 && d === 0) return c === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0 && b === 0x3c && c === 0) return 'utf-16be';
  return a === 0 && b === 0 && c === 0 && d === 0x3c ? 'utf-32be' : null;
}

function byName(bytes: Uint8Array, contentType: string): string {
  const fromHttp = labelOf(/charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType)?.[1]);
  const head = read(bytes.subarray(0, HEAD), 'latin1');
  const fromXml = labelOf(/<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']/i.exec(head)?.[1]);
  // It was readable as one byte a character, so the text is not UTF-16, whatever it declares.
  const named = [fromHttp, fromXml].filter((label) => label !== null).filter((label) => !label.startsWith('utf-16'));
  if (isUtf8(bytes)) return (isAscii(bytes) && named[0]) || 'utf-8';
  const others = named.filter((label) => label !== 'utf-8');
  return others.find((label) => fits(bytes, label)) ?? others[0] ?? (fewBad(bytes) ? 'utf-8' : guessCharset(bytes));
}

function labelOf(name: string | undefined): string | null {
  if (!name) return null;
  const key = name.trim().toLowerCase();
  return orNull(() => new TextDecoder(ALIASES[key] ?? key).encoding);
}

const read = (bytes: Uint8Array, label: string): string =>
  label.startsWith('utf-32') ? utf32(bytes, label === 'utf-32le') : new TextDecoder(label).decode(bytes);

const fits = (bytes: Uint8Array, label: string): boolean =>
  orNull(() => new TextDecoder(label, { fatal: true }).decode(bytes)) !== null;

/** A few broken characters in a UTF-8 text (a cut headline) are no reason to read all of it as something else. */
function fewBad(bytes: Uint8Array): boolean {
  const text = read(bytes, 'utf-8');
  let bad = 0;
  let good = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd) bad++;
    else if (code > 0x7f) good++;
  }
  return bad <= good / 10;
}

/** TextDecoder knows no UTF-32. A mark at the beginning goes, as it lets it go. */
function utf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, littleEndian);
    parts.push(code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code));
  }
  if (parts[0] === '\ufeff') parts.shift();
  return parts.join('');
}
