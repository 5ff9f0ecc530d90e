import { type RawBuilder, type Selectable, sql } from 'kysely';
import { MIN_PEOPLE, QUARTER } from '../../core/ports/readers.ts';
import { forgetChat } from './chats.ts';
import { unsent } from './outbox/advance.ts';
import { ADDED } from './readers.ts';
import { changed, insert, remove, select } from './rows.ts';
import type { Schema } from './schema.ts';
import type { Session } from './session.ts';
import { BROADCAST_SPAN, isPending, STATE } from './values.ts';

const DAY = 24 * 3_600_000;

/**
 * Keeping times, ms. Incidents, their transitions and reports are the record, and stay.
 * A feed carries an item for weeks, and may bring an old one back: seen keys stay four months after it was last carried.
 */
const KEEP = {
  /** Since a feed last carried the item. */
  seen: 120 * DAY,
  /** Deliveries with their broadcast, since it was made; what is not sent by then is not news any more. */
  deliveries: 30 * DAY,
  /** Texts of deliveries, since the last attempt with one: longer than the deliveries that name it. */
  payloads: 40 * DAY,
  /** Alerts and the references of their messages, since last notified, when none of the incidents is open: a late lift or correction edits them. */
  alerts: 180 * DAY,
  /** Raw measurements; then counted by day. */
  measurements: 30 * DAY,
  measurementDays: 730 * DAY,
  silences: 7 * DAY,
  /** Posts that nobody took: what they say is no news any more. */
  posts: 30 * DAY,
  /** What readers said works for them, in counts: the same hours of four weeks are what an hour is held against. */
  readers: 35 * DAY,
  /** That a command was answered: as far back as a platform gives things once more. */
  answered: DAY / 24,
  /** Chats that ended: their address is personal data. */
  goneChats: 180 * DAY,
} as const;

/** Rows of one table that one call deletes, in chunks of a transaction each. */
const STEP = 2_000;
/** Chats, broadcasts, alerts at a time. */
const FEW = 20;
/** A chunk should hold the event loop for about so long, ms: half as many rows where it took longer, twice as many where it took a third. */
const CHUNK_MS = 12;
const CHUNK_MIN = 10;
const CHUNK_FIRST = 200;

interface Removed {
  /** Rows that the chunk was about. */
  rows: number;
  more: boolean;
}

/** Deletes at most `room` rows in the transaction that it is given. */
type Part = (inner: Session, room: number) => Promise<Removed>;

/**
 * Deletes what is past its keeping time; each call a bounded number of rows, true = more to do. Each chunk is a transaction of its own, so that
 * a crash in between loses nothing and nobody waits for more than one; how large it may be is learned from how long the last ones took.
 */
export function createPrune(session: Session, monotonic: () => number, systemNow: () => number) {
  let chunk = CHUNK_FIRST;

  /** How long the statements took, without the wait for the disk, which holds up nobody. */
  const timed = async (inner: Session, part: Part, room: number): Promise<Removed> => {
    const began = monotonic();
    const removed = await part(inner, room);
    const took = monotonic() - began;
    if (took > CHUNK_MS) chunk = Math.max(CHUNK_MIN, chunk >> 1);
    else if (took < CHUNK_MS / 3 && removed.rows >= room) chunk = Math.min(STEP, chunk * 2);
    return removed;
  };

  const step = async (part: Part): Promise<boolean> => {
    for (let left = STEP; left > 0;) {
      const room = Math.min(left, chunk);
      const { rows, more } = await session.atomically((inner) => timed(inner, part, room));
      if (!more) return false;
      left -= Math.max(1, rows);
    }
    return true;
  };

  return async (now: number) => {
    let more = false;
    for (const part of partsAt(now, systemNow())) more = (await step(part)) || more;
    return more;
  };
}

const partsAt = (now: number, systemNow: number): Part[] => [
  oldest('seen', 'source_id, key', sql`at < ${now - KEEP.seen} order by at`),
  oldest('held', 'chat_id, delivery_id', sql`at < ${now - KEEP.deliveries} order by at`),
  oldest('silences', 'chat_id, country, service, incident_id', sql`until < ${now - KEEP.silences} order by until`),
  // No alert is left of its time.
  oldest(
    'unfollowed',
    'chat_id, country, service',
    sql`until_no < (select min(no) from alert_incidents) order by until_no`,
  ),
  // Keyv reckons by the system's clock.
  oldest('cache', 'namespace, key', sql`expires is not null and expires <= ${systemNow} order by expires`),
  oldest(
    'measurement_days',
    'day, kind, vantage_id, probe_cc, probe_asn, target, component, verdict',
    sql`day < ${Math.floor((now - KEEP.measurementDays) / DAY)} order by day`,
  ),
  oldest('posts', 'id', sql`at < ${now - KEEP.posts} order by id`),
  oldest('answers', 'id', sql`state = ${sql.lit(STATE.sent)} and at < ${now - KEEP.answered} order by id`),
  // Of an account that nobody sends for any more.
  oldest('answers', 'id', sql`state = ${sql.lit(STATE.queued)} and at < ${now - KEEP.deliveries} order by id`),
  ...readers(now),
  broadcasts(now),
  alerts(now),
  payloads(now),
  measurements(now),
  chats(now),
];

/** The first rows of a table that are of this kind, by its key. */
function oldest(table: string, key: string, which: RawBuilder<unknown>): Part {
  return async ({ db }, room) => {
    const columns = sql.raw(key);
    const result = await sql`
      delete from ${sql.table(table)} where (${columns}) in (select ${columns} from ${sql.table(table)} where ${which} limit ${room})
    `.execute(db);
    return removed(result, room);
  };
}

