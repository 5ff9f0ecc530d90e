import { expect, test } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import {
  address,
  alert,
  announced,
  broadcast,
  DAY,
  fillAll,
  follower,
  incident,
  measurement,
  NOW,
  report,
  takeAll,
} from './samples.ts';

const rowsOf = async (store: Store) =>
  Object.fromEntries((await store.digest()).filter(({ rows }) => rows > 0).map(({ table, rows }) => [table, rows]));

async function pruneAll(store: Store, now: number): Promise<number> {
  let calls = 1;
  while (await store.prune(now)) if (++calls > 1_000) throw new Error('prunes without an end');
  return calls;
}

/** What is kept, for how long, and what may be forgotten. */
export function keepingSuite(open: () => Store): void {
  test('prune: what is past its time goes, the record of incidents stays', async () => {
    const store = open();
    await store.seen.add('a', ['old'], NOW - 121 * DAY);
    await store.seen.add('a', ['carried'], NOW - 121 * DAY);
    await store.seen.add('a', ['carried'], NOW - 100 * DAY);
    await store.incidents.insert(incident({ open: false, openedAt: NOW - 900 * DAY, lastReportAt: NOW - 900 * DAY }));
    await store.reports.insert('RU-whatsapp-3f9k', report({ at: NOW - 900 * DAY }), []);
    const gone = await follower(store, 'gone', 'RU *');
    await follower(store, 'stays', 'RU *');
    await store.silences.add({ chatId: gone.id, country: 'RU', service: null, incidentId: null, until: NOW - 8 * DAY });
    await announced(store);
    await fillAll(store, 'broadcast-1');
    await takeAll(store);
    await pruneAll(store, NOW);
    expect(await rowsOf(store)).toMatchObject({
      seen: 1,
      incidents: 1,
      reports: 1,
      deliveries: 2,
      messages: 2,
      chats: 2,
    });
    expect(await rowsOf(store)).not.toHaveProperty('silences');
    await store.chats.end(gone.id);
    await pruneAll(store, NOW + 31 * DAY);
    expect(await rowsOf(store)).toEqual({
      incidents: 1,
      reports: 1,
      alerts: 1,
      alert_incidents: 1,
      messages: 2,
      chats: 2,
      subscriptions: 1,
      payloads: 1,
    });
    await pruneAll(store, NOW + 181 * DAY);
    expect(await rowsOf(store)).toEqual({ incidents: 1, reports: 1, chats: 1, subscriptions: 1 });
  });

  test('prune: an alert of an open incident keeps its messages, for its lift edits them', async () => {
    const store = open();
    await store.incidents.insert(incident());
    await follower(store, 'a', 'RU *');
    await fillAll(store, await announced(store));
    await takeAll(store);
    await pruneAll(store, NOW + 400 * DAY);
    expect(await rowsOf(store)).toMatchObject({ alerts: 1, messages: 1 });
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b2');
    expect(await takeAll(store)).toEqual(['a edit', 'a reply']);
  });

  test('prune: a delivery that waited for a month is given up, and the queue is right', async () => {
    const store = open();
    await follower(store, 'a', 'RU *');
    await fillAll(store, await announced(store));
    await pruneAll(store, NOW + 31 * DAY);
    expect(await store.outbox.depth()).toEqual([]);
    expect(await rowsOf(store)).not.toHaveProperty('messages');
  });

  test('prune: a bounded number of rows a call', async () => {
    const store = open();
    await store.seen.add(
      'a',
      Array.from({ length: 4_500 }, (_, i) => `k${i}`),
      NOW - 200 * DAY,
    );
    expect(await pruneAll(store, NOW)).toBe(3);
    expect(await rowsOf(store)).toEqual({});
  });

  test('prune: raw measurements of a month ago are counted by day', async () => {
    const store = open();
    for (const [id, verdict, hours] of [
      ['a', 'ok', 0],
      ['b', 'ok', 1],
      ['c', 'timeout', 2],
      ['d', 'ok', 30],
    ] as const)
      await store.measurements.add(
        measurement({ id, verdict, at: NOW - 40 * DAY + hours * 3_600_000, component: null }),
      );
    await store.measurements.add(measurement({ id: 'new' }));
    await pruneAll(store, NOW);
    expect(await store.measurements.recent({ since: 0, limit: 10 })).toHaveLength(1);
    expect(await rowsOf(store)).toEqual({ measurements: 1, measurement_days: 3 });
  });

  test('prune: that a command was answered is remembered for an hour; what waits, waits for a month', async () => {
    const { outbox, prune } = open();
    const asked = { address: address('a'), chatKind: 'private', kind: 'change', at: NOW, command: null } as const;
    const waiting = ['1', '2', '3'].map((id) => ({ ...asked, id, ref: id }));
    await outbox.noteAnswers({ waiting, answered: ['1'], dropped: [], at: NOW - DAY / 24 - 1 });
    await outbox.noteAnswers({ waiting: [], answered: ['2'], dropped: [], at: NOW - DAY / 24 + 1 });
    await prune(NOW);
    const owed = await outbox.owedAnswers('tg', 0);
    expect([owed.waiting.map(({ id }) => id), owed.answered.map(({ ref }) => ref)]).toEqual([['3'], ['2']]);
    await prune(NOW + 29 * DAY);
    expect((await outbox.owedAnswers('tg', 0)).waiting).toHaveLength(1);
    await prune(NOW + 31 * DAY);
    expect((await outbox.owedAnswers('tg', 0)).waiting).toEqual([]);
  });

  test('prune: years after the last chat ended and the last incident was over, what is left is what docs/decisions/store.md says', async () => {
    const store = open();
    await everything(store);
    await store.cache('x').set('short', 'gone', -1);
    const names = [...['b', 'a', 'Ж', 'z'].map((name) => address(name)), address('pair', null, 'mx')];
    const chats = (await Promise.all(names.map((name) => store.chats.find(name)))).map((one) => one!.id);
    await store.silences.add({ chatId: chats[0]!, country: 'RU', service: null, incidentId: null, until: NOW + DAY });
    const [known] = await store.incidents.list({ limit: 1 });
    await store.incidents.update({ ...known!, open: false, version: known!.version + 1 });
    await pruneAll(store, NOW + 31 * DAY);
    expect(Object.keys(await rowsOf(store))).toContain('measurement_days');
    for (const id of chats) await store.chats.end(id);
    await pruneAll(store, NOW + 3_650 * DAY);
    const record = ['incidents', 'transitions', 'reports'];
    expect(Object.keys(await rowsOf(store)).toSorted()).toEqual(
      [...record, 'states', 'source_states', 'cache'].toSorted(),
    );
  });

  test('cache: by namespace, with and without an end, deleted', async () => {
    const store = open();
    const cache = store.cache('http');
    expect(await cache.get('etag')).toBeUndefined();
    expect(await cache.set('etag', { v: '"x"', list: [1, null] }, null)).toBe(true);
    expect(await cache.set('short', 'gone', -1)).toBe(true);
    expect(await cache.set('long', 'here', 60_000)).toBe(true);
    expect(await cache.get('etag')).toEqual({ v: '"x"', list: [1, null] });
    expect(await cache.get('short')).toBeUndefined();
    expect(await cache.get('long')).toBe('here');
    expect(await store.cache('other').get('etag')).toBeUndefined();
    expect(await cache.delete('etag')).toBe(true);
    expect(await cache.get('etag')).toBeUndefined();
  });

  test('store closed under a cache: a miss, not an error; durable state throws', async () => {
    const store = open();
    const cache = store.cache('http');
    await cache.set('k', 1, null);
    await store.close();
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.set('k', 2, null)).toBe(false);
    expect(await cache.delete('k')).toBe(false);
    await expect(store.state('x').get('k')).rejects.toThrow();
  });

  test('dump and restore: every row, in chats, texts and numbers alike', async () => {
    const store = open();
    await everything(store);
    const before = await store.digest();
    const lines: string[] = [];
    for await (const line of store.dump()) lines.push(line);
    expect(
      before.every(
        ({ table, rows }) =>
          rows > 0 || ['silences', 'measurement_days', 'backlog', 'held', 'reader_counts'].includes(table),
      ),
    ).toBe(true);
    await expect(store.restore(from(lines))).rejects.toMatchObject({ code: 'import_invalid' });
    expect(await store.digest()).toEqual(before);
  });
}

