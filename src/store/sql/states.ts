import { sql } from 'kysely';
import type { SourceState, SourceStates } from '../../core/ports/source-state.ts';
import type { DurableState } from '../../core/ports/state.ts';
import { among, rowsOf } from './lists.ts';
import type { Session } from './session.ts';

export function durableState(session: Session, namespace: string): DurableState {
  return {
    async get(key) {
      const row = await session.db
        .selectFrom('states')
        .select('value')
        .where('namespace', '=', namespace)
        .where('key', '=', key)
        .executeTakeFirst();
      return row === undefined ? undefined : JSON.parse(row.value);
    },
    async set(key, value) {
      const text = JSON.stringify(value) ?? 'null';
      await session.db
        .insertInto('states')
        .values({ namespace, key, value: text })
        .onConflict((on) => on.columns(['namespace', 'key']).doUpdateSet({ value: text }))
        .execute();
    },
    async delete(key) {
      await session.db.deleteFrom('states').where('namespace', '=', namespace).where('key', '=', key).execute();
    },
  };
}

export function sourceStates(session: Session): SourceStates {
  const { dialect } = session;
  return {
    async getMany(ids) {
      if (ids.length === 0) return new Map();
      const rows = await session.db
        .selectFrom('source_states')
        .selectAll()
        .where(among(dialect, 'id', 'text', ids))
        .execute();
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
