import { expect, onTestFinished, test } from 'vitest';
import { collector, giveBackMemory } from '../../../src/app/housekeeping.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const MINUTE = 60_000;

function bench(collect?: () => Promise<void>) {
  const clock = new FakeClock();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const at: number[] = [];
  const state = { busy: false, used: 40e6 };
  const collected = async (): Promise<void> => {
    at.push(clock.monotonic());
    await collect?.();
  };
  const deps = { clock, collect: collected, used: () => state.used, isBusy: () => state.busy };
  const done = giveBackMemory(deps, stop.signal);
  return { clock, stop, at, state, done };
}

test('after the start, after the first polls, then every five minutes', async () => {
  const { clock, at } = bench();
  for (let i = 0; i < 13; i++) await clock.pass(MINUTE);
  expect(at.map((ms) => Math.round(ms / MINUTE))).toEqual([0, 1, 6, 11]);
});

test('within seconds of the start', async () => {
  const { clock, at } = bench();
  await clock.pass(4_999);
  expect(at).toEqual([]);
  await clock.pass(1);
  expect(at).toEqual([5_000]);
});

test('messages are under way: not before they are through, and not forgotten', async () => {
  const { clock, at, state } = bench();
  state.busy = true;
  await clock.pass(2 * MINUTE);
  expect(at).toEqual([]);
  state.busy = false;
  await clock.pass(30_000);
  expect(at).toHaveLength(1);
});

test('messages are under way all the time: after two minutes all the same, and so on', async () => {
  const { clock, at, state } = bench();
  state.busy = true;
  for (let i = 0; i < 20; i++) await clock.pass(MINUTE);
  expect(at.map((ms) => Math.round(ms / MINUTE))).toEqual([2, 5, 12, 19]);
});

test('much has come on top since the last time: within seconds, also while the start is looked after; then it is reckoned anew', async () => {
  const { clock, at, state } = bench();
  await clock.pass(10_000);
  state.used += 7e6;
  await clock.pass(5_000);
  expect(at).toEqual([5_000, 15_000]);
  // What a collection leaves is no growth.
  for (let i = 0; i < 4; i++) await clock.pass(MINUTE);
  expect(at).toHaveLength(2);
  state.used += 7e6;
  await clock.pass(5_000);
  expect(at).toHaveLength(3);
});

test('little has come on top: in five minutes as ever', async () => {
  const { clock, at, state } = bench();
  for (let i = 0; i < 70; i++) {
    await clock.pass(10_000);
    if (i === 10) state.used += 5e6;
  }
  expect(at.map((ms) => Math.round(ms / MINUTE))).toEqual([0, 1, 6, 11]);
});

test('much has come on top while messages are under way: not before they are through', async () => {
  const { clock, at, state } = bench();
  await clock.pass(5_000);
  state.busy = true;
  state.used += 50e6;
  await clock.pass(MINUTE);
  expect(at).toEqual([5_000]);
  state.busy = false;
  await clock.pass(30_000);
  expect(at).toHaveLength(2);
});

test('the stop ends it at once, also while it waits for messages', async () => {
  const { clock, stop, state, done } = bench();
  state.busy = true;
  await clock.pass(6_000);
  stop.abort();
  await expect(done).resolves.toBeUndefined();
});

test('a collection that fails: nothing else hears of it, and it is not tried again', async () => {
  const { clock, at, done } = bench(() => Promise.reject(new Error('unknown flavor')));
  await clock.pass(5_000);
  await expect(done).resolves.toBeUndefined();
  for (let i = 0; i < 5; i++) await clock.pass(MINUTE);
  expect(at).toEqual([5_000]);
});

test('Node hands out none: there is none; it does: the one for when memory is short, beside the work', async () => {
  expect(collector(undefined) === null).toBe(globalThis.gc === undefined);
  const asked: object[] = [];
  const gc = ((options: object) => {
    asked.push(options);
    return Promise.resolve();
  }) as unknown as NonNullable<typeof globalThis.gc>;
  await collector(gc)!();
  expect(asked).toEqual([{ type: 'major', execution: 'async', flavor: 'last-resort' }]);
});
