import HOUSES_OF_SERVICES from '../../../config/houses.json' with { type: 'json' };
import { follows } from '../audience.ts';
import { logFailure, warnOfFailure } from '../errors.ts';
import { advisesOn, type Policy } from '../model/alert.ts';
import type { BaselineEntry, Catalogue, Known } from '../model/catalogue.ts';
import { ANY } from '../model/chat.ts';
import { type Incident, NETWORK, reaches, type Standing } from '../model/incident.ts';
import type { Log } from '../ports/runtime.ts';
import type { IncidentFilter, IncidentTable, MeasurementTable, ReportTable } from '../ports/store.ts';
import { createRecent } from '../recent.ts';
import { type Cell, type Column, type Period, strengthOf, watchedShare } from '../timeline.ts';
import { evidenceOf, MAX_REPORTS } from './evidence.ts';
import {
  type Answer,
  type Asked,
  createFold,
  type Days,
  type Evidence,
  type Facts,
  type Fold,
  heardBy,
  isNotable,
  isOver,
  isPresent,
  isWhole,
  keysOf,
  type Matcher,
  nameOfKey,
  type ObservedCut,
  type State,
  type StateKey,
  STATUS_POLICY,
  type World,
  worstFirst,
} from './fold.ts';
import { createLately } from './lately.ts';

export interface WorldDeps {
  incidents: Pick<IncidentTable, 'list' | 'transitionsOf'>;
  reports: Pick<ReportTable, 'byIncident'>;
  /** Absent: what is measured without an incident is not known. */
  measurements?: Pick<MeasurementTable, 'recent'> | undefined;
  /** Long-standing blocks by the public record; absent = none. */
  baseline?: readonly BaselineEntry[] | undefined;
  /** Services that registers hold as blocked in a country; absent = none does. */
  heldIn?: ((country: string) => Promise<readonly string[]>) | undefined;
  /** When this bot looked at all; absent = always. */
  watched?: (() => Promise<readonly Period[]>) | undefined;
  log: Log;
}

/** Read of one country or service at once, newest evidence first. */
const MAX_INCIDENTS = 1_000;
/** The same of the whole world, where everything is asked for. */
const MAX_EVERYTHING = 5_000;
/** The same of what holds in the whole world, which is asked for by everybody who says hello. */
const MAX_PRESENT = 300;
/** Of one service of one country: what it was may be long ago. */
const MAX_PAIR = 50;
/** Incidents whose reports are looked through for one answer, and that are remembered. */
const MAX_LOOKED_THROUGH = 400;
const MAX_REMEMBERED = 5_000;
/** Services of which nothing else is known are asked observatories for: each is a question to the store. */
const MAX_UNKNOWN = 4;
/** Countries of one answer whose registers and observatories are asked. */
const MAX_COUNTRIES = 60;
/** ms. What ended since is among the incidents of the last weeks, which an answer reads anyway. */
const ENDED_FRESH_FOR = 3_600_000;
const HELD_FRESH_FOR = 60_000;
/** Whose course is read for one picture; the newest. */
const MAX_STORIES = 200;

type Recorded = Standing & { country: string; service: string };

const isNamed = ({ country, service }: Matcher): boolean => country !== ANY && service !== ANY;
const isAll = ({ country, service }: Matcher): boolean => country === ANY && service === ANY;

const wholeOf = ({ country, service }: Matcher): StateKey => ({ country, region: null, service, network: 'all' });

/** Reads what the fold needs, bounded, and what changes slowly no more than once a while however many ask. One a process. */
export const createWorld = (deps: WorldDeps): World => worldOf(deps, keptFor(deps));

/** What changes slowly, or never for a given version. */
const keptFor = ({ measurements }: WorldDeps) => ({
  lately: measurements ? createLately(measurements) : null,
  evidences: new Map<string, { of: string; evidence: Evidence }>(),
  ended: createRecent<Incident[]>(ENDED_FRESH_FOR, MAX_REMEMBERED),
  held: createRecent<readonly string[]>(HELD_FRESH_FOR, MAX_COUNTRIES),
});

