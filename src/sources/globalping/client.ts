import { TocsinError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Http, HttpResponse } from '../../core/ports/http.ts';
import { createdOf, type Look, looksOf, refusalOf } from './answer.ts';

export interface Request {
  type: 'http' | 'dns';
  target: string;
  locations: { country: string; limit: number; tags?: string[] }[];
  /** The resolver that is asked, for `dns`. */
  resolver?: string;
}

export interface ClientDeps {
  http: Http;
  clock: Clock;
  base: string;
  token: string | null;
}

const MAX_BYTES = 4_000_000;
const TIMEOUT_MS = 20_000;
/** Probes have 30 s at most; what is not there by then is not coming. */
const WAIT_MS = 45_000;
const LOOK_EVERY = 1_000;

/** Begins measurements and waits for what probes find. Throws `TocsinError`: `rate_limited` and `fetch_status` with the service's wish. */
export function createClient({ http, clock, base, token }: ClientDeps) {
  const { host } = new URL(base);

  async function exchange(
    path: string,
    signal: AbortSignal,
    body?: object,
  ): Promise<{ response: HttpResponse; data: unknown }> {
    const response = await http({
      url: `${base}${path}`,
      ...(body ? { method: 'POST' as const, body: JSON.stringify(body) } : {}),
      headers: {
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      signal,
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
    });
    return { response, data: parsed(response.body) };
  }

  const otherShape = (): TocsinError =>
    new TocsinError('feed_not_a_feed', `${host} answers in another form than expected; is "url" right?`, { host });

  function refused({ status, headers }: HttpResponse, data: unknown): TocsinError {
    const reason = refusalOf(data);
    const seconds = Number(headers['retry-after'] ?? headers['x-ratelimit-reset'] ?? Number.NaN);
    const wait = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 86_400) * 1_000 : 3_600_000;
    const facts = { host, status, ...(reason ? { reason } : {}), ...(status === 429 ? { retryAfterMs: wait } : {}) };
    return new TocsinError('fetch_status', `${host} answered ${status}${reason ? ` (${reason})` : ''}.`, facts);
  }

  return {
    host,
    /** Tests that are left of the account's hour; null = it does not say. */
    async left(signal: AbortSignal): Promise<number | null> {
      const { response, data } = await exchange('/v1/limits', signal);
      if (response.status === 429 || response.status === 401) throw refused(response, data);
      // It is asked for courtesy: what it does not say, the answers' headers do.
      if (response.status !== 200) return null;
      const create = (data as { rateLimit?: { measurements?: { create?: { remaining?: unknown } } } } | null)?.rateLimit
        ?.measurements?.create;
      return typeof create?.remaining === 'number' ? create.remaining : null;
    },
    /** What the probes found; empty where there are none. `headers`: of the answer that has the quota. */
    async look(
      request: Request,
      signal: AbortSignal,
    ): Promise<{ looks: Look[]; id: string | null; headers: Record<string, string> }> {
      const { type, target, locations, resolver } = request;
      const measurementOptions =
        type === 'dns'
          ? { query: { type: 'A' }, ...(resolver === undefined ? {} : { resolver }) }
          : { protocol: 'HTTPS', request: { method: 'HEAD', path: '/' } };
      const begun = await exchange('/v1/measurements', signal, { type, target, locations, measurementOptions });
      const { headers } = begun.response;
      if (begun.response.status === 422 && refusalOf(begun.data) === 'no_probes_found')
        return { looks: [], id: null, headers };
      if (begun.response.status !== 202 && begun.response.status !== 200) throw refused(begun.response, begun.data);
      const created = createdOf(begun.data);
      if (!created) throw otherShape();
      const until = clock.monotonic() + WAIT_MS;
      for (;;) {
        await clock.sleep(LOOK_EVERY, signal);
        const { response, data } = await exchange(`/v1/measurements/${created.id}`, signal);
        if (response.status !== 200) throw refused(response, data);
        const read = looksOf(data, type);
        if (!read) throw otherShape();
        // What has not come by then is not coming: what is there counts.
        if (read.finished || clock.monotonic() >= until) return { looks: read.looks, id: created.id, headers };
      }
    },
  };
}
export type Client = ReturnType<typeof createClient>;

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}
