import type { UserFromGetMe } from 'grammy/types';
import type { ApiClient } from './client.ts';
import {
  type ButtonEvent,
  type CommandEvent,
  commandOf,
  INLINE,
  type InlineEvent,
  inlineOf,
  MEMBERSHIP,
  type MembershipEvent,
  MOVED,
  type MoveEvent,
  membershipOf,
  moveOf,
  PRESSED,
  pressOf,
  TEXT,
} from './events.ts';
import { Bot, HttpError } from './grammy.ts';

const DEADLINE_MS = 10_000;

/** What is done with each kind of update. Called in order within a chat; whatever they throw is given to whoever called `handleUpdate`. */
export interface Routes {
  moved(event: MoveEvent): Promise<void>;
  membership(event: MembershipEvent): Promise<void>;
  /** `ref`: the number of the update. */
  command(event: CommandEvent, ref: string): Promise<void>;
  pressed(event: ButtonEvent, ref: string): Promise<void>;
  inline(event: InlineEvent): Promise<void>;
}

export interface BotParts {
  token: string;
  me: UserFromGetMe;
  client: ApiClient;
  routes: Routes;
}

/**
 * grammY's bot: what comes in is routed by its filter queries, and `bot.api` (and `ctx.api`) speaks to Telegram over our own client. It never
 * polls and never listens: the inbox hands it one update at a time (`bot.handleUpdate`), when that update's turn in its chat has come.
 */
export function createBot({ token, me, client, routes }: BotParts): Bot {
  const bot = new Bot(token, { botInfo: me, client: { fetch: noFetch } });
  bot.api.config.use((_direct, method, payload, signal) => call(client, method, payload, signal as AbortSignal));
  bot.on([...MOVED], (ctx) => routes.moved(moveOf(ctx)));
  bot.on([...TEXT], (ctx) => given(commandOf(ctx), (event) => routes.command(event, refOf(ctx))));
  bot.on(PRESSED, (ctx) => given(pressOf(ctx), (event) => routes.pressed(event, refOf(ctx))));
  bot.on(MEMBERSHIP, (ctx) => given(membershipOf(ctx), routes.membership));
  bot.on(INLINE, (ctx) => given(inlineOf(ctx), routes.inline));
  return bot;
}

const refOf = ({ update }: { update: { update_id: number } }): string => String(update.update_id);

/** Null never comes here: the inbox takes only what has been read once (`claimOf`). */
const given = <T>(event: T | null, route: (event: T) => Promise<void>): Promise<void> =>
  event === null ? Promise.resolve() : route(event);

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
