import { confidenceOf, liftConfidenceOf, supporting } from '../correlate/ladder.ts';
import { partCut } from '../correlate/part.ts';
import { countsFor, isSure } from '../correlate/places.ts';
import { isNewcomer } from '../correlate/whose.ts';
import type { Incident } from '../model/incident.ts';
import { isStruckOff, type Report, type ReportKind } from '../model/report.ts';
import { courseOf } from '../render/evidence.ts';
import type { Evidence, SinceKind, Spell } from './fold.ts';

/** What a date is worth by who gives it: an outlet only says when it heard of it. */
const DATED: Record<ReportKind, SinceKind> = {
  news: 'first-reported',
  authority: 'by-authority',
  measurement: 'measured',
};
const oldest = (reports: readonly Report[]): Report | undefined => reports.toSorted((a, b) => a.at - b.at)[0];
/** A lift holds from when the last of those that made it sure said so. */
const newest = (reports: readonly Report[], at: number): Report | undefined =>
  oldest(reports.filter((one) => one.at >= at)) ?? reports[0];

/** What a report adds to its incident stands in the newest of them: so many are looked through. */
export const MAX_REPORTS = 60;

/** What the reports of an incident tell and it does not; `reports`: the newest, however many were read. Pure. */
export function evidenceOf(incident: Incident, reports: readonly Report[]): Evidence {
  const { family, action, closedAt, lastReportAt } = incident;
  const isLift = (one: Report): boolean =>
    one.action === 'unblock' &&
    (one.region === null || incident.regions.length > 0) &&
    // Strangers alone do not put in doubt what is sure.
    !(isNewcomer(one) && isSure(incident.confidence));
  const lifts = reports.filter(isLift);
  const isForce = (one: Report): boolean => one.action !== 'unblock' && (family === 'warn' || one.action !== 'warn');
  const said = reports.filter(isForce);
  const force = said.filter((one) => countsFor(incident, one));
  const counting = family === 'warn' ? force : supporting(action, force);
  const { since } = courseOf(incident, force);
  const spoke = lifts.filter((one) => one.kind !== 'measurement' && !isStruckOff(one)).map(({ voice }) => voice);
  const struckAt = Math.max(...lifts.filter(isStruckOff).map(({ at }) => at));
  const dated = newest(lifts, closedAt ?? lastReportAt)?.kind ?? 'news';
  return {
    isMeasuredOnly: reports.length > 0 && reports.every(({ kind }) => kind === 'measurement'),
    isOrdered: reports.some((one) => one.kind === 'authority' && one.action !== 'unblock' && one.at > struckAt),
    since,
    sinceKind: DATED[oldest(counting)?.kind ?? 'news'],
    part: partCut(incident, counting),
    lift:
      lifts.length === 0
        ? null
        : { voices: new Set(spoke).size, kind: DATED[dated], isStruckOff: lifts.every(isStruckOff) },
    spells: spellsOf(incident, [...lifts, ...(family === 'warn' ? said : supporting(action, said))], since),
  };
}

/** `reports`: lifts, and what is said of what is in force; `since`: when that began. */
function spellsOf({ service, openedAt }: Incident, reports: readonly Report[], since: number): Map<string, Spell[]> {
  const found = new Map<string, Spell[]>();
  const isCutShort = !reports.some(({ at }) => at <= openedAt);
  for (const [region, own] of Map.groupBy(reports, (one) => one.region)) {
    if (region === null) continue;
    const naming = own.filter((one) => one.action === 'unblock' || countsFor({ service, regions: [region] }, one));
    const spells = spellsIn(naming.toSorted((a, b) => a.at - b.at));
    // Of what began before the oldest of these reports the incident tells.
    if (spells.length > 0 && isCutShort) spells[0]!.since = since;
    found.set(region, spells);
  }
  return found;
}

/** What was surely back and is then surely cut is another spell. */
function spellsIn(reports: readonly Report[]): Spell[] {
  const spells: Spell[] = [];
  let force: Report[] = [];
  let lifts: Report[] = [];
  for (const one of reports) {
    const { at, kind } = one;
    const last = spells.at(-1);
    const holds = last?.lift === null;
    if (one.action !== 'unblock') {
      force.push(one);
      if (holds || (last && !isSure(confidenceOf(force)))) continue;
      spells.push({ since: force[0]!.at, kind: DATED[force[0]!.kind], lift: null });
      lifts = [];
    } else if (holds) {
      lifts.push(one);
      const confidence = liftConfidenceOf(lifts, force);
      if (confidence === null || !isSure(confidence)) continue;
      last.lift = { at, kind: DATED[kind], confidence };
      force = [];
    }
  }
  return spells;
}
