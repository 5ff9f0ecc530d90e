import type { Clock } from '../../../core/ports/clock.ts';

/** How long this process could not look at its sockets: on a busy machine that time is in every duration, and is no fault of the line. */
export interface Lag {
  /** Ms so far. */
  total(): number;
  stop(): void;
}

const TICK = 50;
/** Timers are late by a little on every machine. */
const USUAL = 5;

export function watchLag(clock: Clock): Lag {
  let last = clock.monotonic();
  let sum = 0;
  const late = (): number => Math.max(0, clock.monotonic() - last - TICK - USUAL);
  const timer = setInterval(() => {
    sum += late();
    last = clock.monotonic();
  }, TICK);
  return {
    total: () => sum + late(),
    stop: () => clearInterval(timer),
  };
}
