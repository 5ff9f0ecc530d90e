import type { Policy } from '../model/alert.ts';
import {
  type ChangeKind,
  type Confidence,
  familyOf,
  type Incident,
  NETWORK,
  rankOf,
  severityOf,
  type Transition,
} from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import type { Gazetteer } from '../ports/reading.ts';
import type { Ids } from '../ports/runtime.ts';
import type { Tables } from '../ports/store.ts';
import { fingerprint, identify, isLiftBefore, voiceAmong } from './identify.ts';
import { confidenceOf, countedFor, EVIDENCE, liftConfidenceOf, standingOf, worseClaim } from './ladder.ts';
import { isSameRegion, placed, placedIncident } from './regions.ts';

/** What a report did to an incident. `kinds` is empty when it was evidence only. */
export interface IncidentChange {
  before: Incident | null;
  after: Incident;
  kinds: ChangeKind[];
  report: Report;
}

const MAX_REGIONS = 20;
/** While a lift is not sure yet, a word that the block goes on counts from this much after the lift's first report. */
const RESUME_AFTER = 3_600_000;

interface CorrelateDeps {
  policy: Policy;
  ids: Ids;
  /** Absent: regions stay in the texts' own words. */
  gazetteer?: Gazetteer | undefined;
}

const newId = (report: Report, ids: Ids): string =>
  `${report.country ?? 'XX'}-${report.service ?? 'any'}-${ids.tail(4)}`;

/** As one report opens it, how sure it is left aside. */
export function opened(report: Report, id: string): Incident {
  const lifted = report.action === 'unblock';
  return {
    id,
    country: report.country,
    service: report.service,
    family: familyOf(report.action),
    action: report.action,
    state: lifted ? 'lifted' : report.action === 'warn' ? 'threatened' : 'active',
    confidence: 'reported',
    liftConfidence: null,
    method: report.method,
    regions: report.region === null ? [] : [report.region],
    openedAt: report.at,
    corroboratedAt: null,
    confirmedAt: null,
    closedAt: lifted ? report.at : null,
    lastReportAt: report.at,
    linkedId: null,
    withdrawnBecause: null,
    open: !lifted,
    version: 1,
  };
}

const higher = (a: Confidence | null, b: Confidence | null): Confidence | null =>
  a === null ? b : b === null ? a : rankOf(b) > rankOf(a) ? b : a;

/**
 * Is it over everywhere? A network that is off in the whole country is not back when it is back in one city; of a service, a city is but
 * where somebody noticed. Where the last of several regions is left, a word about one of the others says nothing about it.
 */
function liftsAll(lift: Report, incident: Incident, reports: Report[]): boolean {
  const { region } = lift;
  if (isLiftBefore(incident, lift)) return false;
  if (region === null) return true;
  if (incident.regions.length === 0) return incident.service !== NETWORK;
  if (incident.regions.length > 1) return false;
  const wasHit = (one: Report): boolean =>
    isOfForce(one, incident) && one.region !== null && isSameRegion(one.region, region);
  return isSameRegion(incident.regions[0]!, region) || !reports.some(wasHit);
}

function applyRegions(after: Incident, report: Report, known: Report[], kinds: ChangeKind[]): void {
  const region = report.region;
  if (region === null) return;
  const here = after.regions.some((one) => isSameRegion(one, region));
  if (report.action === 'unblock') {
    const isNews = !known.some((one) => one.action === 'unblock' && one.region && isSameRegion(one.region, region));
    if (isLiftBefore(after, report) || after.state === 'lifted') return;
    if (here && after.regions.length > 1) {
      after.regions = after.regions.filter((one) => !isSameRegion(one, region));
      kinds.push('partly-lifted');
    } else if (after.regions.length === 0 && after.service === NETWORK && isNews) kinds.push('partly-lifted');
  } else if (!here && after.regions.length > 0 && after.regions.length < MAX_REGIONS) {
    after.regions = [...after.regions, region];
    kinds.push('widened');
  }
}

