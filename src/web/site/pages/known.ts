/** What pages tell, before it is worded: asked of the record at most once a minute, however many languages it is shown in. */
import { createLately, createLifted, createRecent, knownNow, oldEvidence } from '../../../core/commands/look/known.ts';
import { ANY } from '../../../core/model/chat.ts';
import type { Incident } from '../../../core/model/incident.ts';
import { isNotable, type ServiceStatus, STATUS_POLICY, type StatusFacts, statusesOf } from '../../../core/state.ts';
import { type Cell, type Column, cellsOf, type RowKey, type Story } from '../../../core/timeline.ts';
import { openAndSince, type PublicSight, type SiteDeps } from '../deps.ts';
import { DAYS, lastDays, worstOf } from './lines.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Open ones that the first page looks at, the newest. */
const MAX_OPEN = 2_000;
const MAX_ENDED = 60;
/** Whose transitions are read for one page. */
const MAX_STORIES = 200;
/** Countries of the first page, with their days; of more the names alone. */
const MAX_COUNTRIES = 20;
/** Rows of one page; more are counted. */
const MAX_ROWS = 30;
/** Earlier incidents of one page, and pages. */
const PER_PAGE = 25;
export const MAX_PAGES = 40;

interface Row {
  status: ServiceStatus;
  cells: readonly Cell[];
}

export interface CountryNow {
  /** Null: no report names one. */
  country: string | null;
  rows: readonly ServiceStatus[];
  /** The worst of each day; empty where they were not looked up. */
  cells: readonly Cell[];
}

export interface WorldNow {
  sight: PublicSight;
  columns: readonly Column[];
  countries: readonly CountryNow[];
  /** Services with the countries where they are cut, the most first. */
  services: readonly { service: string; countries: number }[];
  /** Lifted in the last weeks, newest first. */
  ended: readonly Incident[];
}

interface PlaceNow {
  sight: PublicSight;
  columns: readonly Column[];
  rows: readonly Row[];
  /** Rows that did not fit. */
  more: number;
}

export interface Known {
  world(): Promise<WorldNow>;
  /** One of the two is `*`. */
  place(matcher: { country: string; service: string }): Promise<PlaceNow>;
  /** Of a country or service, what is over, newest first: a page of them, from 1, and whether there are more. */
  earlier(
    matcher: { country: string; service: string },
    page: number,
  ): Promise<{ incidents: Incident[]; more: boolean }>;
  /** The 90 days of one incident, until it ended or until now. */
  days(incident: Incident): Promise<{ columns: Column[]; cells: Cell[] }>;
}

