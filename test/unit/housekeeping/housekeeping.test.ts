import { expect, test } from 'vitest';
import { BEAT_EVERY, createHousekeeping } from '../../../src/app/housekeeping.ts';
import type { Log, LogFields } from '../../../src/core/ports/runtime.ts';
import type { StoreFault } from '../../../src/core/ports/store.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const HOUR = 3_600_000;

function world() {
  const clock = new FakeClock(0);
  const lines: string[] = [];
  const note = (level: string) => (message: string, fields?: LogFields) =>
    void lines.push([level, message, fields?.error].filter(Boolean).join(' '));
  const log: Log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
    child: () => log,
  };
  const state = {
    fault: null as StoreFault | null,
    beats: 0,
    left: 0,
    failing: false,
    pruning: null as Promise<void> | null,
  };
  const store = {
    verify: async () => state.fault,
    state: () => ({
      get: async () => null,
      delete: async () => {},
      set: async () => {
        if (state.failing) throw new Error('disk full');
        state.beats++;
      },
    }),
    prune: async () => {
      await state.pruning;
      return state.left-- > 0;
    },
  };
  const own = createHousekeeping({ store, clock, log, pid: 1 });
  const stop = new AbortController();
  const loops = [own.beat(stop.signal), own.prune(stop.signal)];
  const end = async () => {
    stop.abort();
    await clock.pass(0);
    await Promise.all(loops);
  };
  return { clock, lines, state, own, end };
}

test('a pruning that hangs: the heartbeat goes on', async () => {
  const { clock, state, end } = world();
  let go = (): void => {};
  state.pruning = new Promise((resolve) => {
    go = resolve;
  });
  await clock.pass(HOUR);
  expect(state.beats).toBeGreaterThanOrEqual(HOUR / BEAT_EVERY);
  go();
  await end();
});

test('pruning: begins after the start, chunk after chunk, then once an hour', async () => {
  const { clock, state, end } = world();
  state.left = 50;
  await clock.pass(59_000);
  expect(state.left).toBe(50);
  await clock.pass(60_000);
  expect(state.left).toBe(-1);
  await clock.pass(HOUR);
  expect(state.left).toBe(-2);
  await end();
});

test('the database is lost: an error at the next heartbeat, again each hour, and a word when it is back', async () => {
  const { clock, lines, state, own, end } = world();
  await clock.pass(BEAT_EVERY);
  expect([own.fault(), lines]).toEqual([null, []]);
  state.fault = { reason: 'deleted', message: 'The file was deleted.' };
  await clock.pass(BEAT_EVERY);
  expect(own.fault()?.reason).toBe('deleted');
  await clock.pass(HOUR / 2);
  expect(lines).toEqual(['error The file was deleted.']);
  await clock.pass(HOUR);
  expect(lines).toHaveLength(2);
  state.fault = { reason: 'replaced', message: 'The file was replaced.' };
  await clock.pass(BEAT_EVERY);
  state.fault = null;
  await clock.pass(BEAT_EVERY);
  expect(lines.slice(2)).toEqual(['error The file was replaced.', 'info The database is in its place again']);
  expect(own.fault()).toBeNull();
  await end();
});

test('heartbeats that cannot be written: one warning until one can', async () => {
  const { clock, lines, state, end } = world();
  state.failing = true;
  await clock.pass(10 * BEAT_EVERY);
  state.failing = false;
  await clock.pass(BEAT_EVERY);
  state.failing = true;
  await clock.pass(BEAT_EVERY);
  expect(lines).toEqual(Array(2).fill('warn Unable to write the heartbeat disk full'));
  await end();
});

test('a pruning that takes long: says so every ten seconds, and nothing where it is soon over', async () => {
  const { clock, lines, state, end } = world();
  state.left = 50;
  await clock.pass(HOUR);
  expect(lines).toEqual([]);
  state.left = 250;
  await clock.pass(HOUR);
  await end();
  expect(lines).toEqual(Array.from({ length: 2 }, () => 'info Deleting what is past its keeping time'));
});
