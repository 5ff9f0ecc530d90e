/**
 * Two processes on one PostgreSQL, a broadcast at 27/s to 20,000 chats: how long after SIGTERM, and after kill -9, does the other send? `node bench/takeover.ts
 * postgres://… [rounds]`: the address of a database in which a schema may be made; twelve seconds a round.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Program } from '../test/e2e/program.ts';
import { Rig } from '../test/e2e/torture/rig.ts';
import { median, round, say, spread } from './shared.ts';

const address = process.argv[2];
if (address === undefined) throw new Error('node bench/takeover.ts postgres://… [rounds]');
const rounds = Number(process.argv[3] ?? 8);
const schema = `tocsin_bench_${process.pid}`;
/** Each with what it may take, ms. */
const ENDS = { stop: 1_000, kill: 5_000 };
/** Longer than any takeover, ms. */
const WATCH = 20_000;
/** Six messages of the pace, ms. */
const SILENT = 220;
/** As often as a lease is renewed, ms: rounds end at each phase of it. */
const RENEWED = 1_000;

async function inDatabase(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(`set client_min_messages = warning; ${statement}`);
  await client.end();
}

await inDatabase(`create schema ${schema}`);
const database = new URL(address);
database.searchParams.set('options', `-csearch_path=${schema}`);
const rig = await Rig.create({ chats: 20_000, limits: 'official', rate: 27, database: database.href });
const other = await Program.create(JSON.parse(readFileSync(rig.program.configFile, 'utf8')));
try {
  const took: Record<keyof typeof ENDS, number[]> = { stop: [], kill: [] };
  let [holds, waits] = [rig.program, other];
  await holds.start();
  await waits.start();
  rig.bell.ring();
  while ((await rig.accepted()) < 30) await sleep(50);
  for (let i = 0; i < rounds; i++)
    for (const how of ['stop', 'kill'] as const) {
      await sleep(1_000 + (RENEWED * i) / rounds);
      const began = performance.now();
      const ended = holds[how]();
      took[how].push((await silence()) - began);
      await ended;
      [holds, waits] = [waits, holds];
      await waits.start();
    }
  for (const how of ['stop', 'kill'] as const)
    say({
      name: `from ${how === 'stop' ? 'SIGTERM' : 'kill -9'} in a broadcast until the other process sends, ms`,
      value: spread(took[how]),
      floor: `< ${ENDS[how]} ms`,
      ok: Math.max(...took[how]) < ENDS[how],
      notes: `median ${round(median(took[how]), 0)} of ${rounds}; ${(await rig.telegram.stats()).served_429} refusals`,
    });
} finally {
  await other.remove();
  await rig.remove();
  await inDatabase(`drop schema ${schema} cascade`);
}

/** When the first silence ended. */
async function silence(): Promise<number> {
  let [seen, last] = [await rig.accepted(), performance.now()];
  for (const until = last + WATCH; performance.now() < until; await sleep(5)) {
    const [now, count] = [performance.now(), await rig.accepted()];
    if (count === seen) continue;
    if (now - last > SILENT) return now;
    [seen, last] = [count, now];
  }
  throw new Error(`Nothing is sent, or nobody stopped\n${rig.program.tail()}\n${other.tail()}`);
}
