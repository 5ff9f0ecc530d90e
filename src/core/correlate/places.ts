/** What a report counts for: the name that it says, and the places. */
import { type Confidence, type Incident, rankOf, severityOf } from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import type { IncidentTable } from '../ports/store.ts';
import { confidenceOf, liftConfidenceOf } from './ladder.ts';
import { isSameRegion } from './regions.ts';

/**
 * Does this statement that access is cut make the incident surer? Of a named service only who names it; of the whole country only who does not speak
 * of a part of it; of some regions who names one of them, or the whole. All else is for the record.
 */
export const countsFor = (
  incident: Pick<Incident, 'service' | 'regions'>,
  one: Pick<Report, 'service' | 'region'>,
): boolean => isNaming(incident, one) && (one.region === null || isAmong(incident.regions, one.region));

const isNaming = ({ service }: Pick<Incident, 'service'>, one: Pick<Report, 'service'>): boolean =>
  service === null || one.service !== null;

const isAmong = (regions: readonly string[], region: string): boolean =>
  regions.some((one) => isSameRegion(one, region));

/** Two voices, an authority, or a firm measurement. */
export const isSure = (confidence: Confidence | null): boolean =>
  confidence !== null && rankOf(confidence) >= rankOf('corroborated');

/** An incident of more regions has no more of them. */
const MAX_REGIONS = 20;

/** Of single words about other places so many are shown at once; each of them is an edit. */
const MAX_CLAIMS = 3;

/** What a report changes of where an incident holds. */
interface Placing {
  why: 'as-before' | 'first-word' | 'widened' | 'instead' | 'partly-lifted';
  regions: string[];
}

/**
 * Where it holds after this report; each place takes two voices (or an authority, or a firm measurement), said since it last changed there. Until
 * anything of it is sure, what is sure first takes the place of what was said first; what is sure of the whole country is not narrowed.
 * `reports`: all that count by their name, with this one; `transitions`: of the incident. Pure.
 */
export function placing(
  incident: Pick<Incident, 'regions' | 'confidence' | 'action' | 'standing'>,
  report: Report,
  reports: readonly Report[],
  transitions: Awaited<ReturnType<IncidentTable['transitions']>>,
): Placing {
  const { regions } = incident;
  const { region } = report;
  const as = (why: Placing['why'], to: string[] = regions): Placing => ({ why, regions: to });
  const own = reports.filter((one) => (region === null ? one.region === null : isAmong([region], one.region ?? '')));
  const ids = new Set(own.map(({ id }) => id));
  const lastOf = (what: 'widened' | 'partly-lifted'): number =>
    transitions.findLast(({ change, reportId }) => change === what && ids.has(reportId ?? ''))?.at ?? -Infinity;
  const liftedAt = region === null ? -Infinity : lastOf('partly-lifted');
  const lifts = own.filter((one) => one.action === 'unblock' && one.at > lastOf('widened'));
  const wasSure = incident.standing != null || isSure(incident.confidence);
  // What is sure is wider where that same thing holds.
  const isLess = (one: Report): boolean => wasSure && severityOf(one.action) < severityOf(incident.action);
  const force = own.filter((one) => one.action !== 'unblock' && one.at > liftedAt && !isLess(one));
  const all = reports.filter(({ action }) => action !== 'unblock');
  const isHere = region !== null && isAmong(regions, region);

  if (report.action === 'unblock') {
    if (region === null || (isHere ? regions.length === 1 : regions.length > 0)) return as('as-before');
    if (!isHere && liftedAt > -Infinity) return as('as-before');
    if (!isSure(liftConfidenceOf(lifts, all))) return as('as-before');
    return as(
      'partly-lifted',
      regions.filter((one) => !isSameRegion(one, region)),
    );
  }
  if (region === null ? regions.length === 0 : wasSure && (isHere || regions.length === 0)) return as('as-before');
  if (isHere) {
    const sure = regions.filter((one) =>
      isSure(confidenceOf(all.filter((other) => isAmong([one], other.region ?? '')))),
    );
    return sure.length > 0 && sure.length < regions.length ? as('instead', sure) : as('as-before');
  }
  // As long as it is one voice's word, all of it is.
  const isOneVoice = all.every(({ voice }) => voice === report.voice);
  if (region !== null && !wasSure && regions.length > 0 && isOneVoice && regions.length < MAX_REGIONS)
    return as('widened', [...regions, region]);
  const claims = transitions.filter(({ change }) => change === 'claimed').length;
  const isFirst = region !== null && regions.length > 0 && force.length === 1 && claims < MAX_CLAIMS;
  if (!isSure(confidenceOf(force))) return as(isFirst ? 'first-word' : 'as-before');
  if (region === null) return as('widened', []);
  if (!wasSure) return as('instead', [region]);
  return regions.length < MAX_REGIONS ? as('widened', [...regions, region]) : as('as-before');
}

/** A word about another place is shown for so long after the newest of all. */
const SHOWN_FOR = 7 * 86_400_000;

/**
 * What is said of places beside where it holds: where it surely works again, of what is cut in the whole country; and, of what is cut in some regions,
 * in which others too few say so, lately. Pure.
 */
export function besides(
  incident: Pick<Incident, 'regions' | 'service' | 'lastReportAt'>,
  reports: readonly Report[],
): { back: string[]; claimed: string[] } {
  const isLift = ({ action }: Report): boolean => action === 'unblock';
  const all = reports.filter(({ action }) => action !== 'unblock');
  const back: string[] = [];
  const claimed: string[] = [];
  for (const [region, own] of Map.groupBy(reports, (one) => one.region)) {
    if (region === null || isAmong(incident.regions, region)) continue;
    const lifts = own.filter(isLift);
    const lifted = Math.max(...lifts.map(({ at }) => at));
    const said = own.filter((one) => !isLift(one) && isNaming(incident, one) && one.at > lifted);
    if (incident.regions.length === 0) {
      if (isSure(liftConfidenceOf(lifts, all))) back.push(region);
    } else if (said.some(({ at }) => incident.lastReportAt - at <= SHOWN_FOR)) claimed.push(region);
  }
  return { back, claimed };
}
