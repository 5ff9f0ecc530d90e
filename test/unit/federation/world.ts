/** Tocsins that read each other's feed: each a pipeline on a store of its own, behind the real site, on one clock. */
import { hear } from '../../../src/core/federation/hear.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import type { MeasuredFacts, Report, Statement } from '../../../src/core/model/report.ts';
import { createPipeline } from '../../../src/core/pipeline.ts';
import { createIds } from '../../../src/platform/ids.ts';
import type { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog as log } from '../../fakes/fake-log.ts';
import { openTestSite, type TestSite } from '../web/site/support.ts';

const MINUTE = 60_000;
const POLLED = { firstPoll: false, pushed: false };

export interface Node {
  name: string;
  site: TestSite;
  clock: FakeClock;
  /** An outlet writes: one statement, under its own title and address. */
  writes(outlet: string, over?: Partial<Statement>): Promise<void>;
  /** A machine in this network measures. */
  measures(network: string, over?: Partial<Report>, facts?: Partial<MeasuredFacts>): Promise<void>;
  /** So many of its known readers say that it fails them. */
  feels(people: number): Promise<void>;
  retracts(because: string): Promise<void>;
  /** Reads the other's feed once; how many statements were new. */
  reads(other: Node, trusted?: boolean): Promise<number>;
  /** The other's feed, and what it was turned into. */
  readsAs(feed: unknown, name: string, trusted?: boolean): Promise<number>;
  feed(): Promise<Record<string, unknown>>;
  incidents(): Promise<Incident[]>;
  close(): Promise<void>;
}

export async function tocsin(name: string, clock: FakeClock): Promise<Node> {
  const site = await openTestSite({ clock, publicUrl: `https://${name}.example` });
  const instance = `instance${name}`.padEnd(16, '0');
  site.deps.instance = async () => instance;
  const ids = createIds(clock);
  const extractor = { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) };
  const { store } = site;
  const pipeline = createPipeline({ store, extractor, policy: DEFAULT_POLICY, clock, ids, log, wake: () => undefined });
  let said = 0;
  const base = { country: 'RU', service: 'whatsapp', action: 'block' as const, method: null, region: null, lang: 'en' };
  const feed = async () => {
    // What is made stands for some seconds.
    await clock.pass(6_000);
    return JSON.parse((await site.get('/feed.json')).text) as Record<string, unknown>;
  };
  const readsAs = async (document: unknown, other: string, trusted = false) => {
    const heard = hear(document, { id: other, publisher: other, name: other.toUpperCase(), trusted }, clock.now());
    if (!heard || heard.instance === instance) return 0;
    const fresh = await pipeline.statements(`peer-${other}`, heard.statements, POLLED);
    await pipeline.withdrawals(`peer-${other}`, heard.withdrawals);
    return fresh;
  };
  return {
    name,
    site,
    clock,
    feed,
    readsAs,
    async writes(outlet, over = {}) {
      await clock.pass(MINUTE);
      said++;
      const stated: Statement = {
        ...base,
        id: `${outlet}-${said}`,
        revision: null,
        at: clock.now(),
        title: `${outlet} writes, for the time ${said}, of the messenger`,
        url: `https://${outlet}.example/${said}`,
        summary: '',
        kind: 'outlet',
        publisher: outlet,
        publisherName: outlet.toUpperCase(),
        ...over,
      };
      await pipeline.statements(`feed-${outlet}`, [stated], POLLED);
    },
    async measures(network, over = {}, facts = {}) {
      await clock.pass(MINUTE);
      const measured = {
        strength: 'round-rule',
        networks: [network],
        verdict: 'sni_blocked:rst',
        component: null,
        ...facts,
      };
      await pipeline.reports([
        {
          ...base,
          id: ids.next(),
          sourceId: 'vantage',
          itemId: null,
          at: clock.now(),
          secondary: false,
          kind: 'measurement',
          voice: `network:${network}`,
          title: 'whatsapp: connections that name it are cut',
          url: null,
          publisherName: `agent (${network})`,
          summary: 'sni_blocked:rst',
          measured: { ...measured, agent: `secret-name-${network}` } as MeasuredFacts,
          ...over,
        },
      ]);
    },
    async feels(people) {
      await clock.pass(MINUTE);
      const excess = { country: 'RU', service: 'whatsapp', since: clock.now(), fails: people, works: 3 };
      await pipeline.readers({ excesses: [excess], outages: [] });
    },
    async retracts(because) {
      const [one] = await store.incidents.list({ limit: 1 });
      await pipeline.retract(one!.id, because);
    },
    reads: async (other, trusted) => await readsAs(await other.feed(), other.name, trusted),
    incidents: () => store.incidents.list({ limit: 100 }),
    close: () => site.close(),
  };
}
