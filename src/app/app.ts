import { bundledPublishers, bundledRegions, loadServiceHosts } from '../config/catalogue.ts';
import type { Config } from '../config/schema.ts';
import { creditsOf, summaryOf } from '../config/sources.ts';
import { instanceOf } from '../core/federation/tell.ts';
import { ALL_ROLES, type Supervisor, accountOf, createSupervisor } from '../core/lease.ts';
import type { Pictures } from '../core/ports/chat-adapter.ts';
import type { LeaseTerm, Role, SharedStore } from '../core/ports/leases.ts';
import { noMetrics } from '../core/ports/metrics.ts';
import { type Log, type LogFields, type Tools, quietLog } from '../core/ports/runtime.ts';
import { createEncoderHost } from '../encoder/host.ts';
import { createLetters } from '../encoder/letters.ts';
import { createTranslators } from '../i18n/index.ts';
import { createHttp } from '../platform/http.ts';
import { watchStore } from '../store/alone.ts';
import { openStore } from '../store/open.ts';
import type { Web } from '../web/index.ts';
import { beginAccount, testPageOf } from './account.ts';
import { createCore } from './compose.ts';
import { accountNames, beginFanout } from './fanout.ts';
import { healthOf, sightOf } from './health.ts';
import { collector, createHousekeeping, createWatching, endBeat, giveBackMemory } from './housekeeping.ts';
import { beginIngest, makeExtractor } from './ingest.ts';
import { createRelay, openAgentIntake, openReports } from './intakes.ts';
import { idleAdapterOf, openIdleAdapters } from './open-accounts.ts';
import { openSources } from './open-sources.ts';
import { pressHealth } from './press.ts';
import type { ProcessParts } from './process.ts';

/**
 * The only place where parts meet: config → store → what its leases allow (`app/account.ts`, `app/fanout.ts`, `app/ingest.ts`). What a process has whatever its leases are is made here once, and
 * stopped here.
 */

interface AppDeps extends Tools {
  /** What this process does. */
  roles: readonly Role[];
}

/** What a start has opened so far, for the stop: it may have failed half-way. */
type Opened = ReturnType<typeof nothingYet>;

const nothingYet = (config: Config, log: Log) => ({
  stopping: new AbortController(),
  client: createHttp({ ...config.network, contact: config.web?.publicUrl ?? null }),
  pictures: lazyPictures(log),
  loops: [] as Promise<unknown>[],
  web: null as Web | null,
  store: null as SharedStore | null,
  supervisor: null as Supervisor | null,
  /** Bots of which nobody has made use so far: who started them is told how that is done. */
  unheard: [] as { name: string; link: string }[],
  /** What never began needs no word about its end. */
  ready: false,
});

/** Their host is loaded when one is wanted or announced: most bots wait long for the first. */
function lazyPictures(log: Log): Pictures & { forPages: Pictures['png']; stop(): Promise<void> } {
  type Host = ReturnType<(typeof import('../pictures/host.ts'))['createPictureHost']>;
  let made: Host | null = null;
  const load = once(async (): Promise<Host> => (made = (await import('../pictures/host.ts')).createPictureHost(log)));
  return {
    png: async (picture, signal) => (await load()).png(picture, signal),
    forPages: async (picture, signal) => (await load()).forPages(picture, signal),
    soon: () => void load().then(({ soon }) => soon()),
    possible: () => made?.possible() ?? true,
    stop: async () => made?.stop(),
  };
}

