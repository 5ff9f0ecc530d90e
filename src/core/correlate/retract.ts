/** What becomes of an incident when a source takes back what it said: its words count for nothing any more, and the rest is judged anew. */
import {
  type ChangeKind,
  type Confidence,
  type Incident,
  rankOf,
  type Standing,
  severityOf,
} from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import type { Tables } from '../ports/store.ts';
import { addTransition, applyChange, isOfForce, liftsThatCount } from './correlate.ts';
import { confidenceOf, countedFor, EVIDENCE, liftConfidenceOf, standingOf, supporting, worstOf } from './ladder.ts';
import { countsFor, isSure } from './places.ts';
import { isSameRegion } from './regions.ts';

/** What carries an incident, as it is left. */
interface Left {
  /** All that stands, newest first. */
  reports: readonly Report[];
  /** Those among them that lift it. */
  lifts: readonly Report[];
  /** Has another incident of its key opened since? */
  isFollowed: boolean;
}

const lower = (a: Confidence, b: Confidence): Confidence => (rankOf(a) < rankOf(b) ? a : b);

/** How sure the worst of what is left is; never worse, nor surer, than it was. */
function heldBy(before: Incident, force: readonly Report[]): Pick<Incident, 'action' | 'confidence'> {
  const { family, standing } = before;
  if (force.length === 0) return { action: before.standing!.action, confidence: 'reported' };
  const isCarried = supporting(before.action, force).length > 0;
  const action = isCarried ? before.action : (standing?.action ?? worstOf(force));
  const newest = Math.max(...force.map(({ at }) => at));
  const found = standingOf({ family, action, confidence: 'reported' }, force, newest);
  const isWorse = severityOf(found.action) > severityOf(before.action);
  const held = isWorse ? { action: before.action, confidence: confidenceOf(supporting(before.action, force))! } : found;
  const most = before.confirmedAt === null ? before.confidence : 'confirmed';
  return { action: held.action, confidence: lower(held.confidence, most) };
}

/** Changes on top of what stood, by what is left of those who told of them. */
function changesOf(after: Incident, standing: Standing, force: readonly Report[]): Standing {
  const { changes = [], ...bare } = standing;
  const anew: Incident = { ...after, standing: bare };
  applyChange(anew, bare, force, []);
  const kept = (anew.standing?.changes ?? []).flatMap((one) => {
    const was = changes.find(({ action, method }) => action === one.action && method === one.method);
    return was ? [{ ...one, at: was.at, confidence: lower(one.confidence, was.confidence) }] : [];
  });
  return kept.length > 0 ? { ...bare, changes: kept } : bare;
}

/** How the lift stands: what is not sure any more is not over. */
function liftOf(before: Incident, force: readonly Report[], { lifts, isFollowed }: Left): Partial<Incident> {
  if (before.state !== 'easing' && before.state !== 'lifted') return {};
  const found = lifts.length > 0 ? liftConfidenceOf(lifts, force) : null;
  const liftConfidence = found && before.liftConfidence ? lower(found, before.liftConfidence) : null;
  if (before.state === 'lifted' && (isSure(liftConfidence) || isFollowed))
    return { liftConfidence: liftConfidence ?? 'reported' };
  const state = lifts.length > 0 ? 'easing' : 'active';
  return { state, liftConfidence, open: true, closedAt: null };
}

/**
 * The incident as the rest carries it, and what that changed; null = the rest carries nothing, and it is to be withdrawn. Pure. What stood before anybody
 * reported it stands without anybody's word.
 */
function rejudged(before: Incident, left: Left): { after: Incident; kinds: ChangeKind[] } | null {
  const said = left.reports.filter((one) => isOfForce(one, before));
  if (before.action === 'unblock') {
    if (left.lifts.length === 0) return null;
    const confidence = lower(before.confidence, liftConfidenceOf(left.lifts, said) ?? 'reported');
    const fell = confidence !== before.confidence;
    return {
      after: { ...before, confidence, liftConfidence: confidence, version: before.version + 1 },
      kinds: fell ? ['fell'] : [],
    };
  }
  if (said.length === 0 && !before.standing) return null;
  const named = before.regions.filter((region) =>
    said.some((one) => one.region !== null && isSameRegion(one.region, region)),
  );
  const regions = named.length > 0 ? named : before.regions;
  const force = countedFor(before, said).filter((one) => countsFor({ ...before, regions }, one));
  if (force.length === 0 && !before.standing) return null;
  const { action, confidence } = heldBy(before, force);
  const ways = force.filter((one) => one.action === action).flatMap(({ method }) => method ?? []);
  const after: Incident = {
    ...before,
    ...liftOf(before, force, left),
    regions,
    action,
    confidence,
    method:
      before.method !== null && ways.includes(before.method)
        ? before.method
        : (ways[0] ?? before.standing?.method ?? null),
    openedAt: before.standing ? before.openedAt : Math.min(...force.map(({ at }) => at)),
    corroboratedAt: isSure(confidence) ? before.corroboratedAt : null,
    confirmedAt: confidence === 'confirmed' ? before.confirmedAt : null,
    version: before.version + 1,
  };
  if (before.standing) after.standing = changesOf(after, before.standing, force);
  const kinds: ChangeKind[] = [];
  if (isShownOtherwise(before, after)) kinds.push('fell');
  if (before.state !== after.state && before.liftConfidence !== null) kinds.push('resumed');
  return { after, kinds };
}

const isShownOtherwise = (before: Incident, after: Incident): boolean =>
  (['action', 'confidence', 'method', 'openedAt', 'liftConfidence'] as const).some(
    (one) => before[one] !== after[one],
  ) ||
  before.regions.length !== after.regions.length ||
  JSON.stringify(before.standing) !== JSON.stringify(after.standing);

/** Words of one source in one incident that are taken back. */
export interface TakenBack {
  incidentId: string;
  reportIds: readonly string[];
}

/**
 * Takes words back, in the caller's transaction: they stay on record, marked. Null = they were all there was, and nothing is marked: the incident itself is
 * to be withdrawn. `at`: ms since the epoch.
 */
export async function takeBack(
  tables: Tables,
  { incidentId, reportIds }: TakenBack,
  at: number,
): Promise<{ before: Incident; after: Incident; kinds: ChangeKind[] } | null> {
  const before = (await tables.incidents.get(incidentId))!;
  if (before.state === 'withdrawn') return { before, after: before, kinds: [] };
  const all = await tables.reports.byIncident(incidentId, EVIDENCE);
  const reports = all.filter(({ id }) => !reportIds.includes(id));
  const lifts = await liftsThatCount(tables, before, reports);
  const open = await tables.incidents.openByKey(before.country, before.service, before.family);
  const result = rejudged(before, { reports, lifts, isFollowed: open !== null && open.id !== before.id });
  if (result === null) return null;
  const { after, kinds } = result;
  await tables.reports.takeBack(incidentId, reportIds, at);
  await tables.incidents.update(after);
  // Not as a word that it goes on: lifts of before still count.
  if (kinds.length > 0) await addTransition(tables, after, { change: 'fell', at, reportId: reportIds[0]! });
  return { before, after, kinds };
}
