import { retryAfterMs } from '../answers.ts';
import { TocsinError } from '../errors.ts';
import { ANY } from '../model/chat.ts';
import type { LeftOut } from '../model/measurement.ts';
import type { Clock, DurableState, Http, HttpRequest, HttpResponse, Log } from '../ports/runtime.ts';
import type { Followed } from '../ports/source.ts';
import type { SubscriptionTable } from '../ports/store.ts';
import { createRecent } from '../recent.ts';
import { inOrderByKey } from '../wakeable.ts';

/** Looked after even where no chat follows them: where access changes most often. */
export const WATCH_LIST: Followed = {
  countries: ['RU', 'IR', 'MM', 'PK', 'TR', 'VE', 'BY', 'ET'],
  services: 'whatsapp telegram signal messenger'.split(' '),
};

/** Of different wishes so many are read; the rest of the world is a bot's with a million chats, and asks for what is asked for already. */
const MAX_PAIRS = 2_000;
const MAX_COUNTRIES = 60;
const MAX_SERVICES = 40;
const FRESH_FOR = 10 * 60_000;

/** The most wanted first, then the watch list; bounded. `leftOut`: what chats follow beyond that. */
export function demandOf(pairs: readonly Record<'country' | 'service', string>[]): {
  followed: Followed;
  leftOut: LeftOut;
} {
  const countries = most(
    Map.groupBy(pairs, ({ country }) => country),
    WATCH_LIST.countries,
    MAX_COUNTRIES,
  );
  const services = most(
    Map.groupBy(pairs, ({ service }) => service),
    WATCH_LIST.services,
    MAX_SERVICES,
  );
  return {
    followed: { countries: countries.asked, services: services.asked },
    leftOut: { countries: countries.leftOut, services: services.leftOut, isMore: pairs.length >= MAX_PAIRS },
  };
}

function most(pairs: ReadonlyMap<string, readonly unknown[]>, more: readonly string[], max: number) {
  const named = [...pairs].filter(([name]) => name !== ANY);
  const wanted = named.sort((a, b) => b[1].length - a[1].length).map(([name]) => name);
  // What is watched over anyway takes nobody's place.
  const others = wanted.filter((name) => !more.includes(name)).slice(0, max - more.length);
  const asked = wanted.filter((name) => more.includes(name) || others.includes(name));
  return { asked: [...new Set([...asked, ...more])], leftOut: wanted.length - asked.length };
}

/**
 * What chats follow, for sources that ask for what is asked for: read once in ten minutes. `ask` rejects as the store does, and never twice for one
 * look. More than is asked for: logged once, and again when it has become half as much again.
 */
export function createDemand(deps: { subscriptions: Pick<SubscriptionTable, 'followed'>; clock: Clock; log: Log }) {
  const { subscriptions, clock, log } = deps;
  const recent = createRecent<Followed>(FRESH_FOR, 1);
  let leftOut: LeftOut | null = null;
  let logged = 0;

  async function read(): Promise<Followed> {
    const demand = demandOf(await subscriptions.followed(MAX_PAIRS));
    leftOut = demand.leftOut;
    const { countries, services } = leftOut;
    if (countries + services > logged * 1.5)
      log.warn('Chats follow more than observatories are asked for; the least wanted is left out', {
        countries,
        services,
      });
    logged = Math.max(logged, countries + services);
    return demand.followed;
  }

  return {
    ask: () => recent('', clock.monotonic(), read),
    /** As of the last look; null = nobody has asked, or nothing is left out. */
    leftOut: (): LeftOut | null => (leftOut !== null && leftOut.countries + leftOut.services > 0 ? leftOut : null),
  };
}

/** The same for a look from outside (`check`). Rejects as the store does. */
export async function leftOutOf(subscriptions: Pick<SubscriptionTable, 'followed'>): Promise<LeftOut> {
  return demandOf(await subscriptions.followed(MAX_PAIRS)).leftOut;
}

/** Between the end of a request to a host and the next one, ms: from its beginning it would be less where the first was long on its way. */
export const GAP_MS = 2_000;
/** Timers may fire a little early. */
const MARGIN_MS = 30;
/** A host that asks for a pause without saying how long. */
const PAUSE_MS = 3_600_000;
const MAX_PAUSE_MS = 24 * 3_600_000;
const MAX_HOSTS = 200;
const PAUSES = 'pauses';
/** Hosts that were ever asked: a program that was killed cannot say when it asked last. */
const ASKED = 'asked';
/** `X-RateLimit-Reset` below this counts seconds from now, above it is a time. */
const EPOCH_SECONDS = 1_000_000_000;

