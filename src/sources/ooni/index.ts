import { codeOf, TocsinError } from '../../core/errors.ts';
import type { Measurement } from '../../core/model/measurement.ts';
import type { ObservatoryView } from '../../core/model/observatory.ts';
import type { Statement } from '../../core/model/statement.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import { createAsk, isEnd, type Pair } from './ask.ts';
import type { OoniConfig } from './config.ts';
import { statementsOf } from './findings.ts';
import { type Baseline, baselineOf, beforeOf, type Counted, countedOf, type Row } from './rule.ts';
import { type Looked, lookedAt, methodOf } from './sample.ts';
import { targetOf } from './targets.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** One poll asks for so long; what is left is for the next, which follows at once. */
const SLICE_MS = 60_000;
const NAME = 'OONI';
/** OONI's data policy. */
const LICENCE = 'CC BY-NC-SA 4.0';
/** What a closer look came to holds for so long. */
const HOLDS_FOR = 12 * HOUR;
const NOISE_FOR = 2 * HOUR;
const BASELINE_FOR = 6 * HOUR;
const MAX_REMEMBERED = 5_000;

interface Known {
  baseline: { at: number; value: Baseline | null } | null;
  looked: { at: number; value: Looked } | null;
}

/**
 * OONI: counts by hour and network of what chats follow, judged by the rule of `rule.ts`; before it is called cut, some measurements are looked at
 * closely. Findings are statements. A round over all pairs takes as many polls as it needs, each of a minute.
 */
