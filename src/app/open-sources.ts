import { dirname } from 'node:path';
import { loadServiceHosts } from '../config/catalogue.ts';
import type { PressFeed } from '../config/press.ts';
import type { Config, SourceConfig } from '../config/schema.ts';
import type { OffSource } from '../core/commands/look/health.ts';
import { instanceOf } from '../core/federation/tell.ts';
import type { LeftOut } from '../core/model/measurement.ts';
import { createDemand, createEtiquette } from '../core/poll/etiquette.ts';
import type { ServiceHosts } from '../core/ports/reading.ts';
import type { Http, Tools } from '../core/ports/runtime.ts';
import type { Source, SourceDeps } from '../core/ports/source.ts';
import type { Store } from '../core/ports/store.ts';
import { sourceKinds } from '../sources/index.ts';

/** Makes the sources of the configuration, with what they share: manners towards public hosts, what chats follow, the domains of services. */

interface OpenDeps extends Tools {
  config: Config;
  store: Store;
  http: Http;
  /** Absent: it is only to be said what they are. */
  finding?: SourceDeps['finding'];
}

export interface OpenSources {
  sources: Source[];
  /** Configured, and asking nobody: each is logged once. */
  off: OffSource[];
  /** What chats follow, and no observatory is asked for; null = nothing. */
  leftOut(): LeftOut | null;
  /** A feed of the catalogue as a source. */
  feed(feed: PressFeed): Promise<Source>;
}

export async function openSources(deps: OpenDeps): Promise<OpenSources> {
  const { config, store, clock, ids, log, http: plain, finding } = deps;
  const sources: Source[] = [];
  const off: OffSource[] = [];
  const polite = createEtiquette({ clock, state: store.state('etiquette'), log })(plain);
  const demand = createDemand({ subscriptions: store.subscriptions, clock, log });
  const own = sourceKinds.flatMap((kind) =>
    config.vantage && kind.vantage ? [kind.vantage.source(config.vantage.data, dirname(config.vantage.file))] : [],
  );
  const instance = () => instanceOf(store.state('instance'), ids);
  let hosts: Promise<ServiceHosts> | null = null;
  const serviceHosts = () => (hosts ??= loadServiceHosts(config.catalogue));
  const make = async (one: SourceConfig): Promise<Source> => {
    const kind = sourceKinds.find((known) => known.kind === one.kind)!;
    const { createSource } = await kind.load();
    const kept = { state: store.state(`source/${one.id}`), cache: store.cache(`source/${one.id}`) };
    const shared = { clock, ids, log: log.child({ source: one.id }), http: kind.polite ? polite : plain };
    return createSource(one, { ...shared, ...kept, followed: demand.ask, serviceHosts, instance, finding });
  };
  for (const one of [...config.sources, ...own]) {
    const kind = sourceKinds.find((known) => known.kind === one.kind)!;
    const why = kind.off?.(one) ?? null;
    const unset = config.unset.filter(({ id }) => id === one.id).map(({ variable }) => variable);
    const notSet = unset.join(' ') || undefined;
    if (why !== null) {
      off.push({ id: one.id, kind: one.kind, why });
      log.info(`Source ${one.id} is off: it has no token`, { source: one.id, kind: one.kind, notSet });
      continue;
    }
    if (notSet) log.info(`Source ${one.id} goes on without what is not set`, { source: one.id, notSet });
    sources.push(await make(one));
  }
  const feed = async ({ source, country, owner, lang }: PressFeed): Promise<Source> => ({
    ...(await make(source)),
    press: { country, owner, lang },
  });
  return { sources, off, leftOut: demand.leftOut, feed };
}
