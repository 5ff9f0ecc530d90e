/** The only place where parts meet: config → store → sources → core → adapters. Everything is made here once, and stopped here. */
import { dirname } from 'node:path';
import { adapterKinds } from './adapters/index.ts';
import type { Config } from './config/schema.ts';
import { summaryOf } from './config/summary.ts';
import { createAccountGuards } from './core/account/guards.ts';
import { createIntake } from './core/commands/intake.ts';
import { createOwedAnswers, type OwedAnswers } from './core/commands/owed-answers.ts';
import { createRouter } from './core/commands/router.ts';
import type { Router } from './core/commands/routing.ts';
import type { TocsinError } from './core/errors.ts';
import { createBroadcaster } from './core/outbox/broadcaster.ts';
import { createCompose } from './core/outbox/compose.ts';
import { createOutage } from './core/outbox/outage.ts';
import { createProgress } from './core/outbox/progress.ts';
import { createSender, type Sender } from './core/outbox/sender.ts';
import { createPipeline, type Pipeline } from './core/pipeline.ts';
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
import { renderAlert } from './core/render/alert.ts';
import { renderReply } from './core/render/reply.ts';
import { openServices, STATUS_POLICY } from './core/status/derive.ts';
import { createSilenceWatch } from './core/status/silence.ts';
import { createHousekeeping } from './housekeeping.ts';
import { createTranslators } from './i18n/index.ts';
import { createHttp } from './platform/http.ts';
import { nextRun } from './platform/schedule.ts';
import { createReader } from './reader.ts';
import { sourceKinds } from './sources/index.ts';
import { openStore } from './store/open.ts';
import { type WatchedStore, watchStore } from './store/watch.ts';
import { mountAgents } from './web/agents.ts';
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

