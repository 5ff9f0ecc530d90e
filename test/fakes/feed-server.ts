import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FeedEntry {
  title: string;
  summary: string;
  /** Default: now. */
  at?: Date;
  guid?: string;
  link?: string;
}

const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** RSS feeds on loopback, one per path, with ETags; what they hold is changed by the test. */
export class FeedServer {
  readonly feeds = new Map<string, FeedEntry[]>();
  /** Requests by path. */
  readonly hits = new Map<string, { full: number; unchanged: number }>();
  /** Answers instead of the feed, by path. */
  readonly overrides = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  url = '';
  #server = createServer((request, response) => this.#answer(request, response));

  static async start(): Promise<FeedServer> {
    const feeds = new FeedServer();
    await new Promise<void>((resolve) => feeds.#server.listen(0, '127.0.0.1', resolve));
    feeds.url = `http://127.0.0.1:${(feeds.#server.address() as AddressInfo).port}`;
    return feeds;
  }

  add(name: string, ...entries: FeedEntry[]): void {
    this.feeds.set(name, [...entries, ...(this.feeds.get(name) ?? [])]);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const name = (request.url ?? '/').slice(1);
    const override = this.overrides.get(name);
    if (override) {
      override(request, response);
      return;
    }
    const entries = this.feeds.get(name);
    if (!entries) {
      response.writeHead(404).end();
      return;
    }
    const hits = this.hits.get(name) ?? { full: 0, unchanged: 0 };
    this.hits.set(name, hits);
    const etag = `"${entries.length}-${entries[0]?.title.length ?? 0}"`;
    if (request.headers['if-none-match'] === etag) {
      hits.unchanged++;
      response.writeHead(304, { etag }).end();
      return;
    }
    hits.full++;
    const items = entries.map((entry, i) => {
      const link = entry.link ?? `${this.url}/${name}/${entries.length - i}`;
      return `<item><title>${xml(entry.title)}</title><description>${xml(entry.summary)}</description><link>${link}</link><guid>${entry.guid ?? link}</guid><pubDate>${(entry.at ?? new Date()).toUTCString()}</pubDate></item>`;
    });
    const body = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>${name}</title><link>${this.url}</link><description>-</description>${items.join('')}</channel></rss>`;
    response.writeHead(200, { 'content-type': 'application/rss+xml', etag }).end(body);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
