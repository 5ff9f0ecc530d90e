import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll } from 'vitest';
import { TABLES } from '../../../src/store/sql/backup.ts';
import { describeIf } from '../../fakes/shared.ts';

const URL_OF_SERVER = process.env.TOCSIN_TEST_POSTGRES || 'postgres://postgres@127.0.0.1:5432/test';

/** A schema of its own for one store, and its removal. */
export type FreshSchema = () => Promise<{ database: string; drop(): Promise<void> }>;

const run = async (statement: string, url = URL_OF_SERVER): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

const reachable = await run('select 1').then(
  () => true,
  () => false,
);

const freshSchema: FreshSchema = async () => {
  const name = `tocsin_${randomBytes(6).toString('hex')}`;
  await run(`create schema ${name}`);
  const url = new URL(URL_OF_SERVER);
  url.searchParams.set('options', `-csearch_path=${name} -csynchronous_commit=off`);
  return { database: url.href, drop: () => run(`set client_min_messages = warning; drop schema ${name} cascade`) };
};

/** One schema for many tests, emptied after each: making two dozen tables takes longer than a test. */
function reusedSchema(): FreshSchema {
  let made: Promise<{ database: string; sweeper: pg.Client; drop(): Promise<void> }> | null = null;
  const make = async () => {
    const schema = await freshSchema();
    const sweeper = new pg.Client({ connectionString: schema.database });
    await sweeper.connect();
    return { ...schema, sweeper };
  };
  afterAll(async () => {
    const { sweeper, drop } = (await made) ?? {};
    await sweeper?.end();
    await drop?.();
  });
  const names = ['reader_voices', 'reader_keys', ...TABLES.toReversed().map(({ name }) => name)];
  const empty = names.map((name) => `delete from ${name}`);
  return async () => {
    made ??= make();
    const { database, sweeper } = await made;
    return { database, drop: async () => void (await sweeper.query(empty.join('; '))) };
  };
}

/** A group of tests against a real server, left out where there is none. `fresh`: an empty schema each; `reused`: emptied after each test. */
export function describePostgres(
  name: string,
  body: (schemas: { fresh: FreshSchema; reused: FreshSchema }) => void,
): void {
  describeIf(reachable, 'needs PostgreSQL (TOCSIN_TEST_POSTGRES)', name, () =>
    body({ fresh: freshSchema, reused: reusedSchema() }),
  );
}
