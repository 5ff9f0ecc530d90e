import type { Store } from '../ports/store.ts';

/** Keys that one source may have; a feed of fifty items a day has that many after half a year. */
const MAX_SEEN = 30_000;
/** Keys are counted again when a source has added so many. */
const COUNT_EVERY = 1_000;

export interface SeenBound {
  /** What this source first showed until then (ms since the epoch) may have been forgotten; 0 = nothing was. */
  forgottenUntil(sourceId: string): Promise<number>;
  /** After a fetch: `added` keys were remembered at most, `carried` are those that the feed still shows and that must stay. */
  added(sourceId: string, added: number, carried: string[]): Promise<void>;
}

/**
 * Keeps what is remembered of one source within bounds, whatever its feed invents. The oldest keys go; up to when they were, is remembered in
 * the same transaction, so that what was forgotten is not taken for news when the feed brings it back.
 */
export function createSeenBound(store: Pick<Store, 'transaction' | 'state'>, max = MAX_SEEN): SeenBound {
  const floors = new Map<string, number>();
  const uncounted = new Map<string, number>();

  async function forgottenUntil(sourceId: string): Promise<number> {
    const known = floors.get(sourceId);
    if (known !== undefined) return known;
    const kept = await store.state('seen').get(sourceId);
    const floor = typeof kept === 'number' ? kept : 0;
    floors.set(sourceId, floor);
    return floor;
  }

  return {
    forgottenUntil,
    async added(sourceId, added, carried) {
      // Unknown how many there are: as if it were time to count.
      const since = (uncounted.get(sourceId) ?? COUNT_EVERY) + added;
      if (added === 0 || since < Math.min(COUNT_EVERY, max / 10)) {
        if (uncounted.has(sourceId)) uncounted.set(sourceId, since);
        return;
      }
      for (;;) {
        const floor = await forgottenUntil(sourceId);
        const forgotten = await store.transaction(async (tables) => {
          const at = await tables.seen.bound(sourceId, max, carried);
          if (at !== null && at > floor) await tables.state('seen').set(sourceId, at);
          return at;
        });
        if (forgotten === null) break;
        floors.set(sourceId, Math.max(floor, forgotten));
      }
      uncounted.set(sourceId, 0);
    },
  };
}
