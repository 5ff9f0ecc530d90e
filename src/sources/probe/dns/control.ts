import http2 from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { ControlAnswer, DnsAnswer } from '../../../core/judge/observations.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { type ControlResolver, LIMITS, splitHostPort } from '../config.ts';
import type { Dialer } from '../net/dial.ts';
import { exchange } from '../net/http1.ts';
import { handshake, type Trust } from '../net/tls.ts';
import { framedExchange } from './framed.ts';
import { noAnswer, question, type RecordType, readAnswer } from './message.ts';

/** One open way to one operator. */
interface Way {
  transport: ControlAnswer['transport'];
  ask(query: Buffer, signal: AbortSignal): Promise<Buffer | null>;
  alive(): boolean;
  close(): void;
}

export interface ControlDeps {
  direct: Dialer;
  helper: Dialer | null;
  trust: Trust;
  clock: Clock;
}

/**
 * One trusted resolver outside: DoH at a pinned address (HTTP/2, else HTTP/1.1), else DoT, else DoH by way of the helper. The way that
 * worked is kept open; a failed one is not tried again for a minute. The certificate must be good for the operator's name.
 */
export function createControl(resolver: ControlResolver, deps: ControlDeps) {
  let way: Promise<Way | null> | null = null;
  let retryAt = Number.NEGATIVE_INFINITY;

  async function open(signal: AbortSignal): Promise<Way | null> {
    const url = resolver.doh ? URL.parse(resolver.doh) : null;
    if (url && resolver.doh_ip) {
      const found = await openDoh(
        { dialer: deps.direct, address: resolver.doh_ip, url, transport: 'doh' },
        deps,
        signal,
      );
      if (found) return found;
    }
    const dot = resolver.dot ? splitHostPort(resolver.dot, 853) : null;
    if (dot) {
      const found = await dotWay(dot, resolver.name, deps, signal);
      if (found) return found;
    }
    if (url && resolver.doh_ip && deps.helper)
      return openDoh({ dialer: deps.helper, address: resolver.doh_ip, url, transport: 'doh-helper' }, deps, signal);
    return null;
  }

  async function current(signal: AbortSignal): Promise<Way | null> {
    const existing = await way;
    if (existing?.alive()) return existing;
    if (way !== null && existing === null && deps.clock.monotonic() < retryAt) return null;
    const opening = open(signal);
    way = opening;
    const found = await opening;
    if (!found) retryAt = deps.clock.monotonic() + 60_000;
    return found;
  }

  async function askOne(found: Way, name: string, type: RecordType, signal: AbortSignal): Promise<DnsAnswer> {
    const begin = deps.clock.monotonic();
    for (let n = 1; n <= 2; n++) {
      const query = question(name, type, found.transport === 'dot' ? undefined : 0);
      const bytes = await found.ask(query, signal);
      const reading = bytes ? readAnswer(bytes, name, type, query.readUInt16BE(0)) : null;
      const ms = Math.round(deps.clock.monotonic() - begin);
      if (reading) return { kind: reading.kind, addresses: reading.addresses, ms, late: null, tries: n };
      if (!found.alive()) break;
    }
    return noAnswer('timeout', Math.round(deps.clock.monotonic() - begin), 2);
  }

  return {
    operator: resolver.name,
    /** Null when no trusted way answers. Never throws. */
    async ask(name: string, signal: AbortSignal): Promise<ControlAnswer | null> {
      for (let attempt = 0; attempt < 2; attempt++) {
        const found = await current(signal);
        if (!found) return null;
        const [a, aaaa] = await Promise.all([askOne(found, name, 'A', signal), askOne(found, name, 'AAAA', signal)]);
        if (a.kind !== 'timeout' || aaaa.kind !== 'timeout')
          return { operator: resolver.name, transport: found.transport, a, aaaa };
        found.close();
      }
      return null;
    },
    close(): void {
      void way?.then((w) => w?.close());
      way = null;
    },
  };
}
export type Control = ReturnType<typeof createControl>;

const waits = { tcpMs: 5_000, tlsMs: 6_000 };

interface DohServer {
  dialer: Dialer;
  address: string;
  url: URL;
  transport: 'doh' | 'doh-helper';
}

