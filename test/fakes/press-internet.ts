import { readFileSync } from 'node:fs';
import {
  request as ask,
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTls } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { FeedEntry } from './feed-server.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures/tls', name), 'utf8');

/** What an address answers; `n`: the how manieth time it is asked, from 1. */
export type Answer = (request: IncomingMessage, response: ServerResponse, n: number) => void;

export interface Asked {
  /** `host/path`. */
  address: string;
  /** By this machine's monotonic clock. */
  at: number;
  status: number;
}

const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** `https://www.a.example/feed` → `www.a.example/feed`. */
export const addressOf = (url: string): string => url.replace(/^https?:\/\//, '');

/** RSS, newest first; links lead to the outlet's own site. */
export function rssOf(host: string, entries: readonly FeedEntry[]): string {
  const items = entries.map((entry, i) => {
    const link = entry.link ?? `https://${host}/news/${entries.length - i}`;
    return `<item><title>${xml(entry.title)}</title><description>${xml(entry.summary)}</description><link>${link}</link><guid>${entry.guid ?? link}</guid><pubDate>${(entry.at ?? new Date()).toUTCString()}</pubDate></item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>${host}</title>${items.join('')}</channel></rss>`;
}

function onward(to: URL, request: IncomingMessage, response: ServerResponse): void {
  const there = ask(to, { method: request.method, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(response);
  });
  there.on('error', () => response.destroy());
  response.on('close', () => there.destroy());
  request.pipe(there);
}

/**
 * The public internet on loopback, behind a proxy (`network.proxy`): every host name leads here, and what is on loopback is let through. TLS is spoken under one
 * certificate that nobody knows: the program is begun with `env`.
 */
export class PressInternet {
  /** What answers at `host/path`; all else is 404. */
  readonly answers = new Map<string, Answer>();
  readonly asked: Asked[] = [];
  readonly env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  proxy = '';
  readonly #times = new Map<string, number>();
  readonly #sockets = new Set<Socket>();
  readonly #servers: ReturnType<typeof createServer>[] = [];

  static async start(): Promise<PressInternet> {
    const net = new PressInternet();
    const listener: RequestListener = (request, response) => net.#answer(request, response);
    const tls = createTls({ key: fixture('key.pem'), cert: fixture('certificate.pem') }, listener);
    const plain = createServer(listener);
    // Addresses without TLS may come whole.
    const proxy = createServer((request, response) => {
      const whole = URL.parse(request.url ?? '');
      if (whole?.hostname === '127.0.0.1') return void onward(whole, request, response);
      if (whole) request.url = `${whole.pathname}${whole.search}`;
      listener(request, response);
    });
    proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
      net.#keep(socket);
      const [host, port] = request.url!.split(/:(?=\d+$)/) as [string, string];
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (host !== '127.0.0.1') return void (port === '443' ? tls : plain).emit('connection', socket);
      const there = connect(Number(port), host);
      net.#keep(there);
      socket.pipe(there).pipe(socket);
    });
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
    net.#servers.push(proxy);
    net.proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    return net;
  }

  /** A feed with these entries, which are read anew at each request; an unchanged one answers 304. */
  feed(url: string, entries: readonly FeedEntry[]): void {
    const address = addressOf(url);
    this.answers.set(address, (request, response) => {
      const etag = `"${entries.length}"`;
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
      const body = rssOf(address.split('/')[0]!, entries);
      response.writeHead(200, { etag, 'content-type': 'application/rss+xml; charset=utf-8' }).end(body);
    });
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const address = `${request.headers.host ?? ''}${request.url ?? ''}`;
    const n = (this.#times.get(address) ?? 0) + 1;
    this.#times.set(address, n);
    const one: Asked = { address, at: performance.now(), status: 0 };
    this.asked.push(one);
    response.on('close', () => {
      one.status = response.statusCode;
    });
    const answer = this.answers.get(address);
    if (answer) answer(request, response, n);
    else response.writeHead(404).end();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((done) => server.close(done))));
  }
}
