import type { BaselineEntry } from '../../model/catalogue.ts';
import { ANY } from '../../model/chat.ts';
import { type Incident, isInForce, type Level, NETWORK, reaches } from '../../model/incident.ts';
import { JUDGED_KIND, type Measurement, type ObservatoryView, viewOf } from '../../model/measurement.ts';
import type { Block, Inline } from '../../model/message.ts';
import type {
  IncidentFilter,
  IncidentTable,
  MeasurementFilter,
  MeasurementTable,
  ReportTable,
} from '../../ports/store.ts';
import type { Translator } from '../../ports/translate.ts';
import { observatoriesOf, observedLine, reportsInForce } from '../../render/evidence.ts';
import { sayingOf, worstFirst } from '../../render/headline.ts';
import {
  isNotable,
  nationalShutdown,
  type ObservedCut,
  type ServiceStatus,
  STATUS_POLICY,
  type StatusFacts,
  standingStatuses,
  statusesOf,
  statusOf,
} from '../../state.ts';
import { baselineCell, baselineMark, line, list, type Matcher, nameOfMatcher } from '../answer.ts';
import type { CommandContext } from '../command.ts';

/** Lines that name an observatory, in one section. */
const MAX_LINES = 8;
const MAX_REPORTS = 20;
/** Of services without an incident so many are looked up: each is a question to the store. */
const MAX_LOOKED = 4;
const LATELY = 24 * 3_600_000;
/** Each observatory has looked anew by then. */
const JUST_NOW = 3 * 3_600_000;
const MAX_MEASUREMENTS = 200;
/** ms. */
const FRESH_FOR = 60_000;
/** Services; each holds up to `MAX_MEASUREMENTS`. */
const MAX_REMEMBERED = 20;

interface ObservedCapabilities {
  reports: Pick<ReportTable, 'byIncident'>;
  /** Absent: what is measured without an incident is not shown. */
  lately?: Lately | undefined;
}

/** What was measured of a service in the last day, newest first; read once a minute, however many ask. */
export interface Lately {
  /** `now`: ms since the epoch. */
  of(service: string, now: number): Promise<readonly Measurement[]>;
  /** What observatories see cut in that country, by the newest word of each. */
  cutIn(country: string, now: number): Promise<readonly ObservedCut[]>;
}

export function createLately(measurements: Pick<MeasurementTable, 'recent'>): Lately {
  const known = new Map<string, { at: number; found: readonly Measurement[] }>();

  async function read(key: string, now: number, filter: Omit<MeasurementFilter, 'limit'>) {
    const seen = known.get(key);
    if (seen && Math.abs(now - seen.at) < FRESH_FOR) return seen.found;
    const found = await measurements.recent({ ...filter, limit: MAX_MEASUREMENTS });
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(key, { at: now, found });
    return found;
  }

  return {
    of: (service, now) => read(service, now, { target: service, since: now - LATELY }),
    async cutIn(country, now) {
      const filter = { country, notKind: JUDGED_KIND, since: now - JUST_NOW };
      const found = await read(`in ${country}`, now, filter);
      const newest = new Map<string, ObservedCut | null>();
      for (const one of found) {
        const view = one.target === null ? null : viewOf(one);
        const key = `${one.kind} ${one.target}`;
        if (!view || view.region !== null || newest.has(key)) continue;
        newest.set(key, view.says === 'cut' && !view.isSign ? cutOf(country, one.target!, view) : null);
      }
      return [...newest.values()].filter((one) => one !== null);
    },
  };
}

/** Of what has lasted for longer than observatories are asked for the begin is not known. */
const KNOWN_FOR = 14 * 86_400_000;

const cutOf = (country: string, service: string, { action, since, until }: ObservatoryView): ObservedCut => ({
  country,
  service,
  action,
  since: until - since >= KNOWN_FOR ? null : since,
  until,
});

interface Observing {
  nameOf(status: ServiceStatus): string;
  words: Translator;
  now: number;
}

/**
 * Rows of which nothing tells but observatories that measured them within the last hours, and all of which see them open: open, says the row. What one of
 * them sees cut stays as it is.
 */
async function withOpenSeen(
  rows: readonly ServiceStatus[],
  now: number,
  can: ObservedCapabilities,
): Promise<ServiceStatus[]> {
  const unknown = rows.filter(({ state, incident, covered }) => state === 'unknown' && incident === null && !covered);
  const looked = new Set(unknown.slice(0, MAX_LOOKED));
  const seen = async (row: ServiceStatus): Promise<ServiceStatus> => {
    const views = looked.has(row) ? await viewsLately(row, now, can) : [];
    const evidenceAt = Math.max(...views.map(({ until }) => until));
    const isOpen = views.length > 0 && views.every(({ says }) => says === 'open') && now - evidenceAt <= LATELY;
    return isOpen ? { ...row, state: 'open', confidence: 'corroborated', evidenceAt } : row;
  };
  return Promise.all(rows.map(seen));
}

