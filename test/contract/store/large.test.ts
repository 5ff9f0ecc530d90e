import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { createHousekeeping } from '../../../src/app/housekeeping.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { quietLog as quiet } from '../../fakes/fake-log.ts';
import { expectAtMost } from '../../fakes/pace.ts';
import { DAY } from './samples.ts';
import { storeWithParts, tempDir } from './sqlite-parts.ts';

const ROWS = 50_000;

/** Rows past their keeping time in every table that grows, and as many that stay. */
function fill(raw: DatabaseSync, now: number): void {
  const old = now - 400 * DAY;
  const series = `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${ROWS - 1})`;
  raw.exec('begin');
  for (const at of [old, now]) {
    const tag = at === old ? 'old' : 'new';
    const base = at === old ? 0 : 1_000_000;
    raw.exec(
      `${series} insert into seen select 'feed' || (i % 50), '${tag}' || (i * 7919 % 1000003), ${at} + i from n`,
    );
    raw.exec(
      `${series} insert into measurements select '${tag}' || (i * 7919 % 1000003), 's', 'http', ${at} + i, 'RU', 'AS1', 'v' || (i % 5), 't' || (i % 99), null, 'ok', null, '[]', '{"a":"${'x'.repeat(300)}"}' from n`,
    );
    raw.exec(
      `${series} insert into payloads select ${base} + i + 1, '${tag}' || i, '${'y'.repeat(200)}', ${at} + i from n`,
    );
    raw.exec(
      `insert into chats (id, account_id, platform, chat, thread, kind, lang, time_zone, level, state, created_at, ended_at)
       ${series} select ${base} + i + 1, 'tg', 'telegram', '${tag}' || i, '', 'private', 'en', 'UTC', 1, '${at === old ? 'gone' : 'active'}', ${at}, ${at === old ? at : 'null'} from n where i < 2000`,
    );
    raw.exec(
      `insert into alerts (no, id, level, created_at, told_at) values (${base + 1}, '${tag}', 1, ${at}, ${at});
       insert into broadcasts (no, id, alert_no, kind, loud, reason, incident_ids, lane, created_at, due_at, phase, cursor, state)
       values (${base === 0 ? 1 : 2}, '${tag}', ${base + 1}, 'new', 1, 'opened', '[]', 1, ${at}, ${at}, 'others', 0, 'done')`,
    );
    raw.exec(
      `${series} insert into messages (alert_no, chat_id, ref) select ${base + 1}, 5000000 + i, 'ref' || i from n`,
    );
  }
  raw.exec('commit; pragma wal_checkpoint(truncate)');
}

const count = (raw: DatabaseSync, table: string): number =>
  Number(raw.prepare(`select count(*) as n from ${table}`).get()!.n);

test('a quarter of a million rows past their time: deleted while the heartbeat goes on, and no chunk holds the loop for long', async () => {
  const { store, raw } = await storeWithParts(join(tempDir(), 'tocsin.db'), systemClock);
  const now = Date.now();
  fill(raw, now);
  // A chunk is what runs between two turns of the loop; the processor's time of it, for others are on this machine, too.
  const held: number[] = [];
  let last = process.cpuUsage();
  let ended = false;
  const tick = (): void => {
    const used = process.cpuUsage(last);
    held.push((used.user + used.system) / 1_000);
    last = process.cpuUsage();
    if (!ended) setImmediate(tick);
  };
  setImmediate(tick);
  const stop = new AbortController();
  const beats: number[] = [];
  // A clock of its own for the loops' pauses: hours and half minutes pass in milliseconds.
  const quick = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) =>
      systemClock.sleep(Math.min(ms, ms >= 3_600_000 ? 60_000 : ms === 30_000 ? 20 : 0), signal),
  };
  const own = {
    ...store,
    state: (name: string) => {
      const state = store.state(name);
      return {
        ...state,
        set: async (key: string, value: unknown) => {
          await state.set(key, value);
          beats.push(performance.now());
        },
      };
    },
  };
  const housekeeping = createHousekeeping({ store: own, clock: quick, log: quiet, pid: 1 });
  const loops = [housekeeping.beat(stop.signal), housekeeping.prune(stop.signal)];
  const began = performance.now();
  while (
    count(raw, 'seen') + count(raw, 'payloads') + count(raw, 'measurements') > 3 * ROWS ||
    count(raw, 'messages') > ROWS ||
    count(raw, 'chats') > 2_000
  ) {
    if (performance.now() - began > 90_000) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  stop.abort();
  await Promise.all(loops);
  ended = true;
  expect(
    Object.fromEntries(
      ['seen', 'measurements', 'payloads', 'messages', 'chats'].map((table) => [table, count(raw, table)]),
    ),
  ).toEqual({
    seen: ROWS,
    measurements: ROWS,
    payloads: ROWS,
    messages: ROWS,
    chats: 2_000,
  });
  const gaps = beats.slice(1).map((at, i) => at - beats[i]!);
  expect(beats.length).toBeGreaterThan(20);
  expectAtMost(Math.max(...gaps), 1_000);
  // The processor's time counts that of other threads (the disk), so a few are forgiven.
  expectAtMost(held.filter((ms) => ms > 50).length, 3);
}, 120_000);
