/**
 * The second chat of a pair has a message because the first could not be reached. What rings later rings in the first again, as a fresh message,
 * and the second's message is edited; where the first cannot be reached then, either, the second's phone rings after all.
 */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { BROADCAST_SPAN, CHAT_SPAN, deliveryId, OP } from '../codes.ts';
import { int } from '../lists.ts';
import type { DeliveryRow } from '../schema.ts';
import type { Session } from '../session.ts';
import { enterBacklog } from './backlog.ts';
import { DELIVERY_COLUMNS, deliveryValues, type FillJob, matcherRows, type Reach, silenced } from './fill-job.ts';

/** Has chat `h` its message only for the first chat of its pair, which is there to be told of what rings? A table `m` of matchers is at hand. */
export const isStandIn = sql<boolean>`(
  h.why like 'failing %' and exists (
    select 1 from links as l join chats as f on f.id = l.chat_id and f.state = 'active' where l.spare_id = h.chat_id
  ) and not exists (
    select 1 from subscriptions as o cross join m
    where o.chat_id = h.chat_id and (o.country = '*' or o.country = m.country) and (o.service = '*' or o.service = m.service)
  ))`;

/** First chats whose second ones within the reach have the alert in their place, and who have no message of it. Returns how many were queued. */
export async function ringFirst(job: FillJob, { low, high }: Reach): Promise<number> {
  if (!job.loud || !job.links) return 0;
  const { db, dialect } = job.session;
  const silence = job.silences ? sql`and not ${silenced(sql`w.id`, job.now)}` : sql``;
  const { rows } = await sql<{ chat_id: number; account_id: string }>`
    with m as materialized (select * from ${matcherRows(dialect, job.matchers)} as r)
    insert into deliveries ${DELIVERY_COLUMNS}
    select ${deliveryValues(job, OP.send, sql`w.id`, sql`w.account_id`)} from chats as w where w.state = 'active' and w.id in (
      select c.id from messages as h join links as l on l.spare_id = h.chat_id join chats as f on f.id = l.chat_id
      join chats as c on c.account_id = f.account_id and c.chat = f.chat
      where h.alert_no = ${job.alertNo} and h.chat_id > ${low} and h.chat_id <= ${high} and ${isStandIn}
    )
    and not exists (select 1 from messages as x where x.alert_no = ${job.alertNo} and x.chat_id = w.id)
    and exists (
      select 1 from subscriptions as s cross join m
      where s.chat_id = w.id and (s.country = '*' or s.country = m.country) and (s.service = '*' or s.service = m.service)
      and s.after_no < m.before ${silence}
    )
    order by w.id on conflict (id) do nothing returning chat_id, account_id
  `.execute(db);
  for (const { chat_id, account_id } of rows) {
    await enterBacklog(job.session, { broadcast_no: job.broadcastNo, account_id }, job.now);
    await db
      .insertInto('messages')
      .values({ alert_no: job.alertNo, chat_id, ref: null })
      .onConflict((on) => on.doNothing())
      .execute();
  }
  return rows.length;
}

/** The phone of the second chat rings instead of the first one's: a reply to the message that it has. False: it rang, or there is nothing to reply to. */
export async function ringSecond(
  session: Session,
  { chat_id, alert_no, broadcast_no, lane }: Selectable<DeliveryRow>,
  now: number,
): Promise<boolean> {
  const piece = (op: number): RawBuilder<unknown> =>
    sql`${int(broadcast_no * BROADCAST_SPAN + op)} + s.id * ${sql.lit(CHAT_SPAN)}`;
  const { rows } = await sql<{ id: number; account: string }>`
    select s.id, s.account_id as account from chats as w join chats as f on f.account_id = w.account_id and f.chat = w.chat
    join links as l on l.chat_id = f.id join chats as s on s.id = l.spare_id and s.state = 'active'
    join messages as x on x.alert_no = ${alert_no} and x.chat_id = s.id join broadcasts as b on b.no = ${broadcast_no} and b.loud = 1
    where w.id = ${chat_id} and not exists (
      select 1 from deliveries as d where d.id = ${piece(OP.send)} or d.id = ${piece(OP.reply)}
    )
  `.execute(session.db);
  const [spare] = rows;
  if (!spare) return false;
  await session.db
    .insertInto('deliveries')
    .values({
      id: deliveryId(broadcast_no, spare.id, OP.reply),
      broadcast_no,
      alert_no,
      chat_id: spare.id,
      account_id: spare.account,
      op: OP.reply,
      lane,
      state: 0,
      attempts: 0,
      next_at: now,
      created_at: now,
    })
    .execute();
  await enterBacklog(session, { broadcast_no, account_id: spare.account }, now);
  return true;
}
