import { isEnd, type Loose, loose, time } from '../../core/answers.ts';
import { codeOf, TocsinError } from '../../core/errors.ts';
import {
  type Before,
  beforeOf,
  type Counted,
  countedOf,
  countriesBeside,
  easedOf,
  isAsOldAs,
  isEverywhere,
  isWholeWeb,
  judgedOf,
  type Looked,
  lookedAt,
  methodOf,
  noise,
  type Pulse,
  type Row,
  silentOf,
  UNREAD,
  type Usual,
  withRows,
} from '../../core/judge/counts.ts';
import { asMeasurement, type Measurement, type ObservatoryView } from '../../core/model/measurement.ts';
import type { Statement } from '../../core/model/report.ts';
import type { ServiceHosts } from '../../core/ports/reading.ts';
import type { Log } from '../../core/ports/runtime.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import { keepNewest } from '../../core/recent.ts';
import { found, ofHost } from '../kind.ts';
import { type Ask, createAsk, dayOf, isListed, type Pair, servicesNamed, targetOf } from './ask.ts';
import type { OoniConfig } from './config.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NAME = 'OONI';

/** One poll asks for so long; what is left is for the next, which follows at once. */
const SLICE_MS = 60_000;
const MAX_NUDGED = 5_000;
const STATE = 'silent';
const NO_HOSTS = { find: () => null };
/** One pair that cannot be read may be to blame itself; two are the host. */
const GIVE_UP = 2;

/**
 * OONI: counts by hour and network of what chats follow, judged by `core/judge/counts.ts`; before it is called cut, some measurements are looked at
 * closely. Findings are statements. A country from which measurements stop is a sign of its own.
 */
