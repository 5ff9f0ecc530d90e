-- Answers wait in the queue as rows. Before, chats with the answer to a change were marked (`chats.owed`; `outbox/answers.ts` takes those
-- marks), and questions stood in one JSON for each account (`migrate.ts` takes these).
create table answers (
  id text primary key, account_id text not null, chat text not null, thread text not null, chat_kind text not null,
  kind text not null, ref text, at int not null, state int not null, command text
);
create index answers_chat on answers (account_id, chat);
