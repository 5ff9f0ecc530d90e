import { type Selectable, sql } from 'kysely';
import type { Alert, Broadcast, Priority } from '../../core/model/alert.ts';
import type { Notice } from '../../core/model/link.ts';
import type { AlertTable, BroadcastTable, NoticeTable } from '../../core/ports/store.ts';
import { DELIVERY_COLUMNS, deliveryValues } from './outbox/fill-job.ts';
import { enterBacklog, expectMessage } from './outbox/peek.ts';
import type { Schema } from './schema.ts';
import type { Session } from './session.ts';
import { OP, among, flag, json, kept, level, levelNo, named, plain, priorityNo, priorityOf } from './values.ts';

export function alertTable(session: Session): AlertTable {
  const withIncidents = async (rows: Selectable<Schema['alerts']>[]): Promise<Alert[]> => {
    if (rows.length === 0) return [];
    const carried = await session.db
      .selectFrom('alert_incidents')
      .selectAll()
      .where(
        among(
          session.dialect,
          'alert_no',
          'int',
          rows.map((row) => row.no),
        ),
      )
      .orderBy('pos')
      .execute();
    const byAlert = Map.groupBy(carried, (row) => row.alert_no);
    return rows.map((row) => alertOf(row, byAlert.get(row.no) ?? []));
  };
  const add = (inner: Session, alertNo: number, incidentId: string, addedAt: number) =>
    inner.db
      .insertInto('alert_incidents')
      .values({
        alert_no: alertNo,
        incident_id: incidentId,
        pos: sql<number>`(select coalesce(max(pos), 0) + 1 from alert_incidents where alert_no = ${alertNo})`,
        added_at: addedAt,
      })
      .onConflict((on) => on.doNothing())
      .execute();

  return {
    async get(id) {
      const rows = await session.db.selectFrom('alerts').selectAll().where('id', '=', id).execute();
      return (await withIncidents(rows))[0] ?? null;
    },

    async getMany(ids) {
      if (ids.length === 0) return [];
      const rows = await session.db
        .selectFrom('alerts')
        .selectAll()
        .where(among(session.dialect, 'id', 'text', ids))
        .execute();
      const byId = new Map((await withIncidents(rows)).map((alert) => [alert.id, alert]));
      return [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
    },

    async byIncident(incidentId) {
      const rows = await session.db
        .selectFrom('alerts')
        .innerJoin('alert_incidents', 'alert_incidents.alert_no', 'alerts.no')
        .selectAll('alerts')
        .where('alert_incidents.incident_id', '=', incidentId)
        .orderBy('alerts.no')
        .execute();
      return withIncidents(rows);
    },

    async insert(alert) {
      await session.atomically(async (inner) => {
        const { no } = await inner.db
          .insertInto('alerts')
          .values(alertRows.write(alert))
          .returning('no')
          .executeTakeFirstOrThrow();
        for (const { incidentId, addedAt } of alert.incidents) await add(inner, no, incidentId, addedAt);
      });
    },

    async addIncident(alertId, incidentId, addedAt) {
      await session.atomically(async (inner) => {
        const alert = await inner.db.selectFrom('alerts').select('no').where('id', '=', alertId).executeTakeFirst();
        if (alert) await add(inner, alert.no, incidentId, addedAt);
      });
    },

    async update({ id, notifiedAt, widenRepliedAt }) {
      await session.db
        .updateTable('alerts')
        .set(alertRows.write({ notifiedAt, widenRepliedAt }))
        .where('id', '=', id)
        .execute();
    },
  };
}

const alertRows = kept<'alerts', Omit<Alert, 'incidents'>>('alerts', { no: null, level, told_at: named('notifiedAt') });

const alertOf = (row: object, carried: { incident_id: string; added_at: number }[]): Alert => ({
  ...alertRows.read(row),
  incidents: carried.map(({ incident_id, added_at }) => ({ incidentId: incident_id, addedAt: added_at })),
});

/** Word for word the condition of the partial index. */
const unfinished = sql<boolean>`broadcasts.state <> 'done'`;

export function broadcastTable(session: Session): BroadcastTable {
  const joined = () =>
    session.db
      .selectFrom('broadcasts')
      .innerJoin('alerts', 'alerts.no', 'broadcasts.alert_no')
      .selectAll('broadcasts')
      .select('alerts.id as alert_id');

  return {
    async get(id) {
      const row = await joined().where('broadcasts.id', '=', id).executeTakeFirst();
      return row ? broadcastOf(row) : null;
    },

    async insert(broadcast) {
      const alert_no = sql<number>`(select no from alerts where id = ${broadcast.alertId})`;
      await session.db
        .insertInto('broadcasts')
        .values({ ...broadcastRows.write(broadcast), alert_no })
        .execute();
    },

    async update({ id, incidentIds, kind, loud, reason, priority, dueAt, phase, cursor, state }) {
      const row = broadcastRows.write({ incidentIds, kind, loud, reason, priority, dueAt, phase, cursor, state });
      await session.db.updateTable('broadcasts').set(row).where('id', '=', id).execute();
    },

    async pendingNew(country, atLevel, state) {
      const rows = await joined()
        .where(unfinished)
        .where('broadcasts.state', '=', state)
        .where('broadcasts.kind', '=', 'new')
        .where('alerts.country', country === null ? 'is' : '=', country)
        .where('alerts.level', '=', levelNo(atLevel))
        .orderBy('broadcasts.no')
        .execute();
      return rows.map(broadcastOf);
    },

    async byAlert(alertId) {
      const rows = await joined().where('alerts.id', '=', alertId).orderBy('broadcasts.no', 'desc').limit(50).execute();
      return rows.map(broadcastOf);
    },

    async due(now, limit) {
      const rows = await joined()
        .where(unfinished)
        .where('broadcasts.due_at', '<=', now)
        .orderBy('broadcasts.lane')
        .orderBy('broadcasts.no')
        .limit(limit)
        .execute();
      return rows.map(broadcastOf);
    },

    async nextDueAt() {
      const row = await session.db
        .selectFrom('broadcasts')
        .select('due_at')
        .where(unfinished)
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst();
      return row?.due_at ?? null;
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

    toAll: (id, notice, now) =>
      session.atomically(
        async (inner) =>
          (await insertNotice(inner, id, notice, { priority: 'digest', now, state: 'waiting' })) !== null,
      ),

    async getMany(alertIds) {
      if (alertIds.length === 0) return new Map();
      const rows = await session.db
        .selectFrom('notices')
        .innerJoin('alerts', 'alerts.no', 'notices.alert_no')
        .select(['alerts.id as id', 'notices.notice as notice'])
        .where(among(session.dialect, 'alerts.id', 'text', alertIds))
        .execute();
      return new Map(rows.map(({ id, notice }) => [id, JSON.parse(notice) as Notice]));
    },
  };
}

/** Null: this id was there. Else the numbers of its alert and broadcast. */
export async function insertNotice(
  session: Session,
  id: string,
  notice: Notice,
  { priority, now, state }: { priority: Priority; now: number; state: Broadcast['state'] },
): Promise<{ alertNo: number; broadcastNo: number } | null> {
  if (await alertTable(session).get(id)) return null;
  const times = { createdAt: now, notifiedAt: now, widenRepliedAt: null };
  await alertTable(session).insert({ id, country: null, level: 'early', ...times, incidents: [] });
  const { no: alertNo } = await session.db
    .selectFrom('alerts')
    .select('no')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const text = plain(JSON.stringify(notice));
  await session.db.insertInto('notices').values({ alert_no: alertNo, notice: text }).execute();
  const broadcastNo = await insertBroadcast(session, { id, alertId: id, priority, now, state });
  return { alertNo, broadcastNo };
}

/** Of a notice; returns its number. */
export async function insertBroadcast(
  session: Session,
  one: { id: string; alertId: string; priority: Priority; now: number; state: Broadcast['state'] },
): Promise<number> {
  await broadcastTable(session).insert({
    id: one.id,
    alertId: one.alertId,
    kind: 'announce',
    loud: false,
    reason: 'opened',
    incidentIds: [],
    priority: one.priority,
    createdAt: one.now,
    dueAt: one.now,
    phase: 'others',
    cursor: 0,
    state: one.state,
  });
  const { no } = await session.db
    .selectFrom('broadcasts')
    .select('no')
    .where('id', '=', one.id)
    .executeTakeFirstOrThrow();
  return no;
}

/** One notice for some chats; the same id again changes nothing. Returns how many were queued. */
export async function tellNotice(
  session: Session,
  id: string,
  notice: Notice,
  { chatIds, priority, now }: { chatIds: readonly number[]; priority: Priority; now: number },
): Promise<number> {
  const made = await insertNotice(session, id, notice, { priority, now, state: 'done' });
  return made ? queueNotice(session, { ...made, op: OP.send, chatIds, priority, now }) : 0;
}

/** A piece of a notice for each of these chats that is active. */
export async function queueNotice(
  session: Session,
  one: {
    alertNo: number;
    broadcastNo: number;
    op: number;
    chatIds: readonly number[];
    priority: Priority;
    now: number;
  },
): Promise<number> {
  const { alertNo, broadcastNo, op, now } = one;
  const job = { alertNo, broadcastNo, priority: priorityNo(one.priority), now };
  const { rows } = await sql<{ chat_id: number; account_id: string }>`
    insert into deliveries ${DELIVERY_COLUMNS} select ${deliveryValues(job, op, sql`c.id`, sql`c.account_id`)} from chats as c where ${among(session.dialect, 'c.id', 'int', [...one.chatIds])} and c.state = 'active' order by c.id
    on conflict (id) do nothing returning chat_id, account_id
  `.execute(session.db);
  for (const { account_id } of rows) await enterBacklog(session, { broadcast_no: broadcastNo, account_id }, now);
  for (const { chat_id } of op === OP.send ? rows : []) await expectMessage(session, alertNo, chat_id);
  return rows.length;
}
