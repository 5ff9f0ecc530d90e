/** Who may be polled at a time: in order, never too many, nobody forgotten. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Limited, PollLimits } from '../../../src/core/poll/poller.ts';

describe('polls at a time', () => {
  interface Thing extends Limited {
    n: number;
  }
  const things = fc.array(fc.record({ host: fc.constantFrom('a', 'b', 'c', null), slow: fc.boolean() }), {
    minLength: 1,
    maxLength: 60,
  });

  /** Lets all enter, ends them in an order that chance gives, and looks after each step. */
  function play(
    list: Limited[],
    all: number,
    perHost: number,
    pick: number[],
    look: (running: Thing[], waiting: number) => void,
  ) {
    const limits = new PollLimits<Thing>(all, perHost);
    const running: Thing[] = [];
    const started: number[] = [];
    const start = (one: Thing) => {
      running.push(one);
      started.push(one.n);
    };
    for (const [n, one] of list.entries()) {
      const thing = { ...one, n };
      if (limits.enter(thing)) start(thing);
      look(running, list.length - started.length);
    }
    for (let i = 0; running.length > 0; i++) {
      const [ended] = running.splice((pick[i % pick.length] ?? 0) % running.length, 1);
      for (const next of limits.release(ended!)) start(next);
      expect(limits.active).toBe(running.length);
      look(running, list.length - started.length);
    }
    return { limits, started };
  }

  test('whoever comes and whichever ends first: no limit is passed, and all have their turn, once', () => {
    fc.assert(
      fc.property(
        things,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.nat(50), { minLength: 1 }),
        (list, all, perHost, pick) => {
          const { limits, started } = play(list, all, perHost, pick, (running) => {
            expect(running.length).toBeLessThanOrEqual(all);
            for (const host of ['a', 'b', 'c'])
              expect(running.filter((one) => one.host === host).length).toBeLessThanOrEqual(perHost);
            if (all > 1) expect(running.filter((one) => one.slow).length).toBeLessThanOrEqual(Math.max(1, all >> 1));
          });
          expect(started.toSorted((a, b) => a - b)).toEqual(list.map((_, n) => n));
          expect(limits.active).toBe(0);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('of equals on one host: first come, first served', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 4 }), (count, all) => {
        const list = Array.from({ length: count }, () => ({ host: 'a', slow: false }));
        expect(play(list, all, 2, [0], () => undefined).started).toEqual(list.map((_, n) => n));
      }),
    );
  });

  test('what holds no place gives none back', () => {
    const limits = new PollLimits<Thing>(1, 1);
    expect(limits.release({ host: 'a', slow: false, n: 0 })).toEqual([]);
    expect([limits.enter({ host: 'a', slow: false, n: 1 }), limits.active]).toEqual([true, 1]);
  });
});
