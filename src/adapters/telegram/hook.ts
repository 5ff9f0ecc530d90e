import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Update } from 'grammy/types';
import { TocsinError } from '../../core/errors.ts';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import type { Answer, ApiClient } from './client.ts';
import type { TelegramAccount } from './config.ts';
import { type Health, type Trouble, trouble } from './connection.ts';
import { ALLOWED_UPDATES } from './events.ts';

const MAX_BODY_BYTES = 1 << 20;
/** Telegram hangs up after a minute; before that we say "later", and it sends the update once more. */
const PATIENCE_MS = 25_000;

interface WebhookOptions {
  listen: string;
  secret: string;
  /** Resolves when the update is handled. */
  receive(update: Update): Promise<void>;
}

/** The secret of an account that names none: the same after each start, and no way back to the token. */
const derivedSecret = (token: string): string => createHash('sha256').update(`tocsin webhook ${token}`).digest('hex');

/** Listens for updates. Throws `config_invalid` when the address cannot be listened on. Updates are acknowledged when handled. */
async function listen(options: WebhookOptions): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 8192 },
    (request, response) => {
      void serve(request, response, options);
    },
  );
  server.maxConnections = 128;
  await bind(server, options.listen);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 2000).unref();
      }),
  };
}

function bind(server: Server, listenOn: string): Promise<void> {
  const at = listenOn.lastIndexOf(':');
  const host = listenOn.slice(0, at).replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new TocsinError(
          'config_invalid',
          `webhook.listen: cannot listen on ${listenOn} (${error.code}); choose a free port of this machine`,
          { listen: listenOn },
          error,
        ),
      );
    });
    server.listen({ port: Number(listenOn.slice(at + 1)), ...(host === '' ? {} : { host }) }, resolve);
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { secret, receive }: WebhookOptions,
): Promise<void> {
  const end = (status: number, headers: Record<string, string> = {}): void => {
    if (response.destroyed || response.headersSent) return;
    // What was not read must not be taken for the next request.
    response.writeHead(status, request.complete ? headers : { ...headers, connection: 'close' }).end();
  };
  try {
    if (request.method !== 'POST') return end(405);
    // Any path: the proxy in front may change it. The secret tells Telegram from others.
    if (!same(String(request.headers['x-telegram-bot-api-secret-token'] ?? ''), secret)) return end(401);
    const body = await read(request);
    if (body === null) return end(413);
    const update = parse(body);
    if (update === null) return end(400);
    const late = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => late.resolve(false), PATIENCE_MS);
    const handled = await Promise.race([receive(update).then(() => true), late.promise]);
    clearTimeout(timer);
    return handled ? end(200) : end(503, { 'retry-after': '5' });
  } catch {
    return end(500);
  }
}

/** Null = larger than allowed. Rejects when the connection breaks. */
async function read(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): Update | null {
  try {
    const update = JSON.parse(body) as Update | null;
    return Number.isSafeInteger(update?.update_id) ? update : null;
  } catch {
    return null;
  }
}

function same(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

const ASK_MS = 10_000;

/** Receiving by webhook: a listener that is open from the start, so that a taken port shows at once, and Telegram's word to call it. */
export interface Hook {
  /** From now on updates are taken; asks Telegram to send them until it agrees or the signal aborts. `take` resolves when handled. */
  open(take: (update: Update) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

interface HookParts {
  account: TelegramAccount;
  deps: AdapterDeps;
  client: ApiClient;
  health: Health;
  signal: AbortSignal;
}

/** What an answer to `setWebhook` asks for: null = done. */
export function planHook(answer: Answer, failures: number, random: number): Trouble | null {
  if (answer.kind === 'answer' && answer.body.ok) return null;
  const found = trouble(answer, failures, random);
  if (answer.kind !== 'answer' || answer.status !== 400) return found;
  return { ...found, kind: 'webhook', problem: `Telegram refuses the webhook: ${answer.body.description}` };
}

/** Throws `config_invalid` when the address cannot be listened on. */
export async function createHook({ account, deps, client, health, signal }: HookParts): Promise<Hook> {
  const webhook = account.webhook!;
  const secret = webhook.secret ?? derivedSecret(account.token);
  let take: ((update: Update) => Promise<void>) | null = null;
  const server = await listen({
    listen: webhook.listen,
    secret,
    receive: (update) => (take && deps.holds?.() !== false ? take(update) : Promise.reject(new Error('not ready'))),
  });
  const body = JSON.stringify({
    url: webhook.publicUrl,
    secret_token: secret,
    allowed_updates: ALLOWED_UPDATES,
    max_connections: 40,
  });
  return {
    async open(given) {
      take = given;
      for (let failures = 1; !signal.aborted; failures++) {
        const answer = await client.call('setWebhook', body, { deadlineMs: ASK_MS, signal });
        const found = planHook(answer, failures, deps.ids.random());
        health.receiving(found);
        if (found === null) return;
        await deps.clock.sleep(found.waitMs, signal).catch(() => {});
      }
    },
    close: () => server.close(),
  };
}
