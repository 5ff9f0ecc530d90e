import { describe, expect, test } from 'vitest';
import { createPacer, type Pacer } from '../../../src/core/outbox/pacer.ts';

const pace = { perSecond: 27, perChatMs: 1_000, perGroupMinute: 20, window: 16 };
const chat = (key: string, group = false) => ({ key, group });

/** Sends to ever new chats as fast as allowed, with timers late by `late(i)` ms; the times of the sends. */
function run(pacer: Pacer, ms: number, late: (i: number) => number = () => 0): number[] {
  const sent: number[] = [];
  for (let now = 0, i = 0; now < ms; i++) {
    const wait = pacer.take(chat(`c${i}`), now);
    if (wait === 0) sent.push(now);
    now += wait + late(i);
  }
  return sent;
}
const mostInASecond = (sent: number[]): number =>
  Math.max(...sent.map((from) => sent.filter((at) => at >= from && at < from + 1_000).length));

describe('the pace', () => {
  test('27 a second, timers late by up to 5 ms: the beat holds and no second holds more than 28', () => {
    const sent = run(createPacer(pace, 0), 60_000, (i) => (i * 7) % 6);
    expect(sent.length).toBeGreaterThanOrEqual(27 * 60 * 0.985);
    expect(mostInASecond(sent)).toBeLessThanOrEqual(28);
  });

  test('after an idle hour: no burst', () => {
    const pacer = createPacer(pace, 0);
    run(pacer, 1_000);
    const later = 3_600_000;
    expect(pacer.take(chat('x'), later)).toBe(0);
    expect(pacer.take(chat('y'), later)).toBeGreaterThan(15);
  });

  test('two messages to one chat: a second apart, others go meanwhile', () => {
    const pacer = createPacer(pace, 0);
    expect(pacer.take(chat('a'), 0)).toBe(0);
    expect(pacer.take(chat('a'), 100)).toBe(900);
    expect(pacer.take(chat('b'), 100)).toBe(0);
  });

  test('a group: 20 in a minute, the 21st waits for the first to age', () => {
    const pacer = createPacer(pace, 0);
    for (let i = 0; i < 20; i++) expect(pacer.take(chat('g', true), i * 1_000)).toBe(0);
    expect(pacer.take(chat('g', true), 20_000)).toBe(40_000);
    expect(pacer.take(chat('g', true), 60_000)).toBe(0);
  });

  test('sends of an earlier process: their chats keep their distance', () => {
    const pacer = createPacer(pace, 10_000);
    for (let i = 0; i < 20; i++) pacer.remember(chat('g', true), 9_000 - i * 1_000);
    expect(pacer.take(chat('g', true), 10_000)).toBe(40_000);
  });

  test('a refusal: nothing for as long as asked, then a tenth slower, then back to full', () => {
    const pacer = createPacer(pace, 0);
    pacer.pause(5_000, true);
    expect(pacer.take(chat('a'), 1_000)).toBe(4_000);
    expect(pacer.rate()).toBeCloseTo(24.3);
    for (let now = 5_000; now < 400_000; now += 1_000) pacer.take(chat(`n${now}`), now);
    expect(pacer.rate()).toBe(27);
  });

  test('rate 0: never waits but for a pause', () => {
    const pacer = createPacer({ ...pace, perSecond: 0 }, 0);
    for (let i = 0; i < 100; i++) expect(pacer.take(chat('a', true), 0)).toBe(0);
    pacer.pause(500, true);
    expect(pacer.take(chat('a'), 100)).toBe(400);
  });
});
