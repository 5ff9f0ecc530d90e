import { sql } from 'kysely';
import type { Broadcast, Priority } from '../../core/model/alert.ts';
import type { Notice } from '../../core/model/link.ts';
import type { NoticeTable } from '../../core/ports/store.ts';
import { alertTable, broadcastTable } from './alerts.ts';
import { enterBacklog } from './outbox/backlog.ts';
import type { Session } from './session.ts';
import { among, BROADCAST_SPAN, CHAT_SPAN, int, OP, plain, priorityNo } from './values.ts';

export function noticeTable(session: Session): NoticeTable {
  return {
    tell: (id, notice, chatIds, options) =>
      session.atomically((inner) => tellNotice(inner, id, notice, { ...options, chatIds })),

    toAll: (id, notice, now) =>
      session.atomically(
        async (inner) =>
          (await insertNotice(inner, id, notice, { priority: 'digest', now, state: 'waiting' })) !== null,
      ),

    async getMany(alertIds) {
      if (alertIds.length === 0) return new Map();
      const rows = await session.db
        .selectFrom('notices')
        .innerJoin('alerts', 'alerts.no', 'notices.alert_no')
        .select(['alerts.id as id', 'notices.notice as notice'])
        .where(among(session.dialect, 'alerts.id', 'text', alertIds))
        .execute();
      return new Map(rows.map(({ id, notice }) => [id, JSON.parse(notice) as Notice]));
    },
  };
}

/** Null: this id was there. Else the numbers of its alert and broadcast. */
export async function insertNotice(
  session: Session,
  id: string,
  notice: Notice,
  { priority, now, state }: { priority: Priority; now: number; state: Broadcast['state'] },
): Promise<{ alertNo: number; broadcastNo: number } | null> {
  if (await alertTable(session).get(id)) return null;
  const times = { createdAt: now, notifiedAt: now, widenRepliedAt: null };
  await alertTable(session).insert({ id, country: null, level: 'early', ...times, incidents: [] });
  const { no: alertNo } = await session.db
    .selectFrom('alerts')
    .select('no')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const text = plain(JSON.stringify(notice));
  await session.db.insertInto('notices').values({ alert_no: alertNo, notice: text }).execute();
  const broadcastNo = await insertBroadcast(session, { id, alertId: id, priority, now, state });
  return { alertNo, broadcastNo };
}

/** Of a notice; returns its number. */
export async function insertBroadcast(
  session: Session,
  one: { id: string; alertId: string; priority: Priority; now: number; state: Broadcast['state'] },
): Promise<number> {
  await broadcastTable(session).insert({
    id: one.id,
    alertId: one.alertId,
    kind: 'announce',
    loud: false,
    reason: 'opened',
    incidentIds: [],
    priority: one.priority,
    createdAt: one.now,
    dueAt: one.now,
    phase: 'others',
    cursor: 0,
    state: one.state,
  });
  const { no } = await session.db
    .selectFrom('broadcasts')
    .select('no')
    .where('id', '=', one.id)
    .executeTakeFirstOrThrow();
  return no;
}

/** One notice for some chats; the same id again changes nothing. Returns how many were queued. */
export async function tellNotice(
  session: Session,
  id: string,
  notice: Notice,
  { chatIds, priority, now }: { chatIds: readonly number[]; priority: Priority; now: number },
): Promise<number> {
  const made = await insertNotice(session, id, notice, { priority, now, state: 'done' });
  return made ? queueNotice(session, { ...made, op: OP.send, chatIds, priority, now }) : 0;
}

/** A piece of a notice for each of these chats that is active. */
export async function queueNotice(
  session: Session,
  one: {
    alertNo: number;
    broadcastNo: number;
    op: number;
    chatIds: readonly number[];
    priority: Priority;
    now: number;
  },
): Promise<number> {
  const { alertNo, broadcastNo, op, now } = one;
  const { rows } = await sql<{ chat_id: number; account_id: string }>`
    insert into deliveries (id, broadcast_no, alert_no, chat_id, account_id, op, lane, state, attempts, next_at, created_at)
    select ${int(broadcastNo * BROADCAST_SPAN + op)} + c.id * ${sql.lit(CHAT_SPAN)}, ${int(broadcastNo)}, ${int(alertNo)}, c.id,
      c.account_id, ${sql.lit(op)}, ${sql.lit(priorityNo(one.priority))}, 0, 0, ${int(now)}, ${int(now)}
    from chats as c where ${among(session.dialect, 'c.id', 'int', [...one.chatIds])} and c.state = 'active' order by c.id
    on conflict (id) do nothing returning chat_id, account_id
  `.execute(session.db);
  for (const { account_id } of rows) await enterBacklog(session, { broadcast_no: broadcastNo, account_id }, now);
  for (const { chat_id } of op === OP.send ? rows : [])
    await session.db
      .insertInto('messages')
      .values({ alert_no: alertNo, chat_id, ref: null })
      .onConflict((on) => on.doNothing())
      .execute();
  return rows.length;
}
