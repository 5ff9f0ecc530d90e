import { type RawBuilder, sql } from 'kysely';
import { TocsinError } from '../../core/errors.ts';
import type { Measurement } from '../../core/model/measurement.ts';
import type { Report } from '../../core/model/report.ts';
import type { MeasurementTable, PostTable, ReportTable, SeenTable } from '../../core/ports/store.ts';
import { changed, count, insert, remove, select, update } from './rows.ts';
import type { Session } from './session.ts';
import { among, flag, int, json, kept, named, optional, rowsOf, text } from './values.ts';

export function reportTable(session: Session): ReportTable {
  return {
    async insert(incidentId, report, fingerprint) {
      await insert(session, 'reports', reports.write({ ...report, fingerprint }, { incident_id: incidentId }));
    },

    async byIncident(incidentId, limit) {
      const of = { incident_id: incidentId, taken_back: null };
      const newest = sql`order by at desc, id desc`;
      const rows = await select(session, 'reports', of, sql`${newest} limit ${limit + 1}`);
      const which = { ...of, id: sql`in ${fairly(incidentId, limit)}` };
      return (rows.length > limit ? await select(session, 'reports', which, newest) : rows).map(reports.read);
    },

    async compact(incidentId, sourceId, keep) {
      const result = await sql`
        with said as (
          select id, at, row_number() over (order by at desc, id desc) as newest,
            row_number() over (partition by voice, publisher, action order by at, id) as first
          from reports where incident_id = ${incidentId} and source_id = ${sourceId}
        ), older as (
          select id, first, row_number() over (partition by case when first = 1 then 1 else 0 end order by at desc, id desc) as place
          from said where newest > ${keep}
        )
        delete from reports where incident_id = ${incidentId}
        and id in (select id from older where first > 1 or place > ${FIRSTS * keep})
        and id not in (select report_id from transitions where incident_id = ${incidentId} and report_id is not null)
      `.execute(session.db);
      return changed(result);
    },

    async revoice(incidentId, said, voice) {
      const which = { incident_id: incidentId, source_id: said.sourceId, voice: said.voice };
      await update(session, 'reports', { voice }, which);
    },

    async ofItems(sourceId, items) {
      const { rows } = await sql<{ incident_id: string; id: string }>`
        select incident_id, id from reports where ${among(session.dialect, 'item_id', 'text', items)} and item_id is not null
        and source_id = ${sourceId} and taken_back is null order by incident_id, id
      `.execute(session.db);
      const ids = new Map<string, string[]>();
      for (const { incident_id, id } of rows) ids.set(incident_id, [...(ids.get(incident_id) ?? []), id]);
      return ids;
    },

    async saidBy(sourceId, publisher, since) {
      const { rows } = await sql<{ incident_id: string }>`
        select r.* from incidents as i join reports as r on r.incident_id = i.id
        where i.changed_at >= ${since} and r.at >= ${since} and r.source_id = ${sourceId}
        and (r.publisher = ${publisher} or r.voice = ${`authority:${publisher}`}) and r.taken_back is null
        order by r.at desc, r.id desc limit 500
      `.execute(session.db);
      return rows.map((row) => ({ incidentId: row.incident_id, report: reports.read(row) }));
    },

    async takeBack(incidentId, reportIds, at) {
      await update(session, 'reports', { taken_back: at }, { incident_id: incidentId, id: reportIds });
    },

    async incidentsOfItem(itemId) {
      const { rows } = await sql<{ incident_id: string }>`
        select distinct incident_id from reports where item_id = ${itemId} and secondary = 0 order by incident_id
      `.execute(session.db);
      return rows.map((row) => row.incident_id);
    },

    async itemsOf(incidentId, limit) {
      const { rows } = await sql<{ item_id: string | null }>`
        select item_id from reports where incident_id = ${incidentId} and taken_back is null order by at desc, id desc limit ${limit}
      `.execute(session.db);
      return [...new Set(rows.flatMap((row) => row.item_id ?? []))].reverse();
    },

    async countByIncident(ids) {
      if (ids.length === 0) return new Map();
      const { rows } = await sql<{ incident_id: string; count: number }>`
        select incident_id, count(*) as count from reports
        where taken_back is null and ${among(session.dialect, 'incident_id', 'text', ids)} group by incident_id
      `.execute(session.db);
      return new Map(rows.map((row) => [row.incident_id, row.count]));
    },
  };
}

/** So many newest reports of a voice and action stand before the older ones of all. */
const NEWEST = 3;
/** So many times more first reports than others are kept of a source with many voices. */
const FIRSTS = 4;

/**
 * Ids of as many reports as are asked for, so that nobody who says much hides another: first the newest of each voice and action, with its first,
 * in turn from each source, and then what is older.
 */
