import type { Log } from '../../../core/ports/log.ts';
import { shortRoom } from '../text.ts';
import type { Sharing } from './share.ts';

/** Shares the keys of rooms ahead of what will be said there: one room at a time, and while nothing is being sent. */
export interface Ahead {
  /** Never waits, never throws. */
  prepare(roomIds: readonly string[]): void;
  /** Something is on its way, until what this returns is called. */
  sending(): () => void;
}

export function createAhead(sharing: Pick<Sharing, 'prepare'>, log: Log, signal: AbortSignal): Ahead {
  const waiting = new Set<string>();
  let underWay = 0;
  let running = false;
  let whenQuiet: (() => void) | null = null;

  async function run(): Promise<void> {
    for (const roomId of waiting) {
      if (underWay > 0) await new Promise<void>((done) => (whenQuiet = done));
      if (signal.aborted) return;
      waiting.delete(roomId);
      try {
        await sharing.prepare(roomId, { signal });
      } catch (error) {
        if (signal.aborted) return;
        // The next message there shares it.
        const said = { room: shortRoom(roomId), error: String(error).slice(0, 200) };
        log.info('Unable to share the key of an encrypted room ahead', said);
      }
    }
  }

  return {
    prepare(roomIds) {
      for (const roomId of roomIds) waiting.add(roomId);
      if (running) return;
      running = true;
      void run().finally(() => {
        running = false;
      });
    },
    sending() {
      underWay++;
      return () => {
        underWay--;
        if (underWay > 0) return;
        whenQuiet?.();
        whenQuiet = null;
      };
    },
  };
}