function worldOf(deps: WorldDeps, kept: ReturnType<typeof keptFor>): World {
  const { incidents, reports, baseline = [], heldIn, watched, log } = deps;
  const { lately, evidences, ended, held } = kept;

  /** What a matcher is about, and the networks that may be off above it. */
  async function gather({ matchers, reach = 0, everything }: Asked, now: number, isForPresent: boolean) {
    const found = new Map<string, Incident>();
    const most = everything ? MAX_EVERYTHING : MAX_INCIDENTS;
    const take = async (filter: Omit<IncidentFilter, 'limit'>, limit = most): Promise<void> => {
      for (const one of await incidents.list({ ...filter, limit })) found.set(one.id, one);
    };
    const since = now - Math.max(reach, STATUS_POLICY.changedMs);
    const filters = new Map<string, Omit<IncidentFilter, 'limit'>>();
    for (const { country, service } of matchers.some(isAll) ? [{ country: ANY, service: ANY }] : matchers) {
      const filter = country !== ANY ? { country } : service !== ANY ? { service } : {};
      filters.set(JSON.stringify(filter), filter);
    }
    for (const filter of filters.values()) {
      // Of the whole world nothing that is over changes what holds: no record is asked for, which it might have ended.
      const isWorld = Object.keys(filter).length === 0;
      if (!isForPresent || !isWorld) await take({ ...filter, since });
      await take({ ...filter, open: true }, isForPresent && isWorld ? MAX_PRESENT : most);
    }
    for (const { country, service } of matchers.filter(isNamed)) await take({ country, service }, MAX_PAIR);
    if (matchers.some(({ country }) => country === ANY)) await take({ service: NETWORK, family: 'access', open: true });
    return [...found.values()];
  }

  /** By the public record, with the lifts that ended some of it long ago; of the whole world only where everything is asked for. */
  async function recorded({ matchers, everything }: Asked, found: Map<string, Incident>, now: number) {
    const about = everything ? matchers : matchers.filter((one) => !isAll(one));
    const entries = baseline.filter((one) => one.since <= now && about.some((matcher) => follows(matcher, one)));
    for (const entry of entries)
      for (const one of await endedOf(entry, now)) if (!found.has(one.id)) found.set(one.id, one);
    return entries.map(({ ...entry }): Recorded => ({ ...entry, by: 'record' }));
  }

  const endedOf = ({ country, service, since }: BaselineEntry, now: number): Promise<Incident[]> =>
    ended(JSON.stringify([country, service, since]), now, async () => {
      const closed = await incidents.list({ country, service, family: 'access', open: false, since, limit: MAX_PAIR });
      // What is back in a region, or in phones, ends nothing of the whole.
      return closed.filter((one) => isOver(one) && keysOf(one).every(isWhole)).slice(0, 1);
    });

  /** By registers. An answer waits for nothing that it can do without. */
  async function heldOf(country: string, now: number): Promise<Recorded[]> {
    const stands = { country, by: 'register', action: 'block', method: null, since: null } as const;
    try {
      const services = heldIn ? await held(country, now, () => heldIn(country)) : [];
      return services.map((service) => ({ ...stands, service, monthOnly: false, reference: null }));
    } catch (error) {
      logFailure(log, 'Unable to look up what registers hold; what is known otherwise is told without it', error, {
        country,
      });
      return [];
    }
  }

  async function observedOf(matchers: readonly Matcher[], countries: readonly string[], now: number) {
    const cuts: ObservedCut[] = [];
    for (const country of lately ? countries : []) cuts.push(...(await lately!.cutIn(country, now)));
    for (const { country, service } of lately ? matchers : [])
      if (country === ANY && service !== ANY) cuts.push(...(await lately!.cutOf(service, now)));
    return cuts;
  }

  async function evidenceFor(found: readonly Incident[]): Promise<Map<string, Evidence>> {
    const chosen = found.filter(({ state }) => state !== 'withdrawn').sort((a, b) => Number(b.open) - Number(a.open));
    const all = new Map<string, Evidence>();
    let left = MAX_LOOKED_THROUGH;
    for (const one of chosen) {
      const of = `${one.version} ${one.lastReportAt}`;
      let known = evidences.get(one.id);
      if (known?.of !== of) {
        if (left-- <= 0) continue;
        known = { of, evidence: evidenceOf(one, await reports.byIncident(one.id, MAX_REPORTS)) };
        if (evidences.size >= MAX_REMEMBERED) evidences.clear();
        evidences.set(one.id, known);
      }
      all.set(one.id, known.evidence);
    }
    return all;
  }

  async function read(asked: Asked, now: number, isForPresent: boolean): Promise<{ facts: Facts; fold: Fold }> {
    const { matchers, everything } = asked;
    const found = new Map((await gather(asked, now, isForPresent)).map((one) => [one.id, one]));
    const standing = await recorded(asked, found, now);
    const named = matchers.map(({ country }) => country).filter((one) => one !== ANY);
    const isWide = everything || matchers.some(({ country, service }) => country === ANY && service !== ANY);
    const told = isWide ? [...found.values(), ...standing].flatMap(({ country }) => country ?? []) : [];
    const countries = [...new Set([...named, ...told])].slice(0, MAX_COUNTRIES);
    for (const country of countries) standing.push(...(await heldOf(country, now)));
    const all = [...found.values()];
    const observed = await observedOf(matchers, everything ? countries : [...new Set(named)], now);
    const facts: Facts = { incidents: all, standing, observed, evidence: await evidenceFor(all) };
    return { facts, fold: createFold(facts, now) };
  }

  /** What has a row: what is known of what is asked about, and what was asked for by name. */
  function keysFor({ matchers, always = [] }: Asked, fold: Fold): StateKey[] {
    const keys = new Map<string, StateKey>();
    const known = fold.keys();
    for (const key of known) if (matchers.some((one) => follows(one, key))) keys.set(nameOfKey(key), key);
    const add = (of: Matcher): void => {
      const isThere = [...keys.values()].some((one) => one.country === of.country && one.service === of.service);
      if (!isThere) keys.set(nameOfKey(wholeOf(of)), wholeOf(of));
    };
    for (const one of [...matchers, ...always]) if (isNamed(one)) add(one);
    // Where the network is off, no service works.
    for (const { country } of known.filter((one) => one.service === NETWORK && isWhole(one) && one.country !== null))
      for (const { service } of matchers.filter((one) => one.country === ANY && one.service !== ANY))
        if (fold.at(wholeOf({ country: country!, service })).covered) add({ country: country!, service });
    return [...keys.values()];
  }

  async function openAmong(states: readonly State[], now: number) {
    const unknown = states.filter((one) => one.access === 'unknown' && isWhole(one) && one.was !== 'blocked');
    const asked = unknown.filter(({ country, service, incident }) => country && service && !incident);
    const open = asked.slice(0, MAX_UNKNOWN).map(({ country, service }) => lately?.openIn(country!, service!, now));
    return (await Promise.all(open)).filter((one) => one != null);
  }

  async function of(asked: Asked, now: number, isForPresent = false): Promise<Answer> {
    const first = await read(asked, now, isForPresent);
    const keys = keysFor(asked, first.fold);
    const open = await openAmong(
      keys.map((key) => first.fold.at(key)),
      now,
    );
    const facts = { ...first.facts, open };
    const fold = open.length > 0 ? createFold(facts, now) : first.fold;
    const { matchers, always = [], everything, level = 'early' } = asked;
    const named = new Set([...matchers, ...always].filter(isNamed).map((one) => `${one.country} ${one.service}`));
    const isShown = (state: State): boolean =>
      everything || isNotable(state, now) || named.has(`${state.country} ${state.service}`);
    const states = keys
      .map((key) => fold.at(key))
      .filter(isShown)
      .flatMap((state) => heardBy(state, level) ?? [])
      .sort(worstFirst);
    return { states, incidents: [...facts.incidents], facts };
  }

  return {
    of: (asked, now) => of(asked, now),
    present: async (matchers, level, now) => (await of({ matchers, level }, now, true)).states.filter(isPresent),
    views: async (country, service, now) => (await lately?.viewsOf(country, service, now)) ?? [],
    measuredOpen: async (country, now) => (await lately?.measuredOpen(country, now)) ?? new Map(),
    still() {
      const lists = new Map<string, Promise<Incident[]>>();
      const list: WorldDeps['incidents']['list'] = (filter) =>
        lists.getOrInsertComputed(JSON.stringify(filter), () => incidents.list(filter));
      return worldOf({ ...deps, incidents: { list, transitionsOf: (ids) => incidents.transitionsOf(ids) } }, kept);
    },
    async days(keys, columns, { facts }, now) {
      const pairs = new Set(keys.map(({ country, service }) => `${country} ${service}`));
      for (const { country } of keys) pairs.add(`${country} ${NETWORK}`);
      const chosen = facts.incidents
        .filter(({ country, service }) => pairs.has(`${country} ${service}`))
        .toSorted((a, b) => b.lastReportAt - a.lastReportAt)
        .slice(0, MAX_STORIES);
      const transitions = await incidents.transitionsOf(chosen.map(({ id }) => id));
      const fold = createFold({ ...facts, transitions }, now);
      const seen = { now, watched: (await watched?.()) ?? null };
      return keys.map((key) => daysOf(fold, key, columns, seen));
    },
  };
}

