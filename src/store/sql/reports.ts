import type { Action, Method } from '../../core/model/action.ts';
import type { Report, ReportKind } from '../../core/model/report.ts';
import type { ReportTable } from '../../core/ports/store.ts';
import { among } from './lists.ts';
import type { ReportRow } from './schema.ts';
import type { Session } from './session.ts';

export function reportTable(session: Session): ReportTable {
  return {
    async insert(incidentId, report, fingerprint) {
      await session.db
        .insertInto('reports')
        .values(rowOf(incidentId, report, fingerprint))
        .execute();
    },

    async byIncident(incidentId, limit) {
      const rows = await session.db
        .selectFrom('reports')
        .selectAll()
        .where('incident_id', '=', incidentId)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(reportOf);
    },

    async incidentsOfItem(itemId) {
      const rows = await session.db
        .selectFrom('reports')
        .select('incident_id')
        .distinct()
        .where('item_id', '=', itemId)
        .where('secondary', '=', 0)
        .orderBy('incident_id')
        .execute();
      return rows.map((row) => row.incident_id);
    },

    async countByIncident(ids) {
      if (ids.length === 0) return new Map();
      const rows = await session.db
        .selectFrom('reports')
        .select((eb) => ['incident_id', eb.fn.countAll<number>().as('count')])
        .where(among(session.dialect, 'incident_id', 'text', ids))
        .groupBy('incident_id')
        .execute();
      return new Map(rows.map((row) => [row.incident_id, row.count]));
    },
  };
}

const rowOf = (incidentId: string, report: Report, fingerprint: number[]): ReportRow => ({
  incident_id: incidentId,
  id: report.id,
  source_id: report.sourceId,
  item_id: report.itemId,
  at: report.at,
  country: report.country,
  service: report.service,
  action: report.action,
  method: report.method,
  region: report.region,
  secondary: report.secondary ? 1 : 0,
  kind: report.kind,
  voice: report.voice,
  publisher: report.publisher ?? null,
  reading: report.confidence === undefined ? null : Math.round(report.confidence * 1000),
  title: report.title,
  url: report.url,
  publisher_name: report.publisherName,
  lang: report.lang,
  summary: report.summary,
  measured: report.measured === null ? null : JSON.stringify(report.measured),
  fingerprint: JSON.stringify(fingerprint),
});

const reportOf = (row: ReportRow): Report & { fingerprint: number[] } => ({
  id: row.id,
  sourceId: row.source_id,
  itemId: row.item_id,
  at: row.at,
  country: row.country,
  service: row.service,
  action: row.action as Action,
  method: row.method as Method | null,
  region: row.region,
  secondary: row.secondary === 1,
  kind: row.kind as ReportKind,
  voice: row.voice,
  ...(row.publisher === null ? {} : { publisher: row.publisher }),
  ...(row.reading === null ? {} : { confidence: row.reading / 1000 }),
  title: row.title,
  url: row.url,
  publisherName: row.publisher_name,
  lang: row.lang,
  summary: row.summary,
  measured: row.measured === null ? null : JSON.parse(row.measured),
  fingerprint: JSON.parse(row.fingerprint),
});
