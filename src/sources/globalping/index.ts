import * as v from 'valibot';
import { ask, json, loose } from '../../core/answers.ts';
import { TocsinError } from '../../core/errors.ts';
import { delistedBy, type Look, type Verdict, judgeRound, type Round } from '../../core/judge/looks.ts';
import { asMeasurement, type Measurement } from '../../core/model/measurement.ts';
import type { HttpResponse } from '../../core/ports/runtime.ts';
import type { PollContext, Source, SourceDeps } from '../../core/ports/source.ts';
import { keepNewest } from '../../core/recent.ts';
import { nationalResolvers } from '../fields.ts';
import { nobodyAsked, ofHost } from '../kind.ts';
import type { GlobalpingConfig } from './config.ts';

/** Tests of the last hour, and what the service said of its own quota. Times: ms since the epoch. */
export interface Spent {
  tests: { at: number; n: number }[];
  /** Until then the service has no tests left for us. */
  emptyUntil: number | null;
}

const HOUR = 3_600_000;

export const NOTHING_SPENT: Spent = { tests: [], emptyUntil: null };

export function spentOf(kept: unknown): Spent {
  const { tests, emptyUntil } = (kept ?? {}) as Partial<Spent>;
  const known = Array.isArray(tests)
    ? tests.filter((one) => typeof one?.at === 'number' && typeof one.n === 'number')
    : [];
  return { tests: known.slice(-200), emptyUntil: typeof emptyUntil === 'number' ? emptyUntil : null };
}

/** When `n` more tests may be made; `now` = at once. A clock that was ahead has spent nothing. */
export function freeAt({ tests, emptyUntil }: Spent, n: number, perHour: number, now: number): number {
  const empty = emptyUntil !== null && emptyUntil > now && emptyUntil - now <= HOUR ? emptyUntil : now;
  const recent = tests.filter(({ at }) => at <= now && now - at < HOUR).sort((a, b) => a.at - b.at);
  let used = recent.reduce((sum, one) => sum + one.n, 0);
  for (const one of recent) {
    if (used + n <= perHour) return empty;
    used -= one.n;
    if (used + n <= perHour) return Math.max(empty, one.at + HOUR);
  }
  return empty;
}

/** With `n` tests more, and without what is over. */
export const spend = (spent: Spent, n: number, now: number): Spent => ({
  ...spent,
  tests: [...spent.tests.filter(({ at }) => at <= now && now - at < HOUR), { at: now, n }],
});

/** What an answer's headers say of the quota: nothing left, and until when. */
export function emptyUntilOf(headers: Record<string, string>, least: number, now: number): number | null {
  const left = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
  const seconds = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (!Number.isFinite(left) || left >= least) return null;
  return now + (Number.isFinite(seconds) && seconds > 0 && seconds <= 3_600 ? seconds * 1_000 : HOUR);
}

/** A service that answers again is looked at once more after so long: a look alone lifts nothing. */
const FOLLOW_MS = 65 * 60_000;
/** What is cut is looked at again after three hours, and the longer it lasts the more seldom, but once a day: nobody may ever say that it is over. */
const CUT_AGAIN_MS = 3 * 3_600_000;
const SELDOM_MS = 24 * 3_600_000;
const PART_OF_AGE = 4;

export interface Asked {
  service: string;
  country: string;
}

/** What the last look at a service in a country said, and since when; `again`: when to look once more. Times: ms since the epoch. */
export interface Seen {
  says: 'cut' | 'open';
  since: number;
  again: number | null;
}

/** Nothing is ever put off for longer than a day: what is further ahead was written by a clock that was wrong. */
const isDue = (at: number, now: number): boolean => at <= now || at - now > SELDOM_MS;

/** By name; what is stored and is none is left out. */
export const seenOf = (kept: unknown): Map<string, Seen> =>
  new Map(
    Object.entries((kept ?? {}) as Record<string, Seen>).filter(
      ([, one]) => typeof one?.since === 'number' && (one.says === 'cut' || one.says === 'open'),
    ),
  );

