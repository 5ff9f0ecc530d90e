/** The pace as a value: whatever is taken, asked or refused, no second holds more than the platform allows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacer, createSchedule, pausedTo, slotIn, slotTaken } from '../../../src/core/outbox/pacer.ts';

const paces = fc.constantFrom(1, 5, 27, 200);
/** How long somebody waits beyond what was said, and what happens then. */
const steps = fc.array(
  fc.record({
    late: fc.constantFrom(0, 0, 1, 7, 40, 600, 30_000),
    refusal: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 500, 20_000),
  }),
  { minLength: 1, maxLength: 200 },
);

describe('slots', () => {
  test('any waits and refusals: nothing within a pause, and no second with more than the pace and one', () => {
    fc.assert(
      fc.property(paces, steps, (perSecond, list) => {
        let schedule = createSchedule(perSecond, 0);
        let now = 0;
        const sent: number[] = [];
        for (const { late, refusal } of list) {
          // A pause first, then the beat.
          now += slotIn(schedule, now);
          now += slotIn(schedule, now) + late;
          expect(slotIn(schedule, now)).toBe(0);
          expect(now).toBeGreaterThanOrEqual(schedule.pausedUntil);
          schedule = slotTaken(schedule, now);
          sent.push(now);
          if (refusal > 0) schedule = pausedTo(schedule, now + refusal, true);
          expect(schedule.rate).toBeGreaterThanOrEqual(perSecond / 10 - 1e-9);
          expect(schedule.rate).toBeLessThanOrEqual(perSecond);
        }
        for (const from of sent) {
          const inASecond = sent.filter((at) => at >= from && at < from + 1_000).length;
          // Beats shorter than 15 ms may be made up for, at once and by no more than that.
          expect(inASecond).toBeLessThanOrEqual(perSecond + 1 + Math.ceil(perSecond * 0.015));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('taken as soon as offered: the pace is reached, within two in a hundred', () => {
    for (const perSecond of [1, 5, 27, 200]) {
      let schedule = createSchedule(perSecond, 0);
      let count = 0;
      for (let now = 0; now < 20_000; count++) {
        now += slotIn(schedule, now);
        schedule = slotTaken(schedule, now);
      }
      expect(Math.abs(count / 20 / perSecond - 1)).toBeLessThan(perSecond === 1 ? 0.06 : 0.02);
    }
  });

  test('unpaced: always now, but for a pause; a refusal slows nothing that has no pace', () => {
    const schedule = pausedTo(createSchedule(0, 0), 700, true);
    expect([slotIn(schedule, 100), slotIn(schedule, 700), schedule.rate]).toEqual([600, 0, 0]);
    expect(slotTaken(schedule, 700)).toEqual(schedule);
  });

  test('a shorter pause within a longer one: the longer one holds', () => {
    const schedule = pausedTo(pausedTo(createSchedule(27, 0), 9_000, true), 1_000, false);
    expect(schedule.pausedUntil).toBe(9_000);
    expect(schedule.rate).toBeCloseTo(27 * 0.9);
  });

  test('ten refusals in a row: a tenth of the pace is left, never nothing; half an hour later it is whole again', () => {
    let schedule = createSchedule(27, 0);
    let now = 0;
    for (; now < 60_000; now += 1_000) schedule = pausedTo(schedule, now, true);
    expect(schedule.rate).toBeCloseTo(2.7);
    for (const end = now + 30 * 60_000; now < end;) {
      now += Math.max(1, slotIn(schedule, now));
      if (slotIn(schedule, now) === 0) schedule = slotTaken(schedule, now);
    }
    expect(schedule.rate).toBe(27);
  });
});

test('any chats in any order: each keeps its distance, a group its count a minute, and what is said to wait is enough', () => {
  const pace = { perSecond: 50, perChatMs: 1_000, perGroupMinute: 5, window: 16 };
  const wishes = fc.array(fc.tuple(fc.nat(6), fc.constantFrom(0, 0, 20, 900, 15_000)), { maxLength: 120 });
  fc.assert(
    fc.property(wishes, (list) => {
      const pacer = createPacer(pace, 0);
      const times = new Map<string, number[]>();
      let now = 0;
      for (const [n, pause] of list) {
        now += pause;
        const one = { key: `c${n}`, group: n % 2 === 0 };
        const ready = pacer.chatReadyAt(one, now);
        let wait = pacer.take(one, now);
        for (let asked = 0; wait > 0 && asked < 3; asked++) {
          now += wait;
          wait = pacer.take(one, now);
        }
        expect([wait, now >= ready]).toEqual([0, true]);
        times.set(one.key, [...(times.get(one.key) ?? []), now]);
      }
      for (const [key, sent] of times) {
        for (const [i, at] of sent.entries()) if (i > 0) expect(at - sent[i - 1]!).toBeGreaterThanOrEqual(1_000);
        if (Number(key.slice(1)) % 2 === 0)
          for (const from of sent)
            expect(sent.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(5);
      }
    }),
    { numRuns: 200 },
  );
});
