import type { Update } from 'grammy/types';
import { codeOf, TocsinError } from '../../core/errors.ts';
import type { ChatAddress } from '../../core/model/chat.ts';
import type { MessageDocument } from '../../core/model/message.ts';
import type { AdapterDeps, AdapterHandlers, Sender } from '../../core/ports/chat-adapter.ts';
import { createAcks } from './acks.ts';
import type { Admins } from './admins.ts';
import type { ChatNotes } from './chat-notes.ts';
import type { Answer, ApiClient } from './client.ts';
import type { TelegramAccount } from './config.ts';
import {
  ALLOWED_UPDATES,
  type ButtonEvent,
  type ChatEvent,
  eventOf,
  type From,
  type Me,
  type MoveEvent,
} from './events.ts';
import type { Health } from './health.ts';
import { createInbox, type Inbox, type Journal } from './inbox.ts';
import { journalWriter, readJournal } from './journal.ts';
import { readCallback } from './keyboard.ts';
import { setMenu } from './menu.ts';
import { poll, type Trouble, trouble } from './poll.ts';
import { popupOf } from './popup.ts';
import { tooOld } from './words.ts';

/** How long `start` waits for Telegram before it goes on in the background. */
const FIRST_CONTACT_MS = 3000;
const ASK_MS = 10_000;
/** Handlers under way at a stop; those that take longer are asked again at the next start. */
const STOP_MS = 1500;
/** A pressed button spins no longer than this, even when what it asks for takes longer. */
const PRESS_MS = 5000;
const MAX_MOVES = 1000;

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

