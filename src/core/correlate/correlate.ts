import type { Policy } from '../model/alert.ts';
import {
  type ChangeKind,
  type Incident,
  type Method,
  NETWORK,
  type Standing,
  type StandingChange,
  type Transition,
  familyOf,
  isInForce,
  isNationalShutdown,
  liftReaches,
  rankOf,
  severityOf,
} from '../model/incident.ts';
import { isRelayed, isStruckOff, type Report } from '../model/report.ts';
import type { Gazetteer, Publishers } from '../ports/reading.ts';
import type { Ids } from '../ports/runtime.ts';
import type { Tables } from '../ports/store.ts';
import type { StandsFor } from '../state/standing.ts';
import {
  EVIDENCE,
  confidenceOf,
  countedFor,
  liftConfidenceOf,
  standingOf,
  supporting,
  worseClaim,
  worstOf,
} from './ladder.ts';
import { partCut } from './part.ts';
import { countsFor, isSure, placing } from './places.ts';
import { isSameRegion, placed, placedIncident } from './regions.ts';
import { fingerprint, isCopy, isSameStory, passedOn, publisherOf, voiceAmong } from './voices.ts';
import { isNewcomer } from './whose.ts';

/** Stories heard of in this time are preferred to older ones that are merely still open. */
const CURRENT = 7 * 86_400_000;
/** More open incidents than this are no single story. */
const MAX_MEMBERS = 16;
const ITEMS = 40;

/** Are these incidents reported together by their texts: does one item lead to another incident, and so to all? */
async function isOneStory(tables: Tables, incidents: Incident[]): Promise<boolean> {
  if (incidents.length > MAX_MEMBERS) return false;
  const items: Set<string>[] = [];
  for (const incident of incidents) {
    const reports = await tables.reports.byIncident(incident.id, ITEMS);
    items.push(new Set(reports.flatMap((report) => report.itemId ?? [])));
  }
  const reached = new Set([0]);
  for (const i of reached) {
    for (const [j, other] of items.entries()) if (!reached.has(j) && !items[i]!.isDisjointFrom(other)) reached.add(j);
  }
  return reached.size === incidents.length;
}

/** The open incidents that form the only story of their country and family, or none where there are several (or none). */
export async function onlyStory(tables: Tables, open: Incident[], at: number): Promise<Incident[]> {
  const current = open.filter((one) => at - one.lastReportAt <= CURRENT);
  const candidates = current.length > 0 ? current : open;
  if (candidates.length <= 1) return candidates;
  return (await isOneStory(tables, candidates)) ? candidates : [];
}

/** Measures that began within this time of each other are of one wave: a nameless lift ends all of them. */
const WAVE = 7 * 86_400_000;

/**
 * What a lift that names no service ends: the measures against services that are open in its country, where they all began within a week.
 * Where older ones are open beside newer ones nobody knows which are meant. The network is no "platforms": it is named when it is back.
 */
export function wave(open: readonly Incident[], lift: Pick<Report, 'at'>): Incident[] {
  const hit = open.filter((one) => one.service !== NETWORK && one.openedAt <= lift.at);
  const times = hit.map((one) => one.openedAt);
  return Math.max(...times) - Math.min(...times) <= WAVE ? hit : [];
}

/** How many of an incident's newest reports a text is compared with: the cost of a report does not grow with its story. */
const COMPARED = 40;
/** Open incidents of one country or service that are looked through. */
const CANDIDATES = 50;
/** A story without a name takes the name that the next text gives it for so long. */
const NAMED_WITHIN = 7 * 86_400_000;

type Found =
  /** It belongs to these: one, or the services of one story. */
  | { incidents: Incident[]; why: 'key' | 'only-story' | 'same-text' | 'late' | 'names-it' | 'measure' | 'wave' }
  /** It opens one; `expired` is the quiet one that it does not join any more. */
  | { incidents: []; why: 'new'; expired: Incident | null };

/** Among incidents without a known place: the one whose text is the same story, if there is just one. */
async function sameText(tables: Tables, candidates: Incident[], fingerprint: number[]): Promise<Incident | null> {
  const alike: Incident[] = [];
  for (const candidate of candidates.slice(0, 5)) {
    const reports = await tables.reports.byIncident(candidate.id, COMPARED);
    if (reports.some((one) => isSameStory(one.fingerprint, fingerprint))) alike.push(candidate);
  }
  return alike.length === 1 ? alike[0]! : null;
}

