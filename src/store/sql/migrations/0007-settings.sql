-- What a chat chose (quiet hours, digest, sound …), when something is to be done for it next, and what waits for the end of its quiet
-- hours. `messages.summary`: what the chat has of the alert is a part of such a summary, which is answered and never edited.
alter table chats add column settings text not null default '';
alter table chats add column wake_at int;
create index chats_wake on chats (wake_at) where wake_at is not null;
alter table messages add column summary int not null default 0;
create table held (
  chat_id int not null references chats (id) on delete cascade, delivery_id int not null, alert_no int not null,
  at int not null, told_by int, primary key (chat_id, delivery_id)
) rowless;
create index held_at on held (at);
