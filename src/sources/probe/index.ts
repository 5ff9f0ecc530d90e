import { TocsinError } from '../../core/errors.ts';
import { NATIONAL } from '../../core/judge/measured.ts';
import { createRounds, isSlowed } from '../../core/judge/rounds.ts';
import { SPEED_UNTESTED, type TargetVerdict } from '../../core/judge/verdict.ts';
import type { Measurement } from '../../core/model/measurement.ts';
import type { Ids, Log } from '../../core/ports/runtime.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import { nationalResolvers } from '../fields.ts';
import { loadServicePlans, type ServicePlan } from './components.ts';
import type { ProbeConfig, Vantage } from './config.ts';
import { measureNational } from './national.ts';
import { offlineOf, type ProbeTarget, type RoundResult, runRound, type TargetResult } from './round.ts';
import { openSession, type Session } from './session.ts';

/** When a target is measured next: places in a schedule, moved by what a round came to. Pure; `random` yields 0 to 1. */

/** One target's place in the schedule, wall-clock ms. */
export interface Due {
  target: ProbeTarget;
  next: number;
  heavy: number;
  last: number;
}

/** Intervals, ms; Infinity = never. */
export interface Intervals {
  regular: number;
  speed: number;
}

const MINUTE = 60_000;
/** No interval is drawn longer than so many times the configured one; the rest is the time that a round takes. */
const LATEST = 1.5;
/** Targets with speed measurements in one poll: they take up to a minute each and must not hold up the rest. */
const HEAVY = 8;
const LIGHT = 200;
/** A change is looked at again within this. */
const CONFIRM_MS = 200_000;
/** More targets than this are begun at random places: probes are no beacon. */
const SPREAD_FROM = 20;

/** When a target's speed is measured next where nothing is amiss; `share` of the interval from now. */
const speedAt = (now: number, speed: number, share: number): number =>
  Number.isFinite(speed) ? now + speed * share : Number.POSITIVE_INFINITY;

/** A target's first place, among `count`. */
export function firstPlace(
  target: ProbeTarget,
  { start, count, every }: { start: number; count: number; every: Intervals },
  random: () => number,
): Due {
  const next = start + (count > SPREAD_FROM ? random() * MINUTE : 0);
  return { target, next, heavy: speedAt(start, every.speed, random()), last: 0 };
}

/**
 * After the wall clock was set back: what is due later than it ever can be is due within one interval, spread as at the start.
 */
export function mendTimes(list: readonly Due[], now: number, every: Intervals, random: () => number): void {
  for (const due of list) {
    if (due.next > now + LATEST * every.regular) due.next = now + random() * every.regular;
    if (due.heavy > now + LATEST * every.speed) due.heavy = now + random() * every.speed;
    due.last = Math.min(due.last, now);
  }
}

/** What is measured now. One round a poll, since a poll may not last for ever: speed (`full`) and the rest take turns. */
export function nowDue(due: readonly Due[], now: number, lastFull: boolean): { list: Due[]; full: boolean } {
  const ready = due.filter((d) => d.next <= now);
  const heavy = ready.filter((d) => d.heavy <= now);
  const full = heavy.length > 0 && (heavy.length === ready.length || !lastFull);
  return { full, list: full ? heavy.slice(0, HEAVY) : ready.filter((d) => !heavy.includes(d)).slice(0, LIGHT) };
}

/** What a round came to for one target. */
export interface Looked {
  /** The line was down: nothing was learned. */
  offline: boolean;
  /** Its last verdict differs from what is confirmed. */
  unconfirmed: boolean;
  /** No verdict, or a doubtful one. */
  doubtful: boolean;
  slowed: boolean;
  /** Its speed was measured, too. */
  full: boolean;
}

/**
 * Healthy and blocked targets go round by the interval, give or take a fifth; changes are confirmed after 90 to 200 s; doubts lie between. A
 * slow-down is confirmed, and its end seen, by measuring speed again.
 */
export function reschedule(d: Due, looked: Looked, now: number, every: Intervals, random: () => number): void {
  d.last = now;
  const regular = every.regular * (0.8 + 0.4 * random());
  const confirm = Math.min(90_000 + random() * 110_000, regular);
  if (looked.offline || looked.unconfirmed) d.next = now + confirm;
  else d.next = now + (looked.doubtful ? Math.min(2 * confirm, regular) : regular);
  if (looked.slowed) d.heavy = d.next;
  else if (looked.full) d.heavy = speedAt(now, every.speed, 0.8 + 0.4 * random());
}

/** Somebody waits for word about these: due at once, but what has just been measured, and what comes soon anyway to confirm a change. */
export function nudge(due: readonly Due[], targets: readonly string[], now: number): void {
  for (const d of due)
    if (targets.includes(d.target.id) && now - d.last > MINUTE && d.next - now > CONFIRM_MS) d.next = now;
}

/** The verdict's notes, and whether an `ok` says anything about speed. */
export function notesOf(r: TargetResult, verdict: TargetVerdict): string[] {
  const timed = r.observations.some((o) => o.throughput.some((t) => t.pairs.length > 0));
  return verdict.verdict === 'ok' && !timed ? [...verdict.notes, SPEED_UNTESTED] : verdict.notes;
}