/** Printed again so soon after the end, another outlet's text of before it is old news. */
const LATE_COPY = 12 * 3_600_000;
/** Closed incidents of one key that are looked through. */
const CLOSED = 5;

/**
 * The lifted incident that a lift, or a word that is older than the lift, still belongs to; and the withdrawn one of which a straggler still tells.
 * Copies of what was said before are late for hours. An end that is one source's word alone takes along the words of nobody else.
 */
async function late(tables: Tables, report: Report, fingerprint: number[], policy: Policy): Promise<Incident | null> {
  const { country, service, action, at } = report;
  const since = at - policy.quietAfter;
  const family = familyOf(action);
  const all = await tables.incidents.list({ country, service, family, open: false, since, limit: CLOSED });
  const ended = all.filter(({ closedAt }) => closedAt !== null).sort((a, b) => b.closedAt! - a.closedAt!);
  for (const closed of ended) {
    if (action === 'unblock' && closed.state === 'lifted') return closed;
    const reports = await tables.reports.byIncident(closed.id, COMPARED);
    if (!(await isEndFor(report, closed, reports, tables))) continue;
    // What ended in one region ends nothing in another.
    const isElsewhere = (region: string): boolean =>
      closed.regions.length > 0 && !reports.some((one) => one.region !== null && isSameRegion(one.region, region));
    if (report.region !== null && isElsewhere(report.region)) return null;
    if (at < closed.closedAt!) return closed;
    // Measurements of one kind all read alike: what the rule of rounds says after the lift is a new block, no copy.
    if (at - closed.closedAt! > LATE_COPY || (report.measured && report.measured.strength !== 'anomaly')) return null;
    const isEcho = (one: (typeof reports)[number]): boolean =>
      one.action !== 'unblock' &&
      // Who says the same once more says it anew.
      (report.measured !== null || publisherOf(one) !== publisherOf(report)) &&
      isCopy(one.fingerprint, fingerprint);
    return reports.some(isEcho) ? closed : null;
  }
  return null;
}

/** Is it over for whoever reports this: for everybody where more than one source's word says so, else for that source alone? */
async function isEndFor(
  report: Report,
  closed: Incident,
  reports: readonly Report[],
  tables: Tables,
): Promise<boolean> {
  if (closed.state === 'lifted' && isSure(closed.liftConfidence)) return true;
  const end = (await tables.incidents.transitions(closed.id)).findLast(({ change }) => change === 'withdrawn');
  // An operator's word is no report.
  if (closed.state === 'withdrawn' && end?.reportId == null) return true;
  return reports.some(
    (one) =>
      (closed.state === 'withdrawn' ? one.id === end?.reportId : one.action === 'unblock') &&
      (one.sourceId === report.sourceId || publisherOf(one) === publisherOf(report)),
  );
}

/** A measure goes on while nobody writes of it. A threat does not: the next fine or deadline after so long is another one. */
const THREAT_QUIET = 21 * 86_400_000;
const quietOf = ({ family, standing }: Incident, { quietAfter }: Policy): number => {
  if (standing) return Infinity;
  return family === 'warn' ? Math.min(THREAT_QUIET, quietAfter) : quietAfter;
};

/** In force, and surely so: a threat against the same service is a word about it. What one outlet reports could be a misreading of the threat. */
const isRunning = (one: Incident): boolean => isInForce(one) && (one.standing != null || isSure(one.confidence));

/** A lift that names nothing is of what was lifted within this time, where nothing else is open. */
const LATE_LIFT = 3 * 86_400_000;
const isJustLifted = (one: Incident, at: number): boolean =>
  one.state === 'lifted' && one.service !== NETWORK && Math.abs(at - one.closedAt!) <= LATE_LIFT;

/** Lifts and blocks reach us in the order of the polls, not of events. */
const isLiftBefore = (incident: Incident, report: Pick<Report, 'action' | 'at'>): boolean =>
  report.action === 'unblock' && incident.action !== 'unblock' && report.at < incident.openedAt;

