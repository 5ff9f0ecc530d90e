import { sql } from 'kysely';
import type { ChatKind } from '../../core/model/chat.ts';
import type { ChatTable } from '../../core/ports/store.ts';
import { among, rowsOf } from './lists.ts';
import type { Session } from './session.ts';

/** Which chats wait for the answer to a change: a mark in their own rows, so that it moves, ends and is forgotten with them. */
export const owedAnswers = (session: Session): Pick<ChatTable, 'owe' | 'answered' | 'owed'> => ({
  async owe(addresses) {
    if (addresses.length === 0) return [];
    const wanted = rowsOf(
      session.dialect,
      { n: 'int', account: 'text', chat: 'text', thread: 'text' },
      addresses.map(({ accountId, chat, thread }, n) => [n, accountId, chat, thread ?? '']),
    );
    return session.atomically(async (inner) => {
      const { rows } = await sql<{ n: number; id: number | null }>`
        select w.n, coalesce(t.id, c.id) as id from ${wanted} as w
        left join chats as t on t.account_id = w.account and t.chat = w.chat and t.thread = w.thread
        left join chats as c on c.account_id = w.account and c.chat = w.chat and c.thread = ''
      `.execute(inner.db);
      const ids = addresses.map((_, n) => rows.find((row) => row.n === n)?.id ?? null);
      await mark(
        inner,
        ids.filter((id) => id !== null),
        1,
      );
      return ids;
    });
  },

  answered: (ids) => mark(session, ids, 0),

  async owed(accountId) {
    const rows = await session.db
      .selectFrom('chats')
      .select(['id', 'chat', 'thread', 'kind'])
      .where('account_id', '=', accountId)
      .where('owed', '=', sql.lit(1))
      .where('state', '=', 'active')
      .orderBy('id')
      .execute();
    return rows.map(({ id, chat, thread, kind }) => ({
      id,
      address: { accountId, chat, thread: thread || null },
      kind: kind as ChatKind,
    }));
  },
});

async function mark({ db, dialect }: Session, ids: readonly number[], owed: 0 | 1): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('chats')
    .set({ owed })
    .where(among(dialect, 'id', 'int', ids))
    .execute();
}
