import type { Clock } from '../../core/ports/clock.ts';
import type { Store } from '../../core/ports/store.ts';

/** The running bot beats every 30 s (`housekeeping.ts`). */
const ALIVE_WITHIN = 120_000;

/** Does a bot run on this database, and when was it last known to? ms since the epoch, null = never. */
export async function lastBeat(
  store: Pick<Store, 'state'>,
  clock: Pick<Clock, 'now'>,
): Promise<{ running: boolean; at: number | null }> {
  const beat = (await store.state('app').get('heartbeat')) as { at: number } | null | undefined;
  const at = beat?.at ?? null;
  return { running: at !== null && clock.now() - at < ALIVE_WITHIN, at };
}
