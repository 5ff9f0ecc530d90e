import { type RawBuilder, sql } from 'kysely';
import { TocsinError } from '../../../core/errors.ts';
import type { Chat } from '../../../core/model/chat.ts';
import type { Outbox } from '../../../core/ports/outbox.ts';
import { changed, first } from '../rows.ts';
import type { Session } from '../session.ts';
import { BROADCAST_SPAN, MAX_BROADCAST, OP, PRIORITIES, STATE, among } from '../values.ts';
import { advance, recover } from './advance.ts';
import { answers } from './answers.ts';
import { addDeliveries, deliveryValues } from './fill-job.ts';
import { fill } from './fill.ts';
import { heldOf } from './held.ts';
import { countedIn, peek } from './peek.ts';

const put =
  (session: Session): Outbox['put'] =>
  (broadcastId, chatIds, now) =>
    session.atomically(async (inner) => {
      const row = await first(inner, 'broadcasts', { id: broadcastId });
      const none = 'This broadcast is not in the database, or there is no room for it.';
      if (!row || row.no > MAX_BROADCAST) throw new TocsinError('store_failed', none, { broadcast: broadcastId });
      const base = row.no * BROADCAST_SPAN;
      const job = { broadcastNo: row.no, alertNo: row.alert_no, priority: row.lane, now };
      const ids = sql<boolean>`id between ${base} and ${base + BROADCAST_SPAN - 1}`;
      const rows = sql`select ${deliveryValues(job, OP.send, sql`c.id`, sql`c.account_id`)}
        from chats as c where ${among(inner.dialect, 'c.id', 'int', chatIds)} and c.state = 'active'`;
      await countedIn(inner, row.no, ids, now, () => addDeliveries(inner, rows));
    });

/** Rows a transaction: a queue of a million may stand in the future. */
const CHUNK = 5_000;

const rewind =
  (session: Session): Outbox['rewind'] =>
  async (accountId, now) => {
    let moved = 0;
    for (const priority of PRIORITIES.keys()) {
      for (;;) {
        const of = await session.atomically(async ({ db }) => {
          const result = await sql`
            update deliveries set next_at = ${now} where id in (
              select id from deliveries where account_id = ${accountId} and lane = ${priority} and state = ${sql.lit(STATE.queued)} and next_at > ${now} limit ${CHUNK}
            )
          `.execute(db);
          return changed(result);
        });
        moved += of;
        if (of < CHUNK) break;
      }
    }
    return moved;
  };

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
    ...answers(session),

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
      const of = (at: RawBuilder<unknown>, state: number) => sql`
        select c.chat, c.kind, ${at} as at from deliveries as d join chats as c on c.id = d.chat_id
        where d.account_id = ${accountId} and d.state = ${sql.lit(state)}`;
      const { rows } = await sql<Pick<Chat, 'chat' | 'kind'> & { at: number | null }>`
        select * from (${of(sql`cast(null as bigint)`, STATE.sending)}) as sending
        union all
        select * from (${of(sql`d.done_at`, STATE.sent)} and d.done_at >= ${since} order by d.done_at desc, d.id desc limit ${MAX_RECENT}) as sent
      `.execute(session.db);
      return rows;
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
