import type { Update, UserFromGetMe } from 'grammy/types';
import { logFailure } from '../../core/errors.ts';
import type { AdapterDeps, ChatAdapter, Outgoing } from '../../core/ports/chat-adapter.ts';
import { within } from '../../core/wakeable.ts';
import { createBot, createRoute, type Receiving } from './bot.ts';
import { createAdmins, createChatNotes, findChannel } from './chats.ts';
import { type Answer, apiClient } from './client.ts';
import type { TelegramAccount } from './config.ts';
import {
  type Connection,
  createHealth,
  createInbox,
  identityOf,
  type Inbox,
  type Journal,
  journalWriter,
  meet,
  meetFirst,
  metBy,
  poll,
  readJournal,
  trouble,
} from './connection.ts';
import { claimOf, placeless, trimmed } from './events.ts';
import { BotError, Context } from './grammy.ts';
import type { Hook } from './hook.ts';
import { setProfile } from './profile.ts';
import { classify, payloadOf, requestOf, sendFile, sendPhoto } from './send.ts';

/** How long `start` waits for Telegram before it goes on in the background. */
const FIRST_CONTACT_MS = 3000;
/** Handlers under way at a stop; those that take longer are asked again at the next start. */
const STOP_MS = 1500;

type Receiver = ReturnType<typeof createReceiver>;

/**
 * What comes in, from Telegram to the core: poll or webhook (`connection.ts`, `hook.ts`) → the durable inbox, in order per chat (`createInbox`) →
 * grammY's bot and what is done with each kind of update (`bot.ts`). Here they are only put together, started and stopped.
 */
