import { createSpeakers, recipientsOf } from '../audience.ts';
import type { Broadcast } from '../model/alert.ts';
import type { Incident } from '../model/incident.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { FillPlan } from '../ports/outbox.ts';
import type { Tools } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { createClockWatch, keepAtIt, wakeable } from '../wakeable.ts';

export interface BroadcasterDeps extends Pick<Tools, 'clock' | 'log'> {
  store: Store;
  /** The time of a broadcast that is withheld has come (`core/route.ts`). */
  lookAtWithheld(broadcast: Broadcast): Promise<void>;
  /** Deliveries were written: the accounts' senders may look. */
  onFilled(): void;
  /** Recipients a transaction; bounded so that neither the loop nor the first message waits for the last row. */
  chunk?: number;
  metrics?: Pick<Metrics, 'broadcast'>;
  /** Called after each look at what is due; for the log (`progress.ts`). */
  afterRun?(): Promise<void>;
}

const CHUNK = 10_000;
/** The first ones, so that sending begins at once, and for so long, ms, the database is left to it. */
const FIRST_CHUNK = 100;
const HEAD_START = 20;
/** Looks at least this often, so that a jump of the clock is noticed. */
const LOOK_EVERY = 5_000;

const LINES = { begins: 'Unable to fill a broadcast; will go on trying', ends: 'Broadcasting works again' };

/** Fills due broadcasts into the outbox, chunk by chunk along their durable cursors. */
export function createBroadcaster(deps: BroadcasterDeps) {
  const { store, clock, log } = deps;
  const pause = wakeable(clock);
  const setBack = createClockWatch(clock);

  /** Broadcasts that were due in a minute by a clock that has been set back by a day are still due in a minute. */
  async function keepDates(): Promise<void> {
    const back = setBack();
    if (back === 0) return;
    const now = clock.now();
    for (const one of await store.broadcasts.due(Number.MAX_SAFE_INTEGER, 1_000))
      if (one.dueAt > now) await store.broadcasts.update({ ...one, dueAt: Math.max(now, one.dueAt - back) });
  }

  async function plan(broadcast: Broadcast): Promise<Omit<FillPlan, 'now' | 'chunk'> | null> {
    const alert = await store.alerts.get(broadcast.alertId);
    if (!alert) return null;
    // Everybody gets it, whatever they follow.
    if (broadcast.kind === 'announce') return { level: alert.level, matchers: [], supersedes: [], othersToo: true };
    const ids = new Set(
      broadcast.kind === 'new' ? alert.incidents.map((one) => one.incidentId) : broadcast.incidentIds,
    );
    const incidents = await store.incidents.getMany([...ids]);
    const speaker = createSpeakers(store);
    const larger = new Map<string, Incident>();
    for (const one of incidents) {
      const speaks = await speaker(one, alert.level, clock.now());
      if (speaks) larger.set(one.id, speaks);
    }
    return recipientsOf(broadcast, alert, incidents, await store.broadcasts.byAlert(alert.id), larger);
  }

  async function fill(broadcast: Broadcast, signal: AbortSignal): Promise<void> {
    if (broadcast.state === 'withheld') {
      await deps.lookAtWithheld(broadcast);
      return;
    }
    const started = clock.monotonic();
    let current = broadcast;
    let written = 0;
    let chunk = FIRST_CHUNK;
    const what = await plan(current);
    if (!what || (what.matchers.length === 0 && current.kind !== 'announce')) {
      await store.broadcasts.update({ ...current, state: 'done' });
      return;
    }
    while (current.state !== 'done' && !signal.aborted) {
      const result = await store.outbox.fill(current, { ...what, now: clock.now(), chunk: deps.chunk ?? chunk });
      chunk = CHUNK;
      current = result.broadcast;
      written += result.written;
      if (result.written > 0) deps.onFilled();
      const isFirst = result.written > 0 && written === result.written;
      // Until somebody has it there is nobody to make way for.
      if (written > 0) await clock.sleep(isFirst ? HEAD_START : 0);
    }
    deps.metrics?.broadcast(broadcast.kind, written);
    const fields = { broadcast: broadcast.id, kind: broadcast.kind, reason: broadcast.reason, deliveries: written };
    log.info('Broadcast filled', { ...fields, ms: Math.round(clock.monotonic() - started) });
  }

  /** Does what is due; resolves with the time of the next due one (ms), or null. */
  async function run(signal: AbortSignal): Promise<number | null> {
    for (;;) {
      const due = await store.broadcasts.due(clock.now(), 20);
      if (due.length === 0 || signal.aborted) return await store.broadcasts.nextDueAt();
      for (const broadcast of due) if (!signal.aborted) await fill(broadcast, signal);
    }
  }

  return {
    run,
    wake: pause.wake,
    /** Runs until aborted; `wake` makes it look at once. */
    loop: (signal: AbortSignal): Promise<void> =>
      keepAtIt(
        async () => {
          await keepDates();
          const next = await run(signal);
          await deps.afterRun?.();
          return next === null ? LOOK_EVERY : Math.max(0, Math.min(LOOK_EVERY, next - clock.now()));
        },
        LOOK_EVERY,
        { clock, log, pause, ...LINES },
        signal,
      ),
  };
}

export interface ProgressDeps extends Pick<Tools, 'clock' | 'log'> {
  store: Pick<Store, 'outbox'>;
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
