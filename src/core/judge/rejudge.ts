import { JUDGED_KIND, type Measurement } from '../model/measurement.ts';
import { bogonTest } from './address.ts';
import { judgeTarget } from './merge.ts';
import type { TargetObservations, VantageObservations } from './observations.ts';
import { judgeVantage } from './vantage-check.ts';
import type { TargetVerdict } from './verdict.ts';

/** Shape of `Measurement.raw` of the judged kind: enough to judge again under other rules. */
export interface ProbeRaw {
  /** What the vantage check saw. The key is stored, so it keeps its first name. */
  gate: VantageObservations;
  /** One for a host, one for each member of a service. */
  observations: TargetObservations[];
  notBogons: string[];
  censorIssuers: string[];
  also: string[];
  families: TargetVerdict['families'];
  confidence: TargetVerdict['confidence'];
}

/** The verdict of a stored measurement of one host by today's rules; null where it holds none (a service, an outage, another kind). */
export function rejudge(m: Measurement): TargetVerdict | null {
  const raw = m.raw as ProbeRaw | null;
  if (m.kind !== JUDGED_KIND || raw?.observations?.length !== 1) return null;
  const vantageCheck = judgeVantage(raw.gate);
  return judgeTarget(raw.observations[0]!, {
    vantageCheck,
    isBogon: bogonTest(raw.notBogons),
    censorIssuers: raw.censorIssuers,
    knownName: false,
  });
}
