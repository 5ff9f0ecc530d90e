import { sql } from 'kysely';
import { REGULAR } from '../../core/model/alert.ts';
import { BOTH, type Link, viaText } from '../../core/model/link.ts';
import type { Board, BoardTable, LinkTable, Stuck } from '../../core/ports/store.ts';
import { insertBroadcast, insertNotice, queueNotice } from './alerts.ts';
import { linkRowOf } from './chat-rows.ts';
import { divert } from './outbox/advance.ts';
import { copyToSpare, lacks } from './outbox/spares.ts';
import { changed, first, insert, remove, select, update } from './rows.ts';
import type { Session } from './session.ts';
import { BROADCAST_SPAN, CHAT_SPAN, OP, STATE, among, flag, int, kept, named, opOf } from './values.ts';

export function boardTable(session: Session): BoardTable {
  return {
    of: async (chatId) => (await boards(session, sql`b.chat_id = ${chatId}`, 1))[0] ?? null,
    list: (after, limit) => boards(session, sql`b.chat_id > ${after} and c.state = 'active'`, limit),

    async add(chatId) {
      const fresh = { chat_id: chatId, alert_no: null, shown: '', changed_at: 0, pinned: 0 };
      return changed(await insert(session, 'boards', fresh, sql`on conflict do nothing`)) > 0;
    },

    async remove(chatId) {
      return changed(await remove(session, 'boards', { chat_id: chatId })) > 0;
    },

    send: (chatId, noticeId, shown, now) =>
      session.atomically(async (inner) => {
        const made = await insertNotice(inner, noticeId, { kind: 'board' }, { priority: 'digest', now, state: 'done' });
        if (!made) return;
        await queueNotice(made, OP.send, [chatId]);
        const sent = { alert_no: made.alertNo, shown, changed_at: now, pinned: 0 };
        await update(inner, 'boards', sent, { chat_id: chatId });
      }),

    edit: (chatId, broadcastId, shown, now) =>
      session.atomically(async (inner) => {
        const alert_no = (await first(inner, 'boards', { chat_id: chatId }))?.alert_no ?? null;
        if (alert_no === null) return;
        const { id: alertId, no } = (await first(inner, 'alerts', { no: alert_no }))!;
        const one = { id: broadcastId, alertId, priority: 'digest', now, state: 'done' } as const;
        await queueNotice(await insertBroadcast(inner, no, one), OP.edit, [chatId]);
        await update(inner, 'alerts', { told_at: now }, { no });
        await update(inner, 'boards', { shown, changed_at: now }, { chat_id: chatId });
      }),

    async pinned(chatId) {
      await update(session, 'boards', { pinned: 1 }, { chat_id: chatId });
    },
  };
}

async function boards({ db }: Session, which: ReturnType<typeof sql>, limit: number): Promise<Board[]> {
  const { rows } = await sql<Omit<Board, 'pending' | 'failed' | 'pinned'> & { pinned: number; last: number | null }>`
    select b.chat_id as "chatId", a.id as "noticeId", m.ref as "messageRef", b.shown, b.changed_at as "changedAt", b.pinned, (
      select d.state * 4 + d.op from broadcasts as n
      cross join (select ${sql.lit(OP.send)} as op union all select ${sql.lit(OP.edit)} as op) as o
      join deliveries as d on d.id = n.no * ${sql.lit(BROADCAST_SPAN)} + b.chat_id * ${sql.lit(CHAT_SPAN)} + o.op
      where n.alert_no = b.alert_no order by d.id desc limit 1
    ) as last
    from boards as b join chats as c on c.id = b.chat_id left join alerts as a on a.no = b.alert_no
    left join messages as m on m.alert_no = b.alert_no and m.chat_id = b.chat_id
    where ${which} order by b.chat_id limit ${int(limit)}
  `.execute(db);
  return rows.map(({ pinned, last, ...board }) => {
    const state = last === null ? null : Math.floor(last / 4);
    const failed = state === STATE.failed ? (last! % 4 === OP.send ? 'send' : 'edit') : null;
    const pending = state !== null && state < STATE.sent;
    return { ...board, pending, failed, pinned: pinned === 1 };
  });
}

