import { type Selectable, sql } from 'kysely';
import type { ChatKind } from '../../core/model/chat.ts';
import type { ChatCopy, CopiedRow } from '../../core/ports/store.ts';
import { tellNotice } from './alerts.ts';
import { copySilences, idsOfWhole, linkRowOf, messagesOf, wholeOf } from './chat-rows.ts';
import { joinHeld, moveHeld } from './outbox/held.ts';
import { allIdsOf, enterBacklog, expectMessage, leaveBacklog, pendingIdsOf } from './outbox/peek.ts';
import { tellSpare } from './outbox/spares.ts';
import type { ChatRow, DeliveryRow, LinkRow } from './schema.ts';
import type { Session } from './session.ts';
import { OP, STATE, deliveryId, int, levelOf, opOf, stateOf, text } from './values.ts';

interface Join {
  from: Selectable<ChatRow>;
  to: Selectable<ChatRow>;
  now: number;
}

/**
 * Two rows turn out to be one chat: `to` goes on with the wishes of both, `from` ends. What is queued for `from` goes to `to`, unless
 * `to` has the same piece of the same broadcast; what `from` was notified of stays where it was sent.
 */
export async function joinChats(session: Session, join: Join): Promise<void> {
  const { db } = session;
  const { from, to } = join;
  await joinWishes(session, join);
  const active = await db
    .selectFrom('deliveries')
    .select(['id', 'alert_no', 'broadcast_no', 'account_id', 'op', 'state'])
    .where('id', 'in', pendingIdsOf(int(from.id)))
    .where('state', '<', STATE.sent)
    .execute();
  for (const delivery of active) await moveDelivery(session, delivery, join);
  await joinHeld(session, from.id, to.id);
  await messagesOf(session, from.id).execute();
  await db.deleteFrom('chats').where('id', '=', from.id).execute();
}

async function joinWishes(session: Session, { from, to, now }: Join): Promise<void> {
  const { db } = session;
  if (from.state === 'active')
    await db.updateTable('chats').set({ state: 'active', ended_at: null }).where('id', '=', to.id).execute();
  await joinPair(session, { from, to, now });
  await sql`
    insert into subscriptions (chat_id, country, service, level, created_at, account_id, after_no)
    select ${int(to.id)}, country, service, ${int(to.level)}, created_at, ${text(to.account_id)}, after_no from subscriptions where chat_id = ${from.id}
    on conflict (chat_id, country, service) do nothing
  `.execute(db);
  await copySilences(session, from.id, sql`(${int(to.id)})`);
}

/** The pair of `from` is the pair of `to`, unless that is in one already: then it is over, and its other chat is told. */
async function joinPair(session: Session, { from, to, now }: Join): Promise<void> {
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
  await tellPartner(session, link, 'link-parted', to, link.chat_id === from.id ? link.spare_id : link.chat_id, now);
}

/** The pair is over: what became of its other chat. */
function tellPartner(
  session: Session,
  link: Selectable<LinkRow>,
  kind: 'link-parted' | 'link-heir' | 'link-lost',
  other: Selectable<ChatRow>,
  chatId: number,
  now: number,
): Promise<number> {
  const notice = { kind, other: { platform: other.platform, kind: other.kind as ChatKind } };
  const id = `pair-${link.chat_id}-${link.spare_id}-${link.created_at}-${now}`;
  return tellNotice(session, id, notice, { chatIds: [chatId], priority: 'alert', now });
}

type Pending = Pick<Selectable<DeliveryRow>, 'id' | 'alert_no' | 'broadcast_no' | 'account_id' | 'op' | 'state'>;

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
  await expectMessage(session, delivery.alert_no, to.id);
}

/** Every row that `forget` would delete, in words: of the whole chat with its threads, the newest `limit` of a table. */
export async function copyChat(session: Session, id: number, limit: number): Promise<ChatCopy> {
  const { db } = session;
  const rows = await db.selectFrom('chats').selectAll().where('id', 'in', wholeOf(id)).orderBy('thread').execute();
  const tables: Record<keyof ChatCopy, CopiedRow[]> = {
    chats: rows.map(chatCopied),
    subscriptions: [],
    silences: [],
    links: await pairsOf(session, id),
    boards: await boardsOf(session, id),
    messages: [],
    deliveries: [],
  };
  for (const row of rows) {
    const where: CopiedRow = row.thread === '' ? {} : { thread: row.thread };
    const of = await aboutRow(session, row.id);
    tables.subscriptions.push(...of.subscriptions.map((one) => ({ ...where, ...one })));
    tables.silences.push(...of.silences.map((one) => ({ ...where, ...one })));
    tables.messages.push(...of.messages.map((one) => ({ ...where, ...one })));
    const sent = of.deliveries.map(({ op, state, incidents, ...one }) => ({
      ...where,
      incidents: (JSON.parse(incidents ?? '[]') as string[]).join(' '),
      ...one,
      op: opOf(op),
      state: stateOf(state),
    }));
    tables.deliveries.push(...sent);
  }
  const bounded = Object.entries(tables).map(([name, of]) => [name, { rows: of.slice(0, limit), total: of.length }]);
  return Object.fromEntries(bounded) as ChatCopy;
}

