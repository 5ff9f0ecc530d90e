import { type Selectable, sql } from 'kysely';
import type { ChatCopy, CopiedRow } from '../../core/ports/store.ts';
import { levelOf, opOf, stateOf } from './codes.ts';
import { allIdsOf } from './outbox/backlog.ts';
import type { ChatRow, LinkRow } from './schema.ts';
import type { Session } from './session.ts';
import { wholeOf } from './threads.ts';

/** Every row that `forget` would delete, in words: of the whole chat with its threads, the newest `limit` of a table. */
export async function copyChat(session: Session, id: number, limit: number): Promise<ChatCopy> {
  const { db } = session;
  const rows = await db.selectFrom('chats').selectAll().where('id', 'in', wholeOf(id)).orderBy('thread').execute();
  const tables: Record<keyof ChatCopy, CopiedRow[]> = {
    chats: rows.map(chatCopied),
    subscriptions: [],
    silences: [],
    links: (await pairsOf(session, id)).map(linkCopied),
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
  const bounded = (of: CopiedRow[]) => ({ rows: of.slice(0, limit), total: of.length });
  return {
    chats: bounded(tables.chats),
    subscriptions: bounded(tables.subscriptions),
    silences: bounded(tables.silences),
    links: bounded(tables.links),
    boards: bounded(tables.boards),
    messages: bounded(tables.messages),
    deliveries: bounded(tables.deliveries),
  };
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
async function pairsOf({ db }: Session, id: number) {
  const { rows } = await sql<Selectable<LinkRow> & { first: string; second: string }>`
    select l.*, m.platform as first, s.platform as second from links as l join chats as m on m.id = l.chat_id join chats as s on s.id = l.spare_id
    where l.chat_id in ${wholeOf(id)} or l.spare_id in ${wholeOf(id)}
  `.execute(db);
  return rows;
}

const linkCopied = (row: Selectable<LinkRow> & { first: string; second: string }): CopiedRow => ({
  first: row.first,
  second: row.second,
  created_at: row.created_at,
  doubled: row.doubled,
  because: row.because,
  monthly_test: row.monthly_test,
  tested_at: row.tested_at,
});

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
