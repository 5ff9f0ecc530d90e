-- What readers say works for them: counts by quarter of an hour. Nothing joins them to who spoke.
create table reader_counts (
  slot int not null, country text not null, operator text not null, service text not null, verdict text not null, door text not null,
  people int not null, settled int not null, primary key (slot, country, service, operator, verdict, door)
) rowless;
create index reader_counts_pair on reader_counts (service, country, slot);
-- Who spoke, as digests under the key of the day; part of no export. Both are deleted when the day ends.
create table reader_voices (digest text primary key, day int not null) rowless;
create table reader_keys (day int primary key, secret text not null);