export function createApp(config: Config, deps: AppDeps) {
  const { log } = deps;
  const opened = nothingYet(config, log);
  return {
    /** Resolves when what it holds is under way: commands are answered, sources polled; what others hold it waits for. Throws what an operator must mend. */
    async start(): Promise<void> {
      await startAll(config, deps, opened);
      opened.ready = true;
      const shares = sharesOf(opened.supervisor!, deps.roles);
      log.info(`Ready: ${summaryOf(config)}`, { accounts: config.accounts.length, ...shares });
      for (const { name, link } of opened.unheard) log.info(`Nobody follows anything yet: write to ${name}: ${link}`);
    },
    /** Stops receiving, settles what is under way, hands its leases over, closes the store; about 4 s at most, whatever hangs. */
    async stop(): Promise<void> {
      // Read when they are needed: a start may be under way, and may open more meanwhile.
      if (opened.ready) log.info('Stopping');
      opened.web?.stopping();
      // Each part has a bound of its own, about four seconds in all.
      await Promise.allSettled([opened.supervisor?.stop(), opened.pictures.stop()]);
      opened.stopping.abort();
      await Promise.allSettled(opened.loops);
      if (opened.store) await endBeat(opened.store, process.pid).catch(() => {});
      await Promise.allSettled([opened.client.close(), opened.store?.close(), opened.web?.close()]);
      if (opened.ready) log.info('Stopped');
    },
  };
}

/** What it took and what it waits for; nothing to say where it does all that there is. */
function sharesOf(supervisor: Supervisor, roles: readonly Role[]): LogFields {
  const waits = supervisor.waitsFor();
  if (waits.length === 0 && roles.length === ALL_ROLES.length) return {};
  const holds = supervisor.held().join(' ') || 'nothing';
  return { roles: roles.join(','), holds, waitsFor: waits.join(' ') || 'nothing' };
}

/** Accounts that one process serves alone, or not at all; a word where this one cannot. */
function wholeAccounts({ idleAdapters }: ProcessParts, roles: readonly Role[], log: Log): ReadonlySet<string> {
  const whole = idleAdapters.flatMap(({ accountId, oneHolder }) => (oneHolder ? [accountId] : []));
  const has = (['bot', 'deliver'] as const).filter((role) => roles.includes(role));
  const both = 'An account with encrypted rooms needs both roles, bot and deliver, in one process';
  if (whole.length > 0 && has.length === 1)
    log.warn(`${both}: this one leaves it to others`, { accounts: whole.join(' '), role: has[0]! });
  return new Set(whole);
}

async function startAll(config: Config, deps: AppDeps, opened: Opened): Promise<void> {
  const { clock, log, ids, roles } = deps;
  const { signal } = opened.stopping;
  const watch = watchStore({ clock, log });
  const store = await openStore(config.database, { clock, log, ids, watch }, { shared: true });
  opened.store = store;
  watch.begin();
  // After the store: who starts a second one hears of the first, and not of its port.
  if (roles.includes('web') && config.web)
    opened.web = await (await import('../web/index.ts')).openWeb(config.web, { clock, log });
  const housekeeping = createHousekeeping({ store, clock, log, pid: process.pid });
  const parts = await partsOf(config, deps, opened, { store, housekeeping });
  const supervisor = createSupervisor({
    ...deps,
    leases: store.leases,
    bus: store.bus,
    accounts: config.accounts.map(({ id }) => id),
    whole: wholeAccounts(parts, roles, log),
    begin: (unit, terms) => beginUnit(parts, unit, terms),
  });
  opened.supervisor = supervisor;
  opened.loops.push(housekeeping.beat(signal));
  const collect = collector();
  if (collect) opened.loops.push(giveBackMemory({ clock, collect, used, isBusy: () => isSending(parts) }, signal));
  const instance = () => instanceOf(store.state('instance'), ids);
  // Where nobody else can come, there is nothing to tell of who does what.
  const leases = () => (store.leases.shareable ? supervisor.board() : { leases: [], processes: [] });
  const bots = async () =>
    (await accountNames(store, parts.idleAdapters)).flatMap(({ name, link }) => (name && link ? [{ name, link }] : []));
  if (opened.web && config.web?.pages)
    (await import('./open-site.ts')).openSite(opened.web.mount, {
      ...parts,
      pictures: { png: opened.pictures.forPages },
      instance,
      leases,
      bots,
      stopping: signal,
    });
  await supervisor.start();
  if ((await store.chats.counts()).active === 0) opened.unheard = await bots();
  opened.loops.push(supervisor.loop(signal));
  opened.web?.serve({
    health: parts.health,
    openIncidents: () => store.incidents.list({ open: true, limit: 5_000 }),
    pollerLookedAt: () => parts.here.ingest?.poller.lookedAt() ?? null,
    storeFails: watch.failing,
    holds: supervisor.held,
    leases: async () => ({ me: store.leases.processId, ...supervisor.board() }),
  });
}

