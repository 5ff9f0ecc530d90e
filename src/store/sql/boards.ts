import { sql } from 'kysely';
import type { Board, BoardTable } from '../../core/ports/store.ts';
import { insertBroadcast, insertNotice, queueNotice } from './notices.ts';
import type { Session } from './session.ts';
import { BROADCAST_SPAN, CHAT_SPAN, int, OP, STATE } from './values.ts';

export function boardTable(session: Session): BoardTable {
  return {
    of: async (chatId) => (await boards(session, sql`b.chat_id = ${chatId}`, 1))[0] ?? null,
    list: (after, limit) => boards(session, sql`b.chat_id > ${after} and c.state = 'active'`, limit),

    async add(chatId) {
      const added = await session.db
        .insertInto('boards')
        .values({ chat_id: chatId, alert_no: null, shown: '', changed_at: 0, pinned: 0 })
        .onConflict((on) => on.doNothing())
        .returning('chat_id')
        .execute();
      return added.length > 0;
    },

    async remove(chatId) {
      const gone = await session.db.deleteFrom('boards').where('chat_id', '=', chatId).returning('chat_id').execute();
      return gone.length > 0;
    },

    send: (chatId, noticeId, shown, now) =>
      session.atomically(async (inner) => {
        const made = await insertNotice(inner, noticeId, { kind: 'board' }, { priority: 'digest', now, state: 'done' });
        if (!made) return;
        await queueNotice(inner, { ...made, op: OP.send, chatIds: [chatId], priority: 'digest', now });
        await inner.db
          .updateTable('boards')
          .set({ alert_no: made.alertNo, shown, changed_at: now, pinned: 0 })
          .where('chat_id', '=', chatId)
          .execute();
      }),

    edit: (chatId, broadcastId, shown, now) =>
      session.atomically(async (inner) => {
        const board = await inner.db
          .selectFrom('boards')
          .innerJoin('alerts', 'alerts.no', 'boards.alert_no')
          .select(['alerts.no as no', 'alerts.id as id'])
          .where('boards.chat_id', '=', chatId)
          .executeTakeFirst();
        if (!board) return;
        const one = { id: broadcastId, alertId: board.id, priority: 'digest' as const, now, state: 'done' as const };
        const broadcastNo = await insertBroadcast(inner, one);
        const edit = {
          alertNo: board.no,
          broadcastNo,
          op: OP.edit,
          chatIds: [chatId],
          priority: 'digest' as const,
          now,
        };
        await queueNotice(inner, edit);
        await inner.db.updateTable('alerts').set({ told_at: now }).where('no', '=', board.no).execute();
        await inner.db.updateTable('boards').set({ shown, changed_at: now }).where('chat_id', '=', chatId).execute();
      }),

    async pinned(chatId) {
      await session.db.updateTable('boards').set({ pinned: 1 }).where('chat_id', '=', chatId).execute();
    },
  };
}

async function boards({ db }: Session, which: ReturnType<typeof sql>, limit: number): Promise<Board[]> {
  const { rows } = await sql<{
    chat_id: number;
    notice_id: string | null;
    ref: string | null;
    shown: string;
    changed_at: number;
    pinned: number;
    last: number | null;
  }>`
    select b.chat_id, a.id as notice_id, m.ref, b.shown, b.changed_at, b.pinned, (
      select d.state * 4 + d.op from broadcasts as n
      cross join (select ${sql.lit(OP.send)} as op union all select ${sql.lit(OP.edit)} as op) as o
      join deliveries as d on d.id = n.no * ${sql.lit(BROADCAST_SPAN)} + b.chat_id * ${sql.lit(CHAT_SPAN)} + o.op
      where n.alert_no = b.alert_no order by d.id desc limit 1
    ) as last
    from boards as b join chats as c on c.id = b.chat_id left join alerts as a on a.no = b.alert_no
    left join messages as m on m.alert_no = b.alert_no and m.chat_id = b.chat_id
    where ${which} order by b.chat_id limit ${int(limit)}
  `.execute(db);
  return rows.map(({ chat_id, notice_id, ref, shown, changed_at, pinned, last }) => {
    const state = last === null ? null : Math.floor(last / 4);
    const failed = state === STATE.failed ? (last! % 4 === OP.send ? 'send' : 'edit') : null;
    const pending = state !== null && state < STATE.sent;
    return {
      chatId: chat_id,
      noticeId: notice_id,
      messageRef: ref,
      pending,
      failed,
      shown,
      changedAt: changed_at,
      pinned: pinned === 1,
    };
  });
}
