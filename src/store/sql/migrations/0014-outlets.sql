-- What the publisher of a report is, and of which country (JSON, `Report.outlet`). Null: not known, or older than the column.
alter table reports add column outlet text;