/** As an observatory's view: open since it was first found so, one look after the other. `wasThere`: its name stood in the national DNS before. */
export function observed(
  { service, country }: Asked,
  found: RoundResult,
  { last, wasThere }: { last: Seen | undefined; wasThere: boolean },
  { id, sourceId, at }: { id: string; sourceId: string; at: number },
): { measurement: Measurement; seen: Seen } {
  const says = found.says === 'cut' ? 'cut' : 'open';
  const since = last?.says === says && last.since <= at ? last.since : at;
  const cutAgain = at + Math.min(SELDOM_MS, Math.max(CUT_AGAIN_MS, (at - since) / PART_OF_AGE));
  const again = says === 'cut' ? cutAgain : last?.says === 'cut' ? at + FOLLOW_MS : null;
  const measurement = asMeasurement({
    id,
    sourceId,
    at,
    country,
    service,
    vantageId: sourceId,
    probeAsn: found.networks[0],
    verdict: found.verdict,
    view: {
      observatory: 'globalping',
      name: 'Globalping',
      url: found.id === null ? 'https://globalping.io/' : `https://globalping.io/?measurement=${found.id}`,
      says,
      before: found.method === 'dns' && wasThere ? 'open' : last ? last.says : 'unknown',
      action: 'block',
      method: found.method,
      since,
      until: at,
      measurements: found.looks,
      networks: found.networks,
    },
  });
  return { measurement, seen: { says, since, again } };
}

/** What the watch over a national DNS knows of names (`RU whatsapp`), and whose turn it is. Times: ms since the epoch. */
export interface Watched {
  names: Record<string, 'there' | 'gone'>;
  /** Index of the next pair. */
  next: number;
  lookedAt: number | null;
}

/** Of the tests of an hour so large a part is the watch's; the rest is for incidents. */
const SHARE = 0.5;
/** Names that are remembered: what is followed, forty services in a few countries. */
const MAX_NAMES = 500;

/** What was kept, whatever its shape. */
export function watchedOf(kept: unknown): Watched {
  const { names, next, lookedAt } = (kept ?? {}) as Partial<Watched>;
  const known = names !== null && typeof names === 'object' ? Object.entries(names) : [];
  return {
    names: Object.fromEntries(known.filter(([, one]) => one === 'there' || one === 'gone').slice(-MAX_NAMES)),
    next: typeof next === 'number' && Number.isInteger(next) && next >= 0 ? next : 0,
    lookedAt: typeof lookedAt === 'number' ? lookedAt : null,
  };
}

type WatchPlan =
  | { do: 'look'; pair: Asked; next: number }
  | { do: 'wait'; because: 'nothing-to-watch' | 'not-yet' | 'no-tests-left' };

/** One name a turn, evenly over the hour, and never from the tests that incidents need. A clock that was set back is not waited for. */
export function planWatch(
  { next, lookedAt }: Watched,
  pairs: readonly Asked[],
  { spent, perHour, now }: { spent: Spent; perHour: number; now: number },
): WatchPlan {
  if (pairs.length === 0) return { do: 'wait', because: 'nothing-to-watch' };
  const every = (HOUR * costOfNames()) / (perHour * SHARE);
  if (lookedAt !== null && lookedAt <= now && now - lookedAt < every) return { do: 'wait', because: 'not-yet' };
  if (freeAt(spent, costOfNames(), perHour, now) > now) return { do: 'wait', because: 'no-tests-left' };
  const index = next % pairs.length;
  return { do: 'look', pair: pairs[index]!, next: index + 1 };
}

/** What probes heard of a name: gone by the rule of a round, there where all heard it; null = neither is sure. */
export function nameSeen(dns: { asked: readonly Look[]; controls: readonly Look[] }): 'there' | 'gone' | null {
  if (delistedBy({ dns }) !== null) return 'gone';
  const counted = dns.asked.filter(({ found }) => found !== 'unclear');
  return counted.length >= 2 && counted.every(({ found }) => found === 'fine') ? 'there' : null;
}

