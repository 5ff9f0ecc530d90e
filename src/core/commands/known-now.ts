/** What is known now of a country, a service or the world: for `status`, and for pages. */
import type { BaselineEntry } from '../model/baseline.ts';
import { ANY } from '../model/chat.ts';
import { type Incident, NETWORK } from '../model/incident.ts';
import type { IncidentFilter, IncidentTable, ReportTable } from '../ports/store.ts';
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
} from '../status/derive.ts';
import type { Matcher } from './describe.ts';
import type { Lifted } from './lifted.ts';
import { type Lately, withOpenSeen } from './observed-now.ts';
import { oldEvidence } from './old-evidence.ts';

const MAX_INCIDENTS = 300;
/** Long-standing blocks of one answer. */
const MAX_STANDING = 40;

export interface KnownCapabilities {
  incidents: Pick<IncidentTable, 'list'>;
  reports: Pick<ReportTable, 'byIncident'>;
  baseline: readonly BaselineEntry[];
  lifted: Lifted;
  /** What observatories see of services without an incident; absent = not shown. */
  lately?: Lately;
}

export interface AskedNow {
  matcher: Matcher;
  /** Named services of the matcher's country. */
  services: readonly string[];
  /** What has a row whatever is known of it. */
  followed: readonly Matcher[];
}

export interface KnownNow {
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
