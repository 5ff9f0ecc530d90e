import { type Selectable, sql } from 'kysely';
import type { Alert } from '../../core/model/alert.ts';
import type { AlertTable } from '../../core/ports/store.ts';
import { levelNo, levelOf } from './codes.ts';
import { among } from './lists.ts';
import type { AlertRow } from './schema.ts';
import type { Session } from './session.ts';

export function alertTable(session: Session): AlertTable {
  const withIncidents = async (rows: Selectable<AlertRow>[]): Promise<Alert[]> => {
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
          .values({
            id: alert.id,
            country: alert.country,
            level: levelNo(alert.level),
            created_at: alert.createdAt,
            told_at: alert.notifiedAt,
            widen_replied_at: alert.widenRepliedAt,
          })
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

    async update(alert) {
      await session.db
        .updateTable('alerts')
        .set({ told_at: alert.notifiedAt, widen_replied_at: alert.widenRepliedAt })
        .where('id', '=', alert.id)
        .execute();
    },
  };
}

const alertOf = (row: Selectable<AlertRow>, carried: { incident_id: string; added_at: number }[]): Alert => ({
  id: row.id,
  country: row.country,
  level: levelOf(row.level),
  createdAt: row.created_at,
  notifiedAt: row.told_at,
  widenRepliedAt: row.widen_replied_at,
  incidents: carried.map(({ incident_id, added_at }) => ({ incidentId: incident_id, addedAt: added_at })),
});
