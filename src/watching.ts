/** Keeps a record of when this bot looked at all: a night in which it did not is no calm night (`core/picture/watched.ts`). */
import { onceWhileFailing } from './core/failures.ts';
import { readSpells, type Spell, withLook } from './core/picture/watched.ts';
import type { SourceHealth } from './core/poll/health.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Log } from './core/ports/log.ts';
import type { Store } from './core/ports/store.ts';

const EVERY = 5 * 60_000;
/** A source that was read so long ago still counts: many are asked for once an hour. */
const LATELY = 65 * 60_000;

export interface WatchingDeps {
  store: Pick<Store, 'state'>;
  clock: Clock;
  log: Log;
  sources(): readonly Pick<SourceHealth, 'lastOkAt'>[];
}

export interface Watching {
  /** Writes a look down each few minutes while any source could be read lately. Ends with the signal; never rejects. */
  loop(signal: AbortSignal): Promise<void>;
  spells(): Promise<Spell[]>;
}

export function createWatching({ store, clock, log, sources }: WatchingDeps): Watching {
  const state = store.state('watching');
  const spells = async (): Promise<Spell[]> => readSpells(await state.get('spells'));
  const sees = (now: number): boolean => sources().some(({ lastOkAt }) => lastOkAt !== null && now - lastOkAt < LATELY);
  return {
    spells,
    async loop(signal) {
      const trouble = onceWhileFailing(log, { begins: 'Unable to write down that the bot watches', ends: null });
      while (!signal.aborted) {
        try {
          const now = clock.now();
          if (sees(now)) await state.set('spells', withLook(await spells(), now));
          trouble.working();
        } catch (error) {
          if (!signal.aborted) trouble.failing(error);
        }
        await clock.sleep(EVERY, signal).catch(() => undefined);
      }
    },
  };
}
