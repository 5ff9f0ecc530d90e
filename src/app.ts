/** The only place where parts meet: config → store → sources → core → adapters. Everything is made here once, and stopped here. */
import { healthOf } from './bot-health.ts';
import { type Core, composeCore } from './compose-core.ts';
import { bundledRegions } from './config/regions.ts';
import type { Config } from './config/schema.ts';
import { loadServiceHosts } from './config/service-domains.ts';
import { summaryOf } from './config/summary.ts';
import { type AccountGuards, createAccountGuards } from './core/account/guards.ts';
import type { BotHealth } from './core/commands/health.ts';
import { createIntake } from './core/commands/intake.ts';
import { createOwedAnswers, type OwedAnswers } from './core/commands/owed-answers.ts';
import { createRouter } from './core/commands/router.ts';
import type { Router } from './core/commands/routing.ts';
import type { TocsinError } from './core/errors.ts';
import { createPoller, type Poller } from './core/poll/poller.ts';
import { gatheredNews } from './core/poll/source-news.ts';
import type { AgentDesk } from './core/ports/agents.ts';
import type { ChatAdapter } from './core/ports/chat-adapter.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Ids } from './core/ports/ids.ts';
import type { Log } from './core/ports/log.ts';
import { type Metrics, noMetrics } from './core/ports/metrics.ts';
import type { Source } from './core/ports/source.ts';
import type { Store } from './core/ports/store.ts';
import type { Translators } from './core/ports/translate.ts';
import { createMissingWatch } from './core/status/missing.ts';
import { openDesk, openReports } from './doors.ts';
import { createHousekeeping } from './housekeeping.ts';
import { createTranslators } from './i18n/index.ts';
import { makeExtractor } from './make-extractor.ts';
import { openAccounts } from './open-accounts.ts';
import { openSite } from './open-site.ts';
import { openSources } from './open-sources.ts';
import { accountNames, openBoards, openPairs } from './pairs.ts';
import type { PictureHost } from './pictures/host.ts';
import { createPictures } from './pictures/index.ts';
import { createHttp } from './platform/http.ts';
import { collector, giveBackMemory } from './platform/memory.ts';
import { nextRun } from './platform/schedule.ts';
import { sightOf } from './sight.ts';
import { openStore } from './store/open.ts';
import { type WatchedStore, watchStore } from './store/watch.ts';
import { createWatching, type Watching } from './watching.ts';
import type { Web } from './web/index.ts';

export interface AppDeps {
  clock: Clock;
  ids: Ids;
  log: Log;
  /** The program must end at once, without waiting for anything: another process may do its work from now on. */
  onFatal?: (error: TocsinError) => void;
}

export interface App {
  /** Resolves when commands are answered and sources are being polled. Throws what an operator must mend. */
  start(): Promise<void>;
  /** Stops receiving, settles what is under way, closes the store; about 4 s at most, whatever hangs. */
  stop(): Promise<void>;
}

/** What a start has opened so far, for the stop: it may have failed half-way. */
interface Opened {
  stopping: AbortController;
  client: ReturnType<typeof createHttp>;
  pictures: PictureHost;
  loops: Promise<unknown>[];
  adapters: ChatAdapter[];
  web: Web | null;
  watched: WatchedStore | null;
  poller: Poller | null;
  owed: OwedAnswers | null;
  /** What never began needs no word about its end. */
  ready: boolean;
}

export function createApp(config: Config, deps: AppDeps): App {
  const { log } = deps;
  const opened: Opened = {
    stopping: new AbortController(),
    client: createHttp({ ...config.network, contact: config.web?.publicUrl ?? null }),
    pictures: createPictures(log),
    loops: [],
    adapters: [],
    web: null,
    watched: null,
    poller: null,
    owed: null,
    ready: false,
  };
  return {
    async start() {
      await startAll(config, deps, opened);
      opened.ready = true;
      log.info(`Ready: ${summaryOf(config)}`, { accounts: opened.adapters.length });
    },
    async stop() {
      // Read when they are needed: a start may be under way, and may open more meanwhile.
      if (opened.ready) log.info('Stopping');
      opened.web?.stopping();
      // Receiving first, so that what was asked is answered; each part has a bound of its own, about four seconds in all.
      const receiving = opened.adapters.map((adapter) => adapter.stop());
      await Promise.allSettled([...receiving, opened.poller?.stop(), opened.pictures.stop()]);
      opened.stopping.abort();
      await Promise.allSettled(opened.loops);
      await opened.owed?.save();
      await Promise.allSettled([opened.client.close(), opened.watched?.store.close(), opened.web?.close()]);
      if (opened.ready) log.info('Stopped');
    },
  };
}

