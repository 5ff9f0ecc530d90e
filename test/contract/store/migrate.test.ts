import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { TABLES } from '../../../src/store/sql/backup.ts';
import { migrate, migrations, SCHEMA_VERSION } from '../../../src/store/sql/migrate.ts';
import type { Schema } from '../../../src/store/sql/schema.ts';
import type { Migration } from '../../../src/store/sql/session.ts';
import { sqliteDialect } from '../../../src/store/sqlite.ts';
import { quietLog as quiet } from '../../fakes/fake-log.ts';
import { describePostgres } from './postgres.ts';
import { clock, deps, incident } from './samples.ts';
import { storeWithParts, tempDir } from './sqlite-parts.ts';

const addColumn: Migration = async (db) => {
  await sql`alter table seen add column note text`.execute(db);
  await sql`update seen set note = 'migrated'`.execute(db);
};
const broken: Migration = async (db) => {
  await sql`alter table seen add column other text`.execute(db);
  await sql`insert into no_such_table values (1)`.execute(db);
};

const memory = () => new Kysely<Schema>({ dialect: sqliteDialect(new DatabaseSync(':memory:'), clock) });
const columns = async (db: Kysely<Schema>, table: string) =>
  (await sql<{ name: string }>`select name from pragma_table_info(${table})`.execute(db)).rows.map(({ name }) => name);

test('older database: migrated step by step, its rows kept', async () => {
  const db = memory();
  await migrate('sqlite', db, quiet, migrations);
  await db.insertInto('seen').values({ source_id: 'a', key: 'k', at: 1 }).execute();
  await migrate('sqlite', db, quiet, [...migrations, addColumn]);
  await migrate('sqlite', db, quiet, [...migrations, addColumn]);
  expect((await sql`select * from seen`.execute(db)).rows).toEqual([
    { source_id: 'a', key: 'k', at: 1, note: 'migrated' },
  ]);
  await db.destroy();
});

test('step that fails: the database stays at the version before', async () => {
  const db = memory();
  await migrate('sqlite', db, quiet, migrations);
  await expect(migrate('sqlite', db, quiet, [...migrations, broken])).rejects.toMatchObject({ code: 'store_failed' });
  expect(await columns(db, 'seen')).not.toContain('other');
  await migrate('sqlite', db, quiet, [...migrations, addColumn]);
  expect(await columns(db, 'seen')).toContain('note');
  await db.destroy();
});

test('newer database: refused with the remedy, by writers and readers, and not changed', async () => {
  const file = join(tempDir(), 'tocsin.db');
  const first = await openStore(file, deps);
  await first.incidents.insert(incident());
  await first.close();
  const raw = new DatabaseSync(file);
  raw.exec(`update meta set value = '${SCHEMA_VERSION + 1}' where key = 'schema'`);
  for (const readOnly of [false, true]) {
    const open = openStore(file, deps, { readOnly });
    await expect(open).rejects.toMatchObject({
      code: 'store_newer',
      message: expect.stringContaining('run the newer Tocsin'),
    });
  }
  raw.exec(`update meta set value = '${SCHEMA_VERSION}' where key = 'schema'`);
  raw.close();
  const again = await openStore(file, deps);
  expect(await again.incidents.get('RU-whatsapp-3f9k')).not.toBeNull();
  await again.close();
});

test('reader of a database that is not migrated: an error that says to start once', async () => {
  const file = join(tempDir(), 'tocsin.db');
  new DatabaseSync(file).exec('create table meta (key text primary key, value text not null)');
  await expect(openStore(file, deps, { readOnly: true })).rejects.toMatchObject({
    code: 'store_failed',
    message: expect.stringContaining('tocsin start'),
  });
});

test('tables.ts and the schema: the same tables, columns and keys', async () => {
  const { db, raw } = await storeWithParts(join(tempDir(), 'tocsin.db'));
  const tables = raw
    .prepare(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name not in ('meta', 'kept_rows', 'reader_voices', 'reader_keys')",
    )
    .all();
  expect(TABLES.map(({ name }) => name).toSorted()).toEqual(tables.map(({ name }) => name as never).toSorted());
  for (const table of TABLES) {
    const info = raw.prepare(`select name, type, pk from pragma_table_info('${table.name}')`).all() as {
      name: string;
      type: string;
      pk: number;
    }[];
    const kinds = Object.fromEntries(
      info.map(({ name, type }) => [name, type.toLowerCase() === 'integer' ? 'int' : 'text']),
    );
    expect([table.name, table.columns]).toEqual([table.name, kinds]);
    const key = info.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
    expect([table.name, table.key]).toEqual([table.name, key.map(({ name }) => name)]);
  }
  expect(await columns(db, 'meta')).toEqual(['key', 'value']);
});