/** One measurement a judged target; one without a target where the vantage point is of no use. */
export function measurementsOf(sourceId: string, session: Session, round: RoundResult, ids: Ids): Measurement[] {
  const common = commonOf(sourceId, session.vantage, round.at);
  const offline = { component: null, ...offlineOf(round), raw: { gate: round.vantageObservations } };
  const judged = round.results.flatMap((r) => {
    if (!r.verdict) return [];
    const { verdict, detail } = r.verdict;
    const raw = rawOf(session, round, r, r.verdict);
    return { target: r.target.id, component: r.component, verdict, detail, notes: notesOf(r, r.verdict), raw };
  });
  const found = round.offline ? [offline, ...judged] : judged;
  return found.map((one) => ({ ...common, id: ids.next(), ...one }));
}

/** By whom, whence and when. */
const commonOf = (sourceId: string, { id, country, asn }: Pick<Vantage, 'id' | 'country' | 'asn'>, at: number) => {
  return { sourceId, kind: 'probe', at, probeCc: country, probeAsn: asn, vantageId: id };
};

/** What a judge needs to read the round again, by other rules. */
const rawOf = (session: Session, round: RoundResult, r: TargetResult, verdict: TargetVerdict) => ({
  /** What the vantage check saw. The key is stored, so it keeps its first name. */
  gate: round.vantageObservations,
  /** One for a host, one for each member of a service. */
  observations: r.observations.map((o) => ({
    ...o,
    endpoints: o.endpoints.map((e) => ({ ...e, assets: undefined })),
  })),
  notBogons: session.vantage.not_bogons,
  censorIssuers: session.fingerprints.censorIssuers,
  also: verdict.also,
  families: verdict.families,
  confidence: verdict.confidence,
});