/** Everything that the parts below share. */
interface Parts extends AppDeps {
  config: Config;
  opened: Opened;
  store: Store;
  metrics: Metrics;
  core: Core;
}

async function startAll(config: Config, deps: AppDeps, opened: Opened): Promise<void> {
  const { clock, log, ids, onFatal } = deps;
  const { signal } = opened.stopping;
  opened.web = await webOf(config, deps);
  const metrics = opened.web?.metrics ?? noMetrics;
  const database = await openStore(config.database, { clock, log, ids, onLockLost: onFatal });
  const watched = watchStore(database, { clock, log });
  opened.watched = watched;
  const { store } = watched;
  const housekeeping = createHousekeeping({ store, clock, log, pid: process.pid });
  const gazetteer = bundledRegions();
  const translators = createTranslators(config.catalogue, gazetteer);
  const sources: Source[] = [];
  const core = composeCore({
    ...deps,
    store,
    translators,
    gazetteer,
    metrics,
    watched: () => watching.spells(),
    sight: async () => sightOf(await health(), config.vantage?.data.id ?? null),
    policy: config.policy,
    catalogue: config.catalogue,
    baseline: config.baseline,
    extractor: await makeExtractor(config, { clock, log, signal }),
    heldIn: async (country) =>
      (await Promise.all(sources.map(async (one) => (await one.held?.(country)) ?? []))).flat(),
    onIncidentChanged(service, country) {
      for (const source of sources) source.nudge?.([service], country);
    },
  });
  const parts: Parts = { ...deps, config, opened, store, metrics, core };
  const open = await openSources({ ...parts, http: opened.client.http });
  sources.push(...open.sources);
  const doors = { ...parts, pipeline: core.pipeline, web: opened.web, stopping: signal };
  const desk = await openDesk(doors);
  await openReports(doors);
  const vantageId = config.vantage?.data.id ?? null;
  const missing = createMissingWatch({ clock, log, desk, vantageId, missingVantages: core.pipeline.missingVantages });
  const poller = pollerOf(parts, sources);
  opened.poller = poller;
  const guards = guardsOf(parts);
  const accounts = {
    ...parts,
    guards,
    client: opened.client,
    pictures: opened.pictures,
    commandMenu: () => router.menus(),
  };
  await openAccounts(accounts, opened.adapters);
  const { adapters } = opened;
  const health = () => healthOf({ store, core, adapters, poller, guards, desk, missing, housekeeping, open });
  const watching = createWatching({ store, clock, log, sources: () => poller.health() });
  const shown = { health, translators, pictures: opened.pictures, watched: () => watching.spells() };
  await openSite({ ...parts, ...shown, instance: open.instance, web: opened.web, stopping: signal });
  const router = routerOf(parts, { desk, health, translators, gazetteer, watching });
  startLoops(parts, guards, { watching, housekeeping, translators, missing: desk || config.vantage ? missing : null });
  await startReceiving(parts, router, guards);
  await poller.start();
  opened.web?.serve({
    health,
    openIncidents: () => store.incidents.list({ open: true, limit: 5_000 }),
    pollerLookedAt: () => poller.lookedAt(),
    storeFails: () => watched.failing(),
  });
}

interface Beside {
  watching: Watching;
  housekeeping: ReturnType<typeof createHousekeeping>;
  missing: ReturnType<typeof createMissingWatch> | null;
  translators: Translators;
}

