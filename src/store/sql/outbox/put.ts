import { sql } from 'kysely';
import { TocsinError } from '../../../core/errors.ts';
import type { Outbox } from '../../../core/ports/outbox.ts';
import { BROADCAST_SPAN, CHAT_SPAN, MAX_BROADCAST, OP } from '../codes.ts';
import { int, rowsOf } from '../lists.ts';
import type { Session } from '../session.ts';
import { countedIn } from './backlog.ts';
import { DELIVERY_COLUMNS } from './fill-job.ts';

export const put =
  (session: Session): Outbox['put'] =>
  (broadcastId, chatIds, now) =>
    session.atomically(async (inner) => {
      const { dialect, db } = inner;
      const row = await db
        .selectFrom('broadcasts')
        .select(['no', 'alert_no', 'lane'])
        .where('id', '=', broadcastId)
        .executeTakeFirst();
      if (!row || row.no > MAX_BROADCAST)
        throw new TocsinError('store_failed', 'This broadcast is not in the database, or there is no room for it.', {
          broadcast: broadcastId,
        });
      const base = row.no * BROADCAST_SPAN;
      const chats = rowsOf(
        dialect,
        { id: 'int' },
        chatIds.map((id) => [id]),
      );
      const ids = sql<boolean>`id between ${base} and ${base + BROADCAST_SPAN - 1}`;
      await countedIn(inner, row.no, ids, now, async () => {
        const result = await sql`
          insert into deliveries ${DELIVERY_COLUMNS}
          select ${int(base + OP.send)} + c.id * ${sql.lit(CHAT_SPAN)}, ${int(row.no)}, ${int(row.alert_no)}, c.id, c.account_id,
            ${sql.lit(OP.send)}, ${int(row.lane)}, 0, 0, ${int(now)}, ${int(now)}
          from ${chats} as r join chats as c on c.id = r.id where c.state = 'active'
          on conflict (id) do nothing
        `.execute(db);
        return Number(result.numAffectedRows ?? 0);
      });
    });
