import { sql } from 'kysely';
import type { Session } from './session.ts';

/** Means nothing to SQLite; our driver (`sqlite-driver.ts`) takes it as said below. */
export const COMMIT_LATER = 'pragma tocsin_commit_later';

/**
 * The open transaction need not be on the disk when it is committed: what is committed after it takes it along, in order. Until then a loss
 * of power (no kill does) undoes it, so it is for work that is begun anew then, and that nobody outside has heard of.
 */
export async function commitLater({ dialect, db }: Session): Promise<void> {
  await sql.raw(dialect === 'sqlite' ? COMMIT_LATER : 'set local synchronous_commit = off').execute(db);
}
