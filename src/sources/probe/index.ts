import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TocsinError } from '../../core/errors.ts';
import { NATIONAL } from '../../core/judge/measured.ts';
import type { ProbeRaw } from '../../core/judge/rejudge.ts';
import { createRounds, isSlowed } from '../../core/judge/rounds.ts';
import { SPEED_UNTESTED, type TargetVerdict } from '../../core/judge/verdict.ts';
import type { Measurement } from '../../core/model/measurement.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Ids } from '../../core/ports/ids.ts';
import type { Log } from '../../core/ports/log.ts';
import type { PollContext, PollResult, Source } from '../../core/ports/source.ts';
import { loadServicePlans } from './components.ts';
import type { ProbeConfig, Vantage } from './config.ts';
import { type Due, mendTimes } from './due.ts';
import { loadFingerprints } from './fingerprints.ts';
import { measureNational, type NationalResolver, nationalResolvers } from './national.ts';
import { type RoundResult, runRound, type TargetResult } from './round.ts';
import { createSession, type Session } from './session.ts';
import { findTarget, publicName } from './targets.ts';

export interface ProbeSourceDeps {
  clock: Clock;
  ids: Ids;
  log: Log;
}

const WIDTH = 8;
const MINUTE = 60_000;
/** Targets with speed measurements in one poll: they take up to a minute each and must not hold up the rest. */
const HEAVY = 8;
const LIGHT = 200;
/** The poller stops a poll after two minutes. */
const POLL_MS = 75_000;
/** A change is looked at again within this. */
const CONFIRM_MS = 200_000;

/**
 * Scheduled rounds from this machine. `poll` may be called every minute: it measures whatever is due then (healthy and blocked ones every ten
 * minutes, give or take a fifth; unconfirmed changes after 90 to 200 s), and yields one measurement a target, or one of the vantage point itself.
 */
export function createSource(
  config: ProbeConfig,
  deps: ProbeSourceDeps,
): Source & { nudge: NonNullable<Source['nudge']>; close(): void } {
  const { clock, ids, log } = deps;
  let opened: Promise<{ session: Session; due: Due[] }> | null = null;
  const memory = createRounds();
  let nationalNext = clock.now();
  let resolvers: NationalResolver[] | null = null;
  let loggedOffline: string | null = null;
  let lastFull = false;
  let blind = false;

  /** When a target's speed is measured next where nothing is amiss; `share` of the interval from now. */
  const speedAt = (now: number, share: number): number =>
    config.throughputMinutes > 0 ? now + config.throughputMinutes * MINUTE * share : Number.POSITIVE_INFINITY;

  async function open(start: number): Promise<{ session: Session; due: Due[] }> {
    const vantage = config.vantage;
    const roots = vantage.ca ? [await readFile(resolve(config.folder, vantage.ca), 'utf8')] : [];
    const plans = await loadServicePlans();
    const session = createSession(vantage, { clock, ids, fingerprints: await loadFingerprints(), roots });
    const named = config.targets.length > 0 ? config.targets : vantage.targets.map((t) => t.id);
    const due: Due[] = [];
    for (const typed of named.length > 0 ? named : [...plans.keys()]) {
      const target = findTarget(typed, vantage, plans);
      if (!target)
        throw new TocsinError(
          'config_invalid',
          `probe target "${typed}" is no host, no id of the vantage file and no service of the catalogue; correct it`,
        );
      // Started at random places: probes are no beacon.
      due.push({
        target,
        next: start + (named.length > 20 ? ids.random() * MINUTE : 0),
        heavy: speedAt(start, ids.random()),
        last: 0,
      });
    }
    return { session, due };
  }

  async function poll(context: PollContext): Promise<PollResult> {
    const { signal, now } = context;
    opened ??= open(now);
    opened.catch(() => {
      opened = null;
    });
    const { session, due } = await opened;
    mendTimes(due, now, { regular: config.intervalMinutes * MINUTE, speed: speedAt(0, 1) }, ids.random);
    nationalNext = Math.min(nationalNext, now + 5 * MINUTE);
    const result: PollResult = { items: [], measurements: [], unchanged: false, notBefore: null };
    const ready = due.filter((d) => d.next <= now);
    const heavy = ready.filter((d) => d.heavy <= now);
    // One round a poll, since a poll may not last for ever: speed and the rest take turns.
    const full = heavy.length > 0 && (heavy.length === ready.length || !lastFull);
    const list = full ? heavy.slice(0, HEAVY) : ready.filter((d) => !heavy.includes(d)).slice(0, LIGHT);
    if (list.length > 0) {
      lastFull = full;
      const options = { full, width: WIDTH, patient: false, deadlineMs: POLL_MS };
      const targets = list.map((d) => d.target);
      const round = await runRound(session, targets, options, signal);
      result.measurements.push(...measurementsOf(config.id, session.vantage, session, round, ids));
      reschedule(list, round, full);
      logOffline(round);
    }
    // A country's resolvers may be silent for many seconds: they have polls of their own, as long as there are such.
    if (list.length === 0 || now > nationalNext + 5 * MINUTE) await national(session, due, now, signal, result);
    result.unchanged = result.measurements.length === 0;
    return result;
  }

  function reschedule(list: readonly Due[], round: RoundResult, full: boolean): void {
    memory.take({
      at: round.at,
      offline: round.offline,
      verdicts: round.results.map((r) => ({
        target: r.target.id,
        verdict: r.verdict && { ...r.verdict, notes: notesOf(r, r.verdict) },
      })),
    });
    const slowed = new Set(memory.states().flatMap((s) => (isSlowed(s) ? [s.target] : [])));
    const soon = new Set(memory.unconfirmed());
    const now = clock.now();
    for (const [i, d] of list.entries()) {
      d.last = now;
      const verdict = round.results[i]?.verdict;
      const regular = config.intervalMinutes * MINUTE * (0.8 + 0.4 * ids.random());
      const confirm = Math.min(90_000 + ids.random() * 110_000, regular);
      if (round.vantageCheck.offline) d.next = now + Math.min(confirm, regular);
      else if (soon.has(d.target.id)) d.next = now + confirm;
      else
        d.next =
          now + (verdict?.verdict === 'inconclusive' || verdict === null ? Math.min(2 * confirm, regular) : regular);
      // A slow-down is confirmed, and its end seen, by measuring speed again.
      if (slowed.has(d.target.id)) d.heavy = d.next;
      else if (full) d.heavy = speedAt(now, 0.8 + 0.4 * ids.random());
    }
  }

  function logOffline(round: RoundResult): void {
    // What was judged in spite of a dead resolver or losses was seen.
    blind =
      round.offline !== null && round.results.every(({ verdict }) => !verdict || verdict.verdict === 'inconclusive');
    if (round.offline !== loggedOffline) {
      if (round.offline) log.warn('Vantage point is of no use', { vantage: config.vantage.id, detail: round.offline });
      else log.info('Vantage point is sound again', { vantage: config.vantage.id });
    }
    loggedOffline = round.offline;
  }

  /** Countries' own resolvers, every five minutes. */
  async function national(
    session: Session,
    due: readonly Due[],
    now: number,
    signal: AbortSignal,
    result: PollResult,
  ): Promise<void> {
    const { vantage } = session;
    if (now < nationalNext || signal.aborted) return;
    nationalNext = now + 5 * MINUTE;
    resolvers ??= await nationalResolvers(vantage);
    const named = due
      .map((d) => ({ id: d.target.id, name: publicName(d.target) }))
      .filter((x): x is { id: string; name: string } => x.name !== null);
    for (const resolver of resolvers) {
      const found = await measureNational(session, resolver.address, [...new Set(named.map((x) => x.name))], signal);
      const at = clock.now();
      for (const { id, name } of named) {
        const one = found.find((f) => f.name === name);
        if (!one || signal.aborted) continue;
        result.measurements.push({
          id: ids.next(),
          sourceId: config.id,
          kind: 'probe',
          at,
          probeCc: resolver.country ?? vantage.country,
          probeAsn: vantage.asn,
          vantageId: `${vantage.id}/${NATIONAL}/${resolver.id}`,
          target: id,
          component: NATIONAL,
          verdict: one.finding.verdict,
          detail: one.finding.detail,
          notes: [],
          raw: one.observations,
        });
      }
    }
  }

  return {
    id: config.id,
    kind: config.kind,
    label: `probes from ${config.vantage.id} (${config.vantage.country}, ${config.vantage.asn})`,
    cron: config.cron,
    host: null,
    poll,
    /** Due at the next poll, where it concerns this country; not what has just been measured, nor what comes soon anyway to confirm a change. */
    nudge(targets, country) {
      const own = config.vantage.country;
      if (country !== null && own !== 'XX' && country !== own) return;
      void opened?.then(
        ({ due }) => {
          const now = clock.now();
          for (const d of due) {
            if (targets.includes(d.target.id) && now - d.last > MINUTE && d.next - now > CONFIRM_MS) d.next = now;
          }
        },
        () => undefined,
      );
    },
    isBlind: () => blind,
    close() {
      void opened?.then(({ session }) => session.close()).catch(() => undefined);
    },
  };
}

