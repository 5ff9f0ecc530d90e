import { sql } from 'kysely';
import type { Outbox } from '../../../core/ports/outbox.ts';
import { PRIORITIES, STATE } from '../codes.ts';
import type { Session } from '../session.ts';

/** Rows a transaction: a queue of a million may stand in the future. */
const CHUNK = 5_000;

export const rewind =
  (session: Session): Outbox['rewind'] =>
  async (accountId, now) => {
    let moved = 0;
    for (const priority of PRIORITIES.keys()) {
      for (;;) {
        const changed = await session.atomically(async ({ db }) => {
          const result = await sql`
            update deliveries set next_at = ${now} where id in (
              select id from deliveries where account_id = ${accountId} and lane = ${priority} and state = ${sql.lit(STATE.queued)} and next_at > ${now} limit ${CHUNK}
            )
          `.execute(db);
          return Number(result.numAffectedRows ?? 0);
        });
        moved += changed;
        if (changed < CHUNK) break;
      }
    }
    return moved;
  };
