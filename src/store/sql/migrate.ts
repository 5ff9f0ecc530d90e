import { type Kysely, sql } from 'kysely';
import { TocsinError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { ground } from './migrations/0001-ground.ts';
import { threads } from './migrations/0002-threads.ts';
import { publishers } from './migrations/0003-publishers.ts';
import { orderOfFollowing } from './migrations/0004-order-of-following.ts';
import { readings } from './migrations/0005-readings.ts';
import { owedAnswers } from './migrations/0006-owed-answers.ts';
import { settings } from './migrations/0007-settings.ts';
import { pairs } from './migrations/0008-pairs.ts';
import { leases } from './migrations/0009-leases.ts';
import { keptRows } from './migrations/0010-kept-rows.ts';
import { answers } from './migrations/0011-answers.ts';
import type { Schema } from './schema.ts';
import type { DialectName, Migration } from './session.ts';

/** In order: the number of a migration is its place here, counted from 1. */
export const migrations: readonly Migration[] = [
  ground,
  threads,
  publishers,
  orderOfFollowing,
  readings,
  owedAnswers,
  settings,
  pairs,
  leases,
  keptRows,
  answers,
];

export const SCHEMA_VERSION = migrations.length;

/** Some number that means "Tocsin migrates" among PostgreSQL's advisory locks. */
const MIGRATION_LOCK = 7_239_001;

/**
 * Brings the database to this program's schema, one transaction a step; 0 = an empty database. Throws `store_newer` when a newer
 * program has been here.
 */
export async function migrate(
  dialect: DialectName,
  db: Kysely<Schema>,
  log: Log,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  await sql`create table if not exists meta (key text primary key, value text not null)`.execute(db);
  const before = await versionOf(db);
  for (;;) {
    const version = await versionOf(db);
    assertNotNewer(version, steps.length);
    const step = steps[version];
    if (!step) {
      // A new database has nothing to be logged.
      if (before > 0 && version > before) log.info('Migrated the database', { from: before, to: version });
      return;
    }
    await db.transaction().execute(async (trx) => {
      if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(trx);
      if ((await versionOf(trx)) !== version) return;
      await step(trx, dialect);
      await trx
        .insertInto('meta')
        .values({ key: 'schema', value: String(version + 1) })
        .onConflict((on) => on.column('key').doUpdateSet({ value: String(version + 1) }))
        .execute();
    });
  }
}

/** For those who only read: the schema must be this program's. */
export async function assertCurrent(db: Kysely<Schema>): Promise<void> {
  const version = await versionOf(db).catch((error: unknown) => {
    // Without its table Tocsin has not been there yet; a server that does not answer must not look the same.
    const detail = error instanceof TocsinError ? error.facts.detail : null;
    if (detail === '42P01' || detail === 1) return 0;
    throw error;
  });
  assertNotNewer(version, SCHEMA_VERSION);
  if (version < SCHEMA_VERSION)
    throw new TocsinError(
      'store_failed',
      'The database is of an older version: run "tocsin start" once, which migrates it.',
      {
        reason: 'not migrated',
        found: version,
        known: SCHEMA_VERSION,
      },
    );
}

function assertNotNewer(found: number, known: number): void {
  if (found <= known) return;
  throw new TocsinError(
    'store_newer',
    `The database is of a newer version (schema ${found}) than this Tocsin knows (${known}): run the newer Tocsin again, or "tocsin export" with it and "tocsin import" into an older one's empty database where both know the format.`,
    { found, known },
  );
}

async function versionOf(db: Kysely<Schema>): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'schema').executeTakeFirst();
  return row ? Number(row.value) : 0;
}
