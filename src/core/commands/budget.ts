/** A token bucket a key; at most `maxKeys` of them: the least recently seen are forgotten, which only ever helps them. */
export interface BudgetLimits {
  /** Commands that may come at once. */
  burst: number;
  /** One more every so many milliseconds. */
  everyMs: number;
  maxKeys: number;
}

export type Verdict =
  | { kind: 'allowed' }
  /** The first refusal of a flood: say so, once. */
  | { kind: 'answer' }
  | { kind: 'silent' };

interface Bucket {
  tokens: number;
  at: number;
  refused: boolean;
}

export interface Budget {
  /** `now` by a clock that only goes forward. */
  spend(key: string, now: number): Verdict;
  readonly size: number;
}

export function createBudget({ burst, everyMs, maxKeys }: BudgetLimits): Budget {
  const buckets = new Map<string, Bucket>();
  return {
    get size() {
      return buckets.size;
    },
    spend(key, now) {
      const bucket = buckets.get(key) ?? { tokens: burst, at: now, refused: false };
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > maxKeys) buckets.delete(buckets.keys().next().value!);
      bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / everyMs);
      bucket.at = now;
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        bucket.refused = false;
        return { kind: 'allowed' };
      }
      if (bucket.refused) return { kind: 'silent' };
      bucket.refused = true;
      return { kind: 'answer' };
    },
  };
}
