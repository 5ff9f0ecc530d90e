import { type Expression, type SqlBool, sql } from 'kysely';
import type { Family, Incident, Transition } from '../../core/model/incident.ts';
import type { IncidentTable } from '../../core/ports/store.ts';
import type { Session } from './session.ts';
import { among, flag, json, kept, optional } from './values.ts';

/** Literals, not parameters: only so do both planners see that a partial index answers. */
const OPEN = sql.lit(1);
const CLOSED = sql.lit(0);

export function incidentTable(session: Session): IncidentTable {
  const keyed = (country: string | null, service: string | null, family: Family) =>
    session.db
      .selectFrom('incidents')
      .selectAll()
      .where('country', country === null ? 'is' : '=', country)
      .where('service', service === null ? 'is' : '=', service)
      .where('family', '=', family);

  return {
    async get(id) {
      const row = await session.db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? incidents.read(row) : null;
    },

    async getMany(ids) {
      if (ids.length === 0) return [];
      const rows = await session.db
        .selectFrom('incidents')
        .selectAll()
        .where(among(session.dialect, 'id', 'text', ids))
        .execute();
      const byId = new Map(rows.map((row) => [row.id, incidents.read(row)]));
      return [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
    },

    async openByKey(country, service, family) {
      const row = await keyed(country, service, family)
        .where('open', '=', OPEN)
        .orderBy(sql`case when regions = '[]' then 0 else 1 end`)
        .orderBy('changed_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? incidents.read(row) : null;
    },

    async lastClosed(country, service, family, since) {
      const row = await keyed(country, service, family)
        .where('open', '=', CLOSED)
        .where('changed_at', '>=', since)
        .orderBy('changed_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? incidents.read(row) : null;
    },

    async list(filter) {
      const { country, service, family, open, since } = filter;
      const rows = await session.db
        .selectFrom('incidents')
        .selectAll()
        .where((eb) => {
          const parts: Expression<SqlBool>[] = [];
          if (country !== undefined) parts.push(eb('country', country === null ? 'is' : '=', country));
          if (service !== undefined) parts.push(eb('service', service === null ? 'is' : '=', service));
          if (family !== undefined) parts.push(eb('family', '=', family));
          if (open !== undefined) parts.push(eb('open', '=', open ? OPEN : CLOSED));
          if (since !== undefined) parts.push(eb('changed_at', '>=', since));
          return eb.and(parts);
        })
        // A sum has no index: where a time or openness narrows the rows, that index serves, and few rows are sorted.
        .orderBy(since === undefined && open !== true ? 'last_report_at' : sql`last_report_at + 0`, 'desc')
        .orderBy('id', 'desc')
        .limit(filter.limit)
        .execute();
      return rows.map(incidents.read);
    },

    async insert(incident) {
      await session.db.insertInto('incidents').values(rowOf(incident)).execute();
    },

    async update(incident) {
      const { id, ...row } = rowOf(incident);
      await session.db.updateTable('incidents').set(row).where('id', '=', id).execute();
    },

    async addTransition(transition) {
      const { incidentId } = transition;
      const seq = sql<number>`(select coalesce(max(seq), 0) + 1 from transitions where incident_id = ${incidentId})`;
      await session.db
        .insertInto('transitions')
        .values({ ...transitions.write(transition), seq })
        .execute();
    },

    async transitions(incidentId) {
      const rows = await session.db
        .selectFrom('transitions')
        .selectAll()
        .where('incident_id', '=', incidentId)
        .orderBy('seq')
        .execute();
      return rows.map(transitions.read);
    },

    async transitionsOf(incidentIds) {
      if (incidentIds.length === 0) return new Map();
      const rows = await session.db
        .selectFrom('transitions')
        .selectAll()
        .where(among(session.dialect, 'incident_id', 'text', incidentIds))
        .orderBy('incident_id')
        .orderBy('seq')
        .execute();
      return Map.groupBy(rows.map(transitions.read), (one) => one.incidentId);
    },
  };
}

const incidents = kept<'incidents', Incident>('incidents', {
  regions: json,
  standing: optional(json),
  part: optional(),
  open: flag,
  changed_at: null,
});
const transitions = kept<'transitions', Transition>('transitions', {});

/** `changed_at`: latest of opened, closed and last reported on. */
const rowOf = (incident: Incident) =>
  incidents.write(incident, {
    changed_at: Math.max(incident.openedAt, incident.closedAt ?? 0, incident.lastReportAt),
  });