function createReceiver(parts: Omit<Receiving, 'signal'>) {
  const { account, deps, client, health } = parts;
  const { clock } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  const connection: Connection = { account, deps, client, health, signal };
  const write = journalWriter(deps.state, clock, deps.log);
  let inbox: Inbox | null = null;
  let hook: Hook | null = null;
  let background: Promise<void> = Promise.resolve();

  async function receive(me: UserFromGetMe, journal: Journal): Promise<void> {
    const route = createRoute({ ...parts, signal }, me.username);
    const bot = createBot({ token: account.token, me, client, route });
    const opened = createInbox(async (update) => {
      try {
        await bot.handleUpdate(update);
      } catch (error) {
        logFailure(deps.log, 'Handling an update failed', error instanceof BotError ? error.error : error);
      }
    }, journal.handled);
    inbox = opened;
    /** Into the inbox, before it returns; resolves when the update is handled. Null = it is none of our business. */
    function take(update: Update): Promise<void> | null {
      const kept = trimmed(deps.located ? placeless(update, deps.located) : update);
      const claim = kept && claimOf(new Context(kept, bot.api, me));
      return claim && opened.accept({ ...claim, update: kept });
    }
    health.receiving(null);
    for (const update of journal.unfinished) void take(update);
    // Written down as soon as they are handled: else each further kill would bring them back, whatever was said since.
    if (journal.unfinished.length > 0)
      void opened.idle(Number.POSITIVE_INFINITY).then(() => !signal.aborted && write(opened.journal()));
    // Once Telegram is being listened to: ten languages are read for it.
    const onListening = (): void => void setProfile(bot, deps, signal);
    if (hook !== null) return hook.open((update) => take(update) ?? Promise.resolve()).finally(onListening);
    await poll({ ...connection, inbox: opened, take, write, onListening });
  }

  return {
    async start() {
      if (account.webhook && account.mode !== 'polling')
        hook = await (await import('./hook.ts')).createHook(connection);
      const first = await meetFirst(connection, FIRST_CONTACT_MS).catch(async (error: unknown) => {
        await hook?.close();
        throw error;
      });
      const journal = await readJournal(deps.state, clock).catch((error: unknown): Journal => {
        logFailure(deps.log, 'Unable to read the state of updates', error);
        return { handled: [], unfinished: [] };
      });
      background = (async () => {
        const me = first ?? (await meet(connection));
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
      await within(500, () => background, { clock }).catch(() => {});
      // Handlers that took longer than we wait are asked again at the next start; what was handled is not.
      if (inbox !== null) await write(inbox.journal());
    },
  };
}

/**
 * Telegram. What comes in is routed by grammY's bot behind a durable inbox (`adapter.ts` has the way). Sends go past it, straight over
 * undici (`client.ts`), one attempt each: the outbox paces and repeats, and a broadcast is rendered once.
 */

const SEND_DEADLINE_MS = 20_000;
const KEEP_BUTTON_MS = 30 * 86_400_000;
/** What Telegram takes of a bot for nothing, messages a second; whoever pays for more has more under way at a time. */
const FREE = 30;
/** Sends under way: enough to fill 27/s over a line of half a second, few enough to be repeated after a crash. */
const WINDOW_PACED = 16;
/** Unpaced: half of these are settled in one transaction while the sockets are busy with the others. */
const WINDOW_UNPACED = 128;
const SOCKETS = 64;

export function createAdapter(account: TelegramAccount, deps: AdapterDeps): ChatAdapter {
  const paced = account.rate > 0;
  const beyond = !paced || (account.paidBroadcasts === true && account.rate > FREE);
  const window = beyond ? WINDOW_UNPACED : WINDOW_PACED;
  // Sockets of their own for the poll and for questions, so that neither waits behind a broadcast.
  const sender = apiClient(account, deps.proxy, Math.min(window, SOCKETS), deps.holds);
  const asker = apiClient(account, deps.proxy, 16, deps.holds);
  const health = createHealth(deps);
  const notes = createChatNotes(deps.clock);
  const admins = createAdmins(asker, deps.clock);
  let receiver: Receiver | null = null;

  return {
    accountId: account.id,
    platform: 'telegram',
    service: 'telegram',
    talk: { prefix: '/', buttons: true, attachments: true, locations: 'button', place: 'chat' },
    pace: { perSecond: account.rate, perChatMs: paced ? 1000 : 0, perGroupMinute: paced ? 20 : 0, window },

    async start(handlers) {
      receiver = createReceiver({ account, deps, client: asker, admins, health, notes, handlers });
      await receiver.start();
    },

    async send(message, signal) {
      try {
        const known = notes.known(message.address);
        if (known !== null) return known;
        const answer = await ask(flattened(message), signal);
        if (typeof answer === 'string') return { kind: 'rejected', reason: 'client', detail: answer };
        // Counted when it ended: sixteen that were under way and fail together are no trouble of sixteen chats.
        // An upload that does not get through says nothing about texts.
        const isUpload = message.document.picture !== undefined;
        const failuresBefore = isUpload ? 0 : health.failures();
        if (!isUpload || answer.kind === 'answer') health.sent(answer);
        const outcome = classify(answer, message, failuresBefore);
        notes.learn(message, outcome, answer.kind === 'answer' ? answer.body.result : null);
        return outcome;
      } catch (error) {
        return { kind: 'rejected', reason: 'client', detail: `cannot be written: ${(error as Error).message}` };
      }
    },

    async pin({ chat }, messageRef, signal) {
      if (!/^-?\d{1,16}$/.test(chat) || !/^\d{1,10}$/.test(messageRef)) return false;
      const body = `{"chat_id":${chat},"message_id":${messageRef},"disable_notification":true}`;
      const answer = await asker.call('pinChatMessage', body, { deadlineMs: SEND_DEADLINE_MS, signal });
      return answer.kind === 'answer' && answer.body.ok;
    },

    // A private chat has the number of its person; whether they have begun it shows when something is sent.
    privately: async (personId) => (/^\d{1,16}$/.test(personId) ? personId : null),
    health: () => health.now(),
    channel: (ref, senderId) => findChannel(asker, admins, ref, senderId),

    login: {
      hasIdentity: true,
      async check(signal) {
        const answer = await asker.call('getMe', '{}', { deadlineMs: SEND_DEADLINE_MS, signal });
        const known = answer.kind === 'answer' && answer.body.ok;
        const problem = known ? null : trouble(answer, 1, 0).problem;
        const met = metBy(answer, 0);
        const identity = met.type === 'me' ? { identity: identityOf(met.me) } : {};
        return { ok: known, problem, ...identity };
      },
    },

    async stop() {
      await receiver?.stop();
      await asker.close();
      // Sends may still be under way, and count; their sockets close by themselves, and hold nobody up meanwhile.
    },
  };

  /** One attempt; a text = nothing was asked of Telegram, and why. */
  async function ask(message: Outgoing, signal: AbortSignal): Promise<Answer | string> {
    const { picture, file } = message.document;
    const payload = payloadOf(message.document);
    const request = requestOf(message, payload, account.paidBroadcasts);
    if (request === null) return 'no address or message of Telegram';
    // A button whose command is not kept says "too old" when it is pressed; the message matters more.
    if (payload.keep.size > 0) {
      payload.kept ??= Promise.all(
        payload.keep.entries().map(([data, command]) => deps.cache.set(data, command, KEEP_BUTTON_MS)),
      );
      await payload.kept;
    }
    if (picture) return (await sendPhoto(sender, message, picture, deps, signal)) ?? 'no picture';
    if (file && message.op === 'send') return await sendFile(sender, message, file, signal);
    return await sender.call(request.method, request.body, { deadlineMs: SEND_DEADLINE_MS, signal });
  }

  /** Without its topic where the chat has none any more. */
  function flattened(message: Outgoing): Outgoing {
    if (message.address.thread === null || notes.isForum(message.address.chat)) return message;
    return { ...message, address: { ...message.address, thread: null } };
  }
}
