-- Answers wait in the queue as rows. Before, chats with the answer to a change were marked (`chats.owed`; `outbox/answers.ts` takes those
-- marks), and questions stood in one JSON for each account, in two forms: a list, and later one beside what was answered.
create table answers (
  id text primary key, account_id text not null, chat text not null, thread text not null, chat_kind text not null,
  kind text not null, ref text, at int not null, state int not null, command text
);
create index answers_chat on answers (account_id, chat);
-- @sqlite
insert into answers (id, account_id, chat, thread, chat_kind, kind, ref, at, state, command)
select '1.' || s.namespace || '.' || q.key, q.value ->> '$.address.accountId', q.value ->> '$.address.chat',
  coalesce(q.value ->> '$.address.thread', ''), q.value ->> '$.chatKind', coalesce(q.value ->> '$.kind', 'question'),
  q.value ->> '$.ref', q.value ->> '$.at', 0, json_remove(q.value, '$.address', '$.chatKind', '$.kind', '$.ref', '$.at')
from states as s join json_each(s.value, case json_type(s.value) when 'array' then '$' else '$.asked' end) as q
where s.key = 'asked' and s.namespace like 'account/%' and coalesce(q.value ->> '$.kind', '') <> 'change';
-- @postgres
insert into answers (id, account_id, chat, thread, chat_kind, kind, ref, at, state, command)
select '1.' || s.namespace || '.' || q.n, q.one #>> '{address,accountId}', q.one #>> '{address,chat}',
  coalesce(q.one #>> '{address,thread}', ''), q.one ->> 'chatKind', coalesce(q.one ->> 'kind', 'question'),
  q.one ->> 'ref', (q.one ->> 'at')::bigint, 0, (
    select cast(json_object_agg(e.key, e.value) as plaintext) from json_each(q.one) as e where e.key not in ('address', 'chatKind', 'kind', 'ref', 'at')
  )
from (
  -- Here JSON may hold no NUL.
  select namespace, regexp_replace(value, '(?<!\\)((\\\\)*)\\u0000', '\1', 'g')::json as kept from states
  where key = 'asked' and namespace like 'account/%'
) as s cross join lateral json_array_elements(case json_typeof(s.kept) when 'array' then s.kept else s.kept -> 'asked' end) with ordinality as q (one, n)
where coalesce(q.one ->> 'kind', '') <> 'change';
-- @both
delete from states where key = 'asked' and namespace like 'account/%';