/** Which observatories bear out what is in force, and what they see of services without an incident (cut for long, or open), each with its link. */
export async function observedLines(
  rows: readonly ServiceStatus[],
  { nameOf, words, now }: Observing,
  can: ObservedCapabilities,
): Promise<Inline[][]> {
  const lines: Inline[][] = [];
  const open = rows.filter(({ covered }) => !covered);
  const known = open.filter(({ incident }) => incident !== null && isInForce(incident));
  for (const status of known.slice(0, MAX_LINES)) {
    const reports = await can.reports.byIncident(status.incident!.id, MAX_REPORTS);
    const force = reportsInForce(status.incident!, reports);
    for (const one of observatoriesOf(force)) lines.push([`${nameOf(status)}: `, ...observedLine(one, words)]);
  }
  for (const status of open.filter((one) => !known.includes(one)).slice(0, MAX_LOOKED)) {
    for (const view of await viewsLately(status, now, can)) {
      const [source, ...counts] = observedLine(asReport(view), words);
      lines.push([
        `${nameOf(status)}: `,
        source!,
        `${words.dash}${words.say(view.says === 'cut' ? 'state.block' : 'state.open')}`,
        ...counts,
      ]);
    }
  }
  return lines.slice(0, MAX_LINES);
}

/** The newest of each observatory about this service of this country. */
async function viewsLately({ country, service }: ServiceStatus, now: number, can: ObservedCapabilities) {
  if (country === null || service === null || !can.lately) return [];
  const recent = await can.lately.of(service, now);
  const newest = new Map<string, ObservatoryView>();
  for (const one of recent) {
    const view = one.probeCc === country ? viewOf(one) : null;
    if (view && !newest.has(view.observatory)) newest.set(view.observatory, view);
  }
  return [...newest.values()].filter(({ says, isSign }) => says !== 'partly' && !isSign);
}

const asReport = ({ observatory, name, url, licence, networks, signals, measurements }: ObservatoryView) => ({
  url,
  publisherName: name,
  sourceId: name,
  measured: {
    strength: 'window-rule' as const,
    verdict: '',
    component: null,
    observatory,
    networks,
    signals,
    ...(measurements > 0 ? { measurements } : {}),
    ...(licence === null ? {} : { licence }),
  },
});

/** Each is a question to the store. */
const MAX_LOOKED_UP = 25;

/** Of those whose newest evidence is old: which rest on measurements alone, and so go stale sooner, and which on an authority's word, which stands? */
export async function oldEvidence(
  incidents: readonly Incident[],
  now: number,
  can: { reports: Pick<ReportTable, 'byIncident'> },
): Promise<{ measuredOnly: Set<string>; ordered: Set<string> }> {
  const old = incidents.filter((one) => isInForce(one) && now - one.lastReportAt > STATUS_POLICY.measuredStaleMs);
  const measuredOnly = new Set<string>();
  const ordered = new Set<string>();
  for (const incident of old.slice(0, MAX_LOOKED_UP)) {
    const reports = await can.reports.byIncident(incident.id, MAX_REPORTS);
    if (reports.length > 0 && reports.every((report) => report.kind === 'measurement')) measuredOnly.add(incident.id);
    if (reports.some(({ kind, action }) => kind === 'authority' && action !== 'unblock')) ordered.add(incident.id);
  }
  return { measuredOnly, ordered };
}

/** What is known now of a country, a service or the world: for `status`, and for pages. */

const MAX_INCIDENTS = 300;
/** Long-standing blocks of one answer. */
const MAX_STANDING = 40;

interface KnownCapabilities extends ObservedCapabilities {
  incidents: Pick<IncidentTable, 'list'>;
  baseline: readonly BaselineEntry[];
  lifted: Lifted;
}

interface AskedNow {
  matcher: Matcher;
  /** Named services of the matcher's country. */
  services: readonly string[];
  /** What has a row whatever is known of it. */
  followed: readonly Matcher[];
}

interface KnownNow {
  /** The worst first, long-standing blocks last. */
  rows: ServiceStatus[];
  /** What the rows rest on, and whatever else was read. */
  incidents: Incident[];
  facts: StatusFacts;
}

