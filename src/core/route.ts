import { forLevel, inhibition, speaksAtLevel, wasInhibited } from './audience.ts';
import type { Alert, Broadcast, BroadcastKind, Policy, Priority } from './model/alert.ts';
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

/** Replies about added services ring at most once in this time, an alert. */
const WIDEN_REPLY_EVERY = 3_600_000;

/** Its end comes as soon as its begin. */
const priorityOf = (incident: Incident): Priority => (isNationalShutdown(incident) ? 'critical' : 'alert');

const waitOf = (incident: Incident, policy: Policy): number =>
  incident.confidence === 'confirmed' ? 0 : policy.groupWait;

const broadcastOf = (
  alert: Alert,
  kind: BroadcastKind,
  what: Pick<Broadcast, 'loud' | 'reason' | 'incidentIds' | 'priority' | 'dueAt'>,
  deps: RouteDeps,
): Broadcast => ({
  id: deps.ids.next(),
  alertId: alert.id,
  kind,
  ...what,
  createdAt: deps.now,
  phase: kind === 'new' ? 'others' : 'holders',
  cursor: 0,
  state: 'waiting',
});

/** An alert of this level about an open incident of the same item, country and action lately: the newcomer is added to it. */
async function alertToWiden(
  tables: Tables,
  change: RoutedChange,
  level: Level,
  deps: RouteDeps,
): Promise<Alert | null> {
  const { before, after, report } = change;
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
      if (alert.level !== level || deps.now - alert.notifiedAt > deps.policy.widenWithin) continue;
      if (newest === null || alert.notifiedAt > newest.notifiedAt) newest = alert;
    }
  }
  return newest;
}

const isWaiting = (broadcasts: Broadcast[], kind: BroadcastKind): Broadcast | undefined =>
  broadcasts.find((one) => one.kind === kind && one.state === 'waiting');

/** The first message still waits for its group, and will show this incident too: it waits no longer than this one would. */
async function joinFirst(tables: Tables, first: Broadcast, incident: Incident, deps: RouteDeps): Promise<void> {
  await tables.broadcasts.update({
    ...first,
    incidentIds: [...new Set([...first.incidentIds, incident.id])],
    priority: priorityOf(incident) === 'critical' ? 'critical' : first.priority,
    dueAt: Math.min(first.dueAt, deps.now + waitOf(incident, deps.policy)),
  });
}

async function widen(tables: Tables, alert: Alert, incident: Incident, deps: RouteDeps): Promise<void> {
  await tables.alerts.addIncident(alert.id, incident.id, deps.now);
  const broadcasts = await tables.broadcasts.byAlert(alert.id);
  const first = isWaiting(broadcasts, 'new');
  if (first) return joinFirst(tables, first, incident, deps);
  // One reply names all that came within the hour; the edit shows each at once.
  const pending = broadcasts.find((one) => one.state === 'waiting' && one.loud && one.reason === 'widened');
  if (pending) {
    await tables.broadcasts.update({ ...pending, incidentIds: [...pending.incidentIds, incident.id] });
  }
  const wait = waitOf(incident, deps.policy);
  const ringAt = Math.max(deps.now + wait, (alert.widenRepliedAt ?? -Infinity) + WIDEN_REPLY_EVERY);
  if (!pending) {
    const what = {
      loud: true,
      reason: 'widened' as const,
      incidentIds: [incident.id],
      priority: priorityOf(incident),
      dueAt: ringAt,
    };
    await tables.broadcasts.insert(broadcastOf(alert, 'update', what, deps));
  }
  await tables.alerts.update({
    id: alert.id,
    notifiedAt: deps.now,
    widenRepliedAt: pending ? alert.widenRepliedAt : ringAt,
  });
  if (ringAt > deps.now + wait) await edit(tables, alert, incident, 'widened', deps);
}

/** Quiet edit of what chats have; one that still waits takes this along. */
async function edit(
  tables: Tables,
  alert: Alert,
  incident: Incident,
  reason: ChangeKind,
  deps: RouteDeps,
): Promise<void> {
  const broadcasts = await tables.broadcasts.byAlert(alert.id);
  const first = isWaiting(broadcasts, 'new');
  if (first) return joinFirst(tables, first, incident, deps);
  const pending = broadcasts.find((one) => one.state === 'waiting' && !one.loud && one.reason === reason);
  if (pending) {
    if (!pending.incidentIds.includes(incident.id))
      await tables.broadcasts.update({ ...pending, incidentIds: [...pending.incidentIds, incident.id] });
    return;
  }
  const what = { loud: false, reason, incidentIds: [incident.id], priority: 'alert' as const, dueAt: deps.now };
  await tables.broadcasts.insert(broadcastOf(alert, 'update', what, deps));
}

