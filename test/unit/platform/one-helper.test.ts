import { afterEach, expect, test, vi } from 'vitest';
import { oneHelper, type Told } from '../../../src/platform/one-helper.ts';

afterEach(() => void vi.useRealTimers());

test('lost, asked again, and at work when the idle time of the lost one is over: it goes on and answers', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const all: Told<{ id: number }>[] = [];
  let ended = 0;
  const helper = oneHelper<{ id: number }, { id: number }>({
    begin(told) {
      all.push(told);
      return { send: () => {}, hold: () => {}, end: () => void ended++ };
    },
    deadlineMs: 8_000,
    idleMs: 10_000,
    lost: () => new Error('lost'),
  });
  const first = helper.ask({});
  all[0]!.failed();
  await expect(first).rejects.toThrow('lost');
  vi.advanceTimersByTime(5_000);
  const second = helper.ask({});
  all[1]!.ready();
  vi.advanceTimersByTime(6_000);
  // The lost one alone.
  expect(ended).toBe(1);
  all[1]!.answered({ id: 2 });
  expect(await second).toEqual({ id: 2 });
  vi.advanceTimersByTime(30_000);
  expect(all).toHaveLength(2);
});
