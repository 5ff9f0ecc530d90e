import { type Selectable, sql } from 'kysely';
import type { ChatKind } from '../../core/model/chat.ts';
import { deliveryId, OP, STATE } from './codes.ts';
import { int, text } from './lists.ts';
import { tellNotice } from './notices.ts';
import { enterBacklog, leaveBacklog, pendingIdsOf } from './outbox/backlog.ts';
import { joinHeld } from './outbox/held.ts';
import type { ChatRow, DeliveryRow } from './schema.ts';
import type { Session } from './session.ts';

/**
 * Two rows turn out to be one chat: `to` goes on with the wishes of both, `from` ends. What is queued for `from` goes to `to`, unless
 * `to` has the same piece of the same broadcast; what `from` was notified of stays where it was sent.
 */
export async function joinChats(
  session: Session,
  from: Selectable<ChatRow>,
  to: Selectable<ChatRow>,
  now: number,
): Promise<void> {
  const { db } = session;
  await joinWishes(session, from, to, now);
  const active = await db
    .selectFrom('deliveries')
    .select(['id', 'alert_no', 'broadcast_no', 'account_id', 'op', 'state'])
    .where('id', 'in', pendingIdsOf(int(from.id)))
    .where('state', '<', STATE.sent)
    .execute();
  for (const delivery of active) await moveDelivery(session, delivery, { from, to, now });
  await joinHeld(session, from.id, to.id);
  await db
    .deleteFrom('messages')
    .where('chat_id', '=', from.id)
    .where('alert_no', 'in', (eb) => eb.selectFrom('alerts').select('no'))
    .execute();
  await db.deleteFrom('chats').where('id', '=', from.id).execute();
}

async function joinWishes(
  session: Session,
  from: Selectable<ChatRow>,
  to: Selectable<ChatRow>,
  now: number,
): Promise<void> {
  const { db } = session;
  if (from.state === 'active')
    await db.updateTable('chats').set({ state: 'active', ended_at: null }).where('id', '=', to.id).execute();
  if (from.owed === 1) await db.updateTable('chats').set({ owed: 1 }).where('id', '=', to.id).execute();
  await joinPair(session, from, to, now);
  await sql`
    insert into subscriptions (chat_id, country, service, level, created_at, account_id, after_no)
    select ${int(to.id)}, country, service, ${int(to.level)}, created_at, ${text(to.account_id)}, after_no from subscriptions where chat_id = ${from.id}
    on conflict (chat_id, country, service) do nothing
  `.execute(db);
  await sql`
    insert into silences (chat_id, country, service, incident_id, until)
    select ${int(to.id)}, country, service, incident_id, until from silences where chat_id = ${from.id}
    on conflict (chat_id, country, service, incident_id) do update set until = excluded.until where excluded.until > silences.until
  `.execute(db);
}

/** The pair of `from` is the pair of `to`, unless that is in one already: then it is over, and its other chat is told. */
async function joinPair(
  session: Session,
  from: Selectable<ChatRow>,
  to: Selectable<ChatRow>,
  now: number,
): Promise<void> {
  const { db } = session;
  const own = (id: number) =>
    db
      .selectFrom('links')
      .selectAll()
      .where((eb) => eb.or([eb('chat_id', '=', id), eb('spare_id', '=', id)]))
      .executeTakeFirst();
  const link = await own(from.id);
  if (!link) return;
  if (!(await own(to.id))) {
    await db.updateTable('links').set({ chat_id: to.id }).where('chat_id', '=', from.id).execute();
    await db.updateTable('links').set({ spare_id: to.id }).where('spare_id', '=', from.id).execute();
    return;
  }
  await db.deleteFrom('links').where('chat_id', '=', link.chat_id).execute();
  const left = link.chat_id === from.id ? link.spare_id : link.chat_id;
  const other = { platform: to.platform, kind: to.kind as ChatKind };
  const id = `pair-${link.chat_id}-${link.spare_id}-${link.created_at}-${now}`;
  await tellNotice(session, id, { kind: 'link-parted', other }, { chatIds: [left], priority: 'alert', now });
}

type Pending = Pick<Selectable<DeliveryRow>, 'id' | 'alert_no' | 'broadcast_no' | 'account_id' | 'op' | 'state'>;

interface Join {
  from: Selectable<ChatRow>;
  to: Selectable<ChatRow>;
  now: number;
}

async function moveDelivery(session: Session, delivery: Pending, { from, to, now }: Join): Promise<void> {
  const { db } = session;
  const queued = delivery.state === STATE.queued;
  const id = deliveryId(delivery.broadcast_no, to.id, delivery.op);
  const twin = await db.selectFrom('deliveries').select('id').where('id', '=', id).executeTakeFirst();
  const alreadySent =
    delivery.op === OP.send &&
    (await db
      .selectFrom('messages')
      .select('alert_no')
      .where('alert_no', '=', delivery.alert_no)
      .where('chat_id', '=', to.id)
      .executeTakeFirst()) !== undefined;
  const needless = queued && (twin !== undefined || alreadySent);
  await db
    .updateTable('deliveries')
    .set({
      chat_id: to.id,
      account_id: to.account_id,
      ...(needless ? { state: STATE.superseded, done_at: now, reason: 'chat_joined' } : {}),
      // What is under way is settled by the id it has.
      ...(queued && !needless ? { id } : {}),
    })
    .where('id', '=', delivery.id)
    .execute();
  if (needless || from.account_id !== to.account_id) {
    await leaveBacklog(session, [delivery]);
    if (!needless) await enterBacklog(session, { ...delivery, account_id: to.account_id }, now);
  }
  if (delivery.op !== OP.send || needless) return;
  await db
    .insertInto('messages')
    .values({ alert_no: delivery.alert_no, chat_id: to.id, ref: null })
    .onConflict((on) => on.doNothing())
    .execute();
}
