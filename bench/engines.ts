/**
 * One alert to 20,000 chats, limits off, `rate: 0`, one process: on PostgreSQL, shared and under leases, against SQLite, in turns.
 * `node bench/engines.ts postgres://… [chats] [rounds]`: the address of a database in which a schema may be made; three minutes.
 */
import pg from 'pg';
import { Rig } from '../test/e2e/torture/rig.ts';
import { rateOf } from './rate-of.ts';
import { median, say, spread } from './shared.ts';

const FLOOR = 0.5;
const address = process.argv[2];
if (address === undefined) throw new Error('node bench/engines.ts postgres://… [chats] [rounds]');
const chats = Number(process.argv[3] ?? 20_000);
const rounds = Number(process.argv[4] ?? 5);
const schema = `tocsin_bench_${process.pid}`;

async function inDatabase(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(`set client_min_messages = warning; ${statement}`);
  await client.end();
}

await inDatabase(`create schema ${schema}`);
const shared = new URL(address);
shared.searchParams.set('options', `-csearch_path=${schema}`);
const options = { chats, limits: 'off' as const, rate: 0, telegram: { callLog: 0 } };
const rigs = [await Rig.create(options), await Rig.create({ ...options, database: shared.href })] as const;
try {
  const rates: [number[], number[]] = [[], []];
  for (const rig of rigs) {
    await rig.program.start();
    // The first alert warms it.
    await rateOf(rig, rig.bell.ring(), chats);
  }
  for (let i = 0; i < rounds; i++)
    for (const [n, rig] of rigs.entries()) rates[n]!.push(await rateOf(rig, rig.bell.ring(), chats));
  const [sqlite, postgres] = rates;
  const ratio = median(postgres.map((rate, i) => rate / sqlite[i]!));
  say({
    name: `one alert to ${chats} chats, limits off, on PostgreSQL, sends/s`,
    value: spread(postgres),
    bare: `${spread(sqlite)} (SQLite)`,
    ratio,
    floor: `≥ ${FLOOR} × SQLite`,
    ok: ratio >= FLOOR,
    notes: `${rounds} rounds in turns, one process each`,
  });
} finally {
  for (const rig of rigs) await rig.remove();
  await inDatabase(`drop schema ${schema} cascade`);
}