export function createSource(config: OoniConfig, deps: SourceDeps): Source {
  const { host } = new URL(config.url);
  const ask = createAsk({ http: deps.http, base: config.url, host });
  const known = new Map<string, Known>();
  /** What is left of the round; null = a new one begins. */
  let left: Pair[] | null = null;
  /** Pairs that somebody speaks of: first in the next round. */
  const nudged = new Set<string>();

  async function pairs(): Promise<Pair[]> {
    const wanted = config.countries && config.services ? null : await deps.followed?.();
    const countries = config.countries ?? wanted?.countries ?? [];
    const services = config.services ?? wanted?.services ?? [];
    const targets = services.flatMap((service) => targetOf(service) ?? []);
    const all = targets.flatMap((target) => countries.map((country) => ({ country, target })));
    const first = all.filter((pair) => nudged.has(keyOf(pair)));
    nudged.clear();
    return [...first, ...all.filter((pair) => !first.includes(pair))];
  }

  function knownOf(pair: Pair): Known {
    const key = keyOf(pair);
    const own = known.get(key) ?? { baseline: null, looked: null };
    known.delete(key);
    known.set(key, own);
    for (const oldest of known.keys()) if (known.size > MAX_REMEMBERED) known.delete(oldest);
    return own;
  }

  async function baseline(pair: Pair, hours: readonly Row[], counted: Counted, { now, signal }: PollContext) {
    const own = knownOf(pair);
    if (!own.baseline || now - own.baseline.at > BASELINE_FOR || now < own.baseline.at) {
      const days = await ask.days(pair, now, signal);
      const value = baselineOf(days, Math.floor(counted.since / DAY) * DAY) ?? baselineOf(hours, counted.since);
      own.baseline = { at: now, value };
    }
    return own.baseline.value;
  }

  async function look(pair: Pair, counted: Counted, { now, signal }: PollContext): Promise<Looked> {
    const own = knownOf(pair);
    const holdsFor = own.looked?.value.verdict === 'noise' ? NOISE_FOR : HOLDS_FOR;
    if (!own.looked || now - own.looked.at > holdsFor || now < own.looked.at) {
      const sample = await ask.sample(pair, counted.since, now, signal);
      own.looked = { at: now, value: lookedAt(sample) };
      const { verdict, why } = own.looked.value;
      deps.log.debug('OONI measurements looked at', { pair: keyOf(pair), verdict, why, of: sample.length });
    }
    return own.looked.value;
  }

  /** Null = too little is measured there to say anything, or it is noise. */
  async function measure(pair: Pair, context: PollContext): Promise<Measurement | null> {
    const { now, signal } = context;
    const hours = await ask.hours(pair, now, signal);
    const counted = countedOf(hours, now);
    if (counted === null) return null;
    if (counted.says !== 'cut') {
      if (counted.says === 'open') knownOf(pair).looked = null;
      return measurementOf(pair, counted, { before: 'open', method: null }, now);
    }
    const usual = await baseline(pair, hours, counted, context);
    const before = beforeOf(counted, usual);
    if (before === null) return null;
    const looked = await look(pair, counted, context);
    if (looked.verdict === 'noise') return null;
    return measurementOf(pair, counted, { before, method: methodOf(looked.failure) }, now);
  }

  function measurementOf(
    { country, target }: Pair,
    counted: Counted,
    more: Pick<ObservatoryView, 'before' | 'method'>,
    now: number,
  ): Measurement {
    const { says, share, since, until, from, measurements } = counted;
    const networks = counted.networks.filter((asn) => asn > 0).map((asn) => `AS${asn}`);
    const raw: ObservatoryView = {
      observatory: 'ooni',
      name: NAME,
      licence: LICENCE,
      url: explorer({ country, target }, since, now),
      says,
      ...more,
      action: 'block',
      since,
      until,
      from,
      measurements,
      networks,
      signals: [],
      region: null,
    };
    return {
      id: `${config.id}/${country}/${target.service}/${says}/${until}/${measurements}`,
      sourceId: config.id,
      kind: 'ooni',
      at: now,
      probeCc: country,
      probeAsn: networks[0] ?? 'AS0',
      vantageId: `${config.id}/${country}`,
      target: target.service,
      component: null,
      verdict: says === 'cut' ? 'blocked' : says,
      detail: null,
      notes: [`share ${share.toFixed(2)}`],
      raw,
    };
  }

  async function findings({ now, signal }: PollContext): Promise<Statement[]> {
    return statementsOf(await ask.findings(now, signal), { now, publisher: 'ooni', publisherName: NAME });
  }

  return {
    id: config.id,
    kind: 'ooni',
    label: `${config.id} (${host})`,
    cron: config.cron,
    host,
    nudge(services, country) {
      if (nudged.size > MAX_REMEMBERED) nudged.clear();
      for (const service of services) if (country !== null) nudged.add(`${country} ${service}`);
    },
    async poll(context) {
      const began = deps.clock.monotonic();
      const isFresh = left === null;
      const round = left ?? (await pairs());
      const result: PollResult = { items: [], measurements: [], statements: [], unchanged: false, notBefore: null };
      let read = 0;
      let failed: unknown = null;
      const tried = async (work: () => Promise<void>): Promise<boolean> => {
        try {
          await work();
          read++;
          return true;
        } catch (error) {
          if (context.signal.aborted) throw error;
          failed ??= error;
          // Nothing can be read: no further question now.
          if (read === 0) throw error;
          return !isEnd(error);
        }
      };
      left = null;
      let goesOn = true;
      let next = 0;
      for (; goesOn && next < round.length && deps.clock.monotonic() - began < SLICE_MS; next++) {
        const pair = round[next]!;
        goesOn = await tried(async () => {
          const measurement = await measure(pair, context);
          if (measurement) result.measurements.push(measurement);
        });
      }
      if (goesOn && isFresh)
        goesOn = await tried(async () => {
          result.statements = await findings(context);
        });
      if (!goesOn) return { ...result, notBefore: context.now + waitOf(failed) };
      if (failed) deps.log.debug('Some of what was asked could not be read', { code: codeOf(failed) });
      if (next < round.length) {
        left = round.slice(next);
        return { ...result, again: true };
      }
      return result;
    },
  };
}

const keyOf = ({ country, target }: Pair): string => `${country} ${target.service}`;

const waitOf = (error: unknown): number => {
  const ms = error instanceof TocsinError ? error.facts.retryAfterMs : undefined;
  return typeof ms === 'number' && ms > 0 ? ms : HOUR;
};

/** The page of the explorer that shows these counts. */
function explorer({ country, target }: Pair, since: number, now: number): string {
  const url = new URL('https://explorer.ooni.org/chart/mat');
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  url.searchParams.set('probe_cc', country);
  url.searchParams.set('test_name', target.test);
  if (target.domains.length > 0) url.searchParams.set('domain', target.domains.join(','));
  url.searchParams.set('since', day(Math.min(since, now - 7 * DAY)));
  url.searchParams.set('until', day(now + DAY));
  url.searchParams.set('axis_x', 'measurement_start_day');
  return url.href;
}