export function createKnown(deps: SiteDeps): Known {
  const { record, clock, baseline } = deps;
  const { incidents, reports } = record;
  const lifted = createLifted(incidents);
  const lately = createLately(record.measurements);
  const can = { incidents, reports, baseline, lifted, lately };
  const worlds = createRecent<WorldNow>(MINUTE, 1);
  const places = createRecent<PlaceNow>(MINUTE, 100);

  /** The days of these rows; of incidents the newest count. */
  async function daysOf(
    keys: readonly RowKey[],
    about: readonly Incident[],
    columns: readonly Column[],
    facts: StatusFacts,
  ): Promise<Cell[][]> {
    const chosen = about.toSorted((a, b) => b.lastReportAt - a.lastReportAt).slice(0, MAX_STORIES);
    const transitions = await incidents.transitionsOf(chosen.map(({ id }) => id));
    const stories = chosen.map((incident): Story => ({ incident, transitions: transitions.get(incident.id) ?? [] }));
    const asked = { ...facts, watched: await deps.watched() };
    return keys.map((key) => cellsOf(key, stories, columns, asked));
  }

  /** The worst of each day there, by incidents alone: long-standing blocks, which would paint every day red, are on the country's own page. */
  async function countryDays(country: string | null, columns: readonly Column[], facts: StatusFacts): Promise<Cell[]> {
    const about = await openAndSince(record, { country }, columns[0]!.from, MAX_STORIES);
    const keys = [...new Set(about.map(({ service }) => service))].map((service) => ({ country, service }));
    return worstOf(await daysOf(keys, about, columns, facts));
  }

  async function makeWorld(): Promise<WorldNow> {
    const now = clock.now();
    const columns = lastDays(now);
    const open = await incidents.list({ open: true, limit: MAX_OPEN });
    const ended = await incidents.list({ open: false, since: now - 30 * DAY, limit: MAX_ENDED });
    const facts: StatusFacts = { now, policy: STATUS_POLICY, ...(await oldEvidence(open, now, can)) };
    // Country by country: what one row costs grows with what it is looked up in.
    const byCountry = Map.groupBy(open, ({ country }) => country);
    const rows = [...byCountry.values()].flatMap((there) =>
      statusesOf(there, facts).filter((one) => isNotable(one, facts) && one.state !== 'open'),
    );
    // A network that is off says so itself: what is off with it is on the country's own page.
    const shown = rows.filter(({ covered }) => !covered);
    const order = [...Map.groupBy(shown, ({ country }) => country)].sort(
      ([a, ofA], [b, ofB]) => Number(a === null) - Number(b === null) || weight(ofB) - weight(ofA),
    );
    const countries: CountryNow[] = [];
    for (const [country, own] of order) {
      const hasDays = countries.length < MAX_COUNTRIES && country !== null;
      countries.push({ country, rows: own, cells: hasDays ? await countryDays(country, columns, facts) : [] });
    }
    return {
      sight: await deps.look(),
      columns,
      countries,
      services: servicesOf(rows),
      ended: ended.filter(({ state, family }) => state === 'lifted' && family === 'access'),
    };
  }

  async function makePlace(matcher: { country: string; service: string }): Promise<PlaceNow> {
    const now = clock.now();
    const columns = lastDays(now);
    const known = await knownNow({ matcher, services: [], followed: [] }, now, can, DAYS * DAY);
    const seen = new Set(known.rows.map(({ service, country }) => `${country} ${service}`));
    // What was lifted longer ago than a month has no row in a chat; a page of 90 days has one.
    const past = statusesOf(known.incidents, known.facts).filter(
      (one) =>
        !seen.has(`${one.country} ${one.service}`) &&
        (matcher.country === ANY || one.country === matcher.country) &&
        (matcher.service === ANY || one.service === matcher.service),
    );
    const all = [...known.rows, ...past];
    const rows = all.slice(0, MAX_ROWS);
    const cells = await daysOf(rows, known.incidents, columns, known.facts);
    return {
      sight: await deps.look(),
      columns,
      rows: rows.map((status, at) => ({ status, cells: cells[at]! })),
      more: all.length - rows.length,
    };
  }

  return {
    world: () => worlds.get('', clock.monotonic(), () => makeWorld()),
    place: (matcher) =>
      places.get(`${matcher.country} ${matcher.service}`, clock.monotonic(), () => makePlace(matcher)),
    async earlier({ country, service }, page) {
      const filter = { ...(country === ANY ? {} : { country }), ...(service === ANY ? {} : { service }) };
      const found = await incidents.list({ ...filter, open: false, limit: page * PER_PAGE + 1 });
      const from = (page - 1) * PER_PAGE;
      return {
        incidents: found.slice(from, from + PER_PAGE),
        more: found.length > page * PER_PAGE && page < MAX_PAGES,
      };
    },
    async days(incident) {
      const now = clock.now();
      const end = Math.min(now, (incident.closedAt ?? now) + 7 * DAY);
      const columns = lastDays(end);
      const facts = { now, policy: STATUS_POLICY, ...(await oldEvidence([incident], now, can)) };
      const [cells = []] = await daysOf([incident], [incident], columns, facts);
      return { columns, cells };
    },
  };
}

/** What a country's place on the first page goes by: how bad the worst is, then how much there is. */
const weight = (rows: readonly ServiceStatus[]): number =>
  Math.max(...rows.map(({ state }) => ({ shutdown: 3, blocked: 2, degraded: 1, unknown: 0, open: 0 })[state])) * 1_000 +
  rows.length;

function servicesOf(rows: readonly ServiceStatus[]): WorldNow['services'] {
  const countries = new Map<string, Set<string | null>>();
  for (const { service, country, state } of rows) {
    if (service === null || state === 'unknown') continue;
    countries.set(service, (countries.get(service) ?? new Set()).add(country));
  }
  return [...countries]
    .map(([service, there]) => ({ service, countries: there.size }))
    .sort((a, b) => b.countries - a.countries || (a.service < b.service ? -1 : 1));
}
