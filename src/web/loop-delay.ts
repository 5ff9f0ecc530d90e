import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Upper bounds of the buckets, seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const RESOLUTION_MS = 10;
const NANO = 1e9;

/** How late the event loop comes to what is due: the one thing that makes everything else late. */
export interface LoopDelay {
  /** Counts up to each bound since the start, as Prometheus wants them. */
  read(): { buckets: { le: number; count: number }[]; count: number; sum: number };
  /** Seconds below which 99.9 % and all delays since the start were. */
  p999(): number;
  max(): number;
  stop(): void;
}

export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // Node records the whole distance of two ticks, of which the resolution is not delay.
  const seconds = (nanos: number) => Math.max(0, nanos / NANO - RESOLUTION_MS / 1_000);
  return {
    read() {
      const { count } = histogram;
      if (count === 0) return { buckets: BOUNDS.map((le) => ({ le, count: 0 })), count: 0, sum: 0 };
      const buckets = BOUNDS.map((le) => ({ le, count: countUpTo(histogram, le * NANO + RESOLUTION_MS * 1e6) }));
      return { buckets, count, sum: seconds(histogram.mean) * count };
    },
    p999: () => (histogram.count === 0 ? 0 : seconds(histogram.percentile(99.9))),
    max: () => (histogram.count === 0 ? 0 : seconds(histogram.max)),
    stop: () => void histogram.disable(),
  };
}

/** Node tells percentiles only: the rank at which they pass the bound is the count. */
function countUpTo(histogram: ReturnType<typeof monitorEventLoopDelay>, nanos: number): number {
  let low = 0;
  let high = histogram.count;
  while (low < high) {
    const rank = Math.ceil((low + high) / 2);
    if (histogram.percentile(Math.max(1e-9, (rank / histogram.count) * 100)) <= nanos) low = rank;
    else high = rank - 1;
  }
  return low;
}
