/**
 * The core as one piece: reports go in at the pipeline, messages come out at the accounts' adapters. `replay` puts it together here, and drives it one
 * step after the other on a virtual clock; the running bot makes of the same parts what its leases allow (`units/`).
 */
import { createMessages, type MessagesDeps } from './compose-messages.ts';
import { type Broadcaster, createBroadcaster } from './core/outbox/broadcaster.ts';
import { createProgress } from './core/outbox/progress.ts';
import { createSender, type Sender } from './core/outbox/sender.ts';
import { createPipeline, type Pipeline, type PipelineDeps } from './core/pipeline.ts';
import type { ChatAdapter } from './core/ports/chat-adapter.ts';
import { type Metrics, noMetrics } from './core/ports/metrics.ts';
import type { Outage } from './core/ports/outage.ts';
import { createWaker, type Waker } from './core/regular/waker.ts';

export interface CoreDeps extends Omit<PipelineDeps, 'wake'>, Omit<MessagesDeps, 'store' | 'clock' | 'policy' | 'log'> {
  metrics?: Metrics;
}

export interface CoreAccount {
  adapter: ChatAdapter;
  /** The one that the adapter has, too. */
  outage: Outage;
  /** May it send? Absent: always. */
  cleared?(): boolean;
  /** Are edits made, too, that change nothing? For whoever writes down each change. Absent: they are left out. */
  everyEdit?: boolean;
}

export interface Core {
  pipeline: Pipeline;
  broadcaster: Broadcaster;
  /** What comes at its time: summaries of quiet hours, digests, reminders, reports. */
  waker: Waker;
  /** Makes the account's sender; it runs when its caller says so. */
  addAccount(account: CoreAccount): Sender;
  /** Null: there is no such account. */
  sender(accountId: string): Sender | null;
  /** Ids of the accounts, in the order in which they were added. */
  accounts(): string[];
}

export function composeCore(deps: CoreDeps): Core {
  const { store, clock, ids, log, metrics = noMetrics } = deps;
  const senders = new Map<string, Sender>();
  const accounts = new Map<string, CoreAccount>();
  const wakeSenders = (): void => {
    for (const sender of senders.values()) sender.wake();
  };
  const compose = createMessages(deps, (id) => accounts.get(id)?.adapter);
  const waker = createWaker({ store, clock, ids, log, onFilled: wakeSenders });
  const broadcaster = createBroadcaster({
    store,
    clock,
    log,
    metrics,
    onFilled: wakeSenders,
    afterRun: createProgress({ store, clock, log, rateOf: (id) => senders.get(id)?.rate() ?? 0 }),
  });
  return {
    pipeline: createPipeline({ ...deps, wake: broadcaster.wake }),
    broadcaster,
    waker,
    addAccount(account) {
      const { adapter, outage, cleared, everyEdit = false } = account;
      const { accountId } = adapter;
      accounts.set(accountId, account);
      const sender = createSender({
        store,
        adapter,
        clock,
        ids,
        log,
        outage,
        compose,
        everyEdit,
        recallFor: adapter.keysHoldMs ?? null,
        ...(cleared ? { cleared } : {}),
        onOutcome: (outcome, priority) => metrics.sent(accountId, outcome, priority),
      });
      senders.set(accountId, sender);
      return sender;
    },
    sender: (accountId) => senders.get(accountId) ?? null,
    accounts: () => [...senders.keys()],
  };
}
