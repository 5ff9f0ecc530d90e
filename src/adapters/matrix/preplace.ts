import { codeOf } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { MatrixPort } from './port.ts';

/** Reactions of ours to our own messages: numbers that need only be tapped. A nicety: the text names them, and whoever wants one can give it themselves. */
export interface Preplace {
  /** A message went out that offers these. Never waits, never throws. */
  offer(roomId: string, eventId: string, keys: readonly string[]): void;
  /** A message is on its way, or was refused for coming too fast: those come first. */
  sending(): () => void;
  tooFast(): void;
}

/** Messages that wait for theirs, at most: in a broadcast all but the first go without. */
const MAX_WAITING = 20;
/**
 * A budget of reactions: so many at once, and one more each so many ms. A homeserver counts them like messages, and holds up the next alert if there are
 * too many: Synapse as it comes allows ten, and one more each five seconds, so half of that is ours. Whose operator says how much may be sent (`rate`) has more.
 */
const BURST = { careful: 5, allowed: 15 };
const REFILL_MS = { careful: 10_000, allowed: 1_000 };
const APART_MS = 150;
/** Nothing was sent for so long, ms. */
const QUIET_MS = 300;
/** A homeserver that finds us too fast is not asked again for so long, ms. */
const OFF_MS = 6 * 3_600_000;

export interface PreplaceParts {
  port(): Promise<Pick<MatrixPort, 'sendEvent'>>;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  /** The operator said how fast this account may be. */
  allowed: boolean;
}

export function createPreplace({ port, clock, log, signal, allowed }: PreplaceParts): Preplace {
  const manner = allowed ? 'allowed' : 'careful';
  const waiting: { roomId: string; eventId: string; keys: readonly string[] }[] = [];
  let running = false;
  let underWay = 0;
  let lastSent = Number.NEGATIVE_INFINITY;
  let offUntil = Number.NEGATIVE_INFINITY;
  let budget = BURST[manner];
  let countedAt = clock.monotonic();

  function refill(): void {
    const now = clock.monotonic();
    budget = Math.min(BURST[manner], budget + (now - countedAt) / REFILL_MS[manner]);
    countedAt = now;
  }

  const isBusy = (): boolean => underWay > 0 || clock.monotonic() - lastSent < QUIET_MS;

  async function quiet(): Promise<void> {
    while (isBusy()) await clock.sleep(QUIET_MS, signal);
  }

  async function run(): Promise<void> {
    const { sendEvent } = await port();
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      refill();
      // All or none: half a row of numbers would say that the others cannot be had.
      if (budget < next.keys.length) continue;
      budget -= next.keys.length;
      for (const key of next.keys) {
        await quiet();
        const relation = { rel_type: 'm.annotation', event_id: next.eventId, key };
        const txnId = `react.${next.eventId.slice(1).replace(/[^A-Za-z0-9]/g, '')}.${key.charAt(0)}`.slice(0, 200);
        await sendEvent(next.roomId, 'm.reaction', txnId, { 'm.relates_to': relation }, { signal, timeoutMs: 10_000 });
        await clock.sleep(APART_MS, signal);
      }
    }
  }

  function stop(): void {
    waiting.length = 0;
    offUntil = clock.monotonic() + OFF_MS;
  }

  return {
    offer(roomId, eventId, keys) {
      if (keys.length === 0 || signal.aborted || clock.monotonic() < offUntil || waiting.length >= MAX_WAITING) return;
      waiting.push({ roomId, eventId, keys });
      if (running) return;
      running = true;
      void run()
        .catch((error: unknown) => {
          waiting.length = 0;
          if (signal.aborted) return;
          if (codeOf(error) === 'rate_limited') stop();
          log.info('Unable to react to a message of ours on Matrix', { code: codeOf(error) });
        })
        .finally(() => {
          running = false;
        });
    },
    sending() {
      underWay++;
      return () => {
        underWay--;
        lastSent = clock.monotonic();
      };
    },
    tooFast: stop,
  };
}
