import { fisherGreater } from './fisher.ts';
import { answered, authentic, type EndpointObservations, type Flow } from './observations.ts';

/** Flows of one name against flows of the innocuous name at the same addresses. */
export interface FlowCounts {
  target: number;
  /** Failures of the more frequent kind. */
  targetBad: number;
  innocuous: number;
  innocuousBad: number;
}

const kindOf = (f: Flow): 'rst' | 'timeout' | null => {
  if (f.tcp !== 'ok' || f.tls === null || f.tls === 'ok') return null;
  return f.tls === 'timeout' ? 'timeout' : 'rst';
};

/** Only connections that were made count; silence does not on a lossy line. */
function countFlows(endpoints: readonly EndpointObservations[], lossy: boolean): FlowCounts {
  const target = endpoints.flatMap((e) => e.target).filter((f) => f.tcp === 'ok');
  const innocuous = endpoints.flatMap((e) => e.innocuous).filter((f) => f.tcp === 'ok');
  const bad = (kind: 'rst' | 'timeout'): number => target.filter((f) => kindOf(f) === kind).length;
  return {
    target: target.length,
    targetBad: Math.max(bad('rst'), lossy ? 0 : bad('timeout')),
    innocuous: innocuous.length,
    innocuousBad: innocuous.filter((f) => !answered(f)).length,
  };
}

/** Some handshakes with the name passed and some did not: such addresses of both families are counted together. */
export const isMixed = (endpoints: readonly EndpointObservations[]): boolean => {
  const target = endpoints.flatMap((e) => e.target);
  return target.some(authentic) && target.some((f) => kindOf(f) !== null);
};

export type PartialState = 'none' | 'partial' | 'flaky' | 'unclear';

/**
 * Some handshakes with the name succeed and some fail: a block of a share of flows when at least five of one kind failed and a
 * one-sided Fisher test against the innocuous name gives less than 0.01.
 */
export function judgePartial(endpoints: readonly EndpointObservations[], lossy: boolean): PartialState {
  if (!endpoints.some((e) => e.target.some(authentic))) return 'none';
  const c = countFlows(endpoints, lossy);
  if (c.targetBad === 0) return 'none';
  if (c.targetBad >= 5 && fisherGreater(c.targetBad, c.target, c.innocuousBad, c.innocuous) < 0.01) return 'partial';
  return c.targetBad === 1 || c.targetBad / c.target < 0.1 ? 'flaky' : 'unclear';
}
