import type { Config } from '../config/schema.ts';
import { createTargetIndex } from '../core/commands/asking/targets.ts';
import { type BotHealth, isSeeing, sightOf } from '../core/commands/look/health.ts';
import type { SourceHealth } from '../core/poll/source-state.ts';
import type { Pictures } from '../core/ports/chat-adapter.ts';
import type { LeaseBoard } from '../core/ports/leases.ts';
import type { Credit } from '../core/ports/source.ts';
import type { Store } from '../core/ports/store.ts';
import { createWorld } from '../core/state/world.ts';
import type { Web } from '../web/index.ts';
import {
  type HereHosts,
  type Job,
  type Look,
  type PublicProcess,
  publicRecord,
  type PublicSight,
  type PublicVantage,
  type SiteDeps,
} from '../web/site/deps.ts';
import { mountSite } from '../web/site/index.ts';
import { createShelf, SHELF } from '../web/site/shelf.ts';
import { hereHosts, readersOf } from './account.ts';
import type { ProcessParts } from './process.ts';

/** The public site on the web listener, and all that it may know: the record for reading, and nothing of chats. */

const HOUR = 3_600_000;

interface SiteParts extends Pick<ProcessParts, 'clock' | 'ids' | 'log' | 'translators' | 'health' | 'watched'> {
  config: Pick<Config, 'catalogue' | 'baseline' | 'vantage'> & {
    web: (Pick<NonNullable<Config['web']>, 'publicUrl'> & { measure?: boolean }) | null;
  };
  store: Pick<Store, 'incidents' | 'reports' | 'measurements' | 'readers' | 'transaction'>;
  pictures: Pick<Pictures, 'png'>;
  /** Who holds what, among the processes that share the database. */
  leases(): LeaseBoard;
  /** Services that registers hold as blocked in a country; absent = none does. */
  heldIn?: ProcessParts['heldIn'];
  /** Absent: what it tells has happened. */
  invented?: boolean;
  /** Names this database among other Tocsins. */
  instance(): Promise<string>;
  /** Absent: those that come with the program, where the configuration wants the page. */
  hereHosts?: HereHosts;
  credits?: readonly Credit[];
  bots?: SiteDeps['bots'];
  /** Aborts when the program stops. */
  stopping: AbortSignal;
}

/** Shows the pages. Loaded where the configuration wants them. */
export const openSite = (mount: Web['mount'], parts: SiteParts): void => mountSite(mount, siteDeps(parts));

/** Some hundred pictures, made one at a time. */
const ALBUM = { ...SHELF, entries: 100, bytes: 6_000_000, atOnce: 1, waiting: 50 };

export function siteDeps(parts: SiteParts): SiteDeps {
  const { config, store, clock, log, translators, pictures, health, watched, stopping } = parts;
  const categories = new Map(config.catalogue.services.map(({ id, category }) => [id, category]));
  const publicUrl = config.web?.publicUrl ?? null;
  const record = publicRecord(store);
  return {
    record,
    catalogue: config.catalogue,
    categoryOf: (service) => categories.get(service) ?? null,
    world: createWorld({ ...record, baseline: config.baseline, heldIn: parts.heldIn, watched, log }),
    translators,
    targets: createTargetIndex(config.catalogue, translators.typed),
    clock,
    log,
    pictures: { png: (picture, signal) => pictures.png(picture, signal) },
    watched: () => watched(),
    look: async () => ({
      ...publicSight(await health(), config.vantage?.data.id ?? null, clock.now()),
      processes: publicProcesses(parts.leases()),
    }),
    publicUrl,
    base: publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, ''),
    shelf: createShelf(clock),
    album: createShelf(clock, ALBUM),
    instance: () => parts.instance(),
    here: parts.hereHosts ?? hereHosts(config),
    readerReports: readersOf(parts),
    invented: parts.invented ?? false,
    credits: parts.credits ?? [],
    bots: async () => (await parts.bots?.()) ?? [],
    stopping,
  };
}

/** Of the bot's health what concerns how it sees; accounts, queues and names of machines are nobody's business. `own`: id of its own vantage point. */
function publicSight(health: BotHealth, own: string | null, now: number): Omit<PublicSight, 'processes'> {
  const agents = health.agents.filter(({ stopped }) => !stopped);
  return {
    sight: sightOf(health),
    sources: health.sources.map((source) => ({
      id: source.id,
      kind: source.kind,
      label: source.label,
      look: lookOf(source),
      lastOkAt: source.lastOkAt,
    })),
    vantages: [
      ...(own === null ? [] : [ownVantage(health, own)]),
      ...agents.map(({ country, asn, lastSeenAt, missing, blind }): PublicVantage => {
        const look = lastSeenAt === null ? 'waiting' : missing ? 'failing' : blind ? 'blind' : 'well';
        return { country, network: asn, look, lastSeenHour: hourOf(lastSeenAt, now) };
      }),
    ],
  };
}

const JOBS: readonly Job[] = ['ingest', 'fanout', 'receive', 'send'];

/** Which process does what, without names of machines and accounts. */
function publicProcesses({ processes, leases }: LeaseBoard): PublicProcess[] {
  const since = (id: string, job: Job): number =>
    Math.min(
      ...leases
        .filter(({ name, processId, endsIn }) => processId === id && endsIn > 0 && name.split('/')[0] === job)
        .map((one) => one.since),
    );
  return processes
    .toSorted((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1))
    .map(({ id, startedAt }) => ({
      startedAt,
      does: JOBS.map((job) => ({ job, since: since(id, job) })).filter((one) => Number.isFinite(one.since)),
    }));
}

/** What its own probes found is among the sources. */
function ownVantage({ missingVantages, sources }: BotHealth, own: string): PublicVantage {
  const probe = sources.find(({ id }) => id === own) ?? null;
  const look = missingVantages.includes(own) ? 'failing' : probe ? lookOf(probe) : 'waiting';
  return { country: null, network: null, look, lastSeenHour: null };
}

const hourOf = (at: number | null, now: number): number | null =>
  at === null ? null : Math.floor(Math.min(at, now) / HOUR) * HOUR;

function lookOf(source: SourceHealth): Look {
  if (source.failingSince !== null) return 'failing';
  if (source.lastOkAt === null) return 'waiting';
  if (source.stale) return 'stale';
  return isSeeing(source) ? 'well' : 'blind';
}