const fairly = (incidentId: string, limit: number): RawBuilder<unknown> => sql`(
  with said as (
    select id, at, source_id, row_number() over (partition by source_id, voice, publisher, action order by at desc, id desc) as newest,
      row_number() over (partition by source_id, voice, publisher, action order by at, id) as first
    from reports where incident_id = ${incidentId} and taken_back is null
  ), ranked as (
    select id, at, source_id, case when first = 1 and newest > 2 then 2 else newest end as place from said
  ), turns as (
    select id, at, case when place <= ${NEWEST} then 0 else 1 end as late,
      row_number() over (partition by source_id order by place, at desc, id desc) as turn
    from ranked
  )
  select id from turns order by late, turn, at desc, id desc limit ${limit}
)`;

type Kept = Report & { fingerprint: number[] };

const reports = kept<'reports', Kept>('reports', {
  incident_id: null,
  taken_back: optional(),
  secondary: flag,
  publisher: optional(),
  outlet: optional(json),
  // In thousandths.
  reading: optional(named('confidence', { read: (value) => value / 1000, write: (value) => Math.round(value * 1000) })),
  measured: json,
  fingerprint: json,
});

export function measurementTable(session: Session): MeasurementTable {
  return {
    async add(measurement) {
      const row = measurements.write(measurement, { raw: JSON.stringify(measurement.raw ?? null) });
      return changed(await insert(session, 'measurements', row, sql`on conflict (id) do nothing`)) > 0;
    },

    async recent({ target, vantageId, country, notKind, since, limit }) {
      const kind = notKind === undefined ? undefined : sql`!= ${notKind}`;
      const which = { at: sql`>= ${since}`, target, vantage_id: vantageId, probe_cc: country, kind };
      const rows = await select(session, 'measurements', which, sql`order by at desc, id desc limit ${limit}`);
      return rows.map(measurements.read);
    },
  };
}

const measurements = kept<'measurements', Measurement>('measurements', { notes: json, raw: json });

/** A time younger than this is not written anew: feeds are polled every few minutes, kept for months. */
const REFRESH = 12 * 3_600_000;
/** Rows that `bound` deletes at a time. */
const FORGOTTEN = 1_000;

export function seenTable(session: Session): SeenTable {
  const { dialect } = session;
  return {
    async known(sourceId, keys) {
      return new Set((await select(session, 'seen', { source_id: sourceId, key: keys })).map(({ key }) => key));
    },

    async add(sourceId, keys, at) {
      if (keys.length === 0) return;
      // One row a key: PostgreSQL refuses to update a row twice in one statement.
      const rows = [...new Set(keys)].map((key) => [key]);
      await sql`
        insert into seen (source_id, key, at)
        select ${text(sourceId)}, k.key, ${int(at)} from ${rowsOf(dialect, { key: 'text' }, rows)} as k where true
        on conflict (source_id, key) do update set at = excluded.at where excluded.at > seen.at + ${sql.lit(REFRESH)}
      `.execute(session.db);
    },

    async bound(sourceId, max, carried) {
      const n = await count(session, 'seen', { source_id: sourceId });
      if (n <= max) return null;
      const excess = Math.min(FORGOTTEN, n - Math.floor(max * 0.9));
      const spared = carried.length === 0 ? sql`` : sql`and not (${among(dialect, 'key', 'text', carried)})`;
      const { rows } = await sql<{ at: number }>`
        delete from seen where source_id = ${sourceId} and key in (
          select key from seen where source_id = ${sourceId} ${spared} order by at, key limit ${excess}
        ) returning at
      `.execute(session.db);
      return rows.length === 0 ? null : rows.reduce((newest, { at }) => Math.max(newest, Number(at)), 0);
    },
  };
}

/** A post, bytes of JSON. */
const MAX_POST = 1_048_576;
/** Posts of one lane that wait for a process that takes them: whoever posts tries again later. */
const MAX_WAITING = 200;

export const postTable = (session: Session): PostTable => ({
  async put(lane, post, at) {
    const text = JSON.stringify(post) ?? 'null';
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_POST)
      throw new TocsinError('internal', `A post of ${bytes} bytes: at most ${MAX_POST} are passed on.`, { bytes });
    if ((await count(session, 'posts', { lane })) >= MAX_WAITING)
      throw new TocsinError('store_failed', `More than ${MAX_WAITING} posts wait: no process takes them.`, { lane });
    await insert(session, 'posts', { lane, post: text, at });
  },

  async oldest(limit) {
    const rows = await select(session, 'posts', {}, sql`order by id limit ${limit}`);
    return rows.map(({ id, lane, post, at }) => ({ id, lane, post: JSON.parse(post) as unknown, at }));
  },

  async done(ids) {
    await remove(session, 'posts', { id: ids });
  },
});
