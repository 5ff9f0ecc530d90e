import { severityOf } from '../model/action.ts';
import type { Confidence, Incident } from '../model/incident.ts';
import type { Report } from '../model/report.ts';

/** What the ladder and the rules below need to know of a report. */
export type Evidence = Pick<Report, 'at' | 'action' | 'kind' | 'voice' | 'measured'>;

/** How long voices are weighed against each other before an incident escalates. */
export const ESCALATION_WINDOW = 48 * 3_600_000;
/** At least this share of those who speak since the stronger word first fell must say it. */
const ESCALATION_SHARE = 2 / 3;

/**
 * The ladder of domain.md over statements that all say the same thing (all of the block, or all of the lift).
 * Null when there is no evidence at all.
 */
export function confidenceOf(evidence: Evidence[]): Confidence | null {
  if (evidence.length === 0) return null;
  const outlets = new Set<string>();
  const networks = new Set<string>();
  let authority = false;
  let fingerprint = false;
  let roundRule = false;
  let anomaly = false;
  for (const one of evidence) {
    if (one.kind === 'news') outlets.add(one.voice);
    else if (one.kind === 'authority') authority = true;
    else if (one.measured) {
      anomaly = true;
      fingerprint ||= one.measured.strength === 'fingerprint';
      if (one.measured.strength === 'round-rule') {
        roundRule = true;
        for (const network of one.measured.networks) networks.add(network);
      }
    }
  }
  const told = outlets.size > 0 || authority;
  if (fingerprint || networks.size >= 2 || (anomaly && told)) return 'confirmed';
  if (authority || roundRule || outlets.size >= 2) return 'corroborated';
  if (anomaly) return 'suspected';
  return 'reported';
}

const isMeasuredFirmly = (one: Evidence): boolean => one.kind !== 'news' && one.measured?.strength !== 'anomaly';

/**
 * Does the evidence carry the incident up to a stronger action? One outlet's stronger word is evidence, not a change: two independent
 * voices (or an authority, or a firm measurement) must say it, and of all who speak since it was first said, two thirds by their last
 * word: while some go on to write "slowed down", those who write "blocked" are sloppy. Returns the action in force, which never goes down.
 */
export function actionInForce(incident: Incident, evidence: Evidence[], now: number): Incident['action'] {
  const recent = evidence.filter((one) => severityOf(one.action) > 0 && one.at > now - ESCALATION_WINDOW);
  let best = incident.action;
  for (const candidate of ['throttle', 'block', 'shutdown'] as const) {
    const rank = severityOf(candidate);
    if (rank <= severityOf(best) || !recent.some((one) => one.action === candidate)) continue;
    const stronger = recent.filter((one) => severityOf(one.action) >= rank);
    const since = Math.min(...stronger.map((one) => one.at));
    const words = lastWords(recent.filter((one) => one.at > since || severityOf(one.action) >= rank));
    const speakers = words.filter((word) => word >= rank).length;
    if (stronger.some(isMeasuredFirmly) || (speakers >= 2 && speakers >= words.length * ESCALATION_SHARE))
      best = candidate;
  }
  return best;
}

/** How strong the last word of each voice is: its copies may be sloppy, and it may itself have said "slowed" before "blocked". */
function lastWords(evidence: Evidence[]): number[] {
  const words = new Map<string, { at: number; rank: number }>();
  for (const one of evidence) {
    const known = words.get(one.voice);
    if (!known || one.at >= known.at) words.set(one.voice, { at: one.at, rank: severityOf(one.action) });
  }
  return [...words.values()].map((word) => word.rank);
}
