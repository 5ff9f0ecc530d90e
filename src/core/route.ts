import { forLevel, inhibition, speaksAtLevel, wasInhibited } from './audience.ts';
import type { Alert, Broadcast, Policy, Priority } from './model/alert.ts';
import {
  type ChangeKind,
  type Incident,
  isNationalShutdown,
  LEVELS,
  type Level,
  NETWORK,
  reaches,
} from './model/incident.ts';
import type { Report } from './model/report.ts';
import type { Ids } from './ports/runtime.ts';
import type { Tables } from './ports/store.ts';

/** A change as `core/correlate` (or an operator) makes it. */
interface RoutedChange {
  before: Incident | null;
  after: Incident;
  kinds: ChangeKind[];
  /** Null for an operator's withdrawal. */
  report: Report | null;
}

interface RouteDeps {
  policy: Policy;
  ids: Ids;
  now: number;
}

type Routing = RouteDeps & { tables: Tables };

/** Replies about added services ring at most once in this time, an alert. */
const WIDEN_REPLY_EVERY = 3_600_000;

/**
 * Turns changes into durable broadcasts, in the transaction that stores the changes; level by level, since chats of different levels
 * hear at different times. Nothing is sent here.
 */
export async function route(tables: Tables, changes: RoutedChange[], deps: RouteDeps): Promise<void> {
  const routing: Routing = { ...deps, tables };
  for (const change of changes) {
    for (const level of LEVELS) {
      await notifyLevel(change, level, routing);
      const { before, after } = change;
      if (before && speaksAtLevel(before, level) && !speaksAtLevel(after, level))
        await releaseInhibited(after, level, routing);
    }
  }
}

async function notifyLevel(change: RoutedChange, level: Level, routing: Routing): Promise<void> {
  const { tables, now } = routing;
  const { before, after, kinds } = change;
  const decision = forLevel(before, after, kinds, level);
  if (decision.notify === 'nothing') return;
  const alerts = (await tables.alerts.byIncident(after.id)).filter((alert) => alert.level === level);
  const isLoud = decision.notify === 'lifted' || (decision.notify === 'update' && decision.loud);
  // Of what stood before anybody reported it the first that is loud is a message of its own.
  if (decision.notify === 'new' || (after.standing && isLoud && alerts.length === 0)) {
    if (alerts.length > 0 || inhibition(after, await largerThan(after, tables), level, now) !== null) return;
    const wide = await alertToWiden(change, level, routing);
    if (wide) await widen(wide, after, routing);
    else await notifyNew(after, level, after.standing && decision.notify !== 'new' ? decision.why : kinds[0]!, routing);
    return;
  }
  const loud = decision.notify !== 'update' || decision.loud;
  for (const alert of alerts) await tell(alert, after, { kind: decision.notify, loud, reason: decision.why }, routing);
}

/** An alert of this level about an open incident of the same item, country and action lately: the newcomer is added to it. */
async function alertToWiden(
  { before, after, report }: RoutedChange,
  level: Level,
  { tables, now, policy }: Routing,
): Promise<Alert | null> {
  if (report === null || report.itemId === null || report.secondary || after.state === 'lifted') return null;
  const siblings = (await tables.incidents.getMany(await tables.reports.incidentsOfItem(report.itemId))).filter(
    (one) =>
      one.id !== after.id &&
      one.open &&
      one.country === after.country &&
      // One outlet may have said it of this one, too: then it stands in that alert with what is sure of it.
      (one.action === after.action || one.action === before?.action) &&
      reaches(one.confidence, level),
  );
  let newest: Alert | null = null;
  for (const sibling of siblings) {
    for (const alert of await tables.alerts.byIncident(sibling.id)) {
      if (alert.level !== level || now - alert.notifiedAt > policy.widenWithin) continue;
      if (newest === null || alert.notifiedAt > newest.notifiedAt) newest = alert;
    }
  }
  return newest;
}

async function widen(alert: Alert, incident: Incident, routing: Routing): Promise<void> {
  const { tables, now, policy } = routing;
  await tables.alerts.addIncident(alert.id, incident.id, now);
  const broadcasts = await tables.broadcasts.byAlert(alert.id);
  const first = waitingFirst(broadcasts);
  if (first) return joinFirst(first, incident, routing);
  // One reply names all that came within the hour; the edit shows each at once.
  const pending = broadcasts.find((one) => one.state === 'waiting' && one.loud && one.reason === 'widened');
  const soonest = now + waitOf(incident, policy);
  const ringAt = Math.max(soonest, (alert.widenRepliedAt ?? -Infinity) + WIDEN_REPLY_EVERY);
  if (pending) await addTo(pending, incident, tables);
  else await insert(alert, incident, { kind: 'update', loud: true, reason: 'widened', dueAt: ringAt }, routing);
  await tables.alerts.update({
    id: alert.id,
    notifiedAt: now,
    widenRepliedAt: pending ? alert.widenRepliedAt : ringAt,
  });
  if (ringAt > soonest) await tell(alert, incident, { kind: 'update', loud: false, reason: 'widened' }, routing);
}