export function createSource(config: OoniConfig, deps: SourceDeps): Source {
  const { host } = new URL(config.url);
  const ask = createAsk(deps.http, config.url);
  let followed: readonly string[] = [];
  const measure = createMeasure(ask, config.id, deps.log, () => followed);
  /** What is left of the round; null = a new one begins. */
  let open: Awaited<ReturnType<typeof newRound>> | null = null;
  /** Pairs that somebody speaks of: first in the next round. */
  const nudged = new Set<string>();
  /** Countries that were silent at the end of the last round; null = not read yet. */
  let silent: Set<string> | null = null;
  let hasDetector = true;

  /** Over all pairs; it takes as many polls as it needs. */
  async function newRound() {
    const wanted = config.countries && config.services ? null : await deps.followed?.();
    const countries = config.countries ?? wanted?.countries ?? [];
    const services = config.services ?? wanted?.services ?? [];
    followed = countries;
    const hosts = services.every(isListed) ? null : await deps.serviceHosts();
    const targets = services.flatMap((service) => targetOf(service, hosts) ?? []);
    const all = targets.flatMap((target) => countries.map((country) => ({ country, target })));
    const first = all.filter((pair) => nudged.has(keyOf(pair)));
    nudged.clear();
    const left = [...first, ...all.filter((pair) => !first.includes(pair))];
    return { left, asked: all, pulses: new Map<string, Pulse>(), hasFindings: false };
  }

  async function findings({ now, signal }: PollContext): Promise<Statement[]> {
    const list = await ask.findings(now, signal);
    const hosts = list.length === 0 ? NO_HOSTS : await deps.serviceHosts();
    return statementsOf(list, hosts, now);
  }

  /** What OONI's own detector saw change is asked for first in the next round, where the host has such a detector; that is found out once. */
  async function changes({ now, signal }: PollContext, countries: readonly string[]): Promise<void> {
    if (!hasDetector || countries.length === 0) return;
    const found = await ask.changes(countries, now, signal);
    if (found === null) hasDetector = false;
    if (!found || found.length === 0) return;
    const hosts = await deps.serviceHosts();
    for (const { country, domain } of found) {
      const service = hosts.find(domain)?.service;
      if (service !== undefined) note([service], country);
    }
  }

  function note(services: readonly string[], country: string | null): void {
    if (nudged.size > MAX_NUDGED) nudged.clear();
    for (const service of services) if (country !== null) nudged.add(`${country} ${service}`);
  }

  /** Who fell silent, and who is heard again, at the end of a round. */
  async function silences(pulses: ReadonlyMap<string, Pulse>, now: number) {
    const kept = silent ?? (await deps.state.get(STATE));
    const before = new Set(kept instanceof Set ? kept : Array.isArray(kept) ? kept.map(String).slice(0, 300) : []);
    const fallen = silentOf(pulses, now);
    const back = [...before].filter((country) => !fallen.includes(country) && pulses.has(country));
    for (const country of fallen)
      if (!before.has(country)) deps.log.warn('No measurements come from a country any more', { country });
    // Said until it counts as a return.
    const isOver = (country: string): boolean => back.includes(country) && now - pulses.get(country)!.since > 3 * HOUR;
    const after = new Set([...[...before].filter((country) => !isOver(country)), ...fallen]);
    const measurements = [
      ...fallen.map((country) => silenceOf(config.id, country, pulses.get(country)!, 'cut', now)),
      ...back.map((country) => silenceOf(config.id, country, pulses.get(country)!, 'open', now)),
    ];
    const commit = async (): Promise<void> => {
      silent = after;
      await deps.state.set(STATE, [...after]);
    };
    return { measurements, ...(measurements.length > 0 ? { commit } : {}) };
  }

  async function poll(context: PollContext): Promise<PollResult> {
    const began = deps.clock.monotonic();
    const round = open ?? (await newRound());
    open = null;
    const result = found({ statements: [] });
    let read = 0;
    const failures: unknown[] = [];
    /** False = no further question now. */
    const tried = async (work: () => Promise<void>): Promise<boolean> => {
      try {
        await work();
        return true;
      } catch (error) {
        failures.push(error);
        if (context.signal.aborted || (read === 0 && (isEnd(error) || failures.length >= GIVE_UP))) throw error;
        return !isEnd(error);
      }
    };
    let goesOn = true;
    let isNews = false;
    const hasTime = (): boolean => deps.clock.monotonic() - began < SLICE_MS;
    while (goesOn && !isNews && round.left.length > 0 && hasTime()) {
      const pair = round.left[0]!;
      goesOn = await tried(async () => {
        const measured = await measure(pair, context, () => void read++);
        const pulse = withRows(round.pulses.get(pair.country), measured.rows, context.now);
        if (pulse) round.pulses.set(pair.country, pulse);
        if (measured.measurement) result.measurements.push(measured.measurement);
        isNews = measured.isNew;
      });
      if (goesOn) round.left.shift();
    }
    if (goesOn && !isNews && !round.hasFindings && hasTime())
      goesOn = await tried(async () => {
        round.hasFindings = true;
        result.statements = await findings(context);
        read++;
        await changes(context, [...new Set(round.asked.map(({ country }) => country))]);
      });
    if (read === 0 && failures.length > 0) throw failures[0];
    if (failures.length > 0)
      deps.log.debug('Some of what was asked could not be read', { code: codeOf(failures[0]), n: failures.length });
    const isOver = round.left.length === 0 && round.hasFindings;
    if (!isOver) open = round;
    if (!goesOn) return { ...result, notBefore: context.now + waitOf(failures.at(-1)) };
    if (!isOver) return { ...result, again: true };
    const { measurements, ...rest } = await silences(round.pulses, context.now);
    result.measurements.push(...measurements);
    return { ...result, ...rest };
  }

  return { ...ofHost(config, host), nudge: note, poll };
}

const waitOf = (error: unknown): number => {
  const ms = error instanceof TocsinError ? error.facts.retryAfterMs : undefined;
  return typeof ms === 'number' && ms > 0 ? ms : HOUR;
};

/** What a closer look came to holds for so long. */
const HOLDS_FOR = 12 * HOUR;
const NOISE_FOR = 2 * HOUR;
const BEFORE_FOR = 6 * HOUR;
const OLD = 48 * HOUR;
const MAX_REMEMBERED = 5_000;
/** Single measurements that cannot be had so often in a row are not waited for: the counts stand alone. */
const PATIENCE = 3;

interface Known {
  /** How it was before what looks like a cut. */
  before: { at: number; value: Before } | null;
  /** How it was the last time that it was known to be well before a cut. */
  usual: Usual | null;
  /** It was found to be cut, and not well since. */
  isCut: boolean;
  looked: { at: number; value: Looked } | null;
  /** Looks in a row that failed. */
  failures: number;
}

const keyOf = ({ country, target }: Pair): string => `${country} ${target.service}`;
const isFresh = (at: number, forMs: number, now: number): boolean => now >= at && now - at <= forMs;

/**
 * One pair after the other: its counts, and only where they look like a cut, what was usual, and single measurements. Remembers in memory. `followed`:
 * countries that are asked for at present.
 */
