import type { Dispatcher } from 'undici';
import { TocsinError } from '../../core/errors.ts';
import { Agent, proxyAgent, socksAgent } from '../undici.ts';
import { guardedLookup, type ResolveAll } from './resolve.ts';

const CONNECT_MS = 10_000;
/** Answers whose headers are larger are refused. */
const MAX_HEADER_BYTES = 32_768;

export interface DispatcherOptions {
  allowPrivateAddresses: boolean;
  proxy: string | null;
  perHost: number;
  resolve?: ResolveAll;
}

/** Sockets that go to vetted addresses only, or through the operator's proxy, which may well be on loopback. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const limits = {
    connections: options.perHost,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    allowH2: false,
    keepAliveTimeout: 10_000,
  };
  if (options.proxy === null) {
    const lookup = guardedLookup(options.allowPrivateAddresses, options.resolve);
    // Node's 250 ms for each address fails on slow lines; 2 s still tries the other family in time.
    const connect = { lookup, timeout: CONNECT_MS, autoSelectFamilyAttemptTimeout: 2_000 } as object;
    return new Agent({ ...limits, connect });
  }
  const protocol = URL.canParse(options.proxy) ? new URL(options.proxy).protocol : '';
  if (protocol === 'http:' || protocol === 'https:')
    return proxyAgent({ ...limits, uri: options.proxy, connectTimeout: CONNECT_MS });
  if (protocol === 'socks5:') return socksAgent(options.proxy, { ...limits, connectTimeout: CONNECT_MS });
  throw new TocsinError(
    'config_invalid',
    'network.proxy must begin with http: or socks5:, as in socks5://127.0.0.1:9050',
    {},
  );
}
