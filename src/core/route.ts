import { createSpeakers, endsAt, forLevel, isToBeHeard } from './audience.ts';
import { type Alert, type Broadcast, newAlert, type Policy, type Priority } from './model/alert.ts';
import { type ChangeKind, type Incident, isNationalShutdown, LEVELS, type Level, reaches } from './model/incident.ts';
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
      if (change.before && change.kinds.length > 0) await releaseWithheld(change.after.country, level, routing);
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
    // It was corrected there, and is sure again.
    for (const alert of decision.why === 'reached-level' ? alerts : [])
      await tell(alert, after, { kind: 'update', loud: true, reason: 'confidence-up' }, routing);
    if (alerts.length > 0) return;
    const reason = after.standing && decision.notify !== 'new' ? decision.why : kinds[0]!;
    const larger = await createSpeakers(tables)(after, level, now);
    // Whoever has an alert may know of the larger one: what that speaks for is added to none.
    const wide = larger ? null : await alertToWiden(change, level, routing);
    if (wide) await widen(wide, after, routing);
    else await notifyNew(after, level, { reason, larger }, routing);
    if (larger && isToBeHeard(after, level)) await withhold(after, larger, level, routing);
    return;
  }
  const loud = decision.notify !== 'update' || decision.loud;
  for (const alert of alerts) await tell(alert, after, { kind: decision.notify, loud, reason: decision.why }, routing);
}

