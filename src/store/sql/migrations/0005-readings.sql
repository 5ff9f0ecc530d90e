-- How likely the reading of a report's text is right, in thousandths. Null: older than the column, or no reading (a measurement).
alter table reports add column reading integer;