function createMeasure(ask: Ask, sourceId: string, log: Log, followed: () => readonly string[]) {
  const known = new Map<string, Known>();

  function knownOf(pair: Pair): Known {
    const key = keyOf(pair);
    const own = known.get(key) ?? { before: null, usual: null, isCut: false, looked: null, failures: 0 };
    return keepNewest(known, key, own, MAX_REMEMBERED);
  }

  async function before(pair: Pair, own: Known, hours: readonly Row[], looks: Counted, { now, signal }: PollContext) {
    if (!own.before || !isFresh(own.before.at, BEFORE_FOR, now))
      own.before = { at: now, value: beforeOf(looks, hours, await ask.days(pair, now, signal)) };
    if (own.before.value.usual?.isWell) own.usual = own.before.value.usual;
    return own.before.value;
  }

  /** Is it more than this service in this country? If not, do single measurements bear it out? */
  async function closely(pair: Pair, { since }: Counted, { now, signal }: PollContext): Promise<Looked> {
    // Of what is older the day before is not asked for by the hour any more.
    if (now - since <= OLD) {
      const countries = countriesBeside(pair.country, followed());
      const why = isEverywhere(await ask.elsewhere(pair, countries, { since, now }, signal), since)
        ? 'everywhere'
        : isWholeWeb(await ask.web(pair, { since, now }, signal), since)
          ? 'whole-web'
          : null;
      if (why !== null) {
        log.info('OONI sees more fail than one service in one country: not told as a block', {
          pair: keyOf(pair),
          why,
        });
        return noise(why);
      }
    }
    return lookedAt(await ask.sample(pair, since, now, signal));
  }

  async function look(pair: Pair, own: Known, counted: Counted, context: PollContext): Promise<Looked> {
    const { now, signal } = context;
    const holdsFor = own.looked?.value.verdict === 'noise' ? NOISE_FOR : HOLDS_FOR;
    if (own.looked && isFresh(own.looked.at, holdsFor, now)) return own.looked.value;
    try {
      own.looked = { at: now, value: await closely(pair, counted, context) };
      own.failures = 0;
      const { verdict, why } = own.looked.value;
      log.debug('OONI measurements looked at', { pair: keyOf(pair), verdict, why });
      return own.looked.value;
    } catch (error) {
      if (signal.aborted || isEnd(error) || ++own.failures < PATIENCE) throw error;
      return UNREAD;
    }
  }

  /**
   * `onRead` is called as soon as the counts are read: what fails after that is not the source as a whole. `measurement` null = too little is measured there
   * to say anything, or it is noise. `isNew`: it was looked at closely just now, and is worth knowing at once.
   */
  return async (pair: Pair, context: PollContext, onRead: () => void) => {
    const { now, signal } = context;
    const rows = await ask.hours(pair, now, signal);
    onRead();
    const own = knownOf(pair);
    const looks = countedOf(rows, now);
    if (looks?.says !== 'cut') {
      const counted = own.usual && looks?.says !== 'open' ? easedOf(rows, own.usual, now) : looks;
      if (counted?.says === 'open') Object.assign(own, { looked: null, isCut: false });
      const measurement = counted && countsOf(sourceId, pair, counted, { before: 'open', method: null, now });
      return { measurement, rows, isNew: false };
    }
    const usual = await before(pair, own, rows, looks, context);
    const judged = judgedOf(rows, usual, { now, isKnown: own.isCut });
    const looked = judged && (await look(pair, own, looks, context));
    if (judged === null || looked?.verdict === 'noise') return { measurement: null, rows, isNew: false };
    if (!judged.isUsual) own.isCut = true;
    const isOld = isAsOldAs(rows, looks.since);
    const begun = isOld ? { ...looks, since: Math.min(looks.since, usual.since) } : looks;
    const method = methodOf(looked?.failure ?? null);
    const measurement = countsOf(sourceId, pair, begun, { ...judged, method, now });
    return { measurement, rows, isNew: own.looked?.at === now };
  };
}

/** Under the licence of OONI's data policy. */
const base = { observatory: 'ooni', name: NAME, licence: 'CC BY-NC-SA 4.0' };

