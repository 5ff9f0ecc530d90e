import type { Measurement } from '../model/measurement.ts';

/** What our probes saw counts for so long. */
const FRESH_FOR = 3 * 3_600_000;
const MAX_TARGETS = 2_000;
const MAX_NETWORKS = 20;

/**
 * On which networks own probes and agents found a service well at their last look, to be held against what others say. Kept in memory only: after
 * a start it is known again within a round.
 */
export function createOwnView() {
  const seen = new Map<string, Map<string, { at: number; ok: boolean }>>();
  return {
    /** Measurements of one judged kind, oldest first; inconclusive ones change nothing. */
    take(measurements: readonly Measurement[], isBlocking: (verdict: string) => boolean): void {
      for (const { target, verdict, probeCc, probeAsn, component, at } of measurements) {
        const ok = verdict === 'ok';
        if (target === null || component !== null || (!ok && !isBlocking(verdict))) continue;
        const key = `${probeCc} ${target}`;
        const networks = seen.get(key) ?? new Map<string, { at: number; ok: boolean }>();
        seen.delete(key);
        seen.set(key, networks);
        networks.delete(probeAsn);
        networks.set(probeAsn, { at, ok });
        for (const first of networks.keys()) if (networks.size > MAX_NETWORKS) networks.delete(first);
        for (const first of seen.keys()) if (seen.size > MAX_TARGETS) seen.delete(first);
      }
    },
    open(country: string, service: string, now: number): string[] {
      const networks = seen.get(`${country} ${service}`) ?? new Map<string, { at: number; ok: boolean }>();
      return [...networks].flatMap(([asn, { at, ok }]) => (ok && now - at <= FRESH_FOR ? asn : []));
    },
  };
}
export type OwnView = ReturnType<typeof createOwnView>;
