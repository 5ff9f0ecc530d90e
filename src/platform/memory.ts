import type { Clock } from '../core/ports/clock.ts';

/** Frees what nothing refers to, closes up what is left, and gives the rest back to the system. */
export type Collect = () => Promise<void>;

/** V8's collection for when memory is short. Null where Node was not told to hand it out (`main.ts` does, for the running bot). */
export const collector = (gc = globalThis.gc): Collect | null =>
  gc ? () => gc({ type: 'major', execution: 'async', flavor: 'last-resort' }) : null;

/** What the start needed, then what the first polls did; ms after the one before. */
const FIRST_AFTER = [5_000, 60_000];
const EVERY = 3_600_000;
/** While messages or polls are under way it would hold them up: looked again after so long, ms. */
const BUSY_MS = 30_000;

/**
 * By itself V8 keeps pages that it needed once, in case of more work of that kind: a bot that does nothing for hours holds the memory of
 * its start. Until aborted; never throws. It stops everything else for some 50 to 80 ms.
 */
export async function giveBackMemory(
  { clock, collect, isBusy }: { clock: Clock; collect: Collect; isBusy(): boolean },
  signal: AbortSignal,
): Promise<void> {
  try {
    for (let times = 0; ; times++) {
      await clock.sleep(FIRST_AFTER[times] ?? EVERY, signal);
      while (isBusy()) await clock.sleep(BUSY_MS, signal);
      await collect();
    }
  } catch {
    // The stop; or V8 knows no such collection any more: then it goes on as it would without.
  }
}
