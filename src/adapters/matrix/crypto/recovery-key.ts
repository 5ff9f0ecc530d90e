/**
 * A recovery key as people write it down: two bytes that mark it, 32 of the key, one of parity, in base58, in groups of four. The form that
 * every Matrix app understands (specification, appendices, "cryptographic key representation").
 */
import { TocsinError } from '../../../core/errors.ts';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const MARK = [0x8b, 0x01];
export const KEY_BYTES = 32;
const ALL_BYTES = MARK.length + KEY_BYTES + 1;
/** 35 bytes make 48 letters; what people add between them is bounded, too. */
const MAX_TYPED = 500;

/** `EsTc LW2K …`, for 32 bytes. */
export function writtenKey(key: Uint8Array): string {
  if (key.length !== KEY_BYTES) throw new TocsinError('internal', 'a recovery key has 32 bytes');
  const bytes = [...MARK, ...key];
  return (base58([...bytes, parityOf(bytes)]).match(/.{1,4}/g) ?? []).join(' ');
}

/** 32 bytes of a key as it was typed, spaces wherever. Throws `usage` saying what is wrong with it. */
export function readKey(typed: string): Uint8Array {
  const text = typed.replace(/\s+/g, '');
  const bytes = typed.length <= MAX_TYPED && text !== '' ? unbase58(text) : null;
  if (bytes === null || bytes.length !== ALL_BYTES || bytes[0] !== MARK[0] || bytes[1] !== MARK[1])
    throw new TocsinError(
      'usage',
      'this is no recovery key: it has 48 letters and digits in groups of four, and begins with Es',
    );
  if (parityOf(bytes) !== 0)
    throw new TocsinError('usage', 'a letter of this recovery key is mistyped: compare it with what was written down');
  return Uint8Array.from(bytes.slice(MARK.length, -1));
}

const parityOf = (bytes: readonly number[]): number => bytes.reduce((all, one) => all ^ one, 0);

/** Big-endian; the mark sees to it that no zero is in front. */
function base58(bytes: readonly number[]): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  return text;
}

function unbase58(text: string): number[] | null {
  let number = 0n;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    number = number * 58n + BigInt(value);
  }
  const hex = number.toString(16);
  return [...Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')];
}
