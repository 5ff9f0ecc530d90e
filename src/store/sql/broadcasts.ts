import { type Selectable, sql } from 'kysely';
import type { Broadcast, BroadcastKind } from '../../core/model/alert.ts';
import type { ChangeKind } from '../../core/model/incident.ts';
import type { BroadcastTable } from '../../core/ports/store.ts';
import { levelNo, priorityNo, priorityOf } from './codes.ts';
import type { BroadcastRow } from './schema.ts';
import type { Session } from './session.ts';

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
      await session.db
        .insertInto('broadcasts')
        .values({
          id: broadcast.id,
          alert_no: sql<number>`(select no from alerts where id = ${broadcast.alertId})`,
          created_at: broadcast.createdAt,
          ...changeable(broadcast),
        })
        .execute();
    },

    async update(broadcast) {
      await session.db.updateTable('broadcasts').set(changeable(broadcast)).where('id', '=', broadcast.id).execute();
    },

    async waitingNew(country, level) {
      const row = await joined()
        .where(unfinished)
        .where('broadcasts.state', '=', 'waiting')
        .where('broadcasts.kind', '=', 'new')
        .where('alerts.country', country === null ? 'is' : '=', country)
        .where('alerts.level', '=', levelNo(level))
        .orderBy('broadcasts.no')
        .limit(1)
        .executeTakeFirst();
      return row ? broadcastOf(row) : null;
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

const changeable = (broadcast: Broadcast) => ({
  kind: broadcast.kind,
  loud: broadcast.loud ? 1 : 0,
  reason: broadcast.reason,
  incident_ids: JSON.stringify(broadcast.incidentIds),
  lane: priorityNo(broadcast.priority),
  due_at: broadcast.dueAt,
  phase: broadcast.phase,
  cursor: broadcast.cursor,
  state: broadcast.state,
});

const broadcastOf = (row: Selectable<BroadcastRow> & { alert_id: string }): Broadcast => ({
  id: row.id,
  alertId: row.alert_id,
  kind: row.kind as BroadcastKind,
  loud: row.loud === 1,
  reason: row.reason as ChangeKind,
  incidentIds: JSON.parse(row.incident_ids),
  priority: priorityOf(row.lane),
  createdAt: row.created_at,
  dueAt: row.due_at,
  phase: row.phase as Broadcast['phase'],
  cursor: row.cursor,
  state: row.state as Broadcast['state'],
});