/** `reach`: ms, how long ago something may have ended to be among the incidents. */
export async function knownNow(
  { matcher, services, followed }: AskedNow,
  now: number,
  can: KnownCapabilities,
  reach = STATUS_POLICY.changedMs,
): Promise<KnownNow> {
  const { country, service } = matcher;
  const incidents = await gather(matcher, services.length > 0, now - reach, can);
  const baseline = await standingIn(matcher, services, incidents, { now, can });
  const observed = country === ANY ? [] : ((await can.lately?.cutIn(country, now)) ?? []);
  const evidence = await oldEvidence(incidents, now, can);
  const facts: StatusFacts = { now, policy: STATUS_POLICY, baseline, observed, ...evidence };
  const named = country !== ANY && service !== ANY ? services : [];
  const derived =
    named.length > 0
      ? named.map((one) => statusOf(country, one, incidents, facts))
      : listed(matcher, services, followed, incidents, facts);
  return { rows: await withOpenSeen(derived, now, can), incidents, facts };
}

/** What is not open, what this chat follows there, what changed of late. */
function listed(
  { country, service }: Matcher,
  services: readonly string[],
  followed: readonly Matcher[],
  incidents: readonly Incident[],
  facts: StatusFacts,
): ServiceStatus[] {
  const own = (status: ServiceStatus): boolean =>
    (country === ANY || status.country === country) && (service === ANY || status.service === service);
  const all = statusesOf(incidents, facts).filter(own);
  const rows = all.filter((status) => isNotable(status, facts));
  const add = (where: string, what: string): void => {
    if (rows.some((row) => row.country === where && row.service === what)) return;
    rows.push(statusOf(where, what, incidents, facts));
  };
  for (const one of services) if (country !== ANY) add(country, one);
  const isIts = (one: ObservedCut): boolean => service === ANY || one.service === service;
  for (const one of (facts.observed ?? []).filter(isIts)) add(one.country, one.service);
  // Where the network is off, no service works.
  if (country === ANY && service !== ANY) {
    const off = incidents.flatMap((one) =>
      one.country && nationalShutdown(incidents, one.country, facts) ? one.country : [],
    );
    for (const one of new Set(off)) add(one, service);
  }
  for (const one of followed) {
    if (country !== ANY && one.service !== ANY && (one.country === country || one.country === ANY))
      add(country, one.service);
    if (country === ANY && service !== ANY && one.country !== ANY && (one.service === service || one.service === ANY)) {
      add(one.country, service);
    }
  }
  const standing = standingStatuses(all, incidents, facts).filter(own);
  return [
    ...rows,
    ...standing.filter(({ country: c, service: s }) => !rows.some((row) => row.country === c && row.service === s)),
  ];
}

/**
 * Long-standing blocks of what is asked about, with the lifts that ended some of them long ago among the incidents; of the whole world none: that is about what is
 * new.
 */
async function standingIn(
  { country, service }: Matcher,
  named: readonly string[],
  incidents: Incident[],
  { now, can }: { now: number; can: KnownCapabilities },
): Promise<BaselineEntry[]> {
  if (country === ANY && service === ANY) return [];
  const asked = can.baseline.filter(
    (one) =>
      (country === ANY || one.country === country) &&
      (service === ANY || named.includes(one.service) || one.service === service),
  );
  const known = new Set(incidents.map((one) => one.id));
  for (const one of asked.slice(0, MAX_STANDING)) {
    const closed = await can.lifted.of(one, now);
    if (closed && !known.has(closed.id)) incidents.push(closed);
  }
  return asked.slice(0, MAX_STANDING);
}

async function gather(
  { country, service }: Matcher,
  named: boolean,
  since: number,
  can: KnownCapabilities,
): Promise<Incident[]> {
  const filter: Omit<IncidentFilter, 'limit'> = {
    ...(country === ANY ? {} : { country }),
    ...(service === ANY || country !== ANY ? {} : { service }),
  };
  const found = new Map<string, Incident>();
  const take = async (more: Omit<IncidentFilter, 'limit'>): Promise<void> => {
    for (const one of await can.incidents.list({ ...more, limit: MAX_INCIDENTS })) found.set(one.id, one);
  };
  await take({ ...filter, open: true });
  // Older ones say what was; of a named service that may be long ago.
  await take(named ? filter : { ...filter, since });
  // A network that is off covers the service that is asked about.
  if (country === ANY && service !== ANY) await take({ service: NETWORK, family: 'access', open: true });
  return [...found.values()];
}

const PER_MATCHER = 200;

/** Open incidents that these matchers cover and that have reached the chat's level: worst first, then newest. */
export async function openNow(
  incidents: Pick<IncidentTable, 'list'>,
  matchers: readonly Matcher[],
  level: Level,
): Promise<Incident[]> {
  const open = await coveredBy(matchers, { open: true, limit: PER_MATCHER }, incidents);
  return open
    .filter(({ confidence }) => reaches(confidence, level))
    .sort((a, b) => worstFirst(sayingOf(a), sayingOf(b)) || b.openedAt - a.openedAt);
}

