import * as v from 'valibot';
import type { AdapterKind } from '../kind.ts';
import SETUP from './setup.json' with { type: 'json' };

/** `host:port`, `[v6]:port` or `:port` (all addresses). */
const LISTEN = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]*):\d{1,5}$/i;

const schema = v.strictObject({
  id: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, 'use 1 to 32 of a-z, 0-9 and "-"')), 'tg'),
  platform: v.literal('telegram'),
  token: v.pipe(
    v.string(),
    v.trim(),
    v.regex(/^\d+:[A-Za-z0-9_-]+$/, 'must look like 123456:ABC…, as @BotFather gives it'),
  ),
  /** The cloud's server or your own Bot API server; may have a path. */
  apiRoot: v.optional(
    v.pipe(v.string(), v.regex(/^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/, 'must be an http or https address')),
    'https://api.telegram.org',
  ),
  /** Messages and edits a second over the whole account; 0 = unpaced (own Bot API server, benchmarks). Telegram takes about 30. */
  rate: v.optional(
    v.pipe(v.number(), v.minValue(0, 'must not be negative'), v.maxValue(1000, 'Telegram takes 1000 a second at most')),
    27,
  ),
  /**
   * May messages beyond the free ones of a second be paid for with the bot's Stars? Then `rate` may go up to 1000; without Stars, or where Telegram has
   * not enabled it for the bot, it is refused for speed as ever.
   */
  paidBroadcasts: v.optional(v.boolean()),
  /** `polling` needs no open port; `webhook` needs the section of that name. */
  mode: v.optional(v.picklist(['polling', 'webhook'], 'is "polling" or "webhook"')),
  webhook: v.optional(
    v.strictObject({
      /** Where we listen for plain HTTP; a reverse proxy in front speaks TLS. */
      listen: v.pipe(v.string(), v.regex(LISTEN, 'must be host:port')),
      /** What Telegram calls; https, but for your own Bot API server. */
      publicUrl: v.pipe(v.string(), v.regex(/^https?:\/\/[^\s]+$/, 'must be an http or https address')),
      /** Sent by Telegram with each update; without it one is derived from the token. */
      secret: v.optional(
        v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16,256}$/, 'use 16 to 256 of A-Z, a-z, 0-9, "_" and "-"')),
      ),
    }),
  ),
  /** The bot's number, to say that the account is this bot from now on, whoever it was before. */
  identity: v.optional(
    v.pipe(
      v.union([v.string(), v.number()]),
      v.transform(String),
      v.regex(/^\d{1,20}$/, 'must be the number of the bot: the part of its token before the colon'),
    ),
  ),
  /** ISO 639-1; for people whose Telegram tells no language, and for channels. */
  lang: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{2}$/, 'use two letters, as in "en" or "ru"'))),
});

const account = v.pipe(
  schema,
  v.forward(
    v.check(
      (a) => a.mode !== 'webhook' || a.webhook !== undefined,
      'mode "webhook" needs the section webhook: { listen, publicUrl }',
    ),
    ['webhook'],
  ),
);

export type TelegramAccount = v.InferOutput<typeof account>;

export const telegramKind: AdapterKind<TelegramAccount> = {
  platform: 'telegram',
  schema: account,
  secrets: ['token', 'webhook.secret'],
  fromEnv: (env) =>
    env.TELEGRAM_TOKEN
      ? {
          id: 'tg',
          platform: 'telegram',
          token: env.TELEGRAM_TOKEN,
          ...(env.TELEGRAM_IDENTITY ? { identity: env.TELEGRAM_IDENTITY } : {}),
          ...(env.TELEGRAM_API_ROOT ? { apiRoot: env.TELEGRAM_API_ROOT } : {}),
        }
      : null,
  load: () => import('./adapter.ts'),
  setup: { ...SETUP, load: () => import('./setup.ts') },
};
