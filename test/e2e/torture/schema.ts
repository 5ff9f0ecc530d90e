/** A schema of one's own on the PostgreSQL of the tests. */
import pg from 'pg';

const URL_OF_SERVER = process.env.TOCSIN_TEST_POSTGRES || 'postgres://postgres@127.0.0.1:5432/test';

export interface OwnSchema {
  /** Its address, as a configuration has it. */
  database: string;
  ask(statement: string): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** `hurried`: a commit does not wait for the disk, as where only processes of Tocsin are killed, never PostgreSQL. */
export async function ownSchema({ hurried = false } = {}): Promise<OwnSchema> {
  const schema = `tocsin_torture_${process.pid}_${Math.floor(Math.random() * 1e6)}`;
  await ask(URL_OF_SERVER, `create schema ${schema}`);
  const url = new URL(URL_OF_SERVER);
  url.searchParams.set('options', `-csearch_path=${schema}${hurried ? ' -csynchronous_commit=off' : ''}`);
  return {
    database: url.href,
    ask: (statement) => ask(url.href, statement),
    drop: async () =>
      void (await ask(URL_OF_SERVER, `set client_min_messages = warning; drop schema ${schema} cascade`)),
  };
}

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
