/** A chat and its threads: rows of one account and chat id. Settings and silences belong to the chat, and each row repeats them. */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { int } from './lists.ts';
import type { ChatRow } from './schema.ts';
import type { Session } from './session.ts';

/** The ids of the whole chat that a row belongs to: of the chat itself and of its threads. A sub-query. */
export const wholeOf = (id: number): RawBuilder<number> => sql<number>`
  (select w.id from chats as o join chats as w on w.account_id = o.account_id and w.chat = o.chat where o.id = ${int(id)})`;

export async function idsOfWhole(session: Session, id: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from ${wholeOf(id)} as whole order by id`.execute(session.db);
  return rows.map((row) => row.id);
}

/** Threads of a chat; not the chat itself. */
export const threadsOf = ({ db }: Session, chat: Pick<Selectable<ChatRow>, 'account_id' | 'chat'>) =>
  db
    .selectFrom('chats')
    .selectAll()
    .where('account_id', '=', chat.account_id)
    .where('chat', '=', chat.chat)
    .where('thread', '<>', '')
    .execute();

/** Threads take over the settings and silences of their chat. */
export async function repeatInThreads(session: Session, chat: Selectable<ChatRow>): Promise<void> {
  const threads = (await threadsOf(session, chat)).filter((one) => one.state === 'active');
  for (const { id } of threads) {
    const { lang, time_zone, level, kind, settings, wake_at } = chat;
    await session.db
      .updateTable('chats')
      .set({ lang, time_zone, level, kind, settings, wake_at })
      .where('id', '=', id)
      .execute();
    await session.db.updateTable('subscriptions').set({ level }).where('chat_id', '=', id).execute();
    await copySilences(session, chat.id, id);
  }
}

/** What `from` does not want to hear, `to` does not want to hear either. */
async function copySilences(session: Session, from: number, to: number): Promise<void> {
  await sql`
    insert into silences (chat_id, country, service, incident_id, until)
    select ${int(to)}, country, service, incident_id, until from silences where chat_id = ${from}
    on conflict (chat_id, country, service, incident_id) do update set until = excluded.until where excluded.until > silences.until
  `.execute(session.db);
}
