import { familyOf } from '../model/action.ts';
import { type Incident, isInForce, NETWORK, rankOf } from '../model/incident.ts';
import type { Policy } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import type { Tables } from '../ports/store.ts';
import { onlyStory, wave } from './only-story.ts';
import { isCopy, SAME_STORY, similarity } from './similarity.ts';

/** How many of an incident's newest reports a text is compared with: the cost of a report does not grow with its story. */
const COMPARED = 40;
/** Open incidents of one country or service that are looked through. */
const CANDIDATES = 50;
/** A story without a name takes the name that the next text gives it for so long. */
const NAMED_WITHIN = 7 * 86_400_000;

export type Found =
  /** It belongs to these: one, or the services of one story. */
  | { incidents: Incident[]; why: 'key' | 'only-story' | 'same-text' | 'late' | 'names-it' | 'measure' | 'wave' }
  /** It opens one; `expired` is the quiet one that it does not join any more. */
  | { incidents: []; why: 'new'; expired: Incident | null };

/** Among incidents without a known place: the one whose text is the same story, if there is just one. */
async function sameText(tables: Tables, candidates: Incident[], fingerprint: number[]): Promise<Incident | null> {
  const alike: Incident[] = [];
  for (const candidate of candidates.slice(0, 5)) {
    const reports = await tables.reports.byIncident(candidate.id, COMPARED);
    if (reports.some((one) => similarity(one.fingerprint, fingerprint) >= SAME_STORY)) alike.push(candidate);
  }
  return alike.length === 1 ? alike[0]! : null;
}

/**
 * The lifted incident that a lift, or a word that is older than the lift or copies an older one, still belongs to; and the withdrawn one
 * of which a straggler still tells.
 */
async function late(tables: Tables, report: Report, fingerprint: number[], policy: Policy): Promise<Incident | null> {
  const { country, service } = report;
  const closed = await tables.incidents.lastClosed(
    country,
    service,
    familyOf(report.action),
    report.at - policy.quietAfter,
  );
  if (!closed || (closed.state !== 'lifted' && closed.state !== 'withdrawn')) return null;
  if ((report.action === 'unblock' && closed.state === 'lifted') || report.at < closed.closedAt!) return closed;
  // Measurements of one kind all read alike: what the rule of rounds says after the lift is a new block, no copy.
  if (report.measured && report.measured.strength !== 'anomaly') return null;
  const reports = await tables.reports.byIncident(closed.id, COMPARED);
  return reports.some((one) => one.action !== 'unblock' && isCopy(one.fingerprint, fingerprint)) ? closed : null;
}

/** A measure goes on while nobody writes of it. A threat does not: the next fine or deadline after so long is another one. */
const THREAT_QUIET = 21 * 86_400_000;
const quietOf = ({ family }: Incident, { quietAfter }: Policy): number =>
  family === 'warn' ? Math.min(THREAT_QUIET, quietAfter) : quietAfter;

/** In force, and surely so: a threat against the same service is a word about it. What one outlet reports could be a misreading of the threat. */
const isRunning = (one: Incident): boolean => isInForce(one) && rankOf(one.confidence) >= rankOf('corroborated');

/** A lift that names nothing is of what was lifted within this time, where nothing else is open. */
const LATE_LIFT = 3 * 86_400_000;
const isJustLifted = (one: Incident, at: number): boolean =>
  one.state === 'lifted' && one.service !== NETWORK && Math.abs(at - one.closedAt!) <= LATE_LIFT;

/** Lifts and blocks reach us in the order of the polls, not of events. */
export const isLiftBefore = (incident: Incident, report: Pick<Report, 'action' | 'at'>): boolean =>
  report.action === 'unblock' && incident.action !== 'unblock' && report.at < incident.openedAt;

/**
 * Which incident does a report belong to (domain.md, "Same incident?")? By key (country, service, family). A report without a service
 * joins the only open story of its country and family, a story being the incidents that one text reported together; a story without a
 * service takes the name that the next text gives it (a warning: the only name). A report without a country joins the only open story of its service that its
 * text resembles. A lift, and a late copy, belong to the incident that was lifted.
 */
export async function identify(tables: Tables, report: Report, fingerprint: number[], policy: Policy): Promise<Found> {
  const family = familyOf(report.action);
  const { country, service } = report;
  const isAwake = (one: Incident): boolean => report.at - one.lastReportAt <= quietOf(one, policy);
  const open = async (filter: { country?: string; service?: string }): Promise<Incident[]> =>
    (await tables.incidents.list({ ...filter, family, open: true, limit: CANDIDATES })).filter(isAwake);

  const byKey = await tables.incidents.openByKey(country, service, family);
  // "Access to social media is back": what is open there is what it was cut from.
  if (country !== null && service === null && report.action === 'unblock') {
    const hit = wave(await open({ country }), report);
    if (hit.length > 0) return { incidents: hit, why: 'wave' };
    const closed = { country, family, open: false, since: report.at - LATE_LIFT, limit: CANDIDATES };
    const over = (await tables.incidents.list(closed)).filter((one) => isJustLifted(one, report.at));
    if (over.length > 0 && byKey === null) return { incidents: over, why: 'late' };
  }
  if (byKey && isAwake(byKey)) {
    // A lift that is older than the block is about an earlier one.
    const earlier = isLiftBefore(byKey, report) ? await late(tables, report, fingerprint, policy) : null;
    return earlier ? { incidents: [earlier], why: 'late' } : { incidents: [byKey], why: 'key' };
  }

  if (family === 'warn' && country !== null) {
    const measure = await tables.incidents.openByKey(country, service, 'access');
    if (measure && isAwake(measure) && isRunning(measure)) return { incidents: [measure], why: 'measure' };
  }
  if (country !== null && service === null) {
    const story = await onlyStory(tables, await open({ country }), report.at);
    if (story.length > 0) return { incidents: story, why: 'only-story' };
  }
  // Of many platforms that are warned, the first of a list is no better a name than the rest.
  const names = !(report.action === 'warn' && report.listed);
  if (country !== null && service !== null && service !== NETWORK && report.action !== 'unblock' && names) {
    const all = await open({ country });
    const nameless = all.find((one) => one.service === null && one.action === report.action);
    const recent = all.filter((one) => report.at - one.lastReportAt <= NAMED_WITHIN);
    if (nameless && recent.length === 1 && recent[0]!.id === nameless.id)
      return { incidents: [nameless], why: 'names-it' };
  }
  if (country === null && service !== null) {
    const match = await sameText(tables, await open({ service }), fingerprint);
    if (match) return { incidents: [match], why: 'same-text' };
  }
  const closed = await late(tables, report, fingerprint, policy);
  return closed ? { incidents: [closed], why: 'late' } : { incidents: [], why: 'new', expired: byKey };
}