/** Worse in a part of the country than what is sure of the whole: a story of its own. */
const isWorseHere = (report: Pick<Report, 'action' | 'region'>, { action }: Pick<Incident, 'action'>): boolean =>
  report.region !== null && severityOf(report.action) > severityOf(action);

/** Of the open incidents of its key the one that a report is about. */
function whereItHolds(keyed: readonly Incident[], report: Report): Incident | null {
  const whole = keyed.find((one) => one.regions.length === 0) ?? null;
  const inRegions = keyed.find((one) => one.regions.length > 0) ?? null;
  if (report.region === null || !whole) return whole ?? inRegions;
  if (inRegions) return inRegions;
  return isWorseHere(report, whole) && (whole.standing != null || isSure(whole.confidence)) ? null : whole;
}

const belongsTo = (incidents: Incident[], why: Exclude<Found['why'], 'new'>): Found | null =>
  incidents.length > 0 ? { incidents, why } : null;

/**
 * Which incident does a report belong to (domain.md, "Same incident?")? By key (country, service, family). A report without a service
 * joins the only open story of its country and family, a story being the incidents that one text reported together; a story without a
 * service takes the name that the next text gives it (a warning: the only name). A report without a country joins the only open story of its service that its
 * text resembles. A lift, and a late copy, belong to the incident that was lifted.
 */
export async function identify(tables: Tables, report: Report, fingerprint: number[], policy: Policy): Promise<Found> {
  const { country, service, action, at } = report;
  const family = familyOf(action);
  /** The open incidents with its key, however long they have been quiet: at most one for the whole country, and where it is worse in some regions another. */
  const keyed = await tables.incidents.list({ country, service, family, open: true, limit: CANDIDATES });
  const isAwake = (one: Incident): boolean => at - one.lastReportAt <= quietOf(one, policy);
  const awake = keyed.filter(isAwake);
  const byKey = whereItHolds(awake.length > 0 ? awake : keyed, report);
  /** Open incidents of its family that are awake. What stood before anybody reported it is nobody's story: it is meant where it is named. */
  const open = async (filter: { country?: string; service?: string }): Promise<Incident[]> =>
    (await tables.incidents.list({ ...filter, family, open: true, limit: CANDIDATES })).filter(
      (one) => isAwake(one) && !one.standing,
    );

  // In this order: the first that finds a place decides. Null: by this rule it has none.
  for (const rule of [byWave, byOwnKey, byMeasure, byOnlyStory, byNaming, byText, byLateWord]) {
    const found = await rule();
    if (found) return found;
  }
  return { incidents: [], why: 'new', expired: byKey };

  /** "Access to social media is back": what is open there is what it was cut from. */
  async function byWave(): Promise<Found | null> {
    if (country === null || service !== null || action !== 'unblock') return null;
    const hit = belongsTo(wave(await open({ country }), report), 'wave');
    if (hit || keyed.length > 0) return hit;
    const closed = { country, family, open: false, since: at - LATE_LIFT, limit: CANDIDATES };
    const lifted = (await tables.incidents.list(closed)).filter((one) => isJustLifted(one, at));
    return belongsTo(lifted, 'late');
  }

  async function byOwnKey(): Promise<Found | null> {
    if (!byKey || !isAwake(byKey)) return null;
    // A lift that is older than the block is about an earlier one.
    const before = isLiftBefore(byKey, report) ? await byLateWord() : null;
    return before ?? belongsTo(action === 'unblock' ? awake : [byKey], 'key');
  }

  async function byMeasure(): Promise<Found | null> {
    if (family !== 'warn' || country === null) return null;
    const measure = await tables.incidents.openByKey(country, service, 'access');
    return measure && isAwake(measure) && isRunning(measure) ? belongsTo([measure], 'measure') : null;
  }

  async function byOnlyStory(): Promise<Found | null> {
    if (country === null || service !== null) return null;
    return belongsTo(await onlyStory(tables, await open({ country }), at), 'only-story');
  }

  async function byNaming(): Promise<Found | null> {
    if (country === null || service === null || service === NETWORK || action === 'unblock') return null;
    // Of many platforms that are warned, the first of a list is no better a name than the rest.
    if (action === 'warn' && report.listed) return null;
    const all = await open({ country });
    // What is sure without a name is not named by one outlet: its name has a confidence of its own.
    const nameless = all.find((one) => one.service === null && one.action === action && !isSure(one.confidence));
    const recent = all.filter((one) => at - one.lastReportAt <= NAMED_WITHIN);
    return nameless && recent.length === 1 && recent[0]!.id === nameless.id ? belongsTo([nameless], 'names-it') : null;
  }

  async function byText(): Promise<Found | null> {
    if (country !== null || service === null) return null;
    const match = await sameText(tables, await open({ service }), fingerprint);
    return match ? belongsTo([match], 'same-text') : null;
  }

  async function byLateWord(): Promise<Found | null> {
    const closed = await late(tables, report, fingerprint, policy);
    return closed ? belongsTo([closed], 'late') : null;
  }
}

