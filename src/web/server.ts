import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { TocsinError } from '../core/errors.ts';
import { onceWhileFailing, type WhileFailing } from '../core/failures.ts';
import type { Log } from '../core/ports/log.ts';
import { Refused, readBody } from './body.ts';

export interface WebRequest {
  method: string;
  /** Without the query; below the route's path for a route that ends in "/*". */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Address of the other end: of the proxy, where there is one. */
  remote: string;
  signal: AbortSignal;
  /** The whole body, within the route's bounds; ends the request with 413 or 408 otherwise. */
  body(): Promise<Uint8Array>;
}

export interface WebAnswer {
  status: number;
  /** Default `text/plain; charset=utf-8`. */
  type?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export interface Route {
  /** Default GET (and HEAD with it). */
  methods?: readonly string[];
  /** Bytes of a body; default 0: none is taken. */
  maxBytes?: number;
  /** For the whole exchange, body included; default 10 s. */
  timeoutMs?: number;
  /** Requests of this route under way at a time, more get 503; default 16. */
  concurrency?: number;
  /** What it throws becomes a 500 without a word of why; the log has it, once until it works again. */
  handle(request: WebRequest): Promise<WebAnswer>;
}

export interface WebServer {
  /** `path` is exact, or ends in "/*" for all below. Mounting one twice is a mistake. */
  mount(path: string, route: Route): void;
  /** Where it listens: the port that the system gave, if the config says 0. */
  readonly address: { host: string; port: number };
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const MAX_URL = 2_000;
const MALFORMED = /%(?![0-9a-f]{2})/i;
const MAX_CONNECTIONS = 256;
const CONCURRENCY = 16;
/** Nothing here is a page of ours that runs scripts or is framed; routes may loosen it. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

interface Mounted extends Route {
  path: string;
  running: number;
  trouble: WhileFailing;
}

/** One listener for everything: bounded in headers, bodies, time and connections. Throws `listen_failed` when the address is not to be had. */
export async function openServer(listen: { host: string; port: number }, log: Log): Promise<WebServer> {
  const exact = new Map<string, Mounted>();
  const below: Mounted[] = [];
  const find = (path: string): Mounted | undefined =>
    exact.get(path) ?? below.find((route) => path.startsWith(route.path));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<WebAnswer> {
    const target = request.url ?? '/';
    if (target.length > MAX_URL) return { status: 414 };
    const url = URL.parse(target, 'http://here');
    if (!target.startsWith('/') || url === null) return { status: 400 };
    if (MALFORMED.test(target)) return { status: 400, body: 'The address holds a "%" that is no escape.\n' };
    const route = find(url.pathname);
    if (!route) return { status: 404, body: 'There is nothing here.\n' };
    const methods = route.methods ?? ['GET'];
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    if (!methods.includes(method)) return { status: 405, headers: { allow: methods.join(', ') } };
    if (route.running >= (route.concurrency ?? CONCURRENCY)) return { status: 503, headers: { 'retry-after': '1' } };
    route.running++;
    const gone = new AbortController();
    const timer = setTimeout(
      () => gone.abort(new Refused(hasRest(request) ? 408 : 503)),
      route.timeoutMs ?? TIMEOUT_MS,
    );
    response.on('close', () => gone.abort(new Refused(503)));
    try {
      const work = route.handle({
        method,
        path: url.pathname.slice(route.path.endsWith('/') ? route.path.length : 0) || url.pathname,
        query: url.searchParams,
        headers: request.headers,
        remote: request.socket.remoteAddress ?? '',
        signal: gone.signal,
        body: () => readBody(request, response, route.maxBytes ?? 0, gone.signal),
      });
      const made = await Promise.race([work, aborted(gone.signal)]);
      route.trouble.working();
      return made;
    } catch (error) {
      if (error instanceof Refused) return { status: error.status };
      route.trouble.failing(error);
      return { status: 500 };
    } finally {
      clearTimeout(timer);
      route.running--;
    }
  }

  const server = createServer(
    {
      maxHeaderSize: 8_192,
      headersTimeout: 5_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
      joinDuplicateHeaders: false,
    },
    (request, response) => {
      void answer(request, response)
        .catch((): WebAnswer => ({ status: 500 }))
        .then((made) => send(request, response, made));
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.maxRequestsPerSocket = 1_000;
  server.setTimeout(30_000);
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });
  await listening(server, listen);
  server.on('error', () => undefined);
  const { port } = server.address() as AddressInfo;

  return {
    address: { host: listen.host, port },
    mount(path, route) {
      const wild = path.endsWith('/*');
      const at = wild ? path.slice(0, -1) : path;
      const trouble = onceWhileFailing(log, {
        begins: 'A page of the web listener fails',
        ends: 'A page of the web listener works again',
        fields: { path: at },
      });
      const mounted: Mounted = { ...route, path: at, running: 0, trouble };
      if (find(mounted.path)?.path === mounted.path) throw new TocsinError('internal', `${path} is mounted already.`);
      if (wild) below.push(mounted);
      else exact.set(path, mounted);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cut = setTimeout(() => server.closeAllConnections(), 500);
      server.closeIdleConnections();
      await closed;
      clearTimeout(cut);
    },
  };
}

/** Is there a body that has not come to its end? */
const hasRest = (request: IncomingMessage): boolean =>
  !request.complete && (Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers);

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, headers, body = '' }: WebAnswer,
): void {
  if (response.destroyed || response.headersSent) return;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  // What was not read of a request stands before the next one.
  const rest = hasRest(request);
  if (rest) response.setHeader('connection', 'close');
  response.writeHead(status, {
    ...HEADERS,
    'content-type': type ?? 'text/plain; charset=utf-8',
    'content-length': bytes.byteLength,
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes, () => {
    if (rest) request.destroy();
  });
}

function listening(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'something else listens there'
          : `it is refused (${error.code ?? 'unexpected error'})`;
      reject(
        new TocsinError(
          'listen_failed',
          `Unable to listen on ${host}:${port}: ${why}; name another address under "web: listen".`,
          { reason: error.code ?? null },
          error,
        ),
      );
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve();
    });
  });
}
