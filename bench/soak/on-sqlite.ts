import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { quietLog } from '../../src/core/ports/runtime.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { migrate, migrations } from '../../src/store/sql/migrate.ts';
import type { Schema } from '../../src/store/sql/schema.ts';
import { sqliteDialect } from '../../src/store/sqlite.ts';
import { RECORD, type SoakWishes } from './play.ts';

export type Place = Pick<SoakWishes, 'database' | 'size' | 'tidy'> & { end(): Promise<void> };

/** A file that the oldest version has made: the first start of the year upgrades it. */
export async function onSqlite(within: string): Promise<Place> {
  const folder = mkdtempSync(join(within, 'soak-'));
  const database = join(folder, 'tocsin.db');
  const oldest = new Kysely<Schema>({ dialect: sqliteDialect(new DatabaseSync(database), systemClock) });
  await migrate('sqlite', oldest, quietLog, migrations.slice(0, 1));
  await oldest.destroy();
  return { database, size: () => sizeOf(database), end: async () => rmSync(folder, { recursive: true }) };
}

/** Bytes in its pages, and in those of the record with its indexes. */
async function sizeOf(file: string): Promise<{ all: number; record: number }> {
  const db = new DatabaseSync(file, { readOnly: true });
  const pages = (name: string) => Number(Object.values(db.prepare(`pragma ${name}`).get()!)[0]);
  const all = pages('page_count') * pages('page_size');
  const tables = RECORD.map((name) => `'${name}'`).join();
  const record = db
    .prepare(
      `select sum(d.pgsize) as bytes from dbstat as d join sqlite_master as m on m.name = d.name where m.tbl_name in (${tables})`,
    )
    .get()!.bytes;
  db.close();
  return { all, record: Number(record) };
}
