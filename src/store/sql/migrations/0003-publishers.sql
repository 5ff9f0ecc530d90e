-- Who published a report, beside whom it credits: whatever a publisher credits, it is one outlet. Null: older than the column, or no news.
alter table reports add column publisher plaintext;
