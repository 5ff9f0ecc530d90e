import type { Clock } from './ports/clock.ts';

/** Less is drift, and a clock that is being brought into line. */
const JUMP = 2_000;

/** By how many ms the wall clock was set back since the last look, by the clock that only goes forward; 0 when it was not. */
export function createClockWatch(clock: Clock): () => number {
  let offset = clock.now() - clock.monotonic();
  return () => {
    const before = offset;
    offset = clock.now() - clock.monotonic();
    return before - offset > JUMP ? before - offset : 0;
  };
}
