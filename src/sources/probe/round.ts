import type { TargetObservations, VantageObservations } from '../../core/judge/observations.ts';
import type { OfflineDetail, VantageCheck } from '../../core/judge/vantage-check.ts';
import type { TargetVerdict } from '../../core/judge/verdict.ts';
import { eachLimited } from '../../core/wakeable.ts';
import { mergeService, type ServicePlan } from './components.ts';
import { LIMITS } from './config.ts';
import type { Session, Work } from './session.ts';
import { hostTarget, isAnomaly, judge, measureTarget } from './target.ts';
import { observeVantage } from './vantage-check.ts';

/** One thing to judge: a host, or a service made of components. */
export type ProbeTarget =
  | { id: string; kind: 'host'; name: string }
  | { id: string; kind: 'service'; service: ServicePlan };

export interface RoundResult {
  at: number;
  /** The vantage point's own trouble: one event an outage, never one a target. */
  offline: OfflineDetail | null;
  vantageCheck: VantageCheck;
  vantageObservations: VantageObservations;
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
  work: Work,
  targets: readonly ProbeTarget[],
  options: RoundOptions,
): Promise<RoundResult> {
  const { signal } = work;
  const at = work.clock.now();
  const { vantageCheck, observations } = await observeVantage(work);
  const round: RoundResult = {
    at,
    // Flows that an abort cut short say nothing of the line.
    offline: signal.aborted ? null : vantageCheck.offline,
    vantageCheck,
    vantageObservations: observations,
    results: targets.map((target) => ({ target, verdict: null, component: null, observations: [] })),
  };
  if (vantageCheck.offline || signal.aborted) return round;

  let done = 0;
  const { deadlineMs, full } = options;
  const how = { vantageCheck, full };
  const measuring = deadlineMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  const within: Work = { ...work, signal: measuring };
  // Two ids of one host are one measurement.
  const hosts = new Map<string, Promise<Measured>>();
  const once = (target: ProbeTarget): Promise<Measured> => {
    const running = (target.kind === 'host' && hosts.get(target.name)) || measureOne(within, target, how);
    if (target.kind === 'host') hosts.set(target.name, running);
    return running;
  };
  const measured = await eachLimited(targets, options.width, async (target): Promise<Measured | null> => {
    if (measuring.aborted) return null;
    const got = await once(target);
    if (measuring.aborted) return null;
    options.onProgress?.(++done, targets.length);
    return got;
  });
  if (options.patient) await secondChance(work, targets, measured, how);
  const verdicts = (by: VantageCheck): TargetResult[] =>
    measured.map((m, i) => (m ? verdictOf(work, targets[i]!, m, by) : round.results[i]!));
  round.results = verdicts(vantageCheck);

  const anomalies = round.results.filter((r) => r.verdict !== null && isAnomaly(r.verdict));
  if (anomalies.length > 0 && signal.aborted) for (const r of anomalies) r.verdict = null;
  else if (anomalies.length > 0) {
    const after = await observeVantage(work);
    if (after.vantageCheck.offline || signal.aborted) {
      round.offline = signal.aborted ? null : after.vantageCheck.offline;
      for (const r of anomalies) r.verdict = null;
    } else {
      // What the line did meanwhile counts for the whole round.
      const worse: VantageCheck = {
        ...vantageCheck,
        lossy: vantageCheck.lossy || after.vantageCheck.lossy,
        dnsDead: vantageCheck.dnsDead || after.vantageCheck.dnsDead,
      };
      if (worse.lossy !== vantageCheck.lossy || worse.dnsDead !== vantageCheck.dnsDead) {
        round.vantageCheck = worse;
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
  if (round.vantageCheck.dnsDead) round.offline ??= 'dns';
}

type Measured = Map<string, TargetObservations>;

/** By the full method, or without speeds; and what is known of the line. */
interface How {
  full: boolean;
  vantageCheck: VantageCheck;
}

async function measureOne(work: Work, target: ProbeTarget, how: How): Promise<Measured> {
  if (target.kind === 'host') return new Map([[target.name, await measureTarget(work, hostTarget(target.name), how)]]);
  const got: Measured = new Map();
  for (const component of target.service.components) {
    await eachLimited(component.members, 4, async (member) => {
      const full = how.full && component.throughput;
      got.set(member.key, await measureTarget(work, member.host, { ...how, full }));
    });
  }
  return got;
}

function verdictOf(session: Session, target: ProbeTarget, measured: Measured, by: VantageCheck): TargetResult {
  const observations = [...measured.values()];
  if (target.kind === 'host')
    return { target, verdict: judge(session, measured.get(target.name)!, by), component: null, observations };
  const merged = mergeService(target.service, (key) => {
    const o = measured.get(key);
    return o ? judge(session, o, by) : null;
  });
  return { target, ...merged, observations };
}

const isResidual = ({ verdict: v }: TargetResult): boolean => v?.verdict === 'inconclusive' && v.detail === 'residual';

/** An address that died because of another target's forbidden name is asked again when the censor has forgotten. */
async function secondChance(
  work: Work,
  targets: readonly ProbeTarget[],
  measured: (Measured | null)[],
  how: How,
): Promise<void> {
  const { clock, signal } = work;
  const isDead = (target: ProbeTarget, seen: Measured | null | undefined): boolean =>
    seen != null && isResidual(verdictOf(work, target, seen, how.vantageCheck));
  for (const [i, target] of targets.entries()) {
    const until = clock.monotonic() + LIMITS.residual + 10_000;
    while (isDead(target, measured[i]) && clock.monotonic() < until && !signal.aborted) {
      await clock.sleep(30_000, signal).catch(() => undefined);
      measured[i] = await measureOne(work, target, how);
    }
  }
}
