import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TocsinError } from '../../core/errors.ts';
import { createRounds } from '../../core/judge/rounds.ts';
import { isSlowed } from '../../core/judge/target-state.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Ids } from '../../core/ports/ids.ts';
import type { Log } from '../../core/ports/log.ts';
import type { PollContext, PollResult, Source } from '../../core/ports/source.ts';
import { loadServicePlans } from './components.ts';
import type { ProbeConfig } from './config.ts';
import { type Due, firstPlace, type Intervals, mendTimes, nowDue, nudge, reschedule } from './due.ts';
import { loadFingerprints } from './fingerprints.ts';
import { measurementsOf, notesOf } from './measurements.ts';
import { createNationalRounds } from './national-rounds.ts';
import { type RoundResult, runRound } from './round.ts';
import { createSession, type Session } from './session.ts';
import { findTarget } from './targets.ts';

export interface ProbeSourceDeps {
  clock: Clock;
  ids: Ids;
  log: Log;
}

const WIDTH = 8;
const MINUTE = 60_000;
/** The poller stops a poll after two minutes. */
const POLL_MS = 75_000;

/** What the first poll opens: the session, and every target's place in the schedule. */
interface Opened {
  session: Session;
  due: Due[];
}

/**
 * Scheduled rounds from this machine. `poll` may be called every minute: it measures whatever is due then (`due.ts`), and yields one measurement a
 * target, or one of the vantage point itself.
 */
export function createSource(
  config: ProbeConfig,
  deps: ProbeSourceDeps,
): Source & { nudge: NonNullable<Source['nudge']>; close(): void } {
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
    const { session, due } = await opened;
    mendTimes(due, now, every, ids.random);
    national.mend(now);
    const result: PollResult = { items: [], measurements: [], unchanged: false, notBefore: null };
    const { list, full } = nowDue(due, now, lastFull);
    if (list.length > 0) {
      lastFull = full;
      const options = { full, width: WIDTH, patient: false, deadlineMs: POLL_MS };
      const targets = list.map((d) => d.target);
      const round = await runRound(session, targets, options, signal);
      result.measurements.push(...measurementsOf(config.id, session, round, ids));
      remember(round);
      planNext(list, round, full);
      line.note(round);
    }
    // Polls of their own, as long as there are such.
    if (list.length === 0 || national.isLate(now)) {
      const targets = due.map((d) => d.target);
      result.measurements.push(...(await national.poll(session, targets, now, signal)));
    }
    result.unchanged = result.measurements.length === 0;
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
    const now = clock.now();
    for (const [i, d] of list.entries()) {
      const verdict = results[i]?.verdict;
      const looked = {
        offline: vantageCheck.offline !== null,
        unconfirmed: soon.has(d.target.id),
        doubtful: verdict === null || verdict?.verdict === 'inconclusive',
        slowed: slowed.has(d.target.id),
        full,
      };
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
    nudge(targets, country) {
      const own = config.vantage.country;
      if (country !== null && own !== 'XX' && country !== own) return;
      void opened?.then(
        ({ due }) => nudge(due, targets, clock.now()),
        () => undefined,
      );
    },
    isBlind: line.isBlind,
    close() {
      void opened?.then(({ session }) => session.close()).catch(() => undefined);
    },
  };
}

const intervalsOf = ({ intervalMinutes, throughputMinutes }: ProbeConfig): Intervals => ({
  regular: intervalMinutes * MINUTE,
  speed: throughputMinutes > 0 ? throughputMinutes * MINUTE : Number.POSITIVE_INFINITY,
});

async function open(config: ProbeConfig, { clock, ids }: ProbeSourceDeps, start: number): Promise<Opened> {
  const { vantage } = config;
  const roots = vantage.ca ? [await readFile(resolve(config.folder, vantage.ca), 'utf8')] : [];
  const plans = await loadServicePlans();
  const session = createSession(vantage, { clock, ids, fingerprints: await loadFingerprints(), roots });
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