/** Of one house: where one of them is cut off, the others are on the same servers or next in line. */
const HOUSES: readonly (readonly string[])[] = HOUSES_OF_SERVICES.houses;
const kinOf = (service: string): readonly string[] => HOUSES.find((house) => house.includes(service)) ?? [service];

export interface KnowledgeDeps {
  policy: Policy;
  log: Log;
  /** Absent: no service is known to be of any kind. */
  catalogue?: Catalogue | undefined;
  world: Pick<World, 'of' | 'measuredOpen'>;
}

/** What alerts may say of a country: what was measured open there lately, and whether advice is wanted. */
export function createKnowledge({ policy, log, catalogue, world }: KnowledgeDeps) {
  const services = catalogue?.services ?? [];
  const categories = new Map(services.map(({ id, category }) => [id, category]));

  /** Measured open, and neither it nor any of its house is cut off, threatened, or was when somebody last told of it. */
  async function openIn(country: string, now: number): Promise<ReadonlyMap<string, number>> {
    try {
      const measured = await world.measuredOpen(country, now);
      if (measured.size === 0) return measured;
      const { states } = await world.of({ matchers: [{ country, service: ANY }] }, now);
      const hit = new Set(states.filter(isPresent).map(({ service }) => service));
      const isFree = (service: string): boolean => kinOf(service).every((one) => !hit.has(one));
      return new Map([...measured].filter(([service]) => service !== NETWORK && isFree(service)));
    } catch (error) {
      // An alert waits for nothing that it can do without.
      const line = 'Unable to look up what was measured in a country; alerts name no service that works there';
      warnOfFailure(log, line, error, { country });
      return new Map();
    }
  }

  return async (country: string | null, now: number): Promise<Known> => {
    const measured = country === null ? new Map<string, number>() : await openIn(country, now);
    return {
      works: [...measured.keys()],
      measurements: (service) => measured.get(service) ?? 0,
      categoryOf: (service) => categories.get(service) ?? null,
      advises: (one) => advisesOn(policy, one),
    };
  };
}

