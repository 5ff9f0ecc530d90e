import type { InlineQueryResultArticle, UserFromGetMe } from 'grammy/types';
import { head } from '../../core/answers.ts';
import { atEnd } from '../../core/errors.ts';
import type { MessageDocument } from '../../core/model/message.ts';
import type { AdapterHandlers } from '../../core/ports/chat-adapter.ts';
import { isReadersWord } from '../../core/ports/readers.ts';
import type { Clock, Forgettable } from '../../core/ports/runtime.ts';
import { keepNewest } from '../../core/recent.ts';
import { sayIn } from '../../i18n/packs.ts';
import type { Admins, ChatNotes } from './chats.ts';
import type { ApiClient } from './client.ts';
import type { Connection } from './connection.ts';
import {
  addressOf,
  type ButtonEvent,
  type ChatEvent,
  commandPressed,
  commandTyped,
  eventOf,
  type InlineEvent,
  type MoveEvent,
  membershipChanged,
  type Whose,
} from './events.ts';
import { Bot, HttpError } from './grammy.ts';
import { oneLine, popupOf, readCallback, render } from './render.ts';

const DEADLINE_MS = 10_000;

/** What is done with an update. Called in order within a chat; what it throws is given to whoever called `handleUpdate`. `ref`: the number of the update. */
type Route = (event: ChatEvent, ref: string) => Promise<void>;

/**
 * grammY's bot: what comes in is read by its filter queries (`events.ts`) and routed, and `bot.api` (and `ctx.api`) speaks to Telegram over
 * our own client. It never polls and never listens: the inbox hands it one update at a time (`bot.handleUpdate`), when that update's turn in
 * its chat has come.
 */
export function createBot(parts: { token: string; me: UserFromGetMe; client: ApiClient; route: Route }): Bot {
  const { token, me, client, route } = parts;
  const bot = new Bot(token, { botInfo: me, client: { fetch: noFetch } });
  bot.api.config.use((_direct, method, payload, signal) => call(client, method, payload, signal as AbortSignal));
  bot.use(async (ctx, next) => {
    const event = eventOf(ctx);
    // Never null: the inbox takes only what says something (`claimOf`).
    await (event === null ? next() : route(event, String(ctx.update.update_id)));
  });
  return bot;
}

/** grammY's own connection knows neither the proxy nor our deadlines; the transformer before it leaves nothing for it to do. */
const noFetch = (): never => {
  throw new Error('requests to Telegram go over the client of this adapter');
};

/** One request of `bot.api`, one attempt. Throws `HttpError` when there was no answer; a refusal is grammY's to make an error of. */
async function call(client: ApiClient, method: string, payload: object, signal?: AbortSignal): Promise<never> {
  const answer = await client.call(method, JSON.stringify(payload), { deadlineMs: DEADLINE_MS, signal });
  if (answer.kind === 'failure') throw new HttpError(`${method}: ${answer.detail}`, new Error(answer.detail));
  return answer.body as never;
}

/** A pressed button spins no longer than this, even when what it asks for takes longer. */
const PRESS_MS = 5000;
const MAX_COMMAND = 1000;

/** The command that a button stands for, or null when nobody knows it any more. */
async function pressedCommand(data: string, cache: Forgettable): Promise<string | null> {
  const read = readCallback(data);
  if (read === null) return null;
  const command = 'command' in read ? read.command : await cache.get(read.kept).catch(() => null);
  return typeof command === 'string' ? command.slice(0, MAX_COMMAND) : null;
}

/** Moves known, so that the second chat that tells of one is not a second move. */
const MAX_MOVES = 1000;

/** What an account that receives has at hand. */
export interface Receiving extends Connection {
  notes: ChatNotes;
  admins: Admins;
  handlers: AdapterHandlers;
}

/** From each kind of update to the core, and what the adapter itself learns from it. `username`: ours, for the end of a popup. */
export function createRoute(parts: Receiving, username: string): Route {
  const { account, deps, client, notes, admins, handlers, signal } = parts;
  const { clock, cache } = deps;
  const whose: Whose = { accountId: account.id, lang: account.lang ?? null, isAdmin: admins.has };
  const acks = createAcks(client, clock, signal);
  const inline = createInline(parts);
  const moves = new Map<string, Promise<void>>();

  /**
   * Carries one press out; resolves when its command is handled. Each is acknowledged once, the sooner the better, and with a popup where one is there in
   * time; its command is carried out whatever became of the acknowledgement.
   */
  async function press(event: ButtonEvent, ref: string): Promise<void> {
    let open = true;
    const acknowledge = (popup: string | null = null): void => {
      if (open) acks.add({ queryId: event.queryId, popup });
      open = false;
    };
    const command = await pressedCommand(event.data, cache);
    if (command === null) return acknowledge(sayIn(event.from.lang ?? whose.lang, 'button.tooOld'));
    // Nobody reads along, so there is nothing to be said aside; but of readers' words many come at once.
    const privately = event.chatKind === 'private' && !isReadersWord(command);
    if (privately) acknowledge();
    const patience = new AbortController();
    void clock.sleep(PRESS_MS, AbortSignal.any([signal, patience.signal])).then(
      () => acknowledge(),
      () => {},
    );
    const messageRef = String(event.messageId);
    const whisper = (document: MessageDocument): void => acknowledge(popupOf(document, username));
    try {
      const button = privately ? { messageRef } : { messageRef, whisper };
      await handlers.incoming({ ...commandPressed(event, command, button, whose), ref });
    } finally {
      patience.abort();
      acknowledge();
    }
  }

  /** Both chats tell of a move: the core is given it once, and neither chat's next command comes before it. */
  function moved({ chat, to }: MoveEvent): Promise<void> {
    notes.moved(chat, to);
    let move = moves.get(chat);
    if (move === undefined) {
      const address = addressOf(whose.accountId, chat, null);
      move = handlers.incoming({ kind: 'moved', address, to: { ...address, chat: to } });
      keepNewest(moves, chat, move, MAX_MOVES);
    }
    return move;
  }

  return async (event, ref) => {
    if (event.type === 'moved') return await moved(event);
    if (event.type === 'inline') return await inline.answer(event);
    if (event.type === 'left') notes.gone(event.chat, 'the bot was removed or blocked');
    else notes.alive(event.chat);
    if (event.type === 'command') return await handlers.incoming({ ...commandTyped(event, whose), ref });
    if (event.type === 'button') return await press(event, ref);
    if (event.type === 'joined') admins.forget(event.chat);
    const change = membershipChanged(event, whose);
    if (change !== null) await handlers.incoming(change);
  };
}

