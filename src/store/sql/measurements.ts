import type { Expression, SqlBool } from 'kysely';
import type { Measurement } from '../../core/model/measurement.ts';
import type { MeasurementTable } from '../../core/ports/store.ts';
import type { MeasurementRow } from './schema.ts';
import type { Session } from './session.ts';

export function measurementTable(session: Session): MeasurementTable {
  return {
    async add(measurement) {
      const result = await session.db
        .insertInto('measurements')
        .values(rowOf(measurement))
        .onConflict((on) => on.column('id').doNothing())
        .executeTakeFirst();
      return Number(result.numInsertedOrUpdatedRows) > 0;
    },

    async recent({ target, vantageId, country, notKind, since, limit }) {
      const rows = await session.db
        .selectFrom('measurements')
        .selectAll()
        .where((eb) => {
          const parts: Expression<SqlBool>[] = [eb('at', '>=', since)];
          if (target !== undefined) parts.push(eb('target', '=', target));
          if (vantageId !== undefined) parts.push(eb('vantage_id', '=', vantageId));
          if (country !== undefined) parts.push(eb('probe_cc', '=', country));
          if (notKind !== undefined) parts.push(eb('kind', '!=', notKind));
          return eb.and(parts);
        })
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(measurementOf);
    },
  };
}

const rowOf = (measurement: Measurement): MeasurementRow => ({
  id: measurement.id,
  source_id: measurement.sourceId,
  kind: measurement.kind,
  at: measurement.at,
  probe_cc: measurement.probeCc,
  probe_asn: measurement.probeAsn,
  vantage_id: measurement.vantageId,
  target: measurement.target,
  component: measurement.component,
  verdict: measurement.verdict,
  detail: measurement.detail,
  notes: JSON.stringify(measurement.notes),
  raw: JSON.stringify(measurement.raw ?? null),
});

const measurementOf = (row: MeasurementRow): Measurement => ({
  id: row.id,
  sourceId: row.source_id,
  kind: row.kind,
  at: row.at,
  probeCc: row.probe_cc,
  probeAsn: row.probe_asn,
  vantageId: row.vantage_id,
  target: row.target,
  component: row.component,
  verdict: row.verdict,
  detail: row.detail,
  notes: JSON.parse(row.notes),
  raw: JSON.parse(row.raw),
});
