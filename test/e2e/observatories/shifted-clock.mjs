/**
 * Loaded before the program (`node --import`): the wall clock of this one process is ahead by as many ms as the file that TOCSIN_TEST_AHEAD names
 * says, looked at ten times a second. The monotonic clock goes on as it is, as when a machine's clock is set.
 */
import { readFileSync } from 'node:fs';

const Real = Date;
let ahead = 0;
const look = () => {
  try {
    ahead = Number(readFileSync(process.env.TOCSIN_TEST_AHEAD ?? '', 'utf8')) || 0;
  } catch {
    // Not there yet: the clock is right.
  }
};
look();
setInterval(look, 100).unref();
globalThis.Date = class extends Real {
  /** @param {unknown[]} args */
  constructor(...args) {
    // @ts-expect-error as it was given
    super(...(args.length === 0 ? [Real.now() + ahead] : args));
  }

  static now() {
    return Real.now() + ahead;
  }
};