/** Telegram forgets a press after about so long, ms. */
const MAX_AGE = 15_000;
const MAX_PAUSE = 60_000;
/** Fewer than the sockets that they share with the poll and with questions about administrators. */
const ACKS_AT_A_TIME = 12;
const MAX_WAITING = 2_000;

/** Calls of one kind, and how long Telegram asks to wait with the next. */
function createPaused(client: ApiClient, clock: Clock, signal: AbortSignal) {
  let until = 0;
  return {
    /** Ms; not more than 0 = none. */
    left: () => until - clock.monotonic(),
    async call(method: string, body: object): Promise<void> {
      const answer = await client.call(method, JSON.stringify(body), { deadlineMs: DEADLINE_MS, signal });
      if (answer.kind !== 'answer' || (answer.body.error_code ?? answer.status) !== 429) return;
      const seconds = Number(answer.body.parameters?.retry_after ?? 1) || 1;
      until = Math.max(until, clock.monotonic() + Math.min(MAX_PAUSE, seconds * 1000));
    },
  };
}

/**
 * Answers to pressed buttons, beside the queue of messages: Telegram does not count them among those, and the button spins until one
 * comes. A few at a time; where Telegram asks to wait, all wait; what is too old by then is left, as Telegram would refuse it.
 */
export function createAcks(client: ApiClient, clock: Clock, signal: AbortSignal) {
  const paused = createPaused(client, clock, signal);
  let waiting: { queryId: string; popup: string | null; at: number }[] = [];
  let running = 0;

  async function run(): Promise<void> {
    running++;
    while (!signal.aborted) {
      const pause = paused.left();
      if (pause > 0) await clock.sleep(pause, signal).catch(() => {});
      const next = waiting.shift();
      if (!next) break;
      const { queryId, popup, at } = next;
      const shown = popup === null ? {} : { text: popup, show_alert: true };
      if (clock.monotonic() - at < MAX_AGE)
        await paused.call('answerCallbackQuery', { callback_query_id: queryId, ...shown });
    }
    running--;
  }

  return {
    /** What whoever pressed a button sees: a popup, or (null) nothing more than that it was pressed. */
    add({ queryId, popup }: { queryId: string; popup: string | null }): void {
      waiting.push({ queryId, popup, at: clock.monotonic() });
      // The newest may still be in time.
      if (waiting.length > MAX_WAITING) waiting = waiting.slice(-MAX_WAITING);
      if (running < ACKS_AT_A_TIME) void run();
    },
  };
}

const CACHE_SECONDS = 10;
/** At a time: as few as acknowledgements, for the same reason. What is past it is left: the next letter asks anew. */
const INLINE_AT_A_TIME = 4;
/** Telegram's bound of a message, in UTF-16 units; and what its lists show of a result. */
const MAX_TEXT = 4096;
const MAX_TITLE = 120;
const MAX_DESCRIPTION = 240;

/** Answers what is typed behind our name in other people's chats. Telegram's own cache keeps each answer for its asker for some seconds. */
export function createInline({ account, deps, client, handlers, signal }: Receiving) {
  const paused = createPaused(client, deps.clock, signal);
  let running = 0;
  return {
    async answer({ from, queryId, text }: InlineEvent): Promise<void> {
      if (!handlers.asked || running >= INLINE_AT_A_TIME || paused.left() > 0) return;
      running++;
      using _ = atEnd(() => running--);
      const sender = { id: `telegram:${from.id}`, lang: from.lang ?? account.lang ?? null };
      const document = await handlers.asked({ accountId: account.id, text, sender });
      await paused.call('answerInlineQuery', {
        inline_query_id: queryId,
        results: document ? [resultOf(document)] : [],
        cache_time: CACHE_SECONDS,
        // In the asker's language.
        is_personal: true,
      });
    },
  };
}

/** The first line is what the list shows; what is chosen is the whole. */
export function resultOf(document: MessageDocument): InlineQueryResultArticle {
  const { text, entities } = render(document, MAX_TEXT);
  const [title = '', ...rest] = text.split('\n').filter((line) => line.trim() !== '');
  const description = head(oneLine(rest.join(' · ')), MAX_DESCRIPTION);
  return {
    type: 'article',
    id: 'status',
    title: head(oneLine(title), MAX_TITLE),
    ...(description === '' ? {} : { description }),
    input_message_content: {
      message_text: text,
      ...(entities.length > 0 ? { entities } : {}),
      link_preview_options: { is_disabled: true },
    },
  } as InlineQueryResultArticle;
}