const removed = (result: Parameters<typeof changed>[0], room: number): Removed => {
  const rows = changed(result);
  return { rows, more: rows >= room };
};

function broadcasts(now: number): Part {
  return async (inner, limit) => {
    const which = { created_at: sql`< ${now - KEEP.deliveries}`, state: 'done' };
    const old = await select(inner, 'broadcasts', which, sql`order by created_at limit ${FEW}`);
    let room = limit;
    for (const { no } of old) {
      const range = sql`id between ${no * BROADCAST_SPAN} and ${(no + 1) * BROADCAST_SPAN - 1}`;
      const { rows } = await sql<Parameters<typeof unsent>[1][number] & { state: number }>`
        delete from deliveries where id in (select id from deliveries where ${range} order by id limit ${room})
        returning broadcast_no, account_id, chat_id, alert_no, op, state
      `.execute(inner.db);
      await unsent(inner, rows.filter(isPending));
      room -= rows.length;
      if (room <= 0) return { rows: limit, more: true };
      await remove(inner, 'broadcasts', { no });
    }
    return { rows: limit - room, more: old.length === FEW };
  };
}

function alerts(now: number): Part {
  return async (inner, limit) => {
    const { db } = inner;
    const { rows: old } = await sql<{ no: number }>`
      select a.no from alerts as a where a.told_at < ${now - KEEP.alerts}
      and not exists (
        select 1 from alert_incidents as c join incidents as i on i.id = c.incident_id where c.alert_no = a.no and i.open = 1
      )
      and not exists (select 1 from broadcasts as b where b.alert_no = a.no)
      order by a.told_at limit ${FEW}
    `.execute(db);
    let room = limit;
    for (const { no } of old) {
      const result = await sql`
        delete from messages where alert_no = ${no}
        and chat_id in (select chat_id from messages where alert_no = ${no} order by chat_id limit ${room})
      `.execute(db);
      room -= changed(result);
      if (room <= 0) return { rows: limit, more: true };
      await remove(inner, 'alert_incidents', { alert_no: no });
      await remove(inner, 'notices', { alert_no: no });
      await remove(inner, 'alerts', { no });
    }
    return { rows: limit - room, more: old.length === FEW };
  };
}

function payloads(now: number): Part {
  return async ({ db }, room) => {
    // The second condition walks what is unsettled only, and only when there is an old text at all.
    const result = await sql`
      delete from payloads where id in (select id from payloads where used_at < ${now - KEEP.payloads} order by used_at limit ${room})
      and id not in (select payload_id from deliveries where state < ${sql.lit(STATE.sent)} and payload_id is not null)
    `.execute(db);
    return removed(result, room);
  };
}

function measurements(now: number): Part {
  return async ({ db }, room) => {
    const old = sql`(select id from measurements where at < ${now - KEEP.measurements} order by at, id limit ${room})`;
    await sql`
      insert into measurement_days (day, kind, vantage_id, probe_cc, probe_asn, target, component, verdict, count)
      select at / ${sql.lit(DAY)}, kind, vantage_id, probe_cc, probe_asn, coalesce(target, ''), coalesce(component, ''), verdict, count(*)
      from measurements where id in ${old}
      group by 1, 2, 3, 4, 5, 6, 7, 8
      on conflict (day, kind, vantage_id, probe_cc, probe_asn, target, component, verdict)
      do update set count = measurement_days.count + excluded.count
    `.execute(db);
    return removed(await sql`delete from measurements where id in ${old}`.execute(db), room);
  };
}

/** Counts of readers: no more than a year of a busy bot, whatever a flood writes. */
const MOST_COUNTS = 1_000_000;

/** Keys and digests end with their day, counts with their time; of operators of whom few spoke within an hour the name goes. */
function readers(now: number): Part[] {
  const counts = 'slot, country, service, operator, verdict, door';
  const [day, slot] = [Math.floor(now / DAY), (at: number): number => Math.floor(at / QUARTER)];
  const few = sql`operator <> '' and people < ${MIN_PEOPLE} and slot < ${slot(now - DAY / 24)} and slot >= ${slot(now - 2 * DAY)}`;
  return [
    oldest('reader_voices', 'digest', sql`day < ${day}`),
    oldest('reader_keys', 'day', sql`day < ${day}`),
    oldest('reader_counts', counts, sql`slot < ${slot(now - KEEP.readers)} order by slot`),
    oldest(
      'reader_counts',
      counts,
      sql`slot < (select slot from reader_counts order by slot desc limit 1 offset ${MOST_COUNTS})`,
    ),
    async (inner, room) => {
      const { rows } = await sql<Selectable<Schema['reader_counts']>>`
        delete from reader_counts where (${sql.raw(counts)}) in (
          select ${sql.raw(counts)} from reader_counts where ${few} order by slot limit ${room}
        ) returning *
      `.execute(inner.db);
      for (const row of rows) await insert(inner, 'reader_counts', { ...row, operator: '' }, ADDED);
      return { rows: rows.length, more: rows.length >= room };
    },
  ];
}

/** A chat has many rows: as many chats as a tenth of the rows. */
function chats(now: number): Part {
  return async (inner, room) => {
    const few = Math.max(1, Math.min(FEW, Math.floor(room / 10)));
    const which = { state: sql`= 'gone'`, ended_at: sql`< ${now - KEEP.goneChats}` };
    const gone = await select(inner, 'chats', which, sql`order by ended_at limit ${few}`);
    for (const { id } of gone) await forgetChat(inner, id);
    return { rows: gone.length * 10, more: gone.length === few };
  };
}
