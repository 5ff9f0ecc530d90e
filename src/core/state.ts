import { codeOf } from './errors.ts';
import { advisesOn, type Policy } from './model/alert.ts';
import type { BaselineEntry, Catalogue, Known } from './model/catalogue.ts';
import {
  type Action,
  type Confidence,
  type Incident,
  isInForce,
  NETWORK,
  severityOf,
  speaksForServices,
} from './model/incident.ts';
import type { Log } from './ports/runtime.ts';

/** What can be said of a service in a country (domain.md, "State"). `unknown` is an honest answer. */
export type AccessState = 'open' | 'degraded' | 'blocked' | 'shutdown' | 'unknown';

/** What an observatory sees cut at present, by its rule. Times: ms since the epoch. */
export interface ObservedCut {
  country: string;
  service: string;
  action: Action;
  /** Null = for longer than is known. */
  since: number | null;
  until: number;
}

export const STATUS_POLICY = {
  /** Without a newer report for this long nothing is certain any more. */
  newsStaleMs: 14 * 86_400_000,
  /** The same where all evidence is measurements: they come by the minute, so their silence tells more. */
  measuredStaleMs: 24 * 3_600_000,
  /** A threat of which nothing was heard for so long hangs over nobody any more. */
  threatStaleMs: 45 * 86_400_000,
  /** How long a change stays in the table. */
  changedMs: 30 * 86_400_000,
};
export type StatusPolicy = typeof STATUS_POLICY;

export interface ServiceStatus {
  country: string | null;
  /** Null: services that no report named. */
  service: string | null;
  state: AccessState;
  /** Where the state is `unknown` because its evidence is old: what it was. */
  was: AccessState | null;
  /** Since when the state (or what it was) holds. */
  since: number | null;
  confidence: Confidence | null;
  /** Time of the newest evidence. */
  evidenceAt: number | null;
  /** What it rests on; null where nothing is known. */
  incident: Incident | null;
  /** The threat that hangs over it, if any. */
  threat: Incident | null;
  /** It is not about the service itself: the country's network is off. */
  covered: boolean;
  /** It rests on this long-standing block, or is borne out by it; absent = on evidence alone. */
  baseline?: BaselineEntry;
  /** It rests on what an observatory sees, without an incident: cut for longer than anybody looked, say. Absent = it does not. */
  observed?: ObservedCut;
  /** Its evidence is old, and yet it stands: a baseline or an order says so. */
  faded?: true;
}

export interface StatusFacts {
  now: number;
  policy: StatusPolicy;
  /** Ids of incidents that rest on measurements alone. */
  measuredOnly?: ReadonlySet<string>;
  /** Ids of incidents that rest on an authority's word: what it ordered stands until it says otherwise. */
  ordered?: ReadonlySet<string>;
  /** Long-standing blocks that no lift has ended. */
  baseline?: readonly BaselineEntry[];
  /** What observatories see cut: counts where no incident tells. */
  observed?: readonly ObservedCut[];
}

const STATE_OF: Partial<Record<Action, AccessState>> = {
  block: 'blocked',
  throttle: 'degraded',
  restrict: 'degraded',
  shutdown: 'shutdown',
};

export const stateOf = ({ state, action }: Pick<Incident, 'state' | 'action'>): AccessState =>
  state === 'lifted' ? 'open' : (STATE_OF[action] ?? 'unknown');

function isStale(incident: Incident, facts: StatusFacts): boolean {
  const measured = facts.measuredOnly?.has(incident.id) ?? incident.confidence === 'suspected';
  const keeps = measured ? facts.policy.measuredStaleMs : facts.policy.newsStaleMs;
  return facts.now - incident.lastReportAt > keeps || (isInForce(incident) && !incident.open);
}

/** The shutdown that speaks for every service of the country, if there is one. */
export function nationalShutdown(incidents: readonly Incident[], country: string, facts: StatusFacts): Incident | null {
  const speaks = (one: Incident) => one.country === country && speaksForServices(one) && !isStale(one, facts);
  return incidents.find(speaks) ?? null;
}

