import { agentOf, JUDGED_KIND, type Measurement } from '../model/measurement.ts';
import type { Report } from '../model/report.ts';
import type { Ids } from '../ports/ids.ts';
import {
  actionOf,
  isBlockingWord,
  isFingerprint,
  isUnprovenPage,
  type MeasuredStatement,
  measuredReport,
  NATIONAL,
} from './measured-report.ts';
import { type JudgedVantage, type JudgeMemory, memoryOf, prune } from './memory.ts';
import { createRounds, type RoundAlert, type RoundRules } from './rounds.ts';
import type { KeptState, TargetState } from './target-state.ts';
import { type TargetVerdict, VERDICTS, type VerdictWord } from './verdict.ts';

export { NATIONAL } from './measured-report.ts';
export type { JudgeMemory } from './memory.ts';

export interface Judged {
  reports: Report[];
  /** The vantage points' own events, for operators: one an outage. */
  outages: { vantageId: string; at: number; verdict: string }[];
}

/** Their return counts after six rounds of five minutes. */
const NATIONAL_RULES: Partial<RoundRules> = { liftRounds: 6, liftSpanMs: 25 * 60_000 };
/** An anomaly below the rule is reported again only after this. */
const ANOMALY_EVERY = 3_600_000;
/** That a block goes on is said so often: it keeps the evidence young for those who report later. */
const STANDING_EVERY = 12 * 3_600_000;
/** A block seen by a vantage point that has been missing for so long no longer holds up a lift. */
const STALE = 24 * 3_600_000;
const MAX_DETAIL = 80;

/**
 * Measurements of own probes and agents → reports (probes.md, section 9): anomalies at once and quietly, blocks and lifts by the rule of rounds,
 * a lift for the country only when no network there still sees the block (one agent's is not enough), and twice a day that a block goes on.
 * Rounds of agents count by when they arrived as well (`apart.ts`), and what is remembered is bounded for each agent (`memory.ts`). `others`:
 * does anybody else measure it as cut there? Then it is not over for the country either. Pure: the same measurements in the same order give the
 * same reports.
 */
export function createMeasurementJudge(
  deps: { ids: Ids; rules?: Partial<RoundRules>; others?: (country: string, target: string) => boolean },
  memory: JudgeMemory | null = null,
) {
  const vantages = new Map<string, JudgedVantage>();
  for (const [id, { states, ...kept }] of Object.entries(memory?.vantages ?? {}))
    add({ id, ...kept, agent: kept.agent ?? null }, states);
  prune(vantages, newestOf(vantages));

  function add(of: Omit<JudgedVantage, 'rounds'>, states: readonly KeptState[]): JudgedVantage {
    const national = of.id.includes(`/${NATIONAL}/`);
    const rounds = createRounds({ ...deps.rules, ...(national ? NATIONAL_RULES : {}) }, states);
    const vantage: JudgedVantage = { ...of, rounds };
    vantages.set(of.id, vantage);
    return vantage;
  }

  function vantageOf({ vantageId: id, probeCc, probeAsn, ...first }: Measurement): JudgedVantage {
    const of = { id, probeCc, probeAsn, lastAt: first.at, agent: agentOf(first) };
    const vantage = vantages.get(id) ?? add(of, []);
    return Object.assign(vantage, { ...of, lastAt: Math.max(vantage.lastAt, first.at) });
  }

  function takeRound(list: Measurement[], judged: Judged): void {
    const { at, arrivedAt } = list[0]!;
    const vantage = vantageOf(list[0]!);
    const offline = list.find((m) => m.target === null && m.verdict === 'vantage_offline')?.detail ?? null;
    const byTarget = new Map(list.filter((m) => m.target !== null).map((m) => [m.target!, m]));
    const counts = ([, m]: [string, Measurement]): boolean =>
      vantage.agent === null || !isUnprovenPage(m.verdict, m.notes);
    const verdicts = [...byTarget].filter(counts).map(([target, m]) => ({ target, verdict: verdictOf(m) }));
    const alerts = vantage.rounds.take({
      at,
      offline,
      verdicts,
      ...(vantage.agent === null ? {} : { arrivedAt: arrivedAt ?? at }),
    });
    const say = (said: MeasuredStatement): void => {
      const state = vantage.rounds.state(said.target);
      Object.assign(state, { reportedAt: at, seenAt: Math.max(state.seenAt, at), overruled: false, liftHeld: false });
      judged.reports.push(measuredReport(deps.ids.next(), said, { ...vantage, vantageId: vantage.id }));
    };
    for (const alert of alerts) {
      if (alert.kind === 'vantage_offline') judged.outages.push({ vantageId: vantage.id, at, verdict: alert.verdict });
      for (const target of alert.targets ?? (alert.target === null ? [] : [alert.target])) {
        const said = statementOf(alert, vantage.rounds.state(target), byTarget.get(target) ?? null, at);
        if (said?.action === 'unblock' && heldUp(vantage, target, at)) vantage.rounds.state(target).liftHeld = true;
        else if (said) say(said);
      }
    }
    for (const [target, m] of byTarget) {
      const said = isBlockingWord(m.verdict)
        ? belowOrStanding(m, vantage.rounds.state(target))
        : m.verdict === 'ok' && isFreed(vantage, target, at)
          ? liftOf(target, at, m.component)
          : null;
      if (said) say(said);
    }
  }

  function blocking(country: string, target: string, at: number): JudgedVantage[] {
    return [...vantages.values()].filter(
      (one) =>
        one.probeCc === country &&
        at - one.lastAt < STALE &&
        one.rounds.states().some((s) => s.target === target && s.now === 'blocked'),
    );
  }

  /** Do other networks of the country, heard of lately, have it blocked still? One agent alone does not hold up what others see. */
  function heldUp(vantage: JudgedVantage, target: string, at: number): boolean {
    if (deps.others?.(vantage.probeCc, target) === true) return true;
    const still = blocking(vantage.probeCc, target, at).filter((other) => other !== vantage);
    const agents = new Set(still.map(({ agent }) => agent));
    if (agents.size !== 1 || agents.has(null) || agents.has(vantage.agent)) return still.length > 0;
    for (const { rounds } of still) Object.assign(rounds.state(target), { overruled: true, reportedAt: at });
    return false;
  }

  /** A lift that was held up, and is not any more. */
  function isFreed(vantage: JudgedVantage, target: string, at: number): boolean {
    const { liftHeld, now } = vantage.rounds.state(target);
    return liftHeld && now === 'ok' && !heldUp(vantage, target, at);
  }

  return {
    /** Measurements of one kind, any number of rounds and vantage points, oldest first. Other kinds are passed over. */
    take(measurements: readonly Measurement[]): Judged {
      const judged: Judged = { reports: [], outages: [] };
      const groups = new Map<string, Measurement[]>();
      for (const m of measurements) {
        if (m.kind !== JUDGED_KIND) continue;
        const key = `${m.vantageId}|${m.at}`;
        groups.set(key, [...(groups.get(key) ?? []), m]);
      }
      const ordered = [...groups.values()].sort((a, b) => a[0]!.at - b[0]!.at);
      for (const group of ordered) takeRound(group, judged);
      if (ordered.length > 0) prune(vantages, newestOf(vantages));
      return judged;
    },
    /** Networks of the country, heard of lately, that have it blocked and hold up the lift of an observatory: one agent alone does not. */
    blockedOn(country: string, target: string, at: number): string[] {
      const still = blocking(country, target, at);
      const agents = new Set(still.map(({ agent }) => agent));
      return agents.size === 1 && !agents.has(null) ? [] : still.map(({ probeAsn }) => probeAsn);
    },
    /** Write it in the transaction that keeps the reports: a kill in between then tells nothing twice and loses nothing. */
    memory: (): JudgeMemory => memoryOf(vantages.values()),
    /** Vantage points that were heard of, and not since `olderThan` (ms since the epoch): their absence is an alarm of its own. */
    missing: (olderThan: number): { vantageId: string; lastAt: number }[] =>
      [...vantages.values()].filter((v) => v.lastAt < olderThan).map((v) => ({ vantageId: v.id, lastAt: v.lastAt })),
    vantages: (): { id: string; probeCc: string; probeAsn: string; lastAt: number }[] =>
      [...vantages.values()].map(({ id, probeCc, probeAsn, lastAt }) => ({ id, probeCc, probeAsn, lastAt })),
  };
}
export type MeasurementJudge = ReturnType<typeof createMeasurementJudge>;

