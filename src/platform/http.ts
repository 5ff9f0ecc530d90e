import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, isIPv4, isIPv6, type LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { TocsinError } from '../core/errors.ts';
import { PERCENT_REMEDY, decoded, percentFault } from '../core/model/connection-address.ts';
import type { Http, HttpRequest, HttpResponse, Redirect } from '../core/ports/runtime.ts';
import { inOrder } from '../core/wakeable.ts';
import { ACCEPT_ENCODING, asFetchError, fetchError, headersOf, readBody } from './http-body.ts';
import { Agent, proxyAgent, request as sendRequest, socksAgent } from './undici.ts';

/** IPv4 space that is nobody's on the public internet (IANA special-purpose registry), multicast and reserved included. */
const SPECIAL_IPV4 = (
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'
).split(' ');
/** IPv6 space that may be public at all: what is given out, and what stands for an IPv4 address (mapped, NAT64). */
const OPEN_IPV6 = ['2000::/3', '::ffff:0:0/96', '64:ff9b::/96'];
/** Of it, nobody's: Teredo, ORCHID and other protocol assignments; documentation; 6to4; the newer documentation block. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const byNat64 = (subnet: string): string =>
  subnet.replace(/(.*)\/(.*)/, (_, address: string, prefix: string) => `64:ff9b::${address}/${96 + Number(prefix)}`);

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address, prefix] = subnet.split('/');
    list.addSubnet(address!, Number(prefix), subnet.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
// A mapped address is checked as the IPv4 address that it is.
const special = listOf([...SPECIAL_IPV4, ...SPECIAL_IPV6, ...SPECIAL_IPV4.map(byNat64)]);
const open = listOf(OPEN_IPV6);

/**
 * True for an address that a stranger's feed must not make us call: private, loopback, link-local, shared, documentation, multicast,
 * reserved; for IPv6 everything outside 2000::/3 and, inside it, what embeds an IPv4 address. Anything that is no address is true.
 */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return special.check(address, 'ipv4');
  const [bare = ''] = address.split('%');
  return !isIPv6(address) || !open.check(bare, 'ipv6') || special.check(bare, 'ipv6');
}

/** A host as it stands in a URL (brackets allowed): the address it is, or null where it is a name. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) ? bare : null;
}

const LOCAL = /\.(?:localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa)$/;

/** Names that never leave this network; behind a proxy, which resolves for us, all that can be judged. */
export function isLocalName(hostname: string): boolean {
  const name = hostname.replace(/\.+$/, '').toLowerCase();
  return !name.includes('.') || LOCAL.test(name);
}

/** All addresses of a name, by the system's resolver. */
type ResolveAll = (hostname: string) => Promise<LookupAddress[]>;

/** getaddrinfo holds a thread of libuv's four for as long as the resolver takes: one stays free for files and inflation. */
const AT_A_TIME = 3;
const KEEP_MS = 30_000;
const KEEP_FAILED_MS = 5_000;
const MAX_KEPT = 2_000;

/**
 * Resolves at connect time and leaves out what must not be called, so a name that changes its address between check and connect
 * cannot pass. Answers are kept for 30 s, failures for 5 s.
 */