/** How long this answer asks us to stay away, ms; null = it does not. Header names in lower case. */
export function pauseOf(status: number, headers: Record<string, string>, now: number): number | null {
  const bounded = (ms: number): number => Math.min(MAX_PAUSE_MS, Math.max(1_000, ms));
  const reset = resetMs(headers, now);
  if (status === 429) {
    const after = headers['retry-after']?.trim();
    // "0" and a moment that is over are a word, too: at once.
    const isNow = after === '0' || (after !== undefined && Date.parse(after) <= now);
    return bounded(retryAfterMs(after, now) ?? (isNow ? 0 : null) ?? reset ?? PAUSE_MS);
  }
  const left = (headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'])?.trim();
  if (left === undefined || !/^0+$/.test(left)) return null;
  return bounded(reset ?? PAUSE_MS);
}

function resetMs(headers: Record<string, string>, now: number): number | null {
  const value = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'];
  if (value === undefined || !/^\s*\d{1,12}(\.\d+)?\s*$/.test(value)) return null;
  const seconds = Number(value);
  return seconds < EPOCH_SECONDS ? seconds * 1_000 : Math.max(0, seconds * 1_000 - now);
}

/**
 * Politeness towards public services that ask for them: requests to one host go one at a time, two seconds apart, redirects included, whoever sends them; a 429, or
 * an answer with the last of a quota, pauses the host for an hour or as long as it says. Both hold over a restart and a kill: a host that was asked before is not
 * asked within the first two seconds of a start. A request to a host that wants peace throws `rate_limited` with `facts.retryAfterMs`, and nothing is sent.
 */
export function createEtiquette(deps: { clock: Clock; state: DurableState; log: Log }) {
  const { clock, state, log } = deps;
  const inTurn = inOrderByKey();
  /** When the last answer of a host had come, by the monotonic clock. */
  const lastAt = new Map<string, number>();
  const startedAt = clock.monotonic();
  let reading: ReturnType<typeof read> | null = null;

  /** What is kept over a restart: until when a host wants peace (wall clock), and which hosts were asked before. */
  async function read() {
    const [pauses, asked] = await Promise.all([PAUSES, ASKED].map((key) => state.get(key).catch(() => null)));
    const entries =
      pauses !== null && typeof pauses === 'object' && !Array.isArray(pauses) ? Object.entries(pauses) : [];
    return {
      pauses: new Map(entries.filter((one): one is [string, number] => typeof one[1] === 'number')),
      asked: new Set(Array.isArray(asked) ? asked.filter((one): one is string => typeof one === 'string') : []),
    };
  }
  const kept = () => (reading ??= read());

  async function pausedUntil(host: string): Promise<number | null> {
    const until = (await kept()).pauses.get(host);
    const now = clock.now();
    // Further away than any pause: the clock was wrong then.
    return until !== undefined && until > now && until - now <= MAX_PAUSE_MS ? until : null;
  }

  async function pause(host: string, ms: number): Promise<void> {
    const memory = await kept();
    const now = clock.now();
    const known = [...memory.pauses].filter(([one, until]) => one !== host && until > now);
    memory.pauses = new Map([...known.slice(1 - MAX_HOSTS), [host, now + ms]]);
    log.info('A host wants to be left alone for a while', { host, minutes: Math.ceil(ms / 60_000) });
    await state.set(PAUSES, Object.fromEntries(memory.pauses)).catch(() => undefined);
  }

  /** From when on this host may be asked, by the monotonic clock. */
  async function freeAt(host: string): Promise<number> {
    const before = lastAt.get(host) ?? ((await kept()).asked.has(host) ? startedAt : null);
    return before === null ? Number.NEGATIVE_INFINITY : before + GAP_MS + MARGIN_MS;
  }

  /** Once for each host, before it is asked for the first time: what is noted afterwards, a kill forgets. */
  async function noteAsked(host: string): Promise<void> {
    const { asked } = await kept();
    if (asked.has(host)) return;
    asked.add(host);
    await state.set(ASKED, [...asked].slice(-MAX_HOSTS)).catch(() => asked.delete(host));
  }

  /** Of many hosts those are forgotten that may be asked at once. */
  function noteAnswered(host: string): void {
    const now = clock.monotonic();
    lastAt.set(host, now);
    if (lastAt.size <= MAX_HOSTS) return;
    for (const [one, at] of lastAt) if (now - at >= GAP_MS + MARGIN_MS) lastAt.delete(one);
  }

  async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (ms <= 0) return;
    await clock.sleep(ms, signal).catch((error: unknown) => {
      throw new TocsinError('canceled', 'The request was stopped.', {}, error);
    });
  }

  /** A redirect to the same host is one more request to it. */
  const hopping =
    (host: string) =>
    async (to: string, signal: AbortSignal): Promise<void> => {
      if (to === host) await sleep(GAP_MS + MARGIN_MS, signal);
    };

  async function ask(http: Http, request: HttpRequest, host: string): Promise<HttpResponse> {
    if (request.signal?.aborted) throw new TocsinError('canceled', 'The request was stopped.');
    await sleep((await freeAt(host)) - clock.monotonic(), request.signal);
    const until = await pausedUntil(host);
    if (until !== null) {
      const facts = { host, retryAfterMs: until - clock.now() };
      throw new TocsinError('rate_limited', `${host} has asked us to pause; it is left alone until then.`, facts);
    }
    await noteAsked(host);
    const response = await http({ ...request, onHop: hopping(host) }).finally(() => {
      noteAnswered(host);
    });
    const ms = pauseOf(response.status, response.headers, clock.now());
    if (ms !== null) await pause(host, ms);
    return response;
  }

  /** The same fetch, politely. */
  return (http: Http): Http =>
    (request) => {
      const host = URL.canParse(request.url) ? new URL(request.url).host : '';
      return inTurn(host, () => ask(http, request, host));
    };
}
