import { sql } from 'kysely';
import type { DurableRows, Row, RowChange } from '../../core/ports/rows.ts';
import { rowsOf } from './lists.ts';
import type { Session } from './session.ts';

/** Rows of one statement, at most. */
const BATCH = 1_000;

interface Kept {
  bucket: string;
  key: string;
  value: string;
}

/** Names are kept as JSON, since PostgreSQL takes no NUL in a text, and values in Base64, since both dialects keep texts alike. */
export function durableRows(session: Session, namespace: string): DurableRows {
  const kept = () => session.db.selectFrom('kept_rows').where('namespace', '=', namespace);
  return {
    async all() {
      return (await kept().select(['bucket', 'key', 'value']).execute()).map(rowOf);
    },
    async of(bucket) {
      const rows = await kept()
        .select(['bucket', 'key', 'value'])
        .where('bucket', '=', JSON.stringify(bucket))
        .execute();
      return rows.map(rowOf);
    },
    async get(bucket, key) {
      const row = await kept()
        .select('value')
        .where('bucket', '=', JSON.stringify(bucket))
        .where('key', '=', JSON.stringify(key))
        .executeTakeFirst();
      return row === undefined ? null : bytesOf(row.value);
    },
    async write(changes) {
      if (changes.length === 0) return;
      const last = new Map<string, RowChange>();
      for (const change of changes) last.set(JSON.stringify([change.bucket, change.key]), change);
      await session.atomically(async (inner) => {
        const all = [...last.values()];
        for (let i = 0; i < all.length; i += BATCH) await writeSome(inner, namespace, all.slice(i, i + BATCH));
      });
    },
  };
}

async function writeSome({ db, dialect }: Session, namespace: string, changes: readonly RowChange[]): Promise<void> {
  const name = ({ bucket, key }: RowChange) => [JSON.stringify(bucket), JSON.stringify(key)] as const;
  const puts = changes.flatMap((one) => (one.value === null ? [] : [[...name(one), base64(one.value)]]));
  const drops = changes.filter(({ value }) => value === null).map(name);
  if (drops.length > 0)
    await sql`
      delete from kept_rows where namespace = ${namespace} and (bucket, key) in (
        select d.bucket, d.key from ${rowsOf(dialect, { bucket: 'text', key: 'text' }, drops)} as d
      )`.execute(db);
  if (puts.length > 0)
    await sql`
      insert into kept_rows (namespace, bucket, key, value)
      select cast(${namespace} as text), p.bucket, p.key, p.value from ${rowsOf(dialect, { bucket: 'text', key: 'text', value: 'text' }, puts)} as p where true
      on conflict (namespace, bucket, key) do update set value = excluded.value`.execute(db);
}

const rowOf = ({ bucket, key, value }: Kept): Row => ({
  bucket: JSON.parse(bucket),
  key: JSON.parse(key),
  value: bytesOf(value),
});

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'base64');
