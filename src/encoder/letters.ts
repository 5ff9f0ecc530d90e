/** What a sentence wants, by its letters alone: known beginnings, endings and pairs of words, each with its weight for each kind. At once, in a fraction of a millisecond. */
import { readFileSync } from 'node:fs';
import { logFailure } from '../core/errors.ts';
import type { Likely } from '../core/ports/encoder.ts';
import type { Log } from '../core/ports/runtime.ts';

const FILE = new URL('../../config/encoder/letters.bin', import.meta.url);
const BITS = 15;
const MAX_TEXT = 600;
/** Parts of words have so many letters, with the marks of where a word begins and ends. */
const [SHORTEST, LONGEST] = [2, 5];
const [PAIR, HAN] = [1, 2];
/** FNV-1a. */
const [BEGIN, PRIME] = [0x811c9dc5, 0x01000193];

/** Numbers of all that a text is made of, each once, in no order. What else is called alike is taken for the same. */
export function lettersOf(text: string): number[] {
  const found = new Set<number>();
  const add = (hash: number): unknown => found.add((hash ^ (hash >>> BITS)) & ((1 << BITS) - 1));
  const onward = (hash: number, part: string): number => {
    for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), PRIME);
    return hash;
  };
  const plain = text.slice(0, MAX_TEXT).toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  const words = plain.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}\s]/gu) ?? [];
  for (const word of words) {
    const marked = `<${word}>`;
    for (let at = 0; at < marked.length; at++)
      for (let hash = BEGIN, n = 1; n <= LONGEST && at + n <= marked.length; n++) {
        hash = onward(hash, marked[at + n - 1]!);
        if (n >= SHORTEST) add(hash);
      }
    if (marked.length > LONGEST) add(onward(BEGIN, marked));
  }
  for (const sign of plain.match(/\p{Script=Han}/gu) ?? []) add(onward(BEGIN ^ HAN, sign));
  for (let at = 0; at <= words.length; at++) add(onward(BEGIN ^ PAIR, `${words[at - 1] ?? ''} ${words[at] ?? ''}`));
  return [...found];
}

interface Head {
  kinds: readonly string[];
  /** What a weight of one stands for. */
  scale: number;
}

/** The weights are read with the first sentence. Where their file cannot be used that is said, and nothing is likely. */
export function createLetters(log: Log, file = FILE): Likely {
  const read = () => {
    try {
      const bytes = readFileSync(file);
      const end = bytes.indexOf('\n');
      const { kinds, scale } = JSON.parse(bytes.toString('utf8', 0, end)) as Head;
      const weights = new Int8Array(bytes.buffer, bytes.byteOffset + end + 1, kinds.length << BITS);
      return { kinds, scale, weights };
    } catch (error) {
      logFailure(log, 'What people want cannot be told. Install Tocsin anew', error);
      return { kinds: [], scale: 0, weights: new Int8Array() };
    }
  };
  let own: ReturnType<typeof read> | null = null;
  return (text) => {
    const { kinds, scale, weights } = (own ??= read());
    const parts = lettersOf(text);
    const by = scale / Math.sqrt(parts.length);
    const odds = kinds.map((_, k) =>
      Math.exp(by * parts.reduce((sum, at) => sum + weights[at * kinds.length + k]!, 0)),
    );
    const all = odds.reduce((sum, one) => sum + one, 0);
    return kinds.map((kind, k) => [kind, odds[k]! / all] as const).sort(([, a], [, b]) => b - a);
  };
}