/** The verdict's notes, and whether an `ok` says anything about speed. */
function notesOf(r: TargetResult, verdict: TargetVerdict): string[] {
  const timed = r.observations.some((o) => o.throughput.some((t) => t.pairs.length > 0));
  return verdict.verdict === 'ok' && !timed ? [...verdict.notes, SPEED_UNTESTED] : verdict.notes;
}

/** One measurement a judged target; one without a target where the vantage point is of no use. */
export function measurementsOf(
  sourceId: string,
  vantage: Vantage,
  session: Session,
  round: RoundResult,
  ids: Ids,
): Measurement[] {
  const common = {
    sourceId,
    kind: 'probe',
    at: round.at,
    probeCc: vantage.country,
    probeAsn: vantage.asn,
    vantageId: vantage.id,
  };
  const out: Measurement[] = [];
  if (round.offline) {
    out.push({
      ...common,
      id: ids.next(),
      target: null,
      component: null,
      verdict: 'vantage_offline',
      detail: round.offline,
      notes: round.vantageCheck.reasons,
      raw: { gate: round.vantageObservations },
    });
  }
  for (const r of round.results) {
    if (!r.verdict) continue;
    const raw: ProbeRaw = {
      gate: round.vantageObservations,
      observations: r.observations.map((o) => ({
        ...o,
        endpoints: o.endpoints.map((e) => ({ ...e, assets: undefined })),
      })),
      notBogons: vantage.not_bogons,
      censorIssuers: session.fingerprints.censorIssuers,
      also: r.verdict.also,
      families: r.verdict.families,
      confidence: r.verdict.confidence,
    };
    out.push({
      ...common,
      id: ids.next(),
      target: r.target.id,
      component: r.component,
      verdict: r.verdict.verdict,
      detail: r.verdict.detail,
      notes: notesOf(r, r.verdict),
      raw,
    });
  }
  return out;
}
