import type { Gate, OfflineDetail } from '../../core/judge/gate.ts';
import type { GateObservations, TargetObservations } from '../../core/judge/observations.ts';
import type { TargetVerdict } from '../../core/judge/verdict.ts';
import { LIMITS } from './config.ts';
import { checkGate } from './gate.ts';
import { mergeService, type ServicePlan } from './service.ts';
import { eachLimited, type Session } from './session.ts';
import { hostTarget, isAnomaly, judge, measureTarget } from './target.ts';

/** One thing to judge: a host, or a service made of components. */
export type ProbeTarget =
  | { id: string; kind: 'host'; name: string }
  | { id: string; kind: 'service'; service: ServicePlan };

export interface RoundResult {
  at: number;
  /** The vantage point's own trouble: one event an outage, never one a target. */
  offline: OfflineDetail | null;
  gate: Gate;
  gateObservations: GateObservations;
  /** In the order asked for; null = left unjudged because of the vantage point. */
  results: TargetResult[];
}

export interface TargetResult {
  target: ProbeTarget;
  verdict: TargetVerdict | null;
  /** Component of the service that failed, else null. */
  component: string | null;
  observations: TargetObservations[];
}

export interface RoundOptions {
  full: boolean;
  /** Targets at a time. */
  width: number;
  /** Wait for addresses that our own flows have made dead, up to the residual time. */
  patient: boolean;
  /** Ms; absent = as long as it takes. */
  deadlineMs?: number;
  onProgress?: (done: number, all: number) => void;
}

/**
 * One whole round over the targets (probes.md, section 3). Never throws. What `signal` cuts short stays unjudged; `deadlineMs` does the same
 * for what is not done after that time, while the rest of the round is finished.
 */
export async function runRound(
  session: Session,
  targets: readonly ProbeTarget[],
  options: RoundOptions,
  signal: AbortSignal,
): Promise<RoundResult> {
  const at = session.clock.now();
  const { gate, observations } = await checkGate(session, signal);
  const round: RoundResult = {
    at,
    offline: gate.offline,
    gate,
    gateObservations: observations,
    results: targets.map((target) => ({ target, verdict: null, component: null, observations: [] })),
  };
  if (gate.offline) return round;

  let done = 0;
  const measuring =
    options.deadlineMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(options.deadlineMs)]);
  // Two ids of one host are one measurement.
  const hosts = new Map<string, Promise<Measured>>();
  const once = (target: ProbeTarget): Promise<Measured> => {
    if (target.kind !== 'host') return measureOne(session, target, gate, options.full, measuring);
    const running = hosts.get(target.name) ?? measureOne(session, target, gate, options.full, measuring);
    hosts.set(target.name, running);
    return running;
  };
  const measured = await eachLimited(targets, options.width, async (target): Promise<Measured | null> => {
    if (measuring.aborted) return null;
    const got = await once(target);
    if (measuring.aborted) return null;
    options.onProgress?.(++done, targets.length);
    return got;
  });
  if (options.patient) await secondChance(session, targets, measured, { gate, full: options.full }, signal);
  const verdicts = (by: Gate): TargetResult[] =>
    measured.map((m, i) => (m ? verdictOf(session, targets[i]!, m, by) : round.results[i]!));
  round.results = verdicts(gate);

  const anomalies = round.results.filter((r) => r.verdict !== null && isAnomaly(r.verdict));
  if (anomalies.length > 0 && signal.aborted) for (const r of anomalies) r.verdict = null;
  else if (anomalies.length > 0) {
    const after = await checkGate(session, signal);
    if (after.gate.offline) {
      round.offline = after.gate.offline;
      for (const r of anomalies) r.verdict = null;
    } else {
      // What the line did meanwhile counts for the whole round.
      const worse: Gate = {
        ...gate,
        lossy: gate.lossy || after.gate.lossy,
        dnsDead: gate.dnsDead || after.gate.dnsDead,
      };
      if (worse.lossy !== gate.lossy || worse.dnsDead !== gate.dnsDead) {
        round.gate = worse;
        round.results = verdicts(worse);
      }
    }
  }
  leaveUnjudged(round);
  return round;
}

/** Doubts that only the vantage point's trouble explains become its one event. */
function leaveUnjudged(round: RoundResult): void {
  for (const r of round.results) {
    if (r.verdict?.verdict !== 'inconclusive') continue;
    const trouble = r.verdict.detail === 'dns_dead' ? 'dns' : r.verdict.detail === 'lossy' ? 'lossy' : null;
    if (!trouble) continue;
    r.verdict = null;
    round.offline ??= trouble;
  }
  if (round.gate.dnsDead) round.offline ??= 'dns';
}

type Measured = Map<string, TargetObservations>;

async function measureOne(
  session: Session,
  target: ProbeTarget,
  gate: Gate,
  full: boolean,
  signal: AbortSignal,
): Promise<Measured> {
  const got: Measured = new Map();
  if (target.kind === 'host') {
    got.set(target.name, await measureTarget(session, hostTarget(target.name), { full, gate }, signal));
    return got;
  }
  for (const component of target.service.components) {
    await eachLimited(component.members, 4, async (member) => {
      const fullHere = full && component.throughput;
      got.set(member.key, await measureTarget(session, member.host, { full: fullHere, gate }, signal));
    });
  }
  return got;
}

function verdictOf(session: Session, target: ProbeTarget, measured: Measured, gate: Gate): TargetResult {
  const observations = [...measured.values()];
  if (target.kind === 'host')
    return { target, verdict: judge(session, measured.get(target.name)!, gate), component: null, observations };
  const merged = mergeService(target.service, (key) => {
    const o = measured.get(key);
    return o ? judge(session, o, gate) : null;
  });
  return { target, verdict: merged.verdict, component: merged.component, observations };
}

/** An address that died because of another target's forbidden name is asked again when the censor has forgotten. */
async function secondChance(
  session: Session,
  targets: readonly ProbeTarget[],
  measured: (Measured | null)[],
  { gate, full }: { gate: Gate; full: boolean },
  signal: AbortSignal,
): Promise<void> {
  const residual = targets
    .map((target, i) => ({ target, i }))
    .filter(({ target, i }) => {
      const m = measured[i];
      const v = m ? verdictOf(session, target, m, gate).verdict : null;
      return v?.verdict === 'inconclusive' && v.detail === 'residual';
    });
  for (const { target, i } of residual) {
    const until = session.clock.monotonic() + LIMITS.residual + 10_000;
    while (session.clock.monotonic() < until && !signal.aborted) {
      await session.clock.sleep(30_000, signal).catch(() => undefined);
      measured[i] = await measureOne(session, target, gate, full, signal);
      const v = verdictOf(session, target, measured[i]!, gate).verdict;
      if (!(v?.verdict === 'inconclusive' && v.detail === 'residual')) break;
    }
  }
}
