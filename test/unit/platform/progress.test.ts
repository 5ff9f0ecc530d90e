/** A bar at a terminal, a line each ten seconds elsewhere, nothing for what is done at once. */
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { progressOn } from '../../../src/platform/progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function stage(terminal: boolean, columns = 100) {
  const written: string[] = [];
  let now = 0;
  const begin = progressOn({
    write: (text) => written.push(text),
    terminal,
    columns: () => columns,
    clock: { monotonic: () => now },
  });
  /** Time goes by for the clock and for timers. */
  const pass = (ms: number): void => {
    now += ms;
    vi.advanceTimersByTime(ms);
  };
  /** Time goes by in work that lets no timer through. */
  const work = (ms: number): void => {
    now += ms;
  };
  const progress = begin('replaying', 'items');
  return { written, pass, work, progress, last: () => stripVTControlCharacters(written.at(-1) ?? '').trim() };
}

describe('elsewhere', () => {
  test('a line each ten seconds, and none before', () => {
    const { written, pass, progress } = stage(false);
    progress.tell(10, 100);
    pass(9_999);
    expect(written).toEqual([]);
    pass(1);
    expect(written).toEqual(['replaying: 10 of 100 items (10 %), 10 s, 90 s left\n']);
    progress.tell(1_500, 10_000);
    pass(10_000);
    expect(written[1]).toBe('replaying: 1,500 of 10,000 items (15 %), 20 s, 2 min left\n');
    progress.end();
    pass(60_000);
    expect(written).toHaveLength(2);
  });

  test('work that lets no timer through: the line comes with what it tells', () => {
    const { written, work, progress } = stage(false);
    for (let i = 1; i <= 30; i++) {
      work(1_000);
      progress.tell(i, null);
    }
    expect(written).toEqual([10, 20, 30].map((n) => `replaying: ${n} items, ${n} s\n`));
  });

  test('no colour, no cursor: not one escape', () => {
    const { written, pass, progress } = stage(false);
    progress.tell(1, 2);
    pass(60_000);
    progress.hide();
    progress.end();
    expect(written.join('')).not.toMatch(/[\r\u001b]/);
  });
});

describe('at a terminal', () => {
  test('over in half a second: nothing was drawn, nothing is taken away', () => {
    const { written, pass, progress } = stage(true);
    progress.tell(1, 2);
    pass(400);
    progress.end();
    expect(written).toEqual([]);
  });

  test('a bar, drawn anew in its place, and taken away at the end', () => {
    const { written, pass, progress, last } = stage(true);
    progress.tell(25, 100);
    pass(1_000);
    expect(last()).toBe('[#####---------------] replaying: 25 of 100 items (25 %), 1 s, 3 s left');
    expect(written.every((one) => one.startsWith('\r\u001b[K'))).toBe(true);
    progress.end();
    expect(written.at(-1)).toBe('\r\u001b[K');
    progress.end();
    expect(written.filter((one) => one === '\r\u001b[K')).toHaveLength(1);
  });

  test('many tell: drawn at most five times a second', () => {
    const { written, work, progress } = stage(true);
    for (let i = 0; i < 10_000; i++) {
      work(1);
      progress.tell(i, 10_000);
    }
    expect(written.length).toBeLessThanOrEqual(50);
    expect(written.length).toBeGreaterThan(40);
  });

  test('something else is written: the bar makes room, and comes back with the next word', () => {
    const { written, pass, progress } = stage(true);
    progress.tell(1, 2);
    pass(1_000);
    progress.hide();
    expect(written.at(-1)).toBe('\r\u001b[K');
    const before = written.length;
    progress.hide();
    expect(written).toHaveLength(before);
    pass(200);
    expect(written).toHaveLength(before + 1);
  });

  test.each([10, 30, 61, 62, 80])('%i columns: never wider, so that it never wraps', (columns) => {
    const { written, pass, progress } = stage(true, columns);
    progress.tell(123_456, 1_000_000);
    pass(5_000);
    progress.tell(123_456, null);
    pass(5_000);
    for (const one of written) expect(stripVTControlCharacters(one).trim().length).toBeLessThan(columns);
  });

  test('odd numbers: none of all, more than all, nothing', () => {
    const { pass, progress, last } = stage(true);
    for (const [done, all, expected] of [
      [0, 0, 'replaying: 0 of 0 items, '],
      [12, 10, '[####################] replaying: 12 of 10 items (100 %), '],
      [0, 10, '[--------------------] replaying: 0 of 10 items (0 %), '],
    ] as const) {
      progress.tell(done, all);
      pass(1_000);
      expect(last()).toContain(expected);
      expect(last()).not.toMatch(/NaN|Infinity|left/);
    }
    progress.end();
  });
});
