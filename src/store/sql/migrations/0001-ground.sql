-- The first schema.

create table seen (source_id text not null, key text not null, at int not null, primary key (source_id, key)) rowless;
create index seen_at on seen (at);

create table incidents (
  id text primary key, country text, service text, family text not null, action text not null, state text not null,
  confidence text not null, lift_confidence text, method text, regions text not null,
  opened_at int not null, corroborated_at int, confirmed_at int, closed_at int, last_report_at int not null,
  linked_id text, withdrawn_because text, open int not null, version int not null, changed_at int not null
);
create index incidents_open on incidents (country, family, service) where open = 1;
create index incidents_closed on incidents (country, service, family, changed_at) where open = 0;
create index incidents_changed on incidents (changed_at);
create index incidents_reported on incidents (last_report_at);
create index incidents_country on incidents (country, last_report_at);
create index incidents_service on incidents (service, last_report_at);

create table transitions (
  incident_id text not null, seq int not null, at int not null, change text not null, action text not null, state text not null,
  confidence text not null, method text, report_id text, primary key (incident_id, seq)
) rowless;

create table reports (
  incident_id text not null, id text not null, source_id text not null, item_id text, at int not null, country text, service text,
  action text not null, method text, region text, secondary int not null, kind text not null, voice text not null, title text not null,
  url text, publisher_name text not null, lang text not null, summary text not null, measured text, fingerprint text not null,
  primary key (incident_id, id)
);
create index reports_newest on reports (incident_id, at, id);
create index reports_item on reports (item_id, incident_id) where item_id is not null;

create table alerts (
  no serial, id text not null unique, country text, level int not null, created_at int not null, told_at int not null, widen_replied_at int
);
create index alerts_told on alerts (told_at);
create table alert_incidents (
  alert_no int not null, incident_id text not null, pos int not null, added_at int not null, primary key (alert_no, incident_id)
) rowless;
create index alert_incidents_incident on alert_incidents (incident_id, alert_no);

create table broadcasts (
  no serial, id text not null unique, alert_no int not null, kind text not null, loud int not null, reason text not null,
  incident_ids text not null, lane int not null, created_at int not null, due_at int not null, phase text not null,
  cursor int not null, state text not null
);
create index broadcasts_due on broadcasts (due_at) where state <> 'done';
create index broadcasts_alert on broadcasts (alert_no);
create index broadcasts_created on broadcasts (created_at);

create table chats (
  id serial, account_id text not null, platform text not null, chat text not null, thread text not null, kind text not null,
  lang text not null, time_zone text not null, level int not null, state text not null, created_at int not null,
  ended_at int, unique (account_id, chat, thread)
);

create index chats_gone on chats (ended_at) where state = 'gone';

create table subscriptions (
  chat_id int not null references chats (id) on delete cascade, country text not null, service text not null, level int not null,
  created_at int not null, account_id text not null, primary key (chat_id, country, service)
) rowless;
create index subscriptions_match on subscriptions (country, service, level, chat_id, created_at, account_id);

create table silences (
  chat_id int not null references chats (id) on delete cascade, country text not null, service text not null,
  incident_id text not null, until int not null, primary key (chat_id, country, service, incident_id)
) rowless;
create index silences_until on silences (until);

create table payloads (id serial, hash text not null unique, body text not null, used_at int not null);
create index payloads_used on payloads (used_at);

create table deliveries (
  id int primary key, broadcast_no int not null, alert_no int not null, chat_id int not null, account_id text not null,
  op int not null, lane int not null, state int not null, attempts int not null, next_at int not null, created_at int not null,
  begun_at int, done_at int, payload_id int, reason text
);
create index deliveries_queue on deliveries (account_id, lane, next_at by_id) where state = 0;
create index deliveries_sending on deliveries (account_id, begun_at) where state = 1;
create index deliveries_sent on deliveries (account_id, done_at by_id) where state = 2;

create table backlog (
  broadcast_no int not null, account_id text not null, pending int not null, since int not null, primary key (broadcast_no, account_id)
) rowless;

create table messages (alert_no int not null, chat_id int not null, ref text, primary key (alert_no, chat_id)) rowless;

create table measurements (
  id text primary key, source_id text not null, kind text not null, at int not null, probe_cc text not null, probe_asn text not null,
  vantage_id text not null, target text, component text, verdict text not null, detail text, notes text not null, raw text not null
);
create index measurements_at on measurements (at);
create index measurements_target on measurements (target, at);
create index measurements_vantage on measurements (vantage_id, at);
create table measurement_days (
  day int not null, kind text not null, vantage_id text not null, probe_cc text not null, probe_asn text not null, target text not null,
  component text not null, verdict text not null, count int not null,
  primary key (day, kind, vantage_id, probe_cc, probe_asn, target, component, verdict)
) rowless;

create table states (namespace text not null, key text not null, value text not null, primary key (namespace, key)) rowless;
create table source_states (id text primary key, state text not null) rowless;
create table cache (namespace text not null, key text not null, value text not null, expires int, primary key (namespace, key)) rowless;
create index cache_expires on cache (expires) where expires is not null;
