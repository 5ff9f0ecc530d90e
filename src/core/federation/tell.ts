import type { Incident, Transition } from '../model/incident.ts';
import { isRelayed, type MeasuredFacts, type Report } from '../model/report.ts';
import { oneLine, safeLink } from '../render/plain.ts';
import { MAX_EVIDENCE, type ToldChange, type ToldEvidence } from './wire.ts';

const HOUR = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();

export interface Told {
  incident: Incident;
  step: Transition;
  /** The step is its newest: with all reports of the incident, newest first, and its whole log. Null: an older step. */
  newest: { reports: readonly Report[]; log: readonly Transition[] } | null;
}

/** One change, as another Tocsin reads it. */
export function told({ incident, step, newest }: Told): ToldChange {
  const { id, country, service, family, regions, liftConfidence, openedAt, closedAt, withdrawnBecause } = incident;
  return {
    incident: id,
    seq: step.seq,
    change: step.change,
    country,
    service,
    family,
    action: step.action,
    state: step.state,
    confidence: step.confidence,
    method: step.method,
    ...(newest && {
      now: {
        regions: regions.map((one) => oneLine(one, 80)),
        liftConfidence,
        openedAt: iso(openedAt),
        closedAt: closedAt === null ? null : iso(closedAt),
        withdrawnBecause: withdrawnBecause === null ? null : oneLine(withdrawnBecause, 300),
        evidence: firstHand(newest.reports, newest.log).map((one) => evidenceOf(one, incident, newest.log)),
      },
    }),
  };
}

/** What was found here and counts: what caused a change, and the newest that each voice says of each action. */
function firstHand(reports: readonly Report[], log: readonly Transition[]): Report[] {
  const own = reports.filter((one) => !isRelayed(one));
  const causes = new Set(log.map(({ reportId }) => reportId));
  const said = new Set<string>();
  const isFirst = ({ voice, action }: Report): boolean => {
    const key = JSON.stringify([voice, action]);
    return !said.has(key) && said.add(key) !== undefined;
  };
  const newestOfVoices = own.filter(isFirst);
  const kept = new Set([...newestOfVoices, ...own.filter(({ id }) => causes.has(id))].slice(0, MAX_EVIDENCE));
  return own.filter((one) => kept.has(one));
}

function evidenceOf(report: Report, incident: Incident, log: readonly Transition[]): ToldEvidence {
  const { id, action, method, region, kind, voice, measured } = report;
  return {
    id,
    at: iso(timeOf(report, incident, log)),
    action,
    method,
    region: region === null ? null : oneLine(region, 80),
    kind,
    voice: oneLine(voice, 80),
    publisher: oneLine(report.publisher ?? voice, 80),
    name: oneLine(report.publisherName, 80),
    title: oneLine(report.title, 300),
    url: safeLink(report.url),
    lang: oneLine(report.lang, 10),
    reading: report.confidence ?? null,
    measured: measured && publicFacts(measured),
  };
}

/** By the hour, but for what the log tells to the second anyway: who lends a machine was promised no more. */
function timeOf({ id, at, measured }: Report, { openedAt }: Incident, log: readonly Transition[]): number {
  if (measured === null || measured.observatory !== undefined || log.some(({ reportId }) => reportId === id)) return at;
  return Math.max(Math.floor(at / HOUR) * HOUR, openedAt);
}

const MAX_NETWORKS = 40;

function publicFacts({
  agent: _agent,
  openOn: _openOn,
  since: _since,
  ...facts
}: MeasuredFacts): ToldEvidence['measured'] {
  return {
    ...facts,
    networks: facts.networks.slice(0, MAX_NETWORKS).map((one) => oneLine(one, 20)),
    verdict: oneLine(facts.verdict, 80),
    component: facts.component === null ? null : oneLine(facts.component, 40),
  };
}
