import { afterEach, beforeEach, describe } from 'vitest';
import type { SharedStore } from '../../../src/core/ports/leases.ts';
import { openStore } from '../../../src/store/open.ts';
import { boardsSuite } from './boards.suite.ts';
import { chatsSuite } from './chats.suite.ts';
import { factsSuite } from './facts.suite.ts';
import { fillSuite } from './fill.suite.ts';
import { heldSuite } from './held.suite.ts';
import { keepingSuite } from './keeping.suite.ts';
import { leasesSuite } from './leases.suite.ts';
import { linksSuite } from './links.suite.ts';
import { outboxSuite } from './outbox.suite.ts';
import { queriesSuite } from './queries.suite.ts';
import { readersSuite } from './readers.suite.ts';
import { rowsSuite } from './rows.suite.ts';
import { deps } from './samples.ts';
import { threadsSuite } from './threads.suite.ts';

/** The one contract of `core/ports/store.ts`, for every way to keep it. */
export function storeSuite(fresh: () => Promise<{ database: string; drop(): Promise<void> }>): void {
  let store: SharedStore;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    const made = await fresh();
    drop = made.drop;
    store = await openStore(made.database, deps, { shared: true });
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
  describe('leases', () => leasesSuite(open));
  describe('readers', () => readersSuite(open));
  describe('rows', () => rowsSuite(open));
  describe('held', () => heldSuite(open));
  describe('keeping', () => keepingSuite(open));
  describe('queries', () => queriesSuite(open));
}
