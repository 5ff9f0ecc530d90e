import { type RawBuilder, sql } from 'kysely';
import type { Session } from '../session.ts';
import { BROADCAST_SPAN, CHAT_SPAN, int, OPS, rowsOf, text } from '../values.ts';

interface Place {
  broadcast_no: number;
  account_id: string;
}

/**
 * Counts what `work` fills in of a broadcast, by account. `ids`: where its deliveries are; what was there before (it came with a chat
 * that was joined to another) is counted already.
 */
export async function countedIn(
  session: Session,
  broadcastNo: number,
  ids: RawBuilder<boolean>,
  now: number,
  work: () => Promise<number>,
): Promise<number> {
  const before = await sql<Place>`select broadcast_no, account_id from deliveries where ${ids}`.execute(session.db);
  const written = await work();
  if (written === 0) return 0;
  const account = await onlyAccount(session);
  const counts =
    account !== null && before.rows.length === 0
      ? sql`select ${int(broadcastNo)}, ${text(account)}, ${int(written)}, ${int(now)} where true`
      : sql`select ${int(broadcastNo)}, account_id, count(*), ${int(now)} from deliveries where ${ids} group by account_id`;
  await sql`
    insert into backlog (broadcast_no, account_id, pending, since) ${counts}
    on conflict (broadcast_no, account_id) do update set pending = backlog.pending + excluded.pending
  `.execute(session.db);
  await leaveBacklog(session, before.rows);
  return written;
}

/** The account of all chats, where there is just one: then nothing needs to be counted. Two look-ups in an index. */
async function onlyAccount({ db }: Session): Promise<string | null> {
  const { rows } = await sql<{ first: string | null; last: string | null }>`
    select (select min(account_id) from chats) as first, (select max(account_id) from chats) as last
  `.execute(db);
  const { first, last } = rows[0]!;
  return first === last ? first : null;
}

/** One delivery comes to another account. */
export async function enterBacklog({ db }: Session, { broadcast_no, account_id }: Place, now: number): Promise<void> {
  await sql`
    insert into backlog (broadcast_no, account_id, pending, since) values (${int(broadcast_no)}, ${text(account_id)}, 1, ${int(now)})
    on conflict (broadcast_no, account_id) do update set pending = backlog.pending + 1
  `.execute(db);
}

/** To be called for every delivery that was queued or sending and is not any more. */
export async function leaveBacklog({ dialect, db }: Session, left: readonly Place[]): Promise<void> {
  if (left.length === 0) return;
  const counts = new Map<string, [number, string, number]>();
  for (const { broadcast_no, account_id } of left) {
    const key = `${broadcast_no} ${account_id}`;
    const count = counts.get(key);
    if (count) count[2]++;
    else counts.set(key, [broadcast_no, account_id, 1]);
  }
  const rows = rowsOf(dialect, { no: 'int', account: 'text', count: 'int' }, [...counts.values()]);
  const { rows: counted } = await sql<{ pending: number }>`
    update backlog set pending = backlog.pending - r.count from ${rows} as r
    where backlog.broadcast_no = r.no and backlog.account_id = r.account
    returning backlog.pending
  `.execute(db);
  if (counted.every(({ pending }) => pending > 0)) return;
  await sql`
    delete from backlog where pending <= 0 and (broadcast_no, account_id) in (select r.no, r.account from ${rows} as r)
  `.execute(db);
}

/** The ops as a table with the column `op`. */
export const OPS_TABLE = sql`(${sql.join(
  [...OPS.keys()].map((op) => sql`select ${sql.lit(op)} as op`),
  sql` union all `,
)})`;

/** Ids that the unsettled deliveries of a chat can have, of all alerts or of one: a few look-ups, however long the history. */
export function pendingIdsOf(chatId: RawBuilder<unknown>, alertNo?: RawBuilder<unknown>): RawBuilder<number> {
  const ofAlert =
    alertNo === undefined ? sql`` : sql`join broadcasts as n on n.no = k.broadcast_no and n.alert_no = ${alertNo}`;
  return sql<number>`(
    select k.broadcast_no * ${sql.lit(BROADCAST_SPAN)} + ${chatId} * ${sql.lit(CHAT_SPAN)} + o.op
    from backlog as k ${ofAlert} cross join ${OPS_TABLE} as o
  )`;
}

/** Ids that any delivery of a chat can have. */
export const allIdsOf = (chatId: number): RawBuilder<number> => sql<number>`(
  select b.no * ${sql.lit(BROADCAST_SPAN)} + ${int(chatId * CHAT_SPAN)} + o.op from broadcasts as b cross join ${OPS_TABLE} as o
)`;
