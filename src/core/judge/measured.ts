import type { Action, Method } from '../model/incident.ts';
import { agentOf, JUDGED_KIND, type Measurement } from '../model/measurement.ts';
import type { MeasuredFacts, Report } from '../model/report.ts';
import type { Ids } from '../ports/runtime.ts';
import {
  createRounds,
  isForgettable,
  type KeptState,
  keptOf,
  leastMissed,
  type RoundAlert,
  type RoundRules,
  type Rounds,
  type TargetState,
} from './rounds.ts';
import { isBlocking, spell, type TargetVerdict, unspell, VERDICTS, type VerdictWord } from './verdict.ts';

/** Component that marks measurements of a country's own resolvers. */
export const NATIONAL = 'national-dns';

/** What a verdict over rounds says of one target, before it is a report. */
export interface MeasuredStatement {
  target: string;
  at: number;
  action: Action;
  verdict: string;
  detail: string | null;
  component: string | null;
  strength: MeasuredFacts['strength'];
  /** First of the rounds that it rests on. */
  since: number;
  standing?: true;
}

export function measuredReport(id: string, said: MeasuredStatement, by: MeasuredBy): Report {
  const { target, action, verdict, detail, component } = said;
  const spelled = spell({ verdict, detail });
  const part = component && component !== NATIONAL ? ` (${component})` : '';
  return {
    id,
    sourceId: by.id,
    itemId: null,
    at: said.at,
    country: by.probeCc === 'XX' ? null : by.probeCc,
    service: target,
    action,
    method: action === 'unblock' ? null : (WORDS[verdict]?.method ?? null),
    region: null,
    secondary: false,
    kind: 'measurement',
    voice: `network:${by.probeAsn}`,
    title: `${target}${part}: ${titleOf(said)}, measured on ${by.probeAsn}`,
    url: null,
    publisherName: `${by.agent === null ? 'own probe' : 'agent'} (${by.probeAsn})`,
    lang: 'en',
    summary: spelled,
    measured: {
      strength: said.strength,
      networks: [by.probeAsn],
      verdict: spelled,
      component: component === NATIONAL ? null : component,
      ...(by.agent === null ? {} : { agent: by.agent, since: said.since }),
      ...(said.standing ? { standing: said.standing } : {}),
    },
  };
}

export function actionOf(verdict: string, component: string | null): Action {
  if (verdict === 'throttled') return 'throttle';
  return component !== null && component !== NATIONAL ? 'restrict' : 'block';
}

/** A block page counts as known by the id of a fingerprint; a host or a status is none. */
export const isFingerprint = (verdict: string, detail: string | null): boolean =>
  verdict === 'http_blockpage' && detail !== null && /^[a-z]+-[a-z0-9-]+$/.test(detail);

/** Note of the intake on an agent's measurement: the centre has found a known block page in what the agent saw. */
export const PAGE_KNOWN = 'page_known';

/** An agent's block page that is none of the known ones, or not to be seen in what it saw: a sign, and no round of a block. */
export const isUnprovenPage = (verdict: string, notes: readonly string[]): boolean =>
  verdict === 'http_blockpage' && !notes.includes(PAGE_KNOWN);

/** What each blocking verdict says of how, and what a title says of it. */
const WORDS: Partial<Record<string, { method: Method | null; title: string }>> = {
  dns_blocked: { method: 'dns', title: 'the name lookup is tampered with' },
  ip_blocked: { method: 'ip', title: 'its addresses are cut off' },
  sni_blocked: { method: 'sni', title: 'connections that name it are cut' },
  tls_mitm: { method: null, title: 'connections are intercepted with a foreign certificate' },
  http_blockpage: { method: 'http', title: 'plain HTTP shows a block page' },
  throttled: { method: 'throttle', title: 'slowed down beyond use' },
};

function titleOf({ action, verdict, detail }: MeasuredStatement): string {
  if (action === 'unblock') return 'reachable again';
  if (verdict === 'dns_blocked' && detail === 'delisted') return 'delisted from the national DNS';
  return WORDS[verdict]?.title ?? verdict;
}

export const isBlockingWord = (verdict: string): boolean => isBlocking(verdict as VerdictWord);

/** What the judge knows of one vantage point. */
export interface JudgedVantage {
  id: string;
  /** XX = nowhere in particular. */
  probeCc: string;
  probeAsn: string;
  /** Id of the agent whose it is; null = ours. */
  agent: string | null;
  /** Newest round, ms since the epoch. */
  lastAt: number;
  rounds: Rounds;
}

