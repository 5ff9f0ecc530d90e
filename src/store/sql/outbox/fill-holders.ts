import { sql } from 'kysely';
import { BROADCAST_SPAN, OP, STATE } from '../codes.ts';
import {
  DELIVERY_COLUMNS,
  deliveryValues,
  type FillJob,
  matcherRows,
  type Reach,
  type Step,
  silenced,
  withinReach,
} from './fill-job.ts';

/**
 * One step over the chats that have, or are about to get, the alert's message. Those who follow one of the changed incidents, at
 * whatever level now, and have not silenced all of these, get an edit, and a reply when it is loud.
 */
export async function fillHolders(job: FillJob): Promise<Step> {
  const reach = await nextReach(job);
  if (!reach) return { written: 0, reach: null };
  const written = (await insert(job, reach, OP.edit)) + (job.loud ? await insert(job, reach, OP.reply) : 0);
  if (job.supersedes.length > 0) await supersede(job, reach);
  return { written, reach };
}

async function nextReach({ session, alertNo, cursor, chunk }: FillJob): Promise<Reach | null> {
  const { rows } = await sql<{ high: number | null }>`
    select max(chat_id) as high from (
      select chat_id from messages where alert_no = ${alertNo} and chat_id > ${cursor} order by chat_id limit ${chunk}
    ) as step
  `.execute(session.db);
  const high = rows[0]?.high ?? null;
  return high === null ? null : { low: cursor, high };
}

async function insert(job: FillJob, { low, high }: Reach, op: number): Promise<number> {
  const { dialect, db } = job.session;
  // What is queued untried will be rendered with the newest version: a send makes both needless, an edit the next edit.
  const covers = op === OP.edit ? sql`(${sql.lit(OP.send)}, ${sql.lit(OP.edit)})` : sql`(${sql.lit(OP.send)})`;
  const silence = job.silences ? sql`and not ${silenced(sql`h.chat_id`, job.now)}` : sql``;
  const result = await sql`
    with m as materialized (select * from ${matcherRows(dialect, job.matchers)} as r)
    insert into deliveries ${DELIVERY_COLUMNS}
    select ${deliveryValues(job, op)}
    from messages as h join chats as c on c.id = h.chat_id
    where h.alert_no = ${job.alertNo} and h.chat_id > ${low} and h.chat_id <= ${high} and c.state = 'active'
    and not exists (
      select 1 from deliveries as q where q.chat_id = h.chat_id and q.alert_no = ${job.alertNo} and q.state < 2
      and q.state = 0 and q.attempts = 0 and q.op in ${covers}
    )
    and exists (
      select 1 from subscriptions as s cross join m
      where s.chat_id = h.chat_id and (s.country = '*' or s.country = m.country) and (s.service = '*' or s.service = m.service)
      and s.created_at <= m.added ${silence}
    )
    order by c.id
    on conflict (id) do nothing
  `.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

/** Where the change is loud, only for those who got its reply: others would hear nothing at all. */
async function supersede(job: FillJob, reach: Reach): Promise<void> {
  const { db } = job.session;
  const older = await db.selectFrom('broadcasts').select('no').where('id', 'in', job.supersedes).execute();
  for (const { no } of older) {
    if (no === job.broadcastNo) continue;
    await db
      .updateTable('deliveries')
      .set({ state: STATE.superseded, done_at: job.now, reason: 'superseded' })
      .where(withinReach('id', no, reach))
      .where('op', '=', OP.reply)
      .where('state', '=', STATE.queued)
      .where('attempts', '=', 0)
      .$if(job.loud, (query) =>
        query.where(
          sql<boolean>`exists (select 1 from deliveries as n where n.id = deliveries.id + ${idDistance(no, job)})`,
        ),
      )
      .execute();
  }
}

const idDistance = (no: number, job: FillJob): number => (job.broadcastNo - no) * BROADCAST_SPAN;
