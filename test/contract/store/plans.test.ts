import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { expectAtMost } from '../../fakes/pace.ts';
import {
  announced,
  broadcast,
  clock,
  deps,
  fillAll,
  follower,
  incident,
  matcher,
  NOW,
  report,
  takeAll,
} from './samples.ts';
import { storeWithParts, tempDir } from './sqlite-parts.ts';

/** Tables that may hold a million rows: no statement of the hot paths may walk one from end to end. */
const LARGE =
  'seen|incidents|transitions|reports|alerts|alert_incidents|chats|subscriptions|deliveries|messages|measurements|payloads|cache';

/** Aliases that statements give to large tables. */
const ALIASES = 's|c|h|d|e|l|q|a|x|b|n|p|z';

async function statementsOf(
  work: (store: Store) => Promise<void>,
): Promise<{ statements: string[]; raw: DatabaseSync }> {
  const spy = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const { store, raw } = await storeWithParts(join(tempDir(), 'tocsin.db'));
  await follower(store, 'a', 'RU *', '* whatsapp');
  const seen = spy.mock.calls.length;
  await work(store);
  const statements = [...new Set(spy.mock.calls.slice(seen).map(([sql]) => sql))];
  spy.mockRestore();
  return { statements, raw };
}

const plan = (raw: DatabaseSync, sql: string): string[] => {
  const statement = raw.prepare(`explain query plan ${sql}`);
  return statement
    .all(...Array.from({ length: (sql.match(/\?/g) ?? []).length }, () => null))
    .map((row) => String(row.detail));
};

const walks = (raw: DatabaseSync, statements: string[]): string[] =>
  statements.flatMap((sql) =>
    plan(raw, sql)
      .filter((line) => new RegExp(`^SCAN (${LARGE}|${ALIASES})\\b`).test(line))
      // A partial index that holds only what is open, queued or sending is small.
      .filter(
        (line) => !/INDEX (incidents_open|broadcasts_due|deliveries_queue|deliveries_sending|chats_gone)/.test(line),
      )
      .map((line) => `${line} ⇐ ${sql.replace(/\s+/g, ' ').trim()}`),
  );

test('report stored, incident looked up and changed: no table is walked', async () => {
  const { statements, raw } = await statementsOf(async (store) => {
    await store.seen.known('a', ['k']);
    await store.seen.add('a', ['k'], NOW);
    await store.incidents.openByKey('RU', 'whatsapp', 'access');
    await store.incidents.openByKey(null, null, 'access');
    await store.incidents.insert(incident());
    await store.incidents.update(incident());
    await store.incidents.getMany(['a', 'b']);
    await store.incidents.list({ open: true, limit: 5 });
    await store.incidents.list({ country: 'RU', open: true, limit: 5 });
    await store.incidents.list({ since: NOW, limit: 5 });
    await store.incidents.addTransition({
      incidentId: 'a',
      at: NOW,
      change: 'opened',
      action: 'block',
      state: 'active',
      confidence: 'reported',
      method: null,
      reportId: null,
    });
    await store.reports.insert('a', report(), []);
    await store.reports.byIncident('a', 5);
    await store.reports.incidentsOfItem('a');
    await store.reports.countByIncident(['a']);
    await store.alerts.byIncident('a');
    await store.broadcasts.pendingNew('RU', 'corroborated', 'waiting');
    await store.broadcasts.due(NOW, 10);
    await store.broadcasts.nextDueAt();
  });
  expect(statements.length).toBeGreaterThan(15);
  expect(walks(raw, ['select * from deliveries where chat_id = ?'])).toHaveLength(1);
  expect(walks(raw, statements)).toEqual([]);
});

test('fan-out, queue and chats: matching rows are found by index', async () => {
  const { statements, raw } = await statementsOf(async (store) => {
    const b = await follower(store, 'b', 'RU *');
    await store.silences.add({ chatId: b.id, country: 'IR', service: null, incidentId: null, until: NOW + 1 });
    await fillAll(store, await announced(store), {
      matchers: [matcher(), matcher({ incidentId: 'i2', service: 'signal' })],
    });
    await takeAll(store, (id) => ({ id, outcome: 'retry', nextAt: NOW + 1 }));
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b2', { supersedes: ['b2', 'broadcast-1'] });
    await takeAll(store, undefined, NOW + 1);
    await store.outbox.nextDueAt('tg');
    await store.outbox.recentSends('tg', NOW);
    await store.outbox.depth();
    await store.outbox.recover('tg', NOW);
    await store.chats.end(b.id);
    await store.chats.move({ accountId: 'tg', chat: 'a', thread: null }, { accountId: 'tg', chat: 'b', thread: null });
  });
  expect(statements.length).toBeGreaterThan(30);
  expect(walks(raw, statements)).toEqual([]);
});

test('subscribers of one pair among many: the walk is by the matching index, level included', async () => {
  const { statements, raw } = await statementsOf(async (store) => {
    await fillAll(store, await announced(store));
  });
  const insert = statements.find((sql) => /insert into deliveries/.test(sql))!;
  expect(plan(raw, insert)[0]).toMatch(
    /SEARCH s USING COVERING INDEX subscriptions_match \(country=\? AND service=\? AND level=\? AND chat_id>\? AND chat_id<\?\)/,
  );
});

test('peek with a million done deliveries in the table: by the index of what is queued', async () => {
  const { statements, raw } = await statementsOf(async (store) => {
    await fillAll(store, await announced(store));
    await takeAll(store);
  });
  const heads = statements.find((sql) => /select id from deliveries/.test(sql))!;
  expect(plan(raw, heads)).toEqual([expect.stringMatching(/SEARCH deliveries USING COVERING INDEX deliveries_queue/)]);
});

test('cost of a report: the same with a long history as with a short one', async () => {
  const time = async (history: number) => {
    const store = await openStore(':memory:', { ...deps, clock });
    await store.transaction(async (tables) => {
      for (let i = 0; i < history; i++)
        await tables.incidents.insert(
          incident({
            id: `h${i}`,
            country: `C${i % 200}`,
            service: `s${i % 500}`,
            open: i % 100 === 0,
            openedAt: NOW - i,
            lastReportAt: NOW - i,
          }),
        );
    });
    const times: number[] = [];
    for (let i = 0; i < 200; i++) {
      const started = performance.now();
      await store.transaction(async (tables) => {
        await tables.incidents.openByKey('RU', 'whatsapp', 'access');
        await tables.incidents.insert(incident({ id: `n${i}`, open: false }));
        await tables.reports.insert(`n${i}`, report(), []);
      });
      times.push(performance.now() - started);
    }
    await store.close();
    return times.toSorted((a, b) => a - b)[100]!;
  };
  const short = await time(500);
  const long = await time(15_000);
  expectAtMost(long / short, 2.5);
});
