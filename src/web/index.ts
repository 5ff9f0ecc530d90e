import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { WebFacts } from './facts.ts';
import { createExposition } from './metrics.ts';
import { readiness, type Stage } from './ready.ts';
import { type Listen, openServer, type WebServer } from './server.ts';

export interface WebDeps {
  clock: Clock;
  log: Log;
}

/** The listener of health, metrics and whatever else is mounted. Loaded only when `web` is configured. */
export interface Web {
  metrics: Metrics;
  /** For others: agents that report, a status page. See `server.ts` for the bounds. */
  mount: WebServer['mount'];
  readonly address: WebServer['address'];
  /** The program has started: from now on `/readyz` and `/metrics` ask it. */
  serve(facts: WebFacts): void;
  /** `/readyz` says so from now on; the rest goes on. */
  stopping(): void;
  close(): Promise<void>;
}

/** Listens at once, so that `/healthz` answers while the program starts. */
export async function openWeb(listen: Listen, { clock, log }: WebDeps): Promise<Web> {
  const server = await openServer(listen, log);
  const exposition = createExposition(clock);
  const started = clock.monotonic();
  let stage: Stage = 'starting';
  let facts: WebFacts | null = null;
  const json = (status: number, value: unknown) => ({
    status,
    type: 'application/json; charset=utf-8',
    body: `${JSON.stringify(value)}\n`,
  });

  server.mount('/healthz', {
    handle: async () => json(200, { alive: true, uptimeSeconds: Math.round((clock.monotonic() - started) / 1_000) }),
  });
  server.mount('/readyz', {
    async handle({ signal }) {
      const reasons = await readiness(stage, facts, clock, signal);
      return json(reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons });
    },
  });
  server.mount('/metrics', {
    handle: async () => ({ status: 200, type: exposition.contentType, body: await exposition.text(facts) }),
  });
  log.info('Listening', { web: `${server.address.host}:${server.address.port}` });

  return {
    metrics: exposition.metrics,
    mount: server.mount,
    address: server.address,
    serve(running) {
      facts = running;
      stage = 'running';
    },
    stopping() {
      stage = 'stopping';
    },
    async close() {
      await server.close();
      exposition.stop();
    },
  };
}
