/** Answers that many ask for within moments: made once for all of them. Bounded, and forgotten after `ttlMs`. */
interface Recent<T> {
  /** The value of a key, made when it is not there or too old. A failure is not kept. */
  get(key: string, now: number, make: () => Promise<T>): Promise<T>;
}

export function createRecent<T>(ttlMs: number, maxKeys: number): Recent<T> {
  const kept = new Map<string, { until: number; value: Promise<T> }>();
  return {
    get(key, now, make) {
      const known = kept.get(key);
      // A clock that was set back makes nothing last longer.
      if (known && known.until > now && known.until <= now + ttlMs) return known.value;
      const value = make();
      const entry = { until: now + ttlMs, value };
      kept.delete(key);
      kept.set(key, entry);
      if (kept.size > maxKeys) kept.delete(kept.keys().next().value!);
      value.catch(() => {
        if (kept.get(key) === entry) kept.delete(key);
      });
      return value;
    },
  };
}
