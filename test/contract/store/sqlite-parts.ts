import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../src/core/ports/runtime.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { migrate } from '../../../src/store/sql/migrate.ts';
import type { Schema } from '../../../src/store/sql/schema.ts';
import { sessionsOf, type Session } from '../../../src/store/sql/session.ts';
import { sqlStore } from '../../../src/store/sql/store.ts';
import { openSqlite, sqliteDialect } from '../../../src/store/sqlite.ts';
import { quietLog as quiet } from '../../fakes/fake-log.ts';
import { scratchFolder } from '../../fakes/scratch.ts';
import { clock as usual } from './samples.ts';

/** A folder for one test, gone when it ends. */
export function tempDir(): string {
  const dir = scratchFolder('tocsin-store-');
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The store as `open.ts` puts it together, with its connection within reach of the test. */
export async function storeWithParts(
  file: string,
  clock: Clock = usual,
): Promise<{ store: Store; raw: DatabaseSync; session: Session; db: Kysely<Schema> }> {
  const handle = openSqlite(file, false);
  const db = new Kysely<Schema>({ dialect: sqliteDialect(handle.db, clock) });
  await migrate('sqlite', db, quiet);
  const session = sessionsOf('sqlite')(db);
  const close = async () => {
    await db.destroy();
    handle.close();
  };
  const store = sqlStore({
    session,
    clock,
    log: quiet,
    snapshot: async () => ({ session, end: async () => {} }),
    close,
  });
  onTestFinished(close);
  return { store, raw: handle.db, session, db };
}
