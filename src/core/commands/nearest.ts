/** Longest word that is compared; longer ones have no neighbours. */
const MAX_WORD = 40;

/** Edits (insert, delete, replace, swap of neighbours) from a to b; more than `limit` counts as `limit + 1`. */
export function distance(a: string, b: string, limit: number): number {
  const left = [...a];
  const right = [...b];
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    before = last;
    last = row;
  }
  return Math.min(last[right.length]!, limit + 1);
}

/** Which letters a word has, as bits: one edit changes two of them at the most. */
function lettersOf(word: string): number {
  let bits = 0;
  for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) & 31);
  return bits;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Candidates that a typing error could have meant, nearest first. Words that begin with it count as near. */
export function nearest(word: string, candidates: Iterable<string>, max: number): string[] {
  const length = [...word].length;
  if (length < 2 || length > MAX_WORD) return [];
  // A guess that is far away ("Atlantis": Arjantin) is worse than none.
  const limit = length < 4 ? 1 : length < 10 ? 2 : 3;
  const found: { candidate: string; score: number }[] = [];
  const letters = lettersOf(word);
  for (const candidate of candidates) {
    // Thousands of names are far away at a glance; a name is compared letter by letter only when it may be near.
    const far =
      Math.abs(candidate.length - word.length) > limit * 2 || countBits(letters ^ lettersOf(candidate)) > limit * 2;
    const whole = far ? limit + 1 : distance(word, candidate, limit);
    const score = whole <= limit ? whole : length >= 3 && candidate.startsWith(word) ? limit + 0.5 : null;
    if (score !== null) found.push({ candidate, score });
  }
  return found
    .sort(
      (a, b) => a.score - b.score || a.candidate.length - b.candidate.length || (a.candidate < b.candidate ? -1 : 1),
    )
    .slice(0, max)
    .map((one) => one.candidate);
}
