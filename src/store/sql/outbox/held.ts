import { type RawBuilder, sql } from 'kysely';
import { type ViaReason, viaOf, viaText } from '../../../core/model/link.ts';
import type { HeldPiece, Outbox } from '../../../core/ports/outbox.ts';
import { first, remove, update } from '../rows.ts';
import type { Session } from '../session.ts';
import { BROADCAST_SPAN, CHAT_SPAN, OP, STATE, among, int, opOf, rowsOf, tableOf, text } from '../values.ts';
import { leaveBacklog } from './peek.ts';

/**
 * What waits for the end of its chat's quiet hours. A piece that is held has left the queue; its chat is marked to be looked at then
 * (`wake_at`). The row of `messages` stays, without a reference: the chat is about to have the alert.
 */

/** These leave the queue and wait. */
export async function settleHeld(inner: Session, held: { id: number; until: number }[], now: number): Promise<void> {
  const { dialect, db } = inner;
  const those = { id: held.map(({ id }) => id), state: sql`< ${sql.lit(STATE.sent)}` };
  const waits = { state: STATE.held, reason: 'quiet_hours', done_at: now };
  const told = sql`returning id, broadcast_no, account_id, chat_id, alert_no`;
  const { rows: left } = await update(inner, 'deliveries', waits, those, told);
  if (left.length === 0) return;
  await leaveBacklog(inner, left);
  const pieces = tableOf(dialect, { chat_id: 'int', id: 'int', alert_no: 'int' }, left);
  await sql`
    insert into held (chat_id, delivery_id, alert_no, at) select r.chat_id, r.id, r.alert_no, ${int(now)} from ${pieces} as r where true
    on conflict (chat_id, delivery_id) do nothing
  `.execute(db);
  const untils = new Map(held.map(({ id, until }) => [id, until]));
  const soonest = new Map<number, number>();
  for (const row of left)
    soonest.set(row.chat_id, Math.min(soonest.get(row.chat_id) ?? Number.MAX_SAFE_INTEGER, untils.get(row.id)!));
  const chats = rowsOf(dialect, { id: 'int', until: 'int' }, [...soonest]);
  await sql`
    update chats set wake_at = r.until from ${chats} as r
    where chats.id = r.id and (chats.wake_at is null or chats.wake_at > r.until)
  `.execute(db);
}

export const anyHeld = async (session: Session): Promise<boolean> =>
  (await first(session, 'held', {}, sql`limit 1`)) !== undefined;

/** Summaries that begin tell of all that their chats have waiting; at a second attempt they say what they said at the first. */
export async function tellHeld({ dialect, db }: Session, begun: readonly number[]): Promise<void> {
  if (begun.length === 0) return;
  await sql`
    update held set told_by = r.no from (
      select d.chat_id, d.broadcast_no as no from deliveries as d join broadcasts as b on b.no = d.broadcast_no
      where ${among(dialect, 'd.id', 'int', [...begun])} and b.kind = 'summary' and d.attempts = 1
    ) as r where held.chat_id = r.chat_id and held.told_by is null
  `.execute(db);
}

/**
 * Summaries that were sent: theirs is the message of each alert that they tell of and the chat has no message of. Where that is one alert,
 * which was to be sent, the message is its alert, to be edited as any other.
 */
export async function settleTold(session: Session, sent: readonly { id: number; messageRef: string }[]): Promise<void> {
  const { dialect, db } = session;
  const rows = tableOf(dialect, { id: 'int', messageRef: 'text' }, sent);
  const summed = sql`${rows} as r cross join deliveries as d cross join held as h
    where d.id = r.id and h.chat_id = d.chat_id and h.told_by = d.broadcast_no`;
  await sql`
    update messages set ref = t.ref, summary = t.summary from (
      select distinct h.alert_no, h.chat_id, r."messageRef" as ref, case when exists (
        select 1 from held as o where o.chat_id = h.chat_id and o.told_by = h.told_by and o.alert_no <> h.alert_no
      ) then 1 else 0 end as summary from ${summed}
    ) as t where messages.alert_no = t.alert_no and messages.chat_id = t.chat_id and messages.ref is null
  `.execute(db);
  await sql`
    delete from held where (chat_id, delivery_id) in (select h.chat_id, h.delivery_id from ${summed})
  `.execute(db);
  await settleBroken(session, rows);
}