/**
 * A look's outcome: what is known then, and whether the service is worth a closer look, for its name has come or gone. News is not known before the closer look has
 * borne it out (`settled`): what a kill takes comes again with its next turn.
 */
export function afterLook(
  watched: Watched,
  pair: Asked,
  seen: 'there' | 'gone' | null,
  how: { next: number; now: number },
): { watched: Watched; isNews: boolean } {
  const name = `${pair.country} ${pair.service}`;
  const before = watched.names[name];
  const isNews = before !== undefined && seen !== null && seen !== before;
  const names = seen === null || isNews ? watched.names : { ...watched.names, [name]: seen };
  return { watched: { names, next: how.next, lookedAt: how.now }, isNews };
}

/** What a closer look came to of a name that is watched; of others nothing is kept. */
export function settled(names: Watched['names'], name: string, { says, method }: Pick<Verdict, 'says' | 'method'>) {
  if (!(name in names) || says === 'unclear') return names;
  return { ...names, [name]: method === 'dns' ? ('gone' as const) : ('there' as const) };
}

const SPENT = 'spent';
const SEEN = 'seen';
const WATCHED = 'watched';
/** Of the last looks, so many are remembered. */
const MAX_SEEN = 500;
/** Wishes that wait; the newest go first, for they are what people wait for. */
const MAX_ASKED = 20;
/** The same is not looked at again within. */
const AGAIN_MS = 30 * 60_000;
/** One poll takes two minutes at most, a round half of that. */
const MAX_ROUNDS = 2;

/** As it is stored, and read again. */
const nameOf = ({ service, country }: Asked): string => `${country} ${service}`;
function askedOf(name: string): Asked {
  const [country = '', service = ''] = name.split(' ');
  return { service, country };
}

