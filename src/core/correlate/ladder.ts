import { familyOf, severityOf } from '../model/action.ts';
import type { Confidence, Incident } from '../model/incident.ts';
import type { Report } from '../model/report.ts';

/** What the ladder and the rules below need to know of a report. */
export type Evidence = Pick<Report, 'at' | 'action' | 'kind' | 'voice' | 'measured'>;

/** How long voices are weighed against each other before an incident escalates. */
export const ESCALATION_WINDOW = 48 * 3_600_000;
/** At least this share of the voices of the window must say the stronger word. */
const ESCALATION_SHARE = 0.5;

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
 * voices (or an authority, or a firm measurement) must say it, and they must be at least half of those who speak at the time.
 * Returns the action in force, which never goes down.
 */
export function actionInForce(incident: Incident, evidence: Evidence[], now: number): Incident['action'] {
  const recent = evidence.filter(
    (one) => familyOf(one.action) === 'access' && severityOf(one.action) > 0 && one.at > now - ESCALATION_WINDOW,
  );
  // A voice's last word counts: its copies may be sloppy, and it may itself have said "slowed" before it said "blocked".
  const words = new Map<string, { at: number; rank: number }>();
  for (const one of recent) {
    const known = words.get(one.voice);
    if (!known || one.at >= known.at) words.set(one.voice, { at: one.at, rank: severityOf(one.action) });
  }
  let best = incident.action;
  for (const candidate of ['throttle', 'block', 'shutdown'] as const) {
    if (severityOf(candidate) <= severityOf(best)) continue;
    const speakers = [...words.values()].filter((word) => word.rank >= severityOf(candidate)).length;
    const firm = recent.some((one) => severityOf(one.action) >= severityOf(candidate) && isMeasuredFirmly(one));
    const exact = recent.some((one) => one.action === candidate);
    if (exact && (firm || (speakers >= 2 && speakers >= words.size * ESCALATION_SHARE))) best = candidate;
  }
  return best;
}
