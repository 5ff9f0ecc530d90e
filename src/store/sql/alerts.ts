import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Alert, Broadcast, Priority } from '../../core/model/alert.ts';
import type { Notice } from '../../core/model/link.ts';
import type { AlertTable, BroadcastTable, NoticeTable } from '../../core/ports/store.ts';
import { type Filling, addPieces } from './outbox/fill-job.ts';
import { first, insert, select, update } from './rows.ts';
import type { Schema } from './schema.ts';
import type { Session } from './session.ts';
import { OP, among, flag, json, kept, level, levelNo, named, plain, priorityNo, priorityOf } from './values.ts';

export function alertTable(session: Session): AlertTable {
  const withIncidents = async (rows: Selectable<Schema['alerts']>[]): Promise<Alert[]> => {
    const those = { alert_no: rows.map((row) => row.no) };
    const carried = await select(session, 'alert_incidents', those, sql`order by pos`);
    const byAlert = Map.groupBy(carried, (row) => row.alert_no);
    return rows.map((row) => alertOf(row, byAlert.get(row.no) ?? []));
  };
  const add = (inner: Session, alertNo: number, incidentId: string, addedAt: number) => {
    const pos = sql<number>`(select coalesce(max(pos), 0) + 1 from alert_incidents where alert_no = ${alertNo})`;
    const row = { alert_no: alertNo, incident_id: incidentId, pos, added_at: addedAt };
    return insert(inner, 'alert_incidents', row, sql`on conflict do nothing`);
  };

  return {
    async get(id) {
      return (await withIncidents(await select(session, 'alerts', { id })))[0] ?? null;
    },

    async getMany(ids) {
      const rows = await select(session, 'alerts', { id: ids });
      const byId = new Map((await withIncidents(rows)).map((alert) => [alert.id, alert]));
      return [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
    },

    async byIncident(incidentId) {
      const { rows } = await sql<Selectable<Schema['alerts']>>`
        select a.* from alerts as a join alert_incidents as i on i.alert_no = a.no where i.incident_id = ${incidentId} order by a.no
      `.execute(session.db);
      return withIncidents(rows);
    },

    async insert(alert) {
      await session.atomically(async (inner) => {
        const { rows } = await insert(inner, 'alerts', alertRows.write(alert), sql`returning no`);
        const { no } = rows[0]!;
        for (const { incidentId, addedAt } of alert.incidents) await add(inner, no, incidentId, addedAt);
      });
    },

    async addIncident(alertId, incidentId, addedAt) {
      await session.atomically(async (inner) => {
        const alert = await first(inner, 'alerts', { id: alertId });
        if (alert) await add(inner, alert.no, incidentId, addedAt);
      });
    },

    async update({ id, notifiedAt, widenRepliedAt }) {
      await update(session, 'alerts', alertRows.write({ notifiedAt, widenRepliedAt }), { id });
    },
  };
}

const alertRows = kept<'alerts', Omit<Alert, 'incidents'>>('alerts', { no: null, level, told_at: named('notifiedAt') });

const alertOf = (row: object, carried: { incident_id: string; added_at: number }[]): Alert => ({
  ...alertRows.read(row),
  incidents: carried.map(({ incident_id, added_at }) => ({ incidentId: incident_id, addedAt: added_at })),
});

/** Word for word the condition of the partial index. */
const UNFINISHED = sql`broadcasts.state <> 'done'`;

export function broadcastTable(session: Session): BroadcastTable {
  const those = async (which: RawBuilder<unknown>): Promise<Broadcast[]> => {
    const { rows } = await sql<{ alert_id: string }>`
      select broadcasts.*, alerts.id as alert_id from broadcasts join alerts on alerts.no = broadcasts.alert_no where ${which}
    `.execute(session.db);
    return rows.map(broadcastOf);
  };

  return {
    get: async (id) => (await those(sql`broadcasts.id = ${id}`))[0] ?? null,

    async insert(broadcast) {
      const alert_no = sql<number>`(select no from alerts where id = ${broadcast.alertId})`;
      await insert(session, 'broadcasts', { ...broadcastRows.write(broadcast), alert_no });
    },

    async update({ id, incidentIds, kind, loud, reason, priority, dueAt, phase, cursor, state }) {
      const row = broadcastRows.write({ incidentIds, kind, loud, reason, priority, dueAt, phase, cursor, state });
      await update(session, 'broadcasts', row, { id });
    },

    pendingNew: (country, atLevel, state) =>
      those(sql`${UNFINISHED} and broadcasts.state = ${state} and broadcasts.kind = 'new' and alerts.level = ${levelNo(atLevel)}
        and alerts.country ${country === null ? sql`is null` : sql`= ${country}`} order by broadcasts.no`),

    byAlert: (alertId) => those(sql`alerts.id = ${alertId} order by broadcasts.no desc limit 50`),

    due: (now, limit) =>
      those(sql`${UNFINISHED} and broadcasts.due_at <= ${now} order by broadcasts.lane, broadcasts.no limit ${limit}`),

    async nextDueAt() {
      const { rows } = await sql<{ due_at: number }>`
        select due_at from broadcasts where ${UNFINISHED} order by due_at limit 1
      `.execute(session.db);
      return rows[0]?.due_at ?? null;
    },
  };
}

const broadcastRows = kept<'broadcasts', Omit<Broadcast, 'alertId'>>('broadcasts', {
  no: null,
  alert_no: null,
  loud: flag,
  incident_ids: json,
  lane: named('priority', { read: priorityOf, write: priorityNo }),
});

const broadcastOf = (row: { alert_id: string }): Broadcast => ({ ...broadcastRows.read(row), alertId: row.alert_id });

export function noticeTable(session: Session): NoticeTable {
  return {
    tell: (id, notice, chatIds, options) =>
      session.atomically((inner) => tellNotice(inner, id, notice, { ...options, chatIds })),

    async toAll(id, notice, now) {
      const how = { priority: 'digest', now, state: 'waiting' } as const;
      return (await session.atomically((inner) => insertNotice(inner, id, notice, how))) !== null;
    },

    async getMany(alertIds) {
      if (alertIds.length === 0) return new Map();
      const { rows } = await sql<{ id: string; notice: string }>`
        select a.id, n.notice from notices as n join alerts as a on a.no = n.alert_no where ${among(session.dialect, 'a.id', 'text', alertIds)}
      `.execute(session.db);
      return new Map(rows.map(({ id, notice }) => [id, JSON.parse(notice) as Notice]));
    },
  };
}

/** Null: this id was there. Else what its pieces are filled in by. */
export async function insertNotice(
  session: Session,
  id: string,
  notice: Notice,
  { priority, now, state }: { priority: Priority; now: number; state: Broadcast['state'] },
): Promise<Filling | null> {
  if (await alertTable(session).get(id)) return null;
  const times = { createdAt: now, notifiedAt: now, widenRepliedAt: null };
  await alertTable(session).insert({ id, country: null, level: 'early', ...times, incidents: [] });
  const { no: alertNo } = (await first(session, 'alerts', { id }))!;
  await insert(session, 'notices', { alert_no: alertNo, notice: plain(JSON.stringify(notice)) });
  return await insertBroadcast(session, alertNo, { id, alertId: id, priority, now, state });
}

/** Of a notice. */
export async function insertBroadcast(
  session: Session,
  alertNo: number,
  one: { id: string; alertId: string; priority: Priority; now: number; state: Broadcast['state'] },
): Promise<Filling> {
  const { now, ...own } = one;
  const announced = { kind: 'announce', loud: false, reason: 'opened', phase: 'others', cursor: 0 } as const;
  await broadcastTable(session).insert({ ...own, ...announced, incidentIds: [], createdAt: now, dueAt: now });
  const { no: broadcastNo, lane: priority } = (await first(session, 'broadcasts', { id: one.id }))!;
  return { session, alertNo, broadcastNo, priority, now };
}

/** One notice for some chats; the same id again changes nothing. Returns how many were queued. */
export async function tellNotice(
  session: Session,
  id: string,
  notice: Notice,
  { chatIds, priority, now }: { chatIds: readonly number[]; priority: Priority; now: number },
): Promise<number> {
  const made = await insertNotice(session, id, notice, { priority, now, state: 'done' });
  return made ? queueNotice(made, OP.send, chatIds) : 0;
}

/** A piece of a notice for each of these chats that is active. */
export const queueNotice = (made: Filling, op: number, chatIds: readonly number[]): Promise<number> =>
  addPieces(made, op, sql`${among(made.session.dialect, 'c.id', 'int', chatIds)} and c.state = 'active'`);
