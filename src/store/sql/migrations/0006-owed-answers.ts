import { sql } from 'kysely';
import type { Migration } from '../session.ts';

/** The chat changed something and was not answered yet: a start after a kill finds whom to tell. */
export const owedAnswers: Migration = async (db, dialect) => {
  const type = sql.raw(dialect === 'sqlite' ? 'integer' : 'bigint');
  await sql`alter table chats add column owed ${type} not null default 0`.execute(db);
  await sql`create index chats_owed on chats (account_id) where owed = 1`.execute(db);
  // Where they were kept before: by the name of the chat, in one row an account.
  await sql`delete from states where namespace like 'answers/%'`.execute(db);
};
