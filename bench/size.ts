/**
 * What the database weighs: a chat that follows one thing, a delivery that is on record, and the same on PostgreSQL where one is given.
 * `node bench/size.ts [chats] [postgres://… of an empty database]`; under a minute. The figures of `docs/scale.md`.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Broadcast } from '../src/core/model/alert.ts';
import type { Store } from '../src/core/ports/store.ts';
import { numbers, openQuietly, seed } from '../test/e2e/torture/subscribers.ts';
import { round, say } from './shared.ts';

const chats = Number(process.argv[2] ?? 100_000);
const postgres = process.argv[3] ?? null;
const NOW = 1_770_000_000_000;
const LEVEL = 'corroborated' as const;
/** A message of usual length; what is under way keeps it, so that a kill repeats the same text. */
const PAYLOAD = JSON.stringify({ text: 'x'.repeat(700) });

/** Bytes of the file with its journal written back, or of all tables and indexes. */
type Weigh = () => Promise<number>;

const broadcastOf = (n: number): Broadcast => ({
  id: `broadcast-${n}`,
  alertId: `alert-${n}`,
  kind: 'new',
  loud: true,
  reason: 'opened',
  incidentIds: [`RU-whatsapp-${n}`],
  priority: 'alert',
  createdAt: NOW,
  dueAt: NOW,
  phase: 'others',
  cursor: 0,
  state: 'waiting',
});

/** One alert to everybody, sent. */
async function tellAll(store: Store, n: number): Promise<number> {
  let broadcast = broadcastOf(n);
  const [incidentId] = broadcast.incidentIds;
  await store.transaction(async ({ alerts, broadcasts }) => {
    const incidents = [{ incidentId: incidentId!, addedAt: NOW }];
    const { alertId } = broadcast;
    await alerts.insert({
      id: alertId,
      country: 'RU',
      level: LEVEL,
      createdAt: NOW,
      notifiedAt: NOW,
      widenRepliedAt: null,
      incidents,
    });
    await broadcasts.insert(broadcast);
  });
  const matchers = [{ incidentId: incidentId!, country: 'RU', service: 'whatsapp', onlyEarlier: true }];
  while (broadcast.state !== 'done')
    broadcast = (
      await store.outbox.fill(broadcast, {
        level: LEVEL,
        matchers,
        supersedes: [],
        othersToo: true,
        now: NOW,
        chunk: 10_000,
      })
    ).broadcast;
  let sent = 0;
  for (let flying: number[] = []; ;) {
    const claims = await store.outbox.peek('tg', 500, NOW + 1, []);
    const ended = flying.map((id) => ({ id, outcome: 'sent' as const, messageRef: String(10_000_000 + id) }));
    const begun = claims.map(({ id }) => ({ id, payload: PAYLOAD }));
    await store.outbox.advance(ended, begun, NOW + 1);
    sent += ended.length;
    flying = begun.map(({ id }) => id);
    if (flying.length === 0) return sent;
  }
}

async function weighed(engine: string, database: string, weigh: Weigh): Promise<void> {
  const started = performance.now();
  const empty = await openQuietly(database);
  await empty.close();
  const bare = await weigh();
  await seed(database, [{ account: 'tg', platform: 'telegram', chats: [...numbers(1, chats)] }]);
  const full = await weigh();
  const store = await openQuietly(database);
  const sent = await tellAll(store, 1);
  await store.close();
  const told = await weigh();
  const ms = performance.now() - started;
  say({
    name: `${engine}: bytes a chat with one subscription · bytes a delivery on record`,
    value: `${round((full - bare) / chats, 0)} · ${round((told - full) / sent, 0)}`,
    notes: `${chats} chats, ${sent} deliveries, ${round(told / 1e6, 0)} MB in all, ${round(ms / 1_000, 0)} s`,
  });
}

const folder = mkdtempSync(join(tmpdir(), 'tocsin-size-'));
try {
  const file = join(folder, 'tocsin.db');
  await weighed('SQLite', file, async () => statSync(file).size);
} finally {
  rmSync(folder, { recursive: true });
}
if (postgres !== null) {
  const { default: pg } = await import('pg');
  await weighed('PostgreSQL', postgres, async () => {
    const client = new pg.Client({ connectionString: postgres });
    await client.connect();
    const { rows } = await client.query<{ bytes: string }>(
      "select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = current_schema() and c.relkind = 'r'",
    );
    await client.end();
    return Number(rows[0]!.bytes);
  });
}