/** An alert of this level about an open incident of the same item, country and action lately: the newcomer is added to it. */
async function alertToWiden({ before, after, report }: RoutedChange, level: Level, { tables, now, policy }: Routing) {
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
  if (first) return joinFirst(first, incident, alert.level, routing);
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
    if (what.kind !== 'correction') await joinFirst(first, incident, alert.level, routing);
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

async function notifyNew(
  incident: Incident,
  level: Level,
  { reason, larger }: { reason: ChangeKind; larger: Incident | null },
  routing: Routing,
): Promise<void> {
  const { tables, ids, now } = routing;
  const waiting = await groupFor(incident, level, larger !== null, routing);
  if (waiting) {
    await tables.alerts.addIncident(waiting.alertId, incident.id, now);
    return joinFirst(waiting, incident, level, routing);
  }
  const alert = newAlert(ids.next(), incident.country, level, now);
  await tables.alerts.insert({ ...alert, incidents: [{ incidentId: incident.id, addedAt: now }] });
  const dueAt = await soonest(incident, level, routing);
  await insert(alert, incident, { kind: 'new', loud: true, reason, dueAt }, routing);
}

/**
 * The first message that still waits and may show this incident, too. What a larger one speaks for goes by itself: the message of others is also for
 * those who know of the larger one.
 */
async function groupFor({ country }: Incident, level: Level, isSpokenFor: boolean, { tables, now }: Routing) {
  const speaker = createSpeakers(tables);
  for (const waiting of await tables.broadcasts.pendingNew(country, level, 'waiting')) {
    const [first] = await tables.incidents.getMany(waiting.incidentIds.slice(0, 1));
    if (first && ((await speaker(first, level, now)) !== null) === isSpokenFor) return waiting;
  }
  return undefined;
}

/** When a first message about it is due: where a larger one speaks for it, and waits for its group, not before that. */
async function soonest(incident: Incident, level: Level, { tables, now, policy }: Routing): Promise<number> {
  const due = now + waitOf(incident, policy);
  const larger = await createSpeakers(tables)(incident, level, now);
  const alerts = larger ? (await tables.alerts.byIncident(larger.id)).filter((one) => one.level === level) : [];
  const firsts = [];
  for (const { id } of alerts) firsts.push(waitingFirst(await tables.broadcasts.byAlert(id))?.dueAt ?? 0);
  return Math.max(due, ...firsts);
}

/**
 * Whoever was told of the larger incident is not told of this one, as long as that one speaks for it (`recipientsOf`). A broadcast that is `withheld`
 * remembers that it is owed, one for each country and level; its alert is empty.
 */
async function withhold(incident: Incident, larger: Incident, level: Level, routing: Routing): Promise<void> {
  const { tables, ids, now } = routing;
  const dueAt = endsAt(larger, now);
  const [held] = await tables.broadcasts.pendingNew(incident.country, level, 'withheld');
  if (held) {
    const incidentIds = [...new Set([...held.incidentIds, incident.id])];
    return tables.broadcasts.update({ ...held, incidentIds, dueAt: Math.min(held.dueAt, dueAt) });
  }
  const alert = newAlert(ids.next(), incident.country, level, now);
  await tables.alerts.insert(alert);
  const what = { kind: 'new', loud: true, reason: 'opened', dueAt, state: 'withheld' } as const;
  await insert(alert, incident, what, routing);
}

/** Tells what was withheld and still holds, where nothing larger speaks for it any more: all of a country in one message. */
async function releaseWithheld(country: string | null, level: Level, routing: Routing): Promise<void> {
  const { tables, now } = routing;
  const [held] = await tables.broadcasts.pendingNew(country, level, 'withheld');
  if (!held) return;
  const speaker = createSpeakers(tables);
  const still: string[] = [];
  let dueAt = Infinity;
  for (const one of await tables.incidents.getMany(held.incidentIds)) {
    if (!isToBeHeard(one, level)) continue;
    const larger = await speaker(one, level, now);
    if (larger) {
      still.push(one.id);
      dueAt = Math.min(dueAt, endsAt(larger, now));
    } else await notifyNew(one, level, { reason: 'opened', larger }, routing);
  }
  if (still.length > 0) await tables.broadcasts.update({ ...held, incidentIds: still, dueAt });
  else await tables.broadcasts.update({ ...held, incidentIds: [], state: 'done' });
}

/** The time of what is withheld has come: perhaps nothing was heard of the larger incident for so long that it does not speak any more. */
export async function lookAtWithheld(tables: Tables, { alertId }: Broadcast, deps: RouteDeps): Promise<void> {
  const alert = await tables.alerts.get(alertId);
  if (alert) await releaseWithheld(alert.country, alert.level, { ...deps, tables });
}

/** Its end comes as soon as its begin. */
const priorityOf = (incident: Incident): Priority => (isNationalShutdown(incident) ? 'critical' : 'alert');

const waitOf = (incident: Incident, policy: Policy): number =>
  incident.confidence === 'confirmed' ? 0 : policy.groupWait;

const waitingFirst = (broadcasts: readonly Broadcast[]): Broadcast | undefined =>
  broadcasts.find(({ kind, state }) => kind === 'new' && state === 'waiting');

/** The first message still waits for its group, and will show this incident too: it waits no longer than this one would. */
async function joinFirst(first: Broadcast, incident: Incident, level: Level, routing: Routing): Promise<void> {
  await routing.tables.broadcasts.update({
    ...first,
    incidentIds: [...new Set([...first.incidentIds, incident.id])],
    priority: priorityOf(incident) === 'critical' ? 'critical' : first.priority,
    dueAt: Math.min(first.dueAt, await soonest(incident, level, routing)),
  });
}

async function addTo(pending: Broadcast, { id }: Incident, { broadcasts }: Tables): Promise<void> {
  if (!pending.incidentIds.includes(id))
    await broadcasts.update({ ...pending, incidentIds: [...pending.incidentIds, id] });
}

async function insert(
  alert: Alert,
  incident: Incident,
  what: Pick<Broadcast, 'kind' | 'loud' | 'reason' | 'dueAt'> & Partial<Pick<Broadcast, 'state'>>,
  { tables, ids, now }: Routing,
): Promise<void> {
  await tables.broadcasts.insert({
    id: ids.next(),
    alertId: alert.id,
    state: 'waiting',
    ...what,
    incidentIds: [incident.id],
    priority: what.loud ? priorityOf(incident) : 'alert',
    createdAt: now,
    phase: what.kind === 'new' ? 'others' : 'holders',
    cursor: 0,
  });
}
