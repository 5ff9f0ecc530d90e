/**
 * Are two texts copies of one wire story, or the same event in other words? Fingerprints are sets of hashed word beginnings (a poor
 * man's stem that works for most inflecting languages; pairs of characters for Chinese, Japanese, Thai), compared by cosine.
 * Sets, not tf-idf: a report is only ever compared with the few reports of one incident, where idf says little (design note
 * `docs/decisions/2026-11-25-voices.md`).
 */

/** Cosine of a copy: one voice. */
const COPY_COSINE = 0.72;
/** Headlines alone are alike by chance: below so many words they must be the same but for a word. */
const SHORT = 10;
const SHORT_COPY_COSINE = 0.9;
/** Share of the shorter text that stands in the longer one, for copies that were cut or got another headline. */
const COPY_CONTAINED = 0.82;
/** A text of fewer words is too short for containment to tell. */
const COPY_MIN_WORDS = 12;
/** At least this alike = the same story, where country or service is missing on one side. */
export const SAME_STORY = 0.34;

const MAX_TOKENS = 96;
const LEAD = 400;
const PREFIX = 6;
const UNSPACED = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]/u;

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  return h >>> 0;
}

/** Sorted, unique, at most 96 numbers; of the title and the first 400 characters of the summary. */
export function fingerprint(title: string, summary: string): number[] {
  const text = `${title.slice(0, LEAD)} ${summary.slice(0, LEAD)}`.normalize('NFKC').toLowerCase();
  const tokens = new Set<number>();
  for (const word of text.split(/[^\p{L}\p{N}\p{M}]+/u)) {
    if (tokens.size >= MAX_TOKENS) break;
    if (UNSPACED.test(word)) {
      for (let i = 0; i + 1 < word.length && tokens.size < MAX_TOKENS; i++) tokens.add(hash(word.slice(i, i + 2)));
    } else if (word.length >= 3) {
      tokens.add(hash(word.slice(0, PREFIX)));
    }
  }
  return [...tokens].sort((a, b) => a - b);
}

function sharedCount(a: number[], b: number[]): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i]!;
    const y = b[j]!;
    if (x === y) {
      shared++;
      i++;
      j++;
    } else if (x < y) i++;
    else j++;
  }
  return shared;
}

/** Cosine of two sorted sets, 0 … 1; 0 when either holds fewer than four words (too little to tell). */
export function similarity(a: number[], b: number[]): number {
  return a.length < 4 || b.length < 4 ? 0 : sharedCount(a, b) / Math.sqrt(a.length * b.length);
}

/** Is one text a copy of the other, perhaps cut or under another headline? */
export function isCopy(a: number[], b: number[]): boolean {
  const shorter = Math.min(a.length, b.length);
  if (similarity(a, b) >= (shorter < SHORT ? SHORT_COPY_COSINE : COPY_COSINE)) return true;
  return shorter >= COPY_MIN_WORDS && sharedCount(a, b) / shorter >= COPY_CONTAINED;
}