/** `incidents` may be about anything; only those of this key and the country's network count. */
export function statusOf(
  country: string | null,
  service: string | null,
  incidents: readonly Incident[],
  facts: StatusFacts,
): ServiceStatus {
  const own = incidents.filter((incident) => incident.country === country && incident.service === service);
  const isThreat = (one: Incident): boolean =>
    one.family === 'warn' && one.open && facts.now - one.lastReportAt <= facts.policy.threatStaleMs;
  const threat = own.find(isThreat) ?? null;
  const access = own
    .filter((incident) => incident.family === 'access' && incident.state !== 'withdrawn')
    .sort(newest)[0];
  const base = { country, service, threat, covered: false };
  const shutdown = country === null ? null : nationalShutdown(incidents, country, facts);
  if (shutdown && service !== NETWORK) {
    return { ...base, ...evidenceOf(shutdown), state: 'shutdown', was: null, covered: true };
  }
  const isIts = (one: { country: string; service: string }) => one.country === country && one.service === service;
  const standing = facts.baseline?.find(isIts) ?? null;
  const seen = facts.observed?.find(isIts) ?? null;
  if (!access || (standing && access.state === 'lifted' && evidenceOf(access).since! < standing.since))
    return { ...base, ...withoutIncident(standing, seen) };
  const state = stateOf(access);
  const known = { ...base, ...evidenceOf(access), state, was: null };
  if (!isStale(access, facts)) return known;
  if (isInForce(access) && (standing || facts.ordered?.has(access.id)))
    return { ...known, faded: true, ...(standing ? { baseline: standing } : {}) };
  return { ...known, state: 'unknown', was: state };
}

const NOTHING = {
  state: 'unknown',
  was: null,
  since: null,
  confidence: null,
  evidenceAt: null,
  incident: null,
} as const;

/** By the public record, borne out by what an observatory sees; by that alone; or nothing is known. */
function withoutIncident(standing: BaselineEntry | null, observed: ObservedCut | null) {
  const evidence = observed ? { confidence: 'corroborated' as const, evidenceAt: observed.until } : {};
  const source = standing ?? observed;
  if (!source) return NOTHING;
  const state = stateOf({ state: 'active', action: source.action });
  const by = standing ? { baseline: standing } : { observed: observed! };
  return { ...NOTHING, ...evidence, state, since: source.since, ...by };
}

function evidenceOf(incident: Incident): Pick<ServiceStatus, 'since' | 'confidence' | 'evidenceAt' | 'incident'> {
  const over = incident.state === 'lifted';
  return {
    since: over ? (incident.closedAt ?? incident.lastReportAt) : incident.openedAt,
    confidence: over ? (incident.liftConfidence ?? incident.confidence) : incident.confidence,
    evidenceAt: incident.lastReportAt,
    incident,
  };
}

/** What is in force before what is over; then the later. */
const newest = (a: Incident, b: Incident): number =>
  Number(isInForce(b)) - Number(isInForce(a)) || (b.closedAt ?? b.openedAt) - (a.closedAt ?? a.openedAt);

/** One status a (country, service) that these incidents are about, worst first, then newest. */
export function statusesOf(incidents: readonly Incident[], facts: StatusFacts): ServiceStatus[] {
  const keys = new Map<string, Incident>();
  for (const incident of incidents) keys.set(`${incident.country} ${incident.service}`, incident);
  return [...keys.values()].map((one) => statusOf(one.country, one.service, incidents, facts)).sort(worstFirst);
}

const RANK: Record<AccessState, number> = { shutdown: 4, blocked: 3, degraded: 2, unknown: 1, open: 0 };
const worstFirst = (a: ServiceStatus, b: ServiceStatus): number =>
  RANK[b.state] - RANK[a.state] ||
  severityOf(b.incident?.action ?? 'warn') - severityOf(a.incident?.action ?? 'warn') ||
  (b.since ?? 0) - (a.since ?? 0);