/** Looks where and when it is asked to, within a budget of tests an hour that a restart does not renew. */
export function createSource(config: GlobalpingConfig, deps: SourceDeps): Source & Required<Pick<Source, 'nudge'>> {
  const { clock, log, state, http } = deps;
  const client = createClient(config, { http, clock });
  const asked = new Map<string, Asked>();
  const lookedAt = new Map<string, number>();
  let toldFull = false;

  async function round(one: Asked, context: PollContext): Promise<RoundResult | 'later' | null> {
    const [domain] = (await deps.serviceHosts()).domainsOf(one.service);
    if (domain === undefined) return null;
    const resolvers = await resolversOf(one.country);
    const cost = costOf(resolvers);
    const now = clock.now();
    let spent = spentOf(await state.get(SPENT));
    if (freeAt(spent, cost, config.testsPerHour, now) > now) {
      if (!toldFull)
        log.info('The tests of this hour are used up; what was asked for waits', { testsPerHour: config.testsPerHour });
      toldFull = true;
      return 'later';
    }
    const left = await client.left(context.signal);
    if (left !== null && left < cost) {
      await state.set(SPENT, { ...spent, emptyUntil: now + 600_000 });
      return 'later';
    }
    toldFull = false;
    // Before they are made: a crash must not make them twice.
    const more = async (tests: number): Promise<boolean> => {
      if (freeAt(spent, tests, config.testsPerHour, now) > now) return false;
      spent = spend(spent, tests, now);
      await state.set(SPENT, spent);
      return true;
    };
    await more(cost);
    const found = await lookFrom(one.country, domain, { client, resolvers, more, signal: context.signal });
    const emptyUntil = emptyUntilOf(found.headers, cost, clock.now());
    if (emptyUntil !== null) await state.set(SPENT, { ...spent, emptyUntil });
    log.debug('Looked from abroad', { ...one, says: found.says, looks: found.looks });
    return found.says === 'unclear' ? null : found;
  }

  /** What is watched: followed services that have a name, in countries that have a DNS of their own. */
  async function watchedPairs(): Promise<Asked[]> {
    const followed = await deps.followed?.();
    const hosts = await deps.serviceHosts();
    const services = (followed?.services ?? []).filter((one) => hosts.domainsOf(one).length > 0);
    const countries: string[] = [];
    for (const one of config.countries ?? followed?.countries ?? [])
      if ((await resolversOf(one)).length > 0) countries.push(one);
    return services.flatMap((service) => countries.map((country) => ({ service, country })));
  }

  /** One name, if its turn has come; false = it has not. What has come or gone is looked at closely with the next poll, as if somebody spoke of it. */
  async function watch({ signal }: PollContext, watched: Watched): Promise<boolean> {
    const now = clock.now();
    const spent = spentOf(await state.get(SPENT));
    const plan = planWatch(watched, await watchedPairs(), { spent, perHour: config.testsPerHour, now });
    if (plan.do === 'wait') return false;
    const { service, country } = plan.pair;
    const [domain] = (await deps.serviceHosts()).domainsOf(service);
    const [resolver] = await resolversOf(country);
    // Before they are made, and with its turn: one that cannot be looked at holds up no other.
    await state.set(SPENT, spend(spent, costOfNames(), now));
    await state.set(WATCHED, { ...watched, next: plan.next, lookedAt: now });
    const { dns } = await lookAtName(country, { domain: domain!, resolver: resolver! }, { client, signal });
    const after = afterLook(watched, plan.pair, nameSeen(dns), { next: plan.next, now });
    await state.set(WATCHED, after.watched);
    if (after.isNews) asked.set(nameOf(plan.pair), plan.pair);
    log.debug('Looked at a name in the national DNS', { country, service, news: after.isNews });
    return true;
  }

  return {
    ...ofHost(config, client.host),
    nudge(services, country) {
      if (country === null || (config.countries && !config.countries.includes(country))) return;
      for (const service of services) {
        const one = { service, country };
        const last = lookedAt.get(nameOf(one));
        if (last !== undefined && clock.monotonic() - last < AGAIN_MS) continue;
        keepNewest(asked, nameOf(one), one, MAX_ASKED);
      }
    },
    async poll(context) {
      if (context.signal.aborted) throw new TocsinError('canceled', 'The poll was stopped.');
      const result = nobodyAsked();
      const seen = seenOf(await state.get(SEEN));
      // Looks that are due once more are as if they were asked for.
      const isFollowUp = ([name, { again }]: [string, Seen]): boolean =>
        again !== null && isDue(again, clock.now()) && !asked.has(name);
      const followUps = [...seen].filter(isFollowUp).map(([name]) => askedOf(name));
      const wishes = [...[...asked.values()].reverse(), ...followUps];
      const watched = watchedOf(await state.get(WATCHED));
      if (wishes.length === 0 && config.watch) result.asked = await watch(context, watched);
      let { names } = watched;
      const done: string[] = [];
      for (const one of wishes.slice(0, MAX_ROUNDS)) {
        const found = await round(one, context);
        if (found === 'later') break;
        const name = nameOf(one);
        done.push(name);
        result.asked = true;
        const last = seen.get(name);
        seen.delete(name);
        if (found) {
          const measured = { id: deps.ids.next(), sourceId: config.id, at: clock.now() };
          const made = observed(one, found, { last, wasThere: names[name] === 'there' }, measured);
          names = settled(names, name, found);
          result.measurements.push(made.measurement);
          seen.set(name, made.seen);
        } else if (last) seen.set(name, { ...last, again: last.says === 'cut' ? clock.now() + CUT_AGAIN_MS : null });
      }
      result.unchanged = result.measurements.length === 0;
      if (done.length > 0)
        result.commit = async () => {
          for (const name of done) {
            asked.delete(name);
            keepNewest(lookedAt, name, clock.monotonic(), MAX_SEEN);
          }
          await state.set(SEEN, Object.fromEntries([...seen].slice(-MAX_SEEN)));
          if (names !== watched.names) await state.set(WATCHED, { ...watched, names });
        };
      return result;
    },
  };
}

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
