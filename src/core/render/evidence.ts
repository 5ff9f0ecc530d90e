import { outletsTogether, supporting } from '../correlate/ladder.ts';
import { severityOf } from '../model/action.ts';
import { type Confidence, type Incident, rankOf } from '../model/incident.ts';
import type { Inline } from '../model/message.ts';
import type { Report } from '../model/report.ts';
import type { Translator } from '../ports/translate.ts';
import { linkOf, observatoriesOf, observedBy, signsOf } from './observed.ts';
import { capital, oneLine, safeLink } from './plain.ts';

/** Of an incident that is over or easing only the reports of its lift count for the lift, and only the others for the block. */
export function reportsFor(incident: Pick<Incident, 'action'>, reports: readonly Report[], lift: boolean): Report[] {
  if (incident.action === 'unblock') return [...reports];
  return reports.filter((report) => (report.action === 'unblock') === lift);
}

/** Of these, the ones that say what is said of the incident (or worse): only they make it as sure as it is. */
export const reportsInForce = (incident: Pick<Incident, 'action' | 'family'>, reports: readonly Report[]): Report[] =>
  incident.family === 'warn' ? [...reports] : supporting(incident.action, reports);

export interface Evidence {
  /** Independent outlets among the news. */
  outlets: number;
  /** Names of authorities whose own word was read. */
  authorities: string[];
  /** Networks that measured it beyond an anomaly. */
  networks: number;
  anomalies: number;
  blockpage: boolean;
  /** The widest statement of each observatory that says so. */
  observatories: Report[];
  /** And of those that only take it for likely. */
  signs: Report[];
}

/** `together`: outlets count only as far as they stand within one window, as the ladder counts them. */
export function evidenceOf(reports: readonly Report[], together = false): Evidence {
  const outlets = new Set<string>();
  const authorities = new Map<string, string>();
  const networks = new Set<string>();
  const anomalies = new Set<string>();
  let blockpage = false;
  for (const report of reports) {
    if (report.kind === 'news') outlets.add(report.voice);
    else if (report.kind === 'authority') authorities.set(report.voice, report.publisherName);
    else if (report.measured && report.measured.observatory === undefined) {
      const into = report.measured.strength === 'anomaly' ? anomalies : networks;
      for (const network of report.measured.networks) into.add(network);
      if (report.measured.strength === 'fingerprint') blockpage = true;
    }
  }
  for (const network of networks) anomalies.delete(network);
  return {
    outlets: together ? outletsTogether(reports) : outlets.size,
    authorities: [...authorities.values()],
    networks: networks.size,
    anomalies: anomalies.size,
    blockpage,
    observatories: observatoriesOf(reports),
    signs: signsOf(reports),
  };
}

/** "2 outlets, measured from 2 networks"; empty where there is nothing to tell. */
export function reasonsOf(evidence: Evidence, words: Translator): string {
  const reasons: string[] = [];
  for (const name of evidence.authorities.slice(0, 2))
    reasons.push(words.say('why.authority', { name: oneLine(name, 60) }));
  if (evidence.outlets) reasons.push(words.say('why.outlets', { n: evidence.outlets }));
  for (const one of evidence.observatories.slice(0, 3)) reasons.push(observedBy(one, words));
  if (evidence.networks) reasons.push(words.say('why.networks', { n: evidence.networks }));
  if (evidence.anomalies) reasons.push(words.say('why.anomalies', { n: evidence.anomalies }));
  for (const one of evidence.signs.slice(0, 2))
    reasons.push(
      words.say(one.measured?.silence ? 'why.silence' : 'why.sign', { name: oneLine(one.publisherName, 40) }),
    );
  if (evidence.blockpage) reasons.push(words.say('why.blockpage'));
  return words.list(reasons);
}

/** "Corroborated: 2 outlets". */
export function surenessOf(confidence: Confidence, reports: readonly Report[], words: Translator): string {
  const why = reasonsOf(evidenceOf(reports, rankOf(confidence) < rankOf('corroborated')), words);
  return why ? words.say(`sure.${confidence}`, { why }) : capital(words.say(`confidence.${confidence}`));
}

/**
 * One report a voice: one that tells the strongest action, with a link, the earliest of these. At most `max`, the rest counted.
 */
export function sourcesOf(reports: readonly Report[], max: number): { shown: Report[]; rest: number } {
  const linked = (report: Report): number => (safeLink(report.url) === null ? 0 : 1);
  const order = [...reports].sort(
    (a, b) => severityOf(b.action) - severityOf(a.action) || linked(b) - linked(a) || a.at - b.at,
  );
  const byVoice = new Map<string, Report>();
  for (const report of order) if (!byVoice.has(report.voice)) byVoice.set(report.voice, report);
  const voices = [...byVoice.values()].sort((a, b) => linked(b) - linked(a));
  return { shown: voices.slice(0, max), rest: Math.max(0, voices.length - max) };
}

/**
 * When the action in force began, and what was before it: of an incident that escalated from throttling to a block the block is not
 * as old as the incident.
 */
export function courseOf(
  incident: Pick<Incident, 'action' | 'openedAt'>,
  reports: readonly Report[],
): {
  since: number;
  before: Report | null;
} {
  const sorted = [...reports].sort((a, b) => a.at - b.at);
  const first = sorted.find((report) => severityOf(report.action) >= severityOf(incident.action));
  const before = sorted[0];
  if (!first || !before || severityOf(before.action) >= severityOf(incident.action)) {
    return { since: incident.openedAt, before: null };
  }
  return { since: Math.max(first.at, incident.openedAt), before };
}

/** "BBC, DW, 3 more", linked. */
export function sourceLine(reports: readonly Report[], max: number, words: Translator): Inline[] | null {
  const { shown, rest } = sourcesOf(reports, max);
  if (shown.length === 0) return null;
  const sources: Inline[] = [];
  const comma = words.list(['', '']);
  for (const [index, report] of shown.entries()) sources.push(...(index ? [comma] : []), linkOf(report, words));
  if (rest) sources.push(comma + words.say('list.more', { n: rest }));
  return words.rich('alert.sources', { sources });
}
