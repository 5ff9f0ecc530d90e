import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, type Metric, Registry } from 'prom-client';
import { type BotHealth, isIdle } from '../core/commands/look/health.ts';
import type { Incident } from '../core/model/incident.ts';
import { restOf } from '../core/poll/plan.ts';
import type { LeaseBoard, LeaseName } from '../core/ports/leases.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { Clock } from '../core/ports/runtime.ts';
import { createRecent } from '../core/recent.ts';

/** Upper bounds of the buckets, seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const RESOLUTION_MS = 10;
const NANO = 1e9;

/** How late the event loop comes to what is due: the one thing that makes everything else late. */
export function watchLoopDelay() {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // Node records the whole distance of two ticks, of which the resolution is not delay.
  const seconds = (nanos: number) => Math.max(0, nanos / NANO - RESOLUTION_MS / 1_000);
  return {
    /** Counts up to each bound since the start, as Prometheus wants them. */
    read() {
      const { count } = histogram;
      if (count === 0) return { buckets: BOUNDS.map((le) => ({ le, count: 0 })), count: 0, sum: 0 };
      const buckets = BOUNDS.map((le) => ({ le, count: countUpTo(histogram, le * NANO + RESOLUTION_MS * 1e6) }));
      return { buckets, count, sum: seconds(histogram.mean) * count };
    },
    /** Seconds below which 99.9 % and all delays since the start were. */
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

/** More sources than this are reported in sum only. */
const MAX_SOURCES = 1_000;
/** Facts are read from the store at most this often, however many scrape. */
const FRESH_MS = 2_000;

/** Every metric, by name; `docs/metrics.md` tells what they mean, and a test holds the two together. */
export function createExposition(clock: Clock) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const delay = watchLoopDelay();
  registry.registerMetric(loopDelayMetric(delay.read) as unknown as Metric);

  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers });
  /** Told anew each time. */
  const known: Gauge<string>[] = [];
  function gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    const made = new Gauge({ name, help, labelNames, registers });
    known.push(made as Gauge<string>);
    return made;
  }

  const ofSends = ['account', 'outcome', 'lane'];
  const sends = counter('tocsin_sends_total', 'Attempts to send, by what became of them', ofSends);
  const polls = counter('tocsin_polls_total', 'Polls of sources, by what became of them', ['kind', 'outcome', 'code']);
  const commands = counter('tocsin_commands_total', 'Commands, by what became of them', ['command', 'outcome']);
  const broadcasts = counter('tocsin_broadcasts_total', 'Broadcasts filled into the queue', ['kind']);
  const deliveries = counter('tocsin_deliveries_total', 'Deliveries that broadcasts put into the queue', ['kind']);
  const again =
    'Sends in flight when a process ended or lost the account, made again; on a platform that cannot recognise them they may arrive twice';
  const requeued = counter('tocsin_takeover_repeats_total', again, ['account']);
  const up = gauge('tocsin_store_up', '1 while the store answers and takes writes', []);
  const queue = gauge('tocsin_queue_deliveries', 'Deliveries that wait or are under way', ['account', 'state']);
  const oldest = gauge('tocsin_queue_oldest_age_seconds', 'Age of the oldest delivery not settled yet', ['account']);
  const rate = gauge('tocsin_send_rate', 'Messages a second that the pace allows at present; 0 = unpaced', ['account']);
  const account = gauge('tocsin_account_up', '1 while the platform answers this account', ['account', 'platform']);
  const sources = gauge('tocsin_sources', 'Sources by state', ['kind', 'state']);
  const press = gauge('tocsin_press_feeds', 'Feeds of followed countries by state, or why they rest', ['state']);
  const sourceAge = gauge('tocsin_source_age_seconds', 'Since the source was last read', ['source']);
  const failures = gauge('tocsin_source_failures', 'Polls that failed in a row', ['source']);
  const held = gauge('tocsin_source_held_reports', 'Reports held back, of sources that flood', ['source']);
  const lease = gauge('tocsin_lease_held', '1 while this process holds it', ['lease']);
  const leaseSince = gauge('tocsin_lease_since_timestamp_seconds', 'Since when this process holds it', ['lease']);
  const processes = gauge('tocsin_processes', 'Processes that live on this database', []);
  const incidents = gauge('tocsin_incidents_open', 'Open incidents', ['family', 'confidence']);
  const longest = gauge('tocsin_loop_delay_max_seconds', 'Longest delay of the event loop since the start', []);
  const high = gauge('tocsin_loop_delay_p999_seconds', '99.9 % of delays since the start were shorter', []);

  function tell(health: BotHealth): void {
    const now = clock.now();
    for (const one of health.accounts) {
      account.set({ account: one.id, platform: one.platform }, one.ok ? 1 : 0);
      rate.set({ account: one.id }, Number.isFinite(one.rate) ? one.rate : 0);
      // An account with an empty queue has no row.
      queue.set({ account: one.id, state: 'queued' }, 0);
      queue.set({ account: one.id, state: 'sending' }, 0);
      oldest.set({ account: one.id }, 0);
    }
    for (const one of health.queue) {
      queue.set({ account: one.accountId, state: 'queued' }, one.queued);
      queue.set({ account: one.accountId, state: 'sending' }, one.sending);
      const waits = one.oldestCreatedAt === null ? 0 : Math.max(0, now - one.oldestCreatedAt) / 1_000;
      oldest.set({ account: one.accountId }, waits);
    }
    for (const one of health.held ?? []) held.set({ source: one.sourceId }, one.reports);
    for (const one of health.sources) sources.inc({ kind: one.kind, state: stateOf(one) });
    for (const one of health.press ?? []) press.inc({ state: restOf(one, now)?.reason ?? stateOf(one) });
    if (health.sources.length > MAX_SOURCES) return;
    for (const one of health.sources) {
      failures.set({ source: one.id }, one.failures);
      if (one.lastOkAt !== null) sourceAge.set({ source: one.id }, Math.max(0, now - one.lastOkAt) / 1_000);
    }
  }

  async function refresh(facts: WebFacts | null): Promise<void> {
    for (const metric of known) metric.reset();
    if (facts === null) return;
    try {
      const [health, open, board] = await Promise.all([facts.health(), facts.openIncidents(), facts.leases()]);
      for (const { name, processId, since } of board.leases) {
        if (processId !== board.me) continue;
        lease.set({ lease: name }, 1);
        leaseSince.set({ lease: name }, since / 1_000);
      }
      processes.set(Math.max(1, board.processes.length));
      tell(health);
      for (const one of open) incidents.inc({ family: one.family, confidence: one.confidence });
      up.set(facts.storeFails() ? 0 : 1);
    } catch {
      up.set(0);
    }
  }

  const recent = createRecent<string>(FRESH_MS, 1);
  return {
    metrics: {
      sent: (id, outcome, priority) => sends.inc({ account: id, outcome, lane: priority }),
      polled: (kind, outcome, code) => polls.inc({ kind, outcome, code: code ?? 'none' }),
      command: (command, outcome) => commands.inc({ command: command ?? 'none', outcome }),
      broadcast(kind, written) {
        broadcasts.inc({ kind });
        deliveries.inc({ kind }, written);
      },
      requeued: (id, sends) => requeued.inc({ account: id }, sends),
    } satisfies Metrics,
    contentType: registry.contentType,
    /** The page for Prometheus; `facts` null = nothing is known yet. A store that does not answer leaves its gauges out. */
    text: (facts: WebFacts | null) =>
      recent('', clock.monotonic(), async () => {
        await refresh(facts);
        longest.set(delay.max());
        high.set(delay.p999());
        return await registry.metrics();
      }),
    stop: delay.stop,
  };
}

