import { createHash } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import type { CertificateFacts, Flow, IpFamily, TcpOutcome, TlsOutcome } from '../../../core/judge/observations.ts';
import { decoded } from '../../../core/model/connection-address.ts';
import type { Clock } from '../../../core/ports/runtime.ts';

export type Dialed =
  | { tcp: 'ok'; socket: net.Socket; ms: number }
  | { tcp: Exclude<TcpOutcome, 'ok'>; socket: null; ms: number; errno: string };

/** Opens a TCP connection to an address, straight or by way of the helper. Never throws; the caller destroys the socket. */
export interface Dialer {
  readonly via: 'direct' | 'helper';
  dial(address: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<Dialed>;
}

const OUTCOMES: Record<string, Exclude<TcpOutcome, 'ok'>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
};

/**
 * Waits on a connection for what `listen` settles on; `late` after `ms`, `stopped` when the signal aborts. Then nothing of it listens any more. Whoever takes
 * the stream listens for errors; between hands nobody may crash on one.
 */
export function untilSettled<T>(
  stream: EventEmitter,
  { ms, signal, late, stopped }: { ms: number; signal: AbortSignal; late: T; stopped: T },
  listen: (settle: (value: T) => void) => Record<string, Parameters<EventEmitter['on']>[1]>,
): Promise<T> {
  return new Promise((resolve) => {
    const settle = (value: T): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      for (const [event, listener] of listeners) stream.removeListener(event, listener);
      if (stream.listenerCount('error') === 0) stream.on('error', () => undefined);
      resolve(value);
    };
    const stop = (): void => settle(stopped);
    const timer = setTimeout(settle, ms, late);
    const listeners = Object.entries(listen(settle));
    for (const [event, listener] of listeners) stream.on(event, listener);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** By which clock something takes its time, and what ends it early. */
export interface Timing {
  clock: Clock;
  signal: AbortSignal;
}

export const directDialer = (clock: Clock): Dialer => ({ via: 'direct', dial: (...to) => connect(clock, ...to) });

async function connect(
  clock: Clock,
  ...[address, port, timeoutMs, signal]: Parameters<Dialer['dial']>
): Promise<Dialed> {
  const begin = clock.monotonic();
  const took = (): number => Math.round(clock.monotonic() - begin);
  const failed = (tcp: Exclude<TcpOutcome, 'ok'>, errno: string) => ({ tcp, socket: null, ms: took(), errno });
  let socket: net.Socket;
  try {
    socket = net.connect({ host: address, port, autoSelectFamily: false });
  } catch (error) {
    return failed('error', errnoOf(error));
  }
  const late = { ms: timeoutMs, signal, late: 'ETIMEDOUT', stopped: 'ABORT' };
  const errno = await untilSettled<string | null>(socket, late, (settle) => ({
    error: (error: Error) => settle(errnoOf(error)),
    connect: () => settle(null),
  }));
  if (errno !== null) {
    socket.destroy();
    return failed(OUTCOMES[errno] ?? 'error', errno);
  }
  socket.setNoDelay(true);
  return { tcp: 'ok', socket, ms: took() };
}

export const errnoOf = (error: unknown): string =>
  String((error as NodeJS.ErrnoException | null)?.code ?? 'UNKNOWN').slice(0, 60);

/**
 * Through an HTTP CONNECT proxy outside. What the proxy says about the far side is reported as if it had happened here; whatever goes
 * wrong on the way to the proxy itself is `unavailable`.
 */
export function helperDialer(clock: Clock, proxy: URL): Dialer {
  const direct = directDialer(clock);
  return {
    via: 'helper',
    async dial(address, port, timeoutMs, signal) {
      const begin = clock.monotonic();
      const took = (): number => Math.round(clock.monotonic() - begin);
      const host = proxy.hostname.replace(/^\[|\]$/g, '');
      const way = await direct.dial(host, Number(proxy.port || 80), Math.min(timeoutMs, 5_000), signal);
      if (way.tcp !== 'ok') return { tcp: 'unavailable', socket: null, ms: took(), errno: way.errno };
      const target = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
      const user = `${proxy.username}:${proxy.password}`;
      const auth = proxy.username
        ? `Proxy-Authorization: Basic ${Buffer.from(decoded(user) ?? user).toString('base64')}\r\n`
        : '';
      way.socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${auth}\r\n`);
      const line = await statusLine(way.socket, timeoutMs + 3_000, signal);
      if (line === null) {
        way.socket.destroy();
        return { tcp: 'unavailable', socket: null, ms: took(), errno: 'HELPER' };
      }
      if (/^HTTP\/1\.[01] 200\b/.test(line)) return { tcp: 'ok', socket: way.socket, ms: took() };
      way.socket.destroy();
      return { tcp: saidBy(line), socket: null, ms: took(), errno: line.slice(9, 60) };
    },
  };
}

/** How a connection ended outside, by the first line of the proxy's answer. */
function saidBy(line: string): Exclude<TcpOutcome, 'ok'> {
  if (/connection_refused/i.test(line)) return 'refused';
  if (/connect_timeout/i.test(line) || /^HTTP\/1\.[01] 504\b/.test(line)) return 'timeout';
  return /^HTTP\/1\.[01] (502|503)\b/.test(line) ? 'unreachable' : 'unavailable';
}

/** Head of the proxy's answer, up to the empty line and 4 KB; what follows stays in the socket. Null = none came. */
function statusLine(socket: net.Socket, ms: number, signal: AbortSignal): Promise<string | null> {
  let head = Buffer.alloc(0);
  return untilSettled<string | null>(socket, { ms, signal, late: null, stopped: null }, (settle) => {
    const onEnd = (): void => settle(null);
    const readable = (): void => {
      let chunk: Buffer | null;
      while ((chunk = socket.read()) !== null) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end >= 0) {
          const rest = head.subarray(end + 4);
          if (rest.length > 0) socket.unshift(rest);
          return settle(head.subarray(0, end).toString('latin1').split('\r\n')[0] ?? '');
        }
        if (head.length > 4096) return settle(null);
      }
    };
    return { readable, error: onEnd, close: onEnd, end: onEnd };
  });
}

/** Trust: made once, since reading some 150 root certificates takes longer than a handshake. */
export interface Trust {
  context: tls.SecureContext;
}

export interface HandshakeRequest {
  address: string;
  port: number;
  sni: string;
  /** Host names that the certificate must be good for: normally the SNI. */
  alpn?: string[];
  tcpMs: number;
  tlsMs: number;
}

const NO_BYTES = (): number => 0;

export const familyOf = (address: string): IpFamily => (address.includes(':') ? 6 : 4);

/** A connection without a word on it. `at`: when it was begun, wall clock. */
export const flowOf = (
  dialed: Dialed,
  { address, port, sni }: { address: string; port: number; sni: string | null },
  at: number,
): Flow => ({
  address,
  family: familyOf(address),
  port,
  sni,
  at,
  tcp: dialed.tcp,
  tcpMs: dialed.ms,
  tls: null,
  tlsMs: null,
  serverBytes: 0,
  certificate: null,
  errno: dialed.tcp === 'ok' ? null : dialed.errno,
});

/**
 * TCP, then a TLS handshake that accepts any certificate and reports what it thinks of it. Never throws. `socket`: open when `flow.tls` is `ok`; the caller
 * destroys it. `wireBytes`: came over the wire so far, encrypted ones as they come and not only in whole records; 0 without a connection.
 */
export async function handshake(dialer: Dialer, trust: Trust, request: HandshakeRequest, { clock, signal }: Timing) {
  const at = clock.now();
  const dialed = await dialer.dial(request.address, request.port, request.tcpMs, signal);
  const flow = flowOf(dialed, request, at);
  if (dialed.tcp !== 'ok') return { flow, socket: null, wireBytes: NO_BYTES };

  const raw = dialed.socket;
  const before = raw.bytesRead;
  const begin = clock.monotonic();
  const socket = tls.connect({
    socket: raw,
    servername: request.sni,
    secureContext: trust.context,
    rejectUnauthorized: false,
    ALPNProtocols: request.alpn ?? ['http/1.1'],
  });
  const waits = { ms: request.tlsMs, signal, late: ['timeout', 'ETIMEDOUT'], stopped: ['error', 'ABORT'] } as const;
  const [outcome, errno] = await untilSettled<Ended>(socket, waits, (settle) => ({
    secureConnect: () => settle(['ok', null]),
    close: () => settle(['eof', 'EOF']),
    error: (error: Error) => settle(failureOf(error)),
  }));
  flow.tls = outcome;
  flow.tlsMs = Math.round(clock.monotonic() - begin);
  flow.serverBytes = raw.bytesRead - before;
  flow.errno = errno;
  if (outcome === 'ok') {
    flow.certificate = certificateFacts(socket, request.sni);
    return { flow, socket, wireBytes: () => raw.bytesRead };
  }
  socket.destroy();
  raw.destroy();
  return { flow, socket: null, wireBytes: NO_BYTES };
}

/** How a handshake ended, and by which error. */
type Ended = readonly [outcome: TlsOutcome, errno: string | null];

function failureOf(error: Error): Ended {
  const code = errnoOf(error);
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return [/disconnected before/.test(error.message) ? 'eof' : 'reset', code];
  return [/ALERT/i.test(code) ? 'alert' : 'error', code];
}

function certificateFacts(socket: tls.TLSSocket, name: string): CertificateFacts | null {
  const x = socket.getPeerX509Certificate?.();
  if (!x) return null;
  const cert = socket.getPeerCertificate(false);
  const wrongName = tls.checkServerIdentity(name, cert);
  const error = socket.authorized
    ? wrongName
      ? 'HOSTNAME_MISMATCH'
      : null
    : String(
        (socket.authorizationError as { code?: string } | null)?.code ?? socket.authorizationError ?? 'UNKNOWN',
      ).slice(0, 60);
  return {
    valid: error === null,
    error,
    issuer: nameOf(x.issuer),
    subject: nameOf(x.subject),
    sha256: createHash('sha256').update(x.raw).digest('hex'),
    spki: createHash('sha256')
      .update(x.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
  };
}

/** Common name, else the first line; control characters out, 120 characters at most. */
function nameOf(distinguished: string): string {
  const cn = /(?:^|\n)CN=([^\n]*)/.exec(distinguished)?.[1] ?? distinguished.split('\n')[0] ?? '';
  return cn.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(0, 120);
}
