import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { describePostgres } from './postgres.ts';
import { deps, NOW } from './samples.ts';
import { tempDir } from './sqlite-parts.ts';

const MAIN = join(import.meta.dirname, '../../../src/main.ts');
const MB = 1_000_000;

/** Enough that no pipe swallows it: some 4 MB of lines. */
async function filled(database: string): Promise<Store> {
  const store = await openStore(database, deps);
  for (let i = 0; i < 20; i++)
    await store.seen.add(
      `feed${i}`,
      Array.from({ length: 2_000 }, (_, k) => `c${i}-${k}-${'x'.repeat(60)}`),
      NOW,
    );
  return store;
}

/** The lines of a bot at work: some 60 MB through the journal. */
async function work(store: Store): Promise<void> {
  for (let i = 0; i < 300; i++) await store.state('work').set(`k${i % 7}`, `${i}${'z'.repeat(200_000)}`);
}

test('export - into a pipe that nobody reads, while the bot writes on: the journal stays small, and the export is of one moment', async () => {
  const dir = tempDir();
  const file = join(dir, 'tocsin.db');
  const store = await filled(file);
  const child = spawn(process.execPath, [MAIN, 'export', '-', '--database', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The first line is there: from then on nobody reads.
  const lines = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
  const all: string[] = [];
  lines.on('line', (line) => {
    all.push(line);
    if (all.length === 1) {
      lines.pause();
      child.stdout.pause();
    }
  });
  await once(lines, 'line');
  await work(store);
  expect(statSync(`${file}-wal`).size).toBeLessThan(40 * MB);
  expect(child.exitCode).toBeNull();
  await store.seen.add('late', ['k'], NOW);
  child.stdout.resume();
  lines.resume();
  await once(lines, 'close');
  expect(all.at(-1)).toContain('"end":"export"');
  expect(JSON.parse(all.find((line) => line.startsWith('{"end":"seen"'))!).rows).toBe(40_000);
  expect(readdirSync(dir).toSorted()).toEqual(['tocsin.db', 'tocsin.db-shm', 'tocsin.db-wal', 'tocsin.db.lock']);
  await store.close();
}, 60_000);

test('a dump of which one line was read and no more: it holds nothing open in the database', async () => {
  const file = join(tempDir(), 'tocsin.db');
  const store = await filled(file);
  const lines = store.dump()[Symbol.asyncIterator]();
  await lines.next();
  await work(store);
  expect(statSync(`${file}-wal`).size).toBeLessThan(40 * MB);
  await lines.return?.();
  await store.close();
}, 60_000);

describePostgres('a stalled dump on PostgreSQL', ({ fresh }) => {
  test('no transaction stays open', async () => {
    const { database, drop } = await fresh();
    const url = new URL(database);
    url.searchParams.set('application_name', `stall_${process.pid}`);
    const store = await filled(url.href);
    const lines = store.dump()[Symbol.asyncIterator]();
    await lines.next();
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    const { rows } = await client.query(
      "select state from pg_stat_activity where application_name = $1 and state like 'idle in transaction%'",
      [`stall_${process.pid}`],
    );
    await client.end();
    expect(rows).toEqual([]);
    await lines.return?.();
    await store.close();
    await drop();
  });
});