/** Less of a stretch than this was watched: what happened in it is not known. */
const WATCHED_ENOUGH = 0.5;

/** How a state looks in a picture; null = nothing is known, which only who watched can say more of. */
export function cellOf({ access, was, action, confidence, covered, threat }: State): Cell | null {
  const isSure = (one: State['confidence']): boolean => one === null || reaches(one, 'corroborated');
  if (threat && (access === 'unknown' || access === 'open')) return { state: 'warn', sure: isSure(threat.confidence) };
  if (access === 'unknown') return was === null || was === 'open' ? null : { state: 'stale', sure: true };
  const day = action === 'unblock' ? 'open' : (action ?? 'block');
  return { state: covered ? 'shutdown' : day, sure: isSure(confidence) };
}

/**
 * One row of a timeline: the fold at each moment at which it may have changed, in each column the worst; and how it stands now, a mark of its own: a
 * day on which it was cut and came back is both. Pure. `watched`: null = always.
 */
export function daysOf(
  fold: Fold,
  key: StateKey,
  columns: readonly Column[],
  { now, watched }: { now: number; watched: readonly Period[] | null },
): Days {
  const from = columns[0]!.from;
  const moments = [...new Set([from, ...fold.moments(key), now])]
    .filter((at) => at >= from && at <= now)
    .sort((a, b) => a - b);
  const seen = moments.map((at) => ({ at, cell: cellOf(fold.at(key, at)) }));
  const calm = (column: Column): Cell => {
    const share = watched === null ? 1 : watchedShare(watched, column.from, Math.min(column.to, now));
    return { state: share >= WATCHED_ENOUGH ? 'none' : 'gap', sure: true };
  };
  const cells = columns.map((column) => {
    // Between two moments it stays as it was.
    const first = seen.findLastIndex(({ at }) => at <= column.from);
    const within = seen.slice(first).filter(({ at }) => at < column.to);
    const told = within.flatMap((one) => one.cell ?? []);
    return told.length === 0 ? calm(column) : told.reduce((a, b) => (strengthOf(b) > strengthOf(a) ? b : a));
  });
  return { cells, now: cellOf(fold.at(key)) ?? calm(columns.at(-1)!) };
}
