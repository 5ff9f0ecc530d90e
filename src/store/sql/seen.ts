import { sql } from 'kysely';
import type { SeenTable } from '../../core/ports/store.ts';
import { among, int, rowsOf, text } from './lists.ts';
import type { Session } from './session.ts';

/** A time younger than this is not written anew: feeds are polled every few minutes, kept for months. */
const REFRESH = 12 * 3_600_000;
/** Rows that `bound` deletes at a time. */
const FORGOTTEN = 1_000;

export function seenTable(session: Session): SeenTable {
  const { dialect } = session;
  return {
    async known(sourceId, keys) {
      if (keys.length === 0) return new Set();
      const { rows } = await sql<{ key: string }>`
        select key from seen where source_id = ${sourceId} and ${among(dialect, 'key', 'text', keys)}
      `.execute(session.db);
      return new Set(rows.map((row) => row.key));
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
      const count = await sql<{ n: number }>`select count(*) as n from seen where source_id = ${sourceId}`.execute(
        session.db,
      );
      const n = Number(count.rows[0]!.n);
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