/** What units share, whichever of them run here. */
async function partsOf(
  config: Config,
  deps: AppDeps,
  opened: Opened,
  { store, housekeeping }: { store: SharedStore; housekeeping: ReturnType<typeof createHousekeeping> },
): Promise<ProcessParts> {
  const { clock, log, ids } = deps;
  const { signal } = opened.stopping;
  const gazetteer = bundledRegions();
  const publishers = bundledPublishers();
  const here: ProcessParts['here'] = { ingest: null, accounts: new Map() };
  const ingestRelay = createRelay({ store, bus: store.bus, clock, ids, here: () => here.ingest?.pipeline ?? null });
  const intakeDeps = { config, store, clock, log, ingestRelay, web: opened.web, stopping: signal };
  const intake = await openAgentIntake(intakeDeps);
  await openReports({ ...intakeDeps, gazetteer });
  const { client, pictures } = opened;
  const idleAdapters = await openIdleAdapters({ ...deps, config, store, client, pictures });
  const supervisor = () => opened.supervisor!;
  // Where nobody polls them here they are named all the same; what is wrong with them was said by whoever polls.
  const described = once(() => openSources({ config, store, clock, ids, log: quietLog, http: client.http }));
  const watched = { store, clock, log, intake, here, idleAdapters, supervisor, housekeeping, described };
  const metrics = opened.web?.metrics ?? noMetrics;
  const told = {
    translators: createTranslators(config.catalogue, gazetteer),
    health: () => healthOf(watched),
    press: () => pressHealth({ config, store, clock }, here.ingest?.poller ?? null),
    watched: createWatching({ store, clock, log, sources: () => [] }).periods,
    async heldIn(country: string) {
      const { sources } = here.ingest?.open ?? (await described());
      return (await Promise.all(sources.map(async (one) => (await one.held?.(country)) ?? []))).flat();
    },
  };
  const { policy, catalogue, baseline } = config;
  const shared = { ...told, clock, ids, log, metrics, gazetteer, publishers };
  const core = createCore({
    ...shared,
    policy,
    catalogue,
    baseline,
    sight: async () => sightOf(await told.health(), config.vantage?.data.id ?? null),
    testPage: testPageOf(config),
    idleAdapterOf: (id) => idleAdapterOf({ idleAdapters }, id),
  });
  // One process for news and for what people ask; it begins with the first text that needs it.
  const encoder = config.encoder ? createEncoderHost(log) : null;
  signal.addEventListener('abort', () => void encoder?.stop());
  return {
    ...shared,
    config,
    store,
    client,
    pictures,
    core,
    likely: createLetters(log),
    wants: encoder?.wants ?? null,
    credits: creditsOf(config.sources),
    extractor: once(() => makeExtractor(config, { clock, log, signal, encoder })),
    serviceHosts: once(() => loadServiceHosts(config.catalogue)),
    idleAdapters,
    intake,
    ingestRelay,
    here,
    supervisor,
  };
}

async function beginUnit(parts: ProcessParts, unit: string, terms: readonly LeaseTerm[]) {
  if (unit === 'ingest') return await beginIngest(parts, terms[0]!);
  if (unit === 'fanout') return await beginFanout(parts, terms[0]!);
  return await beginAccount(parts, accountOf(terms[0]!.name)!, terms);
}

/** In a broadcast, or while a register of 120 MB is read, memory is not given back. */
const isSending = ({ here }: ProcessParts): boolean =>
  [...here.accounts.values()].some(({ sender }) => sender.inFlight() > 0);

function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