export function linkTable(session: Session): LinkTable {
  return {
    async of(chatId) {
      const row = await linkRowOf(session, chatId);
      return row ? links.read(row) : null;
    },

    join: (mainId, spareId, now) =>
      session.atomically(async (inner) => {
        const { rows } = await sql<{ id: number }>`
          select m.id from chats as m join chats as s on s.account_id <> m.account_id
          where m.id = ${mainId} and s.id = ${spareId} and m.state = 'active' and s.state = 'active' and m.thread = '' and s.thread = ''
          and not exists (select 1 from links as l where l.chat_id in (m.id, s.id) or l.spare_id in (m.id, s.id))
        `.execute(inner.db);
        if (rows.length === 0) return false;
        const row = { chat_id: mainId, spare_id: spareId, created_at: now, doubled: 1, because: null };
        await insert(inner, 'links', { ...row, monthly_test: 0, tested_at: null });
        return true;
      }),

    part: (chatId) =>
      session.atomically(async (inner) => {
        const row = await linkRowOf(inner, chatId);
        if (!row) return null;
        await remove(inner, 'links', { chat_id: row.chat_id });
        return links.read(row);
      }),

    async update(mainId, { both, because, monthlyTest, testedAt }) {
      await update(session, 'links', links.write({ both, because, monthlyTest, testedAt }), { chat_id: mainId });
    },

    async list(afterMainId, limit) {
      const after = { chat_id: sql`> ${afterMainId}` };
      return (await select(session, 'links', after, sql`order by chat_id limit ${limit}`)).map(links.read);
    },

    stuck: (accountIds, olderThan, limit) => stuckOf(session, accountIds, olderThan, limit),
    divert: (what, now) => session.atomically((inner) => divert(inner, what, now)),

    copy: (mainId, alertId, via, now) =>
      session.atomically((inner) => copyToSpare(inner, { mainId, alertId, why: viaText(via), now })),

    async mains(spareIds) {
      if (spareIds.length === 0) return new Map();
      const { rows } = await sql<{ spare: number; id: number }>`
        select l.spare_id as spare, w.id from links as l join chats as m on m.id = l.chat_id
        join chats as w on w.account_id = m.account_id and w.chat = m.chat
        where ${among(session.dialect, 'l.spare_id', 'int', spareIds)} order by w.id
      `.execute(session.db);
      const mains = new Map<number, number[]>();
      for (const { spare, id } of rows) mains.set(spare, [...(mains.get(spare) ?? []), id]);
      return mains;
    },
  };
}

const links = kept<'links', Link>('links', {
  chat_id: named('mainId'),
  doubled: named('both', { read: (no) => BOTH[no] ?? 'new', write: (both) => BOTH.indexOf(both) }),
  monthly_test: flag,
});

/** What is put off for longer than between two attempts waits for the end of its chat's quiet hours, ms. */
const AHEAD = 15 * 60_000;

/** From the few pairs to what is queued for their first chats: a look-up a broadcast that is not delivered to all, and none while all is well. */
async function stuckOf(session: Session, accountIds: string[], olderThan: number, limit: number): Promise<Stuck[]> {
  const isRegular = sql<boolean>`b.kind in (${sql.join(REGULAR.map((kind) => sql.lit(kind)))})`;
  const { rows } = await sql<Omit<Stuck, 'op' | 'state' | 'spareHas'> & Record<'op' | 'state' | 'lacks', number>>`
    select d.id, d.op, d.state, d.attempts, d.created_at as "createdAt", d.account_id as "accountId", s.account_id as "spareAccountId",
      case when ${lacks(sql`s.id`, sql`d.alert_no`)} then 1 else 0 end as lacks
    from links as l
    join chats as m on m.id = l.chat_id
    join chats as w on w.account_id = m.account_id and w.chat = m.chat
    join chats as s on s.id = l.spare_id and s.state = 'active'
    join backlog as k on k.account_id = w.account_id and (k.since < ${olderThan} or ${among(session.dialect, 'k.account_id', 'text', accountIds)})
    join broadcasts as b on b.no = k.broadcast_no
    cross join (select ${sql.lit(OP.send)} as op union all select ${sql.lit(OP.reply)} as op) as o
    join deliveries as d on d.id = k.broadcast_no * ${sql.lit(BROADCAST_SPAN)} + w.id * ${sql.lit(CHAT_SPAN)} + o.op
    where d.state < ${sql.lit(STATE.sent)} and d.reason is null and d.next_at < ${olderThan + AHEAD}
    and not exists (select 1 from notices as n where n.alert_no = d.alert_no)
    and (${isRegular} or exists (select 1 from alert_incidents as c where c.alert_no = d.alert_no))
    order by d.created_at, d.id limit ${limit}
  `.execute(session.db);
  return rows.map(({ op, state, lacks, ...stuck }) => ({
    ...stuck,
    op: opOf(op) as Stuck['op'],
    state: state === STATE.queued ? 'queued' : 'sending',
    spareHas: lacks === 0,
  }));
}