/** What a report did to an incident. `kinds` is empty when it was evidence only. */
export interface IncidentChange {
  before: Incident | null;
  after: Incident;
  kinds: ChangeKind[];
  report: Report;
}

/** While a lift is not sure yet, a word that the block goes on counts from this much after the lift's first report. */
const RESUME_AFTER = 3_600_000;

interface CorrelateDeps {
  policy: Policy;
  ids: Ids;
  /** What stood before a report came. */
  standsFor: StandsFor;
  /** Absent: regions stay in the texts' own words. */
  gazetteer?: Gazetteer | undefined;
  /** Absent: every publisher is an owner of its own. */
  publishers?: Publishers | undefined;
}

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

/**
 * Is it over everywhere? What is cut in the whole country is not back when it is back in one city. Where the last of several regions is left,
 * a word about one of the others says nothing about it.
 */
function liftsAll(lift: Report, incident: Incident, reports: Report[]): boolean {
  const { region } = lift;
  if (isLiftBefore(incident, lift)) return false;
  if (region === null) return true;
  if (incident.regions.length !== 1) return false;
  const wasHit = (one: Report): boolean =>
    isOfForce(one, incident) && one.region !== null && isSameRegion(one.region, region);
  return isSameRegion(incident.regions[0]!, region) || !reports.some(wasHit);
}

/** `reports`: this one and all that are known. */
async function applyRegions(
  tables: Tables,
  after: Incident,
  report: Report,
  reports: readonly Report[],
  kinds: ChangeKind[],
): Promise<void> {
  if (after.state === 'lifted' || isLiftBefore(after, report)) return;
  if (report.region === null && after.regions.length === 0) return;
  const counted = countedFor(
    after,
    reports.filter((one) => one.action === 'unblock' || isOfForce(one, after)),
  );
  const { why, regions } = placing(after, report, counted, await tables.incidents.transitions(after.id));
  after.regions = regions;
  if (why === 'first-word') kinds.push('claimed');
  if (why === 'widened' || why === 'partly-lifted') kinds.push(why);
  if (why !== 'instead' && (why !== 'widened' || regions.length > 0)) return;
  const here = counted.filter((one) => isOfForce(one, after) && countsFor(after, one));
  // What was never sure elsewhere is not since when it holds here; and what is sure of some regions may be less sure of the whole country.
  if (isSure(after.confidence)) {
    after.confidence = confidenceOf(here)!;
    if (isNationalShutdown(after)) kinds.push('escalated');
  } else after.openedAt = Math.min(...here.map(({ at }) => at));
}