export async function* from(lines: string[]): AsyncGenerator<string> {
  yield* lines;
}

/** At least a row in almost every table. */
export async function everything(store: Store): Promise<void> {
  await store.seen.add('a', ['k1', 'ключ'], NOW);
  await store.incidents.insert(incident({ regions: ['Москва'] }));
  await store.incidents.addTransition({
    incidentId: 'RU-whatsapp-3f9k',
    at: NOW,
    change: 'opened',
    action: 'block',
    state: 'active',
    confidence: 'reported',
    method: null,
    reportId: 'r',
  });
  await store.reports.insert('RU-whatsapp-3f9k', report(), [1, 2]);
  await store.alerts.insert(alert());
  await store.broadcasts.insert(broadcast());
  for (const name of ['b', 'a', 'Ж', 'z']) await follower(store, name, 'RU *', '* whatsapp');
  const fickle = await follower(store, 'a', 'TR *');
  await store.subscriptions.remove(fickle.id, [{ country: 'TR', service: '*' }]);
  const last = await store.chats.ensure(address('thread', '7', 'mx'), {
    platform: 'matrix',
    kind: 'group',
    lang: 'ru',
    now: NOW,
  });
  await store.chats.end(last.id);
  const first = await store.chats.find(address('b'));
  const second = await store.chats.ensure(address('pair', null, 'mx'), {
    platform: 'matrix',
    kind: 'private',
    lang: 'ru',
    now: NOW,
  });
  await store.links.join(first!.id, second.id, NOW);
  await store.boards.add(first!.id);
  await store.notices.tell('notice-1', { kind: 'announce', text: 'Ж' }, [second.id], { priority: 'digest', now: NOW });
  await fillAll(store, 'broadcast-1');
  await takeAll(store);
  await store.measurements.add(measurement());
  await store.state('x').set('k', { a: 1 });
  await store.posts.put('agent/a', { text: 'Ж' }, NOW);
  await store.cache('x').set('k', 'v', null);
  const command = { text: 'статус', from: 'matrix:1', lang: null, messageRef: '$1', forwarded: false };
  const asked = { id: '1', address: address('Ж', '7', 'mx'), chatKind: 'group', ref: '$1', at: NOW } as const;
  await store.outbox.noteAnswers({
    waiting: [{ ...asked, kind: 'question', command }],
    answered: [],
    dropped: [],
    at: NOW,
  });
  await store.sourceStates.setMany([
    {
      id: 's',
      state: {
        lastPollAt: NOW,
        lastOkAt: NOW,
        firstPollDone: true,
        failures: 0,
        failingSince: null,
        lastCode: null,
        lastMessage: null,
        notBefore: null,
        nextDueAt: null,
      },
    },
  ]);
}
