import { sql } from 'kysely';
import type { Migration } from '../session.ts';

/** Who published a report, beside whom it credits: whatever a publisher credits, it is one outlet. Null: older than the column, or no news. */
export const publishers: Migration = async (db) => {
  await sql`alter table reports add column publisher text`.execute(db);
};