/** Edit and reply; those of one kind and moment go together. */
async function ring(
  tables: Tables,
  alert: Alert,
  incident: Incident,
  { kind, reason }: Pick<Broadcast, 'kind' | 'reason'>,
  deps: RouteDeps,
): Promise<void> {
  const broadcasts = await tables.broadcasts.byAlert(alert.id);
  const first = isWaiting(broadcasts, 'new');
  if (first) {
    // Nobody was notified yet: the first message will show it. Of one that was withdrawn nobody hears.
    if (kind !== 'correction') await joinFirst(tables, first, incident, deps);
    else if (first.incidentIds.every((id) => id === incident.id))
      await tables.broadcasts.update({ ...first, state: 'done' });
    return;
  }
  const pending = broadcasts.find(
    (one) => one.state === 'waiting' && one.loud && one.kind === kind && one.reason === reason,
  );
  if (pending) {
    if (!pending.incidentIds.includes(incident.id))
      await tables.broadcasts.update({ ...pending, incidentIds: [...pending.incidentIds, incident.id] });
    return;
  }
  const what = { loud: true, reason, incidentIds: [incident.id], priority: priorityOf(incident), dueAt: deps.now };
  await tables.broadcasts.insert(broadcastOf(alert, kind, what, deps));
}

async function notifyNew(
  tables: Tables,
  incident: Incident,
  level: Level,
  reason: ChangeKind,
  deps: RouteDeps,
): Promise<void> {
  const dueAt = deps.now + waitOf(incident, deps.policy);
  const waiting = await tables.broadcasts.waitingNew(incident.country, level);
  if (waiting) {
    await tables.alerts.addIncident(waiting.alertId, incident.id, deps.now);
    return joinFirst(tables, waiting, incident, deps);
  }
  const alert: Alert = {
    id: deps.ids.next(),
    country: incident.country,
    level,
    createdAt: deps.now,
    notifiedAt: deps.now,
    widenRepliedAt: null,
    incidents: [{ incidentId: incident.id, addedAt: deps.now }],
  };
  await tables.alerts.insert(alert);
  const what = { loud: true, reason, incidentIds: [incident.id], priority: priorityOf(incident), dueAt };
  await tables.broadcasts.insert(broadcastOf(alert, 'new', what, deps));
}

/** The open incident that may speak for this one, or null. */
async function largerThan(tables: Tables, { country, service, family }: Incident): Promise<Incident | null> {
  if (country === null) return null;
  if (family === 'warn') return await tables.incidents.openByKey(country, service, 'access');
  return service === NETWORK ? null : await tables.incidents.openByKey(country, NETWORK, 'access');
}

/** When a shutdown ends or is taken back, chats hear of what it spoke for and still holds. */
async function releaseInhibited(tables: Tables, shutdown: Incident, level: Level, deps: RouteDeps): Promise<void> {
  const open = await tables.incidents.list({ country: shutdown.country!, family: 'access', open: true, limit: 50 });
  for (const one of open) {
    if (!wasInhibited(one, shutdown, level)) continue;
    const alerts = await tables.alerts.byIncident(one.id);
    if (alerts.every((alert) => alert.level !== level)) await notifyNew(tables, one, level, 'opened', deps);
  }
}

/**
 * Turns changes into durable broadcasts, in the transaction that stores the changes; level by level, since chats of different levels
 * hear at different times. Nothing is sent here.
 */
export async function route(tables: Tables, changes: RoutedChange[], deps: RouteDeps): Promise<void> {
  for (const change of changes) {
    for (const level of LEVELS) {
      await notifyLevel(tables, change, level, deps);
      const { before, after } = change;
      if (before && speaksAtLevel(before, level) && !speaksAtLevel(after, level))
        await releaseInhibited(tables, after, level, deps);
    }
  }
}

async function notifyLevel(tables: Tables, change: RoutedChange, level: Level, deps: RouteDeps): Promise<void> {
  const { before, after, kinds } = change;
  const decision = forLevel(before, after, kinds, level);
  if (decision.notify === 'nothing') return;
  const alerts = (await tables.alerts.byIncident(after.id)).filter((alert) => alert.level === level);
  if (decision.notify === 'new') {
    if (alerts.length > 0 || inhibition(after, await largerThan(tables, after), level, deps.now) !== null) return;
    const wide = await alertToWiden(tables, change, level, deps);
    if (wide) await widen(tables, wide, after, deps);
    else await notifyNew(tables, after, level, kinds[0]!, deps);
    return;
  }
  for (const alert of alerts) {
    if (decision.notify === 'lifted') await ring(tables, alert, after, { kind: 'lifted', reason: 'lifted' }, deps);
    else if (decision.notify === 'correction')
      await ring(tables, alert, after, { kind: 'correction', reason: 'withdrawn' }, deps);
    else if (decision.loud) await ring(tables, alert, after, { kind: 'update', reason: decision.why }, deps);
    else await edit(tables, alert, after, decision.why, deps);
  }
}
