import { sql } from 'kysely';
import type { Migration } from '../session.ts';

/**
 * What a chat chose (quiet hours, digest, sound …), when something is to be done for it next, and what waits for the end of its quiet
 * hours. `messages.summary`: what the chat has of the alert is a part of such a summary, which is answered and never edited.
 */
export const settings: Migration = async (db, dialect) => {
  const int = sql.raw(dialect === 'sqlite' ? 'integer' : 'bigint');
  const text = sql.raw(dialect === 'sqlite' ? 'text' : 'text collate "C"');
  const rowless = sql.raw(dialect === 'sqlite' ? 'without rowid' : '');
  await sql`alter table chats add column settings ${text} not null default ''`.execute(db);
  await sql`alter table chats add column wake_at ${int}`.execute(db);
  await sql`create index chats_wake on chats (wake_at) where wake_at is not null`.execute(db);
  await sql`alter table messages add column summary ${int} not null default 0`.execute(db);
  await sql`
    create table held (
      chat_id ${int} not null references chats (id) on delete cascade, delivery_id ${int} not null, alert_no ${int} not null,
      at ${int} not null, told_by ${int}, primary key (chat_id, delivery_id)
    ) ${rowless}
  `.execute(db);
  await sql`create index held_at on held (at)`.execute(db);
};
