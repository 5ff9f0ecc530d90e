/** What a delivery says: alerts, notices, boards and what comes at its time, from the rows that it names to a document. */
import { lastDaysFor, openFor, renderBoard } from './core/board/render.ts';
import { timelineBlocks } from './core/board/timeline.ts';
import { createLately } from './core/commands/observed-now.ts';
import type { BaselineEntry } from './core/model/baseline.ts';
import type { Catalogue } from './core/model/catalogue.ts';
import type { Chat, Subscription } from './core/model/chat.ts';
import type { MessageDocument } from './core/model/message.ts';
import type { Policy } from './core/model/policy.ts';
import { createCompose } from './core/outbox/compose.ts';
import type { Spell } from './core/picture/watched.ts';
import type { ChatAdapter } from './core/ports/chat-adapter.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Log } from './core/ports/log.ts';
import type { Store } from './core/ports/store.ts';
import type { Translator, Translators } from './core/ports/translate.ts';
import { createRegular, type RegularFor } from './core/regular/compose.ts';
import { renderAlert } from './core/render/alert.ts';
import { renderNotice, withVia } from './core/render/pair.ts';
import {
  renderDigest,
  renderLate,
  renderReminder,
  renderReport,
  renderSummary,
  type Sight,
} from './core/render/regular.ts';
import { renderReply } from './core/render/reply.ts';
import { createKnowledge } from './core/status/knowledge.ts';

export interface MessagesDeps {
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
export type Face = Pick<ChatAdapter, 'commandPrefix' | 'place' | 'facts'>;

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
    typed: (command: string) => `${faceOf(accountId)?.commandPrefix ?? ''}${command}`,
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
      const words = translators.of(chat.lang, chat.kind === 'private' ? 'chat' : face?.place);
      if (notice.kind === 'board') return await boardOf({ chat, followed, words, now }, deps);
      return renderNotice(notice, words, (command) => `${face?.commandPrefix ?? ''}${command}`);
    },
    renderReply: (view, change) => renderReply(view, translators.of(view.lang), change),
    renderLate: (view) => withVia(renderLate(view, translators.of(view.lang)), view.via, translators.of(view.lang)),
    wantsFacts: (id) => faceOf(id)?.facts ?? false,
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