function applyLift(after: Incident, evidence: Report[], force: Report[], kinds: ChangeKind[]): void {
  const confidence = liftConfidenceOf(evidence, force);
  if (confidence === null) {
    if (after.state !== 'active') return;
    after.state = 'easing';
    kinds.push('easing');
    return;
  }
  const first = after.liftConfidence === null;
  const raised = higher(after.liftConfidence, confidence)!;
  if (!first && raised === after.liftConfidence) return;
  after.liftConfidence = raised;
  if (after.action === 'unblock') after.confidence = raised;
  const sure = rankOf(raised) >= rankOf('corroborated');
  if (sure && after.state !== 'lifted') {
    after.state = 'lifted';
    after.open = false;
    after.closedAt = Math.max(...evidence.map((one) => one.at));
    kinds.push('lifted');
  } else if (first && after.state !== 'lifted') {
    kinds.push(after.state === 'easing' ? 'lift-confidence-up' : 'easing');
    after.state = 'easing';
  } else kinds.push('lift-confidence-up');
}

/** Evidence that access is (still) cut. */
function applyForce(after: Incident, report: Report, evidence: Report[], lifts: Report[], kinds: ChangeKind[]): void {
  const standing = standingOf(after, evidence, report.at);
  if (rankOf(standing.confidence) > rankOf(after.confidence)) kinds.push('confidence-up');
  if (standing.why === 'escalated') kinds.push('escalated');
  if (standing.action !== after.action)
    // How it was slowed down is not how it is blocked.
    after.method = evidence.find((one) => one.action === standing.action && one.method !== null)?.method ?? null;
  after.action = standing.action;
  after.confidence = standing.confidence;
  if (after.method === null && report.method !== null && report.action === after.action) {
    after.method = report.method;
    kinds.push('method-revealed');
  }
  if (after.state === 'easing' && lifts.length > 0) {
    const since = Math.min(...lifts.map((one) => one.at)) + RESUME_AFTER;
    const again = confidenceOf(evidence.filter((one) => one.at >= since));
    if (again !== null && rankOf(again) >= rankOf('corroborated')) {
      after.state = 'active';
      after.liftConfidence = null;
      kinds.push('resumed');
    }
  }
}

function stamp(after: Incident, at: number): void {
  const sure = after.confidence;
  if (after.corroboratedAt === null && rankOf(sure) >= rankOf('corroborated')) after.corroboratedAt = at;
  if (after.confirmedAt === null && sure === 'confirmed') after.confirmedAt = at;
}

/** A warning and the block that it warned of point at each other. */
async function link(tables: Tables, after: Incident): Promise<void> {
  const warning = await tables.incidents.openByKey(after.country, after.service, 'warn');
  if (!warning || warning.linkedId !== null) return;
  after.linkedId = warning.id;
  await tables.incidents.update({ ...warning, linkedId: after.id, version: warning.version + 1 });
}

/** Lifts that count: of all that is hit, and after the last time that it turned out to go on. */
async function liftsThatCount(tables: Tables, incident: Incident, reports: Report[]): Promise<Report[]> {
  const lifts = reports.filter((one) => one.action === 'unblock' && liftsAll(one, incident, reports));
  if (lifts.length === 0) return lifts;
  const resumed = (await tables.incidents.transitions(incident.id)).findLast((one) => one.change === 'resumed');
  return resumed ? lifts.filter((one) => one.at > resumed.at) : lifts;
}

/**
 * Joins one report to its incident (or to those of its story), or opens one, and stores both; call inside the transaction that marks the
 * item as seen. Deterministic for given tables and ids.
 */
export async function correlate(tables: Tables, said: Report, deps: CorrelateDeps): Promise<IncidentChange[]> {
  const report = placed(said, deps.gazetteer);
  const hash = report.stated ? [] : fingerprint(report.title, report.summary);
  const found = await identify(tables, report, hash, deps.policy);
  // "It goes on" is evidence for what is open, and opens nothing.
  if (report.measured?.standing && (found.why === 'new' || found.why === 'late')) return [];
  if (found.why === 'new') {
    if (found.expired) await expire(tables, found.expired, report.at);
    return [await start(tables, report, hash, deps)];
  }
  const changes: IncidentChange[] = [];
  for (const incident of found.incidents) {
    // A story has as many statements as it has incidents: each is stored under an id of its own.
    const own = changes.length === 0 ? report : { ...report, id: deps.ids.next() };
    const before = placedIncident(incident, deps.gazetteer);
    changes.push(await join(tables, before, own, { hash, names: found.why === 'names-it' }, deps.gazetteer));
  }
  return changes;
}

