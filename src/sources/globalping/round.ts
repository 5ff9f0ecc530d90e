import * as v from 'valibot';
import { ask, json, loose } from '../../core/answers.ts';
import { TocsinError } from '../../core/errors.ts';
import { delistedBy, judgeRound, type Look, type Round, type Verdict } from '../../core/judge/looks.ts';
import type { HttpResponse } from '../../core/ports/runtime.ts';
import type { SourceDeps } from '../../core/ports/source.ts';
import { nationalResolvers } from '../fields.ts';
import type { GlobalpingConfig } from './config.ts';

/** Probes at homes and offices of the country; and some abroad, for comparison. */
const INSIDE = 6;
const ASKED = 3;
const CONTROLS = ['DE', 'US', 'NL'];
const CONTROL_COUNT = 2;
/** Nobody's national resolver, and one that leaves out nothing. */
const CONTROL_RESOLVER = '1.1.1.1';

/** Addresses of the resolvers that the country tells its providers to use; none for most. */
export const resolversOf = async (country: string): Promise<string[]> =>
  (await nationalResolvers(country)).map(({ address }) => address);

/** Tests that a round takes, without the second resolver. */
export const costOf = (resolvers: readonly string[]): number =>
  INSIDE + CONTROL_COUNT + (resolvers.length > 0 ? costOfNames() : 0);
/** Those of a look at a name alone. */
export const costOfNames = (): number => ASKED + CONTROL_COUNT;

export interface RoundResult extends Verdict {
  /** Of the measurement that shows it, for a link. */
  id: string | null;
  headers: Record<string, string>;
}

interface Looking {
  client: Client;
  signal: AbortSignal;
}

/** `more`: may so many more tests be made? They are counted then. */
type Asking = Looking & { resolvers: readonly string[]; more(tests: number): Promise<boolean> };

const controlsFor = (country: string) =>
  CONTROLS.filter((one) => one !== country)
    .slice(0, CONTROL_COUNT)
    .map((one) => ({ country: one, limit: 1 }));
const inside = (country: string, limit: number) => ({ country, limit, tags: ['eyeball-network'] });

/** Does the name exist for the country's own resolver, and for one abroad? */
export async function lookAtName(
  country: string,
  { domain, resolver }: { domain: string; resolver: string },
  { client, signal }: Looking,
) {
  const name = { type: 'dns' as const, target: domain };
  const asked = await client.look({ ...name, resolver, locations: [inside(country, ASKED)] }, signal);
  const there = await client.look({ ...name, resolver: CONTROL_RESOLVER, locations: controlsFor(country) }, signal);
  return { dns: { asked: asked.looks, controls: there.looks }, shown: { ...asked, headers: there.headers } };
}

/** Looks at a service from inside a country, beside controls abroad, and at its name with the country's own resolver. */
export async function lookFrom(country: string, domain: string, { client, resolvers, more, signal }: Asking) {
  const locations = [inside(country, INSIDE), ...controlsFor(country)];
  const http = await client.look({ type: 'http', target: domain, locations }, signal);
  let dns: Round['dns'] = null;
  let shown = http;
  const [resolver, second] = resolvers;
  if (resolver !== undefined) {
    const found = await lookAtName(country, { domain, resolver }, { client, signal });
    dns = found.dns;
    shown = found.shown;
    // One resolver may be at fault; a name that is delisted is gone from the other as well, and whoever asks that one must not hear of it.
    if (second !== undefined && delistedBy(found) !== null && (await more(ASKED))) {
      const name = { type: 'dns' as const, target: domain, resolver: second };
      const other = await client.look({ ...name, locations: [inside(country, ASKED)] }, signal);
      dns = { ...dns, asked: [...dns.asked, ...other.looks] };
      shown = { ...shown, headers: other.headers };
    }
  }
  const verdict = judgeRound({ country, http: http.looks, dns });
  return { ...verdict, id: verdict.method === 'dns' ? shown.id : http.id, headers: shown.headers };
}