export function guardedLookup(allowPrivate: boolean, resolve: ResolveAll = resolveBySystem): LookupFunction {
  const kept = new Map<string, { until: number; answer: Promise<LookupAddress[]> }>();
  const queued = inOrder(AT_A_TIME);
  const answerOf = (hostname: string) => {
    const now = performance.now();
    const known = kept.get(hostname);
    if (known && known.until > now) return known.answer;
    if (kept.size >= MAX_KEPT) kept.clear();
    const entry = { until: Number.POSITIVE_INFINITY, answer: queued(() => resolve(hostname)) };
    entry.answer.then(
      () => (entry.until = performance.now() + KEEP_MS),
      () => (entry.until = performance.now() + KEEP_FAILED_MS),
    );
    kept.set(hostname, entry);
    return entry.answer;
  };
  return (hostname, options, callback) => {
    answerOf(hostname).then(
      (all) => {
        const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : Number(options.family ?? 0);
        const wanted = family === 4 || family === 6 ? all.filter((entry) => entry.family === family) : all;
        const allowed = allowPrivate ? wanted : wanted.filter((entry) => !isPrivateAddress(entry.address));
        if (allowed.length === 0) {
          const code = wanted.length > 0 ? 'EBLOCKED' : 'ENOTFOUND';
          callback(Object.assign(new Error(`${code} ${hostname}`), { code }), []);
        } else if (options.all) callback(null, allowed);
        else callback(null, allowed[0]!.address, allowed[0]!.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

const resolveBySystem: ResolveAll = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true, order: 'verbatim' }, (error, all) => (error ? reject(error) : resolve(all)));
  });

const CONNECT_MS = 10_000;
/** Answers whose headers are larger are refused. */
const MAX_HEADER_BYTES = 32_768;

/** Sockets that go to vetted addresses only, or through the operator's proxy, which may well be on loopback. */
function createDispatcher(proxy: string | null, connections: number, lookup: LookupFunction): Dispatcher {
  const bounds = { connections, pipelining: 1, maxHeaderSize: MAX_HEADER_BYTES };
  const limits = { ...bounds, allowH2: false, keepAliveTimeout: 10_000 };
  if (proxy === null) {
    // Node's 250 ms for each address fails on slow lines; 2 s still tries the other family in time.
    const connect = { lookup, timeout: CONNECT_MS, autoSelectFamilyAttemptTimeout: 2_000 } as object;
    return new Agent({ ...limits, connect });
  }
  const protocol = URL.parse(proxy)?.protocol;
  if (protocol === 'http:' || protocol === 'https:')
    return proxyAgent({ ...limits, uri: proxy, connectTimeout: CONNECT_MS });
  if (protocol === 'socks5:') return socksAgent(proxy, { ...limits, connectTimeout: CONNECT_MS });
  const how = 'network.proxy must begin with http: or socks5:, as in socks5://127.0.0.1:9050';
  throw new TocsinError('config_invalid', how);
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 5_000_000;
const MAX_REDIRECTS = 5;
const MAX_URL = 8_000;
const DISCARD_MS = 2_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const PERMANENT = new Set([301, 308]);
const STALE = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

interface HttpOptions {
  /** Lets private and reserved addresses through (own feeds, tests). Default false. */
  allowPrivateAddresses?: boolean;
  /** The operator's proxy (`http:`, `socks5:`), or null. It resolves names, so names can only be judged by their look. */
  proxy?: string | null;
  /** Requests to one host (name and port) at a time; more wait. Default 2. */
  perHost?: number;
  /** Where a server's owner finds out who we are: a URL or null. */
  contact?: string | null;
  /** For tests: stands for the system's resolver. */
  resolve?: ResolveAll;
}

export type HttpClient = ReturnType<typeof createHttp>;

/** Makes the one guarded fetch; see `core/ports/runtime.ts` for what callers may assume. */
export function createHttp(options: HttpOptions = {}) {
  const { allowPrivateAddresses: allowPrivate = false, proxy = null, perHost = 2, contact, resolve } = options;
  const lookup = guardedLookup(allowPrivate, resolve);
  const dispatcher = createDispatcher(proxy, perHost, lookup);
  const userAgent = contact ? `Tocsin/0.1 (+${contact})` : 'Tocsin/0.1 (self-hosted news alarm)';

  /** Refuses what must not be called, before any name is resolved. */
  const check = (url: URL, hop: number) => {
    const code = hop === 0 ? 'fetch_blocked_address' : 'fetch_redirect';
    const scheme = url.protocol;
    if (scheme !== 'http:' && scheme !== 'https:')
      throw new TocsinError(code, `Only http: and https: addresses are fetched, not ${scheme}`, { scheme, hop });
    if (url.href.length > MAX_URL) throw new TocsinError(code, 'The address is longer than 8,000 characters.', { hop });
    if (allowPrivate) return;
    const address = literalAddress(url.hostname);
    // Names are judged by their addresses when connecting; a proxy resolves out of our sight.
    const name =
      address === null && (/(?:^|\.)localhost\.?$/.test(url.hostname) || (proxy !== null && isLocalName(url.hostname)));
    const local = name || (address !== null && isPrivateAddress(address));
    if (local) throw fetchError('fetch_blocked_address', url.host, { hop });
  };

  /** A kept connection that the server closed in the same moment is no failure: what changes nothing is asked once more. */
  const at = { dispatcher, connections: perHost };
  const ask = async (url: URL, options: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body' | 'signal'>) => {
    try {
      return await sendRequest(url, { ...options, ...at });
    } catch (error) {
      const stale = STALE.has((error as NodeJS.ErrnoException)?.code ?? '');
      if (!stale || (options.method !== 'GET' && options.method !== 'HEAD')) throw error;
      return await sendRequest(url, { ...options, ...at, reset: true });
    }
  };

  /** One question to one server, when one of its connections is free: the whole answer, or the way that it sends us. */
  const askOnce = async (turn: Turn, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse | Sent> => {
    const { url, method, headers, redirects } = turn;
    const { host } = url;
    try {
      const answer = await ask(url, { method, headers, body: turn.body ?? null, signal });
      const status = answer.statusCode;
      const target = REDIRECTS.has(status) ? [answer.headers.location].flat()[0] : undefined;
      if (target !== undefined) {
        discard(answer);
        return { target, status };
      }
      const rest = { status, url: url.href, redirects, headers: headersOf(answer) };
      if (request.statusOnly) {
        discard(answer);
        return { ...rest, body: new Uint8Array(0) };
      }
      const good = status >= 200 && status < 300;
      const onChunk = good ? request.onChunk : undefined;
      const maxBytes = good || !request.onChunk ? (request.maxBytes ?? MAX_BYTES) : MAX_BYTES;
      const body = await readBody(answer, method, { maxBytes, host, signal, onChunk });
      return { ...rest, body };
    } catch (error) {
      throw asFetchError(error, host, proxy !== null);
    }
  };

  const exchange = async (request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> => {
    const maxRedirects = request.maxRedirects ?? MAX_REDIRECTS;
    const turn = firstTurn(request, { 'user-agent': userAgent, accept: '*/*', 'accept-encoding': ACCEPT_ENCODING });
    for (let hop = 0; ; hop++) {
      check(turn.url, hop);
      takeCredentials(turn.url, turn.headers, hop);
      if (hop > 0) await request.onHop?.(turn.url.host, signal);
      const answer = await askOnce(turn, request, signal);
      if (!('target' in answer)) return answer;
      const { host } = turn.url;
      if (hop >= maxRedirects)
        throw new TocsinError('fetch_redirect', `${host}: more than ${maxRedirects} redirects.`, { host, hop });
      follow(turn, answer, hop);
    }
  };

  const http: Http = async (request) => {
    const { url, signal: outer, timeoutMs = TIMEOUT_MS } = request;
    const late = AbortSignal.timeout(timeoutMs);
    const signal = outer ? AbortSignal.any([outer, late]) : late;
    try {
      signal.throwIfAborted();
      return await exchange(request, signal);
    } catch (error) {
      if (outer?.aborted) throw new TocsinError('canceled', 'The request was stopped.', {}, outer.reason);
      throw late.aborted ? fetchError('fetch_timeout', hostOf(url), { timeoutMs }) : error;
    }
  };

  /** Resolves where an address may be called and its name is known; throws as `http` would. Calls nobody. Behind a proxy only its look is judged. */
  const resolves = async (address: string): Promise<void> => {
    const url = parse(address);
    check(url, 0);
    if (proxy !== null || literalAddress(url.hostname) !== null) return;
    await new Promise<void>((resolve, reject) => {
      lookup(url.hostname, { all: true }, (error) =>
        error ? reject(asFetchError(error, url.host, false)) : resolve(),
      );
    });
  };

  const close = (): Promise<void> => dispatcher.destroy();
  return {
    http,
    resolves,
    /** Ends every connection; requests under way fail. */
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What is asked, and of whom; changes from one server to the next. */
type Turn = ReturnType<typeof firstTurn>;

function firstTurn({ url, method = 'GET', body, headers: own = {} }: HttpRequest, headers: Record<string, string>) {
  for (const [name, value] of Object.entries(own)) headers[name.toLowerCase()] = value;
  return { url: parse(url), method, body, headers, redirects: [] as Redirect[] };
}

/** An answer that sends us on. */
type Sent = { target: string; status: number };

/** Goes where it is sent: without the body where that was meant for the sender, and without its secrets elsewhere. */
function follow(turn: Turn, { target, status }: Sent, hop: number): void {
  const { host, origin } = turn.url;
  const next = URL.parse(target, turn.url);
  if (!next) throw new TocsinError('fetch_redirect', `${host}: redirects to what is no address.`, { host, hop });
  turn.redirects.push({ url: withoutCredentials(next), permanent: PERMANENT.has(status) });
  if (status === 303 || (status < 303 && turn.method === 'POST')) {
    turn.method = turn.method === 'HEAD' ? 'HEAD' : 'GET';
    turn.body = undefined;
    delete turn.headers['content-type'];
  }
  if (next.origin !== origin)
    for (const name of ['authorization', 'cookie', 'proxy-authorization']) delete turn.headers[name];
  turn.url = next;
}

function parse(address: string): URL {
  const url = URL.parse(address);
  if (url) return url;
  throw new TocsinError('fetch_blocked_address', 'That is no address: it must begin with http:// or https://.', {});
}

const hostOf = (address: string) => URL.parse(address)?.host ?? 'server';

function withoutCredentials(url: URL): string {
  if (url.username === '' && url.password === '') return url.href;
  return Object.assign(new URL(url), { username: '', password: '' }).href;
}

/** Name and password move from the URL, which is shown and logged, into a header. */
function takeCredentials(url: URL, headers: Record<string, string>, hop: number): void {
  if (url.username === '' && url.password === '') return;
  const pair = decoded(`${url.username}:${url.password}`);
  if (pair === null) {
    const sentence = `${url.host}: the address ${percentFault(url.href)}; ${PERCENT_REMEDY}.`;
    throw new TocsinError(hop === 0 ? 'fetch_blocked_address' : 'fetch_redirect', sentence, { host: url.host, hop });
  }
  headers.authorization ??= `Basic ${Buffer.from(pair).toString('base64')}`;
  url.username = '';
  url.password = '';
}

/** A body that nobody wants is not worth its bytes; a small one that comes soon is read, to keep the connection. */
function discard(answer: Dispatcher.ResponseData): void {
  answer.body.on('error', () => {});
  void answer.body.dump({ limit: 16_384, signal: AbortSignal.timeout(DISCARD_MS) }).catch(() => {});
}
