import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isPrivateAddress } from './addresses.ts';

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
