/** When something is to be done for a chat next: the end of its quiet hours, a digest. */
import { type Selectable, sql } from 'kysely';
import type { ChatTable } from '../../core/ports/store.ts';
import { chatOf } from './chat-row.ts';
import { rowsOf } from './lists.ts';
import type { ChatRow } from './schema.ts';
import type { Session } from './session.ts';

export const wakes = (session: Session): Pick<ChatTable, 'due' | 'nextDueAt' | 'setDue' | 'rewind'> => ({
  async due(now, limit) {
    const { rows } = await sql<Selectable<ChatRow> & { held: number; follows: number }>`
      select c.*, case when exists (select 1 from held as h where h.chat_id = c.id and h.told_by is null) then 1 else 0 end as held,
        case when exists (select 1 from subscriptions as s where s.chat_id = c.id) then 1 else 0 end as follows
      from chats as c where c.wake_at is not null and c.wake_at <= ${now} and c.state = 'active' order by c.wake_at, c.id limit ${limit}
    `.execute(session.db);
    return rows.map((row) => ({
      chat: chatOf(row),
      wakeAt: row.wake_at!,
      held: Number(row.held) === 1,
      follows: Number(row.follows) === 1,
    }));
  },

  async nextDueAt() {
    const { rows } = await sql<{ at: number | null }>`
      select min(wake_at) as at from chats where wake_at is not null and state = 'active'
    `.execute(session.db);
    return rows[0]?.at ?? null;
  },

  async setDue(rows) {
    if (rows.length === 0) return;
    const table = rowsOf(
      session.dialect,
      { id: 'int', was: 'int', at: 'int' },
      rows.map(({ id, from, at }) => [id, from, at]),
    );
    await sql`
      update chats set wake_at = r.at from ${table} as r where chats.id = r.id and chats.wake_at = r.was
    `.execute(session.db);
  },

  async rewind(now) {
    await sql`update chats set wake_at = ${now} where wake_at is not null and wake_at > ${now}`.execute(session.db);
  },
});
