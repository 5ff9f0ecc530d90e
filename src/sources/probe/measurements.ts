import type { ProbeRaw } from '../../core/judge/rejudge.ts';
import { SPEED_UNTESTED, type TargetVerdict } from '../../core/judge/verdict.ts';
import type { Measurement } from '../../core/model/measurement.ts';
import type { Ids } from '../../core/ports/ids.ts';
import type { RoundResult, TargetResult } from './round.ts';
import type { Session } from './session.ts';

/** The verdict's notes, and whether an `ok` says anything about speed. */
export function notesOf(r: TargetResult, verdict: TargetVerdict): string[] {
  const timed = r.observations.some((o) => o.throughput.some((t) => t.pairs.length > 0));
  return verdict.verdict === 'ok' && !timed ? [...verdict.notes, SPEED_UNTESTED] : verdict.notes;
}

/** One measurement a judged target; one without a target where the vantage point is of no use. */
export function measurementsOf(sourceId: string, session: Session, round: RoundResult, ids: Ids): Measurement[] {
  const { vantage } = session;
  const common = {
    sourceId,
    kind: 'probe',
    at: round.at,
    probeCc: vantage.country,
    probeAsn: vantage.asn,
    vantageId: vantage.id,
  };
  const out: Measurement[] = [];
  if (round.offline) {
    out.push({
      ...common,
      id: ids.next(),
      target: null,
      component: null,
      verdict: 'vantage_offline',
      detail: round.offline,
      notes: round.vantageCheck.reasons,
      raw: { gate: round.vantageObservations },
    });
  }
  for (const r of round.results) {
    if (!r.verdict) continue;
    out.push({
      ...common,
      id: ids.next(),
      target: r.target.id,
      component: r.component,
      verdict: r.verdict.verdict,
      detail: r.verdict.detail,
      notes: notesOf(r, r.verdict),
      raw: rawOf(session, round, r, r.verdict),
    });
  }
  return out;
}

/** What a judge needs to read the round again, by other rules. */
const rawOf = (session: Session, round: RoundResult, r: TargetResult, verdict: TargetVerdict): ProbeRaw => ({
  gate: round.vantageObservations,
  observations: r.observations.map((o) => ({
    ...o,
    endpoints: o.endpoints.map((e) => ({ ...e, assets: undefined })),
  })),
  notBogons: session.vantage.not_bogons,
  censorIssuers: session.fingerprints.censorIssuers,
  also: verdict.also,
  families: verdict.families,
  confidence: verdict.confidence,
});
