import { sql } from 'kysely';
import type { Migration } from '../session.ts';

/**
 * Answers wait in the queue as rows. Before, chats with the answer to a change were marked (`chats.owed`; `outbox/answers.ts` takes those
 * marks), and questions stood in one JSON for each account.
 */
export const answers: Migration = async (db, dialect) => {
  const text = sql.raw(dialect === 'sqlite' ? 'text' : 'text collate "C"');
  const integer = sql.raw(dialect === 'sqlite' ? 'integer' : 'bigint');
  await sql`
    create table answers (
      id ${text} primary key, account_id ${text} not null, chat ${text} not null, thread ${text} not null, chat_kind ${text} not null,
      kind ${text} not null, ref ${text}, at ${integer} not null, state ${integer} not null, command ${text}
    )`.execute(db);
  await sql`create index answers_chat on answers (account_id, chat)`.execute(db);
  const kept = await db.selectFrom('states').select(['namespace', 'value']).where('key', '=', 'asked').execute();
  for (const { namespace, value } of kept.filter((one) => one.namespace.startsWith('account/'))) {
    for (const [n, question] of questionsOf(value).entries()) {
      const { address, chatKind, kind = 'question', ref = null, at, ...asked } = question;
      const { accountId, chat, thread } = address;
      const place = { account_id: accountId, chat, thread: thread ?? '', chat_kind: chatKind };
      const row = { id: `1.${namespace}.${n}`, ...place, kind, ref, at, state: 0, command: JSON.stringify(asked) };
      await db.insertInto('answers').values(row).execute();
    }
    await db.deleteFrom('states').where('namespace', '=', namespace).where('key', '=', 'asked').execute();
  }
};

interface Asked {
  address: { accountId: string; chat: string; thread: string | null };
  chatKind: string;
  text: string;
  from: string;
  lang: string | null;
  messageRef: string | null;
  forwarded: boolean;
  at: number;
  kind?: string;
  ref?: string | null;
}

/** Two forms: a list, and later one beside what was answered. Changes are marked in their chats. */
function questionsOf(value: string): Asked[] {
  const kept = JSON.parse(value) as Asked[] | { asked?: Asked[] };
  return (Array.isArray(kept) ? kept : (kept.asked ?? [])).filter(({ kind }) => kind !== 'change');
}
