import { setImmediate } from 'node:timers/promises';
import type { Env } from 'hono';
import type { TargetIndex } from '../../core/commands/asking/targets.ts';
import type { Sight } from '../../core/commands/look/health.ts';
import type { Catalogue, CategoryOf } from '../../core/model/catalogue.ts';
import type { Incident } from '../../core/model/incident.ts';
import type { Pictures } from '../../core/ports/chat-adapter.ts';
import type { ReaderReports } from '../../core/ports/readers.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import type { Credit } from '../../core/ports/source.ts';
import type { IncidentFilter, Store } from '../../core/ports/store.ts';
import type { Translators } from '../../core/ports/translate.ts';
import type { World } from '../../core/state/fold.ts';
import type { Period } from '../../core/timeline.ts';
import { type InOrder, inOrder } from '../../core/wakeable.ts';
import type { Shelf } from './shelf.ts';

/** A new object with these functions alone: the table behind them cannot be reached. `inTurn`: how they are called. */
const alone = <T, K extends keyof T & string>(table: T, names: readonly K[], inTurn: InOrder): Pick<T, K> =>
  Object.fromEntries(
    names.map((name) => [
      name,
      (...args: unknown[]) =>
        inTurn(async () => {
          await setImmediate();
          return await (table[name] as (...args: unknown[]) => Promise<unknown>)(...args);
        }),
    ]),
  ) as Pick<T, K>;

/**
 * What the record says, for reading, and nothing else: whatever a page or an endpoint of `site/` does, it cannot come by a chat, a subscription, a
 * delivery or a setting from here. Made by `src/app/open-site.ts` of the store; a test looks through the whole of it. It is read by one at a time, with a
 * turn of the loop before each: an alert that wants the database, or the loop, waits for one question of a stranger at most.
 */
export const publicRecord = ({
  incidents,
  reports,
  measurements,
  readers,
}: Pick<Store, 'incidents' | 'reports' | 'measurements' | 'readers'>) => {
  const inTurn = inOrder();
  return {
    incidents: alone(incidents, ['get', 'getMany', 'list', 'openByKey', 'transitions', 'transitionsOf'], inTurn),
    reports: alone(reports, ['byIncident', 'itemsOf', 'countByIncident'], inTurn),
    measurements: alone(measurements, ['recent'], inTurn),
    readers: alone(readers, ['counts'], inTurn),
  };
};
export type PublicRecord = ReturnType<typeof publicRecord>;

/** What is open there, and what closed or was reported on since, each once. */
export async function openAndSince(
  { incidents }: { incidents: Pick<PublicRecord['incidents'], 'list'> },
  filter: Pick<IncidentFilter, 'country' | 'service'>,
  since: number,
  limit: number,
): Promise<Incident[]> {
  const open = await incidents.list({ ...filter, open: true, limit });
  // Last: what changes in between is in it, as it is then.
  const recent = await incidents.list({ ...filter, since, limit });
  return [...new Map([...open, ...recent].map((one) => [one.id, one])).values()];
}

/** Where the bot looks, and how well it sees. Times: ms since the epoch. */
export interface PublicSight {
  /** What "nothing is blocked" is worth. */
  sight: Sight;
  sources: PublicSource[];
  /** Its own vantage point and those of agents: country, network and hour, as their operators were promised. */
  vantages: PublicVantage[];
  /** Those that share the work, oldest first; empty: one process has it all. */
  processes: PublicProcess[];
}

export type Job = 'ingest' | 'fanout' | 'receive' | 'send';

/** A process without its machine's name, and what it does; of accounts, that there are some. */
export interface PublicProcess {
  /** What it does, in the order of the work, and since when, ms since the epoch. Empty: it stands by. */
  does: { job: Job; since: number }[];
  startedAt: number;
}

/** `waiting`: not asked yet. `failing`: the last try went wrong. `stale`: overdue. `blind`: it answers, and shows nothing of the world. */
export type Look = 'well' | 'waiting' | 'failing' | 'stale' | 'blind';

interface PublicSource {
  id: string;
  kind: string;
  /** Name and host, never an address, which may hold a key. */
  label: string;
  look: Look;
  lastOkAt: number | null;
}

export interface PublicVantage {
  /** Null: the operator's own, whose country is not stated. */
  country: string | null;
  network: string | null;
  look: Look;
  /** Begin of the hour in which it was last heard of. */
  lastSeenHour: number | null;
}

/** What the page that measures from a reader's line may open: hosts, or pictures as `host/path` (`config/here.json`). */
export interface HereHosts {
  abroad: readonly string[];
  /** By country. */
  home: Readonly<Record<string, readonly string[]>>;
  /** By service, what most people use first. */
  services: Readonly<Record<string, readonly string[]>>;
  /** Hosts whose pages may show this one within theirs: a messenger's own page shows its Mini Apps so. */
  framedBy: readonly string[];
}

/** What pages and endpoints are made with. None of it writes but `readerReports`. */
export interface SiteDeps {
  record: PublicRecord;
  catalogue: Catalogue;
  categoryOf: CategoryOf;
  /** How it stands with the world: what a page, a feed, a badge and the interface say of it is read here. */
  world: World;
  translators: Translators;
  /** What typed words mean. */
  targets: Pick<TargetIndex, 'parse'>;
  clock: Clock;
  log: Log;
  pictures: Pick<Pictures, 'png'>;
  /** When the bot looked at all. */
  watched(): Promise<readonly Period[]>;
  look(): Promise<PublicSight>;
  /** Where people reach it, without a trailing slash; null = not stated, then there are no whole addresses. */
  publicUrl: string | null;
  /** Of `publicUrl`: what stands before each path of a link; '' or '/tocsin'. A proxy takes it off again. */
  base: string;
  /** What was made within the last seconds, for whoever asks next. */
  shelf: Shelf;
  /** The same for pictures, which take long: pages wait for no picture. */
  album: Shelf;
  /** Names this database among other Tocsins; rejects as the store does. */
  instance(): Promise<string>;
  /** Where people find the bot on its platforms, as these say; none before they have said so. */
  bots(): Promise<readonly { name: string; link: string }[]>;
  /** Null: there is no page that measures. */
  here: HereHosts | null;
  /** Takes down what readers of that page send; the one thing here that writes. Null: nobody does. */
  readerReports: ReaderReports | null;
  /** Nothing of what it tells has happened, which each page says first. */
  invented: boolean;
  /** Whose indexes of news are looked through. */
  credits: readonly Credit[];
  /** Aborts when the program stops: what streams ends then. */
  stopping: AbortSignal;
}

export interface SiteEnv extends Env {
  Bindings: {
    /** Address of who asks (`WebRequest.client`), for bounds of one's own. Never logged, kept or shown. */
    client: string;
    /** Aborts when whoever asks is gone. */
    signal: AbortSignal;
    /** Takes so much more from the budget of who asks, for what is dear to make; false = there is nothing left: answer 429 by `tooMany()`. */
    spend(cost: number): boolean;
  };
}
