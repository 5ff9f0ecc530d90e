/**
 * Loaded before the program (`node --import`): all clocks and timers of this one process run as many times faster as the file that
 * TOCSIN_TEST_SPEED names says, looked at ten times a second. A timer that was set before goes on at the speed at which it was set.
 */
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import promised from 'node:timers/promises';

const RealDate = Date;
const real = performance.now.bind(performance);
const { setTimeout: later, setInterval: again } = globalThis;
const laterPromised = promised.setTimeout;
const startedAt = RealDate.now();
const begin = real();
let speed = 1;
let since = begin;
let passed = 0;
const elapsed = () => passed + (real() - since) * speed;
const look = () => {
  try {
    const said = Number(readFileSync(process.env.TOCSIN_TEST_SPEED ?? '', 'utf8')) || 1;
    if (said === speed) return;
    passed = elapsed();
    since = real();
    speed = said;
  } catch {
    // Not there yet: as fast as ever.
  }
};
look();
again(look, 100).unref();
performance.now = () => begin + elapsed();
globalThis.Date = class extends RealDate {
  /** @param {unknown[]} args */
  constructor(...args) {
    // @ts-expect-error as it was given
    super(...(args.length === 0 ? [globalThis.Date.now()] : args));
  }

  static now() {
    return Math.floor(startedAt + elapsed());
  }
};
/** @type {(run: (...args: any[]) => void, ms?: number, ...args: any[]) => any} */
const faster = (run, ms = 0, ...args) => later(run, ms / speed, ...args);
// @ts-expect-error without the part for promisify
globalThis.setTimeout = faster;
// What imports it by name from `node:timers/promises` has it faster as well: the program's own clock does.
promised.setTimeout = (ms = 0, value, options) => laterPromised(ms / speed, value, options);
syncBuiltinESMExports();