/** What goes on from now until the stop: sending, and what is done beside it, at its own pace. */
function startLoops(
  parts: Parts,
  guards: AccountGuards,
  { watching, housekeeping, missing, translators }: Beside,
): void {
  const { opened, core } = parts;
  const { loops, adapters } = opened;
  const { signal } = opened.stopping;
  const senders = core.accounts().map((id) => core.sender(id)!);
  const pairs = openPairs({ ...parts, guards, adapters });
  const boards = openBoards({ ...parts, translators, adapters });
  for (const part of [...senders, core.broadcaster, core.waker, watching, pairs, boards]) loops.push(part.loop(signal));
  loops.push(housekeeping.beat(signal), housekeeping.prune(signal));
  if (missing) loops.push(missing.loop(signal));
  const collect = collector();
  // Neither in a broadcast nor while a register of 120 MB is read.
  const isBusy = () => senders.some((sender) => sender.inFlight() > 0) || (opened.poller?.polling() ?? 0) > 0;
  if (collect) loops.push(giveBackMemory({ clock: parts.clock, collect, isBusy }, signal));
}

async function webOf({ web }: Config, { clock, log }: AppDeps): Promise<Web | null> {
  if (!web) return null;
  const { openWeb } = await import('./web/index.ts');
  return await openWeb(web, { clock, log });
}

const guardsOf = ({ log, store, core }: Parts): AccountGuards =>
  createAccountGuards({
    log,
    stateOf: (id) => store.state(`account/${id}`),
    onCleared: (id) => core.sender(id)?.wake(),
  });

function pollerOf({ config, store, clock, ids, log, metrics, opened, core }: Parts, sources: Source[]): Poller {
  const { pipeline } = core;
  return createPoller({
    sources,
    clock,
    ids,
    log,
    nextRun,
    metrics,
    news: gatheredNews(sources, { log, clock, signal: opened.stopping.signal }),
    states: store.sourceStates,
    perHost: config.network.perHost,
    async ingest(source, result, context) {
      if (result.items.length > 0) await pipeline.items(source.id, result.items, context.firstPoll);
      if (result.statements?.length)
        await pipeline.statements(source.id, result.statements, { firstPoll: context.firstPoll, pushed: false });
      if (result.withdrawals?.length) await pipeline.withdrawals(source.id, result.withdrawals);
      if (result.measurements.length > 0) await pipeline.measurements(result.measurements);
    },
  });
}

interface Asked {
  desk: AgentDesk | null;
  health(): Promise<BotHealth>;
  translators: ReturnType<typeof createTranslators>;
  watching: Watching;
  gazetteer: ReturnType<typeof bundledRegions>;
}

function routerOf(parts: Parts, { desk, health, translators, gazetteer, watching }: Asked): Router {
  const { config, store, metrics, clock, ids, log, opened, core } = parts;
  const { adapters } = opened;
  return createRouter({
    store,
    metrics,
    clock,
    ids,
    log,
    translators,
    health,
    catalogue: config.catalogue,
    baseline: config.baseline,
    policy: config.policy,
    operators: [...config.operators, ...adapters.flatMap((adapter) => adapter.operators ?? [])],
    retract: core.pipeline.retract,
    stopAgent: async (id, stopped) => (await desk?.stop(id, stopped)) ?? false,
    release: core.pipeline.release,
    pictures: opened.pictures,
    watched: watching.spells,
    cache: store.cache,
    accounts: () => accountNames(store, adapters),
    wake: core.broadcaster.wake,
    gazetteer,
    serviceHosts: () => loadServiceHosts(config.catalogue),
    account: (id) => adapters.find((adapter) => adapter.accountId === id) ?? null,
  });
}

/** Answers of before the restart first; then people are listened to. */
async function startReceiving({ store, clock, log, core, opened }: Parts, router: Router, guards: AccountGuards) {
  const { sender } = core;
  const owed = createOwedAnswers({ accounts: core.accounts(), sender, router, store, clock, log });
  const incoming = createIntake({ store, router: () => router, log, sender: owed.sender });
  opened.owed = owed;
  await owed.restore();
  opened.loops.push(owed.loop(opened.stopping.signal));
  await Promise.all(opened.adapters.map((adapter) => guards.start(adapter, { incoming, asked: router.inline })));
}
