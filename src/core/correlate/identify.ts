import { type Family, familyOf } from '../model/action.ts';
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

/** A report with all that is needed to find its place. */
interface Asked {
  tables: Tables;
  report: Report;
  fingerprint: number[];
  policy: Policy;
  family: Family;
  /** The open incident with its key, however long it has been quiet. */
  byKey: Incident | null;
  isAwake(one: Incident): boolean;
  /** Open incidents of its family that are awake. */
  open(filter: { country?: string; service?: string }): Promise<Incident[]>;
}
/** Null: by this rule it has no place. */
type Rule = (asked: Asked) => Promise<Found | null>;

const belongsTo = (incidents: Incident[], why: Exclude<Found['why'], 'new'>): Found | null =>
  incidents.length > 0 ? { incidents, why } : null;

/** "Access to social media is back": what is open there is what it was cut from. */
const byWave: Rule = async ({ tables, report, family, byKey, open }) => {
  const { country, service, action, at } = report;
  if (country === null || service !== null || action !== 'unblock') return null;
  const hit = belongsTo(wave(await open({ country }), report), 'wave');
  if (hit || byKey !== null) return hit;
  const closed = { country, family, open: false, since: at - LATE_LIFT, limit: CANDIDATES };
  return belongsTo(
    (await tables.incidents.list(closed)).filter((one) => isJustLifted(one, at)),
    'late',
  );
};

const byOwnKey: Rule = async ({ tables, report, fingerprint, policy, byKey, isAwake }) => {
  if (!byKey || !isAwake(byKey)) return null;
  // A lift that is older than the block is about an earlier one.
  const earlier = isLiftBefore(byKey, report) ? await late(tables, report, fingerprint, policy) : null;
  return earlier ? belongsTo([earlier], 'late') : belongsTo([byKey], 'key');
};

const byMeasure: Rule = async ({ tables, report: { country, service }, family, isAwake }) => {
  if (family !== 'warn' || country === null) return null;
  const measure = await tables.incidents.openByKey(country, service, 'access');
  return measure && isAwake(measure) && isRunning(measure) ? belongsTo([measure], 'measure') : null;
};

const byOnlyStory: Rule = async ({ tables, report: { country, service, at }, open }) =>
  country !== null && service === null
    ? belongsTo(await onlyStory(tables, await open({ country }), at), 'only-story')
    : null;

const byNaming: Rule = async ({ report, open }) => {
  const { country, service, action, at, listed } = report;
  if (country === null || service === null || service === NETWORK || action === 'unblock') return null;
  // Of many platforms that are warned, the first of a list is no better a name than the rest.
  if (action === 'warn' && listed) return null;
  const all = await open({ country });
  const nameless = all.find((one) => one.service === null && one.action === action);
  const recent = all.filter((one) => at - one.lastReportAt <= NAMED_WITHIN);
  return nameless && recent.length === 1 && recent[0]!.id === nameless.id ? belongsTo([nameless], 'names-it') : null;
};

const byText: Rule = async ({ tables, report: { country, service }, fingerprint, open }) => {
  if (country !== null || service === null) return null;
  const match = await sameText(tables, await open({ service }), fingerprint);
  return match ? belongsTo([match], 'same-text') : null;
};

const byLateWord: Rule = async ({ tables, report, fingerprint, policy }) => {
  const closed = await late(tables, report, fingerprint, policy);
  return closed ? belongsTo([closed], 'late') : null;
};

/** In this order: the first that finds a place decides. */
const RULES: readonly Rule[] = [byWave, byOwnKey, byMeasure, byOnlyStory, byNaming, byText, byLateWord];

/**
 * Which incident does a report belong to (domain.md, "Same incident?")? By key (country, service, family). A report without a service
 * joins the only open story of its country and family, a story being the incidents that one text reported together; a story without a
 * service takes the name that the next text gives it (a warning: the only name). A report without a country joins the only open story of its service that its
 * text resembles. A lift, and a late copy, belong to the incident that was lifted.
 */
export async function identify(tables: Tables, report: Report, fingerprint: number[], policy: Policy): Promise<Found> {
  const family = familyOf(report.action);
  const isAwake = (one: Incident): boolean => report.at - one.lastReportAt <= quietOf(one, policy);
  const asked: Asked = {
    tables,
    report,
    fingerprint,
    policy,
    family,
    byKey: await tables.incidents.openByKey(report.country, report.service, family),
    isAwake,
    open: async (filter) =>
      (await tables.incidents.list({ ...filter, family, open: true, limit: CANDIDATES })).filter(isAwake),
  };
  for (const rule of RULES) {
    const found = await rule(asked);
    if (found) return found;
  }
  return { incidents: [], why: 'new', expired: asked.byKey };
}
