/** A site on loopback for the probe: TLS under the certificate of `www.example.org`, and a dialer that finds it whatever address is asked for. */
import dgram from 'node:dgram';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { systemClock } from '../../../src/platform/clock.ts';
import { type Dialer, directDialer, type Trust } from '../../../src/sources/probe/net/connection.ts';

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

/** Speaks HTTP/2 alone: the answer to each body that is posted, or a status. */
export function http2Site(answer: (body: Buffer) => Uint8Array | number): Promise<Site> {
  const server = http2.createSecureServer({ key: fixture('key.pem'), cert: certificate });
  server.on('sessionError', () => undefined);
  server.on('stream', (stream: http2.ServerHttp2Stream) => {
    const pieces: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    stream.on('end', () => {
      const said = answer(Buffer.concat(pieces));
      stream.respond({ ':status': typeof said === 'number' ? said : 200 });
      stream.end(typeof said === 'number' ? '' : said);
    });
  });
  return listening(server);
}

/** A resolver over UDP: its answer to each question. */
export async function resolverAt(answer: (bytes: Buffer) => Uint8Array): Promise<{ at: string; close(): void }> {
  const socket = dgram.createSocket('udp4');
  socket.on('message', (bytes, from) => socket.send(answer(bytes), from.port, from.address));
  await new Promise<void>((ready) => socket.bind(0, '127.0.0.1', ready));
  return { at: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}
