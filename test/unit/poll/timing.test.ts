/** When a source is due: its own place in the schedule, back-off, the wishes of servers, and a start after a restart. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type NextRun,
  backoffMs,
  createTiming,
  firstDue,
  hash,
  honoured,
  stretchMs,
} from '../../../src/core/poll/plan.ts';
import { createStateWriter, emptyState, isStale } from '../../../src/core/poll/source-state.ts';
import type { NamedSourceState, SourceState } from '../../../src/core/ports/source.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** Every so many ms, from zero on: a schedule without a calendar. */
const each =
  (ms: number): NextRun =>
  (_cron, after) =>
    (Math.floor(after / ms) + 1) * ms;
const NOW = 1_000 * DAY;
const state = (over: Partial<SourceState> = {}): SourceState => ({ ...emptyState(), ...over });

describe('back-off', () => {
  test.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 3],
    [4, 7],
    [7, 63],
    [8, 72],
    [99, 72],
  ])('after %i failures in a row, every five minutes: %i intervals more', (failures, intervals) =>
    expect(backoffMs(failures, 5 * MINUTE, 0)).toBe(intervals * 5 * MINUTE),
  );

  test('any failures: never shorter than after fewer, at most six hours, and no more than half of it is left to chance', () => {
    fc.assert(
      fc.property(
        fc.nat(2_000),
        fc.integer({ min: 1_000, max: 40 * DAY }),
        fc.double({ min: 0, max: 0.9999, noNaN: true }),
        (failures, interval, random) => {
          const full = backoffMs(failures, interval, 0);
          expect(full).toBeLessThanOrEqual(6 * HOUR);
          expect(backoffMs(failures + 1, interval, 0)).toBeGreaterThanOrEqual(full);
          const some = backoffMs(failures, interval, random);
          expect(some >= full / 2 && some <= full).toBe(true);
        },
      ),
    );
  });

  test.each([
    ['a source that answers, once a minute: four runs', 0, MINUTE, 4 * MINUTE],
    ['a source that answers, once a day: six hours', 0, DAY, 6 * HOUR],
    ['one in trouble: a day from now', 2, MINUTE, DAY + 10],
  ])('a wish for a year: %s', (_name, failures, interval, kept) => {
    expect(honoured({ notBefore: NOW + 365 * DAY, failures, polledAt: NOW, now: NOW + 10 }, interval)).toBe(NOW + kept);
    expect(honoured({ notBefore: null, failures, polledAt: NOW, now: NOW }, interval)).toBeNull();
    expect(honoured({ notBefore: NOW + 5, failures, polledAt: NOW, now: NOW }, interval)).toBe(NOW + 5);
    expect(stretchMs(interval)).toBeLessThanOrEqual(6 * HOUR);
  });
});

describe('a place in the schedule', () => {
  test('whatever the source and time: after now, one run apart, and always the same distance behind the run', () => {
    const intervals = fc.constantFrom(1_000, MINUTE, 5 * MINUTE, HOUR, 8 * HOUR, DAY);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), intervals, fc.nat(DAY), (id, interval, ms) => {
        const timing = createTiming(id, 'x', each(interval));
        let due = timing.after(NOW + ms, null);
        expect(due).toBeGreaterThan(NOW + ms);
        const behind = due % interval;
        expect(behind).toBeLessThanOrEqual(Math.min(interval * 0.1, 5 * MINUTE));
        for (let i = 0; i < 5; i++) {
          const next = timing.after(due + 10, due);
          expect([next - due, next % interval]).toEqual([interval, behind]);
          due = next;
        }
      }),
    );
  });

  test('a small step back of the clock does not repeat a run; a large one does not wait for the old time', () => {
    const timing = createTiming('a', 'x', each(HOUR));
    const slot = timing.after(NOW, null);
    expect(timing.after(slot - 4 * MINUTE, slot)).toBe(slot + HOUR);
    expect(timing.after(slot - 6 * MINUTE, slot)).toBe(slot);
  });

  test('a schedule that ends: no run any more; its interval is a year’s', () => {
    const timing = createTiming('a', 'x', () => Number.POSITIVE_INFINITY);
    expect([timing.after(NOW, null), timing.intervalMs(NOW)]).toEqual([Number.POSITIVE_INFINITY, 366 * DAY]);
  });

  test('runs at uneven distances: measured anew when one has passed, or the clock went back', () => {
    const runs = [0, 1, 2, 50, 51, 52].map((hours) => NOW + hours * HOUR);
    const timing = createTiming(
      'a',
      'x',
      (_cron, after) => runs.find((run) => run > after) ?? Number.POSITIVE_INFINITY,
    );
    expect([NOW - 1, NOW + HOUR, NOW + 50 * HOUR, NOW - 1].map((now) => timing.intervalMs(now) / HOUR)).toEqual([
      1, 48, 1, 1,
    ]);
  });

  test('neighbours by name are no neighbours in time', () => {
    const places = Array.from({ length: 1_000 }, (_, i) => hash(`feed-${i}`) / 2 ** 32);
    const tenths = Map.groupBy(places, (place) => Math.floor(place * 10));
    expect(tenths.size).toBe(10);
    for (const tenth of tenths.values()) expect(tenth.length).toBeGreaterThan(60);
    expect(new Set(places).size).toBe(1_000);
    expect(hash('')).toBe(hash(''));
  });
});

