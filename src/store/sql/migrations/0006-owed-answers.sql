-- The chat changed something and was not answered yet: a start after a kill finds whom to tell.
alter table chats add column owed int not null default 0;
create index chats_owed on chats (account_id) where owed = 1;
-- Where they were kept before: by the name of the chat, in one row an account.
delete from states where namespace like 'answers/%';
