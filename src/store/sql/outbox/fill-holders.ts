import { type RawBuilder, sql } from 'kysely';
import { BROADCAST_SPAN, CHAT_SPAN, OP, STATE } from '../codes.ts';
import { int } from '../lists.ts';
import { isStandIn, ringFirst } from './back-to-first.ts';
import { countedIn, leaveBacklog } from './backlog.ts';
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
  const pending = await pendingOfAlert(job);
  const ids = sql<boolean>`${withinReach('id', job.broadcastNo, reach)} and op <> ${sql.lit(OP.send)}`;
  const written = await countedIn(job.session, job.broadcastNo, ids, job.now, async () => {
    const edits = await insert(job, reach, OP.edit, pending);
    return edits + (job.loud ? await insert(job, reach, OP.reply, pending) : 0);
  });
  const rung = await ringFirst(job, reach);
  if (job.supersedes.length > 0) await supersede(job, reach);
  return { written: written + rung, reach };
}

/** A holder costs more than a new recipient: two rows, and look-ups in what is queued. */
const STRIDE = 4;

async function nextReach({ session, alertNo, cursor, chunk }: FillJob): Promise<Reach | null> {
  const { rows } = await sql<{ high: number | null }>`
    select max(chat_id) as high from (
      select chat_id from messages where alert_no = ${alertNo} and chat_id > ${cursor} order by chat_id limit ${Math.ceil(chunk / STRIDE)}
    ) as step
  `.execute(session.db);
  const high = rows[0]?.high ?? null;
  return high === null ? null : { low: cursor, high };
}

/** Other broadcasts of this alert that are not delivered to all yet: mostly none. */
async function pendingOfAlert({ session, alertNo, broadcastNo }: FillJob): Promise<number[]> {
  const rows = await session.db
    .selectFrom('backlog')
    .innerJoin('broadcasts', 'broadcasts.no', 'backlog.broadcast_no')
    .select('backlog.broadcast_no')
    .distinct()
    .where('broadcasts.alert_no', '=', alertNo)
    .where('backlog.broadcast_no', '<>', broadcastNo)
    .execute();
  return rows.map((row) => row.broadcast_no);
}

async function insert(job: FillJob, { low, high }: Reach, op: number, pending: number[]): Promise<number> {
  const { dialect, db } = job.session;
  // What is queued untried will be rendered with the newest version: a send makes both needless, an edit the next edit.
  const covers = op === OP.edit ? [OP.send, OP.edit] : [OP.send];
  const uncovered = pending.flatMap((no) =>
    covers.map(
      (by) =>
        sql`and not exists (select 1 from deliveries as q where ${idIs(no, by)} and q.state = ${sql.lit(STATE.queued)} and q.attempts = 0)`,
    ),
  );
  // Where the second chat of a pair stands in for the first, that one's phone rings.
  const rings = op === OP.reply && job.links ? sql`and not ${isStandIn}` : sql``;
  const silence = job.silences ? sql`and not ${silenced(sql`h.chat_id`, job.now)}` : sql``;
  const result = await sql`
    with m as materialized (select * from ${matcherRows(dialect, job.matchers)} as r)
    insert into deliveries ${DELIVERY_COLUMNS}
    select ${deliveryValues(job, op, sql`c.id`, sql`c.account_id`, nextAt(job, pending))}
    from messages as h join chats as c on c.id = h.chat_id
    where h.alert_no = ${job.alertNo} and h.chat_id > ${low} and h.chat_id <= ${high} and c.state = 'active'
    ${sql.join(uncovered, sql` `)} ${rings}
    and exists (
      select 1 from subscriptions as s cross join m
      where ${followedBy(job)} and (s.country = '*' or s.country = m.country) and (s.service = '*' or s.service = m.service)
      and s.after_no < m.before ${silence}
    )
    order by c.id
    on conflict (id) do nothing
  `.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

/** Is subscription `s` the holder's own, or, where it has the message for another chat, that one's? */
const followedBy = ({ links }: FillJob): RawBuilder<boolean> =>
  links
    ? sql<boolean>`(s.chat_id = h.chat_id or (h.why is not null and s.chat_id in (
        select w.id from links as l join chats as f on f.id = l.chat_id
        join chats as w on w.account_id = f.account_id and w.chat = f.chat where l.spare_id = h.chat_id
      )))`
    : sql<boolean>`s.chat_id = h.chat_id`;

/** Delivery `q` is the one of that broadcast and op for chat `h`. */
const idIs = (broadcastNo: number, op: number) =>
  sql`q.id = ${int(broadcastNo * BROADCAST_SPAN + op)} + h.chat_id * ${sql.lit(CHAT_SPAN)}`;

/** Behind an earlier piece that waits for another try, the new one waits as long: nobody meets it before. */
function nextAt(job: FillJob, pending: number[]): RawBuilder<unknown> {
  if (pending.length === 0) return int(job.now);
  const waits = pending.flatMap((no) =>
    Object.values(OP).map(
      (op) =>
        sql`coalesce((select q.next_at from deliveries as q where ${idIs(no, op)} and q.state = ${sql.lit(STATE.queued)}), 0)`,
    ),
  );
  const latest = sql.raw(job.session.dialect === 'sqlite' ? 'max' : 'greatest');
  return sql`${latest}(${int(job.now)}, ${sql.join(waits)})`;
}

/** Where the change is loud, only for those who got its reply: others would hear nothing at all. */
async function supersede(job: FillJob, reach: Reach): Promise<void> {
  const { db } = job.session;
  const older = await db.selectFrom('broadcasts').select('no').where('id', 'in', job.supersedes).execute();
  for (const { no } of older) {
    if (no === job.broadcastNo) continue;
    const newer = sql<boolean>`exists (
      select 1 from deliveries as n where n.id = deliveries.id + ${int((job.broadcastNo - no) * BROADCAST_SPAN)}
    )`;
    const left = await db
      .updateTable('deliveries')
      .set({ state: STATE.superseded, done_at: job.now, reason: 'superseded' })
      .where(withinReach('id', no, reach))
      .where('op', '=', OP.reply)
      .where('state', '=', STATE.queued)
      .where('attempts', '=', 0)
      .$if(job.loud, (query) => query.where(newer))
      .returning(['broadcast_no', 'account_id'])
      .execute();
    await leaveBacklog(job.session, left);
  }
}