export function createReceiver(parts: ReceiverParts): Receiver {
  const { account, deps, client, admins, health, notes, handlers } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const acks = createAcks(client, deps.clock, signal);
  let username = '';
  const write = journalWriter(deps.state, deps.clock, deps.log);
  const moves = new Map<string, Promise<void>>();
  let inbox: Inbox | null = null;
  let background: Promise<void> = Promise.resolve();
  let closeWebhook = async (): Promise<void> => {};

  const ask = (method: string, params: object, deadlineMs = ASK_MS): Promise<Answer> =>
    client.call(method, JSON.stringify(params), { deadlineMs, signal });

  const senderOf = (from: From, chat: string): Sender => ({
    id: `telegram:${from.id}`,
    name: from.name,
    lang: from.lang ?? account.lang ?? null,
    isAdmin: () => (from.admin === 'ask' ? admins.has(chat, from.id) : Promise.resolve(from.admin)),
  });

  const handle = async (event: ChatEvent): Promise<void> => {
    try {
      if (event.type === 'left') notes.gone(event.chat, 'the bot was removed or blocked');
      else notes.alive(event.chat);
      if (event.type === 'joined') admins.forget(event.chat);
      const address: ChatAddress = {
        accountId: account.id,
        chat: event.chat,
        thread: 'thread' in event ? event.thread : null,
      };
      switch (event.type) {
        case 'moved':
          return await moved(event, address);
        case 'joined':
        case 'left': {
          // A person who unblocks us writes a command next: that is the cue for a greeting, not this.
          if (event.type === 'joined' && event.chatKind === 'private') return;
          const sender = event.from && senderOf(event.from, event.chat);
          // A private chat with a person has that person's number.
          const privately = event.from && { ...address, chat: event.from.id };
          return await handlers.incoming({ kind: event.type, address, chatKind: event.chatKind, sender, privately });
        }
        case 'command': {
          // In a private chat a quotation of each command would only be noise.
          const messageRef = event.chatKind === 'private' ? null : String(event.messageId);
          const sender = senderOf(event.from, event.chat);
          return await handlers.incoming({
            kind: 'command',
            address,
            chatKind: event.chatKind,
            sender,
            text: event.text,
            button: null,
            messageRef,
          });
        }
        case 'button':
          return await pressed(event, address);
      }
    } catch (error) {
      deps.log.error('Handling an update failed', { detail: (error as Error).message });
    }
  };

  /** Both chats tell of a move: the core hears of it once, and neither chat's next command comes before it. */
  const moved = (event: MoveEvent, address: ChatAddress): Promise<void> => {
    notes.moved(event.chat, event.to);
    let move = moves.get(event.chat);
    if (move === undefined) {
      move = handlers.incoming({ kind: 'moved', address, to: { ...address, chat: event.to } });
      moves.set(event.chat, move);
      if (moves.size > MAX_MOVES) moves.delete(moves.keys().next().value!);
    }
    return move;
  };

  /** Each press is answered once, at once: until then the button spins. In a group or channel the answer may be a popup. */
  const pressed = async (event: ButtonEvent, address: ChatAddress): Promise<void> => {
    const read = readCallback(event.data);
    const kept =
      read === null ? null : 'command' in read ? read.command : await deps.cache.get(read.kept).catch(() => null);
    const text = typeof kept === 'string' ? kept.slice(0, 1000) : null;
    const lang = event.from.lang ?? account.lang ?? null;
    let open = true;
    const answer = (popup: string | null): void => {
      if (open) acks.add({ queryId: event.queryId, popup });
      open = false;
    };
    if (text === null) return answer(tooOld(lang));
    // Where nobody reads along there is nothing to be said aside.
    if (event.chatKind === 'private') answer(null);
    const patience = new AbortController();
    void deps.clock.sleep(PRESS_MS, AbortSignal.any([signal, patience.signal])).then(
      () => answer(null),
      () => {},
    );
    const messageRef = String(event.messageId);
    const whisper = (document: MessageDocument): void => answer(popupOf(document, username));
    try {
      const sender = senderOf(event.from, event.chat);
      await handlers.incoming({
        kind: 'command',
        address,
        chatKind: event.chatKind,
        sender,
        text,
        button: event.chatKind === 'private' ? { messageRef } : { messageRef, whisper },
        messageRef: null,
      });
    } finally {
      patience.abort();
      answer(null);
    }
  };

  /** Who we are, or why Telegram does not tell. Throws `auth` when the token is refused, `identity_changed` when we were another bot. */
  const introduce = async (deadlineMs: number): Promise<Me | Trouble> => {
    const answer = await ask('getMe', {}, deadlineMs);
    const me = answer.kind === 'answer' && answer.body.ok ? (answer.body.result as Partial<Me> | undefined) : undefined;
    if (typeof me?.id === 'number' && typeof me.username === 'string') {
      await deps.identity?.confirm({
        id: String(me.id),
        name: `@${me.username}`,
        link: `https://t.me/${me.username}`,
      });
      return { id: me.id, username: me.username };
    }
    if (answer.kind === 'answer' && (answer.status === 401 || answer.status === 404)) {
      throw new TocsinError(
        'auth',
        `Telegram refuses the token of account "${account.id}" (accounts: token, or TELEGRAM_TOKEN); ask @BotFather for the present one`,
        {
          account: account.id,
          path: 'accounts.token',
        },
      );
    }
    return trouble(answer, 1, deps.ids.random());
  };

  const meet = async (): Promise<Me | null> => {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        const met = await introduce(ASK_MS);
        if ('id' in met) return met;
        health.receiving(met);
        await deps.clock.sleep(Math.min(30_000, met.waitMs * 2 ** Math.min(5, failures)), signal);
      } catch (error) {
        if (signal.aborted || codeOf(error) === 'identity_changed') break;
        health.receiving({ kind: 'token', problem: 'Telegram refuses the token' });
        if (!(error instanceof TocsinError))
          deps.log.error('Unable to meet Telegram', { detail: (error as Error).message });
        await deps.clock.sleep(60_000, signal).catch(() => {});
      }
    }
    return null;
  };

  const receive = async (me: Me, journal: Journal): Promise<void> => {
    username = me.username;
    const box = createInbox(handle, journal.handled);
    inbox = box;
    health.receiving(null);
    for (const waiting of journal.unfinished) void box.accept(waiting);
    void setMenu(client, deps, me.id);
    const read = (update: Update): ChatEvent | null => eventOf(update, me);
    if (account.webhook && account.mode !== 'polling') {
      await hook(box, read);
    } else {
      // A webhook left over from another set-up would answer every poll with 409. Waiting updates stay.
      const unhook = async (): Promise<void> => void (await ask('deleteWebhook', {}));
      await unhook();
      const { clock, ids } = deps;
      await poll({ client, clock, ids, inbox: box, read, write, unhook, report: health.receiving }, signal);
    }
  };

  const hook = async (box: Inbox, read: (update: Update) => ChatEvent | null): Promise<void> => {
    receiveUpdate = async (update) => {
      const event = read(update);
      if (event !== null) await box.accept({ id: update.update_id, event });
    };
    const body = {
      url: account.webhook!.publicUrl,
      secret_token: secret,
      allowed_updates: ALLOWED_UPDATES,
      max_connections: 40,
    };
    for (let failures = 1; !signal.aborted; failures++) {
      const answer = await ask('setWebhook', body);
      if (answer.kind === 'answer' && answer.body.ok) return health.receiving(null);
      const found = trouble(answer, failures, deps.ids.random());
      const refused = answer.kind === 'answer' && answer.status === 400;
      const problem = `Telegram refuses the webhook: ${refused ? answer.body.description : ''}`;
      health.receiving(refused ? { kind: 'webhook', problem } : found);
      await deps.clock.sleep(found.waitMs, signal).catch(() => {});
    }
  };

  let secret = '';
  let receiveUpdate: ((update: Update) => Promise<void>) | null = null;

  return {
    async start() {
      if (account.webhook && account.mode !== 'polling') {
        const { derivedSecret, listen } = await import('./webhook.ts');
        secret = account.webhook.secret ?? derivedSecret(account.token);
        const server = await listen({
          listen: account.webhook.listen,
          secret,
          receive: (update) => (receiveUpdate ? receiveUpdate(update) : Promise.reject(new Error('not ready'))),
        });
        closeWebhook = server.close;
      }
      const first = await introduce(FIRST_CONTACT_MS).catch(async (error: unknown) => {
        await closeWebhook();
        throw error;
      });
      if (!('id' in first)) health.receiving(first);
      const journal = await readJournal(deps.state, deps.clock).catch((error: unknown): Journal => {
        deps.log.error('Unable to read the state of updates', { detail: (error as Error).message });
        return { handled: [], unfinished: [] };
      });
      background = (async () => {
        const me = 'id' in first ? first : await meet();
        if (me !== null) await receive(me, journal);
      })().catch((error: unknown) => {
        health.receiving({ kind: 'line', problem: 'receiving has stopped' });
        deps.log.error('Receiving from Telegram failed', { detail: (error as Error).message });
      });
    },

    async stop() {
      stopping.abort();
      await inbox?.idle(STOP_MS);
      await closeWebhook();
      const patience = new AbortController();
      await Promise.race([background, deps.clock.sleep(500, patience.signal).catch(() => {})]);
      patience.abort();
      // Handlers that took longer than we wait are asked again at the next start; what was handled is not.
      if (inbox !== null) await write(inbox.journal());
    },
  };
}
