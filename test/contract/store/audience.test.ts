import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { audienceSuite } from './audience.suite.ts';
import { describePostgres } from './postgres.ts';
import { deps } from './samples.ts';

function onStore(fresh: () => Promise<{ database: string; drop(): Promise<void> }>, runs: number): void {
  let store: Store;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const made = await fresh();
    drop = made.drop;
    store = await openStore(made.database, deps);
  });
  afterAll(async () => {
    await store.close();
    await drop();
  });
  audienceSuite(() => store, runs);
}

describe('audience on SQLite', () => onStore(async () => ({ database: ':memory:', drop: async () => {} }), 250));
describePostgres('audience on PostgreSQL', ({ fresh }) => onStore(fresh, 25));
