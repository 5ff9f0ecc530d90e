/** What runs beside the work: a heartbeat, and the keeping times of what is stored. Two loops, so that neither waits for the other. */
import { onceWhileFailing } from './core/failures.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Log } from './core/ports/log.ts';
import type { Store, StoreFault } from './core/ports/store.ts';

/** `tocsin status` and a container's health check look at the heartbeat; see there before making it rarer. */
export const BEAT_EVERY = 30_000;
const PRUNE_EVERY = 3_600_000;
/** The first pruning waits until the start is over. */
const PRUNE_FIRST = 60_000;
/** Between two chunks, so that work comes first. */
const PRUNE_PAUSE = 100;
/** Long pruning says how far it is so often. */
const TELL_EVERY = 10_000;
/** A database that is lost is said again so often: it is the last chance to save what is there. */
const REMIND_EVERY = 3_600_000;

export interface HousekeepingDeps {
  store: Pick<Store, 'state' | 'prune' | 'verify'>;
  clock: Clock;
  log: Log;
  pid: number;
}

export interface Housekeeping {
  /** Writes that the bot lives, and looks whether its database is still its own. Ends with the signal; never rejects. */
  beat(signal: AbortSignal): Promise<void>;
  /** Deletes what is past its keeping time, a chunk at a time. Ends with the signal; never rejects. */
  prune(signal: AbortSignal): Promise<void>;
  /** What was wrong with the database at the last heartbeat, other than that it fails; null = nothing. */
  fault(): StoreFault | null;
}

export function createHousekeeping({ store, clock, log, pid }: HousekeepingDeps): Housekeeping {
  let fault: StoreFault | null = null;
  let saidAt = 0;

  /** Says loudly what is wrong when it is new, and each hour again; and once that it is over (an inode may come back with its mount). */
  async function look(): Promise<void> {
    const now = await store.verify();
    const news = now?.reason !== fault?.reason;
    if (now && (news || clock.monotonic() - saidAt >= REMIND_EVERY)) {
      saidAt = clock.monotonic();
      log.error(now.message, { reason: now.reason });
    } else if (!now && news) log.info('The database is in its place again');
    fault = now;
  }

  async function every(signal: AbortSignal, pause: number, what: string, work: () => Promise<void>): Promise<void> {
    const trouble = onceWhileFailing(log, { begins: what, ends: null });
    while (!signal.aborted) {
      try {
        await work();
        trouble.working();
      } catch (error) {
        if (!signal.aborted) trouble.failing(error);
      }
      await clock.sleep(pause, signal).catch(() => undefined);
    }
  }

  return {
    beat: (signal) =>
      every(signal, BEAT_EVERY, 'Unable to write the heartbeat', async () => {
        await look();
        await store.state('app').set('heartbeat', { at: clock.now(), pid });
      }),
    async prune(signal) {
      await clock.sleep(PRUNE_FIRST, signal).catch(() => undefined);
      await every(signal, PRUNE_EVERY, 'Unable to delete what is past its keeping time', async () => {
        const began = clock.monotonic();
        let saidAt = began;
        for (let chunks = 1; !signal.aborted && (await store.prune(clock.now())); chunks++) {
          const now = clock.monotonic();
          if (now - saidAt >= TELL_EVERY) {
            saidAt = now;
            log.info('Deleting what is past its keeping time', { chunks, seconds: Math.round((now - began) / 1_000) });
          }
          await clock.sleep(PRUNE_PAUSE, signal);
        }
      });
    },
    fault: () => fault,
  };
}
