import type { SourceHealth } from '../core/poll/source-state.ts';
import type { Clock, Tools } from '../core/ports/runtime.ts';
import { BACKUP, type Store, type StoreFault } from '../core/ports/store.ts';
import { type Period, readPeriods, withLook } from '../core/timeline.ts';
import { keepAtIt } from '../core/wakeable.ts';

/** What runs beside the work: a heartbeat, and the keeping times of what is stored. Two loops, so that neither waits for the other. */

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

/** It goes on by itself: a warning when it begins to fail, and no word when it works again. */
export const SILENTLY = { level: 'warn', ends: null } as const;

const HEARTBEAT = 'heartbeat';
/** `ended`: its process stopped of its own accord. */
export interface Beat {
  at: number;
  pid: number;
  ended?: true;
}

/** A stop that was meant: nobody takes this process for a running one. Another's heartbeat stays. Rejects as the store does. */
export async function endBeat(store: Pick<Store, 'state'>, pid: number): Promise<void> {
  const beat = (await store.state('app').get(HEARTBEAT)) as Beat | null | undefined;
  if (beat?.pid === pid) await store.state('app').set(HEARTBEAT, { ...beat, ended: true });
}

interface HousekeepingDeps extends Pick<Tools, 'clock' | 'log'> {
  store: Pick<Store, 'state' | 'prune' | 'verify'>;
  pid: number;
}

export function createHousekeeping({ store, clock, log, pid }: HousekeepingDeps) {
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

  return {
    /** Writes that the bot lives, and looks whether its database is still its own. Ends with the signal; never rejects. */
    beat: (signal: AbortSignal): Promise<void> =>
      keepAtIt(
        async () => {
          await look();
          await store.state('app').set(HEARTBEAT, { at: clock.now(), pid } satisfies Beat);
        },
        BEAT_EVERY,
        { clock, log, begins: 'Unable to write the heartbeat', ...SILENTLY },
        signal,
      ),
    /** Deletes what is past its keeping time, a chunk at a time. Ends with the signal; never rejects. */
    prune: (signal: AbortSignal): Promise<void> =>
      keepAtIt(
        async () => {
          const began = clock.monotonic();
          let saidAt = began;
          for (let chunks = 1; !signal.aborted && (await store.prune(clock.now())); chunks++) {
            const now = clock.monotonic();
            if (now - saidAt >= TELL_EVERY) {
              saidAt = now;
              const seconds = Math.round((now - began) / 1_000);
              log.info('Deleting what is past its keeping time', { chunks, seconds });
            }
            await clock.sleep(PRUNE_PAUSE, signal);
          }
        },
        PRUNE_EVERY,
        { clock, log, firstAfter: PRUNE_FIRST, begins: 'Unable to delete what is past its keeping time', ...SILENTLY },
        signal,
      ),
    /** What was wrong with the database at the last heartbeat, other than that it fails; null = nothing. */
    fault: (): StoreFault | null => fault,
  };
}

/** Operators hear of it so often while no backup is made (`tocsin backup` writes down when one was). */
const BACKUP_EVERY = 30 * 86_400_000;

interface BackupDeps extends Pick<Tools, 'clock' | 'log'> {
  store: Pick<Store, 'state' | 'transaction'>;
  /** Chats of operators, by their numbers. */
  operators(signal: AbortSignal): Promise<number[]>;
}