const HOST = /^(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

/** Id or host of the vantage file's `targets`, service of the catalogue, or a host name; null for anything else. `id` stays as typed. */
export function findTarget(
  typed: string,
  vantage: Vantage,
  plans: ReadonlyMap<string, ServicePlan>,
): ProbeTarget | null {
  const lower = typed.toLowerCase();
  const site = [...vantage.targets, ...vantage.reference_sites].find((t) => t.id === typed || t.name === lower);
  if (site) return { id: typed, kind: 'host', name: site.name };
  const service = plans.get(lower);
  if (service) return { id: typed, kind: 'service', service };
  return HOST.test(lower) ? { id: typed, kind: 'host', name: lower } : null;
}

/** The name that people type for it: asked at national resolvers. */
export function publicName(target: ProbeTarget): string | null {
  if (target.kind === 'host') return target.name;
  const web = target.service.components.find((c) => c.id === 'web') ?? target.service.components[0];
  const member = web?.members[0]?.host;
  return member && member.addresses.length === 0 ? member.name : null;
}

const EVERY = 5 * 60_000;

/** Countries' own resolvers, every five minutes. They may be silent for many seconds. */
function createNationalRounds(config: ProbeConfig, { clock, ids }: ProbeSourceDeps) {
  let next = clock.now();
  /** The vantage file's own, else the bundled ones of its country. */
  let { national: resolvers } = config.vantage.resolvers;

  return {
    /** After the wall clock was set back: never later than one interval from now. */
    mend(now: number): void {
      next = Math.min(next, now + EVERY);
    },
    /** It should have been their turn an interval ago. */
    isLate: (now: number): boolean => now > next + EVERY,
    /** What they say of the targets that have a public name; nothing while it is not their time. */
    async poll({ session, due }: Opened, { now, signal }: Pick<PollContext, 'now' | 'signal'>): Promise<Measurement[]> {
      const { vantage } = session;
      const out: Measurement[] = [];
      if (now < next || signal.aborted) return out;
      next = now + EVERY;
      resolvers ??= await nationalResolvers(vantage.country);
      const named = due.flatMap(({ target }) => {
        const name = publicName(target);
        return name === null ? [] : { id: target.id, name };
      });
      const names = [...new Set(named.map(({ name }) => name))];
      for (const resolver of resolvers) {
        const found = await measureNational({ ...session, signal }, resolver.address, names);
        const from = { id: `${vantage.id}/${NATIONAL}/${resolver.id}`, country: resolver.country ?? vantage.country };
        const common = commonOf(config.id, { ...vantage, ...from }, clock.now());
        for (const { id, name } of named) {
          const one = found.find((f) => f.name === name);
          if (!one || signal.aborted) continue;
          const { verdict, detail } = one.finding;
          const about = { id: ids.next(), target: id, component: NATIONAL };
          out.push({ ...common, ...about, verdict, detail, notes: [], raw: { ...one.observations } });
        }
      }
      return out;
    },
  };
}

type ProbeSourceDeps = Pick<SourceDeps, 'clock' | 'ids' | 'log'>;

const WIDTH = 8;
/** The poller stops a poll after two minutes. */
const POLL_MS = 75_000;

/** What the first poll opens: the session, and every target's place in the schedule. */
type Opened = Awaited<ReturnType<typeof open>>;

/**
 * Scheduled rounds from this machine. `poll` may be called every minute: it measures whatever is due then (`index.ts`), and yields one measurement a
 * target, or one of the vantage point itself.
 */
export function createSource(config: ProbeConfig, deps: ProbeSourceDeps) {
  const { clock, ids } = deps;
  const every = intervalsOf(config);
  let opened: Promise<Opened> | null = null;
  const memory = createRounds();
  const national = createNationalRounds(config, deps);
  const line = createLine(config.vantage.id, deps.log);
  let lastFull = false;

  async function poll(context: PollContext): Promise<PollResult> {
    const { signal, now } = context;
    opened ??= open(config, deps, now);
    opened.catch(() => {
      opened = null;
    });
    const ready = await opened;
    const { session, due } = ready;
    mendTimes(due, now, every, ids.random);
    national.mend(now);
    const result: PollResult = { items: [], measurements: [], unchanged: false, notBefore: null };
    const { list, full } = nowDue(due, now, lastFull);
    if (list.length > 0) {
      lastFull = full;
      const options = { full, width: WIDTH, patient: false, deadlineMs: POLL_MS };
      const targets = list.map((d) => d.target);
      const round = await runRound({ ...session, signal }, targets, options);
      result.measurements.push(...measurementsOf(config.id, session, round, ids));
      remember(round);
      planNext(list, round, full);
      line.note(round);
    }
    // Polls of their own, as long as there are such.
    if (list.length === 0 || national.isLate(now)) result.measurements.push(...(await national.poll(ready, context)));
    result.unchanged = result.measurements.length === 0;
    result.asked = list.length > 0 || !result.unchanged;
    return result;
  }

  /** Verdicts over rounds say what is to be confirmed soon. */
  function remember({ at, offline, results }: RoundResult): void {
    const verdicts = results.map((r) => ({
      target: r.target.id,
      verdict: r.verdict && { ...r.verdict, notes: notesOf(r, r.verdict) },
    }));
    memory.take({ at, offline, verdicts });
  }

  function planNext(list: readonly Due[], { results, vantageCheck }: RoundResult, full: boolean): void {
    const slowed = new Set(memory.states().flatMap((s) => (isSlowed(s) ? [s.target] : [])));
    const soon = new Set(memory.unconfirmed());
    const offline = vantageCheck.offline !== null;
    const now = clock.now();
    for (const [i, d] of list.entries()) {
      const { id } = d.target;
      const verdict = results[i]?.verdict;
      const doubtful = verdict === null || verdict?.verdict === 'inconclusive';
      const looked = { offline, unconfirmed: soon.has(id), doubtful, slowed: slowed.has(id), full };
      reschedule(d, looked, now, every, ids.random);
    }
  }

  return {
    id: config.id,
    kind: config.kind,
    label: `probes from ${config.vantage.id} (${config.vantage.country}, ${config.vantage.asn})`,
    cron: config.cron,
    host: null,
    poll,
    /** Due at the next poll, where it concerns this country. */
    nudge(targets: readonly string[], country: string | null): void {
      const own = config.vantage.country;
      if (country !== null && own !== 'XX' && country !== own) return;
      void opened?.then(
        ({ due }) => nudge(due, targets, clock.now()),
        () => undefined,
      );
    },
    isBlind: line.isBlind,
    close(): void {
      void opened?.then(({ session }) => session.close()).catch(() => undefined);
    },
  } satisfies Source & { close(): void };
}

const intervalsOf = ({ intervalMinutes, throughputMinutes }: ProbeConfig): Intervals => ({
  regular: intervalMinutes * MINUTE,
  speed: throughputMinutes > 0 ? throughputMinutes * MINUTE : Number.POSITIVE_INFINITY,
});

async function open(config: ProbeConfig, { clock, ids }: ProbeSourceDeps, start: number) {
  const { vantage } = config;
  const plans = await loadServicePlans();
  const session = await openSession(vantage, config.folder, { clock, ids });
  const named = config.targets.length > 0 ? config.targets : vantage.targets.map((t) => t.id);
  const place = { start, count: named.length, every: intervalsOf(config) };
  const due = (named.length > 0 ? named : [...plans.keys()]).map((typed) => {
    const target = findTarget(typed, vantage, plans);
    if (target) return firstPlace(target, place, ids.random);
    throw new TocsinError(
      'config_invalid',
      `probe target "${typed}" is no host, no id of the vantage file and no service of the catalogue; correct it`,
    );
  });
  return { session, due };
}

/** Says when the vantage point is of no use, and when it is sound again. */
function createLine(vantage: string, log: Log) {
  let logged: string | null = null;
  let blind = false;
  return {
    note({ offline, results }: RoundResult): void {
      // What was judged in spite of a dead resolver or losses was seen.
      blind = offline !== null && results.every(({ verdict }) => !verdict || verdict.verdict === 'inconclusive');
      if (offline !== logged) {
        if (offline) log.warn('Vantage point is of no use', { vantage, detail: offline });
        else log.info('Vantage point is sound again', { vantage });
      }
      logged = offline;
    },
    isBlind: () => blind,
  };
}
