/** Databases full of subscribers, made the quickest way there is: as the import of an export. */
import { createHash } from 'node:crypto';
import type { Store } from '../../../src/core/ports/store.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { quietLog as silent } from '../../fakes/fake-log.ts';

export interface Seed {
  account: string;
  platform: string;
  /** The platform's ids of the chats. */
  chats: Iterable<string>;
  /** Country and service that the n-th chat follows; everything everywhere when absent. */
  follows?(n: number): [country: string, service: string];
  kind?: 'private' | 'group';
}

const LEVEL = 1;
export const deps = { clock: systemClock, log: silent, ids: createIds(systemClock) };
export const openQuietly = (database: string): Promise<Store> => openStore(database, deps);

/** As many chats as there are names, each with one subscription. Resolves with how many. */
export async function seed(database: string, seeds: Seed[]): Promise<number> {
  const store = await openQuietly(database);
  try {
    const digests = await store.restore(exported(seeds));
    return digests.find((one) => one.table === 'chats')!.rows;
  } finally {
    await store.close();
  }
}

export function* numbers(from: number, count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield String(from + i);
}

async function* exported(seeds: Seed[]): AsyncGenerator<string> {
  yield JSON.stringify({ tocsin: 'export', format: 1, schema: 1, at: new Date(0).toISOString() });
  let rows = 0;
  const chats = function* (): Generator<unknown[]> {
    let n = 0;
    for (const { account, platform, chats, kind } of seeds)
      for (const chat of chats)
        yield [++n, account, platform, chat, '', kind ?? 'private', 'en', 'UTC', LEVEL, 'active', 1];
  };
  const subscriptions = function* (): Generator<unknown[]> {
    let n = 0;
    for (const { account, chats, follows } of seeds) {
      let own = 0;
      for (const _ of chats) yield [++n, ...(follows?.(own++) ?? ['*', '*']), LEVEL, 1, account];
    }
  };
  const tables: [string, string, () => Generator<unknown[]>][] = [
    ['chats', 'id account_id platform chat thread kind lang time_zone level state created_at', chats],
    ['subscriptions', 'chat_id country service level created_at account_id', subscriptions],
  ];
  for (const [table, columns, make] of tables) {
    yield JSON.stringify({ table, columns: columns.split(' ') });
    const sum = createHash('sha256');
    let own = 0;
    for (const row of make()) {
      const line = JSON.stringify(row);
      sum.update(`${line}\n`);
      own++;
      yield line;
    }
    rows += own;
    yield JSON.stringify({ end: table, rows: own, checksum: sum.digest('hex') });
  }
  yield JSON.stringify({ end: 'export', tables: tables.length, rows });
}
