-- Pairs of chats, messages that are about no incident, and the boards of groups. `why`: by which way a chat came to a message (`core/model/link.ts`).
create table links (
  chat_id int primary key references chats (id) on delete cascade, spare_id int not null unique references chats (id) on delete cascade,
  created_at int not null, doubled int not null, because text, monthly_test int not null, tested_at int
) rowless;
create table notices (alert_no int primary key, notice text not null) rowless;
create table boards (
  chat_id int primary key references chats (id) on delete cascade, alert_no int, shown text not null, changed_at int not null,
  pinned int not null
) rowless;
alter table messages add column why text;
