import { expect, test } from 'vitest';
import { TocsinError } from '../../../src/core/errors.ts';
import type { Report } from '../../../src/core/model/report.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { alert, broadcast, DAY, incident, measurement, NOW, report } from './samples.ts';

/** What was read and what it turned out to be: seen, incidents, reports, alerts, broadcasts, measurements, states. */
export function factsSuite(open: () => Store): void {
  test('seen keys beyond a bound: the oldest go, those named stay, another source is left alone', async () => {
    const store = open();
    for (let i = 0; i < 30; i++) await store.seen.add('a', [`k${String(i).padStart(2, '0')}`], NOW + i);
    await store.seen.add('b', ['k00'], NOW);
    expect(await store.seen.bound('a', 30, [])).toBeNull();
    expect(await store.seen.bound('a', 20, ['k00', 'k02'])).toBe(NOW + 13);
    const all = Array.from({ length: 30 }, (_, i) => `k${String(i).padStart(2, '0')}`);
    expect([...(await store.seen.known('a', all))].toSorted()).toEqual(['k00', 'k02', ...all.slice(14)]);
    expect(await store.seen.known('b', all)).toEqual(new Set(['k00']));
    expect(await store.seen.bound('a', 20, [])).toBeNull();
  });

  test('seen keys far beyond a bound: a thousand a call', async () => {
    const store = open();
    const keys = Array.from({ length: 2_500 }, (_, i) => `k${i}`);
    await store.seen.add('a', keys, NOW);
    let calls = 0;
    while ((await store.seen.bound('a', 100, [])) !== null) calls++;
    expect([calls, (await store.seen.known('a', keys)).size]).toEqual([3, 90]);
  });

  test('seen keys: known by source, adding twice is nothing', async () => {
    const store = open();
    await store.seen.add('a', ['k1', 'k2', 'k1'], NOW);
    await store.seen.add('a', ['k2', 'k3'], NOW + 1);
    expect(await store.seen.known('a', ['k0', 'k1', 'k2', 'k3'])).toEqual(new Set(['k1', 'k2', 'k3']));
    expect(await store.seen.known('b', ['k1'])).toEqual(new Set());
    expect(await store.seen.known('a', [])).toEqual(new Set());
  });

  test('incident: comes back as it went in, and as it was updated', async () => {
    const store = open();
    const first = incident({ regions: ['Москва'], method: 'dns' });
    await store.incidents.insert(first);
    expect(await store.incidents.get(first.id)).toEqual(first);
    const changed = incident({
      confidence: 'confirmed',
      confirmedAt: NOW + 1,
      closedAt: NOW + 2,
      open: false,
      state: 'lifted',
      liftConfidence: 'reported',
      version: 2,
    });
    await store.incidents.update(changed);
    expect(await store.incidents.get(first.id)).toEqual(changed);
    expect(await store.incidents.get('none')).toBeNull();
    expect(await store.incidents.getMany(['none', first.id, first.id])).toEqual([changed]);
  });

  test('same id twice: refused', async () => {
    const store = open();
    await store.incidents.insert(incident());
    await expect(store.incidents.insert(incident())).rejects.toMatchObject({ code: 'store_failed' });
  });

  test('open by key: null parts match null only', async () => {
    const store = open();
    await store.incidents.insert(incident());
    await store.incidents.insert(incident({ id: 'RU-any-1', service: null }));
    await store.incidents.insert(incident({ id: 'RU-whatsapp-old', open: false }));
    const id = async (...key: Parameters<Store['incidents']['openByKey']>) =>
      (await store.incidents.openByKey(...key))?.id ?? null;
    expect(await id('RU', 'whatsapp', 'access')).toBe('RU-whatsapp-3f9k');
    expect(await id('RU', null, 'access')).toBe('RU-any-1');
    expect(await id(null, 'whatsapp', 'access')).toBeNull();
    expect(await id('RU', 'whatsapp', 'warn')).toBeNull();
    await store.incidents.insert(incident({ id: 'RU-whatsapp-part', regions: ['RU-DA'], lastReportAt: NOW + 1 }));
    expect(await id('RU', 'whatsapp', 'access')).toBe('RU-whatsapp-3f9k');
  });

  test('list: filtered, newest evidence first, bounded', async () => {
    const store = open();
    await store.incidents.insert(incident({ id: 'a', openedAt: NOW - 3 * DAY, lastReportAt: NOW - 2 * DAY }));
    await store.incidents.insert(incident({ id: 'b', lastReportAt: NOW + 1, service: 'signal' }));
    await store.incidents.insert(
      incident({ id: 'c', lastReportAt: NOW + 2, country: null, open: false, family: 'warn' }),
    );
    const ids = async (filter: Parameters<Store['incidents']['list']>[0]) =>
      (await store.incidents.list(filter)).map(({ id }) => id);
    expect(await ids({ limit: 10 })).toEqual(['c', 'b', 'a']);
    expect(await ids({ limit: 2 })).toEqual(['c', 'b']);
    expect(await ids({ country: 'RU', limit: 10 })).toEqual(['b', 'a']);
    expect(await ids({ country: null, limit: 10 })).toEqual(['c']);
    expect(await ids({ service: 'signal', open: true, limit: 10 })).toEqual(['b']);
    expect(await ids({ family: 'warn', limit: 10 })).toEqual(['c']);
    expect(await ids({ open: false, limit: 10 })).toEqual(['c']);
    expect(await ids({ since: NOW, limit: 10 })).toEqual(['c', 'b']);
  });

  test('transitions: numbered in the order they came, by incident', async () => {
    const store = open();
    const line = {
      incidentId: 'x',
      at: NOW,
      change: 'opened',
      action: 'block',
      state: 'active',
      confidence: 'reported',
      method: null,
      reportId: 'r',
    } as const;
    await store.incidents.addTransition(line);
    await store.incidents.addTransition({ ...line, incidentId: 'y' });
    await store.incidents.addTransition({ ...line, change: 'confidence-up', reportId: null });
    expect(await store.incidents.transitions('x')).toEqual([
      { ...line, seq: 1 },
      { ...line, seq: 2, change: 'confidence-up', reportId: null },
    ]);
    const many = await store.incidents.transitionsOf(['y', 'x', 'z', 'x']);
    expect([...many.keys()].sort()).toEqual(['x', 'y']);
    expect(many.get('x')).toEqual(await store.incidents.transitions('x'));
    expect(many.get('y')).toEqual([{ ...line, incidentId: 'y', seq: 1 }]);
    expect(await store.incidents.transitionsOf([])).toEqual(new Map());
  });

  test('reports: newest first with their fingerprint, found by item, counted', async () => {
    const store = open();
    const outlet = { country: null, kind: 'unknown' as const };
    const older = report({ id: 'r0', at: NOW - 1, measured: null, itemId: null, publisher: 'site.example', outlet });
    await store.reports.insert('i1', report(), [1, 2, 4_294_967_295]);
    await store.reports.insert('i1', older, []);
    await store.reports.insert('i2', report({ id: 'r2', at: NOW + 1 }), [3]);
    expect(await store.reports.byIncident('i1', 10)).toEqual([
      { ...report(), fingerprint: [1, 2, 4_294_967_295] },
      { ...older, fingerprint: [] },
    ]);
    expect(await store.reports.byIncident('i1', 1)).toHaveLength(1);
    const { sourceId, voice } = report();
    await store.reports.revoice('i2', { sourceId, voice }, 'another');
    await store.reports.revoice('i1', { sourceId, voice: 'nobody' }, 'another');
    await store.reports.revoice('i1', { sourceId: 'nobody', voice }, 'another');
    const voices = async (id: string) => (await store.reports.byIncident(id, 9)).map((one) => one.voice);
    expect([await voices('i1'), await voices('i2')]).toEqual([[voice, voice], ['another']]);
    expect(await store.reports.incidentsOfItem('item-1')).toEqual(['i1', 'i2']);
    await store.reports.insert('i1', report({ id: 'r3', at: NOW + 2, itemId: 'item-2' }), []);
    await store.reports.insert('i1', report({ id: 'r4', at: NOW + 3, itemId: 'item-2' }), []);
    expect(await store.reports.itemsOf('i1', 9)).toEqual(['item-1', 'item-2']);
    expect(await store.reports.itemsOf('i1', 2)).toEqual(['item-2']);
    expect(await store.reports.itemsOf('i9', 9)).toEqual([]);
    expect(await store.reports.countByIncident(['i1', 'i2', 'i3'])).toEqual(
      new Map([
        ['i1', 4],
        ['i2', 1],
      ]),
    );
  });

  test('more reports than are asked for: who says much hides nobody, and the first word of each stays', async () => {
    const store = open();
    const insert = (id: string, over: Partial<Report>) =>
      store.reports.insert('i-many', report({ id, sourceId: 'much', voice: 'much', measured: null, ...over }), []);
    for (const [i, voice] of ['one', 'two'].entries()) {
      await insert(`o${i}`, { sourceId: voice, voice, at: NOW + i });
      await insert(`u${i}`, { sourceId: voice, voice, at: NOW + i, action: 'unblock' });
    }
    for (let i = 0; i < 30; i++) await insert(`m${String(i).padStart(2, '0')}`, { at: NOW + 10 + i });
    const ids = async (limit: number) => (await store.reports.byIncident('i-many', limit)).map(({ id }) => id);
    expect(await ids(100)).toHaveLength(34);
    expect(await ids(7)).toEqual(['m29', 'm28', 'm00', 'u1', 'o1', 'u0', 'o0']);
    expect(await ids(3)).toEqual(['m29', 'u1', 'u0']);
  });

  test('a source with many voices: it has its turns as others have theirs', async () => {
    const store = open();
    for (let i = 0; i < 40; i++)
      await store.reports.insert(
        'i-voices',
        report({ id: `v${i}`, sourceId: 'peer', voice: `voice-${i}`, at: NOW + 9 }),
        [],
      );
    await store.reports.insert('i-voices', report({ id: 'own', sourceId: 'paper', voice: 'paper', at: NOW }), []);
    expect((await store.reports.byIncident('i-voices', 5)).map(({ id }) => id)).toContain('own');
  });

  test('compacted: the newest of a source stay, the first of each voice, what changed something, and all of others', async () => {
    const store = open();
    const insert = (i: number, over: Partial<Report> = {}) =>
      store.reports.insert('i-c', report({ id: `c${String(i).padStart(2, '0')}`, at: NOW + i, ...over }), []);
    for (let i = 0; i < 20; i++) await insert(i);
    await insert(20, { sourceId: 'other' });
    const line = { at: NOW, change: 'claimed', action: 'block', state: 'active', confidence: 'reported' } as const;
    await store.incidents.addTransition({ ...line, incidentId: 'i-c', method: null, reportId: 'c07' });
    expect(await store.reports.compact('i-c', 'source-1', 4)).toBe(14);
    const left = (await store.reports.byIncident('i-c', 99)).map(({ id }) => id);
    expect(left).toEqual(['c20', 'c19', 'c18', 'c17', 'c16', 'c07', 'c00']);
    expect(await store.reports.compact('i-c', 'source-1', 4)).toBe(0);
  });

  test('taken back: found by source and item, read no more, counted no more, and still on record', async () => {
    const store = open();
    const insert = (incident: string, id: string, over: Partial<Report>) =>
      store.reports.insert(incident, report({ id, measured: null, ...over }), []);
    await insert('i-t1', 't1', { sourceId: 'a', itemId: 'a/x' });
    await insert('i-t1', 't2', { sourceId: 'b', itemId: 'b/x' });
    await insert('i-t2', 't3', { sourceId: 'a', itemId: 'a/y', secondary: true });
    await insert('i-t2', 't4', { sourceId: 'a', itemId: null });
    expect(await store.reports.ofItems('a', ['a/x', 'a/y', 'b/x', 'none'])).toEqual(
      new Map([
        ['i-t1', ['t1']],
        ['i-t2', ['t3']],
      ]),
    );
    expect(await store.reports.ofItems('a', [])).toEqual(new Map());
    await store.reports.takeBack('i-t1', ['t1', 'none'], NOW);
    expect((await store.reports.byIncident('i-t1', 9)).map(({ id }) => id)).toEqual(['t2']);
    expect(await store.reports.countByIncident(['i-t1'])).toEqual(new Map([['i-t1', 1]]));
    expect(await store.reports.ofItems('a', ['a/x'])).toEqual(new Map());
    const lines: string[] = [];
    for await (const line of store.dump()) lines.push(line);
    expect(lines.some((line) => line.includes('"t1"') && line.includes(`${NOW}`))).toBe(true);
  });

  test('how surely a report was read: kept to a thousandth, and absent where it is', async () => {
    const store = open();
    await store.reports.insert('i-read', report({ id: 'r-read-1', at: 2, confidence: 0.8125 }), []);
    await store.reports.insert('i-read', report({ id: 'r-read-2', at: 1 }), []);
    const [sure, plain] = await store.reports.byIncident('i-read', 10);
    expect(sure!.confidence).toBeCloseTo(0.813, 3);
    expect(plain).not.toHaveProperty('confidence');
  });

  test('text that a database may refuse (NUL, half a surrogate pair): kept without it', async () => {
    const store = open();
    await store.reports.insert('i1', report({ title: 'a\0b', summary: 'half \ud83d of it' }), []);
    const [kept] = await store.reports.byIncident('i1', 1);
    expect(kept).toMatchObject({ title: 'ab', summary: 'half \ufffd of it' });
    await store.seen.add('a', ['k\0'], NOW);
    expect(await store.seen.known('a', ['k'])).toEqual(new Set(['k']));
  });

  test('alert: its incidents in the order they were added, each once', async () => {
    const store = open();
    await store.alerts.insert(alert());
    await store.alerts.addIncident('alert-1', 'a-later', NOW + 5);
    await store.alerts.addIncident('alert-1', 'a-later', NOW + 9);
    await store.alerts.update({ id: 'alert-1', notifiedAt: NOW + 5, widenRepliedAt: NOW + 6 });
    const expected = alert({
      notifiedAt: NOW + 5,
      widenRepliedAt: NOW + 6,
      incidents: [
        { incidentId: 'RU-whatsapp-3f9k', addedAt: NOW },
        { incidentId: 'a-later', addedAt: NOW + 5 },
      ],
    });
    expect(await store.alerts.get('alert-1')).toEqual(expected);
    expect(await store.alerts.getMany(['none', 'alert-1'])).toEqual([expected]);
    expect(await store.alerts.byIncident('a-later')).toEqual([expected]);
    expect(await store.alerts.byIncident('none')).toEqual([]);
  });

  test('broadcasts: due ones by priority, then age; the next due time; done ones gone from both', async () => {
    const store = open();
    await store.alerts.insert(alert());
    await store.broadcasts.insert(broadcast({ id: 'old', createdAt: NOW - 5, dueAt: NOW + 10 }));
    await store.broadcasts.insert(broadcast({ id: 'young', createdAt: NOW - 1 }));
    await store.broadcasts.insert(broadcast({ id: 'critical', createdAt: NOW, priority: 'critical' }));
    const due = async (now: number) => (await store.broadcasts.due(now, 10)).map(({ id }) => id);
    expect(await due(NOW)).toEqual(['critical', 'young']);
    expect(await due(NOW + 10)).toEqual(['critical', 'old', 'young']);
    expect(await store.broadcasts.nextDueAt()).toBe(NOW);
    const done = broadcast({
      id: 'young',
      createdAt: NOW - 1,
      state: 'done',
      cursor: 7,
      phase: 'holders',
      incidentIds: ['x', 'y'],
      loud: false,
    });
    await store.broadcasts.update(done);
    await store.broadcasts.update(broadcast({ id: 'critical', createdAt: NOW, priority: 'critical', state: 'done' }));
    expect(await store.broadcasts.get('young')).toEqual(done);
    expect(await due(NOW + 10)).toEqual(['old']);
    expect(await store.broadcasts.nextDueAt()).toBe(NOW + 10);
  });

  test('waiting new: of that country and level, not yet begun', async () => {
    const store = open();
    await store.alerts.insert(alert());
    await store.broadcasts.insert(broadcast());
    await store.broadcasts.insert(broadcast({ id: 'owed', state: 'withheld' }));
    const pending = async (...of: Parameters<Store['broadcasts']['pendingNew']>) =>
      (await store.broadcasts.pendingNew(...of)).map((one) => one.id);
    expect(await pending('RU', 'corroborated', 'waiting')).toEqual(['broadcast-1']);
    expect(await pending('RU', 'corroborated', 'withheld')).toEqual(['owed']);
    expect(await pending('RU', 'early', 'waiting')).toEqual([]);
    expect(await pending(null, 'corroborated', 'waiting')).toEqual([]);
    await store.broadcasts.update(broadcast({ state: 'filling' }));
    expect(await pending('RU', 'corroborated', 'waiting')).toEqual([]);
  });

  test('measurement: kept once by its id, newest first', async () => {
    const store = open();
    expect(await store.measurements.add(measurement())).toBe(true);
    expect(await store.measurements.add(measurement({ verdict: 'other' }))).toBe(false);
    const later = measurement({ id: 'm2', at: NOW + 1, target: 'signal', raw: null, notes: [] });
    await store.measurements.add(later);
    expect(await store.measurements.recent({ since: NOW, limit: 10 })).toEqual([later, measurement()]);
    expect(await store.measurements.recent({ since: NOW, limit: 10, target: 'whatsapp', vantageId: 'v1' })).toEqual([
      measurement(),
    ]);
    expect(await store.measurements.recent({ since: NOW + 2, limit: 10 })).toEqual([]);
  });

  test('durable state: by namespace, any JSON value, undefined when never set', async () => {
    const store = open();
    const state = store.state('matrix:mx');
    expect(await state.get('token')).toBeUndefined();
    await state.set('token', { since: 's1', list: [1, null] });
    await state.set('token', { since: 's2' });
    expect(await state.get('token')).toEqual({ since: 's2' });
    expect(await store.state('other').get('token')).toBeUndefined();
    await state.delete('token');
    expect(await state.get('token')).toBeUndefined();
  });

  test('source states: many at once, the last one wins, unknown ids left out', async () => {
    const store = open();
    const state = (failures: number) => ({
      lastPollAt: NOW,
      lastOkAt: null,
      firstPollDone: false,
      failures,
      failingSince: null,
      lastCode: 'fetch_status',
      lastMessage: 'x',
      notBefore: null,
      nextDueAt: NOW,
    });
    await store.sourceStates.setMany([
      { id: 'a', state: state(1) },
      { id: 'b', state: state(2) },
      { id: 'a', state: state(3) },
    ]);
    await store.sourceStates.setMany([]);
    expect(await store.sourceStates.getMany(['a', 'b', 'c'])).toEqual(
      new Map([
        ['a', state(3)],
        ['b', state(2)],
      ]),
    );
  });

  test('transaction that throws: nothing of it stays', async () => {
    const store = open();
    const failed = store.transaction(async (tables) => {
      await tables.incidents.insert(incident());
      await tables.alerts.insert(alert());
      await tables.seen.add('a', ['k'], NOW);
      throw new Error('stop');
    });
    await expect(failed).rejects.toThrow('stop');
    expect(await store.incidents.get('RU-whatsapp-3f9k')).toBeNull();
    expect(await store.alerts.get('alert-1')).toBeNull();
    expect(await store.seen.known('a', ['k'])).toEqual(new Set());
  });

  test('error swallowed inside a transaction: it is not committed, and says so', async () => {
    const store = open();
    const half = store.transaction(async (tables) => {
      await tables.incidents.insert(incident());
      await tables.incidents.insert(incident()).catch(() => undefined);
    });
    await expect(half).rejects.toBeInstanceOf(TocsinError);
    expect(await store.incidents.get('RU-whatsapp-3f9k')).toBeNull();
    await store.incidents.insert(incident());
  });

  test('many callers at once: each waits its turn, none is lost', async () => {
    const store = open();
    await store.alerts.insert(alert({ incidents: [] }));
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        store.transaction(async (tables) => {
          const before = (await tables.alerts.get('alert-1'))!;
          await tables.alerts.update({ id: before.id, notifiedAt: before.notifiedAt + 1, widenRepliedAt: null });
          await tables.alerts.addIncident('alert-1', `i${i}`, NOW);
        }),
      ),
    );
    const after = await store.alerts.get('alert-1');
    expect(after?.notifiedAt).toBe(NOW + 30);
    expect(after?.incidents).toHaveLength(30);
  });

  test('outer store used inside a transaction: an error instead of waiting for itself', async () => {
    const store = open();
    const wrong = store.transaction(() => store.incidents.get('x'));
    await expect(wrong).rejects.toMatchObject({ code: 'internal' });
    expect(await store.incidents.get('x')).toBeNull();
  });
}
