import type { Incident, Transition } from '../model/incident.ts';
import { isRelayed, isStruckOff, type MeasuredFacts, type Report } from '../model/report.ts';
import type { DurableState, Ids } from '../ports/runtime.ts';
import { oneLine, safeLink } from '../render/plain.ts';

/**
 * What one Tocsin tells another in its JSON Feed, in objects called `_tocsin` (docs/api.md): the fields of incidents, and the evidence that was
 * found first-hand. Times are ISO 8601 in UTC.
 */

export const EXTENSION = '_tocsin';
export const WIRE_VERSION = 1;

/** Of the feed: whose it is. */
export interface ToldFeed {
  version: typeof WIRE_VERSION;
  /** Drawn once for each database, never changed. */
  instance: string;
}

/** Pieces of evidence of one incident: the newest of each voice are enough for any level of the ladder. */
export const MAX_EVIDENCE = 30;

const HOUR = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();

interface Told {
  incident: Incident;
  step: Transition;
  /** The step is its newest: with all reports of the incident, newest first, and its whole log. Null: an older step. */
  newest: { reports: readonly Report[]; log: readonly Transition[] } | null;
}

/** One change, as another Tocsin reads it: the incident as this change left it. */
export function told({ incident, step, newest }: Told) {
  const { id, country, service, family, regions, liftConfidence, openedAt, closedAt, standing, withdrawnBecause } =
    incident;
  return {
    incident: id,
    /** 1, 2, 3 … within the incident. */
    seq: step.seq,
    change: step.change,
    country,
    service,
    family,
    action: step.action,
    state: step.state,
    confidence: step.confidence,
    method: step.method,
    /** The incident as it is now; absent in entries of older changes of the same incident. */
    ...(newest && {
      now: {
        regions: regions.map((one) => oneLine(one, 80)),
        liftConfidence,
        openedAt: iso(openedAt),
        /** Of what stood before it was reported: since when, null = for longer than is known. */
        ...(standing ? { standingSince: standing.since === null ? null : iso(standing.since) } : {}),
        closedAt: closedAt === null ? null : iso(closedAt),
        withdrawnBecause: withdrawnBecause === null ? null : oneLine(withdrawnBecause, 300),
        /** Only what was found here: what another Tocsin passed on is not passed on again. */
        evidence: firstHand(newest.reports, newest.log).map((one) => evidenceOf(one, incident, newest.log)),
      },
    }),
  };
}

/** What was found here and counts: what caused a change, and the newest that each voice says of each action. */
function firstHand(reports: readonly Report[], log: readonly Transition[]): Report[] {
  // Another Tocsin would take what left a register here for a word that it works again.
  const own = reports.filter((one) => !isRelayed(one) && !isStruckOff(one));
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

function evidenceOf(report: Report, incident: Incident, log: readonly Transition[]) {
  const { id, action, method, region, kind, voice, measured } = report;
  return {
    id,
    at: iso(timeOf(report, incident, log)),
    action,
    method,
    region: region === null ? null : oneLine(region, 80),
    kind,
    /** Reports with one voice count once. */
    voice: oneLine(voice, 80),
    publisher: oneLine(report.publisher ?? voice, 80),
    name: oneLine(report.publisherName, 80),
    title: oneLine(report.title, 300),
    url: safeLink(report.url),
    lang: oneLine(report.lang, 10),
    /** 0 to 1: how likely the text was read right; null = no doubt is known. */
    reading: report.confidence ?? null,
    /** Never the name of the machine that measured. */
    measured: measured && publicFacts(measured),
  };
}

/** By the hour, but for what the log tells to the second anyway: who lends a machine was promised no more. */
function timeOf({ id, at, measured }: Report, { openedAt }: Incident, log: readonly Transition[]): number {
  if (measured === null || measured.observatory !== undefined || log.some(({ reportId }) => reportId === id)) return at;
  return Math.max(Math.floor(at / HOUR) * HOUR, openedAt);
}

const MAX_NETWORKS = 40;

function publicFacts(measured: MeasuredFacts) {
  const { agent: _agent, openOn: _openOn, since: _since, ...facts } = measured;
  return {
    ...facts,
    networks: facts.networks.slice(0, MAX_NETWORKS).map((one) => oneLine(one, 20)),
    verdict: oneLine(facts.verdict, 80),
    component: facts.component === null ? null : oneLine(facts.component, 40),
  };
}

/** Names this database among other Tocsins: drawn at the first call, the same ever after. Rejects as the store does. */
export async function instanceOf(state: DurableState, ids: Pick<Ids, 'tail'>): Promise<string> {
  const known = await state.get('id');
  if (typeof known === 'string' && isInstance(known)) return known;
  const drawn = ids.tail(16);
  await state.set('id', drawn);
  return drawn;
}

export const isInstance = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z0-9]{8,32}$/.test(value);
