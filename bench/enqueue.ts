/**
 * One alert to 100,000 and to 1,000,000 subscribers in the running program: how long filling the outbox takes against the bare
 * `INSERT … SELECT`, what it costs in memory, how long a command waits meanwhile; and the start with so many stored.
 * `node bench/enqueue.ts [subscribers …]`.
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig } from '../test/e2e/torture/rig.ts';
import { median, peakRss, round, rssOf, say, spread } from './shared.ts';

/** Only so many are sent before the measurement is over: the stand-in need not know the others. */
const KNOWN = 20_000;
const ROUNDS = 3;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100_000, 1_000_000];

/** Rows of the same facts into a table with one index, in one transaction, as durable as ours. */
function bare(file: string, rows: number): () => number {
  const db = new DatabaseSync(file);
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -32768');
  db.exec(
    'create table outbox (id integer primary key, event_id integer, chat_id integer, pri integer, due integer, lease integer default 0); create index ob on outbox (pri, due, id); create table subs (chat_id integer primary key, topic integer)',
  );
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

for (const size of sizes) {
  const rig = await Rig.create({ chats: Math.min(size, KNOWN), stored: size, limits: 'official', rate: 27 });
  try {
    const starts: number[] = [];
    let idle = 0;
    for (let i = 0; i < 3; i++) {
      starts.push(await rig.program.start());
      idle = rssOf(rig.program.pid);
      if (i < 2) await rig.program.stop();
    }
    say({
      name: `start with ${size} subscriptions stored: ready after ms`,
      value: median(starts).toFixed(0),
      floor: '< 3,000 ms, RSS < 300 MB',
      ok: median(starts) < 3_000 && idle < 300,
      notes: `RSS ${round(idle, 0)} MB`,
    });
    const base = bare(`${rig.program.folder}/bare.db`, size);
    const bares = [base()];
    // Each is asked at most once a second: that is Telegram's own limit for a chat.
    const people = await Promise.all(
      Array.from({ length: 8 }, (_, i) => rig.telegram.user({ first_name: `Ann ${i}` })),
    );
    await people[0]!.send('/status ru');
    await people[0]!.chat.waitFor({ timeout_ms: 10_000 });
    await sleep(1_000);
    const before = rssOf(rig.program.pid);
    const waits: number[] = [];
    let asked = 0;
    const filled = new RegExp(`Broadcast filled .*deliveries=${size} ms=(\\d+)`, 'g');
    const fills = (): number[] => [...rig.program.stderr.matchAll(filled)].map((found) => Number(found[1]));
    const { peak } = await peakRss(rig.program.pid, async () => {
      for (let n = 1; n <= ROUNDS; n++) {
        rig.bell.ring();
        while (fills().length < n) {
          const asker = people[asked++ % people.length]!;
          const { message } = await asker.send('/ping');
          const answer = await asker.chat.waitFor({ after_message_id: message.message_id, timeout_ms: 60_000 });
          waits.push(Number(answer.at) - Number(message.at));
          await sleep(250);
        }
        bares.push(base());
      }
    });
    const took = median(fills());
    const ratio = took / median(bares);
    const grown = peak - before;
    say({
      name: `enqueue one alert to ${size} subscribers, ms`,
      value: spread(fills()),
      bare: spread(bares),
      ratio,
      floor: '≤ 6 × bare INSERT … SELECT, RSS + < 50 MB, a command < 1,000 ms',
      ok: ratio <= 6 && grown < 50 && Math.max(...waits) < 1_000,
      notes: `RSS + ${round(grown, 0)} MB; ${waits.length} commands meanwhile, the slowest ${round(Math.max(...waits), 0)} ms; sending goes on beside it`,
    });
  } finally {
    await rig.remove();
  }
}