function stateOf(source: BotHealth['sources'][number]): string {
  if (source.failingSince !== null) return 'failing';
  if (source.stale) return 'stale';
  if (isIdle(source)) return 'idle';
  return source.lastOkAt === null ? 'waiting' : 'ok';
}

/** Prom-client's own histogram takes one observation at a time; Node's counts a hundred a second by itself. */
function loopDelayMetric(read: ReturnType<typeof watchLoopDelay>['read']) {
  const name = 'tocsin_loop_delay_seconds';
  const help = 'How late the event loop came to what was due';
  const said = { name, help, type: 'histogram', aggregator: 'sum' };
  const sampleOf = (part: string, value: number, labels: object) => ({ metricName: `${name}_${part}`, labels, value });
  return {
    ...said,
    async get() {
      const { buckets, count, sum } = read();
      const values = [
        ...[...buckets, { le: '+Inf', count }].map(({ le, count: value }) =>
          sampleOf('bucket', value, { le: String(le) }),
        ),
        sampleOf('sum', sum, {}),
        sampleOf('count', count, {}),
      ];
      return { ...said, values };
    },
    reset() {},
  };
}

/** What the listener asks of the running program, when somebody asks it. */
export interface WebFacts {
  /** Also says whether the store answers: it reads the queue from there. */
  health(): Promise<BotHealth>;
  openIncidents(): Promise<Pick<Incident, 'family' | 'confidence'>[]>;
  /** When the poller last looked at what is due, ms of the monotonic clock; null = it does not run. */
  pollerLookedAt(): number | null;
  /** What this process does; what it does not hold, others do, and it need not be ready for. */
  holds(): readonly LeaseName[];
  /** Who holds what, and which processes live; `me`: this one. */
  leases(): Promise<LeaseBoard & { me: string }>;
  /** Does the store fail to write? */
  storeFails(): boolean;
}
