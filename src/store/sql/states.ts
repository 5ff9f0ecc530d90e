import { type RawBuilder, sql } from 'kysely';
import type { DurableRows, DurableState, Row, RowChange } from '../../core/ports/runtime.ts';
import type { SourceState, SourceStates } from '../../core/ports/source.ts';
import { first, insert, remove, select } from './rows.ts';
import type { Session } from './session.ts';
import { rowsOf } from './values.ts';

export function durableState(session: Session, namespace: string): DurableState {
  return {
    async get(key) {
      const row = await first(session, 'states', { namespace, key });
      return row === undefined ? undefined : JSON.parse(row.value);
    },
    async set(key, value) {
      const text = JSON.stringify(value) ?? 'null';
      const over = sql`on conflict (namespace, key) do update set value = excluded.value`;
      await insert(session, 'states', { namespace, key, value: text }, over);
    },
    async delete(key) {
      await remove(session, 'states', { namespace, key });
    },
  };
}

export function sourceStates(session: Session): SourceStates {
  const { dialect } = session;
  return {
    async getMany(ids) {
      const rows = await select(session, 'source_states', { id: ids });
      return new Map(rows.map((row) => [row.id, JSON.parse(row.state) as SourceState]));
    },
    async setMany(states) {
      if (states.length === 0) return;
      const last = new Map(states.map(({ id, state }) => [id, JSON.stringify(state)]));
      await sql`
        insert into source_states (id, state)
        select s.id, s.state from ${rowsOf(dialect, { id: 'text', state: 'text' }, [...last])} as s where true
        on conflict (id) do update set state = excluded.state
      `.execute(session.db);
    },
  };
}

/** Rows of one statement, at most. */
const BATCH = 1_000;

/** Names are kept as JSON, since PostgreSQL takes no NUL in a text, and values in Base64, since both dialects keep texts alike. */
export function durableRows(session: Session, namespace: string): DurableRows {
  const those = async (which: RawBuilder<unknown>): Promise<Row[]> => {
    const { rows } = await sql<Record<'bucket' | 'key' | 'value', string>>`
      select bucket, key, value from kept_rows where namespace = ${namespace} ${which}
    `.execute(session.db);
    return rows.map(({ bucket, key, value }) => ({
      bucket: JSON.parse(bucket),
      key: JSON.parse(key),
      value: Buffer.from(value, 'base64'),
    }));
  };
  const of = (bucket: string) => sql`and bucket = ${JSON.stringify(bucket)}`;
  return {
    all: () => those(sql``),
    of: (bucket) => those(of(bucket)),
    get: async (bucket, key) => (await those(sql`${of(bucket)} and key = ${JSON.stringify(key)}`))[0]?.value ?? null,
    async write(changes) {
      if (changes.length === 0) return;
      const last = new Map<string, RowChange>();
      for (const change of changes) last.set(JSON.stringify([change.bucket, change.key]), change);
      await session.atomically(async (inner) => {
        const changed = [...last.values()];
        for (let i = 0; i < changed.length; i += BATCH) await writeSome(inner, namespace, changed.slice(i, i + BATCH));
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

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
