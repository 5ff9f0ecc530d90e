import { createClockWatch } from '../clock-watch.ts';
import { onceWhileFailing } from '../failures.ts';
import { type Alert, type Broadcast, REGULAR, type Regular } from '../model/alert.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Store, Tables } from '../ports/store.ts';
import { wakeable } from '../wakeable.ts';
import { planWake, type WakePlan } from './plan-wake.ts';

export interface WakerDeps {
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Deliveries were written: the accounts' senders may look. */
  onFilled(): void;
}

/** Puts what comes at its time (summaries, digests, reminders, reports) into the outbox, and reckons when the next comes. */
export interface Waker {
  /** Does what is due; resolves with the time of the next (ms), or null. */
  run(signal: AbortSignal): Promise<number | null>;
  /** Runs until aborted. */
  loop(signal: AbortSignal): Promise<void>;
}

/** Chats a transaction. */
const CHUNK = 500;
/** Looks at least this often: settings change, and clocks jump. */
const LOOK_EVERY = 5_000;

export function createWaker({ store, clock, ids, log, onFilled }: WakerDeps): Waker {
  const pause = wakeable(clock);
  const setBack = createClockWatch(clock);

  async function run(signal: AbortSignal): Promise<number | null> {
    if (setBack() > 0) await store.chats.rewind(clock.now());
    for (;;) {
      const now = clock.now();
      const due = signal.aborted ? [] : await store.chats.due(now, CHUNK);
      if (due.length === 0) return await store.chats.nextDueAt();
      const planned = due.map((one) => ({ one, plan: planWake(one, now) }));
      const written = await store.transaction(async (tables) => {
        let count = 0;
        for (const kind of REGULAR) {
          const chatIds = planned.filter(({ plan }) => plan.now.includes(kind)).map(({ one }) => one.chat.id);
          count += chatIds.length;
          if (chatIds.length > 0) await enqueue(tables, kind, chatIds, now);
        }
        await tables.chats.setDue(
          planned.map(({ one, plan }) => ({ id: one.chat.id, from: one.wakeAt, at: later(plan, now) })),
        );
        return count;
      });
      if (written > 0) onFilled();
    }
  }

  /** All of one moment share a broadcast, about an alert that carries nothing. */
  async function enqueue(tables: Tables, kind: Regular, chatIds: number[], now: number): Promise<void> {
    const alert: Alert = {
      id: ids.next(),
      country: null,
      level: 'corroborated',
      createdAt: now,
      notifiedAt: now,
      widenRepliedAt: null,
      incidents: [],
    };
    const broadcast: Broadcast = {
      id: ids.next(),
      alertId: alert.id,
      kind,
      loud: false,
      reason: 'opened',
      incidentIds: [],
      priority: 'digest',
      createdAt: now,
      dueAt: now,
      phase: 'others',
      cursor: 0,
      state: 'done',
    };
    await tables.alerts.insert(alert);
    await tables.broadcasts.insert(broadcast);
    await tables.outbox.put(broadcast.id, chatIds, now);
  }

  return {
    run,
    async loop(signal) {
      const trouble = onceWhileFailing(log, {
        begins: 'Unable to look after what comes at its time; will go on trying',
        ends: 'What comes at its time comes again',
        level: 'error',
      });
      while (!signal.aborted) {
        let wait = LOOK_EVERY;
        pause.begin();
        try {
          const next = await run(signal);
          if (next !== null) wait = Math.max(0, Math.min(wait, next - clock.now()));
          trouble.working();
        } catch (error) {
          trouble.failing(error);
        }
        await pause.pause(wait, signal);
      }
    },
  };
}

/** Never the moment that is being worked on: each look gets on. */
const later = ({ next }: WakePlan, now: number): number | null => (next === null ? null : Math.max(next, now + 1));
