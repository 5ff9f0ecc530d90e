import { sql } from 'kysely';
import { OP } from '../codes.ts';
import { countedIn } from './backlog.ts';
import { DELIVERY_COLUMNS, deliveryValues, type FillJob, type Step, withinReach } from './fill-job.ts';

/** One step over all active chats, their threads left out: an operator's announcement. */
export async function fillAll(job: FillJob): Promise<Step> {
  const { session, cursor, chunk, broadcastNo, now } = job;
  const { rows } = await sql<{ high: number | null }>`
    select max(id) as high from (
      select id from chats where id > ${cursor} order by id limit ${chunk}
    ) as step
  `.execute(session.db);
  const high = rows[0]?.high ?? null;
  if (high === null) return { written: 0, reach: null };
  const reach = { low: cursor, high };
  const ids = sql<boolean>`${withinReach('id', broadcastNo, reach)} and op = ${sql.lit(OP.send)}`;
  const written = await countedIn(session, broadcastNo, ids, now, async () => {
    const result = await sql`
      insert into deliveries ${DELIVERY_COLUMNS}
      select ${deliveryValues(job, OP.send, sql`c.id`, sql`c.account_id`)}
      from chats as c where c.id > ${cursor} and c.id <= ${high} and c.state = 'active' and c.thread = ''
      order by c.id on conflict (id) do nothing
    `.execute(session.db);
    return Number(result.numAffectedRows ?? 0);
  });
  if (written > 0)
    await sql`
      insert into messages (alert_no, chat_id) select alert_no, chat_id from deliveries where ${ids} order by id
      on conflict (alert_no, chat_id) do nothing
    `.execute(session.db);
  return { written, reach };
}
