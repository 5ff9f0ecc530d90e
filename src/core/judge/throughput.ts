import type { ThroughputObservations, Transfer } from './observations.ts';
import { type Finding, finding, OK } from './verdict.ts';

export interface ThroughputFinding {
  finding: Finding;
  notes: string[];
}

const MEGABIT = 1e6;
const TARGET_SLOW = 2 * MEGABIT;
const REFERENCE_SLOW = MEGABIT;
const EXTREME = 0.1;
const NOTABLE = 0.33;
const HELPER_FASTER = 3;
const STALL_MAX = 65_536 + 32_768;

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const mid = sorted.length >> 1;
  return sorted.length % 2 ? sorted[mid]! : (sorted[mid - 1]! + sorted[mid]!) / 2;
}

const rates = (list: readonly (Transfer | null)[]): number[] =>
  list.map((t) => t?.rate ?? null).filter((r) => r !== null);
const whole = (t: Transfer): boolean => t.outcome === 'complete' || t.outcome === 'capped';

/** Throttling (probes.md, section 6.4) from interleaved pairs of one family. */
export function judgeThroughput(o: ThroughputObservations, lossy: boolean): ThroughputFinding {
  const notes: string[] = [];
  const say = (f: Finding): ThroughputFinding => ({ finding: f, notes });
  const targets = o.pairs.map((p) => p.target);
  if (targets.length === 0) return say(OK);

  const stalls = targets.filter((t) => t.outcome === 'stall' && t.bytes <= STALL_MAX).length;
  if (stalls >= 2) return say(judgeStall(o, lossy));

  const targetRate = median(rates(targets));
  if (targetRate === null || targetRate >= TARGET_SLOW) return say(OK);
  const same = rates(o.pairs.map((p) => p.sameAddress));
  const site = rates(o.pairs.map((p) => p.reference));
  const low = (pick: 'sameAddress' | 'reference'): number =>
    o.pairs.filter((p) => p.target.rate !== null && p[pick]?.rate && p.target.rate / p[pick].rate <= EXTREME).length;
  const enough = Math.min(2, o.pairs.length);
  const byName = same.length > 0 && low('sameAddress') >= enough;
  const byAddress = !byName && low('reference') >= enough;
  const best = byName || site.length === 0 ? median(same) : median(site);
  const ratio = best ? targetRate / best : null;

  if (!byName && !byAddress) {
    // The helper's download comes over the same line: it knows no better then.
    if (best !== null && best < REFERENCE_SLOW) return say(finding('inconclusive', 'slow_vantage'));
    if (ratio !== null && ratio < NOTABLE) notes.push('slower_than_reference');
    return say(slow(o, targetRate, notes) ?? OK);
  }
  if (best !== null && best < REFERENCE_SLOW) return say(finding('inconclusive', 'slow_vantage'));
  if (o.helper === null) return say(finding('inconclusive', 'no_helper'));
  if ((o.helper.rate ?? 0) < HELPER_FASTER * targetRate) {
    notes.push('slow_everywhere');
    return say(OK);
  }
  if (lossy) return say(finding('inconclusive', 'lossy'));
  // A path that loses the first packets of connections as well is broken or congested; policing lets them pass.
  if (byAddress && losesHandshakes(o)) {
    notes.push('lossy_path');
    return say(OK);
  }
  return say(finding('throttled', (ratio ?? 0).toPrecision(2)));
}

/** Slow against the helper's own download, although no reference shows it. Null: the helper does not know. */
function slow(o: ThroughputObservations, targetRate: number, notes: string[]): Finding | null {
  if (o.helper === null || o.helper.rate === null || o.helper.rate >= HELPER_FASTER * targetRate) return null;
  notes.push('slow_everywhere');
  return OK;
}

function judgeStall(o: ThroughputObservations, lossy: boolean): Finding {
  const references = o.pairs.flatMap((p) => (p.reference ? [p.reference] : []));
  if (references.length > 0 && !references.some(whole)) return finding('inconclusive', 'slow_vantage');
  if (o.helper === null) return finding('inconclusive', 'no_helper');
  if (o.helper.outcome === 'stall' || o.helper.outcome === 'failed')
    return finding('inconclusive', 'stalls_everywhere');
  return lossy ? finding('inconclusive', 'lossy') : finding('throttled', 'stall');
}

function losesHandshakes(o: ThroughputObservations): boolean {
  const times = o.pairs.flatMap((p) => [p.target.tcpMs, p.sameAddress?.tcpMs ?? null]).filter((t) => t !== null);
  return times.length > 0 && times.filter((t) => t > 900).length / times.length >= 0.3;
}
