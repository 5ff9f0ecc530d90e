import { type RawBuilder, sql } from 'kysely';
import type { Incident, Transition } from '../../core/model/incident.ts';
import type { IncidentTable } from '../../core/ports/store.ts';
import { type Which, first, insert, select, update } from './rows.ts';
import type { Session } from './session.ts';
import { flag, json, kept, optional } from './values.ts';

/** Literals, not parameters: only so do both planners see that a partial index answers. */
const OPEN = sql`= 1`;
const CLOSED = sql`= 0`;

export function incidentTable(session: Session): IncidentTable {
  const one = async (which: Which<'incidents'>, end?: RawBuilder<unknown>): Promise<Incident | null> => {
    const row = await first(session, 'incidents', which, end);
    return row ? incidents.read(row) : null;
  };

  return {
    get: (id) => one({ id }),

    async getMany(ids) {
      const rows = await select(session, 'incidents', { id: ids });
      const byId = new Map(rows.map((row) => [row.id, incidents.read(row)]));
      return [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
    },

    openByKey: (country, service, family) =>
      one(
        { country, service, family, open: OPEN },
        sql`order by case when regions = '[]' then 0 else 1 end, changed_at desc, id desc limit 1`,
      ),

    async list({ country, service, family, open, since, limit }) {
      const which = {
        country,
        service,
        family,
        open: open === undefined ? undefined : open ? OPEN : CLOSED,
        changed_at: since === undefined ? undefined : sql`>= ${since}`,
      };
      // A sum has no index: where a time or openness narrows the rows, that index serves, and few rows are sorted.
      const order = since === undefined && open !== true ? sql`last_report_at` : sql`last_report_at + 0`;
      const rows = await select(session, 'incidents', which, sql`order by ${order} desc, id desc limit ${limit}`);
      return rows.map(incidents.read);
    },

    async insert(incident) {
      await insert(session, 'incidents', rowOf(incident));
    },

    async update(incident) {
      const { id, ...row } = rowOf(incident);
      await update(session, 'incidents', row, { id });
    },

    async addTransition(transition) {
      const { incidentId } = transition;
      const seq = sql<number>`(select coalesce(max(seq), 0) + 1 from transitions where incident_id = ${incidentId})`;
      await insert(session, 'transitions', { ...transitions.write(transition), seq });
    },

    async transitions(incidentId) {
      const rows = await select(session, 'transitions', { incident_id: incidentId }, sql`order by seq`);
      return rows.map(transitions.read);
    },

    async transitionsOf(incidentIds) {
      const which = { incident_id: incidentIds };
      const rows = await select(session, 'transitions', which, sql`order by incident_id, seq`);
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
