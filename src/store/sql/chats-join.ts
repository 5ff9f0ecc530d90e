import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ChatKind } from '../../core/model/chat.ts';
import type { ChatCopy, CopiedRow } from '../../core/ports/store.ts';
import { tellNotice } from './alerts.ts';
import { ANY_ALERT, copySilences, dropMessages, idsOfWhole, linkRowOf, wholeOf } from './chat-rows.ts';
import { joinHeld, moveHeld } from './outbox/held.ts';
import { allIdsOf, enterBacklog, expectMessage, leaveBacklog, pendingOf } from './outbox/peek.ts';
import { tellSpare } from './outbox/spares.ts';
import { count, first, remove, select, update } from './rows.ts';
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
  const { from, to } = join;
  await joinWishes(session, join);
  for (const delivery of await pendingOf(session, from.id)) await moveDelivery(session, delivery, join);
  await joinHeld(session, from.id, to.id);
  await dropMessages(session, from.id);
  await remove(session, 'chats', { id: from.id });
}

async function joinWishes(session: Session, { from, to, now }: Join): Promise<void> {
  const { db } = session;
  if (from.state === 'active') await update(session, 'chats', { state: 'active', ended_at: null }, { id: to.id });
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
  const own = async (id: number) =>
    (await first(session, 'links', { chat_id: id })) ?? (await first(session, 'links', { spare_id: id }));
  const link = await own(from.id);
  if (!link) return;
  if (!(await own(to.id))) {
    await update(session, 'links', { chat_id: to.id }, { chat_id: from.id });
    await update(session, 'links', { spare_id: to.id }, { spare_id: from.id });
    return;
  }
  await remove(session, 'links', { chat_id: link.chat_id });
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

async function moveDelivery(session: Session, delivery: Selectable<DeliveryRow>, { from, to, now }: Join) {
  const queued = delivery.state === STATE.queued;
  const id = deliveryId(delivery.broadcast_no, to.id, delivery.op);
  const twin = await first(session, 'deliveries', { id });
  const sent = await first(session, 'messages', { alert_no: delivery.alert_no, chat_id: to.id });
  const needless = queued && (twin !== undefined || (delivery.op === OP.send && sent !== undefined));
  const moved = {
    chat_id: to.id,
    account_id: to.account_id,
    ...(needless ? { state: STATE.superseded, done_at: now, reason: 'chat_joined' } : {}),
    // What is under way is settled by the id it has.
    ...(queued && !needless ? { id } : {}),
  };
  await update(session, 'deliveries', moved, { id: delivery.id });
  if (needless || from.account_id !== to.account_id) {
    await leaveBacklog(session, [delivery]);
    if (!needless) await enterBacklog(session, { ...delivery, account_id: to.account_id }, now);
  }
  if (delivery.op !== OP.send || needless) return;
  await expectMessage(session, delivery.alert_no, to.id);
}

/** Every row that `forget` would delete, in words: of the whole chat with its threads, the newest `limit` of a table. */
export async function copyChat(session: Session, id: number, limit: number): Promise<ChatCopy> {
  const rows = await select(session, 'chats', { id: sql`in ${wholeOf(id)}` }, sql`order by thread`);
  const boards = await select(session, 'boards', { chat_id: sql`in ${wholeOf(id)}` });
  const tables: Record<keyof ChatCopy, CopiedRow[]> = {
    chats: rows.map(chatCopied),
    subscriptions: [],
    unfollowed: [],
    silences: [],
    links: await pairsOf(session, id),
    boards: boards.map(({ changed_at, pinned }) => ({ changed_at, pinned })),
    messages: [],
    deliveries: [],
  };
  for (const row of rows) {
    const where: CopiedRow = row.thread === '' ? {} : { thread: row.thread };
    const of = await aboutRow(session, row.id);
    const deliveries = of.deliveries.map(({ op, state, incidents, ...one }) => ({
      incidents: (JSON.parse(incidents ?? '[]') as string[]).join(' '),
      ...one,
      op: opOf(op),
      state: stateOf(state),
    }));
    for (const [name, own] of Object.entries({ ...of, deliveries }))
      tables[name as keyof typeof of].push(...own.map((one) => ({ ...where, ...one })));
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

/** No index by chat over the two tables of millions: the alerts and broadcasts are few, and each is one look-up. */
async function aboutRow({ db }: Session, chatId: number) {
  const copied = async <Copied = CopiedRow>(what: RawBuilder<unknown>): Promise<Copied[]> =>
    (await sql<Copied>`select ${what}`.execute(db)).rows;
  const ofChat = sql`where chat_id = ${chatId} order by`;
  return {
    subscriptions: await copied(sql`country, service, created_at from subscriptions ${ofChat} country, service`),
    unfollowed: await copied(sql`country, service from unfollowed ${ofChat} country, service`),
    silences: await copied(sql`country, service, incident_id, until from silences ${ofChat} until`),
    messages: await copied(sql`a.id as alert, a.created_at as alert_created_at, m.ref as message, m.why as came_by
      from messages as m join alerts as a on a.no = m.alert_no where m.chat_id = ${chatId} and m.alert_no ${ANY_ALERT} order by m.alert_no desc`),
    deliveries: await copied<CopiedRow & { incidents: string | null; op: number; state: number }>(sql`
      b.incident_ids as incidents, b.kind, d.op, d.state, d.created_at, d.done_at, d.attempts, d.reason
      from deliveries as d left join broadcasts as b on b.no = d.broadcast_no where d.id in ${allIdsOf(chatId)} order by d.id desc`),
  };
}

/**
 * A chat is about to end that is one of a pair: its second chat takes over what it followed and what waits for it, and is told so; its first
 * chat is told that the second is gone. The pair is over.
 */
export async function endPair(session: Session, id: number, now: number): Promise<void> {
  const link = await linkRowOf(session, id);
  if (!link) return;
  const chatRow = async (of: number) => (await first(session, 'chats', { id: of }))!;
  const [main, spare] = [await chatRow(link.chat_id), await chatRow(link.spare_id)];
  const isMain = (await idsOfWhole(session, id)).includes(link.chat_id);
  const [ends, stays] = isMain ? [main, spare] : [spare, main];
  const goesOn = stays.state === 'active';
  if (isMain && goesOn) await inherit(session, { from: main, to: spare, now });
  await remove(session, 'links', { chat_id: link.chat_id });
  if (goesOn) await tellPartner(session, link, isMain ? 'link-heir' : 'link-lost', ends, stays.id, now);
}

/** The second chat of a pair takes over what the first followed and what waits for it. */
async function inherit(session: Session, { from: main, to: spare, now }: Join): Promise<void> {
  const { db } = session;
  for (const id of await idsOfWhole(session, main.id)) {
    const incidents = { op: sql`<> ${OP.edit}`, alert_no: sql`not in (select alert_no from notices)` };
    const pending = await pendingOf(session, id, incidents, sql`order by id`);
    for (const delivery of pending) await tellSpare(session, delivery, 'gone', now);
    await moveHeld(session, id, 'gone', now);
  }
  const own = await count(session, 'subscriptions', { chat_id: sql`in ${wholeOf(spare.id)}` });
  // Whoever follows things of their own keeps their level; the other's is as good as none.
  const level = own > 0 ? spare.level : main.level;
  if (level !== spare.level) await update(session, 'chats', { level }, { id: sql`in ${wholeOf(spare.id)}` });
  await sql`
    insert into subscriptions (chat_id, country, service, level, created_at, account_id, after_no)
    select ${int(spare.id)}, country, service, ${int(level)}, min(created_at), ${text(spare.account_id)}, min(after_no)
    from subscriptions where chat_id in ${wholeOf(main.id)} group by country, service
    on conflict (chat_id, country, service) do nothing
  `.execute(db);
  await copySilences(session, main.id, wholeOf(spare.id));
}
