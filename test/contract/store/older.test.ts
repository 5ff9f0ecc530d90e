/** Databases and exports of earlier versions: from each of them to the same schema, and nothing of a chat's is lost on the way. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { Kysely, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { openPostgres } from '../../../src/store/postgres/open.ts';
import { RowSum, TABLES } from '../../../src/store/sql/backup.ts';
import { migrate, migrations, SCHEMA_VERSION } from '../../../src/store/sql/migrate.ts';
import type { Schema } from '../../../src/store/sql/schema.ts';
import { sqliteDialect } from '../../../src/store/sqlite.ts';
import { quietLog as quiet } from '../../fakes/fake-log.ts';
import { everything, from } from './keeping.suite.ts';
import { describePostgres } from './postgres.ts';
import { address, clock, deps, NOW } from './samples.ts';
import { tempDir } from './sqlite-parts.ts';

const VERSIONS = Array.from({ length: SCHEMA_VERSION }, (_, i) => i + 1);

/** All columns and indexes, as a database describes itself; the order of columns is no matter. */
function describedBy(db: DatabaseSync): string[] {
  const tables = db.prepare(`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`).all();
  const columns = tables.flatMap(({ name }) =>
    db
      .prepare(`select name, type, "notnull", dflt_value, pk from pragma_table_info(?)`)
      .all(name!)
      .map((one) => `${String(name)}.${JSON.stringify(one)}`),
  );
  const indexes = db
    .prepare(`select l.tbl_name as t, l.name as i, group_concat(c.name) as columns, l.sql like '%unique%' as u
      from sqlite_schema as l join pragma_index_info(l.name) as c where l.type = 'index' and l.sql is not null group by l.name`)
    .all()
    .map((one) => JSON.stringify(one));
  return [...columns, ...indexes].sort();
}

describe.each(VERSIONS)('a database of version %i', (version) => {
  const opened = async () => {
    const raw = new DatabaseSync(':memory:');
    const db = new Kysely<Schema>({ dialect: sqliteDialect(raw, clock) });
    await migrate('sqlite', db, quiet, migrations.slice(0, version));
    return { raw, db };
  };

  test('ends in the schema of a new one: tables, columns, defaults, keys, indexes', async () => {
    const [{ raw, db }, fresh] = [await opened(), new DatabaseSync(':memory:')];
    await migrate('sqlite', db, quiet);
    const other = new Kysely<Schema>({ dialect: sqliteDialect(fresh, clock) });
    await migrate('sqlite', other, quiet);
    expect(describedBy(raw)).toEqual(describedBy(fresh));
    await db.destroy();
    await other.destroy();
  });

  test('a chat, what it follows and keeps quiet, a state: as they were, and nobody is owed an answer', async () => {
    const { db } = await opened();
    await sql`insert into chats (id, account_id, platform, chat, thread, kind, lang, time_zone, level, state, created_at)
      values (5, 'tg', 'telegram', '100', '', 'private', 'ru', 'Asia/Omsk', 2, 'active', 7)`.execute(db);
    await sql`insert into subscriptions (chat_id, country, service, level, created_at, account_id)
      values (5, 'RU', '*', 2, 9, 'tg')`.execute(db);
    await sql`insert into silences (chat_id, country, service, incident_id, until) values (5, 'RU', '', '', 11)`.execute(
      db,
    );
    await sql`insert into states (namespace, key, value) values ('agents', 'a', '1'), ('answers/tg', 'owed', '[]')`.execute(
      db,
    );
    await migrate('sqlite', db, quiet);
    const row = async (table: string) => (await sql`select * from ${sql.table(table)}`.execute(db)).rows;
    expect(await row('chats')).toMatchObject([
      { id: 5, lang: 'ru', time_zone: 'Asia/Omsk', level: 2, state: 'active', created_at: 7, owed: 0 },
    ]);
    expect(await row('subscriptions')).toMatchObject([
      { chat_id: 5, country: 'RU', service: '*', created_at: 9, after_no: 0 },
    ]);
    expect(await row('silences')).toMatchObject([{ chat_id: 5, country: 'RU', until: 11 }]);
    // Where answers were owed before the sixth.
    const kept = version < 6 ? ['agents'] : ['agents', 'answers/tg'];
    expect((await row('states')).map((one) => (one as { namespace: string }).namespace)).toEqual(kept);
    await db.destroy();
  });
});

