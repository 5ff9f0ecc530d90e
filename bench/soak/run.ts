/**
 * `npm run soak -- [--store sqlite|postgres] [--days N] [--chats N] [--seed S] [--picture FILE]`: a year of the program on a virtual clock. Says at the
 * end of each month how large it has become and what a poll and a message cost, and in the end whether each chat heard what it should.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { flatOf } from './curves.ts';
import { type Place, onSqlite } from './on-sqlite.ts';
import { RECORD, soak } from './play.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    days: { type: 'string', default: '365' },
    chats: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    picture: { type: 'string' },
    in: { type: 'string', default: tmpdir() },
    postgres: { type: 'string', default: 'postgres://postgres@127.0.0.1:5432' },
  },
});

/** A database of its own on that server, gone in the end. */
async function onPostgres(): Promise<Place> {
  const name = `tocsin_soak_${process.pid}`;
  const admin = new Client({ connectionString: `${values.postgres}/postgres` });
  await admin.connect();
  await admin.query(`create database ${name}`);
  // What a disk costs is measured elsewhere: a year has a million commits.
  await admin.query(`alter database ${name} set synchronous_commit = off`);
  const database = `${values.postgres}/${name}`;
  const inside = new Client({ connectionString: database });
  await inside.connect();
  return {
    database,
    // Autovacuum goes by the clock on the wall, where a month is a minute; some servers have it off.
    tidy: async () => void (await inside.query('vacuum (analyze)')),
    async size() {
      const { rows } = await inside.query(
        'select pg_database_size($1) as all, (select sum(pg_total_relation_size(oid)) from pg_class where relname = any($2)) as record',
        [name, RECORD],
      );
      return { all: Number(rows[0].all), record: Number(rows[0].record) };
    },
    async end() {
      await inside.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

const place = values.store === 'postgres' ? await onPostgres() : await onSqlite(values.in);
const [days, chats, seed] = [values.days, values.chats, values.seed].map(Number) as [number, number, number];
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
say({ store: values.store, days, chats, seed });
const began = performance.now();
try {
  const played = await soak({ ...place, days, chats, seed, tell: say });
  const flat = flatOf(played.months);
  const { months, ...rest } = played;
  say({ ...rest, flat, minutes: Math.round((performance.now() - began) / 6_000) / 10 });
  if (values.picture) {
    const { drawn } = await import('./curves.ts');
    writeFileSync(values.picture, drawn(months, `${values.store}, ${chats} chats, seed ${seed}`));
  }
  if (played.book.wrong > 0 || flat.some(({ ok }) => !ok)) process.exitCode = 1;
} finally {
  await place.end();
}
process.exit();
