import { sql } from 'kysely';
import type { Migration } from '../session.ts';

/** How likely the reading of a report's text is right, in thousandths. Null: older than the column, or no reading (a measurement). */
export const readings: Migration = async (db) => {
  await sql`alter table reports add column reading integer`.execute(db);
};