/** Answers that waited before version 11, as it found them. */
async function answersWait(db: Kysely<Schema>, open: () => Promise<Store>): Promise<void> {
  await sql`insert into chats (id, account_id, platform, chat, thread, kind, lang, time_zone, level, state, created_at, owed) values
    (5, 'tg', 'telegram', '100', '7', 'group', 'ru', 'UTC', 2, 'active', 7, 1), (6, 'tg', 'telegram', '101', '', 'private', 'ru', 'UTC', 2, 'gone', 7, 1),
    (7, 'tg', 'telegram', '102', '', 'private', 'ru', 'UTC', 2, 'active', 7, 0)`.execute(db);
  const question = { text: 'status "ru" \\u0000', from: 'telegram:1', lang: 'ru', messageRef: null, forwarded: false };
  const place = { address: address('103'), chatKind: 'private', at: NOW } as const;
  const asked = [
    { ...place, ...question },
    { ...place, ...question, kind: 'change', ref: 'u2' },
  ];
  const of = (value: unknown) => JSON.stringify(value);
  await sql`insert into states (namespace, key, value) values ('account/tg', 'asked', ${of({ asked, answered: [['u1', NOW]] })}),
    ('account/other', 'asked', ${of(asked.slice(0, 1).map((one) => ({ ...one, kind: 'text', text: 'a\0\0b', address: address('1', null, 'other') })))}),
    ('account/none', 'asked', ${of({ answered: [] })}), ('account/tg', 'offset', '7')`.execute(db);
  await db.destroy();
  const store = await open();
  const waits = async (account: string) =>
    (await store.outbox.owedAnswers(account, 0)).waiting.map(({ id: _id, ...one }) => one);
  const changed = {
    address: address('100', '7'),
    chatKind: 'group',
    kind: 'change',
    ref: null,
    at: 7,
    command: null,
  };
  expect(await waits('tg')).toEqual([changed, { ...place, kind: 'question', ref: null, command: question }]);
  expect(await waits('tg')).toHaveLength(2);
  const [other] = await waits('other');
  expect(other).toMatchObject({ kind: 'text', address: address('1', null, 'other') });
  expect(other?.command?.text.replaceAll('\0', '')).toBe('ab');
  const state = store.state('account/tg');
  expect([await state.get('asked'), await state.get('offset')]).toEqual([undefined, 7]);
  await store.close();
}

test.each([10, 6])(
  'answers that waited in version %i: they wait, those of chats that are gone do not',
  async (version) => {
    const file = join(tempDir(), 'tocsin.db');
    const db = new Kysely<Schema>({ dialect: sqliteDialect(new DatabaseSync(file), clock) });
    await migrate('sqlite', db, quiet, migrations.slice(0, version));
    await answersWait(db, () => openStore(file, deps));
  },
);

describePostgres('an older database on PostgreSQL', ({ fresh }) => {
  test('from each version on: the schema of a new one, and every chat with what it follows is as it was', async () => {
    const upgraded = async (versions: number[]) => {
      const { database, drop } = await fresh();
      const handle = await openPostgres(database, { clock, log: quiet });
      const db = new Kysely<Schema>({ dialect: handle.dialect() });
      for (const version of versions) {
        await migrate('postgres', db, quiet, migrations.slice(0, version));
        await sql`insert into chats (account_id, platform, chat, thread, kind, lang, time_zone, level, state, created_at)
          values ('tg', 'telegram', ${String(version)}, '', 'private', 'ru', 'Asia/Omsk', 2, 'active', ${version})`.execute(
          db,
        );
        await sql`insert into subscriptions (chat_id, country, service, level, created_at, account_id)
          select id, 'RU', '*', 2, ${version}, 'tg' from chats where created_at = ${version}`.execute(db);
      }
      await migrate('postgres', db, quiet);
      const { rows: chats } = await sql`select c.chat, c.lang, c.time_zone, s.country, s.created_at from chats as c
        join subscriptions as s on s.chat_id = c.id order by c.id`.execute(db);
      const { rows: shape } = await sql<{ one: string }>`
        select concat_ws(' ', table_name, column_name, data_type, is_nullable, is_identity) as one
          from information_schema.columns where table_schema = current_schema()
        union all select substr(indexdef, strpos(indexdef, ' USING ')) || indexname from pg_indexes
          where schemaname = current_schema() order by one`.execute(db);
      await db.destroy();
      await handle.close();
      await drop();
      return { chats, shape };
    };
    const [old, anew] = [await upgraded(VERSIONS), await upgraded([])];
    expect(old.shape).toEqual(anew.shape);
    expect(old.shape.length).toBeGreaterThan(100);
    expect(old.chats).toEqual(
      VERSIONS.map((at) => ({ chat: String(at), lang: 'ru', time_zone: 'Asia/Omsk', country: 'RU', created_at: at })),
    );
  });

  test('answers that waited in version 10: they wait, those of chats that are gone do not', async () => {
    const { database, drop } = await fresh();
    const handle = await openPostgres(database, { clock, log: quiet });
    const db = new Kysely<Schema>({ dialect: handle.dialect() });
    await migrate('postgres', db, quiet, migrations.slice(0, 10));
    await answersWait(db, async () => {
      await handle.close();
      return openStore(database, deps);
    });
    await drop();
  });
});

