/** What the store answers, held against plain filters over the same rows; and long runs of calls, held against a few lines of model. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Broadcast } from '../../../src/core/model/alert.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import type { Settlement } from '../../../src/core/ports/outbox.ts';
import type { SourceState } from '../../../src/core/ports/source.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { address, alert, announced, broadcast, fillAll, follower, incident, measurement, NOW } from './samples.ts';

/** The same rows and questions for every store, on every run. */
const some = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { seed: 20260201, numRuns: count });
const country = fc.constantFrom('RU', 'IR', null);
const service = fc.constantFrom('whatsapp', 'signal', null);
const family = fc.constantFrom('access' as const, 'warn' as const);
const time = fc.integer({ min: NOW, max: NOW + 40 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const incidents = (): Incident[] =>
  some(
    fc.record({
      country,
      service,
      family,
      open: fc.boolean(),
      openedAt: time,
      lastReportAt: time,
      closedAt: fc.option(time),
    }),
    60,
  ).map((one, i) => incident({ ...one, id: `incident-${i}`, closedAt: one.open ? null : one.closedAt }));
const changedAt = ({ openedAt, closedAt, lastReportAt }: Incident): number =>
  Math.max(openedAt, closedAt ?? 0, lastReportAt);
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? 1 : -1);

export function queriesSuite(open: () => Store): void {
  test('incidents, whatever is asked: those that a filter finds, in that order, no more than asked', async () => {
    const store = open();
    const all = incidents();
    await store.transaction(async (tables) => {
      for (const one of all) await tables.incidents.insert(one);
    });
    const filters = some(
      fc.record({
        country: maybe(country),
        service: maybe(service),
        family: maybe(family),
        open: maybe(fc.boolean()),
        since: maybe(time),
        limit: fc.constantFrom(1, 5, 100),
      }),
      40,
    );
    for (const filter of filters) {
      const expected = all
        .filter((one) => filter.country === undefined || one.country === filter.country)
        .filter((one) => filter.service === undefined || one.service === filter.service)
        .filter((one) => filter.family === undefined || one.family === filter.family)
        .filter((one) => filter.open === undefined || one.open === filter.open)
        .filter((one) => filter.since === undefined || changedAt(one) >= filter.since)
        .toSorted((a, b) => b.lastReportAt - a.lastReportAt || byId(a, b))
        .slice(0, filter.limit);
      expect([filter, (await store.incidents.list(filter)).map(({ id }) => id)]).toEqual([
        filter,
        expected.map(({ id }) => id),
      ]);
    }
  });

  test('incidents by key: the newest open one, and none of another key', async () => {
    const store = open();
    const all = incidents();
    await store.transaction(async (tables) => {
      for (const one of all) await tables.incidents.insert(one);
    });
    for (const key of some(fc.record({ country, service, family }), 40)) {
      const same = all.filter(
        (one) => one.country === key.country && one.service === key.service && one.family === key.family,
      );
      const newest = (list: Incident[]) => (list.length === 0 ? null : Math.max(...list.map(changedAt)));
      const found = await store.incidents.openByKey(key.country, key.service, key.family);
      expect(found && changedAt(found)).toBe(newest(same.filter((one) => one.open)));
      if (found) expect(all).toContainEqual(found);
    }
  });

  test('many by id: in the order asked, each once, whatever stands between them', async () => {
    const store = open();
    const all = incidents().slice(0, 12);
    for (const one of all) await store.incidents.insert(one);
    const names = fc.oneof(
      fc.constantFrom(...all.map(({ id }) => id)),
      fc.constantFrom('', "o'clock", '%', '💥', 'INCIDENT-1', '*'),
    );
    for (const ids of some(fc.array(names, { maxLength: 15 }), 15)) {
      const known = [...new Set(ids)].filter((id) => all.some((one) => one.id === id));
      expect((await store.incidents.getMany(ids)).map(({ id }) => id)).toEqual(known);
    }
  });

  test('measurements, whatever is asked: those that a filter finds, newest first', async () => {
    const store = open();
    const all: Measurement[] = some(
      fc.record({
        at: time,
        target: fc.constantFrom('whatsapp', 'signal'),
        vantageId: fc.constantFrom('v', 'w'),
        probeCc: fc.constantFrom('RU', 'IR'),
        kind: fc.constantFrom('probe', 'ooni'),
      }),
      50,
    ).map((one, i) => measurement({ ...one, id: `m${String(i).padStart(2, '0')}` }));
    for (const one of all) expect(await store.measurements.add(one)).toBe(true);
    const filters = fc.record({
      target: maybe(fc.constantFrom('whatsapp', 'other')),
      vantageId: maybe(fc.constantFrom('v', 'x')),
      country: maybe(fc.constantFrom('RU', 'KE')),
      notKind: maybe(fc.constantFrom('probe', 'rss')),
      since: time,
      limit: fc.constantFrom(1, 7, 99),
    });
    for (const filter of some(filters, 25)) {
      const expected = all
        .filter(
          (one) =>
            one.at >= filter.since &&
            (filter.target ?? one.target) === one.target &&
            (filter.vantageId ?? one.vantageId) === one.vantageId &&
            (filter.country ?? one.probeCc) === one.probeCc &&
            filter.notKind !== one.kind,
        )
        .toSorted((a, b) => b.at - a.at || byId(a, b))
        .slice(0, filter.limit);
      expect(await store.measurements.recent(filter)).toEqual(expected);
    }
  });

  test('broadcasts, whatever became of them: what is due, when the next one is, and which still waits', async () => {
    const store = open();
    const lanes = ['reply', 'critical', 'alert', 'digest'] as const;
    for (const [i, country] of ['RU', 'IR', null].entries())
      await store.alerts.insert(alert({ id: `a${i}`, country, incidents: [] }));
    const rows = fc.record({
      alertId: fc.constantFrom('a0', 'a1', 'a2'),
      priority: fc.constantFrom(...lanes),
      dueAt: time,
      state: fc.constantFrom('waiting' as const, 'filling' as const, 'done' as const),
      kind: fc.constantFrom('new' as const, 'update' as const),
    });
    const all: Broadcast[] = some(rows, 40).map((one, i) => broadcast({ ...one, id: `b${i}`, incidentIds: [] }));
    for (const one of all) await store.broadcasts.insert(one);
    const unfinished = all.filter(({ state }) => state !== 'done');
    for (const now of [NOW - 1, NOW + 5, NOW + 20, NOW + 40]) {
      const due = unfinished
        .filter(({ dueAt }) => dueAt <= now)
        .toSorted((a, b) => lanes.indexOf(a.priority) - lanes.indexOf(b.priority));
      expect(await store.broadcasts.due(now, 100)).toEqual(due);
      expect(await store.broadcasts.due(now, 3)).toEqual(due.slice(0, 3));
    }
    expect(await store.broadcasts.nextDueAt()).toBe(Math.min(...unfinished.map(({ dueAt }) => dueAt)));
    for (const [i, country] of ['RU', 'IR', null].entries()) {
      const waiting = all.filter((one) => one.alertId === `a${i}` && one.kind === 'new' && one.state === 'waiting');
      expect(await store.broadcasts.pendingNew(country, 'corroborated', 'waiting')).toEqual(waiting);
      expect(await store.broadcasts.byAlert(`a${i}`)).toEqual(
        all.filter((one) => one.alertId === `a${i}`).toReversed(),
      );
    }
    for (const one of unfinished) await store.broadcasts.update({ ...one, state: 'done' });
    expect([await store.broadcasts.nextDueAt(), await store.broadcasts.due(NOW + 99, 9)]).toEqual([null, []]);
  });

  test('facts under odd names: any JSON comes back as it was, and no name is another’s', async () => {
    const store = open();
    const names = ['a', 'A', 'a ', '', 'ä', "'; drop table states; --", '%', '_', '💥', 'a\tb', 'x'.repeat(500)];
    const values = [
      ...some(fc.jsonValue({ maxDepth: 3 }), names.length - 1),
      { text: '💥 ä \u2028 "\\"', 'odd key': [null, 0.1, -1e300] },
    ];
    const [one, other] = [store.state('one'), store.state('other')];
    for (const [i, name] of names.entries()) await one.set(name, values[i]);
    for (const [i, name] of names.entries()) {
      expect([name, await one.get(name)]).toEqual([name, JSON.parse(JSON.stringify(values[i]))]);
      expect(await other.get(name)).toBeUndefined();
    }
    await one.delete('a');
    expect([await one.get('a'), await one.get('A')]).toEqual([undefined, JSON.parse(JSON.stringify(values[1]))]);
  });

  test('states of sources: odd names and texts, as they were', async () => {
    const store = open();
    const state = (lastMessage: string): SourceState => ({
      lastPollAt: NOW,
      lastOkAt: null,
      firstPollDone: true,
      failures: 3,
      failingSince: NOW,
      lastCode: 'fetch_dns',
      lastMessage,
      notBefore: null,
      nextDueAt: NOW + 1,
    });
    const states = ['a', 'agent/дом', 'quote"\\', "o'clock", '{"x":1}'].map((id, i) => ({
      id,
      state: state(`${id}\n${i} "…" \\u0041`),
    }));
    await store.sourceStates.setMany(states);
    const found = await store.sourceStates.getMany([...states.map(({ id }) => id), 'unknown', 'a']);
    expect([...found].toSorted()).toEqual(states.map(({ id, state }) => [id, state] as const).toSorted());
  });

  test('wishes of a chat, after any calls: what a plain set would hold', async () => {
    const store = open();
    const chat = await follower(store, 'a');
    const other = await follower(store, 'b', 'RU *');
    const pair = fc.record({ country: fc.constantFrom('RU', 'IR', '*'), service: fc.constantFrom('x', 'signal', '*') });
    const calls = fc.record({
      call: fc.constantFrom('add' as const, 'add' as const, 'remove' as const, 'all' as const),
      pairs: fc.array(pair, { maxLength: 4 }),
    });
    const held = new Set<string>();
    const key = (one: { country: string; service: string }): string => `${one.country} ${one.service}`;
    for (const { call, pairs } of some(calls, 60)) {
      const keys = new Set(pairs.map(key));
      if (call === 'add') {
        expect(await store.subscriptions.add(chat.id, pairs, NOW)).toBe(keys.difference(held).size);
        for (const one of keys) held.add(one);
      } else if (call === 'remove') {
        expect(await store.subscriptions.remove(chat.id, pairs)).toBe(keys.intersection(held).size);
        for (const one of keys) held.delete(one);
      } else if (pairs.length > 2) {
        expect(await store.subscriptions.removeAll(chat.id)).toBe(held.size);
        held.clear();
      }
      // By country, then service; `*` before every letter, whatever the database's language.
      expect((await store.subscriptions.list(chat.id)).map(key)).toEqual(
        [...held].toSorted((a, b) => (a < b ? -1 : 1)),
      );
      expect(await store.subscriptions.count()).toBe(held.size + 1);
    }
    expect((await store.subscriptions.list(other.id)).map(key)).toEqual(['RU *']);
  });

  test('a chat that has ended, or that there is not: follows nothing, whatever is added', async () => {
    const store = open();
    const chat = await follower(store, 'a');
    await store.chats.end(chat.id);
    for (const id of [chat.id, chat.id + 1]) {
      expect(await store.subscriptions.add(id, [{ country: 'RU', service: '*' }], NOW)).toBe(0);
      expect(await store.subscriptions.list(id)).toEqual([]);
    }
  });

  test('silences, after any calls: the latest end of each target, until it is over', async () => {
    const store = open();
    const chat = await follower(store, 'a');
    const target = fc.record({ country, service, incidentId: fc.constantFrom('i1', null) });
    const calls = fc.record({ target, until: time, remove: fc.constantFrom(true, false, false) });
    const held = new Map<string, number>();
    for (const { target, until, remove } of some(calls, 50)) {
      const key = JSON.stringify([target.country, target.service, target.incidentId]);
      if (remove) expect(await store.silences.remove(chat.id, target)).toBe(held.delete(key) ? 1 : 0);
      else {
        await store.silences.add({ chatId: chat.id, ...target, until });
        held.set(key, Math.max(until, held.get(key) ?? 0));
      }
    }
    for (const now of [NOW - 1, NOW + 10, NOW + 30, NOW + 40]) {
      const listed = await store.silences.list(chat.id, now);
      expect(listed.map(({ until }) => until)).toEqual(listed.map(({ until }) => until).toSorted((a, b) => a - b));
      const found = listed.map(
        (one) => [JSON.stringify([one.country, one.service, one.incidentId]), one.until] as const,
      );
      expect(new Map(found)).toEqual(new Map([...held].filter(([, until]) => until > now)));
    }
  });

  test('chats that come, go, move and are forgotten, in any order: as a few lines of model have it', async () => {
    const store = open();
    const names = ['a', 'b', 'c', 'd'];
    const init = { platform: 'telegram', kind: 'private', lang: 'ru', now: NOW } as const;
    const model = new Map<string, { id: number; active: boolean; follows: Set<string> }>();
    const calls = fc.record({
      call: fc.constantFrom('come' as const, 'follow' as const, 'end' as const, 'move' as const, 'forget' as const),
      from: fc.constantFrom(...names),
      to: fc.constantFrom(...names, 'e'),
    });
    for (const { call, from, to } of some(calls, 120)) {
      const known = model.get(from);
      if (call === 'come' || call === 'follow') {
        const chat = await store.chats.ensure(address(from), init);
        if (known) expect(chat.id).toBe(known.id);
        const row = known ?? { id: chat.id, active: true, follows: new Set<string>() };
        model.set(from, row);
        row.active = true;
        if (call === 'follow') {
          await store.subscriptions.add(chat.id, [{ country: 'RU', service: to }], NOW);
          row.follows.add(to);
        }
      } else if (call === 'move') {
        const there = model.get(to);
        const expected = known === undefined ? (there?.id ?? null) : (there ?? known).id;
        expect(await store.chats.move(address(from), address(to))).toBe(expected);
        if (known && known !== there) {
          model.delete(from);
          if (there) {
            there.active ||= known.active;
            for (const one of known.follows) there.follows.add(one);
          } else model.set(to, known);
        }
      } else if (known) {
        await (call === 'end' ? store.chats.end(known.id) : store.chats.forget(known.id));
        known.active = false;
        known.follows.clear();
        if (call === 'forget') model.delete(from);
      }
      const rows = [...model.values()];
      const active = [...model].filter(([, { active }]) => active);
      expect(await store.chats.counts()).toEqual({ active: active.length, gone: rows.length - active.length });
      expect((await store.chats.addresses('tg')).map(({ chat }) => chat).toSorted()).toEqual(
        active.map(([name]) => name).toSorted(),
      );
      const follows = await store.subscriptions.listMany(rows.map(({ id }) => id));
      for (const { id, follows: own } of rows)
        expect((follows.get(id) ?? []).map(({ service }) => service).toSorted()).toEqual([...own].toSorted());
    }
  });

  test('the queue, however attempts end: each delivery ends once, none is offered early or twice, and the counts are right', async () => {
    const store = open();
    const chats = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const name of chats) await follower(store, name, 'RU *');
    for (let no = 1; no <= 4; no++) {
      await announced(store, `i${no}`, no);
      await fillAll(store, `broadcast-${no}`, {
        matchers: [{ incidentId: `i${no}`, country: 'RU', service: 'x', onlyEarlier: false }],
      });
    }
    const state = new Map<number, 'queued' | 'sending' | 'ended'>();
    const notBefore = new Map<number, number>();
    let now = NOW;
    const steps = fc.record({
      limit: fc.integer({ min: 1, max: 8 }),
      outcomes: fc.array(fc.constantFrom('sent' as const, 'retry' as const, 'failed' as const, 'crash' as const), {
        minLength: 8,
        maxLength: 8,
      }),
      wait: fc.nat(5),
    });
    let left = chats.length * 4;
    for (const { limit, outcomes, wait } of some(steps, 200)) {
      const claims = await store.outbox.peek('tg', limit, now, []);
      expect(claims.length).toBeLessThanOrEqual(limit);
      expect(new Set(claims.map(({ chatId }) => chatId)).size).toBe(claims.length);
      for (const { id } of claims)
        expect([state.get(id) ?? 'queued', (notBefore.get(id) ?? 0) <= now]).toEqual(['queued', true]);
      const begun = await store.outbox.advance(
        [],
        claims.map(({ id }) => ({ id, payload: `text ${id}` })),
        now,
      );
      expect(begun.toSorted((a, b) => a - b)).toEqual(claims.map(({ id }) => id).toSorted((a, b) => a - b));
      const settled = claims.flatMap(({ id }, i): Settlement[] => {
        const outcome = outcomes[i]!;
        if (outcome === 'crash') return [];
        state.set(id, outcome === 'retry' ? 'queued' : 'ended');
        if (outcome === 'retry') notBefore.set(id, now + 3);
        else left--;
        if (outcome === 'retry') return [{ id, outcome, nextAt: now + 3 }];
        return [outcome === 'sent' ? { id, outcome, messageRef: `m${id}` } : { id, outcome, reason: 'refused' }];
      });
      await store.outbox.advance(settled, [], now);
      // What was under way when the process died is due again, and counts as waiting.
      await store.outbox.recover('tg', null);
      const [depth] = await store.outbox.depth();
      expect([depth?.queued ?? 0, depth?.sending ?? 0]).toEqual([left, 0]);
      now += wait;
    }
    expect(left).toBe(0);
    expect(await store.outbox.nextDueAt('tg')).toBeNull();
  });
}
