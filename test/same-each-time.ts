/**
 * For every test: random input is the same each time, and in the gate nobody waits for time that is real. A test that sets a timer of more than 200 ms
 * which then runs out is red there: time is handed in (`test/fakes/fake-clock.ts`). What plays somebody else's server (`test/fakes/`) may let it answer
 * late; what waits for a process belongs to a proof.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { configureGlobal } from 'fast-check';
import { afterEach, beforeEach } from 'vitest';
import { room, seedOf } from './rooms.ts';

configureGlobal({ seed: seedOf() });

const LONGEST_MS = 200;
const TEST_FILE = /\/test\/(?!fakes\/|e2e\/)[\w./-]+\.ts:\d+/;

/** One for a worker, which may run many files one after the other. */
const watch = globalThis as { timersThatRanOut?: string[]; testsBegun?: number };

/** Where the timer was set, if a test set it: its first frame that is no vendor's and none of this file. */
function setBy(stack = ''): string | null {
  const frame = stack
    .split('\n')
    .slice(2)
    .find((line) => line.includes('file:') || line.includes('/test/') || line.includes('/src/'));
  return (frame && !frame.includes('same-each-time') && TEST_FILE.exec(frame)?.[0].slice(1)) || null;
}

if (room() === 'gate' && !watch.timersThatRanOut) {
  const ranOut: string[] = (watch.timersThatRanOut = []);
  const [real, later] = [globalThis.setTimeout, promises.setTimeout];
  const told = (ms: number, by: string) => ranOut.push(`${Math.round(ms)} ms (${by})`);
  const watched = ((fn: (...given: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const by = Number(ms) > LONGEST_MS ? setBy(new Error().stack) : null;
    if (by === null) return real(fn, ms, ...args);
    const during = watch.testsBegun;
    const timer = real(() => {
      // What another test left running holds up nobody.
      if (timer.hasRef() && during === watch.testsBegun) told(ms!, by);
      fn(...args);
    }, ms);
    return timer;
  }) as typeof setTimeout;
  globalThis.setTimeout = timers.setTimeout = Object.assign(watched, real);
  promises.setTimeout = (async (ms?: number, value?: unknown, options?: object) => {
    const by = Number(ms) > LONGEST_MS ? setBy(new Error().stack) : null;
    const got = await later(ms, value, options);
    if (by !== null) told(ms!, by);
    return got;
  }) as typeof later;
  syncBuiltinESMExports();
}

beforeEach(() => {
  watch.testsBegun = (watch.testsBegun ?? 0) + 1;
});
afterEach(() => {
  const ranOut = watch.timersThatRanOut?.splice(0) ?? [];
  if (ranOut.length > 0)
    throw new Error(`Waited for real time: ${ranOut.join(', ')}; at most ${LONGEST_MS} ms, time is handed in`);
});