/** An edit of what waits that went as a message, since it could not wait: that is the alert's message, and no summary tells of it. */
async function settleBroken(session: Session, rows: RawBuilder<unknown>): Promise<void> {
  const went = sql`${rows} as r cross join deliveries as d cross join messages as x cross join held as h
    where d.id = r.id and d.op = ${sql.lit(OP.edit)} and x.alert_no = d.alert_no and x.chat_id = d.chat_id and x.ref is null
    and h.chat_id = d.chat_id and h.alert_no = d.alert_no and h.told_by is null`;
  const { rows: alone } = await sql<{ chat_id: number; alert_no: number; ref: string }>`
    select distinct h.chat_id, h.alert_no, r."messageRef" as ref from ${went}
  `.execute(session.db);
  for (const { chat_id, alert_no, ref } of alone) {
    await update(session, 'messages', { ref }, { alert_no, chat_id });
    await remove(session, 'held', { chat_id, alert_no, told_by: null });
  }
}

/**
 * Sends that ended without having been sent: what a summary among them was to tell of is given up with it, also where it had nothing to
 * tell any more. A loud change may reach the chat afresh.
 */
export async function giveUpHeld(
  { dialect, db }: Session,
  ended: readonly { broadcast_no: number; chat_id: number }[],
): Promise<void> {
  if (ended.length === 0) return;
  const rows = tableOf(dialect, { broadcast_no: 'int', chat_id: 'int' }, ended);
  const { rows: dropped } = await sql<{ chat_id: number; alert_no: number }>`
    delete from held where (chat_id, delivery_id) in (
      select h.chat_id, h.delivery_id from ${rows} as r join broadcasts as b on b.no = r.broadcast_no and b.kind = 'summary'
      join deliveries as d on d.id = r.broadcast_no * ${sql.lit(BROADCAST_SPAN)} + r.chat_id * ${sql.lit(CHAT_SPAN)} + ${sql.lit(OP.send)}
      join held as h on h.chat_id = r.chat_id and (h.told_by = r.broadcast_no or (h.told_by is null and d.attempts = 0))
    ) returning chat_id, alert_no
  `.execute(db);
  await dropUnsent({ dialect, db }, dropped);
}

/** A chat that ends waits for nothing. */
export async function dropHeld(session: Session, chatId: number): Promise<void> {
  const { rows } = await remove(session, 'held', { chat_id: chatId }, sql`returning chat_id, alert_no`);
  await dropUnsent(session, rows);
}

/** These chats will not have the messages of these alerts: a loud change may reach them afresh. */
export async function dropUnsent(
  { dialect, db }: Pick<Session, 'dialect' | 'db'>,
  dropped: readonly { chat_id: number; alert_no: number }[],
): Promise<void> {
  if (dropped.length === 0) return;
  const rows = tableOf(dialect, { alert_no: 'int', chat_id: 'int' }, dropped);
  await sql`
    delete from messages where ref is null and (alert_no, chat_id) in (select r.alert_no, r.chat_id from ${rows} as r)
  `.execute(db);
}

