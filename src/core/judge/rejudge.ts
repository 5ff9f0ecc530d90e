import type { Measurement } from '../model/measurement.ts';
import { bogonTest } from './address.ts';
import { judgeGate } from './gate.ts';
import { JUDGED_KIND } from './measured.ts';
import { judgeTarget } from './merge.ts';
import type { GateObservations, TargetObservations } from './observations.ts';
import type { TargetVerdict } from './verdict.ts';

/** Shape of `Measurement.raw` of the judged kind: enough to judge again under other rules. */
export interface ProbeRaw {
  gate: GateObservations;
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
  const gate = judgeGate(raw.gate);
  return judgeTarget(raw.observations[0]!, {
    gate,
    isBogon: bogonTest(raw.notBogons),
    censorIssuers: raw.censorIssuers,
    knownName: false,
  });
}
