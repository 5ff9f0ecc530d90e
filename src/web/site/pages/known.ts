/** What pages tell, before it is worded: asked of the record at most once a minute, however many languages it is shown in. */
import { ANY } from '../../../core/model/chat.ts';
import type { Incident } from '../../../core/model/incident.ts';
import { createRecent } from '../../../core/recent.ts';
import { isCut, isOver, keysOf } from '../../../core/state/fold.ts';
import type { Days, State } from '../../../core/state/model.ts';
import type { Cell, Column } from '../../../core/timeline.ts';
import type { PublicSight, SiteDeps } from '../deps.ts';
import { DAYS, lastDays, worstOf } from './lines.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const MAX_ENDED = 60;
/** Countries of the first page, with their days; of more the names alone. */
const MAX_COUNTRIES = 20;
/** Rows of one page; more are counted. */
const MAX_ROWS = 30;
/** Earlier incidents of one page, and pages. */
const PER_PAGE = 25;
export const MAX_PAGES = 40;

interface Row extends Days {
  state: State;
}

export interface CountryNow {
  /** Null: no report names one. */
  country: string | null;
  rows: readonly State[];
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
  days(incident: Incident): Promise<Days & { columns: Column[] }>;
}

export function createKnown(deps: SiteDeps): Known {
  const { record, clock, world } = deps;
  const { incidents } = record;
  const worlds = createRecent<WorldNow>(MINUTE, 1);
  const places = createRecent<PlaceNow>(MINUTE, 100);

  async function makeWorld(): Promise<WorldNow> {
    const now = clock.now();
    const columns = lastDays(now);
    const known = await world.of(
      { matchers: [{ country: ANY, service: ANY }], reach: DAYS * DAY, everything: true },
      now,
    );
    const ended = known.incidents.filter(
      (one) => isOver(one) && one.family === 'access' && one.closedAt! >= now - 30 * DAY,
    );
    const rows = known.states.filter((one) => isCut(one) || one.threat || (one.was && one.was !== 'open'));
    // A network that is off says so itself: what is off with it is on the country's own page.
    const shown = rows.filter(({ covered }) => !covered);
    const order = [...Map.groupBy(shown, ({ country }) => country)].sort(
      ([a, ofA], [b, ofB]) => Number(a === null) - Number(b === null) || weight(ofB) - weight(ofA),
    );
    const countries: CountryNow[] = [];
    for (const [country, own] of order) {
      const hasDays = countries.length < MAX_COUNTRIES && country !== null;
      const days = hasDays ? await world.days(own, columns, known, now) : [];
      countries.push({ country, rows: own, cells: worstOf(days.map(({ cells }) => cells)) });
    }
    return {
      sight: await deps.look(),
      columns,
      countries,
      services: servicesOf(rows.filter(isCut)),
      ended: ended.toSorted((a, b) => b.closedAt! - a.closedAt!).slice(0, MAX_ENDED),
    };
  }

  async function makePlace(matcher: { country: string; service: string }): Promise<PlaceNow> {
    const now = clock.now();
    const columns = lastDays(now);
    const known = await world.of({ matchers: [matcher], reach: DAYS * DAY, everything: true }, now);
    const states = known.states.slice(0, MAX_ROWS);
    const days = await world.days(states, columns, known, now);
    return {
      sight: await deps.look(),
      columns,
      rows: states.map((state, at) => ({ state, ...days[at]! })),
      more: known.states.length - states.length,
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
      const answer = { states: [], incidents: [incident], facts: { incidents: [incident] } };
      const [days] = await world.days(keysOf(incident), columns, answer, now);
      return { columns, ...days! };
    },
  };
}

/** What a country's place on the first page goes by: how bad the worst is, then how much there is. */
const weight = (rows: readonly State[]): number =>
  Math.max(...rows.map(({ access }) => ({ shutdown: 3, blocked: 2, degraded: 1, unknown: 0, open: 0 })[access])) *
    1_000 +
  rows.length;

function servicesOf(rows: readonly State[]): WorldNow['services'] {
  const countries = new Map<string, Set<string | null>>();
  for (const { service, country } of rows) {
    if (service === null) continue;
    countries.set(service, (countries.get(service) ?? new Set()).add(country));
  }
  return [...countries]
    .map(([service, there]) => ({ service, countries: there.size }))
    .sort((a, b) => b.countries - a.countries || (a.service < b.service ? -1 : 1));
}
