import { type Expression, type SqlBool, sql } from 'kysely';
import type {
  Action,
  ChangeKind,
  Confidence,
  Family,
  Incident,
  IncidentState,
  Method,
  Part,
  Transition,
} from '../../core/model/incident.ts';
import type { IncidentTable } from '../../core/ports/store.ts';
import type { IncidentRow, TransitionRow } from './schema.ts';
import type { Session } from './session.ts';
import { among } from './values.ts';

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
      return row ? incidentOf(row) : null;
    },

    async getMany(ids) {
      if (ids.length === 0) return [];
      const rows = await session.db
        .selectFrom('incidents')
        .selectAll()
        .where(among(session.dialect, 'id', 'text', ids))
        .execute();
      const byId = new Map(rows.map((row) => [row.id, incidentOf(row)]));
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
      return row ? incidentOf(row) : null;
    },

    async lastClosed(country, service, family, since) {
      const row = await keyed(country, service, family)
        .where('open', '=', CLOSED)
        .where('changed_at', '>=', since)
        .orderBy('changed_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? incidentOf(row) : null;
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
      return rows.map(incidentOf);
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
      await session.db
        .insertInto('transitions')
        .values({
          incident_id: incidentId,
          seq: sql<number>`(select coalesce(max(seq), 0) + 1 from transitions where incident_id = ${incidentId})`,
          at: transition.at,
          change: transition.change,
          action: transition.action,
          state: transition.state,
          confidence: transition.confidence,
          method: transition.method,
          report_id: transition.reportId,
        })
        .execute();
    },

    async transitions(incidentId) {
      const rows = await session.db
        .selectFrom('transitions')
        .selectAll()
        .where('incident_id', '=', incidentId)
        .orderBy('seq')
        .execute();
      return rows.map(transitionOf);
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
      return Map.groupBy(rows.map(transitionOf), (one) => one.incidentId);
    },
  };
}

const rowOf = (incident: Incident): IncidentRow => ({
  id: incident.id,
  country: incident.country,
  service: incident.service,
  family: incident.family,
  action: incident.action,
  state: incident.state,
  confidence: incident.confidence,
  lift_confidence: incident.liftConfidence,
  method: incident.method,
  regions: JSON.stringify(incident.regions),
  opened_at: incident.openedAt,
  corroborated_at: incident.corroboratedAt,
  confirmed_at: incident.confirmedAt,
  closed_at: incident.closedAt,
  last_report_at: incident.lastReportAt,
  linked_id: incident.linkedId,
  standing: incident.standing ? JSON.stringify(incident.standing) : null,
  part: incident.part ?? null,
  withdrawn_because: incident.withdrawnBecause,
  open: incident.open ? 1 : 0,
  version: incident.version,
  changed_at: Math.max(incident.openedAt, incident.closedAt ?? 0, incident.lastReportAt),
});

const incidentOf = (row: IncidentRow): Incident => ({
  id: row.id,
  country: row.country,
  service: row.service,
  family: row.family as Family,
  action: row.action as Action,
  state: row.state as IncidentState,
  confidence: row.confidence as Confidence,
  liftConfidence: row.lift_confidence as Confidence | null,
  method: row.method as Method | null,
  regions: JSON.parse(row.regions),
  openedAt: row.opened_at,
  corroboratedAt: row.corroborated_at,
  confirmedAt: row.confirmed_at,
  closedAt: row.closed_at,
  lastReportAt: row.last_report_at,
  linkedId: row.linked_id,
  ...(row.standing === null ? {} : { standing: JSON.parse(row.standing) }),
  ...(row.part === null ? {} : { part: row.part as Part }),
  withdrawnBecause: row.withdrawn_because,
  open: row.open === 1,
  version: row.version,
});

const transitionOf = (row: TransitionRow): Transition => ({
  incidentId: row.incident_id,
  seq: row.seq,
  at: row.at,
  change: row.change as ChangeKind,
  action: row.action as Action,
  state: row.state as IncidentState,
  confidence: row.confidence as Confidence,
  method: row.method as Method | null,
  reportId: row.report_id,
});