/** Each incident once that one of these matchers covers; `filter`: of each matcher. */
export async function coveredBy(
  matchers: readonly Matcher[],
  filter: IncidentFilter,
  incidents: Pick<IncidentTable, 'list'>,
): Promise<Incident[]> {
  const found = new Map<string, Incident>();
  for (const { country, service } of matchers) {
    const only = { ...(country === ANY ? {} : { country }), ...(service === ANY ? {} : { service }) };
    for (const one of await incidents.list({ ...only, ...filter })) found.set(one.id, one);
  }
  return [...found.values()];
}

/** The same without order of severity: what came last comes first. */
export const newestFirst = (incidents: readonly Incident[]): Incident[] =>
  [...incidents].sort((a, b) => b.openedAt - a.openedAt);

/** ms. What ended since is among the incidents of the last weeks, which an answer reads anyway. */
const LIFT_FRESH_FOR = 3_600_000;

/** What ended a long-standing block, if anything has. Remembered for an hour: a country has dozens of entries, and asks come in thousands. */
export interface Lifted {
  /** The newest closed incident about it since it began, or null. `now`: ms since the epoch. */
  of(entry: BaselineEntry, now: number): Promise<Incident | null>;
}

export function createLifted(incidents: Pick<IncidentTable, 'lastClosed'>): Lifted {
  const known = new Map<BaselineEntry, { at: number; incident: Incident | null }>();
  return {
    async of(entry, now) {
      const seen = known.get(entry);
      if (seen && Math.abs(now - seen.at) < LIFT_FRESH_FOR) return seen.incident;
      const incident = await incidents.lastClosed(entry.country, entry.service, 'access', entry.since);
      // As many as the file has lines.
      known.set(entry, { at: now, incident });
      return incident;
    },
  };
}

const covers = (one: Matcher, { country, service }: BaselineEntry): boolean =>
  (one.country !== ANY || one.service !== ANY) &&
  (one.country === ANY || one.country === country) &&
  (one.service === ANY || one.service === service);

interface StandingCapabilities {
  baseline: readonly BaselineEntry[];
  incidents: Pick<IncidentTable, 'openByKey'>;
  lifted: Lifted;
}

interface Standing {
  /** Newest first; of the newest so many that are looked up. */
  entries: BaselineEntry[];
  /** Older ones, which were not looked up. */
  older: number;
}

/** Long-standing blocks that these cover. What an incident tells of, or a lift has ended, is left out; "everything" has none. */
export async function standingOf(
  matchers: readonly Matcher[],
  now: number,
  can: StandingCapabilities,
): Promise<Standing> {
  const asked = can.baseline.filter((entry) => matchers.some((one) => covers(one, entry)));
  const entries: BaselineEntry[] = [];
  for (const entry of asked.toSorted((a, b) => b.since - a.since).slice(0, MAX_LOOKED_UP)) {
    const { country, service } = entry;
    if (!(await can.incidents.openByKey(country, service, 'access')) && !(await can.lifted.of(entry, now)))
      entries.push(entry);
  }
  return { entries, older: Math.max(0, asked.length - MAX_LOOKED_UP) };
}

/** As a list of at most `max` under a heading: nobody should read "nothing is cut off" about what has been blocked for years. */
export function standingList({ entries, older }: Standing, max: number, { words, now }: CommandContext): Block[] {
  if (entries.length === 0) return [];
  const items = entries
    .slice(0, max)
    .map((one) => [`${baselineMark(one)} ${nameOfMatcher(one, words)} · ${baselineCell(one, words, now)}`]);
  const rest = entries.length + older - items.length;
  if (rest > 0) items.push([words.say('list.more', { n: rest })]);
  return [line(words.say('subscribe.standing')), list(items)];
}

/** Both at once, for an answer that does nothing else with them. */
export const standingBlocks = async (
  matchers: readonly Matcher[],
  max: number,
  context: CommandContext,
  can: StandingCapabilities,
): Promise<Block[]> => standingList(await standingOf(matchers, context.now, can), max, context);

/** Answers that many ask for within moments: made once for all of them. Bounded, and forgotten after `ttlMs`. */
interface Recent<T> {
  /** The value of a key, made when it is not there or too old. A failure is not kept. */
  get(key: string, now: number, make: () => Promise<T>): Promise<T>;
}

export function createRecent<T>(ttlMs: number, maxKeys: number): Recent<T> {
  const kept = new Map<string, { until: number; value: Promise<T> }>();
  return {
    get(key, now, make) {
      const known = kept.get(key);
      if (known && known.until > now) return known.value;
      const value = make();
      const entry = { until: now + ttlMs, value };
      kept.delete(key);
      kept.set(key, entry);
      if (kept.size > maxKeys) kept.delete(kept.keys().next().value!);
      value.catch(() => {
        if (kept.get(key) === entry) kept.delete(key);
      });
      return value;
    },
  };
}
