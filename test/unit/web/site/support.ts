import { siteDeps } from '../../../../src/app/open-site.ts';
import { bundledRegions } from '../../../../src/config/catalogue.ts';
import type { Config } from '../../../../src/config/schema.ts';
import type { BotHealth } from '../../../../src/core/commands/look/health.ts';
import type { Pictures } from '../../../../src/core/ports/chat-adapter.ts';
import type { LeaseBoard } from '../../../../src/core/ports/leases.ts';
import type { Store } from '../../../../src/core/ports/store.ts';
import type { Translators } from '../../../../src/core/ports/translate.ts';
import type { Period } from '../../../../src/core/timeline.ts';
import { createTranslators } from '../../../../src/i18n/index.ts';
import { createIds } from '../../../../src/platform/ids.ts';
import { openStore } from '../../../../src/store/open.ts';
import { type WebServer, openServer } from '../../../../src/web/server.ts';
import type { SiteDeps } from '../../../../src/web/site/deps.ts';
import { mountSite } from '../../../../src/web/site/index.ts';
import type { SitePart } from '../../../../src/web/site/known.ts';
import { bundledCatalogue } from '../../../fakes/bundled.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { quietLog as log } from '../../../fakes/fake-log.ts';
import { healthy } from '../../commands/support.ts';

export interface TestSite {
  url: string;
  store: Store;
  clock: FakeClock;
  deps: SiteDeps;
  server: WebServer;
  /** The whole answer, as a browser without memory gets it; each from an address of its own, unless the headers name one. */
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; headers: Headers; text: string }>;
  close(): Promise<void>;
}

export interface SiteOptions {
  health?: BotHealth;
  publicUrl?: string | null;
  translators?: Translators;
  /** Absent: one process has it all. */
  leases?: LeaseBoard;
  /** Id of its own vantage point; absent: it has none. */
  vantage?: string;
  /** Absent: all of the real ones. */
  routes?: readonly SitePart[];
  /** Absent: it has looked all the time. */
  watched?: readonly Period[];
  pictures?: Pick<Pictures, 'png'>;
  clock?: FakeClock;
  baseline?: Config['baseline'];
  here?: SiteDeps['here'];
  /** Absent: loopback, a port that is free. */
  at?: { host: string; port: number };
}

/** The site on a store of its own, behind the real listener, on a clock that stands still. */
export async function openTestSite(options: SiteOptions = {}): Promise<TestSite> {
  const clock = options.clock ?? new FakeClock();
  const ids = createIds(clock);
  const store = await openStore(':memory:', { clock, log, ids });
  const catalogue = await bundledCatalogue();
  const { publicUrl = null } = options;
  const trustProxy = ['127.0.0.1'];
  let asked = 0;
  const stopping = new AbortController();
  const parts = {
    config: {
      web: { host: '127.0.0.1', port: 0, publicUrl, pages: true, measure: false, trustProxy },
      catalogue,
      baseline: [...(options.baseline ?? [])],
      vantage: options.vantage === undefined ? null : { file: '', data: { id: options.vantage } },
    },
    store,
    clock,
    ids,
    log,
    translators: options.translators ?? createTranslators(catalogue, bundledRegions()),
    pictures: options.pictures ?? { png: async () => null },
    health: async () => options.health ?? healthy,
    leases: () => options.leases ?? { leases: [], processes: [] },
    watched: async () => options.watched ?? [[0, clock.now()] as const],
    ...(options.here ? { hereHosts: options.here } : {}),
    instance: async () => 'testinstance0001',
    credits: [{ name: 'The GDELT Project', url: 'https://www.gdeltproject.org' }],
    bots: async () => [
      { name: '@tocsin_bot', link: 'https://t.me/tocsin_bot' },
      { name: '@tocsin:example.org', link: 'https://matrix.to/#/@tocsin:example.org' },
    ],
    stopping: stopping.signal,
  };
  const deps = siteDeps(parts);
  const { host, port } = options.at ?? { host: '127.0.0.1', port: 0 };
  const server = await openServer({ host, port, trustProxy }, log);
  mountSite(server.mount, deps, options.routes);
  const url = `http://${host}:${server.address.port}`;
  return {
    url,
    store,
    clock,
    deps,
    server,
    async get(path, headers = {}) {
      asked++;
      const from = { 'x-forwarded-for': `10.0.${asked >> 8}.${asked & 255}` };
      const answer = await fetch(url + path, { headers: { ...from, ...headers }, redirect: 'manual' });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    },
    async close() {
      stopping.abort();
      await server.close();
      await store.close();
    },
  };
}