const newestOf = (vantages: Map<string, JudgedVantage>): number =>
  Math.max(0, ...[...vantages.values()].map(({ lastAt }) => lastAt));

const isWord = (w: string): w is VerdictWord => (VERDICTS as readonly string[]).includes(w);

function verdictOf(m: Measurement): TargetVerdict | null {
  if (!isWord(m.verdict)) return null;
  const detail = m.detail?.slice(0, MAX_DETAIL) ?? null;
  return { verdict: m.verdict, detail, also: [], notes: m.notes, families: {}, confidence: 'high' };
}

const liftOf = (target: string, at: number, component: string | null): MeasuredStatement => {
  const measured = { verdict: 'ok', detail: null, component, strength: 'round-rule' as const };
  return { target, at, since: at, action: 'unblock', ...measured };
};

/** What the rule of rounds has to say; null = nothing that outlives the round. `m`: the target in this round, null = not in it. */
function statementOf(
  alert: RoundAlert,
  state: TargetState,
  m: Measurement | null,
  at: number,
): MeasuredStatement | null {
  const component = m?.component ?? null;
  const { target, streakSince: since } = state;
  if (alert.kind === 'lifted') return liftOf(target, at, component);
  if (alert.verdict === 'unstable') return null;
  const [word = '', ...rest] = alert.verdict.split(':');
  const detail = (m && m.verdict === word ? m.detail : null) ?? (rest.join(':') || null);
  const strength = isFingerprint(word, detail) ? 'fingerprint' : 'round-rule';
  return { target, at, since, action: actionOf(word, component), verdict: word, detail, component, strength };
}

/** The first bad round of a streak is an anomaly, no more; one of a block that is known says, now and then, that it goes on. */
function belowOrStanding(m: Measurement, state: TargetState): MeasuredStatement | null {
  const { at, verdict, detail, component } = m;
  if (state.status === 'unstable') return null;
  const quiet = at - (state.reportedAt ?? Number.NEGATIVE_INFINITY);
  const said = { target: m.target!, at, since: at, action: actionOf(verdict, component), verdict, detail, component };
  if (state.now === 'ok') return quiet >= ANOMALY_EVERY ? { ...said, strength: 'anomaly' } : null;
  if (state.streakWord !== verdict || state.countedAt !== at || quiet < STANDING_EVERY) return null;
  const strength = isFingerprint(verdict, detail) ? 'fingerprint' : 'round-rule';
  return { ...said, strength, ...(state.overruled ? {} : { standing: true }) };
}
