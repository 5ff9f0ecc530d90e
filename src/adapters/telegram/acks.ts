import type { Clock } from '../../core/ports/clock.ts';
import type { ApiClient } from './client.ts';

/** What whoever pressed a button sees: nothing more than that it was pressed, or a popup. */
export interface Ack {
  queryId: string;
  popup: string | null;
}

/**
 * Answers to pressed buttons, beside the queue of messages: Telegram does not count them among those, and the button spins until one
 * comes. A few at a time; where Telegram asks to wait, all wait; what is too old by then is left, as Telegram would refuse it.
 */
export interface Acks {
  add(ack: Ack): void;
}

/** Fewer than the sockets that they share with the poll and with questions about administrators. */
const AT_A_TIME = 12;
const MAX_WAITING = 2_000;
/** Telegram forgets a press after about so long, ms. */
const MAX_AGE = 15_000;
const DEADLINE_MS = 10_000;
const MAX_PAUSE = 60_000;

export function createAcks(client: ApiClient, clock: Clock, signal: AbortSignal): Acks {
  let waiting: (Ack & { at: number })[] = [];
  let running = 0;
  let pausedUntil = 0;

  async function send({ queryId, popup }: Ack): Promise<void> {
    const body = JSON.stringify({
      callback_query_id: queryId,
      ...(popup === null ? {} : { text: popup, show_alert: true }),
    });
    const answer = await client.call('answerCallbackQuery', body, { deadlineMs: DEADLINE_MS, signal });
    if (answer.kind !== 'answer' || (answer.body.error_code ?? answer.status) !== 429) return;
    const seconds = Number(answer.body.parameters?.retry_after ?? 1) || 1;
    pausedUntil = Math.max(pausedUntil, clock.monotonic() + Math.min(MAX_PAUSE, seconds * 1000));
  }

  async function run(): Promise<void> {
    running++;
    while (!signal.aborted) {
      const pause = pausedUntil - clock.monotonic();
      if (pause > 0) await clock.sleep(pause, signal).catch(() => {});
      const next = waiting.shift();
      if (!next) break;
      if (clock.monotonic() - next.at < MAX_AGE) await send(next);
    }
    running--;
  }

  return {
    add(ack) {
      waiting.push({ ...ack, at: clock.monotonic() });
      // The newest may still be in time.
      if (waiting.length > MAX_WAITING) waiting = waiting.slice(-MAX_WAITING);
      if (running < AT_A_TIME) void run();
    },
  };
}