/** Whose statement it is. */
export type MeasuredBy = Omit<JudgedVantage, 'lastAt' | 'rounds'>;

/** What the judge must remember over a restart; JSON-able, bounded. Key: vantage id. Absent `agent` = ours. */
export interface JudgeMemory {
  vantages: Record<
    string,
    Pick<JudgedVantage, 'probeCc' | 'probeAsn' | 'lastAt'> & { agent?: string | null; states: KeptState[] }
  >;
}

/** Targets of one agent (or of our own probes) of which something is remembered: a whole catalogue, blocked, on three resolvers. */
const MAX_STATES = 512;
/** Vantage points of one agent (or of our own): the line itself, and the resolvers of its country. */
const MAX_VANTAGES = 24;
/** A vantage point of which nothing is remembered and nothing was heard for so long is forgotten. */
const FORGET_VANTAGE = 30 * 24 * 3_600_000;

/**
 * Forgets what would not be missed, and beyond the bounds of each agent what is missed least: however much one agent posts, it takes no room
 * from others. `now`: the newest round of anybody.
 */
export function prune(vantages: Map<string, JudgedVantage>, now: number): void {
  for (const { id, rounds, lastAt } of vantages.values()) {
    for (const state of rounds.states()) if (isForgettable(state, now)) rounds.forget(state.target);
    if (rounds.states().length === 0 && now - lastAt > FORGET_VANTAGE) vantages.delete(id);
  }
  for (const list of Map.groupBy(vantages.values(), ({ agent }) => agent).values()) {
    const newest = list.sort((a, b) => b.lastAt - a.lastAt);
    for (const { id } of newest.splice(MAX_VANTAGES)) vantages.delete(id);
    const states = newest.flatMap(({ rounds }) => rounds.states().map((state) => ({ state, rounds })));
    if (states.length <= MAX_STATES) continue;
    states.sort((a, b) => leastMissed(a.state, b.state));
    for (const { state, rounds } of states.slice(0, states.length - MAX_STATES)) rounds.forget(state.target);
  }
}

export function memoryOf(vantages: Iterable<JudgedVantage>): JudgeMemory {
  const kept = [...vantages].map(({ id, agent, rounds, probeCc, probeAsn, lastAt }) => {
    const states = rounds.states().map(keptOf);
    return [id, { probeCc, probeAsn, lastAt, ...(agent === null ? {} : { agent }), states }] as const;
  });
  return { vantages: Object.fromEntries(kept) };
}

export interface Judged {
  reports: Report[];
  /** The vantage points' own events, for operators: one an outage. */
  outages: { vantageId: string; at: number; verdict: string }[];
}

/** Their return counts after six rounds of five minutes. */
const NATIONAL_RULES: RoundRules = { liftRounds: 6, liftSpanMs: 25 * 60_000 };
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
 * Rounds of agents count by when they arrived as well (`rounds.ts`), and what is remembered is bounded for each agent (`prune`). `others`:
 * does anybody else measure it as cut there? Then it is not over for the country either. Pure: the same measurements in the same order give the
 * same reports.
 */
