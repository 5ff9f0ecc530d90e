/** A loop's pause that others may end, and work in order: what wakes is never lost, what fails stops nothing behind it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOrder, inOrderByKey, oneMore, wakeable } from '../../src/core/wakeable.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a pause', () => {
  /** How long a pause of 1,000 ms lasts when this happens. */
  async function lasts(
    before: (w: ReturnType<typeof wakeable>) => void,
    during: (w: ReturnType<typeof wakeable>) => void,
    signal?: AbortSignal,
  ) {
    const clock = new FakeClock();
    const one = wakeable(clock);
    one.begin();
    before(one);
    let ended: number | null = null;
    void one.pause(1_000, signal).then(() => {
      ended = clock.monotonic();
    });
    await clock.pass(400);
    during(one);
    await clock.pass(2_000);
    return ended;
  }
  const nothing = () => undefined;

  test('nobody wakes: its time', async () => expect(await lasts(nothing, nothing)).toBe(1_000));
  test('woken: at once', async () => expect(await lasts(nothing, (one) => one.wake())).toBe(400));
  test('woken while the loop was at work: it does not even begin', async () => {
    expect(await lasts((one) => one.wake(), nothing)).toBe(0);
  });
  test('woken before the loop looked at its work: that look has seen it', async () => {
    expect(
      await lasts((one) => {
        one.wake();
        one.begin();
      }, nothing),
    ).toBe(1_000);
  });
  test('stopped, before or meanwhile: at once, without an exception', async () => {
    const stop = new AbortController();
    expect(await lasts(nothing, () => stop.abort(new Error('stop')), stop.signal)).toBe(400);
    expect(await lasts(nothing, nothing, AbortSignal.abort())).toBe(0);
  });
  test('a time that is over already: no longer than nothing', async () => {
    const clock = new FakeClock();
    const one = wakeable(clock);
    let over = false;
    void one.pause(-5).then(() => {
      over = true;
    });
    await clock.pass(0);
    expect(over).toBe(true);
  });
  test('a second pause after a wake: waits again, and is woken again', async () => {
    const clock = new FakeClock();
    const one = wakeable(clock);
    const ends: number[] = [];
    for (const at of [100, 300]) {
      one.begin();
      void one.pause(10_000).then(() => ends.push(clock.monotonic()));
      await clock.pass(at - clock.monotonic());
      one.wake();
      expect(one.woken()).toBe(true);
      await clock.pass(0);
    }
    expect(ends).toEqual([100, 300]);
  });
});

describe('one after another', () => {
  test('any work, failing or not: begun in order, never two at a time, and each has its own result', async () => {
    const jobs = fc.array(fc.record({ turns: fc.nat(3), fails: fc.boolean() }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(jobs, async (list) => {
        const run = inOrder();
        const begun: number[] = [];
        let busy = 0;
        const results = list.map(({ turns, fails }, n) =>
          run(async () => {
            begun.push(n);
            expect(++busy).toBe(1);
            for (let i = 0; i < turns; i++) await turn();
            busy--;
            if (fails) throw new Error(`job ${n}`);
            return n;
          }),
        );
        const settled = await Promise.allSettled(results);
        expect(begun).toEqual(list.map((_, n) => n));
        expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))).toEqual(
          list.map(({ fails }, n) => (fails ? `job ${n}` : n)),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('work that throws at once: as one that fails later', async () => {
    const run = inOrder();
    const first = run(() => {
      throw new Error('at once');
    });
    await expect(first).rejects.toThrow('at once');
    expect(await run(async () => 'next')).toBe('next');
  });

  test('so many at a time: the next begins when one ends, in the order handed in', async () => {
    const run = inOrder(2);
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const job = (name: string) =>
      run(() => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      });
    const all = ['a', 'b', 'c', 'd'].map(job);
    await Promise.resolve();
    expect(begun).toEqual(['a', 'b']);
    ends.get('b')!();
    await all[1];
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(['a', 'b', 'c']);
    ends.get('a')!();
    await all[0];
    await new Promise((resolve) => setImmediate(resolve));
    for (const name of ['c', 'd']) ends.get(name)!();
    await Promise.all(all);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  test('keys do not wait for each other; work of one key does', async () => {
    const run = inOrderByKey();
    const hold = Promise.withResolvers<void>();
    const done: string[] = [];
    const job = (key: string, name: string, wait?: Promise<void>) =>
      run(key, async () => {
        await wait;
        done.push(name);
      });
    const held = job('a', 'a1', hold.promise);
    const behind = job('a', 'a2');
    await job('b', 'b1');
    expect(done).toEqual(['b1']);
    hold.resolve();
    await Promise.all([held, behind]);
    expect(done).toEqual(['b1', 'a1', 'a2']);
  });

  test('queues: bounded for whoever asks, and a failing job ends only itself', async () => {
    const queues = inOrderByKey({ perKey: 2, total: 4 });
    const done: string[] = [];
    const released = Promise.withResolvers<void>();
    const job = (name: string, wait?: Promise<void>) => async () => {
      await wait;
      done.push(name);
    };
    const first = queues('a', job('a1', released.promise));
    void queues('a', job('a2'));
    expect([queues.isFull('a'), queues.isFull('b')]).toEqual([true, false]);
    await queues('b', job('b1'));
    expect(done).toEqual(['b1']);
    await expect(queues('b', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    void queues('a', job('a3'));
    void queues('c', job('c1', released.promise));
    expect([queues.isFull('b'), queues.size()]).toEqual([true, 4]);
    released.resolve();
    await first;
    await queues.idle();
    expect(done.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
    expect(done.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(queues.size()).toBe(0);
  });
});

describe('oneMore', () => {
  test('once at a time; all who ask meanwhile share one more run, also after one that failed', async () => {
    const ends: PromiseWithResolvers<void>[] = [];
    const run = oneMore(() => {
      ends.push(Promise.withResolvers());
      return ends.at(-1)!.promise;
    });
    const first = run();
    await Promise.resolve();
    const [second, third] = [run(), run()];
    expect(ends).toHaveLength(1);
    ends[0]!.reject(new Error('x'));
    await expect(first).rejects.toThrow('x');
    await new Promise((resolve) => setImmediate(resolve));
    expect(ends).toHaveLength(2);
    ends[1]!.resolve();
    await Promise.all([second, third]);
    expect(ends).toHaveLength(2);
  });
});
