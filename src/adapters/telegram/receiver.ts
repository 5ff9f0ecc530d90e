import type { Update, UserFromGetMe } from 'grammy/types';
import { logFailure } from '../../core/failures.ts';
import type { AdapterDeps, AdapterHandlers } from '../../core/ports/chat-adapter.ts';
import { type Acks, createAcks } from './acks.ts';
import type { Admins } from './admins.ts';
import { createBot } from './bot.ts';
import type { ChatNotes } from './chat-notes.ts';
import type { ApiClient } from './client.ts';
import type { TelegramAccount } from './config.ts';
import { claimOf, placeless, trimmed } from './events.ts';
import { type Bot, BotError, Context } from './grammy.ts';
import type { Health } from './health.ts';
import type { Hook } from './hook.ts';
import { createInbox, type Inbox, type Journal } from './inbox.ts';
import { createInline } from './inline.ts';
import { journalWriter, readJournal } from './journal.ts';
import { meet, meetFirst } from './meet.ts';
import { poll } from './poll.ts';
import { setProfile } from './profile.ts';
import { createRoutes } from './routes.ts';

/** How long `start` waits for Telegram before it goes on in the background. */
const FIRST_CONTACT_MS = 3000;
/** Handlers under way at a stop; those that take longer are asked again at the next start. */
const STOP_MS = 1500;

export interface ReceiverParts {
  account: TelegramAccount;
  deps: AdapterDeps;
  client: ApiClient;
  admins: Admins;
  health: Health;
  notes: ChatNotes;
  handlers: AdapterHandlers;
}

export interface Receiver {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * What comes in, from Telegram to the core: poll or webhook (`poll.ts`, `hook.ts`) → the durable inbox, in order per chat (`inbox.ts`) →
 * grammY's bot (`bot.ts`) → `routes.ts`. Here they are only put together, started and stopped.
 */
export function createReceiver(parts: ReceiverParts): Receiver {
  const { account, deps, client, health } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const meeting = { account, deps, client, health, signal };
  const acks = createAcks(client, deps.clock, signal);
  const write = journalWriter(deps.state, deps.clock, deps.log);
  let inbox: Inbox | null = null;
  let hook: Hook | null = null;
  let background: Promise<void> = Promise.resolve();

  async function receive(me: UserFromGetMe, journal: Journal): Promise<void> {
    const desk = createDesk(parts, { me, acks, signal, handled: journal.handled });
    inbox = desk.inbox;
    health.receiving(null);
    for (const update of journal.unfinished) void desk.take(update);
    // Written down as soon as they are handled: else each further kill would bring them back, whatever was said since.
    if (journal.unfinished.length > 0)
      void desk.inbox.idle(Number.POSITIVE_INFINITY).then(() => !signal.aborted && write(desk.inbox.journal()));
    void setProfile(desk.bot, deps, signal);
    if (hook !== null) return hook.open((update) => desk.take(update) ?? Promise.resolve());
    // A webhook left over from another set-up would answer every poll with 409. Waiting updates stay.
    const unhook = async (): Promise<void> => void (await desk.bot.api.deleteWebhook().catch(() => {}));
    await unhook();
    const { clock, ids, holds = () => true, tookOver = false } = deps;
    const polled = { client, clock, ids, inbox, holds, tookOver, take: desk.take, write, unhook };
    await poll({ ...polled, report: health.receiving }, signal);
  }

  return {
    async start() {
      if (account.webhook && account.mode !== 'polling') hook = await (await import('./hook.ts')).createHook(meeting);
      const first = await meetFirst(meeting, FIRST_CONTACT_MS).catch(async (error: unknown) => {
        await hook?.close();
        throw error;
      });
      const journal = await readJournal(deps.state, deps.clock).catch((error: unknown): Journal => {
        logFailure(deps.log, 'Unable to read the state of updates', error);
        return { handled: [], unfinished: [] };
      });
      background = (async () => {
        const me = first ?? (await meet(meeting));
        if (me !== null) await receive(me, journal);
      })().catch((error: unknown) => {
        health.receiving({ kind: 'line', problem: 'receiving has stopped' });
        logFailure(deps.log, 'Receiving from Telegram failed', error);
      });
    },

    async stop() {
      stopping.abort();
      await inbox?.idle(STOP_MS);
      await hook?.close();
      const patience = new AbortController();
      await Promise.race([background, deps.clock.sleep(500, patience.signal).catch(() => {})]);
      patience.abort();
      // Handlers that took longer than we wait are asked again at the next start; what was handled is not.
      if (inbox !== null) await write(inbox.journal());
    },
  };
}

interface Desk {
  bot: Bot;
  inbox: Inbox;
  /** Into the inbox, before it returns; resolves when the update is handled. Null = it is none of our business. */
  take(update: Update): Promise<void> | null;
}

interface DeskParts {
  me: UserFromGetMe;
  acks: Acks;
  signal: AbortSignal;
  /** Ids of updates that a process before us has handled. */
  handled: number[];
}

/** The inbox and the bot behind it, once we know who we are. */
function createDesk(parts: ReceiverParts, { me, acks, signal, handled }: DeskParts): Desk {
  const { account, deps, client, admins, notes, handlers } = parts;
  const whose = { accountId: account.id, lang: account.lang ?? null, isAdmin: admins.has };
  const { clock, cache } = deps;
  const routes = createRoutes({
    notes,
    admins,
    handlers,
    acks,
    inline: createInline({ client, clock, handlers, accountId: account.id, lang: whose.lang, signal }),
    clock,
    cache,
    whose,
    username: me.username,
    signal,
  });
  const bot = createBot({ token: account.token, me, client, routes });
  const inbox = createInbox(async (update) => {
    try {
      await bot.handleUpdate(update);
    } catch (error) {
      logFailure(deps.log, 'Handling an update failed', error instanceof BotError ? error.error : error);
    }
  }, handled);
  return {
    bot,
    inbox,
    take(update) {
      const kept = trimmed(deps.located ? placeless(update, deps.located) : update);
      const claim = kept && claimOf(new Context(kept, bot.api, me));
      return claim && inbox.accept({ ...claim, update: kept });
    },
  };
}
