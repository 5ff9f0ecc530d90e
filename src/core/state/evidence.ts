import { confidenceOf, supporting } from '../correlate/ladder.ts';
import { partCut } from '../correlate/part.ts';
import { countsFor } from '../correlate/places.ts';
import type { Incident } from '../model/incident.ts';
import type { Report, ReportKind } from '../model/report.ts';
import { courseOf } from '../render/evidence.ts';
import type { Evidence, SinceKind, Voices } from './model.ts';

const KINDS: readonly ReportKind[] = ['news', 'authority', 'measurement'];

/** What a date is worth that these give, the oldest of them: an outlet only says when it heard of it. */
function datedBy(reports: readonly Report[], at: number): SinceKind {
  const then = reports.filter((one) => one.at <= at);
  if (then.some(({ kind }) => kind === 'authority')) return 'by-authority';
  return then.some(({ kind }) => kind === 'measurement') ? 'measured' : 'first-reported';
}

/** What the reports of an incident tell and it does not; `reports`: the newest, however many were read. Pure. */
export function evidenceOf(incident: Incident, reports: readonly Report[]): Evidence {
  const { family, action, openedAt, closedAt, lastReportAt } = incident;
  const isLift = (one: Report): boolean =>
    one.action === 'unblock' && (one.region === null || incident.regions.length > 0);
  const lifts = reports.filter(isLift);
  const isForce = (one: Report): boolean => one.action !== 'unblock' && (family === 'warn' || one.action !== 'warn');
  const force = reports.filter((one) => isForce(one) && countsFor(incident, one));
  const counting = family === 'warn' ? force : supporting(action, force);
  const { since } = courseOf(incident, force);
  const voices: Voices = {};
  for (const kind of KINDS) {
    const sure = confidenceOf(counting.filter((one) => one.kind === kind));
    if (sure) voices[kind] = sure;
  }
  const spoke = lifts.filter(({ kind }) => kind !== 'measurement').map(({ voice }) => voice);
  return {
    voices,
    isMeasuredOnly: reports.length > 0 && reports.every(({ kind }) => kind === 'measurement'),
    isOrdered: reports.some((one) => one.kind === 'authority' && one.action !== 'unblock'),
    since,
    sinceKind: counting.length > 0 ? datedBy(counting, Math.max(since, openedAt)) : 'first-reported',
    part: partCut(incident, counting),
    lift: lifts.length === 0 ? null : { voices: new Set(spoke).size, kind: datedBy(lifts, closedAt ?? lastReportAt) },
  };
}
