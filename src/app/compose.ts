import { boardOf, renderBoard, timelineBlocks } from '../core/board.ts';
import type { Policy } from '../core/model/alert.ts';
import type { BaselineEntry, Catalogue } from '../core/model/catalogue.ts';
import type { MessageDocument } from '../core/model/message.ts';
import {
  type BroadcasterDeps,
  type ProgressDeps,
  createBroadcaster,
  createProgress,
} from '../core/outbox/broadcaster.ts';
import { createCompose } from '../core/outbox/compose.ts';
import { type Sender, type SenderDeps, createSender } from '../core/outbox/sender.ts';
import { type Pipeline, type PipelineDeps, createPipeline } from '../core/pipeline.ts';
import { type ChatAdapter, isTarget } from '../core/ports/chat-adapter.ts';
import { type Metrics, noMetrics } from '../core/ports/metrics.ts';
import type { Gazetteer, Publishers } from '../core/ports/reading.ts';
import type { Tools } from '../core/ports/runtime.ts';
import type { Store } from '../core/ports/store.ts';
import type { Translator, Translators } from '../core/ports/translate.ts';
import { type RegularFor, createRegular, createWaker } from '../core/regular.ts';
import { type AlertView, renderAlert, renderReply } from '../core/render/alert.ts';
import { renderNotice, withVia } from '../core/render/pair.ts';
import {
  type Sight,
  renderDigest,
  renderLate,
  renderReminder,
  renderReport,
  renderSummary,
} from '../core/render/regular.ts';
import { lookAtWithheld } from '../core/route.ts';
import { createKnowledge, createWorld } from '../core/state/world.ts';
import type { Period } from '../core/timeline.ts';

/**
 * The core, put together in one place: pipeline, fan-out and senders from the parts of a process. The running bot makes of them what its leases
 * allow, each over the store of its lease; `replay` all of them over one store.
 */

interface CoreParts extends Tools {
  policy: Policy;
  translators: Translators;
  metrics?: Metrics;
  /** Absent: regions stay in the texts' own words. */
  gazetteer?: Gazetteer;
  /** Absent: every publisher is an owner of its own. */
  publishers?: Publishers;
  /** Absent: no service is known to be of any kind. */
  catalogue?: Catalogue;
  /** Long-standing blocks by the public record; absent = none. */
  baseline?: readonly BaselineEntry[];
  /** When this bot looked at all, for boards. Absent: always. */
  watched?(): Promise<readonly Period[]>;
  /** Services that sources hold as blocked in a country, whether or not they told of them; absent = none does. */
  heldIn?(country: string): Promise<readonly string[]>;
  /** How well the bot sees, for the report of a quiet week. Absent: it reads nothing. */
  sight?(): Promise<Sight>;
  testPage?: AlertView['testPage'];
  /** Of each account that deliveries may be for. */
  idleAdapterOf(accountId: string): AdapterTraits | undefined;
}

type Own = 'adapter' | 'outage' | 'cleared' | 'alerts' | 'everyEdit' | 'onAnswered';
type OwnSender = Pick<SenderDeps, Own>;

export type Core = ReturnType<typeof createCore>;

export function createCore(parts: CoreParts) {
  const { metrics = noMetrics } = parts;
  return {
    pipeline: (store: Store, own: Pick<PipelineDeps, 'extractor' | 'wake' | 'onIncidentChanged'>): Pipeline =>
      createPipeline({ ...parts, ...own, store }),
    /**
     * Broadcasts become deliveries; what comes at its time (summaries of quiet hours, digests, reminders, reports) is made. `onFilled`: deliveries were
     * written: the accounts' senders may look.
     */
    fanout: (store: Store, { onFilled, rateOf }: Pick<BroadcasterDeps, 'onFilled'> & Pick<ProgressDeps, 'rateOf'>) => ({
      broadcaster: createBroadcaster({
        ...parts,
        store,
        onFilled,
        lookAtWithheld: (broadcast) =>
          store.transaction((tables) => lookAtWithheld(tables, broadcast, { ...parts, now: parts.clock.now() })),
        afterRun: createProgress({ ...parts, store, rateOf }),
      }),
      waker: createWaker({ ...parts, store, onFilled }),
    }),
    sender: (store: Store, own: OwnSender): Sender =>
      createSender({
        ...parts,
        ...own,
        store,
        compose: createMessages(parts, store),
        recallFor: own.adapter.keysHoldMs ?? null,
        onRequeued: (count) => metrics.requeued(own.adapter.accountId, count),
        onOutcome: (outcome, priority) => metrics.sent(own.adapter.accountId, outcome, priority),
      }),
  };
}

