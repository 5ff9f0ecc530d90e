import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

export interface ProgressDeps {
  store: Pick<Store, 'outbox'>;
  clock: Clock;
  log: Log;
  /** Messages a second that an account sends at present; 0 or Infinity = nobody can say. */
  rateOf(accountId: string): number;
}

const LOG_EVERY = 10_000;
/** A queue that is sent sooner is not worth a line. */
const WORTH_A_LINE = 30;

/** Logs how long a broadcast still takes: at its begin, every ten seconds, and when the queue is empty. */
export function createProgress({ store, clock, log, rateOf }: ProgressDeps): () => Promise<void> {
  const loggedAt = new Map<string, number>();
  return async () => {
    const now = clock.monotonic();
    const queues = new Map((await store.outbox.depth()).map((one) => [one.accountId, one.queued + one.sending]));
    for (const [account, waiting] of queues) {
      const seconds = waiting / rateOf(account);
      if (!Number.isFinite(seconds) || seconds < WORTH_A_LINE) continue;
      if (now - (loggedAt.get(account) ?? -Infinity) < LOG_EVERY) continue;
      loggedAt.set(account, now);
      log.info('Messages are on their way', { account, waiting, etaSeconds: Math.round(seconds) });
    }
    for (const account of loggedAt.keys()) {
      if (queues.has(account)) continue;
      loggedAt.delete(account);
      log.info('All messages are sent', { account });
    }
  };
}
