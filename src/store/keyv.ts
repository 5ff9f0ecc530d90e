import { Keyv, type KeyvStorageAdapter } from 'keyv';
import { sql } from 'kysely';
import { codeOf, onceWhileFailing } from '../core/errors.ts';
import type { Clock, Forgettable, Log } from '../core/ports/runtime.ts';
import { systemClock } from '../platform/clock.ts';
import { changed, first, insert, remove } from './sql/rows.ts';
import { commitLater, type Session } from './sql/session.ts';

/** The clock that Keyv itself reckons by: the machine's, whatever the program is handed. */
export const keyvNow = systemClock.now;

/**
 * Keyv 6 storage over the store's own database, both dialects: what `Forgettable` asks of it. `expires` is absolute, ms since the epoch, by the system's
 * clock, as Keyv itself reckons it. Throws when the database fails: Keyv turns that into a miss and an `error` event.
 */
export const keyvStorage = (session: Session, namespace: string, now: () => number = keyvNow) => ({
  // So that Keyv takes it as it is, and not for a storage of its earlier versions.
  capabilities: { expires: true },
  async get(key: string): Promise<string | undefined> {
    const live = sql`and (expires is null or expires > ${now()})`;
    return (await first(session, 'cache', { namespace, key }, live))?.value;
  },
  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    const over = sql`on conflict (namespace, key) do update set value = excluded.value, expires = excluded.expires`;
    const row = { namespace, key, value: String(value), expires: expires ?? null };
    await session.atomically(async (inner) => {
      await commitLater(inner);
      await insert(inner, 'cache', row, over);
    });
    return true;
  },
  delete: async (key: string): Promise<boolean> => changed(await remove(session, 'cache', { namespace, key })) > 0,
});

/**
 * `Forgettable` over Keyv: never throws, and a failing database is a miss, logged once until it works again. The time by our own clock
 * goes along with the value, so that a virtual clock is obeyed too.
 */
export function forgettable(session: Session, namespace: string, clock: Clock, log: Log): Forgettable {
  const trouble = onceWhileFailing(log, {
    begins: 'Unable to use the cache; going on without',
    ends: null,
    fields: { namespace },
  });
  /** Made for each use: kept, its statistics alone are 4 kB, and each of hundreds of feeds would have them. */
  const keyv = (): Keyv => {
    const made = new Keyv({ store: keyvStorage(session, namespace) as unknown as KeyvStorageAdapter });
    made.on('error', (error: unknown) => {
      // A database that fails is logged by the store itself (`alone.ts`), a lease that is lost by whoever held it.
      if (codeOf(error) !== 'store_failed' && codeOf(error) !== 'lease_lost') trouble.failing(error);
    });
    return made;
  };
  return {
    async get(key) {
      const kept: unknown = await keyv().get(key);
      if (kept === undefined) return undefined;
      trouble.working();
      const { value, until } = kept as { value: unknown; until: number | null };
      return until !== null && until <= clock.now() ? undefined : value;
    },
    async set(key, value, ttlMs) {
      const until = ttlMs === null ? null : clock.now() + ttlMs;
      const done = await keyv().set(key, { value, until }, ttlMs ?? undefined);
      if (done) trouble.working();
      return done;
    },
    async delete(key) {
      return keyv().delete(key);
    },
  };
}
