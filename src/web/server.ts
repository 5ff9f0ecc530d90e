import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, BlockList, isIP, isIPv6 } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { onceWhileFailing, TocsinError, type WhileFailing } from '../core/errors.ts';
import { parseAddress } from '../core/judge/address.ts';
import type { Log } from '../core/ports/runtime.ts';

export interface WebAnswer {
  status: number;
  /** Default `text/plain; charset=utf-8`. */
  type?: string;
  headers?: Record<string, string>;
  /** A stream is read as fast as the other end takes it, counts among the route's requests until it ends, and is cancelled when the other end goes. */
  body?: string | Uint8Array | ReadableStream<Uint8Array>;
}

/** Nothing here is a page of ours that runs scripts or is framed; routes may loosen it. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Is there a body that has not come to its end? */
const hasRest = (request: IncomingMessage): boolean =>
  !request.complete && (Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers);

/** Resolves when the last of it was handed to the system, or the other end is gone. Never rejects. */
async function send(request: IncomingMessage, response: ServerResponse, answer: WebAnswer): Promise<void> {
  const { status, type, headers, body = '' } = answer;
  const stream = body instanceof ReadableStream ? body : null;
  if (response.destroyed || response.headersSent) return await stream?.cancel().catch(() => undefined);
  // What was not read of a request stands before the next one.
  const rest = hasRest(request);
  if (rest) response.setHeader('connection', 'close');
  const bytes = typeof body === 'string' ? Buffer.from(body) : body instanceof Uint8Array ? body : null;
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    ...HEADERS,
    ...(hasBody ? { 'content-type': type ?? 'text/plain; charset=utf-8' } : {}),
    ...(bytes && hasBody ? { 'content-length': bytes.byteLength } : {}),
    ...headers,
  });
  // As fast as the other end takes it; who takes nothing at all is cut off by the socket's own timeout. Where it broke off, the connection does, too:
  // whoever reads it must not take it for whole.
  if (stream && request.method !== 'HEAD') return await pipeline(stream, response).catch(() => void response.destroy());
  await stream?.cancel().catch(() => undefined);
  response.end(request.method === 'HEAD' || !hasBody ? undefined : bytes, () => {
    if (rest) request.destroy();
  });
}

/** Ends a request with a status; `told`: what whoever asked reads of it. */
export class Refused extends Error {
  readonly status: number;
  readonly told: string;

  constructor(status: number, told = '') {
    super(`HTTP ${status}`);
    this.status = status;
    this.told = told;
  }
}

/** The whole body, or `Refused`: 413 past `maxBytes` (before a byte is read, where the length is declared), the signal's reason in time. */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const tooLarge = () => new Refused(413, `This takes ${maxBytes} bytes at most: send less.\n`);
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) throw tooLarge();
  if (request.headers.expect) response.writeContinue();
  const chunks: Buffer[] = [];
  let size = 0;
  const whole = new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.pause();
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    request.on('end', resolve);
    request.on('error', () => reject(new Refused(400)));
  });
  await Promise.race([whole, aborted(signal)]);
  return Buffer.concat(chunks);
}

/** Who asks: addresses as they count, and how much one of them may ask for. */

/** More proxies in a row are nobody's; what stands further off is what a stranger wrote. */
const MAX_HOPS = 10;

/**
 * The address of the person behind `remote`: itself, unless it is a trusted proxy; then the last address of `X-Forwarded-For` that is no trusted proxy. What
 * stands before that in the header is hearsay.
 */
export function createClientOf(trusted: readonly string[]) {
  const proxies = new BlockList();
  for (const one of trusted) {
    const [address = '', bits] = one.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  const isProxy = (address: string): boolean => proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return {
    isProxy: (remote: string): boolean => isProxy(unmapped(remote)),
    of(remote: string, forwardedFor: string | readonly string[] | undefined): string {
      let client = unmapped(remote);
      const chain = String(forwardedFor ?? '')
        .slice(-1_000)
        .split(',')
        .slice(-MAX_HOPS)
        .map((one) => unmapped(one.trim()));
      while (isProxy(client)) {
        const next = chain.pop();
        if (next === undefined || isIP(next) === 0) break;
        client = next;
      }
      return client;
    },
  };
}

/** "::ffff:192.0.2.1", as a socket that listens to both kinds has it, is an address of IPv4. */
const unmapped = (address: string): string => {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(bare) ? bare.slice(7) : bare;
};

/** As what an address counts: of IPv6 the /64, which is one household's. */
export function countsAs(address: string): string {
  const bytes = isIPv6(address) ? parseAddress(address) : null;
  if (bytes === null) return address;
  const groups = [0, 2, 4, 6].map((at) => ((bytes[at]! << 8) | bytes[at + 1]!).toString(16));
  return `${groups.join(':')}::/64`;
}

export interface WebRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Address of the other end; behind a proxy that the configuration trusts, whom that one names. */
  client: string;
  signal: AbortSignal;
  /** The whole body, within the route's bounds; ends the request with 413 or 408 otherwise. */
  body(): Promise<Uint8Array>;
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
  /** Asked before anything else is done for a request; an answer ends it. `client`: as in `WebRequest`. */
  admit?(client: string): WebAnswer | null;
  /** What it throws becomes a 500 without a word of why; the log has it, once until it works again. */
  handle(request: WebRequest): Promise<WebAnswer>;
}

