import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { allAskedFor } from '../../rooms.ts';
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

// Other worlds at each run; more of them where there is time.
const WORLDS = allAskedFor() ? 250 : 100;
describe('audience on SQLite', () => onStore(async () => ({ database: ':memory:', drop: async () => {} }), WORLDS));
describePostgres('audience on PostgreSQL', ({ fresh }) => onStore(fresh, WORLDS / 10));
