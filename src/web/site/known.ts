import type { Hono } from 'hono';
import { ANY } from '../../core/model/chat.ts';
import { type Incident, NETWORK, reaches, severityOf } from '../../core/model/incident.ts';
import { createRecent } from '../../core/recent.ts';
import {
  type Answer,
  type Days,
  isCut,
  isMereClaim,
  isOver,
  isPresent,
  isRecordAlone,
  isWhole,
  keysOf,
  type State,
} from '../../core/state/fold.ts';
import { type Column, columnsOf, strengthOf } from '../../core/timeline.ts';
import type { SiteDeps, SiteEnv } from './deps.ts';
import { SHELF } from './shelf.ts';

const DAY = 86_400_000;
export const DAYS = 90;
const MAX_ENDED = 60;
/** Questions whose answers are kept. */
const MAX_KEPT = 40;
/** Countries of the first page, and rows of a place, whose days are looked up; no page has room for more. */
const MAX_COUNTRIES = 12;
const MAX_ROWS = 30;
/** Earlier incidents of one page, and pages. */
const PER_PAGE = 25;
export const MAX_PAGES = 40;

/** One of the two is `*`, or both, or none. */
export interface About {
  country: string;
  service: string;
}

/** How it stands with what is asked about, what goes first first. */
interface StatesNow {
  /** ms since the epoch, and of the clock that nobody sets. */
  read: { at: number; monotonic: number };
  states: readonly State[];
  answer: Answer;
}

/** The last 90 days until `end`, a column a day, in UTC: who reads them is anywhere. */
export const lastDays = (end: number): Column[] => columnsOf(end, 'UTC', DAYS, DAYS);

type Known = ReturnType<typeof createKnown>;
export type WorldNow = Awaited<ReturnType<Known['world']>>;
export type CountryNow = WorldNow['countries'][number];
export type PlaceNow = Awaited<ReturnType<Known['place']>>;

export interface PartDeps extends SiteDeps {
  known: Known;
}

/** Puts its routes on the site: a line in `index.ts`. */
export type SitePart = (site: Hono<SiteEnv>, deps: PartDeps) => void;

/** What all parts tell, before it is worded: read once in some seconds for each question, in however many languages it is asked. */
export function createKnown({ record, world, look, categoryOf, clock }: SiteDeps) {
  const { incidents } = record;
  const answers = createRecent<StatesNow>(SHELF.keepMs, MAX_KEPT);
  const first = (a: State, b: State): number => byWeight(weightOf(a, categoryOf), weightOf(b, categoryOf));

  const states = (about: About): Promise<StatesNow> =>
    answers(`${about.country} ${about.service}`, clock.monotonic(), async () => {
      const read = { at: clock.now(), monotonic: clock.monotonic() };
      const answer = await world.of({ matchers: [about], reach: DAYS * DAY, everything: true }, read.at);
      return { read, states: answer.states.toSorted(first), answer };
    });

  async function makeWorld({ read, states: all, answer }: StatesNow) {
    const columns = lastDays(read.at);
    const rows = all.filter(isPresent);
    // A network that is off says so itself: what is off with it is on the country's own page.
    const groups = Map.groupBy(
      rows.filter(({ covered }) => !covered),
      ({ country }) => country,
    );
    // The first of each is its worst, and they are in order already.
    const order = [...groups].sort(([a], [b]) => Number(a === null) - Number(b === null));
    /** `country` null: no report names one. `days`: of the country as a whole, the worst of each day; absent where it was not looked up, or nothing is known of it. */
    const countries: { country: string | null; rows: readonly State[]; days?: Days }[] = [];
    for (const [country, own] of order) {
      const whole = countries.length < MAX_COUNTRIES && country !== null ? own.filter(isWhole) : [];
      const days = worstOf(await world.days(whole, columns, answer, read.at));
      countries.push({ country, rows: own, ...(days ? { days } : {}) });
    }
    const ended = answer.incidents.filter(
      (one) => isOver(one) && one.family === 'access' && one.closedAt! >= read.at - 30 * DAY,
    );
    return {
      read,
      sight: await look(),
      columns,
      /** By how sure and how far-reaching the worst is. */
      countries,
      /** With the countries where they are cut, the most first. */
      services: servicesOf(rows.filter((one) => isCut(one) && isWhole(one) && !isOneWord(one))),
      /** Lifted in the last weeks, newest first. */
      ended: ended.toSorted((a, b) => b.closedAt! - a.closedAt!).slice(0, MAX_ENDED),
    };
  }

  async function makePlace({ read, states: all, answer }: StatesNow, about: About) {
    const columns = lastDays(read.at);
    const days = await world.days(all.slice(0, MAX_ROWS), columns, answer, read.at);
    return {
      read,
      sight: await look(),
      columns,
      /** Days of those that there may be room for. */
      rows: all.map((state, at) => ({ state, ...(days[at] ? { days: days[at] } : {}) })),
      earlier: await earlier(about, 1),
    };
  }

  /** Of a country or service, what is over, newest first: a page of them, from 1. */
  async function earlier({ country, service }: About, page: number) {
    const filter = { ...(country === ANY ? {} : { country }), ...(service === ANY ? {} : { service }) };
    const found = await incidents.list({ ...filter, open: false, limit: page * PER_PAGE + 1 });
    const from = (page - 1) * PER_PAGE;
    return {
      incidents: found.slice(from, from + PER_PAGE).filter((one) => !isMereClaim(one)),
      more: found.length > page * PER_PAGE && page < MAX_PAGES,
    };
  }

  const worlds = onceFor(makeWorld);
  const places = onceFor(makePlace);
  return {
    states,
    world: async () => worlds(await states({ country: ANY, service: ANY })),
    place: async (about: About) => places(await states(about), about),
    earlier,
    /** The 90 days of one incident, until it ended or until now. */
    async days(incident: Incident) {
      const now = clock.now();
      const columns = lastDays(Math.min(now, (incident.closedAt ?? now) + 7 * DAY));
      const answer = { states: [], incidents: [incident], facts: { incidents: [incident] } };
      const [days] = await world.days(keysOf(incident), columns, answer, now);
      return { columns, ...days! };
    },
  };
}

