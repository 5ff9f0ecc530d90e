import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { scratchFolder } from '../../fakes/scratch.ts';
import { boardsSuite } from './boards.suite.ts';
import { chatsSuite } from './chats.suite.ts';
import { factsSuite } from './facts.suite.ts';
import { fillSuite } from './fill.suite.ts';
import { heldSuite } from './held.suite.ts';
import { keepingSuite } from './keeping.suite.ts';
import { linksSuite } from './links.suite.ts';
import { outboxSuite } from './outbox.suite.ts';
import { describePostgres } from './postgres.ts';
import { queriesSuite } from './queries.suite.ts';
import { deps } from './samples.ts';
import { threadsSuite } from './threads.suite.ts';

/** The one contract of `core/ports/store.ts`, for every way to keep it. */
function storeSuite(fresh: () => Promise<{ database: string; drop(): Promise<void> }>): void {
  let store: Store;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    const made = await fresh();
    drop = made.drop;
    store = await openStore(made.database, deps);
  });
  afterEach(async () => {
    await store.close();
    await drop();
  });
  const open = () => store;
  describe('facts', () => factsSuite(open));
  describe('chats', () => chatsSuite(open));
  describe('chats and threads', () => threadsSuite(open));
  describe('fill', () => fillSuite(open));
  describe('outbox', () => outboxSuite(open));
  describe('boards', () => boardsSuite(open));
  describe('pairs', () => linksSuite(open));
  describe('held', () => heldSuite(open));
  describe('keeping', () => keepingSuite(open));
  describe('queries', () => queriesSuite(open));
}

describe('store in memory', () => storeSuite(async () => ({ database: ':memory:', drop: async () => {} })));

describe('store in a file', () =>
  storeSuite(async () => {
    const dir = scratchFolder('tocsin-store-');
    return { database: join(dir, 'tocsin.db'), drop: async () => rmSync(dir, { recursive: true }) };
  }));

describePostgres('store on PostgreSQL', ({ reused }) => storeSuite(reused));