async function start(tables: Tables, report: Report, hash: number[], deps: CorrelateDeps): Promise<IncidentChange> {
  let id = newId(report, deps.ids);
  // Its four characters may be another incident's.
  for (let n = 0; n < 20 && (await tables.incidents.get(id)); n++) id = newId(report, deps.ids);
  const after = opened(report, id);
  const kinds: ChangeKind[] = [report.action === 'unblock' ? 'lifted' : 'opened'];
  after.confidence = confidenceOf([report])!;
  if (report.action === 'unblock') after.liftConfidence = after.confidence;
  stamp(after, report.at);
  if (after.family === 'access' && after.open) await link(tables, after);
  await tables.incidents.insert(after);
  await tables.reports.insert(after.id, report, hash);
  await log(tables, after, kinds, report);
  return { before: null, after, kinds, report };
}

/** "Restricts X", of what is known to be slowed down or limited in part, says no more than that. */
const agreed = (report: Report, incident: Incident): Report['action'] =>
  report.vague && report.action === 'block' && (incident.action === 'throttle' || incident.action === 'restrict')
    ? incident.action
    : report.action;

/** Does it say that the incident's own kind of thing holds? A lift does not, nor does a threat against what is cut already. */
const isOfForce = (one: Report, { family }: Incident): boolean =>
  one.action !== 'unblock' && (family === 'warn' || one.action !== 'warn');

async function join(
  tables: Tables,
  before: Incident,
  report: Report,
  { hash, names }: { hash: number[]; names: boolean },
  gazetteer: Gazetteer | undefined,
): Promise<IncidentChange> {
  const stored = await tables.reports.byIncident(before.id, EVIDENCE);
  const known = stored.map((one) => placed(one, gazetteer));
  const spoken: Report = { ...report, action: agreed(report, before), voice: voiceAmong(report, hash, known) };
  await tables.reports.insert(before.id, spoken, hash);

  const after: Incident = {
    ...before,
    lastReportAt: Math.max(before.lastReportAt, report.at),
    version: before.version + 1,
  };
  const kinds: ChangeKind[] = [];
  if (names) {
    after.service = report.service;
    kinds.push('named');
  }
  const all = [spoken, ...known];
  const force = all.filter((one) => isOfForce(one, before));
  if (before.state === 'withdrawn') {
    // A straggler of what was taken back: for the record.
  } else if (report.action === 'warn' && before.family === 'access') {
    // What is in force may get worse, says somebody: for the record, too, until it does.
  } else if (report.action === 'unblock') {
    applyRegions(after, report, known, kinds);
    if (liftsAll(report, before, all)) applyLift(after, await liftsThatCount(tables, after, all), force, kinds);
  } else if (before.state !== 'lifted') {
    applyRegions(after, report, known, kinds);
    // A late word about what is over is evidence for the record; about what holds, it may change it.
    const lifts = after.state === 'easing' ? await liftsThatCount(tables, after, all) : [];
    applyForce(after, report, countedFor(before, force), lifts, kinds);
  }
  if (after.state === 'active' && isWorseClaimed(before, after, spoken, known)) kinds.push('claimed');
  stamp(after, report.at);
  if (kinds.includes('escalated') && after.linkedId === null) await link(tables, after);
  await tables.incidents.update(after);
  await log(tables, after, kinds, spoken);
  return { before, after, kinds, report: spoken };
}

/** Does this report say for the first time that it is worse than what is in force? */
function isWorseClaimed(before: Incident, after: Incident, report: Report, known: readonly Report[]): boolean {
  const claim = worseClaim(after, [report, ...known]);
  if (claim === null || report.action !== claim.action || before.action !== after.action) return false;
  const earlier = worseClaim(after, known);
  return earlier === null || severityOf(earlier.action) < severityOf(claim.action);
}

async function log(tables: Tables, incident: Incident, kinds: ChangeKind[], report: Report): Promise<void> {
  for (const change of kinds) await addTransition(tables, incident, { change, at: report.at, reportId: report.id });
}

/** Writes down how the incident stands after a change. */
function addTransition(
  tables: Tables,
  { id, action, state, confidence, method }: Incident,
  cause: Pick<Transition, 'change' | 'at' | 'reportId'>,
): Promise<void> {
  return tables.incidents.addTransition({ ...cause, incidentId: id, action, state, confidence, method });
}

/** Nothing more will join it; what is in force is not known any more, so its state stays as it was last reported. */
async function expire(tables: Tables, incident: Incident, at: number): Promise<void> {
  await tables.incidents.update({ ...incident, open: false, version: incident.version + 1 });
  await addTransition(tables, incident, { change: 'expired', at, reportId: null });
}