/** How commands are typed there, what its chats are called, and whether they want facts beside the words. */
type AdapterTraits = Pick<ChatAdapter, 'talk' | 'onlyChat'>;

const BLIND: Sight = { sources: 0, answering: 0, oftenMs: null, vantages: 0 };

/** What a delivery says: alerts, notices, boards and what comes at its time, from the rows that it names to a document. */
function createMessages(parts: CoreParts, store: Store): ReturnType<typeof createCompose> {
  const { clock, translators, idleAdapterOf, testPage, sight = async () => BLIND } = parts;
  const world = createWorld({ ...store, ...parts });
  const viewOf = ({ accountId, timeZone, now }: Omit<RegularFor, 'via'>) => ({
    timeZone,
    now,
    typed: (command: string) => `${idleAdapterOf(accountId)?.talk.prefix ?? ''}${command}`,
  });
  type For = { lang: string; via?: RegularFor['via'] | undefined };
  const byPair = ({ lang, via }: For, render: (words: Translator) => MessageDocument): MessageDocument => {
    const words = translators.of(lang);
    return withVia(render(words), via, words);
  };
  return createCompose({
    store,
    clock,
    known: createKnowledge({ ...parts, world }),
    renderAlert: (view) => byPair(view, (words) => renderAlert({ ...view, testPage }, words)),
    async renderNotice({ notice, chat, followed, now }) {
      const idleAdapter = idleAdapterOf(chat.accountId);
      const words = translators.of(chat.lang, chat.kind === 'private' ? 'chat' : idleAdapter?.talk.place);
      if (notice.kind === 'board') {
        const board = await boardOf(chat, followed, world, now);
        const timeline = await timelineBlocks(board, chat, words, now, world);
        return renderBoard(chat, { states: board.states, timeline }, words, now);
      }
      return renderNotice(notice, words, (command) => `${idleAdapter?.talk.prefix ?? ''}${command}`);
    },
    renderReply: (view, change) => renderReply(view, translators.of(view.lang), change),
    renderLate: (view) => byPair(view, (words) => renderLate({ ...view, testPage }, words)),
    wantsFacts: (id) => isTarget(idleAdapterOf(id)),
    renderSummary: ({ incidents, changes, ...to }) =>
      byPair(to, (words) => renderSummary({ incidents, changes }, viewOf(to), words)),
    regular: createRegular({
      store,
      world,
      clock,
      renderDigest: (digest, to) => byPair(to, (words) => renderDigest(digest, viewOf(to), words)),
      renderReminder: (lasting, to) => byPair(to, (words) => renderReminder(lasting, viewOf(to), words)),
      async renderReport(open, dates, to) {
        const seen = await sight();
        return byPair(to, (words) => renderReport({ sight: seen, open, dates }, viewOf(to), words));
      },
    }),
  });
}

export type CoreAccount = Pick<OwnSender, 'adapter' | 'outage' | 'cleared' | 'everyEdit'>;

/** Reports go in at the pipeline, messages come out at the accounts' adapters. */
/** The core as one piece over one store, for `replay`, which drives it one step after the other on a virtual clock. */
export function composeCore(
  deps: Omit<CoreParts, 'idleAdapterOf'> & Pick<PipelineDeps, 'store' | 'extractor' | 'onIncidentChanged'>,
) {
  const { store } = deps;
  const senders = new Map<string, Sender>();
  const adapters = new Map<string, ChatAdapter>();
  const core = createCore({ ...deps, idleAdapterOf: (id) => adapters.get(id) });
  const { broadcaster, waker } = core.fanout(store, {
    onFilled() {
      for (const sender of senders.values()) sender.wake();
    },
    rateOf: (id) => senders.get(id)?.rate() ?? 0,
  });
  return {
    pipeline: core.pipeline(store, { ...deps, wake: broadcaster.wake }),
    broadcaster,
    waker,
    /** Makes the account's sender; it runs when its caller says so. */
    addAccount(account: CoreAccount): Sender {
      const { accountId } = account.adapter;
      adapters.set(accountId, account.adapter);
      const sender = core.sender(store, account);
      senders.set(accountId, sender);
      return sender;
    },
    /** Null: there is no such account. */
    sender: (accountId: string): Sender | null => senders.get(accountId) ?? null,
    /** Ids of the accounts, in the order in which they were added. */
    accounts: (): string[] => [...senders.keys()],
  };
}
