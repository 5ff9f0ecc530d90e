/** What is kept for whoever asks next, within bounds. */

/**
 * Answers that many ask for within moments: made once for all of them. Bounded, and forgotten after `ttlMs`. Gives the value of a key, made when it is not
 * there or too old. A failure is not kept. `forget`: it has changed.
 */
export function createRecent<T>(ttlMs: number, maxKeys: number) {
  const kept = new Map<string, { until: number; value: Promise<T> }>();
  const get = (key: string, now: number, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(key);
    // A clock that was set back makes nothing last longer.
    if (known && known.until > now && known.until <= now + ttlMs) return known.value;
    // Those made first end first: nothing stays that nobody is given any more.
    for (const [old, { until }] of kept) {
      if (until > now) break;
      kept.delete(old);
    }
    const value = make();
    const entry = { until: now + ttlMs, value };
    keepNewest(kept, key, entry, maxKeys);
    value.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return value;
  };
  return Object.assign(get, { forget: (key: string): void => void kept.delete(key), size: () => kept.size });
}

/** What is made for a key, made once; of more than `most` keys, all are forgotten. */
export function createKept<K, T>(most: number) {
  const made = new Map<K, T>();
  return (key: K, make: (key: K) => T): T => {
    if (made.size >= most && !made.has(key)) made.clear();
    return made.getOrInsertComputed(key, make);
  };
}

/** The same where a key tells how. */
export function onceFor<K, T>(make: (key: K) => T, most = Number.POSITIVE_INFINITY): (key: K) => T {
  const kept = createKept<K, T>(most);
  return (key) => kept(key, make);
}

/** The same of an object, kept as long as it is. */
export function onceForEach<K extends object, T>(make: (of: K) => T): (of: K) => T {
  const made = new WeakMap<K, T>();
  return (of) => made.getOrInsertComputed(of, make);
}

/** Kept as the newest; of more than `most`, the oldest is forgotten. */
export function keepNewest<K, T>(kept: Map<K, T>, key: K, value: T, most: number): T {
  kept.delete(key);
  kept.set(key, value);
  if (kept.size > most) kept.delete(kept.keys().next().value!);
  return value;
}

/**
 * A token bucket for each who asks: how much it may hold at most, and what comes back each second. Of those who ask `most` are remembered; of more, the one
 * longest unheard of begins anew.
 */
export function createBuckets({ burst, perSecond, most }: Record<'burst' | 'perSecond' | 'most', number>) {
  const kept = new Map<string, { tokens: number; at: number }>();
  return {
    /** Takes `cost` where there is anything left, and gives 0; else how many ms until there is. `now`: ms of a clock that only goes forward. */
    take(who: string, cost: number, now: number): number {
      const known = kept.get(who);
      const tokens = known ? Math.min(burst, known.tokens + ((now - known.at) / 1_000) * perSecond) : burst;
      const left = tokens >= 1 ? tokens - cost : tokens;
      keepNewest(kept, who, { tokens: left, at: now }, most);
      // Who was not seen for long begins with a full bucket anyway.
      for (const [key, { at }] of kept) {
        if (((now - at) / 1_000) * perSecond < 2 * burst) break;
        kept.delete(key);
      }
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1_000);
    },
    size: () => kept.size,
  };
}