/** What the counts of a pair say, as a measurement of that country. */
function countsOf(
  sourceId: string,
  { country, target }: Pair,
  { says, share, since, until, from, measurements, networks }: Counted,
  { before, method, now, isUsual }: Pick<ObservatoryView, 'before' | 'method' | 'isUsual'> & { now: number },
): Measurement {
  const query = { test_name: target.test, ...(target.domains.length > 0 ? { domain: target.domains.join(',') } : {}) };
  return asMeasurement({
    id: `${sourceId}/${country}/${target.service}/${says}/${until}/${measurements}`,
    sourceId,
    at: now,
    country,
    service: target.service,
    verdict: says === 'cut' ? 'blocked' : says,
    notes: [`share ${share.toFixed(2)}`],
    view: {
      ...base,
      url: explorer(country, query, since, now),
      says,
      before,
      ...(isUsual ? { isUsual } : {}),
      method,
      since,
      until,
      from,
      measurements,
      networks: networks.filter((asn) => asn > 0).map((asn) => `AS${asn}`),
      action: 'block',
    },
  });
}

/** That nobody measures in a country any more, or does again: a sign that its network is off, and no more. */
function silenceOf(sourceId: string, country: string, pulse: Pulse, says: 'cut' | 'open', now: number): Measurement {
  return asMeasurement({
    id: `${sourceId}/${country}/internet/${says}/${pulse.last}/${Math.floor(now / 60_000)}`,
    sourceId,
    at: now,
    country,
    service: 'internet',
    verdict: says === 'cut' ? 'no measurements any more' : says,
    view: {
      ...base,
      url: explorer(country, {}, pulse.last, now),
      says,
      before: 'open',
      ...(says === 'cut' ? { isSign: true, isSilence: true } : {}),
      action: 'shutdown',
      since: says === 'cut' ? pulse.last : pulse.since,
      until: now,
    },
  });
}

/** The page of the explorer that shows these counts. */
function explorer(country: string, query: Record<string, string>, since: number, now: number): string {
  const span = {
    since: dayOf(Math.min(since, now - 7 * DAY)),
    until: dayOf(now + DAY),
    axis_x: 'measurement_start_day',
  };
  return `https://explorer.ooni.org/chart/mat?${new URLSearchParams({ probe_cc: country, ...query, ...span })}`;
}

/** Countries and services of one finding; more would be no finding. */
const MAX_EACH = 20;
/** The newest of the whole list. */
const MAX_STATEMENTS = 300;
/** A finding comes days after the event; later than this it is stated as of the day that it came. */
const LATE = 7 * DAY;
/** That something ended long ago is history. */
const ENDED_LATELY = 14 * DAY;

const text = (value: unknown, max: number): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.slice(0, max) : null;
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap((one) => text(one, 253) ?? []).slice(0, MAX_EACH) : [];

/**
 * OONI's own findings, written by people: each says of its services in its countries that access is cut, or that it was and is back. One of a
 * wrong shape is left out. The newest are kept where there are too many.
 */
export function statementsOf(list: readonly unknown[], hosts: Pick<ServiceHosts, 'find'>, now: number): Statement[] {
  const statements = list.flatMap((one) => findingOf(loose(one), hosts, now));
  return statements.sort((a, b) => b.at - a.at).slice(0, MAX_STATEMENTS);
}

function findingOf(finding: Loose, hosts: Pick<ServiceHosts, 'find'>, now: number): Statement[] {
  const id = typeof finding.id === 'number' ? String(finding.id) : text(finding.id, 60);
  const title = text(finding.title, 300);
  const created = time(finding.create_time);
  const began = time(finding.start_time);
  const ended = time(finding.end_time);
  if (id === null || title === null || finding.published === false) return [];
  const known = created ?? began;
  if (known === null || (ended !== null && now - ended > ENDED_LATELY)) return [];
  const start = began === null || known - began > LATE ? known : began;
  const page = text(finding.slug, 200) ?? id;
  const base = {
    revision: text(finding.update_time, 40),
    at: Math.min(now, ended ?? start),
    action: ended === null ? ('block' as const) : ('unblock' as const),
    method: null,
    region: null,
    title,
    url: `https://explorer.ooni.org/findings/${encodeURIComponent(page)}`,
    summary: text(finding.short_description, 600) ?? '',
    kind: 'authority' as const,
    publisher: 'ooni',
    publisherName: NAME,
    lang: 'en',
  };
  const countries = texts(finding.CCs).filter((one) => /^[A-Z]{2}$/.test(one));
  const services = servicesNamed(texts(finding.test_names), texts(finding.domains), hosts);
  return [...new Set(countries)].flatMap((country) =>
    services.map((service) => ({ ...base, id: `finding/${id}/${country}/${service}`, country, service })),
  );
}