/** Counts from the last backup, the first start or the last reminder. Looks each hour until aborted; never rejects. */
export const remindOfBackups = ({ store, clock, log, operators }: BackupDeps, signal: AbortSignal): Promise<void> =>
  keepAtIt(
    async () => {
      const now = clock.now();
      const kept = ((await store.state('app').get(BACKUP)) ?? {}) as { at?: number; since?: number; told?: number };
      if (kept.at === undefined && kept.since === undefined) await store.state('app').set(BACKUP, { since: now });
      const last = Math.max(...[kept.at, kept.since, kept.told].map((one) => one ?? 0)) || now;
      if (now - last < BACKUP_EVERY) return;
      log.warn('No backup was made for a month: tocsin backup FILE');
      const chats = await operators(signal);
      await store.transaction(async ({ state, notices }) => {
        await state('app').set(BACKUP, { ...kept, told: now });
        await notices.tell(`backup-due.${now}`, { kind: 'backup-due' }, chats, { priority: 'reply', now });
      });
    },
    PRUNE_EVERY,
    { clock, log, begins: 'Unable to see when the last backup was made', ...SILENTLY },
    signal,
  );

/** Keeps a record of when this bot looked at all: a night in which it did not is no calm night (`core/timeline.ts`). */

const LOOK_EVERY = 5 * 60_000;
/** A source that was read so long ago still counts: many are asked for once an hour. */
const LATELY = 65 * 60_000;

interface WatchingDeps extends Pick<Tools, 'clock' | 'log'> {
  store: Pick<Store, 'state'>;
  sources(): readonly Pick<SourceHealth, 'lastOkAt'>[];
}

export function createWatching({ store, clock, log, sources }: WatchingDeps) {
  const state = store.state('watching');
  const periods = async (): Promise<Period[]> => readPeriods(await state.get('spells'));
  const sees = (now: number): boolean => sources().some(({ lastOkAt }) => lastOkAt !== null && now - lastOkAt < LATELY);
  return {
    periods,
    /** Writes a look down each few minutes while any source could be read lately. Ends with the signal; never rejects. */
    loop: (signal: AbortSignal): Promise<void> =>
      keepAtIt(
        async () => {
          const now = clock.now();
          if (sees(now)) await state.set('spells', withLook(await periods(), now));
        },
        LOOK_EVERY,
        { clock, log, begins: 'Unable to write down that the bot watches', ...SILENTLY },
        signal,
      ),
  };
}

/** Frees what nothing refers to, closes up what is left, and gives the rest back to the system. */
type Collect = () => Promise<void>;

/** V8's collection for when memory is short. Null where Node was not told to hand it out (`begin.mjs` does, for the running bot). */
export const collector = (gc = globalThis.gc): Collect | null =>
  gc ? () => gc({ type: 'major', execution: 'async', flavor: 'last-resort' }) : null;

/** What the start needed, then what the first polls did; ms after the one before. */
const FIRST_AFTER = [5_000, 60_000];
const COLLECT_EVERY = 300_000;
/** Or when so much has come on top, bytes, looked at so often: hundreds of feeds leave a MB a second behind, and V8 by itself waits until all has doubled. */
const GROWN = 6_000_000;
const GROWN_EVERY = 5_000;
/** While messages are under way it would hold them up: looked again after so long, ms, and no more often than so. */
const BUSY_MS = 30_000;
const MOST_WAITS = 4;

interface Memory {
  clock: Clock;
  collect: Collect;
  /** Bytes in use. */
  used(): number;
  isBusy(): boolean;
}

/**
 * By itself V8 keeps pages that it needed once, in case of more work of that kind: a bot that does nothing for hours holds the memory of
 * its start. Until aborted; never throws. It stops everything else for some 50 to 80 ms.
 */
export async function giveBackMemory({ clock, collect, used, isBusy }: Memory, signal: AbortSignal): Promise<void> {
  try {
    for (let times = 0, least = used(); ; times++, least = used()) {
      const end = clock.monotonic() + (FIRST_AFTER[times] ?? COLLECT_EVERY);
      do await clock.sleep(Math.min(GROWN_EVERY, end - clock.monotonic()), signal);
      while (clock.monotonic() < end && used() < least + GROWN);
      for (let waits = 0; isBusy() && waits < MOST_WAITS; waits++) await clock.sleep(BUSY_MS, signal);
      await collect();
    }
  } catch {
    // The stop; or V8 knows no such collection any more: then it goes on as it would without.
  }
}