describe('after a start', () => {
  const timing = createTiming('a', 'x', each(HOUR));
  const soon = NOW + 30 * MINUTE + 2_000;
  const now = NOW + 30 * MINUTE;
  const next = timing.after(now, null);
  test.each<[string, Partial<SourceState>, number]>([
    ['never polled', {}, soon],
    ['polled just now', { lastPollAt: now - MINUTE }, next],
    ['a run was missed', { lastPollAt: now - 2 * HOUR }, soon],
    ['a last poll that is yet to come: as if it were not there', { lastPollAt: now + DAY }, soon],
    ['it failed just now: not at once again', { lastPollAt: now - 10_000, failures: 4 }, now + 20_000],
    ['it failed a while ago', { lastPollAt: now - 5 * MINUTE, failures: 4 }, soon],
    ['it asked for patience', { lastPollAt: now - MINUTE, notBefore: now + 2 * HOUR }, now + 2 * HOUR],
    ['it asked for a moment only', { lastPollAt: now - MINUTE, notBefore: now + 1 }, next],
    [
      'it asked for more than a schedule allows',
      { lastPollAt: now - MINUTE, notBefore: now + 20 * HOUR },
      now - MINUTE + 4 * HOUR,
    ],
    [
      'a server in trouble asked for a day',
      { lastPollAt: now - MINUTE, failures: 1, notBefore: now + 20 * HOUR },
      now + 20 * HOUR,
    ],
    ['a wish that no server can have had', { lastPollAt: now - MINUTE, notBefore: now + 2 * DAY }, next],
  ])('%s', (_name, known, due) => expect(firstDue(state(known), timing, now, soon)).toBe(due));
});

describe('stale', () => {
  test.each<[string, Partial<SourceState>, boolean]>([
    ['nothing known yet', {}, false],
    ['readable, and due later', { lastOkAt: NOW - HOUR, nextDueAt: NOW + 1 }, false],
    ['overdue by less than a run', { lastOkAt: NOW, nextDueAt: NOW - HOUR }, false],
    ['overdue by more', { lastOkAt: NOW, nextDueAt: NOW - HOUR - 1 }, true],
    ['fails since three runs', { failures: 1, lastOkAt: NOW - 3 * HOUR }, false],
    ['fails for longer', { failures: 1, lastOkAt: NOW - 3 * HOUR - 1 }, true],
    ['never read, fails for longer', { failures: 5, failingSince: NOW - 4 * HOUR }, true],
    ['never read, since the start', { failures: 5 }, true],
    ['long ago, but without a failure', { lastOkAt: NOW - 9 * DAY, nextDueAt: NOW + 1 }, false],
  ])('%s', (_name, known, stale) => expect(isStale(state(known), HOUR, NOW, NOW - 4 * HOUR)).toBe(stale));

  test('polled every second: a minute of grace all the same', () => {
    expect([
      isStale(state({ nextDueAt: NOW - MINUTE }), 1_000, NOW, 0),
      isStale(state({ nextDueAt: NOW - MINUTE - 1 }), 1_000, NOW, 0),
    ]).toEqual([false, true]);
  });
});

describe('keeping the states', () => {
  const world = () => {
    const clock = new FakeClock();
    const { log, said } = recordingLog();
    const batches: NamedSourceState[][] = [];
    const fault = { error: null as Error | null };
    const states = {
      getMany: async () => new Map<string, SourceState>(),
      async setMany(batch: readonly NamedSourceState[]) {
        if (fault.error) throw fault.error;
        batches.push([...batch]);
      },
    };
    return { clock, said, batches, fault, writer: createStateWriter(states, clock, log) };
  };

  test('a change soon, a mere time later; the sooner of both, and the last state of each', async () => {
    const { writer, clock, batches } = world();
    expect([writer.flushAt, await writer.flush(), batches]).toEqual([Number.POSITIVE_INFINITY, true, []]);
    const start = clock.monotonic();
    writer.note('a', state({ failures: 1 }), false);
    expect(writer.flushAt - start).toBe(5_000);
    writer.note('b', state(), true);
    writer.note('a', state({ failures: 2 }), false);
    expect(writer.flushAt - start).toBe(200);
    expect(await writer.flush()).toBe(true);
    expect(batches.map((batch) => batch.map(({ id, state }) => `${id} ${state.failures}`))).toEqual([['a 2', 'b 0']]);
    expect(writer.flushAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('many: a thousand at a time', async () => {
    const { writer, batches } = world();
    for (let i = 0; i < 2_300; i++) writer.note(`s${i}`, state(), false);
    await writer.flush();
    expect(batches.map((batch) => batch.length)).toEqual([1_000, 1_000, 300]);
  });

  test('a store that fails: nothing is lost, a newer state is not overwritten, one warning and one end', async () => {
    const { writer, clock, batches, fault, said } = world();
    fault.error = new Error('disk full');
    writer.note('a', state({ failures: 1 }), true);
    const failing = writer.flush();
    writer.note('a', state({ failures: 7 }), false);
    expect(await failing).toBe(false);
    expect(writer.flushAt).toBe(clock.monotonic() + 5_000);
    expect(await writer.flush()).toBe(false);
    fault.error = null;
    expect(await writer.flush()).toBe(true);
    expect(batches.flat().map(({ id, state }) => `${id} ${state.failures}`)).toEqual(['a 7']);
    expect(said()).toEqual(['warn Unable to keep the states of sources', 'info States of sources are kept again']);
  });
});
