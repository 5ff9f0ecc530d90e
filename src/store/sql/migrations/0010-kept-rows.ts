import { sql } from 'kysely';
import type { Migration } from '../session.ts';

/** Rows that are never part of an export (`core/ports/state.ts`): names as JSON, values in Base64. */
export const keptRows: Migration = async (db, dialect) => {
  const text = sql.raw(dialect === 'sqlite' ? 'text' : 'text collate "C"');
  const rowless = sql.raw(dialect === 'sqlite' ? 'without rowid' : '');
  await sql`
    create table kept_rows (
      namespace ${text} not null, bucket ${text} not null, key ${text} not null, value ${text} not null, primary key (namespace, bucket, key)
    ) ${rowless}`.execute(db);
};