export function createApp(config: Config, deps: AppDeps): App {
  const { clock, ids, log } = deps;
  const stopping = new AbortController();
  const loops: Promise<unknown>[] = [];
  const senders = new Map<string, Sender>();
  const adapters: ChatAdapter[] = [];
  const guards = createAccountGuards({
    log,
    stateOf: (id) => store.state(`account/${id}`),
    onCleared: (id) => senders.get(id)?.wake(),
  });
  const outages = new Map(config.accounts.map(({ id }) => [id, createOutage()]));
  const client = createHttp({ ...config.network, contact: config.web?.publicUrl ?? null });
  let store: Store;
  let watched: WatchedStore;
  /** What never began needs no word about its end. */
  let ready = false;
  let web: Web | null = null;
  let metrics: Metrics = noMetrics;
  let poller: Poller;
  let router: Router;
  let owed: OwedAnswers | null = null;

  async function openSources(): Promise<Source[]> {
    const made: Source[] = [];
    const own = sourceKinds.flatMap((kind) =>
      config.vantage && kind.vantage ? [kind.vantage.source(config.vantage.data, dirname(config.vantage.file))] : [],
    );
    for (const one of [...config.sources, ...own]) {
      const kind = sourceKinds.find((known) => known.kind === one.kind)!;
      const { createSource } = await kind.load();
      const kept = { state: store.state(`source/${one.id}`), cache: store.cache(`source/${one.id}`) };
      made.push(createSource(one, { clock, ids, log: log.child({ source: one.id }), http: client.http, ...kept }));
    }
    return made;
  }

  async function openAdapters(): Promise<void> {
    for (const account of config.accounts) {
      const kind = adapterKinds.find((known) => known.platform === account.platform)!;
      const { createAdapter } = await kind.load();
      adapters.push(
        createAdapter(account, {
          clock,
          ids,
          log: log.child({ account: account.id }),
          outage: outages.get(account.id)!,
          identity: guards.of(account.id, account.identity ?? null),
          state: store.state(`account/${account.id}`),
          cache: store.cache(`account/${account.id}`),
          proxy: config.network.proxy,
          knownChats: () => store.chats.addresses(account.id),
          commandMenu: () => router.menus(),
        }),
      );
    }
  }

  function startSenders(): void {
    const translators = createTranslators(config.catalogue);
    const compose = createCompose({
      store,
      clock,
      works: (incidents, country, now) => openServices(incidents, country, { now, policy: STATUS_POLICY }),
      renderAlert: (view) => renderAlert(view, translators.of(view.lang)),
      renderReply: (view, change) => renderReply(view, translators.of(view.lang), change),
    });
    for (const adapter of adapters) {
      const sender = createSender({
        store,
        adapter,
        clock,
        ids,
        log,
        outage: outages.get(adapter.accountId)!,
        compose,
        recallFor: adapter.keysHoldMs ?? null,
        cleared: () => guards.cleared(adapter),
        counted: (outcome, lane) => metrics.sent(adapter.accountId, outcome, lane),
      });
      senders.set(adapter.accountId, sender);
      loops.push(sender.loop(stopping.signal));
    }
  }

  function startPoller(sources: Source[], pipeline: Pipeline): void {
    poller = createPoller({
      sources,
      clock,
      ids,
      log,
      nextRun,
      news: gatheredNews(sources, { log, clock, signal: stopping.signal }),
      states: store.sourceStates,
      metrics,
      perHost: config.network.perHost,
      async ingest(source, result, context) {
        if (result.items.length > 0) await pipeline.items(source.id, result.items, context.firstPoll);
        if (result.measurements.length > 0) await pipeline.measurements(result.measurements);
      },
    });
  }

  /** Where machines elsewhere hand in what they measured; the config sees to it that there is a listener then. */
  async function openDesk(pipeline: Pipeline): Promise<AgentDesk | null> {
    const kind = sourceKinds.find((one) => one.agents);
    if (config.agents.length === 0 || !kind?.agents || !web) return null;
    const { createAgentDesk } = await kind.agents.load();
    const made = await createAgentDesk({
      agents: config.agents,
      clock,
      log,
      state: store.state('agents'),
      services: config.catalogue.services.map(({ id }) => id),
      configured: [config.vantage?.data, ...config.sources],
      deliver: (_agent, measurements) => pipeline.measurements(measurements),
    });
    mountAgents(web.mount, made, stopping.signal);
    return made;
  }

  return {
    async start() {
      if (config.web) {
        const { openWeb } = await import('./web/index.ts');
        web = await openWeb(config.web, { clock, log });
        metrics = web.metrics;
      }
      const { onFatal } = deps;
      watched = watchStore(await openStore(config.database, { clock, log, ids, onLockLost: onFatal }), { clock, log });
      store = watched.store;
      const housekeeping = createHousekeeping({ store, clock, log, pid: process.pid });
      const broadcaster = createBroadcaster({
        store,
        clock,
        log,
        metrics,
        onFilled: () => {
          for (const sender of senders.values()) sender.wake();
        },
        afterRun: createProgress({ store, clock, log, rateOf: (id) => senders.get(id)?.rate() ?? 0 }),
      });
      const extractor = await createReader(config, { clock, log, signal: stopping.signal });
      const pipeline = createPipeline({
        store,
        extractor,
        policy: config.policy,
        clock,
        ids,
        log,
        wake: broadcaster.wake,
        onIncidentChanged(service, country) {
          for (const source of sources) source.nudge?.([service], country);
        },
      });
      const sources = await openSources();
      const desk = await openDesk(pipeline);
      const silence = createSilenceWatch({
        clock,
        log,
        desk,
        vantageId: config.vantage?.data.id ?? null,
        silentVantages: pipeline.silentVantages,
      });
      startPoller(sources, pipeline);
      await openAdapters();
      const health = async () => ({
        sources: poller.health(),
        accounts: adapters.map((adapter) => ({
          id: adapter.accountId,
          platform: adapter.platform,
          ...guards.healthOf(adapter, senders.get(adapter.accountId)?.problem() ?? null),
          rate: senders.get(adapter.accountId)?.rate() ?? 0,
        })),
        queue: await store.outbox.depth(),
        agents: (desk?.list() ?? []).map((one) => ({ ...one, silent: silence.agents().includes(one.id) })),
        silentVantages: silence.vantages(),
        held: await pipeline.held(),
        storeFault: housekeeping.fault()?.reason ?? null,
      });
      router = createRouter({
        store,
        metrics,
        clock,
        ids,
        log,
        catalogue: config.catalogue,
        translators: createTranslators(config.catalogue),
        policy: config.policy,
        operators: [...config.operators, ...adapters.flatMap((adapter) => adapter.operators ?? [])],
        health,
        retract: pipeline.retract,
        stopAgent: async (id, stopped) => (await desk?.stop(id, stopped)) ?? false,
        release: pipeline.release,
        account: (id) => adapters.find((adapter) => adapter.accountId === id) ?? null,
      });
      startSenders();
      loops.push(broadcaster.loop(stopping.signal));
      loops.push(housekeeping.beat(stopping.signal), housekeeping.prune(stopping.signal));
      if (desk || config.vantage) loops.push(silence.loop(stopping.signal));
      const sender = (id: string) => senders.get(id) ?? null;
      const incoming = createIntake({ store, router: () => router, log, sender });
      owed = createOwedAnswers({ accounts: [...senders.keys()], sender, router, store, clock, log });
      await owed.restore();
      loops.push(owed.loop(stopping.signal));
      await Promise.all(adapters.map((adapter) => guards.start(adapter, { incoming })));
      await poller.start();
      web?.serve({
        health,
        openIncidents: () => store.incidents.list({ open: true, limit: 5_000 }),
        pollerLookedAt: () => poller.lookedAt(),
        storeFails: () => watched.failing(),
      });
      ready = true;
      log.info(`Ready: ${summaryOf(config)}`, { accounts: adapters.length });
    },
    async stop() {
      if (ready) log.info('Stopping');
      web?.stopping();
      // Receiving first, so that what was asked is answered; each part has a bound of its own, about four seconds in all.
      await Promise.allSettled([...adapters.map((adapter) => adapter.stop()), poller?.stop()]);
      stopping.abort();
      await Promise.allSettled(loops);
      await owed?.save();
      await Promise.allSettled([client.close(), store?.close(), web?.close()]);
      if (ready) log.info('Stopped');
    },
  };
}
