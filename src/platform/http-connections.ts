import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import type { Dispatcher } from 'undici';
import { TocsinError } from '../core/errors.ts';
import { Agent, proxyAgent, socksAgent } from './undici.ts';

/** IPv4 space that is nobody's on the public internet (IANA special-purpose registry), multicast and reserved included. */
const SPECIAL_IPV4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4';

const special = new BlockList();
for (const subnet of SPECIAL_IPV4.split(' ')) {
  const [address, prefix] = subnet.split('/');
  special.addSubnet(address!, Number(prefix), 'ipv4');
}

/**
 * True for an address that a stranger's feed must not make us call: private, loopback, link-local, shared, documentation, multicast,
 * reserved; for IPv6 everything outside 2000::/3 and, inside it, what embeds an IPv4 address. Anything that is no address is true.
 */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return special.check(address, 'ipv4');
  if (!isIPv6(address)) return true;
  const words = ipv6Words(address);
  if (!words) return true;
  const [a, b] = words as [number, number];
  const embedded = dotted(words[6]!, words[7]!);
  const zeros = (from: number, to: number) => words.slice(from, to).every((word) => word === 0);
  // ::ffff:a.b.c.d (mapped) and 64:ff9b::a.b.c.d (NAT64) stand for the IPv4 address inside.
  if ((zeros(0, 5) && words[5] === 0xffff) || (a === 0x64 && b === 0xff9b && zeros(2, 6)))
    return special.check(embedded, 'ipv4');
  if (a < 0x2000 || a > 0x3fff) return true;
  // Teredo, ORCHID and other protocol assignments; documentation; 6to4; the newer documentation block.
  if (a === 0x2001 && (b < 0x200 || b === 0xdb8)) return true;
  return a === 0x2002 || (a === 0x3fff && b < 0x1000);
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

const dotted = (high: number, low: number) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;

function ipv6Words(address: string): number[] | null {
  try {
    // The URL parser writes every form (dotted tails, leading zeros) in one way.
    const canonical = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1);
    const [head = '', tail] = canonical.split('::');
    const left = head ? head.split(':') : [];
    const right = tail ? tail.split(':') : [];
    const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
    const words = [...left, ...middle, ...right].map((word) => Number.parseInt(word, 16));
    return words.length === 8 ? words : null;
  } catch {
    return null;
  }
}

/** All addresses of a name, by the system's resolver. */
export type ResolveAll = (hostname: string) => Promise<LookupAddress[]>;

type Callback = (error: NodeJS.ErrnoException | null, address?: string | LookupAddress[], family?: number) => void;
/** The `lookup` that `net.connect` takes. */
export type ConnectLookup = (
  hostname: string,
  options: { all?: boolean; family?: number | string },
  callback: Callback,
) => void;

/** getaddrinfo holds a thread of libuv's four for as long as the resolver takes: one stays free for files and inflation. */
const AT_A_TIME = 3;
const KEEP_MS = 30_000;
const KEEP_FAILED_MS = 5_000;
const MAX_KEPT = 2_000;

/**
 * Resolves at connect time and leaves out what must not be called, so a name that changes its address between check and connect
 * cannot pass. Answers are kept for 30 s, failures for 5 s.
 */
export function guardedLookup(allowPrivate: boolean, resolve: ResolveAll = resolveBySystem): ConnectLookup {
  const kept = new Map<string, { until: number; answer: Promise<LookupAddress[]> }>();
  const waiting: (() => void)[] = [];
  let active = 0;
  const queued = async (hostname: string) => {
    if (active >= AT_A_TIME) await new Promise<void>((go) => waiting.push(go));
    else active++;
    try {
      return await resolve(hostname);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else active--;
    }
  };
  const answerOf = (hostname: string) => {
    const now = performance.now();
    const known = kept.get(hostname);
    if (known && known.until > now) return known.answer;
    if (kept.size >= MAX_KEPT) kept.clear();
    const entry = { until: Number.POSITIVE_INFINITY, answer: queued(hostname) };
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
          callback(Object.assign(new Error(`${code} ${hostname}`), { code }));
        } else if (options.all) callback(null, allowed);
        else callback(null, allowed[0]!.address, allowed[0]!.family);
      },
      (error: NodeJS.ErrnoException) => callback(error),
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
export function createDispatcher(options: {
  allowPrivate: boolean;
  proxy: string | null;
  perHost: number;
  resolve?: ResolveAll | undefined;
}): Dispatcher {
  const { proxy } = options;
  const limits = {
    connections: options.perHost,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    allowH2: false,
    keepAliveTimeout: 10_000,
  };
  if (proxy === null) {
    const lookup = guardedLookup(options.allowPrivate, options.resolve);
    // Node's 250 ms for each address fails on slow lines; 2 s still tries the other family in time.
    const connect = { lookup, timeout: CONNECT_MS, autoSelectFamilyAttemptTimeout: 2_000 } as object;
    return new Agent({ ...limits, connect });
  }
  const protocol = URL.parse(proxy)?.protocol;
  if (protocol === 'http:' || protocol === 'https:')
    return proxyAgent({ ...limits, uri: proxy, connectTimeout: CONNECT_MS });
  if (protocol === 'socks5:') return socksAgent(proxy, { ...limits, connectTimeout: CONNECT_MS });
  throw new TocsinError(
    'config_invalid',
    'network.proxy must begin with http: or socks5:, as in socks5://127.0.0.1:9050',
  );
}