function applyLift(after: Incident, evidence: Report[], force: Report[], kinds: ChangeKind[]): void {
  const confidence = liftConfidenceOf(evidence, force);
  if (confidence === null) {
    if (after.state !== 'active') return;
    after.state = 'easing';
    kinds.push('easing');
    return;
  }
  const known = after.liftConfidence;
  if (known !== null && rankOf(confidence) <= rankOf(known)) return;
  after.liftConfidence = confidence;
  if (after.action === 'unblock') after.confidence = confidence;
  if (isSure(confidence) && after.state !== 'lifted') {
    after.state = 'lifted';
    after.open = false;
    after.closedAt = Math.max(...evidence.map((one) => one.at));
    kinds.push('lifted');
  } else if (known === null && after.state !== 'lifted') {
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
  const isCounted = evidence.some(({ id }) => id === report.id);
  if (after.method === null && report.method !== null && report.action === after.action && isCounted) {
    after.method = report.method;
    kinds.push('method-revealed');
  }
  if (after.state === 'easing' && lifts.length > 0) {
    const again = confidenceOf(evidence.filter((one) => isAfterLifts(one, lifts) || isListedAgain(report, lifts)));
    if (isSure(again)) {
      after.state = 'active';
      after.liftConfidence = null;
      kinds.push('resumed');
    }
  }
}

const isAfterLifts = ({ at }: Report, lifts: readonly Report[]): boolean =>
  at >= Math.min(...lifts.map((one) => one.at)) + RESUME_AFTER;

/** A register that alone struck it off takes that back by listing it, however soon. */
const isListedAgain = ({ outlet, at }: Report, lifts: readonly Report[]): boolean =>
  outlet?.kind === 'register' && lifts.every((one) => isStruckOff(one) && one.at <= at);

/** Ways of cutting that are a measure of their own: each is news of what is blocked already. How a probe finds it blocked is none. */
const MEASURES: ReadonlySet<Method> = new Set(['dns', 'app-store', 'legal']);
const MAX_CHANGES = 8;

/** A real change on top of what stood: worse than it was, or another measure. It climbs the ladder by what is said of the change itself. */
export function applyChange(after: Incident, standing: Standing, force: readonly Report[], kinds: ChangeKind[]): void {
  const words = force.filter(({ kind }) => kind !== 'measurement');
  const worse = force.filter(({ action }) => severityOf(action) > severityOf(standing.action));
  const named = [...new Set(words.flatMap(({ method }) => method ?? []))].filter(
    (one) => MEASURES.has(one) && one !== standing.method,
  );
  const isSure = severityOf(after.action) > severityOf(standing.action);
  const found: StandingChange[] = named.map((method) => {
    const own = words.filter((one) => one.method === method);
    return { at: firstOf(own), action: standing.action, method, confidence: confidenceOf(own)! };
  });
  if (worse.length > 0) {
    const action = isSure ? after.action : worstOf(worse);
    const confidence = isSure
      ? after.confidence
      : worse.some((one) => one.kind === 'measurement')
        ? 'suspected'
        : 'reported';
    found.push({ at: firstOf(worse), action, method: null, confidence });
  }
  let changes = standing.changes ?? [];
  for (const one of found) {
    const known = changes.find(({ action, method }) => action === one.action && method === one.method);
    if (known && rankOf(known.confidence) >= rankOf(one.confidence)) continue;
    changes = [...changes.filter((other) => other !== known), known ? { ...one, at: known.at } : one].slice(
      -MAX_CHANGES,
    );
    kinds.push('changed');
  }
  if (changes !== standing.changes) after.standing = { ...standing, changes };
}

const firstOf = (reports: readonly Report[]): number => Math.min(...reports.map(({ at }) => at));

function stamp(after: Incident, at: number): void {
  if (isSure(after.confidence)) after.corroboratedAt ??= at;
  if (after.confidence === 'confirmed') after.confirmedAt ??= at;
}

/** A warning and the block that it warned of point at each other. */
async function link(tables: Tables, after: Incident): Promise<void> {
  const warning = await tables.incidents.openByKey(after.country, after.service, 'warn');
  if (!warning || warning.linkedId !== null) return;
  after.linkedId = warning.id;
  await tables.incidents.update({ ...warning, linkedId: after.id, version: warning.version + 1 });
}

/** Lifts that count: of all that is hit, and after the last time that it turned out to go on. */
export async function liftsThatCount(tables: Tables, incident: Incident, reports: Report[]): Promise<Report[]> {
  const lifts = reports.filter((one) => one.action === 'unblock' && liftsAll(one, incident, reports));
  if (lifts.length === 0) return lifts;
  const resumed = (await tables.incidents.transitions(incident.id)).findLast((one) => one.change === 'resumed');
  return resumed ? lifts.filter((one) => one.at > resumed.at) : lifts;
}

/** What another Tocsin calls it tells copies apart and is shown to nobody: whoever runs that one writes there what they like. */
const untitled = (report: Report): Report => ({ ...report, title: '', summary: '' });

/**
 * Joins one report to its incident (or to those of its story), or opens one, and stores both; call inside the transaction that marks the
 * item as seen. Deterministic for given tables and ids.
 */
export async function correlate(tables: Tables, said: Report, deps: CorrelateDeps): Promise<IncidentChange[]> {
  const hash = said.stated ? [] : fingerprint(said.title, said.summary);
  const report = placed(isRelayed(said) ? untitled(said) : said, deps.gazetteer);
  const found = await identify(tables, report, hash, deps.policy);
  // "It goes on" is evidence for what is open, and opens nothing.
  if (report.measured?.standing && (found.why === 'new' || found.why === 'late')) return [];
  if (found.why === 'new') {
    if (found.expired) await expire(tables, found.expired, report.at);
    const standing = await stoodBefore(tables, report, deps);
    // It had been lifted before it was struck off.
    if (standing === null && isStruckOff(report)) return [];
    return [await (standing ? takeUp(tables, standing, report, hash, deps) : start(tables, report, hash, deps))];
  }
  const changes: IncidentChange[] = [];
  for (const incident of found.incidents) {
    // A story has as many statements as it has incidents: each is stored under an id of its own.
    const own = changes.length === 0 ? report : { ...report, id: deps.ids.next() };
    const before = placedIncident(incident, deps.gazetteer);
    changes.push(await join(tables, before, own, { hash, names: found.why === 'names-it' }, deps));
  }
  return changes;
}

/** Its four characters may be another incident's. */
async function freeId(tables: Tables, report: Report, { ids }: CorrelateDeps): Promise<string> {
  const drawn = (): string => `${report.country ?? 'XX'}-${report.service ?? 'any'}-${ids.tail(4)}`;
  let id = drawn();
  for (let n = 0; n < 20 && (await tables.incidents.get(id)); n++) id = drawn();
  return id;
}

/** What was struck off a register had stood in it, for longer than is known. */
const listed = ({ url }: Report): Standing => ({
  by: 'register',
  action: 'block',
  method: 'legal',
  since: null,
  monthOnly: false,
  reference: url?.startsWith('https://') ? url : null,
});

/** What stood when this was reported and still does: a lift that was corroborated since has ended it, and whatever comes then is new. */
async function stoodBefore(tables: Tables, report: Report, { standsFor }: CorrelateDeps): Promise<Standing | null> {
  const standing = standsFor(report) ?? (isStruckOff(report) ? listed(report) : null);
  if (standing === null || isWorseHere(report, standing)) return null;
  const { country, service } = report;
  const since = standing.since ?? 0;
  const closed = await tables.incidents.list({
    country,
    service,
    family: 'access',
    open: false,
    since,
    limit: CANDIDATES,
  });
  // What is back in a region, or was taken back, has ended nothing of the whole.
  const hasEnded = closed.some(
    (one) => one.state === 'lifted' && one.regions.length === 0 && liftReaches(one, 'corroborated'),
  );
  return hasEnded ? null : standing;
}

/** The first report of what stood already: an incident that is as old as the record says, and that this report joins, whatever it tells. */
async function takeUp(
  tables: Tables,
  standing: Standing,
  report: Report,
  hash: number[],
  deps: CorrelateDeps,
): Promise<IncidentChange> {
  const { action, method } = standing;
  const before: Incident = {
    ...opened({ ...report, action, method, region: null }, await freeId(tables, report, deps)),
    standing,
  };
  await tables.incidents.insert(before);
  await log(tables, before, ['stands'], report);
  const change = await join(tables, before, report, { hash, names: false }, deps);
  return { ...change, before: null, kinds: ['stands', ...change.kinds] };
}

async function start(tables: Tables, report: Report, hash: number[], deps: CorrelateDeps): Promise<IncidentChange> {
  const after = opened(report, await freeId(tables, report, deps));
  after.part = partCut(after, [report]);
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
export const isOfForce = (one: Report, { family }: Incident): boolean =>
  one.action !== 'unblock' && (family === 'warn' || one.action !== 'warn');

async function join(
  tables: Tables,
  before: Incident,
  report: Report,
  { hash, names }: { hash: number[]; names: boolean },
  { gazetteer, publishers }: Pick<CorrelateDeps, 'gazetteer' | 'publishers'>,
): Promise<IncidentChange> {
  const stored = await tables.reports.byIncident(before.id, EVIDENCE);
  const told = stored.map((one) => placed(one, gazetteer));
  const voice = voiceAmong(report, hash, told, publishers);
  const spoken: Report = { ...report, action: agreed(report, before), voice };
  await tables.reports.insert(before.id, spoken, hash);
  const known = await passedOn(tables, before.id, spoken, hash, told);

  const after: Incident = {
    ...before,
    lastReportAt: Math.max(before.lastReportAt, report.at),
    version: before.version + 1,
  };
  const kinds: ChangeKind[] = [];
  if (names) {
    // Only who names it counts for the name, and for what else is said of it.
    after.service = report.service;
    after.regions = report.region === null ? [] : [report.region];
    after.method = report.method;
    after.openedAt = report.at;
    kinds.push('named');
  }
  const all = [spoken, ...known];
  const force = all.filter((one) => isOfForce(one, before));
  if (before.state === 'withdrawn') {
    // A straggler of what was taken back: for the record.
  } else if (report.action === 'warn' && before.family === 'access') {
    // What is in force may get worse, says somebody: for the record, too, until it does.
  } else if (report.action === 'unblock') {
    await applyRegions(tables, after, spoken, all, kinds);
    const lifts = await liftsThatCount(tables, after, all);
    // Strangers alone do not put in doubt what is sure.
    const isKnown = !isSure(before.confidence) || lifts.some((one) => !isNewcomer(one));
    if (liftsAll(report, before, all) && isKnown) applyLift(after, lifts, force, kinds);
  } else if (before.state !== 'lifted' && (after.service === null || report.service !== null)) {
    await applyRegions(tables, after, spoken, all, kinds);
    // A late word about what is over is evidence for the record; about what holds, it may change it.
    const lifts = after.state === 'easing' ? await liftsThatCount(tables, after, all) : [];
    const counted = countedFor(before, force).filter((one) => countsFor(after, one));
    applyForce(after, report, counted, lifts, kinds);
    if (before.standing) applyChange(after, before.standing, counted, kinds);
    after.part = partCut(after, after.family === 'warn' ? counted : supporting(after.action, counted));
    if (after.state === 'active' && isWorseClaimed(before, after, spoken, known)) kinds.push('claimed');
  }
  stamp(after, report.at);
  if (kinds.includes('escalated') && after.linkedId === null) await link(tables, after);
  await tables.incidents.update(after);
  await log(tables, after, kinds, spoken);
  return { before, after, kinds, report: spoken };
}

/** Does this report say for the first time that it is worse than what is in force? */
function isWorseClaimed(before: Incident, after: Incident, report: Report, known: readonly Report[]): boolean {
  const counts = (one: Report): boolean => countsFor(after, one);
  const claim = worseClaim(after, [report, ...known].filter(counts));
  if (claim === null || report.action !== claim.action || before.action !== after.action) return false;
  const earlier = worseClaim(after, known.filter(counts));
  return earlier === null || severityOf(earlier.action) < severityOf(claim.action);
}

async function log(tables: Tables, incident: Incident, kinds: ChangeKind[], report: Report): Promise<void> {
  for (const change of kinds) await addTransition(tables, incident, { change, at: report.at, reportId: report.id });
}

/** Writes down how the incident stands after a change. */
export function addTransition(
  tables: Tables,
  { id, action, state, confidence, method }: Incident,
  cause: Pick<Transition, 'change' | 'at' | 'reportId'>,
): Promise<void> {
  return tables.incidents.addTransition({ ...cause, incidentId: id, action, state, confidence, method });
}

/** Nothing more will join it; what is in force is not known any more, so its state stays as it was last reported. */
export async function expire(tables: Tables, incident: Incident, at: number): Promise<void> {
  await tables.incidents.update({ ...incident, open: false, version: incident.version + 1 });
  await addTransition(tables, incident, { change: 'expired', at, reportId: null });
}
