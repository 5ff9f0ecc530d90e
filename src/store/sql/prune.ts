import { type RawBuilder, sql } from 'kysely';
import { forgetChat } from './chats.ts';
import { BROADCAST_SPAN, isPending } from './codes.ts';
import { unsent } from './outbox/advance.ts';
import type { Session } from './session.ts';

const DAY = 24 * 3_600_000;

/**
 * Keeping times, ms. Incidents, their transitions and reports are the record, and stay.
 * A feed carries an item for weeks, and may bring an old one back: seen keys stay four months after it was last carried.
 */
export const KEEP = {
  /** Since a feed last carried the item. */
  seen: 120 * DAY,
  /** Deliveries with their broadcast, since it was made; what is not sent by then is not news any more. */
  deliveries: 30 * DAY,
  /** Texts of deliveries, since the last attempt with one: longer than the deliveries that name it. */
  payloads: 40 * DAY,
  /** Alerts and the references of their messages, since last told, when none of the incidents is open: a late lift or correction edits them. */
  alerts: 180 * DAY,
  /** Raw measurements; then counted by day. */
  measurements: 30 * DAY,
  measurementDays: 730 * DAY,
  silences: 7 * DAY,
  /** Chats that ended: their address is personal data. */
  goneChats: 180 * DAY,
} as const;

/** Rows that one step deletes in one transaction, so that nobody waits long. */
const STEP = 2_000;
/** Chats, broadcasts, alerts at a time. */
const FEW = 20;

/** True = more to do. Each part is a transaction of its own; a crash in between loses nothing. */
export async function prune(session: Session, now: number, systemNow: () => number): Promise<boolean> {
  const parts = [
    () => oldest(session, 'seen', 'source_id, key', sql`at < ${now - KEEP.seen} order by at`),
    () =>
      oldest(
        session,
        'silences',
        'chat_id, country, service, incident_id',
        sql`until < ${now - KEEP.silences} order by until`,
      ),
    // Keyv reckons by the system's clock.
    () =>
      oldest(
        session,
        'cache',
        'namespace, key',
        sql`expires is not null and expires <= ${systemNow()} order by expires`,
      ),
    () =>
      oldest(
        session,
        'measurement_days',
        'day, kind, vantage_id, probe_cc, probe_asn, target, component, verdict',
        sql`day < ${Math.floor((now - KEEP.measurementDays) / DAY)} order by day`,
      ),
    () => pruneBroadcasts(session, now),
    () => pruneAlerts(session, now),
    () => prunePayloads(session, now),
    () => pruneMeasurements(session, now),
    () => pruneChats(session, now),
  ];
  let more = false;
  for (const part of parts) more = (await part()) || more;
  return more;
}

/** Deletes at most `STEP` rows of a table by its key. */
async function oldest(session: Session, table: string, key: string, which: RawBuilder<unknown>): Promise<boolean> {
  return session.atomically(async ({ db }) => {
    const columns = sql.raw(key);
    const result = await sql`
      delete from ${sql.table(table)} where (${columns}) in (select ${columns} from ${sql.table(table)} where ${which} limit ${STEP})
    `.execute(db);
    return Number(result.numAffectedRows ?? 0) >= STEP;
  });
}

async function pruneBroadcasts(session: Session, now: number): Promise<boolean> {
  return session.atomically(async (inner) => {
    const { db } = inner;
    const old = await db
      .selectFrom('broadcasts')
      .select('no')
      .where('created_at', '<', now - KEEP.deliveries)
      .where('state', '=', 'done')
      .orderBy('created_at')
      .limit(FEW)
      .execute();
    let room = STEP;
    for (const { no } of old) {
      const range = sql`id between ${no * BROADCAST_SPAN} and ${(no + 1) * BROADCAST_SPAN - 1}`;
      const { rows } = await sql<Parameters<typeof unsent>[1][number] & { state: number }>`
        delete from deliveries where id in (select id from deliveries where ${range} order by id limit ${room})
        returning broadcast_no, account_id, chat_id, alert_no, op, state
      `.execute(db);
      await unsent(inner, rows.filter(isPending));
      room -= rows.length;
      if (room <= 0) return true;
      await db.deleteFrom('broadcasts').where('no', '=', no).execute();
    }
    return old.length === FEW;
  });
}

async function pruneAlerts(session: Session, now: number): Promise<boolean> {
  return session.atomically(async ({ db }) => {
    const { rows: old } = await sql<{ no: number }>`
      select a.no from alerts as a where a.told_at < ${now - KEEP.alerts}
      and not exists (
        select 1 from alert_incidents as c join incidents as i on i.id = c.incident_id where c.alert_no = a.no and i.open = 1
      )
      and not exists (select 1 from broadcasts as b where b.alert_no = a.no)
      order by a.told_at limit ${FEW}
    `.execute(db);
    let room = STEP;
    for (const { no } of old) {
      const result = await sql`
        delete from messages where alert_no = ${no}
        and chat_id in (select chat_id from messages where alert_no = ${no} order by chat_id limit ${room})
      `.execute(db);
      room -= Number(result.numAffectedRows ?? 0);
      if (room <= 0) return true;
      await db.deleteFrom('alert_incidents').where('alert_no', '=', no).execute();
      await db.deleteFrom('alerts').where('no', '=', no).execute();
    }
    return old.length === FEW;
  });
}

async function prunePayloads(session: Session, now: number): Promise<boolean> {
  return session.atomically(async ({ db }) => {
    // The second condition walks what is unsettled only, and only when there is an old text at all.
    const result = await sql`
      delete from payloads where id in (select id from payloads where used_at < ${now - KEEP.payloads} order by used_at limit ${STEP})
      and id not in (select payload_id from deliveries where state < 2 and payload_id is not null)
    `.execute(db);
    return Number(result.numAffectedRows ?? 0) >= STEP;
  });
}

async function pruneMeasurements(session: Session, now: number): Promise<boolean> {
  return session.atomically(async ({ db }) => {
    const old = sql`(select id from measurements where at < ${now - KEEP.measurements} order by at, id limit ${STEP})`;
    await sql`
      insert into measurement_days (day, kind, vantage_id, probe_cc, probe_asn, target, component, verdict, count)
      select at / ${sql.lit(DAY)}, kind, vantage_id, probe_cc, probe_asn, coalesce(target, ''), coalesce(component, ''), verdict, count(*)
      from measurements where id in ${old}
      group by 1, 2, 3, 4, 5, 6, 7, 8
      on conflict (day, kind, vantage_id, probe_cc, probe_asn, target, component, verdict)
      do update set count = measurement_days.count + excluded.count
    `.execute(db);
    const result = await sql`delete from measurements where id in ${old}`.execute(db);
    return Number(result.numAffectedRows ?? 0) >= STEP;
  });
}

async function pruneChats(session: Session, now: number): Promise<boolean> {
  return session.atomically(async (inner) => {
    const gone = await inner.db
      .selectFrom('chats')
      .select('id')
      .where(sql<boolean>`state = 'gone'`)
      .where('ended_at', '<', now - KEEP.goneChats)
      .orderBy('ended_at')
      .limit(FEW)
      .execute();
    for (const { id } of gone) await forgetChat(inner, id);
    return gone.length === FEW;
  });
}