const probe = v.object({ country: v.pipe(v.string(), v.regex(/^[A-Z]{2}$/)), asn: v.number() });
const result = v.object({
  status: v.string(),
  statusCode: v.nullish(v.number()),
  statusCodeName: v.nullish(v.string()),
  failureSource: v.nullish(v.string()),
  answers: v.nullish(v.array(v.unknown())),
});
const measurement = v.object({
  status: v.picklist(['in-progress', 'finished']),
  results: v.pipe(v.array(v.unknown()), v.maxLength(500)),
});
const one = v.object({ probe, result });
const created = v.object({ id: v.pipe(v.string(), v.regex(/^[\w.-]{1,100}$/)), probesCount: v.number() });
const refused = v.object({ error: v.object({ type: v.string() }) });

/** The id of a measurement that was begun; null = the answer is of another shape. */
export const createdOf = (body: unknown): v.InferOutput<typeof created> | null => (v.is(created, body) ? body : null);

/** Why a measurement was refused, in the service's word (`no_probes_found`); null = it does not say. */
export const refusalOf = (body: unknown): string | null => (v.is(refused, body) ? body.error.type.slice(0, 40) : null);

/** Null = of another shape. Single results of another shape are left out. */
export function looksOf(body: unknown, type: 'http' | 'dns'): { finished: boolean; looks: Look[] } | null {
  if (!v.is(measurement, body)) return null;
  const looks = body.results.flatMap((each): Look[] => {
    if (!v.is(one, each)) return [];
    const { probe: by, result: what } = each;
    return [{ country: by.country, asn: `AS${by.asn}`, found: type === 'http' ? httpFound(what) : dnsFound(what) }];
  });
  return { finished: body.status === 'finished', looks };
}

type Result = v.InferOutput<typeof result>;

/** Any answer is an answer: big services say 403 or redirect to a bare HEAD. */
function httpFound({ status, statusCode, failureSource }: Result): Look['found'] {
  if (status === 'finished' && typeof statusCode === 'number' && statusCode > 0) return 'fine';
  if (status === 'failed') return failureSource === 'internal' ? 'unclear' : 'failed';
  return 'unclear';
}

/** "There is no such name" is a finished result. */
function dnsFound({ status, statusCodeName, answers, failureSource }: Result): Look['found'] {
  if (status === 'failed') return failureSource === 'internal' ? 'unclear' : 'failed';
  if (status !== 'finished') return 'unclear';
  if (statusCodeName === 'NXDOMAIN') return 'gone';
  if (statusCodeName === 'NOERROR') return (answers ?? []).length > 0 ? 'fine' : 'gone';
  return 'failed';
}

interface Request {
  type: 'http' | 'dns';
  target: string;
  locations: { country: string; limit: number; tags?: string[] }[];
  /** The resolver that is asked, for `dns`. */
  resolver?: string;
}

const MAX_BYTES = 4_000_000;
const TIMEOUT_MS = 20_000;
/** Probes have 30 s at most; what is not there by then is not coming. */
const WAIT_MS = 45_000;
const LOOK_EVERY = 1_000;

/** Begins measurements and waits for what probes find. Throws `TocsinError`: `rate_limited` and `fetch_status` with the service's wish. */
export function createClient(
  { url: base, token }: Pick<GlobalpingConfig, 'url' | 'token'>,
  { http, clock }: Pick<SourceDeps, 'http' | 'clock'>,
) {
  const { host } = new URL(base);

  async function exchange(path: string, signal: AbortSignal, body?: object) {
    const question = { url: `${base}${path}`, body, token, signal, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS };
    const response = await ask(http, question);
    return { response, data: json(new TextDecoder().decode(response.body)) };
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
      const { remaining } = loose(loose(loose(loose(data).rateLimit).measurements).create);
      return typeof remaining === 'number' ? remaining : null;
    },
    /** What the probes found; empty where there are none. `headers`: of the answer that has the quota. */
    async look(request: Request, signal: AbortSignal) {
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
      const { id } = createdOf(begun.data) ?? {};
      if (id === undefined) throw otherShape();
      const until = clock.monotonic() + WAIT_MS;
      for (;;) {
        await clock.sleep(LOOK_EVERY, signal);
        const { response, data } = await exchange(`/v1/measurements/${id}`, signal);
        if (response.status !== 200) throw refused(response, data);
        const read = looksOf(data, type);
        if (!read) throw otherShape();
        // What has not come by then is not coming: what is there counts.
        if (read.finished || clock.monotonic() >= until) return { looks: read.looks, id, headers };
      }
    },
  };
}
type Client = ReturnType<typeof createClient>;