/**
 * Changes what chats have: a quiet edit, or, where it is loud, an edit and a reply. Those of one kind and moment go together, and one that
 * still waits takes this along.
 */
async function tell(
  alert: Alert,
  incident: Incident,
  what: Pick<Broadcast, 'kind' | 'loud' | 'reason'>,
  routing: Routing,
): Promise<void> {
  const { tables, now } = routing;
  const broadcasts = await tables.broadcasts.byAlert(alert.id);
  const first = waitingFirst(broadcasts);
  if (first) {
    // Nobody was notified yet: the first message will show it. Of one that was withdrawn nobody hears.
    if (what.kind !== 'correction') await joinFirst(first, incident, routing);
    else if (first.incidentIds.every((id) => id === incident.id))
      await tables.broadcasts.update({ ...first, state: 'done' });
    return;
  }
  const pending = broadcasts.find(
    ({ state, kind, loud, reason }) =>
      state === 'waiting' && kind === what.kind && loud === what.loud && reason === what.reason,
  );
  if (pending) await addTo(pending, incident, tables);
  else await insert(alert, incident, { ...what, dueAt: now }, routing);
}

async function notifyNew(incident: Incident, level: Level, reason: ChangeKind, routing: Routing): Promise<void> {
  const { tables, ids, now, policy } = routing;
  const waiting = await tables.broadcasts.waitingNew(incident.country, level);
  if (waiting) {
    await tables.alerts.addIncident(waiting.alertId, incident.id, now);
    return joinFirst(waiting, incident, routing);
  }
  const alert: Alert = {
    id: ids.next(),
    country: incident.country,
    level,
    createdAt: now,
    notifiedAt: now,
    widenRepliedAt: null,
    incidents: [{ incidentId: incident.id, addedAt: now }],
  };
  await tables.alerts.insert(alert);
  const dueAt = now + waitOf(incident, policy);
  await insert(alert, incident, { kind: 'new', loud: true, reason, dueAt }, routing);
}

/** When a shutdown ends or is taken back, chats hear of what it spoke for and still holds. */
async function releaseInhibited(shutdown: Incident, level: Level, routing: Routing): Promise<void> {
  const { alerts, incidents } = routing.tables;
  const open = await incidents.list({ country: shutdown.country!, family: 'access', open: true, limit: 50 });
  for (const one of open) {
    if (!wasInhibited(one, shutdown, level)) continue;
    const known = await alerts.byIncident(one.id);
    if (known.every((alert) => alert.level !== level)) await notifyNew(one, level, 'opened', routing);
  }
}

/** The open incident that may speak for this one, or null. */
async function largerThan({ country, service, family }: Incident, { incidents }: Tables): Promise<Incident | null> {
  if (country === null) return null;
  if (family === 'warn') return await incidents.openByKey(country, service, 'access');
  return service === NETWORK ? null : await incidents.openByKey(country, NETWORK, 'access');
}

/** Its end comes as soon as its begin. */
const priorityOf = (incident: Incident): Priority => (isNationalShutdown(incident) ? 'critical' : 'alert');

const waitOf = (incident: Incident, policy: Policy): number =>
  incident.confidence === 'confirmed' ? 0 : policy.groupWait;

const waitingFirst = (broadcasts: readonly Broadcast[]): Broadcast | undefined =>
  broadcasts.find(({ kind, state }) => kind === 'new' && state === 'waiting');

/** The first message still waits for its group, and will show this incident too: it waits no longer than this one would. */
async function joinFirst(first: Broadcast, incident: Incident, { tables, now, policy }: Routing): Promise<void> {
  await tables.broadcasts.update({
    ...first,
    incidentIds: [...new Set([...first.incidentIds, incident.id])],
    priority: priorityOf(incident) === 'critical' ? 'critical' : first.priority,
    dueAt: Math.min(first.dueAt, now + waitOf(incident, policy)),
  });
}

async function addTo(pending: Broadcast, { id }: Incident, { broadcasts }: Tables): Promise<void> {
  if (!pending.incidentIds.includes(id))
    await broadcasts.update({ ...pending, incidentIds: [...pending.incidentIds, id] });
}

async function insert(
  alert: Alert,
  incident: Incident,
  what: Pick<Broadcast, 'kind' | 'loud' | 'reason' | 'dueAt'>,
  { tables, ids, now }: Routing,
): Promise<void> {
  await tables.broadcasts.insert({
    id: ids.next(),
    alertId: alert.id,
    ...what,
    incidentIds: [incident.id],
    priority: what.loud ? priorityOf(incident) : 'alert',
    createdAt: now,
    phase: what.kind === 'new' ? 'others' : 'holders',
    cursor: 0,
    state: 'waiting',
  });
}