/** Long-standing blocks among `facts.baseline` of which no incident tells, as statuses: they come after all else. */
export function standingStatuses(
  known: readonly ServiceStatus[],
  incidents: readonly Incident[],
  facts: StatusFacts,
): ServiceStatus[] {
  const has = new Set(known.map(({ country, service }) => `${country} ${service}`));
  return (facts.baseline ?? [])
    .filter(({ country, service }) => !has.has(`${country} ${service}`))
    .map(({ country, service }) => statusOf(country, service, incidents, facts))
    .sort(worstFirst);
}

/** Is it worth a line where nobody asked for it? Not open, threatened, or changed of late. */
export function isNotable(status: ServiceStatus, facts: StatusFacts): boolean {
  if (status.threat) return true;
  if (status.state === 'unknown') return status.was !== null && status.was !== 'open';
  if (status.state !== 'open') return true;
  return status.since !== null && facts.now - status.since <= facts.policy.changedMs;
}

/** Services of a country that are known to be open: "what still works there". */
export function openServices(incidents: readonly Incident[], country: string, facts: StatusFacts): string[] {
  const own = incidents.filter((incident) => incident.country === country);
  return statusesOf(own, facts).flatMap(({ state, service, threat }) =>
    state === 'open' && service !== null && service !== NETWORK && !threat ? [service] : [],
  );
}

/** Of these services, those of which nobody says, and the public record neither, that they are cut or slowed in the country. */
function unblockedServices(
  services: readonly string[],
  incidents: readonly Incident[],
  country: string,
  facts: StatusFacts,
): string[] {
  const own = incidents.filter((incident) => incident.country === country);
  return services.filter((service) => {
    const { state, was, threat } = statusOf(country, service, own, facts);
    return threat === null && (state === 'open' || (state === 'unknown' && (was === null || was === 'open')));
  });
}

export interface KnowledgeDeps {
  policy: Policy;
  log: Log;
  /** Absent: no service is known to be of any kind. */
  catalogue?: Catalogue | undefined;
  /** Long-standing blocks by the public record; absent = none. */
  baseline?: readonly BaselineEntry[] | undefined;
  /** What observatories see cut in that country, whether or not it was told. */
  cutIn(country: string, now: number): Promise<readonly ObservedCut[]>;
  /** Services that sources hold as blocked there, whether or not they told of them; absent = none does. */
  heldIn?: ((country: string) => Promise<readonly string[]>) | undefined;
}

/** What alerts may say of a country: what works there, what is not known to be blocked, whether advice is wanted. */
export function createKnowledge({ policy, log, catalogue, baseline = [], cutIn, heldIn }: KnowledgeDeps) {
  const services = catalogue?.services ?? [];
  const categories = new Map(services.map(({ id, category }) => [id, category]));
  const messengers = services.filter(({ category }) => category === 'messenger').map(({ id }) => id);

  /** Null = it cannot be found out now. */
  async function cutThere(country: string, now: number): Promise<readonly ObservedCut[] | null> {
    try {
      const [seen, held] = await Promise.all([cutIn(country, now), heldIn?.(country) ?? []]);
      const whole = { country, action: 'block' as const, since: null, until: now };
      return [...seen, ...held.map((service) => ({ ...whole, service }))];
    } catch (error) {
      // An alert waits for nothing that it can do without.
      const code = codeOf(error);
      log.warn('Unable to look up what is cut in a country; alerts name no service that works there', {
        country,
        code,
      });
      return null;
    }
  }

  return async (incidents: readonly Incident[], country: string | null, now: number): Promise<Known> => {
    const observed = country === null ? null : await cutThere(country, now);
    const facts = { now, policy: STATUS_POLICY, baseline, observed: observed ?? [] };
    const cut = new Set(facts.observed.map(({ service }) => service));
    const notCut = (found: (country: string) => string[]): string[] =>
      country === null || observed === null ? [] : found(country).filter((one) => !cut.has(one));
    return {
      works: notCut((there) => openServices(incidents, there, facts)),
      unblocked: notCut((there) => unblockedServices(messengers, incidents, there, facts)),
      categoryOf: (service) => categories.get(service) ?? null,
      advises: (one) => advisesOn(policy, one),
    };
  };
}