const chatCopied = (row: Selectable<ChatRow>): CopiedRow => ({
  platform: row.platform,
  account: row.account_id,
  chat: row.chat,
  ...(row.thread === '' ? {} : { thread: row.thread }),
  kind: row.kind,
  lang: row.lang,
  time_zone: row.time_zone,
  level: levelOf(row.level),
  ...(row.settings === '' ? {} : { settings: row.settings }),
  state: row.state,
  created_at: row.created_at,
  ...(row.ended_at === null ? {} : { ended_at: row.ended_at }),
  ...(row.owed === 0 ? {} : { answer_owed: 1 }),
});

/** The pair that the chat is one of; of the other chat no more than where it is. */
async function pairsOf({ db }: Session, id: number): Promise<CopiedRow[]> {
  const { rows } = await sql<CopiedRow>`
    select m.platform as first, s.platform as second, l.created_at, l.doubled, l.because, l.monthly_test, l.tested_at
    from links as l join chats as m on m.id = l.chat_id join chats as s on s.id = l.spare_id
    where l.chat_id in ${wholeOf(id)} or l.spare_id in ${wholeOf(id)}
  `.execute(db);
  return rows;
}

const boardsOf = ({ db }: Session, id: number): Promise<CopiedRow[]> =>
  db.selectFrom('boards').select(['changed_at', 'pinned']).where('chat_id', 'in', wholeOf(id)).execute();

/** No index by chat over the two tables of millions: the alerts and broadcasts are few, and each is one look-up. */
async function aboutRow({ db }: Session, chatId: number) {
  const subscriptions = await db
    .selectFrom('subscriptions')
    .select(['country', 'service', 'created_at'])
    .where('chat_id', '=', chatId)
    .orderBy('country')
    .orderBy('service')
    .execute();
  const silences = await db
    .selectFrom('silences')
    .select(['country', 'service', 'incident_id', 'until'])
    .where('chat_id', '=', chatId)
    .orderBy('until')
    .execute();
  const messages = await db
    .selectFrom('messages as m')
    .innerJoin('alerts as a', 'a.no', 'm.alert_no')
    .select(['a.id as alert', 'a.created_at as alert_created_at', 'm.ref as message', 'm.why as came_by'])
    .where('m.chat_id', '=', chatId)
    .where('m.alert_no', 'in', (eb) => eb.selectFrom('alerts').select('no'))
    .orderBy('m.alert_no', 'desc')
    .execute();
  const deliveries = await db
    .selectFrom('deliveries as d')
    .leftJoin('broadcasts as b', 'b.no', 'd.broadcast_no')
    .select([
      'b.incident_ids as incidents',
      'b.kind as kind',
      'd.op as op',
      'd.state as state',
      'd.created_at as created_at',
      'd.done_at as done_at',
      'd.attempts as attempts',
      'd.reason as reason',
    ])
    .where(sql<boolean>`d.id in ${allIdsOf(chatId)}`)
    .orderBy('d.id', 'desc')
    .execute();
  return { subscriptions, silences, messages, deliveries };
}

/**
 * A chat is about to end that is one of a pair: its second chat takes over what it followed and what waits for it, and is told so; its first
 * chat is told that the second is gone. The pair is over.
 */
export async function endPair(session: Session, id: number, now: number): Promise<void> {
  const { db } = session;
  const link = await linkRowOf(session, id);
  if (!link) return;
  const [main, spare] = [await chatRow(session, link.chat_id), await chatRow(session, link.spare_id)];
  const isMain = (await idsOfWhole(session, id)).includes(link.chat_id);
  const [ends, stays] = isMain ? [main, spare] : [spare, main];
  const goesOn = stays.state === 'active';
  if (isMain && goesOn) await inherit(session, { from: main, to: spare, now });
  await db.deleteFrom('links').where('chat_id', '=', link.chat_id).execute();
  if (goesOn) await tellPartner(session, link, isMain ? 'link-heir' : 'link-lost', ends, stays.id, now);
}

const chatRow = ({ db }: Session, id: number): Promise<Selectable<ChatRow>> =>
  db.selectFrom('chats').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

/** The second chat of a pair takes over what the first followed and what waits for it. */
async function inherit(session: Session, { from: main, to: spare, now }: Join): Promise<void> {
  const { db } = session;
  for (const id of await idsOfWhole(session, main.id)) {
    const pending = await db
      .selectFrom('deliveries')
      .select(['chat_id', 'alert_no', 'broadcast_no', 'lane'])
      .where('id', 'in', pendingIdsOf(int(id)))
      .where('state', '<', STATE.sent)
      .where('op', '<>', OP.edit)
      .where('alert_no', 'not in', (eb) => eb.selectFrom('notices').select('alert_no'))
      .orderBy('id')
      .execute();
    for (const delivery of pending) await tellSpare(session, delivery, 'gone', now);
    await moveHeld(session, id, 'gone', now);
  }
  const { rows: own } = await sql<{ n: number }>`
    select count(*) as n from subscriptions where chat_id in ${wholeOf(spare.id)}
  `.execute(db);
  // Whoever follows things of their own keeps their level; the other's is as good as none.
  const level = own[0]!.n > 0 ? spare.level : main.level;
  if (level !== spare.level)
    await db.updateTable('chats').set({ level }).where('id', 'in', wholeOf(spare.id)).execute();
  await sql`
    insert into subscriptions (chat_id, country, service, level, created_at, account_id, after_no)
    select ${int(spare.id)}, country, service, ${int(level)}, min(created_at), ${text(spare.account_id)}, min(after_no)
    from subscriptions where chat_id in ${wholeOf(main.id)} group by country, service
    on conflict (chat_id, country, service) do nothing
  `.execute(db);
  await copySilences(session, main.id, wholeOf(spare.id));
}
