import type { Clock, Tools } from '../core/ports/runtime.ts';
import { within } from '../core/wakeable.ts';
import { createExposition, type WebFacts } from './metrics.ts';
import { type Listen, openServer, type WebServer } from './server.ts';

export type Stage = 'starting' | 'running' | 'stopping';

/** The poller looks at least every 15 s. */
const POLLER_SILENT_MS = 60_000;
const ANSWER_MS = 3_000;
const MAX_NAMED = 10;

/**
 * Why the program is not ready; empty = it is. A process that stands by, and waits for what others do, is ready to take it over. Fixed sentences and names from the configuration only: the listener may be open to
 * strangers, so details stay in the log and in `status`.
 */
export async function readiness(stage: Stage, facts: WebFacts | null, clock: Clock, signal: AbortSignal) {
  if (stage !== 'running' || facts === null) return [stage === 'stopping' ? 'stopping' : 'starting'];
  const reasons: string[] = [];
  const looked = facts.pollerLookedAt();
  const held = new Set(facts.holds());
  if (held.has('ingest') && (looked === null || clock.monotonic() - looked > POLLER_SILENT_MS))
    reasons.push('sources are not being polled');
  if (facts.storeFails()) reasons.push('the database does not take writes');
  const health = await within(ANSWER_MS, facts.health, { clock }, signal).catch(() => null);
  if (health === null) reasons.push('the database does not answer');
  if (health?.storeFault) reasons.push(`the database is not the one that was opened: ${health.storeFault}`);
  const down = (health?.accounts ?? []).filter(
    ({ id, ok, target }) => !ok && !target && (held.has(`receive/${id}`) || held.has(`send/${id}`)),
  );
  for (const { id } of down.slice(0, MAX_NAMED)) reasons.push(`account ${id} is not connected`);
  if (down.length > MAX_NAMED) reasons.push(`${down.length - MAX_NAMED} more accounts are not connected`);
  return reasons;
}

/** The listener of health, metrics and whatever else is mounted. Loaded only when `web` is configured. */
export type Web = Awaited<ReturnType<typeof openWeb>>;

interface WebListen extends Listen {
  /** Where health and metrics are, and nowhere else; absent: with the rest. */
  private?: Listen | null;
  /** Strangers are expected. */
  pages?: boolean;
}

/** Listens at once, so that `/healthz` answers while the program starts. */
export async function openWeb(listen: WebListen, { clock, log }: Pick<Tools, 'clock' | 'log'>) {
  const server = await openServer(listen, log);
  const own = listen.private
    ? await openServer(listen.private, log, 'web: private').catch(async (error: unknown) => {
        await server.close();
        throw error;
      })
    : server;
  const exposition = createExposition(clock);
  const started = clock.monotonic();
  let stage: Stage = 'starting';
  let facts: WebFacts | null = null;
  const type = 'application/json; charset=utf-8';
  const json = (status: number, value: unknown) => ({ status, type, body: `${JSON.stringify(value)}\n` });

  own.mount('/healthz', {
    handle: async () => json(200, { alive: true, uptimeSeconds: Math.round((clock.monotonic() - started) / 1_000) }),
  });
  own.mount('/readyz', {
    async handle({ signal }) {
      const reasons = await readiness(stage, facts, clock, signal);
      return json(reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons });
    },
  });
  own.mount('/metrics', {
    handle: async () => ({ status: 200, type: exposition.contentType, body: await exposition.text(facts) }),
  });
  const at = ({ address }: WebServer): string => `${address.host}:${address.port}`;
  log.info('Listening', { web: at(server), ...(own === server ? {} : { private: at(own) }) });
  if (own === server && listen.pages)
    log.warn('Health and metrics can be read where the pages are: give them an address of their own ("web: private")');

  return {
    metrics: exposition.metrics,
    /** For others: agents that report, a status page. See `server.ts` for the bounds. */
    mount: server.mount,
    address: server.address,
    /** Where health and metrics are. */
    private: own.address,
    /** The program has started: from now on `/readyz` and `/metrics` ask it. */
    serve(running: WebFacts) {
      facts = running;
      stage = 'running';
    },
    /** `/readyz` says so from now on; the rest goes on. */
    stopping() {
      stage = 'stopping';
    },
    async close() {
      await Promise.all([...new Set([server, own])].map((one) => one.close()));
      exposition.stop();
    },
  };
}
