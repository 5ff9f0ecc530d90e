import type { Incident, Transition } from '../../../core/model/incident.ts';
import type { Report } from '../../../core/model/report.ts';
import type { PublicRecord } from '../deps.ts';
import type { Scope } from './addresses.ts';

/** Entries of a feed: the newest changes, and the newest of each incident that is open. */
export const MAX_CHANGES = 100;
const MAX_OPEN = 100;
/** Older changes are in no feed, unless they are the newest of what is open. */
const KEPT = 30 * 86_400_000;
const MAX_INCIDENTS = 400;
const MAX_REPORTS = 120;

/** A change of an incident, with what led to it. */
export interface Change {
  incident: Incident;
  step: Transition;
  /** The line before it in the log. */
  before: Transition | null;
  /** Newest first: all of the incident for its newest change, else what caused it. */
  reports: readonly Report[];
  /** The whole log, where this is the newest change; null = it is an older one. */
  log: readonly Transition[] | null;
}

/** The newest changes, newest first. `now`: ms since the epoch. */
export async function changesOf(
  { incidents, reports }: Pick<PublicRecord, 'incidents' | 'reports'>,
  { country, service }: Scope,
  now: number,
): Promise<Change[]> {
  const scope = { ...(country === null ? {} : { country }), ...(service === null ? {} : { service }) };
  const recent = await incidents.list({ ...scope, since: now - KEPT, limit: MAX_INCIDENTS });
  const open = await incidents.list({ ...scope, open: true, limit: MAX_INCIDENTS });
  const all = new Map([...open, ...recent].map((one) => [one.id, one]));
  const logs = await incidents.transitionsOf([...all.keys()]);
  const steps = [...all.values()].flatMap((incident) => stepsOf(incident, logs.get(incident.id) ?? []));
  steps.sort((a, b) => b.step.at - a.step.at || (a.incident.id < b.incident.id ? 1 : -1) || b.step.seq - a.step.seq);
  const news = steps.filter(({ step }) => step.at >= now - KEPT).slice(0, MAX_CHANGES);
  const shown = new Set(news);
  const standing = steps.filter((one) => one.log !== null && one.incident.open && !shown.has(one)).slice(0, MAX_OPEN);
  return await Promise.all(
    [...news, ...standing].map(async (one): Promise<Change> => {
      const said = await reports.byIncident(one.incident.id, MAX_REPORTS);
      return { ...one, reports: one.log ? said : said.filter(({ id }) => id === one.step.reportId) };
    }),
  );
}

type Step = Omit<Change, 'reports'>;

const stepsOf = (incident: Incident, log: readonly Transition[]): Step[] =>
  log.map((step, index) => ({
    incident,
    step,
    before: log[index - 1] ?? null,
    log: index === log.length - 1 ? log : null,
  }));