/** Columns that came later, with the version that brought them. */
const LATER: Record<string, number> = {
  'incidents.standing': 12,
  'incidents.part': 12,
  'reports.taken_back': 13,
  'reports.outlet': 14,
  'reader_counts.slot': 15,
  'reader_counts.people': 15,
  'reader_counts.settled': 15,
  'reader_counts.country': 15,
  'reader_counts.operator': 15,
  'reader_counts.service': 15,
  'reader_counts.verdict': 15,
  'reader_counts.door': 15,
  'reports.publisher': 3,
  'alert_incidents.no': 4,
  'subscriptions.after_no': 4,
  'reports.reading': 5,
  'chats.owed': 6,
  'chats.settings': 7,
  'chats.wake_at': 7,
  'messages.summary': 7,
  'held.chat_id': 7,
  'held.delivery_id': 7,
  'held.alert_no': 7,
  'held.at': 7,
  'held.told_by': 7,
  'messages.why': 8,
  'links.chat_id': 8,
  'links.spare_id': 8,
  'links.created_at': 8,
  'links.doubled': 8,
  'links.because': 8,
  'links.monthly_test': 8,
  'links.tested_at': 8,
  'notices.alert_no': 8,
  'notices.notice': 8,
  'boards.chat_id': 8,
  'boards.alert_no': 8,
  'boards.shown': 8,
  'boards.changed_at': 8,
  'boards.pinned': 8,
  'posts.id': 9,
  'posts.lane': 9,
  'posts.post': 9,
  'posts.at': 9,
  'unfollowed.chat_id': 13,
  'unfollowed.country': 13,
  'unfollowed.service': 13,
  'unfollowed.until_no': 13,
  'answers.id': 11,
  'answers.account_id': 11,
  'answers.chat': 11,
  'answers.thread': 11,
  'answers.chat_kind': 11,
  'answers.kind': 11,
  'answers.ref': 11,
  'answers.at': 11,
  'answers.state': 11,
  'answers.command': 11,
};

/** Tables that the version did not know. */
const unknownTo = (version: number): string[] =>
  TABLES.filter(({ name, columns }) =>
    Object.keys(columns).every((column) => (LATER[`${name}.${column}`] ?? 1) > version),
  ).map(({ name }) => name);

/** The export as that version would have written it: its tables and columns alone, with checksums of its own. */
function asWrittenBy(version: number, all: string[]): string[] {
  const unknown = unknownTo(version);
  let left = '';
  let rowsLeft = 0;
  const lines = all.filter((line) => {
    const value = JSON.parse(line) as { table?: string; end?: string; rows?: number } | unknown[];
    if (Array.isArray(value)) return left === '';
    if (value.table !== undefined) left = unknown.includes(value.table) ? value.table : '';
    if (value.end !== undefined && value.end === left) {
      rowsLeft += value.rows ?? 0;
      left = '';
      return false;
    }
    return left === '';
  });
  const end = JSON.parse(lines.at(-1)!) as { tables: number; rows: number };
  lines[lines.length - 1] = JSON.stringify({ ...end, tables: end.tables - unknown.length, rows: end.rows - rowsLeft });
  let table = '';
  let keep: number[] = [];
  let sum = new RowSum();
  let missing = 0;
  return lines.flatMap((line, i) => {
    const value = JSON.parse(line) as { table?: string; columns?: string[]; end?: string; tables?: number } | unknown[];
    if (i === 0) return JSON.stringify({ ...value, schema: version });
    if (Array.isArray(value)) {
      if (keep.length === 0) throw new Error(`rows of ${table}, which that version did not have`);
      const row = JSON.stringify(keep.map((at) => value[at]));
      sum.add(row);
      return row;
    }
    if (value.table !== undefined) {
      table = value.table;
      sum = new RowSum();
      keep = value.columns!.flatMap((name, at) => ((LATER[`${table}.${name}`] ?? 1) <= version ? [at] : []));
      if (keep.length === 0) missing++;
      return keep.length === 0 ? [] : JSON.stringify({ table, columns: keep.map((at) => value.columns![at]) });
    }
    if (value.end === 'export') return JSON.stringify({ ...value, tables: Number(value.tables) - missing });
    if (keep.length === 0) return [];
    return value.end === table ? JSON.stringify({ ...value, checksum: sum.checksum() }) : line;
  });
}

