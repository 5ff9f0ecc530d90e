/**
 * What sharing a database costs: `node bench/leases.ts --database postgres://… [--count 2000] [--seconds 10]`. One JSON object a line: transactions a second of one
 * writer on SQLite, on PostgreSQL alone, shared, and shared under a lease; and the statements a second of a process that waits.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { Log } from '../src/core/ports/runtime.ts';
import type { Store } from '../src/core/ports/store.ts';
import { systemClock } from '../src/platform/clock.ts';
import { createIds } from '../src/platform/ids.ts';
import { openStore } from '../src/store/open.ts';

const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    count: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '10' },
  },
});
if (values.database === undefined) throw new Error('--database postgres://… of an empty database or schema');
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
const deps = { clock: systemClock, log: quiet, ids: createIds(systemClock) };
const count = Number(values.count);
const NOW = 1_770_000_000_000;
const report = (name: string, facts: Record<string, number>) =>
  process.stdout.write(`${JSON.stringify({ name, ...facts })}\n`);

/** Two small statements each, as most of what is written. */
async function writes(name: string, store: Store): Promise<void> {
  const one = (i: number) =>
    store.transaction(async (tables) => {
      await tables.seen.add(name, [`k${i % 100}`], NOW + i);
      await tables.state('bench').set(name, i);
    });
  for (let i = 0; i < 50; i++) await one(i);
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  for (let i = 0; i < count; i++) await one(i);
  const perSecond = Math.round((count / (performance.now() - began)) * 1_000);
  const { user, system } = process.cpuUsage(cpu);
  report(name, { transactionsPerSecond: perSecond, cpuMicros: Math.round((user + system) / count) });
}

const folder = mkdtempSync(join(tmpdir(), 'tocsin-leases-'));
const sqlite = await openStore(join(folder, 'tocsin.db'), deps);
await writes('sqlite', sqlite);
await sqlite.close();
rmSync(folder, { recursive: true });

const alone = await openStore(values.database, deps);
await writes('postgres alone', alone);
await alone.close();

const shared = await openStore(values.database, deps, { shared: true });
await writes('postgres shared', shared);
const [term] = await shared.leases.take(['ingest']);
await writes('postgres under a lease', term!.store);

const url = new URL(values.database);
url.searchParams.set('application_name', 'tocsin_waits');
const waiter = await openStore(url.href, deps, { shared: true });
await waiter.leases.join({ roles: ['ingest'], waitsFor: ['ingest'] });
const client = new pg.Client({ connectionString: values.database });
await client.connect();
const seconds = Number(values.seconds);
const seen = new Set<string>();
const until = performance.now() + seconds * 1_000;
while (performance.now() < until) {
  const { rows } = await client.query<{ pid: number; at: string }>(
    "select pid, query_start::text as at from pg_stat_activity where application_name = 'tocsin_waits'",
  );
  for (const { pid, at } of rows) seen.add(`${pid} ${at}`);
  await systemClock.sleep(20);
}
report('postgres, a process that waits', { statementsPerSecond: Number((seen.size / seconds).toFixed(1)) });
await client.end();
await Promise.all([waiter.close(), shared.close()]);
