import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Update } from 'grammy/types';
import { TocsinError, orNull } from '../../core/errors.ts';
import type { Answer } from './client.ts';
import { type Connection, type Trouble, trouble } from './connection.ts';
import { ALLOWED_UPDATES } from './events.ts';

const MAX_BODY_BYTES = 1 << 20;
/** Telegram hangs up after a minute; before that we say "later", and it sends the update once more. */
const PATIENCE_MS = 25_000;

/** Resolves when the update is handled. */
type Take = (update: Update) => Promise<void>;

/** The secret of an account that names none: the same after each start, and no way back to the token. */
const derivedSecret = (token: string): string => createHash('sha256').update(`tocsin webhook ${token}`).digest('hex');

/** Throws `config_invalid` when the address cannot be listened on. Updates are acknowledged when handled. */
async function listen(listenOn: string, secret: string, take: Take): Promise<Server> {
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 8192 },
    (request, response) => void serve(request, response, secret, take),
  );
  server.maxConnections = 128;
  const at = listenOn.lastIndexOf(':');
  const host = listenOn.slice(0, at).replace(/^\[|\]$/g, '');
  try {
    server.listen({ port: Number(listenOn.slice(at + 1)), ...(host === '' ? {} : { host }) });
    await once(server, 'listening');
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const said = `webhook.listen: cannot listen on ${listenOn} (${code}); choose a free port of this machine`;
    throw new TocsinError('config_invalid', said, { listen: listenOn }, error);
  }
}

async function serve(request: IncomingMessage, response: ServerResponse, secret: string, take: Take): Promise<void> {
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
    const handled = await Promise.race([take(update).then(() => true), late.promise]);
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
  const update = orNull(() => JSON.parse(body) as Update | null);
  return Number.isSafeInteger(update?.update_id) ? update : null;
}

function same(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

const ASK_MS = 10_000;

export type Hook = Awaited<ReturnType<typeof createHook>>;

/** What an answer to `setWebhook` asks for: null = done. */
export function planHook(answer: Answer, failures: number, random: number): Trouble | null {
  if (answer.kind === 'answer' && answer.body.ok) return null;
  const found = trouble(answer, failures, random);
  if (answer.kind !== 'answer' || answer.status !== 400) return found;
  return { ...found, kind: 'webhook', problem: `Telegram refuses the webhook: ${answer.body.description}` };
}

/**
 * Receiving by webhook: a listener that is open from the start, so that a taken port shows at once, and Telegram's word to call it. Throws
 * `config_invalid` when the address cannot be listened on.
 */
export async function createHook({ account, deps, client, health, signal }: Connection) {
  const { listen: listenOn, publicUrl, secret = derivedSecret(account.token) } = account.webhook!;
  let take: Take | null = null;
  const server = await listen(listenOn, secret, (update) =>
    take && deps.holds?.() !== false ? take(update) : Promise.reject(new Error('not ready')),
  );
  const bounds = { allowed_updates: ALLOWED_UPDATES, max_connections: 40 };
  const body = JSON.stringify({ url: publicUrl, secret_token: secret, ...bounds });
  return {
    /** From now on updates are taken; asks Telegram to send them until it agrees or the signal aborts. */
    async open(given: Take): Promise<void> {
      take = given;
      for (let failures = 1; !signal.aborted; failures++) {
        const answer = await client.call('setWebhook', body, { deadlineMs: ASK_MS, signal });
        const found = planHook(answer, failures, deps.ids.random());
        health.receiving(found);
        if (found === null) return;
        await deps.clock.sleep(found.waitMs, signal).catch(() => {});
      }
    },
    close(): Promise<void> {
      setTimeout(() => server.closeAllConnections(), 2000).unref();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
  };
}
