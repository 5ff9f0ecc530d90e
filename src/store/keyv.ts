import { EventEmitter } from 'node:events';
import { Keyv, type KeyvStorageAdapter, keyvStorageCapability } from 'keyv';
import { sql } from 'kysely';
import { codeOf } from '../core/errors.ts';
import { onceWhileFailing } from '../core/failures.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import type { Forgettable } from '../core/ports/state.ts';
import { systemClock } from '../platform/clock.ts';
import type { Session } from './sql/session.ts';
import { among, rowsOf } from './sql/values.ts';

interface Entry {
  key: string;
  value: unknown;
  expires?: number;
}

const PAGE = 256;

/** The clock that Keyv itself reckons by: the machine's, whatever the program is handed. */
export const keyvNow = systemClock.now;

/**
 * Keyv 6 storage over the store's own database, both dialects. `expires` is absolute, ms since the epoch, by the system's clock, as
 * Keyv itself reckons it. Throws when the database fails: Keyv turns that into a miss and an `error` event.
 */
export class SqlKeyvStorage extends EventEmitter {
  namespace: string | undefined;
  readonly #session: Session;
  readonly #now: () => number;

  constructor(session: Session, namespace?: string, now: () => number = keyvNow) {
    super();
    this.#session = session;
    this.namespace = namespace;
    this.#now = now;
  }

  get capabilities() {
    return keyvStorageCapability(this);
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.getMany([key]))[0];
  }

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    const { rows } = await sql<{ key: string; value: string }>`
      select key, value from cache where namespace = ${this.#ns} and ${among(this.#session.dialect, 'key', 'text', keys)}
      and (expires is null or expires > ${this.#now()})
    `.execute(this.#session.db);
    const found = new Map(rows.map((row) => [row.key, row.value]));
    return keys.map((key) => found.get(key));
  }

  async has(key: string): Promise<boolean> {
    return (await this.get(key)) !== undefined;
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    return (await this.getMany(keys)).map((value) => value !== undefined);
  }

  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    await this.setMany([{ key, value, expires }]);
    return true;
  }

  async setMany(entries: Entry[]): Promise<boolean[]> {
    // The last one wins where a key stands twice.
    const last = new Map(
      entries.map(({ key, value, expires }) => [key, [key, String(value), expires ?? null] as const]),
    );
    const rows = rowsOf(this.#session.dialect, { key: 'text', value: 'text', expires: 'int' }, [...last.values()]);
    await sql`
      insert into cache (namespace, key, value, expires)
      select cast(${this.#ns} as text), r.key, r.value, r.expires from ${rows} as r where true
      on conflict (namespace, key) do update set value = excluded.value, expires = excluded.expires
    `.execute(this.#session.db);
    return entries.map(() => true);
  }

  async delete(key: string): Promise<boolean> {
    return (await this.deleteMany([key]))[0]!;
  }

  async deleteMany(keys: string[]): Promise<boolean[]> {
    const { rows } = await sql<{ key: string }>`
      delete from cache where namespace = ${this.#ns} and ${among(this.#session.dialect, 'key', 'text', keys)} returning key
    `.execute(this.#session.db);
    const deleted = new Set(rows.map((row) => row.key));
    return keys.map((key) => deleted.has(key));
  }

  async clear(): Promise<void> {
    await sql`delete from cache where namespace = ${this.#ns}`.execute(this.#session.db);
  }

  async *iterator(): AsyncGenerator<[string, string]> {
    let after = '';
    for (;;) {
      const { rows } = await sql<{ key: string; value: string }>`
        select key, value from cache where namespace = ${this.#ns} and key > ${after} and (expires is null or expires > ${this.#now()})
        order by key limit ${PAGE}
      `.execute(this.#session.db);
      for (const row of rows) yield [row.key, row.value];
      if (rows.length < PAGE) return;
      after = rows.at(-1)!.key;
    }
  }

  /** The database is the store's: nothing of Keyv's to close. */
  async disconnect(): Promise<void> {}

  get #ns(): string {
    return this.namespace ?? '';
  }
}

/**
 * `Forgettable` over Keyv: never throws, and a failing database is a miss, logged once until it works again. The time by our own clock
 * goes along with the value, so that a virtual clock is obeyed too.
 */
export function forgettable(session: Session, namespace: string, clock: Clock, log: Log): Forgettable {
  const keyv = new Keyv({ store: new SqlKeyvStorage(session, namespace) as unknown as KeyvStorageAdapter });
  const trouble = onceWhileFailing(log, {
    begins: 'Unable to use the cache; going on without',
    ends: null,
    fields: { namespace },
  });
  keyv.on('error', (error: unknown) => {
    // A database that fails is logged by the store itself (`alone.ts`), a lease that is lost by whoever held it.
    if (codeOf(error) !== 'store_failed' && codeOf(error) !== 'lease_lost') trouble.failing(error);
  });
  return {
    async get(key) {
      const kept: unknown = await keyv.get(key);
      if (kept === undefined) return undefined;
      trouble.working();
      const { value, until } = kept as { value: unknown; until: number | null };
      return until !== null && until <= clock.now() ? undefined : value;
    },
    async set(key, value, ttlMs) {
      const until = ttlMs === null ? null : clock.now() + ttlMs;
      const done = await keyv.set(key, { value, until }, ttlMs ?? undefined);
      if (done) trouble.working();
      return done;
    },
    async delete(key) {
      return keyv.delete(key);
    },
  };
}
