import { sql } from 'kysely';
import type { Outbox } from '../../../core/ports/outbox.ts';
import { PRIORITIES, STATE } from '../codes.ts';
import type { Session } from '../session.ts';
import { advance, recover } from './advance.ts';
import { fill } from './fill.ts';
import { heldOf } from './held.ts';
import { peek } from './peek.ts';
import { put } from './put.ts';
import { rewind } from './rewind.ts';

const MAX_RECENT = 5_000;

export function outbox(session: Session): Outbox {
  return {
    fill: fill(session),
    peek: peek(session),
    advance: advance(session),
    recover: recover(session),
    rewind: rewind(session),
    put: put(session),
    heldOf: heldOf(session),

    async nextDueAt(accountId) {
      const priorities = [...PRIORITIES.keys()].map(
        (priority) => sql`
          select min(next_at) as next_at from deliveries where account_id = ${accountId} and lane = ${priority} and state = ${sql.lit(STATE.queued)}`,
      );
      const { rows } = await sql<{ next_at: number | null }>`
        select min(next_at) as next_at from (${sql.join(priorities, sql` union all `)}) as priorities
      `.execute(session.db);
      return rows[0]?.next_at ?? null;
    },

    async recentSends(accountId, since) {
      const { rows } = await sql<{ chatId: number; at: number }>`
        select chat_id as "chatId", done_at as at from deliveries
        where account_id = ${accountId} and state = ${sql.lit(STATE.sent)} and done_at >= ${since} order by done_at desc, id desc limit ${MAX_RECENT}
      `.execute(session.db);
      return rows;
    },

    async underWay(accountId) {
      const { rows } = await sql<{ chatId: number }>`
        select distinct chat_id as "chatId" from deliveries where account_id = ${accountId} and state = ${sql.lit(STATE.sending)}
      `.execute(session.db);
      return rows.map(({ chatId }) => chatId);
    },

    /** From the backlog's counts, so that a queue of a million costs nothing. "Oldest" is when the oldest broadcast began to be filled in. */
    async depth() {
      const { rows } = await sql<{ account_id: string; pending: number; oldest: number; sending: number }>`
        select k.account_id, cast(sum(k.pending) as bigint) as pending, min(k.since) as oldest,
          (select count(*) from deliveries as d where d.account_id = k.account_id and d.state = ${sql.lit(STATE.sending)}) as sending
        from backlog as k group by k.account_id order by k.account_id
      `.execute(session.db);
      return rows.map((row) => ({
        accountId: row.account_id,
        queued: row.pending - row.sending,
        sending: row.sending,
        oldestCreatedAt: row.pending > row.sending ? row.oldest : null,
      }));
    },
  };
}
