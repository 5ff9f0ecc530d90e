/**
 * The store under load: `node bench/store.ts [--rows 100000] [--database postgres://…] [--rounds 3]`. One JSON object a line.
 * Each figure that depends on the machine stands beside the bare limit, measured in the same run, in turns.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Broadcast } from '../src/core/model/alert.ts';
import type { Log } from '../src/core/ports/runtime.ts';
import type { Store } from '../src/core/ports/store.ts';
import { systemClock } from '../src/platform/clock.ts';
import { createIds } from '../src/platform/ids.ts';
import { openStore } from '../src/store/open.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    database: { type: 'string' },
    opens: { type: 'string' },
  },
});

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
const deps = { clock: systemClock, log: quiet, ids: createIds(systemClock) };
const NOW = 1_770_000_000_000;
const LEVEL = 'corroborated' as const;
const report = (name: string, facts: Record<string, number | string>) =>
  process.stdout.write(`${JSON.stringify({ name, ...facts })}\n`);
const round = (value: number, digits = 1) => Number(value.toFixed(digits));
const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const quantile = (numbers: number[], q: number) =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * q))]!;
const rssMb = () => process.memoryUsage.rss() / 1e6;
const cpuless = () => new Promise((resolve) => setTimeout(resolve, 200));

/** What the export of such a database would hold: chats with one subscription each. Import is the fastest way in. */
async function* subscribers(count: number, matches: (n: number) => string): AsyncGenerator<string> {
  yield JSON.stringify({ tocsin: 'export', format: 1, schema: 1, at: new Date(NOW).toISOString() });
  const { createHash } = await import('node:crypto');
  const tables = [
    {
      table: 'chats',
      columns: 'id account_id platform chat thread kind lang time_zone level state created_at'.split(' '),
      row: (n: number) => [n, 'tg', 'telegram', String(n), '', 'private', 'en', 'UTC', 1, 'active', 1],
    },
    {
      table: 'subscriptions',
      columns: 'chat_id country service level created_at account_id'.split(' '),
      row: (n: number) => [n, 'RU', matches(n), 1, 1, 'tg'],
    },
  ];
  for (const { table, columns, row } of tables) {
    yield JSON.stringify({ table, columns });
    const sum = createHash('sha256');
    for (let n = 1; n <= count; n++) {
      const line = JSON.stringify(row(n));
      sum.update(`${line}\n`);
      yield line;
    }
    yield JSON.stringify({ end: table, rows: count, checksum: sum.digest('hex') });
  }
  yield JSON.stringify({ end: 'export', tables: 2, rows: 2 * count });
}

let serial = 0;
async function newBroadcast(store: Store, service: string): Promise<Broadcast> {
  const no = ++serial;
  const broadcast: Broadcast = {
    id: `broadcast-${String(no).padStart(6, '0')}`,
    alertId: `alert-${String(no).padStart(10, '0')}`,
    kind: 'new',
    loud: true,
    reason: 'opened',
    incidentIds: [`RU-${service}-${no}`],
    priority: 'alert',
    createdAt: NOW,
    dueAt: NOW,
    phase: 'others',
    cursor: 0,
    state: 'waiting',
  };
  await store.transaction(async (tables) => {
    await tables.alerts.insert({
      id: broadcast.alertId,
      country: 'RU',
      level: LEVEL,
      createdAt: NOW,
      notifiedAt: NOW,
      widenRepliedAt: null,
      incidents: [{ incidentId: broadcast.incidentIds[0]!, addedAt: NOW }],
    });
    await tables.broadcasts.insert(broadcast);
  });
  return broadcast;
}

/** Fills a broadcast to its end; times of the chunks in ms. */
async function fillAll(
  store: Store,
  start: Broadcast,
  service: string,
): Promise<{ written: number; chunks: number[] }> {
  const matchers = [{ incidentId: start.incidentIds[0]!, country: 'RU', service, onlyEarlier: true }];
  let broadcast = start;
  let written = 0;
  const chunks: number[] = [];
  while (broadcast.state !== 'done') {
    const t = performance.now();
    const filled = await store.outbox.fill(broadcast, {
      level: LEVEL,
      matchers,
      supersedes: [],
      othersToo: true,
      now: NOW,
      chunk: 10_000,
    });
    chunks.push(performance.now() - t);
    written += filled.written;
    broadcast = filled.broadcast;
  }
  return { written, chunks };
}

/** The bare limit: rows of the same facts into a table with one index, in one transaction. */
function bareOf(dir: string, rows: number): () => number {
  const db = new DatabaseSync(join(dir, `bare-${rows}.db`), { timeout: 5000 });
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -32768');
  db.exec(
    'create table outbox (id integer primary key, event_id integer, chat_id integer, pri integer, due integer, lease integer default 0)',
  );
  db.exec('create index ob on outbox (pri, due, id)');
  db.exec('create table subs (chat_id integer primary key, topic integer)');
  db.exec(
    `with recursive g (n) as (select 1 union all select n + 1 from g where n < ${rows}) insert into subs select n, 0 from g`,
  );
  let event = 0;
  return () => {
    const t = performance.now();
    db.exec(
      `begin immediate; insert into outbox (event_id, chat_id, pri, due) select ${++event}, chat_id, 0, ${event} from subs; commit`,
    );
    return performance.now() - t;
  };
}

