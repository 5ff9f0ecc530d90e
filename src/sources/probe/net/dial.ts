import net from 'node:net';
import type { TcpOutcome } from '../../../core/judge/observations.ts';
import { decoded } from '../../../core/model/percent.ts';
import type { Clock } from '../../../core/ports/clock.ts';

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

export function directDialer(clock: Clock): Dialer {
  return {
    via: 'direct',
    dial: (address, port, timeoutMs, signal) => connect(clock, address, port, timeoutMs, signal),
  };
}

function connect(clock: Clock, address: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<Dialed> {
  return new Promise((resolve) => {
    const begin = clock.monotonic();
    const took = (): number => Math.round(clock.monotonic() - begin);
    let socket: net.Socket;
    try {
      socket = net.connect({ host: address, port, autoSelectFamily: false });
    } catch (error) {
      resolve({ tcp: 'error', socket: null, ms: took(), errno: errnoOf(error) });
      return;
    }
    const fail = (tcp: Exclude<TcpOutcome, 'ok'>, errno: string): void => {
      done();
      socket.on('error', () => undefined);
      socket.destroy();
      resolve({ tcp, socket: null, ms: took(), errno });
    };
    const timer = setTimeout(() => fail('timeout', 'ETIMEDOUT'), timeoutMs);
    const onAbort = (): void => fail('error', 'ABORT');
    const onError = (error: Error): void => fail(OUTCOMES[errnoOf(error)] ?? 'error', errnoOf(error));
    const onConnect = (): void => {
      done();
      socket.setNoDelay(true);
      // Whoever takes the socket listens for errors; between hands nobody may crash on one.
      socket.on('error', () => undefined);
      resolve({ tcp: 'ok', socket, ms: took() });
    };
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      socket.removeListener('connect', onConnect);
    };
    socket.once('error', onError);
    socket.once('connect', onConnect);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
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
      const way = await direct.dial(
        proxy.hostname.replace(/^\[|\]$/g, ''),
        Number(proxy.port || 80),
        Math.min(timeoutMs, 5_000),
        signal,
      );
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
      const failed = (tcp: Exclude<TcpOutcome, 'ok'>): Dialed => ({
        tcp,
        socket: null,
        ms: took(),
        errno: line.slice(9, 60),
      });
      if (/connection_refused/i.test(line)) return failed('refused');
      if (/connect_timeout/i.test(line) || /^HTTP\/1\.[01] 504\b/.test(line)) return failed('timeout');
      if (/^HTTP\/1\.[01] (502|503)\b/.test(line)) return failed('unreachable');
      return failed('unavailable');
    },
  };
}

/** Head of the proxy's answer, up to the empty line and 4 KB; what follows stays in the socket. Null = none came. */
function statusLine(socket: net.Socket, timeoutMs: number, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    let head = Buffer.alloc(0);
    const finish = (line: string | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onEnd);
      socket.removeListener('readable', onReadable);
      for (const event of ['error', 'close', 'end'] as const) socket.removeListener(event, onEnd);
      resolve(line);
    };
    const onEnd = (): void => finish(null);
    const timer = setTimeout(onEnd, timeoutMs);
    const onReadable = (): void => {
      let chunk: Buffer | null;
      // biome-ignore lint/suspicious/noAssignInExpressions: the way to drain a readable
      while ((chunk = socket.read()) !== null) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end >= 0) {
          const rest = head.subarray(end + 4);
          if (rest.length > 0) socket.unshift(rest);
          finish(head.subarray(0, end).toString('latin1').split('\r\n')[0] ?? '');
          return;
        }
        if (head.length > 4096) {
          finish(null);
          return;
        }
      }
    };
    socket.on('readable', onReadable);
    for (const event of ['error', 'close', 'end'] as const) socket.on(event, onEnd);
    if (signal.aborted) onEnd();
    else signal.addEventListener('abort', onEnd, { once: true });
  });
}