async function openDoh(
  { dialer, address, url, transport }: DohServer,
  deps: ControlDeps,
  signal: AbortSignal,
): Promise<Way | null> {
  for (let n = 0; n < 2; n++) {
    const request = { address, port: Number(url.port || 443), sni: url.hostname, alpn: ['h2', 'http/1.1'], ...waits };
    const { flow, socket } = await handshake(dialer, deps.trust, request, deps.clock, signal);
    if (socket && flow.certificate?.valid)
      return socket.alpnProtocol === 'h2' ? http2Way(socket, url, transport) : http1Way(socket, url, transport, deps);
    socket?.destroy();
    // A refusal or a foreign certificate will not mend in a second; silence may.
    if (flow.tcp !== 'timeout' && flow.tls !== 'timeout') return null;
  }
  return null;
}

const MEDIA = 'application/dns-message';

function http2Way(socket: TLSSocket, url: URL, transport: 'doh' | 'doh-helper'): Way {
  const session = http2.connect(url.origin, { createConnection: () => socket });
  session.on('error', () => undefined);
  // Kept open between rounds, it must not keep the process from ending.
  session.unref();
  let failures = 0;
  return {
    transport,
    alive: () => !session.closed && !session.destroyed && failures < 4,
    close: () => session.destroy(),
    ask(query, signal) {
      return new Promise((resolve) => {
        if (session.destroyed || session.closed || signal.aborted) {
          resolve(null);
          return;
        }
        const stream = session.request({
          ':method': 'POST',
          ':path': url.pathname + url.search,
          'content-type': MEDIA,
          accept: MEDIA,
        });
        const pieces: Buffer[] = [];
        let bytes = 0;
        let status = 0;
        const finish = (answer: Buffer | null): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', onFail);
          if (answer === null) {
            failures++;
            stream.close(http2.constants.NGHTTP2_CANCEL);
          } else failures = 0;
          resolve(answer);
        };
        const onFail = (): void => finish(null);
        const timer = setTimeout(onFail, LIMITS.dnsTimeout);
        signal.addEventListener('abort', onFail, { once: true });
        stream.on('response', (headers) => {
          status = Number(headers[':status'] ?? 0);
        });
        stream.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= 65_535) pieces.push(chunk);
        });
        stream.on('end', () => finish(status === 200 && bytes <= 65_535 ? Buffer.concat(pieces) : null));
        stream.on('error', onFail);
        stream.end(query);
      });
    },
  };
}

function http1Way(first: TLSSocket, url: URL, transport: 'doh' | 'doh-helper', deps: ControlDeps): Way {
  let turn: Promise<unknown> = Promise.resolve();
  let open = true;
  first.unref();
  return {
    transport,
    alive: () => open && !first.destroyed,
    close: () => first.destroy(),
    ask(query, signal) {
      const answer = turn.then(async () => {
        const got = await exchange(
          first,
          {
            host: url.host,
            path: url.pathname + url.search,
            method: 'POST',
            headers: { 'Content-Type': MEDIA, Accept: MEDIA },
            body: query,
            maxBytes: 65_535,
            firstByteMs: LIMITS.dnsTimeout,
            stallMs: LIMITS.dnsTimeout,
            totalMs: LIMITS.dnsTimeout,
            keepAlive: true,
          },
          deps.clock,
          signal,
        );
        if (got.outcome !== 'ok' || got.headers.get('connection') === 'close') open = false;
        return got.outcome === 'ok' && got.status === 200 ? got.body : null;
      });
      turn = answer.catch(() => undefined);
      return answer;
    },
  };
}

/** DNS over TLS: a connection for each question keeps this spare way simple. */
async function dotWay(
  at: { address: string; port: number },
  name: string,
  deps: ControlDeps,
  signal: AbortSignal,
): Promise<Way | null> {
  const connect = async (s: AbortSignal): Promise<TLSSocket | null> => {
    const { flow, socket } = await handshake(
      deps.direct,
      deps.trust,
      { ...at, sni: name, alpn: ['dot'], ...waits },
      deps.clock,
      s,
    );
    if (socket && flow.certificate?.valid) return socket;
    socket?.destroy();
    return null;
  };
  const test = await connect(signal);
  if (!test) return null;
  test.destroy();
  let failures = 0;
  return {
    transport: 'dot',
    alive: () => failures < 3,
    close: () => undefined,
    async ask(query, s) {
      const socket = await connect(s);
      const answer = socket ? await framedExchange(socket, query, LIMITS.dnsTimeout, s) : null;
      socket?.destroy();
      failures = answer ? 0 : failures + 1;
      return answer;
    },
  };
}
