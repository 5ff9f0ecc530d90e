import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { orNull } from '../../core/errors.ts';
import { onceForEach } from '../../core/recent.ts';
import { Agent, proxyAgent, socksAgent } from '../../platform/undici.ts';

/** A body of the Bot API, success or not; whatever a server sends instead is brought into this form. */
interface ApiBody {
  ok: boolean;
  result?: unknown;
  error_code?: number;
  description?: string;
  parameters?: { retry_after?: number; migrate_to_chat_id?: number };
}

/**
 * - answer: the server spoke, with any status
 * - failure: it did not, or not to the end. `reached` false = the request cannot have been carried out (no connection); true = it may have been
 */
export type Answer =
  | { kind: 'answer'; status: number; body: ApiBody }
  | { kind: 'failure'; reason: 'server' | 'timeout' | 'canceled'; reached: boolean; detail: string };

/** What a method gave; undefined = it was refused, or not answered. */
export const resultOf = (answer: Answer): unknown =>
  answer.kind === 'answer' && answer.body.ok ? answer.body.result : undefined;

interface CallOptions {
  /** Whole exchange, connecting included, ms. */
  deadlineMs: number;
  signal?: AbortSignal;
  /** Bytes of the answer; default 1 MiB. */
  maxBytes?: number;
  /** Of the body; default JSON. */
  contentType?: string;
}

export type ApiClient = ReturnType<typeof apiClient>;

/** Codes of failures before anything was sent; undici calls a proxy that refuses an "abort". */
const UNREACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EMFILE|UND_ERR_CONNECT|UND_ERR_ABORTED|UND_ERR_PRX|UND_ERR_SOCKS5|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;
const CONNECT_MS = 10_000;
const HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

/**
 * `connections` bounds the sockets, hence also the requests under way; those past it wait for one. `holds`: `AdapterDeps.holds`, asked once more right
 * before a request is written.
 */
export function apiClient(
  account: { apiRoot: string; token: string },
  proxy: string | null,
  connections: number,
  holds: () => boolean = () => true,
) {
  const root = new URL(account.apiRoot);
  const { origin } = root;
  const prefix = `${root.pathname.replace(/\/+$/, '')}/bot${account.token}/`;
  const dispatcher = dispatcherFor(proxy, connections);
  const groupOf = onceForEach(exchangesUnder);

  return {
    /** One POST, one attempt. Never throws; no detail ever holds the token. */
    call(method: string, body: string | Buffer, options: CallOptions): Promise<Answer> {
      const { deadlineMs, signal, maxBytes = 1 << 20, contentType } = options;
      const headers = contentType ? { ...HEADERS, 'content-type': contentType } : HEADERS;
      return new Promise((resolve) => {
        if (signal?.aborted || !holds()) return resolve(canceled);
        const group = signal ? groupOf(signal) : null;
        const exchange = new Exchange({ maxBytes, holds }, (answer) => {
          clearTimeout(timer);
          group?.delete(exchange);
          resolve(answer);
        });
        group?.add(exchange);
        const timer = setTimeout(() => exchange.give(timedOut(deadlineMs)), deadlineMs);
        try {
          dispatcher.dispatch({ origin, path: prefix + method, method: 'POST', headers, body }, exchange);
        } catch (error) {
          exchange.give(broken((error as Error).name, false));
        }
      });
    },
    close: () => dispatcher.destroy(),
  };
}

function dispatcherFor(proxy: string | null, connections: number): Dispatcher {
  // Our own deadline bounds the whole exchange; undici's two would only cost timers.
  const options = { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 15_000 };
  const tls = { timeout: CONNECT_MS };
  if (proxy === null) return new Agent({ ...options, connect: tls });
  if (/^socks/i.test(proxy)) return socksAgent(proxy, { ...options, requestTls: tls });
  return proxyAgent({ ...options, uri: proxy, proxyTls: tls, requestTls: tls });
}

/** One listener a signal, not one a call: 64 sends share one, and Node warns of a leak at 11. */
function exchangesUnder(signal: AbortSignal): Set<Exchange> {
  const group = new Set<Exchange>();
  signal.addEventListener('abort', () => {
    for (const exchange of group) exchange.give(canceled);
  });
  return group;
}

const canceled = { kind: 'failure', reason: 'canceled', reached: true, detail: 'stopping' } satisfies Answer;
const timedOut = (ms: number): Answer => ({ ...canceled, reason: 'timeout', detail: `no answer within ${ms} ms` });
const broken = (detail: string, reached = true): Answer => ({ kind: 'failure', reason: 'server', reached, detail });

/** Collects one answer. Straight on undici's dispatcher: its `request` makes a stream for each answer, a third of the cost of a send. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #done: (answer: Answer) => void;
  readonly #maxBytes: number;
  readonly #holds: () => boolean;
  #controller: Dispatcher.DispatchController | null = null;
  #given = false;
  #status = 0;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor({ maxBytes, holds }: { maxBytes: number; holds(): boolean }, done: (answer: Answer) => void) {
    this.#maxBytes = maxBytes;
    this.#holds = holds;
    this.#done = done;
  }

  /** Ends the exchange from our side, or with what came. Only the first call counts. */
  give(answer: Answer): void {
    if (this.#given) return;
    this.#given = true;
    this.#chunks = [];
    if (answer.kind === 'failure') this.#controller?.abort(new Error(answer.detail));
    this.#done(answer);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up, or lost to another process, while it waited for a socket: it must not be sent any more.
    if (!this.#holds()) this.give(canceled);
    if (this.#given) controller.abort(new Error('given up'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#given) return;
    this.#size += chunk.length;
    if (this.#size > this.#maxBytes) this.give(broken('the answer is too large'));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#given) return;
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.give(parse(this.#status, bytes.toString('utf8')));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const code = String((error as NodeJS.ErrnoException).code ?? error.name);
    this.give(broken(code, !UNREACHED.test(code)));
  }
}

function parse(status: number, text: string): Answer {
  const body = orNull(() => JSON.parse(text) as Partial<ApiBody> | null);
  if (body?.ok === true || (body?.ok === false && typeof body.error_code === 'number')) {
    return { kind: 'answer', status, body: body as ApiBody };
  }
  // A proxy's page, half an answer, a censor's block page: with whatever status, it says nothing about the chat. After 200 it
  // may well have been carried out.
  return broken(`HTTP ${status} that is not of the Bot API`);
}

/** A form in parts, for what is uploaded. */

interface FilePart {
  /** What the fields call it: `attach://part`. */
  part: string;
  /** As the chat shows it. */
  name: string;
  type: string;
  bytes: Uint8Array;
}

/** The border is of the file's own digest, which no field of ours holds. */
export function inParts(fields: Readonly<Record<string, unknown>>, file: FilePart) {
  const border = `tocsin-${createHash('sha256').update(file.bytes).digest('base64url')}`;
  const parts = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return `--${border}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
  });
  const name = file.name.replace(/[^\w.-]/g, '_');
  const head = `--${border}\r\ncontent-disposition: form-data; name="${file.part}"; filename="${name}"\r\ncontent-type: ${file.type}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(parts.join('') + head), file.bytes, Buffer.from(`\r\n--${border}--\r\n`)]);
  return { body, contentType: `multipart/form-data; boundary=${border}` };
}
