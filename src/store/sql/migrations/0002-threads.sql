-- Every thread gets the row of its chat beside it, and settings and silences become the whole chat's.

insert into chats (account_id, platform, chat, thread, kind, lang, time_zone, level, state, created_at, ended_at)
select t.account_id, t.platform, t.chat, '', t.kind, t.lang, t.time_zone, t.level, t.state, t.created_at, t.ended_at
from chats as t
where t.thread <> '' and t.id = (
  select min(o.id) from chats as o where o.account_id = t.account_id and o.chat = t.chat and o.thread <> ''
  and (o.state = 'active' or not exists (
    select 1 from chats as p where p.account_id = t.account_id and p.chat = t.chat and p.thread <> '' and p.state = 'active'
  ))
)
on conflict (account_id, chat, thread) do nothing;

-- A chat that had ended by itself while a thread of it went on.
update chats set state = 'active', ended_at = null where thread = '' and state <> 'active' and exists (
  select 1 from chats as t where t.account_id = chats.account_id and t.chat = chats.chat and t.thread <> '' and t.state = 'active'
);

-- Who typed "mute" in a thread was answered "quiet": now it is so for the whole chat, and then for all its threads.
insert into silences (chat_id, country, service, incident_id, until)
select t.id, s.country, s.service, s.incident_id, max(s.until)
from silences as s join chats as f on f.id = s.chat_id
join chats as t on t.account_id = f.account_id and t.chat = f.chat
where f.thread <> '' and t.thread = '' and t.state = 'active'
group by t.id, s.country, s.service, s.incident_id
on conflict (chat_id, country, service, incident_id) do update set until = excluded.until where excluded.until > silences.until;

insert into silences (chat_id, country, service, incident_id, until)
select t.id, s.country, s.service, s.incident_id, max(s.until)
from silences as s join chats as f on f.id = s.chat_id
join chats as t on t.account_id = f.account_id and t.chat = f.chat
where f.thread = '' and t.thread <> '' and t.state = 'active'
group by t.id, s.country, s.service, s.incident_id
on conflict (chat_id, country, service, incident_id) do update set until = excluded.until where excluded.until > silences.until;

update chats set lang = (
  select r.lang from chats as r where r.account_id = chats.account_id and r.chat = chats.chat and r.thread = ''
) where thread <> '';

update chats set time_zone = (
  select r.time_zone from chats as r where r.account_id = chats.account_id and r.chat = chats.chat and r.thread = ''
) where thread <> '';

update chats set level = (
  select r.level from chats as r where r.account_id = chats.account_id and r.chat = chats.chat and r.thread = ''
) where thread <> '';

update subscriptions set level = (select c.level from chats as c where c.id = subscriptions.chat_id)
where chat_id in (select id from chats where thread <> '');