describePostgres('migrations on PostgreSQL', ({ fresh }) => {
  test('two processes at once on an empty database: one wins, the other is refused or waits, none breaks it', async () => {
    const { database, drop } = await fresh();
    const opens = await Promise.allSettled([openStore(database, deps), openStore(database, deps)]);
    const stores = opens.filter((open) => open.status === 'fulfilled').map(({ value }) => value);
    expect(stores.length).toBe(1);
    expect(opens.find((open) => open.status === 'rejected')?.reason).toMatchObject({ code: 'store_locked' });
    await stores[0]!.incidents.insert(incident());
    const reader = await openStore(database, deps, { readOnly: true });
    expect(await reader.incidents.list({ limit: 5 })).toHaveLength(1);
    await reader.close();
    // A word for the one that runs.
    const beside = await openStore(database, deps, { beside: true });
    await beside.state('account/hook').set('resume', { at: 1 });
    await beside.close();
    expect(await stores[0]!.state('account/hook').get('resume')).toEqual({ at: 1 });
    await stores[0]!.close();
    await (await openStore(database, deps)).close();
    await drop();
  });
});

describe('numbering', () => {
  test('migrations: one file a number, in order', () => {
    expect(migrations.length).toBe(SCHEMA_VERSION);
  });
});

test('threads of an older database: each gets its chat beside it, whose settings and silences hold for all', async () => {
  const db = memory();
  await migrate('sqlite', db, quiet, migrations.slice(0, 1));
  const row = (id: number, thread: string, more: object = {}) => ({
    id,
    account_id: 'mx',
    platform: 'matrix',
    chat: 'room',
    thread,
    kind: 'group',
    lang: 'en',
    time_zone: 'UTC',
    level: 1,
    state: 'active',
    created_at: 1,
    ended_at: null,
    ...more,
  });
  await db
    .insertInto('chats')
    .values([
      row(1, '', { lang: 'ru', level: 0 }),
      row(2, 't1'),
      row(3, 't2', { chat: 'other', time_zone: 'Asia/Tehran' }),
    ])
    .execute();
  await db
    .insertInto('silences')
    .values([
      { chat_id: 2, country: 'RU', service: '', incident_id: '', until: 5 },
      { chat_id: 3, country: 'IR', service: '', incident_id: '', until: 7 },
    ])
    .execute();
  await migrate('sqlite', db, quiet, migrations);
  const chats = await db
    .selectFrom('chats')
    .select(['id', 'chat', 'thread', 'lang', 'time_zone', 'level'])
    .orderBy('id')
    .execute();
  expect(chats).toEqual([
    { id: 1, chat: 'room', thread: '', lang: 'ru', time_zone: 'UTC', level: 0 },
    { id: 2, chat: 'room', thread: 't1', lang: 'ru', time_zone: 'UTC', level: 0 },
    { id: 3, chat: 'other', thread: 't2', lang: 'en', time_zone: 'Asia/Tehran', level: 1 },
    { id: expect.any(Number), chat: 'other', thread: '', lang: 'en', time_zone: 'Asia/Tehran', level: 1 },
  ]);
  const silences = await db.selectFrom('silences').select(['chat_id', 'country']).orderBy('chat_id').execute();
  expect(silences.map((one) => one.country)).toEqual(['RU', 'RU', 'IR', 'IR']);
  await db.destroy();
});

test('following of an older database: who followed before a broadcast under way began is in it, who did later is not', async () => {
  const db = memory();
  await migrate('sqlite', db, quiet, migrations.slice(0, 3));
  await sql`insert into chats (id, account_id, platform, chat, thread, kind, lang, time_zone, level, state, created_at)
    values (1, 'tg', 'telegram', 'early', '', 'private', 'en', 'UTC', 1, 'active', 1),
    (2, 'tg', 'telegram', 'late', '', 'private', 'en', 'UTC', 1, 'active', 1)`.execute(db);
  await sql`insert into subscriptions (chat_id, country, service, level, created_at, account_id)
    values (1, '*', '*', 1, 100, 'tg'), (2, '*', '*', 1, 300, 'tg')`.execute(db);
  await sql`insert into alerts (no, id, level, created_at, told_at) values (1, 'a', 1, 50, 50), (2, 'b', 1, 200, 200)`.execute(
    db,
  );
  await sql`insert into alert_incidents (alert_no, incident_id, pos, added_at) values (1, 'i1', 1, 50), (2, 'i2', 1, 200)`.execute(
    db,
  );
  await sql`insert into broadcasts (no, id, alert_no, kind, loud, reason, incident_ids, lane, created_at, due_at, phase, cursor, state)
    values (1, 'x', 2, 'new', 1, 'opened', '[]', 2, 200, 200, 'others', 0, 'waiting')`.execute(db);
  await migrate('sqlite', db, quiet, migrations.slice(0, 4));
  const { rows } = await sql<{ chat: string; no: number }>`
    select c.chat, a.no from subscriptions as s join chats as c on c.id = s.chat_id join alert_incidents as a on a.no > s.after_no
    where a.alert_no = 2`.execute(db);
  expect(rows.map((row) => row.chat)).toEqual(['early']);
  // The next number is one that no subscription has seen.
  await sql`insert into alert_incidents (alert_no, incident_id, pos, added_at) values (1, 'i3', 2, 10)`.execute(db);
  expect((await sql<{ no: number }>`select max(no) as no from alert_incidents`.execute(db)).rows).toEqual([{ no: 3 }]);
  await db.destroy();
});