async function enqueue(store: Store, dir: string, rows: number, rounds: number): Promise<void> {
  const bare = bareOf(dir, rows);
  const ratios: number[] = [];
  const ours: number[] = [];
  const bares: number[] = [];
  let worst = 0;
  const before = rssMb();
  for (let i = 0; i < rounds; i++) {
    const base = bare();
    const broadcast = await newBroadcast(store, 'whatsapp');
    const t = performance.now();
    const { written, chunks } = await fillAll(store, broadcast, 'whatsapp');
    const took = performance.now() - t;
    if (written !== rows) throw new Error(`wrote ${written} of ${rows}`);
    bares.push(base);
    ours.push(took);
    ratios.push(took / base);
    worst = Math.max(worst, ...chunks);
    await cpuless();
  }
  report('enqueue', {
    rows,
    bareMs: round(median(bares)),
    ms: round(median(ours)),
    ratio: round(median(ratios), 2),
    worstChunkMs: round(worst),
    rssGrowthMb: round(rssMb() - before),
  });
}

/** A loud change for all who hold the alert's message: an edit and a reply each. */
async function holders(store: Store, rows: number, alertId: string): Promise<void> {
  const no = ++serial;
  const change: Broadcast = {
    ...(await newBroadcast(store, 'whatsapp')),
    id: `lift-${no}`,
    alertId,
    kind: 'lifted',
    phase: 'holders',
  };
  await store.broadcasts.insert(change);
  const t = performance.now();
  const { written, chunks } = await fillAll(store, change, 'whatsapp');
  report('holders', { rows, written, ms: round(performance.now() - t), worstChunkMs: round(Math.max(...chunks)) });
}

async function deliver(store: Store, window: number, most: number): Promise<void> {
  let done = 0;
  let inFlight: { id: number; outcome: 'sent'; messageRef: string }[] = [];
  const advances: number[] = [];
  const peeks: number[] = [];
  const t = performance.now();
  while (done < most) {
    const t1 = performance.now();
    const claims = await store.outbox.peek('tg', window, NOW + 1, []);
    const t2 = performance.now();
    const begun = await store.outbox.advance(
      inFlight,
      claims.map(({ id }) => ({ id, payload: 'Blocked: WhatsApp in Russia' })),
      NOW + 2,
    );
    peeks.push(t2 - t1);
    advances.push(performance.now() - t2);
    if (begun.length < claims.length) throw new Error('not begun');
    inFlight = claims.map(({ id }) => ({ id, outcome: 'sent', messageRef: String(id) }));
    done += claims.length;
    if (claims.length === 0) break;
  }
  await store.outbox.advance(inFlight, [], NOW + 2);
  const took = performance.now() - t;
  report('deliver', {
    window,
    deliveries: done,
    perSecond: Math.round(done / (took / 1000)),
    peekP50Ms: round(median(peeks), 3),
    advanceP50Ms: round(median(advances), 3),
    advanceP99Ms: round(quantile(advances, 0.99), 3),
  });
}

async function smallWrites(store: Store): Promise<void> {
  const states = Array.from({ length: 1000 }, (_, i) => ({
    id: `source-${i}`,
    state: {
      lastPollAt: NOW,
      lastOkAt: NOW,
      firstPollDone: true,
      failures: 0,
      failingSince: null,
      lastCode: null,
      lastMessage: null,
      notBefore: null,
      nextDueAt: NOW,
    },
  }));
  const keys = Array.from({ length: 40 }, (_, i) => `g${i}-0123456789abcdef`);
  const times = { setMany1000: [] as number[], known40: [] as number[], add40: [] as number[], depth: [] as number[] };
  for (let i = 0; i < 50; i++) {
    const timed = async (name: keyof typeof times, work: () => Promise<unknown>) => {
      const t = performance.now();
      await work();
      times[name].push(performance.now() - t);
    };
    await timed('setMany1000', () => store.sourceStates.setMany(states));
    await timed('add40', () => store.seen.add(`source-${i}`, keys, NOW));
    await timed('known40', () => store.seen.known(`source-${i}`, keys));
    if (i % 10 === 0) await timed('depth', () => store.outbox.depth());
  }
  report(
    'small',
    Object.fromEntries(Object.entries(times).map(([name, list]) => [`${name}Ms`, round(median(list), 3)])),
  );
}

/** In a process of its own: how long until the store answers, and its memory. */
function opens(file: string): void {
  const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--opens', file], {
    encoding: 'utf8',
  });
  process.stdout.write(stdout);
}

if (values.opens !== undefined) {
  const t = performance.now();
  const store = await openStore(values.opens, deps);
  await store.chats.counts();
  const count = await store.subscriptions.count();
  report('open', { subscriptions: count, ms: round(performance.now() - t), rssMb: round(rssMb()) });
  await store.close();
} else {
  const rows = Number(values.rows);
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  const file = join(dir, 'tocsin.db');
  try {
    const store = await openStore(values.database ?? file, deps);
    const t = performance.now();
    await store.restore(subscribers(rows, () => 'whatsapp'));
    report('import', { rows: 2 * rows, ms: round(performance.now() - t) });
    await smallWrites(store);
    await enqueue(store, dir, rows, Number(values.rounds));
    await deliver(store, 16, 8_000);
    await deliver(store, 64, 32_000);
    await holders(store, rows, 'alert-0000000001');
    await smallWrites(store);
    await store.close();
    if (values.database === undefined) opens(file);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