/** Two rows turn out to be one chat: what waits for `from` waits for `to`, unless `to` has it. */
export async function joinHeld({ db }: Session, from: number, to: number): Promise<void> {
  await sql`
    insert into messages (alert_no, chat_id)
    select distinct h.alert_no, ${int(to)} from held as h where h.chat_id = ${from} and h.told_by is null
    on conflict (alert_no, chat_id) do nothing
  `.execute(db);
  await sql`
    insert into held (chat_id, delivery_id, alert_no, at)
    select ${int(to)}, h.delivery_id, h.alert_no, h.at from held as h join messages as m on m.alert_no = h.alert_no and m.chat_id = ${int(to)}
    where h.chat_id = ${from} and h.told_by is null and m.ref is null
    on conflict (chat_id, delivery_id) do nothing
  `.execute(db);
  // The row that goes on is looked at when the earlier of the two was to be.
  await sql`
    update chats set wake_at = f.wake_at from (select wake_at from chats where id = ${from}) as f
    where chats.id = ${to} and f.wake_at is not null and (chats.wake_at is null or chats.wake_at > f.wake_at)
  `.execute(db);
}

export const heldOf =
  ({ dialect, db }: Session): Outbox['heldOf'] =>
  async (chatIds, limit) => {
    const found = new Map<number, HeldPiece[]>();
    if (chatIds.length === 0) return found;
    const { rows } = await sql<
      Omit<HeldPiece, 'op' | 'incidentIds' | 'via'> & { op: number; ids: string; why: string | null }
    >`
      select h.chat_id as "chatId", a.id as "alertId", d.op, b.kind, b.reason, b.incident_ids as ids, x.why
      from held as h join deliveries as d on d.id = h.delivery_id join broadcasts as b on b.no = d.broadcast_no join alerts as a on a.no = h.alert_no
      left join messages as x on x.alert_no = h.alert_no and x.chat_id = h.chat_id
      where ${among(dialect, 'h.chat_id', 'int', chatIds)} and h.told_by is null order by h.chat_id, h.delivery_id
    `.execute(db);
    for (const { op, ids, why, ...piece } of rows) {
      const pieces = found.getOrInsert(piece.chatId, []);
      if (pieces.length >= limit) continue;
      const via = why === null ? null : viaOf(why);
      pieces.push({ ...piece, op: opOf(op), incidentIds: JSON.parse(ids) as string[], via });
    }
    return found;
  };

/**
 * What waits for the end of a first chat's quiet hours waits for the second chat of its pair from now on, which is to be looked at at once: the
 * summary is that one's, with its own quiet hours. What the second has a message of it knows. False: there is no second chat, or nothing waits.
 */
export async function moveHeld(
  session: Session,
  chatId: number,
  reason: Exclude<ViaReason, 'country'>,
  now: number,
): Promise<boolean> {
  const { db } = session;
  const { rows } = await sql<{ id: number; platform: string }>`
    select s.id, m.platform from chats as w join chats as m on m.account_id = w.account_id and m.chat = w.chat and m.thread = ''
    join links as l on l.chat_id = m.id join chats as s on s.id = l.spare_id and s.state = 'active'
    where w.id = ${chatId} and exists (select 1 from held as h where h.chat_id = w.id)
  `.execute(db);
  const [spare] = rows;
  if (!spare) return false;
  const why = viaText({ reason, platform: spare.platform, country: null });
  // Where the first chat has the message itself, what becomes of it is told there.
  await sql`
    insert into messages (alert_no, chat_id, why)
    select distinct h.alert_no, ${int(spare.id)}, ${text(why)} from held as h
    join messages as m on m.alert_no = h.alert_no and m.chat_id = h.chat_id and m.ref is null where h.chat_id = ${chatId}
    on conflict (alert_no, chat_id) do nothing
  `.execute(db);
  await sql`
    insert into held (chat_id, delivery_id, alert_no, at)
    select ${int(spare.id)}, h.delivery_id, h.alert_no, h.at from held as h
    left join messages as m on m.alert_no = h.alert_no and m.chat_id = ${spare.id} where h.chat_id = ${chatId} and m.ref is null
    on conflict (chat_id, delivery_id) do nothing
  `.execute(db);
  await dropHeld(session, chatId);
  await sql`
    update chats set wake_at = ${now} where id = ${spare.id} and (wake_at is null or wake_at > ${now})
  `.execute(db);
  return true;
}