/** What is made of an answer is made once, and lasts as long as that. */
function onceFor<K extends object, M extends unknown[], T>(make: (of: K, ...more: M) => Promise<T>) {
  const made = new WeakMap<K, Promise<T>>();
  return (of: K, ...more: M): Promise<T> => {
    const known = made.get(of) ?? make(of, ...more);
    made.set(of, known);
    known.catch(() => made.delete(of));
    return known;
  };
}

/** It rests on one outlet's word, or on measurements that are no confirmation yet. */
export function isOneWord(state: State): boolean {
  const { confidence, threat } = state;
  const sure = confidence ?? (isCut(state) ? null : (threat?.confidence ?? null));
  return sure !== null && !reaches(sure, 'corroborated');
}

/** Over these people talk to each other. */
const TALK = new Set(['messenger', 'calls', 'social']);

/** What goes first, the first difference decides: how sure it is, how far it reaches, what it hits, how sure again, how bad, how new. */
function weightOf(state: State, categoryOf: SiteDeps['categoryOf']): number[] {
  const { region, network, service, confidence, action, since } = state;
  const hits = service !== NETWORK ? Number(service !== null && TALK.has(categoryOf(service) ?? '')) : 2;
  return [
    surenessOf(state),
    Number(region === null),
    hits + Number(service === NETWORK && network === 'all'),
    Number(confidence === 'confirmed'),
    severityOf(action ?? 'warn'),
    since ?? 0,
  ];
}

/** Cut, and borne out; by the public record alone; threatened, or cut when somebody last told of it; one outlet's word; open, or not known. */
function surenessOf(state: State): number {
  if (!isPresent(state)) return 0;
  if (isOneWord(state)) return 1;
  if (!isCut(state)) return 2;
  return isRecordAlone(state) ? 3 : 4;
}

function byWeight(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((one, index) => one !== b[index]);
  return at < 0 ? 0 : b[at]! - a[at]!;
}

/** In each column the worst of several rows. */
export function worstOf(rows: readonly Days[]): Days | null {
  const [first, ...more] = rows;
  if (!first) return null;
  const worst = (a: Days['now'], b: Days['now']): Days['now'] => (strengthOf(b) > strengthOf(a) ? b : a);
  return {
    cells: first.cells.map((cell, at) => more.reduce((known, row) => worst(known, row.cells[at]!), cell)),
    now: more.reduce((known, row) => worst(known, row.now), first.now),
  };
}

function servicesOf(rows: readonly State[]) {
  const named = rows.filter(({ service }) => service !== null);
  return [...Map.groupBy(named, ({ service }) => service!)]
    .map(([service, there]) => ({ service, countries: new Set(there.map(({ country }) => country)).size }))
    .sort((a, b) => b.countries - a.countries || (a.service < b.service ? -1 : 1));
}

/** What one outlet says is over still holds: it is told as what it was. */
export const heldIfUnsure = <T extends Pick<Incident, 'state' | 'confidence' | 'liftConfidence'>>(one: T): T =>
  one.state === 'lifted' && !isOver(one) ? { ...one, state: 'easing' } : one;
