/** Answers for many at once: made once, kept for a moment, and never kept where they failed. */
import { describe, expect, test } from 'vitest';
import { createRecent } from '../../../src/core/recent.ts';

describe('an answer that many ask for', () => {
  test('made once for all who ask meanwhile, and anew when its time is over', async () => {
    const recent = createRecent<number>(1_000, 10);
    let made = 0;
    const make = async () => ++made;
    expect(await Promise.all([recent('a', 0, make), recent('a', 999, make), recent('b', 0, make)])).toEqual([1, 1, 2]);
    expect([await recent('a', 1_000, make), await recent('a', 1_500, make)]).toEqual([3, 3]);
  });

  test('one that fails: all who asked hear of it, the next one tries again', async () => {
    const recent = createRecent<string>(1_000, 10);
    const failing = [1, 2].map(() => recent('a', 0, () => Promise.reject(new Error('x'))));
    for (const one of failing) await expect(one).rejects.toThrow('x');
    expect(await recent('a', 1, async () => 'well')).toBe('well');
  });

  test('one that fails late does not take a newer one with it', async () => {
    const recent = createRecent<string>(1_000, 10);
    const slow = Promise.withResolvers<string>();
    const first = recent('a', 0, () => slow.promise);
    await recent('a', 2_000, async () => 'newer');
    slow.reject(new Error('x'));
    await expect(first).rejects.toThrow('x');
    expect(await recent('a', 2_001, async () => 'made again')).toBe('newer');
  });

  test('what is over: gone with the next that is made', async () => {
    const recent = createRecent<string>(1_000, 10);
    for (const [at, key] of ['a', 'b', 'c'].entries()) await recent(key, at * 400, async () => key);
    await recent('d', 1_400, async () => 'd');
    expect(recent.size()).toBe(2);
  });

  test('too many keys: the oldest go, one that was made anew is young again', async () => {
    const recent = createRecent<string>(1_000, 2);
    const get = (key: string, now: number) => recent(key, now, async () => `${key}${now}`);
    await get('a', 0);
    await get('b', 0);
    await get('a', 1_000);
    await get('c', 1_000);
    expect([await get('a', 1_001), await get('b', 1_001)]).toEqual(['a1000', 'b1001']);
  });
});
