import { readdirSync, readFileSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { TocsinError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/runtime.ts';
import WORDS from './migrations/words.json' with { type: 'json' };
import type { Schema } from './schema.ts';
import type { DialectName, Migration } from './session.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/**
 * The statements of a migration's file for one dialect: words of `words.json` are replaced, `-- @sqlite`, `-- @postgres`, `-- @both` say for whom the next are. Ids are
 * never given twice, also after rows are deleted: a late settlement must not meet a stranger's row. Texts are in byte order, so that both dialects sort alike.
 * Indexes of SQLite end in the row's id anyway.
 */
function statementsOf(text: string, dialect: DialectName): string[] {
  const parts = text.split(/^-- @(\w+)$/m);
  const meant = parts.filter((_, i) => i % 2 === 0 && ['both', dialect].includes(parts[i - 1] ?? 'both'));
  return meant
    .join('')
    .replace(/^--.*$/gm, '')
    .split(';')
    .map((one) =>
      one
        .trim()
        .replace(
          /\b(serial|int|text|plaintext|rowless|by_id)\b/g,
          (word) => WORDS[dialect][word as keyof (typeof WORDS)['sqlite']],
        ),
    )
    .filter(Boolean);
}

const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sql'))
  .sort();

/** In order: the number of a migration is its place here, counted from 1, and stands in its file's name. */
export const migrations: readonly Migration[] = files.map((name) => async (db, dialect) => {
  for (const one of statementsOf(readFileSync(new URL(name, FOLDER), 'utf8'), dialect)) await sql.raw(one).execute(db);
});

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
      await sql`
        insert into meta (key, value) values ('schema', ${String(version + 1)}) on conflict (key) do update set value = excluded.value
      `.execute(trx);
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
  const older = 'The database is of an older version: run "tocsin start" once, which migrates it.';
  if (version < SCHEMA_VERSION)
    throw new TocsinError('store_failed', older, { reason: 'not migrated', found: version, known: SCHEMA_VERSION });
}

function assertNotNewer(found: number, known: number): void {
  if (found <= known) return;
  throw new TocsinError(
    'store_newer',
    `The database is of a newer version (schema ${found}) than this Tocsin knows (${known}): run the newer Tocsin again, or "tocsin backup" with it and "tocsin restore" into an older one's empty database where both know the format.`,
    { found, known },
  );
}

async function versionOf(db: Kysely<Schema>): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'schema').executeTakeFirst();
  return row ? Number(row.value) : 0;
}
