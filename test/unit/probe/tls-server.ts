/** A site on loopback for the probe: TLS under the certificate of `www.example.org`, and a dialer that finds it whatever address is asked for. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { systemClock } from '../../../src/platform/clock.ts';
import { type Dialer, directDialer } from '../../../src/sources/probe/net/dial.ts';
import type { Trust } from '../../../src/sources/probe/net/tls.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../../fixtures/tls', name), 'utf8');
const certificate = fixture('certificate.pem');
export const NAME = 'www.example.org';
/** Who trusts the site's own certificate, and who trusts nobody. */
export const trusting: Trust = { context: tls.createSecureContext({ ca: [certificate] }) };
export const doubting: Trust = { context: tls.createSecureContext({ ca: [] }) };

export interface Site {
  port: number;
  dialer: Dialer;
  /** Cuts all connections with an RST. */
  reset(): void;
  close(): void;
}

async function listening(server: net.Server): Promise<Site> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as net.AddressInfo;
  const direct = directDialer(systemClock);
  return {
    port,
    dialer: { via: 'direct', dial: (_address, _port, ms, signal) => direct.dial('127.0.0.1', port, ms, signal) },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Speaks TLS; `serve` gets each connection when its handshake is done. */
export function tlsSite(
  serve: (socket: tls.TLSSocket) => void = () => undefined,
  options: tls.TlsOptions = {},
): Promise<Site> {
  const server = tls.createServer({
    key: fixture('key.pem'),
    cert: certificate,
    ALPNProtocols: ['http/1.1'],
    ...options,
  });
  server.on('secureConnection', (socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.on('tlsClientError', () => undefined);
  return listening(server);
}

/** Speaks no TLS: `take` gets each connection with the first bytes that came. */
export function rawSite(take: (socket: net.Socket, hello: Buffer) => void): Promise<Site> {
  return listening(net.createServer((socket) => socket.once('data', (hello: Buffer) => take(socket, hello))));
}

/** HTTP/1.1 with kept connections; `answer` gets each path, and the number of the request on its connection. */
export function httpsSite(answer: (path: string, socket: tls.TLSSocket, n: number) => void): Promise<Site> {
  return tlsSite((socket) => {
    let n = 0;
    socket.on('data', (bytes: Buffer) => {
      const path = /^[A-Z]+ (\S+) HTTP/.exec(bytes.toString('latin1'))?.[1];
      if (path !== undefined) answer(path, socket, n++);
    });
  });
}

export const page = (body: Buffer | string, status = '200 OK', more = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${more}Content-Length: ${body.length}\r\n\r\n`),
    Buffer.from(body),
  ]);