export function createMeasurementJudge(
  deps: { ids: Ids; others?: (country: string, target: string) => boolean },
  memory: JudgeMemory | null = null,
) {
  const vantages = new Map<string, JudgedVantage>();
  for (const [id, { states, ...kept }] of Object.entries(memory?.vantages ?? {}))
    add({ id, ...kept, agent: kept.agent ?? null }, states);
  prune(vantages, newestOf(vantages));

  function add(of: Omit<JudgedVantage, 'rounds'>, states: readonly KeptState[]): JudgedVantage {
    const national = of.id.includes(`/${NATIONAL}/`);
    const vantage = { ...of, rounds: createRounds(national ? NATIONAL_RULES : {}, states) };
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
    const arrival = vantage.agent === null ? {} : { arrivedAt: arrivedAt ?? at };
    const alerts = vantage.rounds.take({ at, offline, verdicts, ...arrival });
    const say = (said: MeasuredStatement): void => {
      const state = vantage.rounds.state(said.target);
      Object.assign(state, { reportedAt: at, seenAt: Math.max(state.seenAt, at), overruled: false, liftHeld: false });
      judged.reports.push(measuredReport(deps.ids.next(), said, vantage));
    };
    for (const alert of alerts) {
      if (alert.kind === 'vantage_offline') judged.outages.push({ vantageId: vantage.id, at, verdict: alert.verdict });
      for (const target of alert.targets ?? (alert.target === null ? [] : [alert.target])) {
        const said = statementOf(alert, vantage.rounds.state(target), at, byTarget.get(target));
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
    if (!isOneAgents(still) || still[0]!.agent === vantage.agent) return still.length > 0;
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
      const rounds = Map.groupBy(
        measurements.filter(({ kind }) => kind === JUDGED_KIND),
        ({ vantageId, at }) => `${vantageId}|${at}`,
      );
      const ordered = [...rounds.values()].sort((a, b) => a[0]!.at - b[0]!.at);
      for (const group of ordered) takeRound(group, judged);
      if (ordered.length > 0) prune(vantages, newestOf(vantages));
      return judged;
    },
    /** Networks of the country, heard of lately, that have it blocked and hold up the lift of an observatory: one agent alone does not. */
    blockedOn(country: string, target: string, at: number): string[] {
      const still = blocking(country, target, at);
      return isOneAgents(still) ? [] : still.map(({ probeAsn }) => probeAsn);
    },
    /** Write it in the transaction that keeps the reports: a kill in between then tells nothing twice and loses nothing. */
    memory: (): JudgeMemory => memoryOf(vantages.values()),
    /** Vantage points that were heard of, and not since `olderThan` (ms since the epoch): their absence is an alarm of its own. */
    missing: (olderThan: number): string[] =>
      [...vantages.values()].flatMap(({ id, lastAt }) => (lastAt < olderThan ? id : [])),
  };
}

/** All of one agent, and none of them ours. */
const isOneAgents = (list: readonly JudgedVantage[]): boolean =>
  list.length > 0 && list.every(({ agent }) => agent !== null && agent === list[0]!.agent);

const newestOf = (vantages: Map<string, JudgedVantage>): number =>
  Math.max(0, ...[...vantages.values()].map(({ lastAt }) => lastAt));

function verdictOf(m: Measurement): TargetVerdict | null {
  const verdict = VERDICTS.find((word) => word === m.verdict);
  const detail = m.detail?.slice(0, MAX_DETAIL) ?? null;
  return verdict ? { verdict, detail, also: [], notes: m.notes, families: {}, confidence: 'high' } : null;
}

const strengthOf = (verdict: string, detail: string | null): MeasuredFacts['strength'] =>
  isFingerprint(verdict, detail) ? 'fingerprint' : 'round-rule';

function liftOf(target: string, at: number, component: string | null): MeasuredStatement {
  return { target, at, since: at, action: 'unblock', verdict: 'ok', detail: null, component, strength: 'round-rule' };
}

/** What the rule of rounds has to say; null = nothing that outlives the round. `m`: the target in this round, if it was in it. */
function statementOf(alert: RoundAlert, state: TargetState, at: number, m?: Measurement): MeasuredStatement | null {
  const component = m?.component ?? null;
  const { target, streakSince: since } = state;
  if (alert.kind === 'lifted') return liftOf(target, at, component);
  if (alert.verdict === 'unstable') return null;
  const { verdict, detail: told } = unspell(alert.verdict);
  const detail = (m?.verdict === verdict ? m.detail : null) ?? told;
  const strength = strengthOf(verdict, detail);
  return { target, at, since, action: actionOf(verdict, component), verdict, detail, component, strength };
}

/** The first bad round of a streak is an anomaly, no more; one of a block that is known says, now and then, that it goes on. */
function belowOrStanding(m: Measurement, state: TargetState): MeasuredStatement | null {
  const { at, verdict, detail, component } = m;
  if (state.status === 'unstable') return null;
  const quiet = at - (state.reportedAt ?? Number.NEGATIVE_INFINITY);
  const said = { target: m.target!, at, since: at, action: actionOf(verdict, component), verdict, detail, component };
  if (state.now === 'ok') return quiet >= ANOMALY_EVERY ? { ...said, strength: 'anomaly' } : null;
  if (state.streakWord !== verdict || state.countedAt !== at || quiet < STANDING_EVERY) return null;
  return { ...said, strength: strengthOf(verdict, detail), ...(state.overruled ? {} : { standing: true }) };
}
