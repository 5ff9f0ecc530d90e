import { lastDaysFor, openFor, renderBoard, timelineBlocks } from '../core/board.ts';
import { createLately } from '../core/commands/look/known.ts';
import type { Policy } from '../core/model/alert.ts';
import type { BaselineEntry, Catalogue } from '../core/model/catalogue.ts';
import type { Chat, Subscription } from '../core/model/chat.ts';
import type { MessageDocument } from '../core/model/message.ts';
import { type Broadcaster, createBroadcaster, createProgress } from '../core/outbox/broadcaster.ts';
import { createCompose } from '../core/outbox/compose.ts';
import { createSender, type Sender } from '../core/outbox/sender.ts';
import { createPipeline, type Pipeline, type PipelineDeps } from '../core/pipeline.ts';
import { type ChatAdapter, isTarget, type Outage } from '../core/ports/chat-adapter.ts';
import { type Metrics, noMetrics } from '../core/ports/metrics.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import type { Store } from '../core/ports/store.ts';
import type { Translator, Translators } from '../core/ports/translate.ts';
import { createRegular, createWaker, type RegularFor, type Waker } from '../core/regular.ts';
import { renderAlert, renderReply } from '../core/render/alert.ts';
import { renderNotice, withVia } from '../core/render/pair.ts';
import {
  renderDigest,
  renderLate,
  renderReminder,
  renderReport,
  renderSummary,
  type Sight,
} from '../core/render/regular.ts';
import { createKnowledge } from '../core/state.ts';
import type { Spell } from '../core/timeline.ts';

/** What a delivery says: alerts, notices, boards and what comes at its time, from the rows that it names to a document. */

interface MessagesDeps {
  policy: Policy;
  log: Log;
  store: Store;
  clock: Clock;
  translators: Translators;
  /** Absent: no service is known to be of any kind. */
  catalogue?: Catalogue;
  /** Long-standing blocks by the public record; absent = none. */
  baseline?: readonly BaselineEntry[];
  /** When this bot looked at all, for boards. Absent: always. */
  watched?(): Promise<readonly Spell[]>;
  /** Services that sources hold as blocked in a country, whether or not they told of them; absent = none does. */
  heldIn?(country: string): Promise<readonly string[]>;
  /** How well the bot sees, for the report of a quiet week. Absent: it reads nothing. */
  sight?(): Promise<Sight>;
}

/** How commands are typed there, what its chats are called, and whether they want facts beside the words. */
type Face = Pick<ChatAdapter, 'talk' | 'onlyChat'>;

const BLIND: Sight = { sources: 0, answering: 0, oftenMs: null, vantages: 0 };

interface BoardFor {
  chat: Chat;
  followed: readonly Subscription[];
  words: Translator;
  now: number;
}

async function boardOf(
  { chat, followed, words, now }: BoardFor,
  { store, watched }: MessagesDeps,
): Promise<MessageDocument> {
  const { incidents } = store;
  const open = await openFor(chat, followed, incidents);
  const past = { incidents, watched: async () => (await watched?.()) ?? null };
  // What is open comes first, and what has ended lately fills the lines that are left.
  const lately = [...open, ...(await lastDaysFor(chat, followed, incidents, now))];
  const shown = [...new Map(lately.map((one) => [one.id, one])).values()];
  return renderBoard(chat, { open, timeline: await timelineBlocks(shown, chat, words, now, past) }, words, now);
}

/** `faceOf`: of each account that deliveries may be for. */
export function createMessages(
  deps: MessagesDeps,
  faceOf: (accountId: string) => Face | undefined,
): ReturnType<typeof createCompose> {
  const { store, clock, translators, sight = async () => BLIND } = deps;
  const viewOf = ({ accountId, timeZone, now }: Omit<RegularFor, 'via'>) => ({
    timeZone,
    now,
    typed: (command: string) => `${faceOf(accountId)?.talk.prefix ?? ''}${command}`,
  });
  const byPair = ({ lang, via }: RegularFor, render: (words: Translator) => MessageDocument): MessageDocument => {
    const words = translators.of(lang);
    return withVia(render(words), via, words);
  };
  return createCompose({
    store,
    clock,
    known: createKnowledge({ ...deps, cutIn: createLately(store.measurements).cutIn }),
    renderAlert: (view) => withVia(renderAlert(view, translators.of(view.lang)), view.via, translators.of(view.lang)),
    async renderNotice({ notice, chat, followed, now }) {
      const face = faceOf(chat.accountId);
      const words = translators.of(chat.lang, chat.kind === 'private' ? 'chat' : face?.talk.place);
      if (notice.kind === 'board') return await boardOf({ chat, followed, words, now }, deps);
      return renderNotice(notice, words, (command) => `${face?.talk.prefix ?? ''}${command}`);
    },
    renderReply: (view, change) => renderReply(view, translators.of(view.lang), change),
    renderLate: (view) => withVia(renderLate(view, translators.of(view.lang)), view.via, translators.of(view.lang)),
    wantsFacts: (id) => isTarget(faceOf(id)),
    renderSummary({ incidents, changes, via, ...to }) {
      const words = translators.of(to.lang);
      return withVia(renderSummary({ incidents, changes }, viewOf(to), words), via, words);
    },
    regular: createRegular({
      store,
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

/**
 * The core as one piece: reports go in at the pipeline, messages come out at the accounts' adapters. `replay` puts it together here, and drives it one
 * step after the other on a virtual clock; the running bot makes of the same parts what its leases allow (`app/account.ts`, `app/fanout.ts`, `app/ingest.ts`).
 */

interface CoreDeps extends Omit<PipelineDeps, 'wake'>, Omit<MessagesDeps, 'store' | 'clock' | 'policy' | 'log'> {
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
