-- Rows that are never part of an export (`core/ports/runtime.ts`): names as JSON, values in Base64.
create table kept_rows (
  namespace text not null, bucket text not null, key text not null, value text not null, primary key (namespace, bucket, key)
) rowless;
