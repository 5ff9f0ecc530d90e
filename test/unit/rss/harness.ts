import type { RequestListener } from 'node:http';
import * as v from 'valibot';
import type { DurableState, Forgettable, LogFields } from '../../../src/core/ports/runtime.ts';
import type { PollContext, Source, SourceDeps } from '../../../src/core/ports/source.ts';
import { createHttp } from '../../../src/platform/http.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { rssSchema } from '../../../src/sources/rss/config.ts';
import { createSource } from '../../../src/sources/rss/index.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { type Running, serve } from '../http/servers.ts';

export const NOW = Date.UTC(2026, 10, 25, 12, 0, 0);

/** What is kept between polls, as JSON, so that nothing survives by reference. */
export class FakeCache implements Forgettable {
  readonly kept = new Map<string, string>();
  async get(key: string): Promise<unknown> {
    const text = this.kept.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }
  async set(key: string, value: unknown): Promise<boolean> {
    this.kept.set(key, JSON.stringify(value));
    return true;
  }
  async delete(key: string): Promise<boolean> {
    return this.kept.delete(key);
  }
}

/** Feeds keep nothing here. */
export const noState: DurableState = {
  get: async () => undefined,
  set: async () => {},
  delete: async () => {},
};

export interface FeedWorld {
  server: Running;
  source: Source;
  cache: FakeCache;
  /** Sentences that were logged at info and above. */
  lines: string[];
  /** Headers of each request, in order. */
  asked: Record<string, string | string[] | undefined>[];
  poll(more?: Partial<PollContext>): ReturnType<Source['poll']>;
  /** A new source with this in its configuration. */
  configure(more: Record<string, unknown>): void;
  /** As after a restart: a new source with the same cache. */
  restart(): void;
  close(): Promise<void>;
}

/** A feed on loopback, its source with the real fetch and parser, and what lies between them. */
export async function feedWorld(listener: RequestListener, config: Record<string, unknown> = {}): Promise<FeedWorld> {
  const asked: FeedWorld['asked'] = [];
  const server = await serve((request, response) => {
    asked.push(request.headers);
    return listener(request, response);
  });
  const client = createHttp({ allowPrivateAddresses: true });
  const clock = new FakeClock(NOW);
  const lines: string[] = [];
  const cache = new FakeCache();
  const note = (sentence: string, _fields?: LogFields) => void lines.push(sentence);
  const log: SourceDeps['log'] = { debug: () => {}, info: note, warn: note, error: note, child: () => log };
  const serviceHosts = () => Promise.reject(new Error('a feed asks for none'));
  const deps: SourceDeps = {
    clock,
    ids: createIds(clock),
    log,
    http: client.http,
    state: {
      ...noState,
      get: (key) => cache.get(`state ${key}`),
      set: async (key, value) => void (await cache.set(`state ${key}`, value)),
    },
    cache,
    serviceHosts,
  };
  const make = (more: Record<string, unknown> = {}) =>
    createSource(
      v.parse(rssSchema, {
        id: 'feed',
        kind: 'rss',
        url: `${server.url}/feed.xml`,
        publisher: 'outlet',
        ...config,
        ...more,
      }),
      deps,
    );
  const world: FeedWorld = {
    server,
    source: make(),
    cache,
    lines,
    asked,
    poll: (more = {}) =>
      world.source.poll({ now: NOW, firstPoll: false, signal: new AbortController().signal, ...more }),
    configure: (more) => {
      world.source = make(more);
    },
    restart: () => {
      world.source = make();
    },
    async close() {
      await client.close();
      await server.close();
    },
  };
  return world;
}

export const rss = (items: string, channel = '') =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>Outlet</title>${channel}${items}</channel></rss>`;
export const entry = (n: number, more = '') =>
  `<item><title>Title ${n}</title><link>https://outlet.example/${n}?utm_source=rss</link><guid>g${n}</guid><pubDate>Wed, 25 Nov 2026 10:0${n}:00 GMT</pubDate>${more}</item>`;
