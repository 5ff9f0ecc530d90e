import { sql } from 'kysely';
import type { Outbox } from '../../../core/ports/store.ts';
import { LANES } from '../codes.ts';
import type { Session } from '../session.ts';
import { advance, recover } from './advance.ts';
import { fill } from './fill.ts';
import { peek } from './peek.ts';

export function outbox(session: Session): Outbox {
  return {
    fill: fill(session),
    peek: peek(session),
    advance: advance(session),
    recover: recover(session),

    async nextDueAt(accountId) {
      const lanes = [...LANES.keys()].map(
        (lane) => sql`
          select min(next_at) as next_at from deliveries where account_id = ${accountId} and lane = ${lane} and state = 0`,
      );
      const { rows } = await sql<{ next_at: number | null }>`
        select min(next_at) as next_at from (${sql.join(lanes, sql` union all `)}) as lanes
      `.execute(session.db);
      return rows[0]?.next_at ?? null;
    },

    async depth() {
      const { rows } = await sql<{ account_id: string; state: number; count: number; oldest: number }>`
        select account_id, 0 as state, count(*) as count, min(created_at) as oldest from deliveries where state = 0 group by account_id
        union all
        select account_id, 1, count(*), 0 from deliveries where state = 1 group by account_id
      `.execute(session.db);
      return [...Map.groupBy(rows, (row) => row.account_id)]
        .map(([accountId, states]) => {
          const queued = states.find((row) => row.state === 0);
          const sending = states.find((row) => row.state === 1);
          return {
            accountId,
            queued: queued?.count ?? 0,
            sending: sending?.count ?? 0,
            oldestCreatedAt: queued?.oldest ?? null,
          };
        })
        .sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
    },
  };
}
