-- When its source took a report back; what a chat followed once, until which number of `alert_incidents`: what its messages show is kept true.
alter table reports add column taken_back int;
create table unfollowed (
  chat_id int not null references chats (id) on delete cascade, country text not null, service text not null, until_no int not null,
  primary key (chat_id, country, service)
) rowless;
create index unfollowed_until on unfollowed (until_no);
