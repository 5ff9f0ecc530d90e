import type { Action, Method } from '../model/action.ts';
import type { Measurement } from '../model/measurement.ts';
import type { MeasuredFacts, Report } from '../model/report.ts';
import type { Ids } from '../ports/ids.ts';
import { createRounds, type RoundAlert, type RoundRules, type Rounds, type TargetState } from './rounds.ts';
import { isBlocking, type TargetVerdict, VERDICTS, type VerdictWord } from './verdict.ts';

/** What the judge must remember over a restart; JSON-able. Key: vantage id. */
export interface JudgeMemory {
  vantages: Record<string, { probeCc: string; probeAsn: string; lastAt: number; states: TargetState[] }>;
}

export interface Judged {
  reports: Report[];
  /** The vantage points' own events, for operators: one an outage. */
  outages: { vantageId: string; at: number; verdict: string }[];
}

/** Kind of the measurements that this judge reads. */
export const JUDGED_KIND = 'probe';
/** Component that marks measurements of a country's own resolvers. */
export const NATIONAL = 'national-dns';
/** Their return counts after six rounds of five minutes. */
const NATIONAL_RULES: Partial<RoundRules> = { liftRounds: 6, liftSpanMs: 25 * 60_000 };
/** An anomaly below the rule is told again only after this. */
const ANOMALY_EVERY = 3_600_000;
/** A block seen by a vantage point that has fallen silent for so long no longer holds up a lift. */
const STALE = 24 * 3_600_000;

interface Vantage {
  id: string;
  probeCc: string;
  probeAsn: string;
  lastAt: number;
  rounds: Rounds;
  anomalies: Map<string, number>;
}

/**
 * Measurements of own probes → reports (probes.md, section 9): anomalies at once and quietly, blocks and lifts by the rule of rounds, a lift
 * for the country only when no network there still sees the block. Pure: the same measurements in the same order give the same reports.
 */