export interface WebServer {
  /** `path` is exact, or "/*" for all that no other takes. Mounting one twice is a mistake. */
  mount(path: string, route: Route): void;
  /** Where it listens: the port that the system gave, if the config says 0. */
  readonly address: { host: string; port: number };
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const MAX_URL = 2_000;
const MALFORMED = /%(?![0-9a-f]{2})/i;
const MAX_CONNECTIONS = 256;
/** Of one address; proxies that the configuration trusts may have them all. Agents behind one router are some dozens. */
const CONNECTIONS_EACH = 96;
const CONCURRENCY = 16;
const REST = '/*';
interface Mounted extends Route {
  running: number;
  trouble: WhileFailing;
}

interface Routed {
  route: Mounted;
  url: URL;
  client: string;
  method: string;
}

export interface Listen {
  host: string;
  port: number;
  /** Proxies whose `X-Forwarded-For` is believed; default none. */
  trustProxy?: readonly string[];
}

/** One a turn of the loop, in the order in which they came: what an alert does next goes between any two. */
function createTurns(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const next = (): void => {
    waiting.shift()!();
    if (waiting.length > 0) setImmediate(next);
  };
  return () =>
    new Promise((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(next);
    });
}

/** One listener for everything: bounded in headers, bodies, time and connections. Throws `listen_failed` when the address is not to be had. */
export async function openServer(listen: Listen, log: Log, key = 'web: listen'): Promise<WebServer> {
  const routes = new Map<string, Mounted>();
  const clients = createClientOf(listen.trustProxy ?? []);
  const turn = createTurns();

  /** The route that may be run, or what is answered instead. */
  function routed(request: IncomingMessage): Routed | WebAnswer {
    const target = request.url ?? '/';
    if (target.length > MAX_URL) return { status: 414 };
    const url = URL.parse(target, 'http://here');
    // A path that the parser reads otherwise than a proxy in front may: "//x/metrics", "/a\..\metrics", "/%2e/metrics".
    if (url === null || url.host !== 'here' || url.pathname !== target.split('?', 1)[0]) return { status: 400 };
    if (MALFORMED.test(target)) return { status: 400, body: 'The address holds a "%" that is no escape.\n' };
    const route = routes.get(url.pathname) ?? routes.get(REST);
    if (!route) return { status: 404, body: 'There is nothing here.\n' };
    const client = clients.of(request.socket.remoteAddress ?? '', request.headers['x-forwarded-for']);
    const refused = route.admit?.(client);
    if (refused) return refused;
    const methods = route.methods ?? ['GET'];
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    if (!methods.includes(method)) return { status: 405, headers: { allow: methods.join(', ') } };
    if (route.running >= (route.concurrency ?? CONCURRENCY)) return { status: 503, headers: { 'retry-after': '1' } };
    return { route, url, client, method };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = routed(request);
    if (!('route' in found)) return await send(request, response, found);
    found.route.running++;
    try {
      await turn();
      if (response.destroyed) return;
      await send(request, response, await answer(request, response, found));
    } finally {
      found.route.running--;
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
      void serve(request, response).catch(() => response.destroy());
    },
  );
  boundEach(server, clients.isProxy);
  server.maxConnections = MAX_CONNECTIONS;
  server.maxRequestsPerSocket = 1_000;
  server.setTimeout(30_000);
  // Whoever keeps connections for later makes room for those who ask now.
  server.on('drop', () => server.closeIdleConnections());
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });
  await listening(server, listen, key);
  server.on('error', () => undefined);
  const { port } = server.address() as AddressInfo;

  return {
    address: { host: listen.host, port },
    mount(path, route) {
      const trouble = onceWhileFailing(log, {
        begins: 'A page of the web listener fails',
        ends: 'A page of the web listener works again',
        fields: { path: path.replace('*', '') },
      });
      if (routes.has(path)) throw new TocsinError('internal', `${path} is mounted already.`);
      routes.set(path, { ...route, running: 0, trouble });
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

/** What a route says, in its time. */
async function answer(request: IncomingMessage, response: ServerResponse, { route, url, client, method }: Routed) {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(new Refused(hasRest(request) ? 408 : 503)), route.timeoutMs ?? TIMEOUT_MS);
  response.on('close', () => gone.abort(new Refused(503)));
  try {
    const work = route.handle({
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      client,
      signal: gone.signal,
      body: () => readBody(request, response, route.maxBytes ?? 0, gone.signal),
    });
    const made = await Promise.race([work, aborted(gone.signal)]);
    route.trouble.working();
    return made;
  } catch (error) {
    if (error instanceof Refused) return { status: error.status, body: error.told };
    route.trouble.failing(error);
    return { status: 500 };
  } finally {
    clearTimeout(timer);
  }
}

/** Few enough connections of one address that others find room. */
function boundEach(server: Server, isProxy: (address: string) => boolean): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const remote = socket.remoteAddress;
    if (remote === undefined || isProxy(remote)) return;
    const key = countsAs(remote);
    const count = (open.get(key) ?? 0) + 1;
    if (count > CONNECTIONS_EACH) return void socket.destroy();
    open.set(key, count);
    socket.once('close', () => {
      const left = (open.get(key) ?? 1) - 1;
      if (left > 0) open.set(key, left);
      else open.delete(key);
    });
  });
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

async function listening(server: Server, { host, port }: Listen, key: string): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE' ? 'something else listens there' : `it is refused (${code ?? 'unexpected error'})`;
    const said = `Unable to listen on ${host}:${port}: ${why}; name another address under "${key}".`;
    throw new TocsinError('listen_failed', said, { reason: code ?? null }, error);
  }
}