const exported = async (store: Store): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of store.dump()) lines.push(line);
  return lines;
};

describe('an export of an earlier version', () => {
  test.each(VERSIONS)('of version %i: taken, every row of it, and the store goes on from there', async (version) => {
    const source = await openStore(':memory:', deps);
    await everything(source);
    const lines = asWrittenBy(version, await exported(source));
    const target = await openStore(':memory:', deps);
    await target.restore(from(lines));
    const rowsOf = async (store: Store) =>
      (await store.digest())
        .filter((one) => !unknownTo(version).includes(one.table))
        .map((one) => `${one.table} ${one.rows}`);
    expect(await rowsOf(target)).toEqual(await rowsOf(source));
    expect(await target.incidents.get('RU-whatsapp-3f9k')).toEqual(await source.incidents.get('RU-whatsapp-3f9k'));
    for (const address of await source.chats.addresses('tg')) {
      const [chat, before] = [await target.chats.find(address), await source.chats.find(address)];
      expect(chat).toEqual(before);
      const follows = async (store: Store) =>
        (await store.subscriptions.list(before!.id)).map((one) => `${one.country} ${one.service}`);
      expect(await follows(target)).toEqual(await follows(source));
    }
    expect((await target.outbox.owedAnswers('tg', 0)).waiting).toEqual([]);
    await source.close();
    await target.close();
  });

  test('columns that came later are those of this list: whoever adds one adds it here', async () => {
    const db = new Kysely<Schema>({ dialect: sqliteDialect(new DatabaseSync(':memory:'), clock) });
    const columns = async (): Promise<string[]> =>
      (
        await sql<{ name: string }>`
          select t.name || '.' || c.name as name from sqlite_schema as t join pragma_table_info(t.name) as c
          where t.type = 'table' and t.name not like 'sqlite_%' and t.name not in ('kept_rows', 'reader_voices', 'reader_keys')`.execute(
          db,
        )
      ).rows.map(({ name }) => name);
    await migrate('sqlite', db, quiet, migrations.slice(0, 1));
    let known = new Set(await columns());
    const later: Record<string, number> = {};
    for (const version of VERSIONS.slice(1)) {
      await migrate('sqlite', db, quiet, migrations.slice(0, version));
      const now = await columns();
      for (const name of now) if (!known.has(name)) later[name] = version;
      known = new Set(now);
    }
    expect(later).toEqual(LATER);
    await db.destroy();
  });
});

test('durable states: any sets and deletes in any namespaces come to what a map comes to', async () => {
  const store = await openStore(':memory:', deps);
  const names = fc.constantFrom('a', 'A', 'a/b', 'ж', "'", '%');
  const step = fc.record({
    namespace: names,
    key: names,
    value: fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }),
  });
  const model = new Map<string, unknown>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      for (const { namespace, key, value } of steps) {
        const state = store.state(namespace);
        if (value === undefined) await state.delete(key);
        else await state.set(key, value);
        const id = `${namespace} ${key}`;
        if (value === undefined) model.delete(id);
        else model.set(id, JSON.parse(JSON.stringify(value)));
      }
      for (const { namespace, key } of steps)
        expect(await store.state(namespace).get(key)).toEqual(model.get(`${namespace} ${key}`));
    }),
    { numRuns: 30 },
  );
  await store.close();
});
