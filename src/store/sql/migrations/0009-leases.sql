-- What came in at a process that does not ingest. On PostgreSQL also who lives and who holds what: `leases.until` by the database's clock, in ms;
-- `commits.last` the last transaction of a process that was committed, in a row of its own, so that nothing that is renewed beside waits for it.
create table posts (id serial, lane text not null, post text not null, at int not null);

-- @postgres
create table leases (name text primary key, holder text, epoch int not null, since int not null, until int not null);
create table processes (
  id text primary key, label plaintext not null, roles plaintext not null, waits_for plaintext not null, started_at int not null,
  seen_at int not null
);
create table commits (process_id text primary key, last int not null, at int not null);
