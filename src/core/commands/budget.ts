/** A token bucket a key; at most `maxKeys` of them: the least recently seen are forgotten, which only ever helps them. */
export interface BudgetLimits {
  /** Commands that may come at once. */
  burst: number;
  /** One more every so many milliseconds. */
  everyMs: number;
  maxKeys: number;
}

export type Verdict =
  /** `heavy`: this key's budget ran out within the last half minute. */
  | { kind: 'allowed'; heavy: boolean }
  /** Not carried out, and nobody said so within the last half minute: say it, once. */
  | { kind: 'answer' }
  | { kind: 'silent' };

interface Bucket {
  tokens: number;
  at: number;
  /** When it was last said that commands are not carried out. */
  saidAt: number | null;
}

export interface Budget {
  /** `now` by a clock that only goes forward. */
  spend(key: string, now: number): Verdict;
  readonly size: number;
}

/** What is said of commands that are not carried out names this time; it is not said again within it. */
const QUIET_MS = 30_000;

export function createBudget({ burst, everyMs, maxKeys }: BudgetLimits): Budget {
  const buckets = new Map<string, Bucket>();
  const idleAfter = Math.max(QUIET_MS, burst * everyMs);

  /** Those who have not been seen for long begin with a full bucket anyway. */
  function prune(now: number): void {
    for (const [key, bucket] of buckets) {
      if (buckets.size <= maxKeys && now - bucket.at < idleAfter) return;
      buckets.delete(key);
    }
  }

  return {
    get size() {
      return buckets.size;
    },
    spend(key, now) {
      const bucket = buckets.get(key) ?? { tokens: burst, at: now, saidAt: null };
      buckets.delete(key);
      buckets.set(key, bucket);
      prune(now);
      bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / everyMs);
      bucket.at = now;
      const said = bucket.saidAt !== null && now - bucket.saidAt < QUIET_MS;
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return { kind: 'allowed', heavy: said };
      }
      if (said) return { kind: 'silent' };
      bucket.saidAt = now;
      return { kind: 'answer' };
    },
  };
}
