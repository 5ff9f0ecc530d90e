-- What stood before anybody reported it (JSON, `Standing`), and the one part of a service that is cut.
alter table incidents add column standing text;
alter table incidents add column part text;