export function createMeasurementJudge(
  deps: { ids: Ids; rules?: Partial<RoundRules> },
  memory: JudgeMemory | null = null,
) {
  const vantages = new Map<string, Vantage>();
  for (const [id, kept] of Object.entries(memory?.vantages ?? {}))
    add(id, kept.probeCc, kept.probeAsn, kept.lastAt, kept.states);

  function add(id: string, probeCc: string, probeAsn: string, lastAt: number, states: TargetState[]): Vantage {
    const national = id.includes(`/${NATIONAL}/`);
    const rounds = createRounds({ ...deps.rules, ...(national ? NATIONAL_RULES : {}) }, states);
    const vantage: Vantage = { id, probeCc, probeAsn, lastAt, rounds, anomalies: new Map() };
    vantages.set(id, vantage);
    return vantage;
  }

  function takeRound(list: Measurement[], judged: Judged): void {
    const first = list[0]!;
    const vantage = vantages.get(first.vantageId) ?? add(first.vantageId, first.probeCc, first.probeAsn, first.at, []);
    vantage.probeCc = first.probeCc;
    vantage.probeAsn = first.probeAsn;
    vantage.lastAt = Math.max(vantage.lastAt, first.at);
    const offline = list.find((m) => m.target === null && m.verdict === 'vantage_offline')?.detail ?? null;
    const byTarget = new Map(list.filter((m) => m.target !== null).map((m) => [m.target!, m]));
    const verdicts = [...byTarget].map(([target, m]) => ({ target, verdict: verdictOf(m) }));
    const alerts = vantage.rounds.take({ at: first.at, offline, verdicts });
    for (const alert of alerts) {
      if (alert.kind === 'vantage_offline')
        judged.outages.push({ vantageId: vantage.id, at: first.at, verdict: alert.verdict });
      for (const target of alert.targets ?? (alert.target === null ? [] : [alert.target])) {
        const report = reportOf(alert, target, byTarget.get(target) ?? null, vantage, first.at);
        if (report) judged.reports.push(report);
      }
    }
    for (const [target, m] of byTarget) anomaly(vantage, target, m, judged);
  }

  /** The first bad round of a streak: a measurement shows an anomaly, no more. */
  function anomaly(vantage: Vantage, target: string, m: Measurement, judged: Judged): void {
    if (!isBlocking(m.verdict as VerdictWord)) return;
    const state = vantage.rounds.states().find((s) => s.target === target);
    if (!state || state.now === 'blocked' || state.status === 'unstable') return;
    if (m.at - (vantage.anomalies.get(target) ?? Number.NEGATIVE_INFINITY) < ANOMALY_EVERY) return;
    vantage.anomalies.set(target, m.at);
    judged.reports.push(
      make(vantage, target, m.at, actionOf(m.verdict, m.component), m.verdict, m.detail, m.component, 'anomaly'),
    );
  }

  function reportOf(
    alert: RoundAlert,
    target: string,
    m: Measurement | null,
    vantage: Vantage,
    at: number,
  ): Report | null {
    if (alert.kind === 'lifted')
      return stillBlocked(vantage, target, at)
        ? null
        : make(vantage, target, at, 'unblock', 'ok', null, m?.component ?? null, 'round-rule');
    if (alert.verdict === 'unstable') return null;
    const [word = '', ...rest] = alert.verdict.split(':');
    const verdict = m && m.verdict === word ? m.verdict : word;
    const detail = (m && m.verdict === word ? m.detail : null) ?? (rest.join(':') || null);
    const strength =
      verdict === 'http_blockpage' && detail !== null && /^[a-z]+-[a-z0-9-]+$/.test(detail)
        ? 'fingerprint'
        : 'round-rule';
    return make(
      vantage,
      target,
      at,
      actionOf(verdict, m?.component ?? null),
      verdict,
      detail,
      m?.component ?? null,
      strength,
    );
  }

  /** Another network of the country, heard of lately, has it blocked. */
  function stillBlocked(vantage: Vantage, target: string, at: number): boolean {
    return [...vantages.values()].some(
      (other) =>
        other !== vantage &&
        other.probeCc === vantage.probeCc &&
        at - other.lastAt < STALE &&
        other.rounds.states().some((s) => s.target === target && s.now === 'blocked'),
    );
  }

  function make(
    vantage: Vantage,
    target: string,
    at: number,
    action: Action,
    verdict: string,
    detail: string | null,
    component: string | null,
    strength: MeasuredFacts['strength'],
  ): Report {
    const spelled = detail === null ? verdict : `${verdict}:${detail}`;
    const part = component && component !== NATIONAL ? ` (${component})` : '';
    return {
      id: deps.ids.next(),
      sourceId: vantage.id,
      itemId: null,
      at,
      country: vantage.probeCc === 'XX' ? null : vantage.probeCc,
      service: target,
      action,
      method: action === 'unblock' ? null : methodOf(verdict),
      region: null,
      secondary: false,
      kind: 'measurement',
      voice: `network:${vantage.probeAsn}`,
      title: `${target}${part}: ${titleOf(action, verdict, detail)}, measured on ${vantage.probeAsn}`,
      url: null,
      publisherName: `own probe (${vantage.probeAsn})`,
      lang: 'en',
      summary: spelled,
      measured: {
        strength,
        networks: [vantage.probeAsn],
        verdict: spelled,
        component: component === NATIONAL ? null : component,
      },
    };
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
      return judged;
    },
    /** Write it in the transaction that keeps the reports: a kill in between then tells nothing twice and loses nothing. */
    memory(): JudgeMemory {
      const out: JudgeMemory = { vantages: {} };
      for (const v of vantages.values())
        out.vantages[v.id] = { probeCc: v.probeCc, probeAsn: v.probeAsn, lastAt: v.lastAt, states: v.rounds.states() };
      return out;
    },
    /** Vantage points that were heard of, and not since `olderThan` (ms since the epoch): silence is an alarm of its own. */
    silent: (olderThan: number): { vantageId: string; lastAt: number }[] =>
      [...vantages.values()].filter((v) => v.lastAt < olderThan).map((v) => ({ vantageId: v.id, lastAt: v.lastAt })),
    vantages: (): { id: string; probeCc: string; probeAsn: string; lastAt: number }[] =>
      [...vantages.values()].map(({ id, probeCc, probeAsn, lastAt }) => ({ id, probeCc, probeAsn, lastAt })),
  };
}
export type MeasurementJudge = ReturnType<typeof createMeasurementJudge>;

const isWord = (w: string): w is VerdictWord => (VERDICTS as readonly string[]).includes(w);

function verdictOf(m: Measurement): TargetVerdict | null {
  if (!isWord(m.verdict)) return null;
  return { verdict: m.verdict, detail: m.detail, also: [], notes: m.notes, families: {}, confidence: 'high' };
}

function methodOf(verdict: string): Method | null {
  switch (verdict) {
    case 'dns_blocked':
      return 'dns';
    case 'ip_blocked':
      return 'ip';
    case 'sni_blocked':
      return 'sni';
    case 'http_blockpage':
      return 'http';
    case 'throttled':
      return 'throttle';
    default:
      return null;
  }
}

function actionOf(verdict: string, component: string | null): Action {
  if (verdict === 'throttled') return 'throttle';
  return component !== null && component !== NATIONAL ? 'restrict' : 'block';
}

function titleOf(action: Action, verdict: string, detail: string | null): string {
  if (action === 'unblock') return 'reachable again';
  switch (verdict) {
    case 'dns_blocked':
      return detail === 'delisted' ? 'delisted from the national DNS' : 'the name lookup is tampered with';
    case 'ip_blocked':
      return 'its addresses are cut off';
    case 'sni_blocked':
      return 'connections that name it are cut';
    case 'tls_mitm':
      return 'connections are intercepted with a foreign certificate';
    case 'http_blockpage':
      return 'plain HTTP shows a block page';
    case 'throttled':
      return 'slowed down beyond use';
    default:
      return verdict;
  }
}
