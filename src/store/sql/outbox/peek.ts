import { type RawBuilder, sql } from 'kysely';
import type { Delivery, DeliveryOp, DeliveryState } from '../../../core/model/alert.ts';
import { viaOf } from '../../../core/model/link.ts';
import type { Claim, Outbox } from '../../../core/ports/outbox.ts';
import { chatBeside } from '../chat-rows.ts';
import { type Which, select } from '../rows.ts';
import type { Session } from '../session.ts';
import {
  BROADCAST_SPAN,
  CHAT_SPAN,
  OP,
  OPS,
  PRIORITIES,
  STATE,
  among,
  chatOfDelivery,
  int,
  kept,
  named,
  opOf,
  priorityNo,
  priorityOf,
  rowsOf,
  stateOf,
  text,
} from '../values.ts';

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

/** The chat is about to have the alert's message. */
export const expectMessage = ({ db }: Session, alertNo: number, chatId: number) =>
  sql`insert into messages (alert_no, chat_id) values (${alertNo}, ${chatId}) on conflict (alert_no, chat_id) do nothing`.execute(
    db,
  );

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
    counts.getOrInsert(key, [broadcast_no, account_id, 0])[2]++;
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

/** Its deliveries that are neither done nor given up. */
export function pendingOf(session: Session, chatId: number, those: Which<'deliveries'> = {}, end = sql``) {
  const ids = sql`in ${pendingIdsOf(int(chatId))}`;
  return select(session, 'deliveries', { id: ids, state: sql`< ${STATE.sent}`, ...those }, end);
}

/** Ids that any delivery of a chat can have. */
export const allIdsOf = (chatId: number): RawBuilder<number> => sql<number>`(
  select b.no * ${sql.lit(BROADCAST_SPAN)} + ${int(chatId * CHAT_SPAN)} + o.op from broadcasts as b cross join ${OPS_TABLE} as o
)`;

/** So many rows of chats that are not free are read over before the query is given which these are. */
const SPARE = 8;

export const peek =
  (session: Session): Outbox['peek'] =>
  async (accountId, limit, now, busyChats) => {
    const ids: number[] = [];
    const taken = new Set(busyChats);
    const take = (found: readonly number[]) => {
      for (const id of found) {
        const chat = chatOfDelivery(id);
        if (ids.length >= limit || taken.has(chat)) continue;
        taken.add(chat);
        ids.push(id);
      }
    };
    // A chat with a long queue may fill a page of heads by itself; then the next page leaves it out. The first page leaves none out:
    // few chats of a busy queue have a second message in it, and to ask of each row whether its chat is free costs more than they do.
    let page = limit + SPARE;
    let found = await heads(session, accountId, page, now, []);
    take(found);
    while (ids.length < limit && found.length >= page) {
      page = (limit - ids.length) * 2;
      found = await heads(session, accountId, page, now, [...taken]);
      take(found);
    }
    if (ids.length === 0) return [];
    const offers = new Map((await claimsOf(session, ids)).map((offer) => [offer.claim.id, offer]));
    // An earlier piece may be of lower priority, or have been filled in later: it goes first, or neither ever would.
    const behind = [...offers.values()].flatMap(({ waitsFor }) => waitsFor ?? []);
    const due = behind.length > 0 ? await dueOf(session, behind, now) : [];
    const first = new Map(due.map((claim) => [claim.id, claim]));
    return ids.flatMap((id) => {
      const offer = offers.get(id);
      return offer ? (first.get(offer.waitsFor ?? 0) ?? offer.claim) : [];
    });
  };

/** Those of these that may be tried now. */
async function dueOf(session: Session, ids: number[], now: number): Promise<Claim[]> {
  const offers = await claimsOf(session, ids);
  return offers.map(({ claim }) => claim).filter(({ state, nextAt }) => state === 'queued' && nextAt <= now);
}

/** Due rows of chats that are not taken, by priority, then oldest: one walk of the index for each, which needs no look at the rows. */
async function heads(session: Session, accountId: string, limit: number, now: number, taken: number[]) {
  const free = taken.length === 0 ? sql`` : sql`and not (${among(session.dialect, 'chat_id', 'int', taken)})`;
  const found: number[] = [];
  for (const priority of PRIORITIES.keys()) {
    const { rows } = await sql<{ id: number }>`
      select id from deliveries
      where account_id = ${accountId} and lane = ${priority} and state = ${sql.lit(STATE.queued)} and next_at <= ${now} ${free}
      order by next_at, id limit ${limit - found.length}
    `.execute(session.db);
    found.push(...rows.map(({ id }) => id));
    if (found.length >= limit) break;
  }
  return found;
}

const deliveries = kept<'deliveries', Omit<Delivery, 'broadcastId' | 'alertId' | 'payload'>>('deliveries', {
  op: { read: opOf, write: (op) => OP[op as DeliveryOp] },
  lane: named('priority', { read: priorityOf, write: priorityNo }),
  state: { read: stateOf, write: (state) => STATE[state as DeliveryState] },
  broadcast_no: null,
  alert_no: null,
  begun_at: null,
  done_at: null,
  payload_id: null,
  reason: null,
});

/** Beside the delivery's own columns, and its chat's (`chatBeside`). */
type ClaimRow = Pick<Claim, 'broadcastId' | 'alertId' | 'payload' | 'messageRef' | 'kind'> &
  Record<'summary' | 'held', number> & { why: string | null; waits_for: number | null };

const CLAIM_COLUMNS = sql.join([
  ...deliveries.columns.map((name) => sql`d.${sql.ref(name)}`),
  ...chatBeside.columns.map((name) => sql`c.${sql.ref(name)} as ${sql.ref(`chat_${name}`)}`),
]);

/** `waitsFor`: the earliest piece of the alert that this chat has not got yet; null = this is it. */
async function claimsOf(session: Session, ids: number[]) {
  const { rows } = await sql<ClaimRow>`
    select ${CLAIM_COLUMNS}, b.id as "broadcastId", a.id as "alertId", p.body as payload, x.ref as "messageRef", x.why, b.kind,
      coalesce(x.summary, 0) as summary,
      case when exists (select 1 from held as w where w.chat_id = d.chat_id and w.alert_no = d.alert_no) then 1 else 0 end as held,
      case when d.op = ${sql.lit(OP.send)} and not exists (
        select 1 from backlog as k cross join broadcasts as n
        where k.broadcast_no < d.broadcast_no and k.account_id = d.account_id and n.no = k.broadcast_no and n.alert_no = d.alert_no
      ) then null else (
        select min(e.id) from backlog as k cross join broadcasts as n cross join ${OPS_TABLE} as o cross join deliveries as e
        where k.account_id = d.account_id and n.no = k.broadcast_no and n.alert_no = d.alert_no
        and e.id = k.broadcast_no * ${sql.lit(BROADCAST_SPAN)} + d.chat_id * ${sql.lit(CHAT_SPAN)} + o.op
        and e.state < ${sql.lit(STATE.sent)} and e.id < d.id
      ) end as waits_for
    from deliveries as d
    join chats as c on c.id = d.chat_id
    join broadcasts as b on b.no = d.broadcast_no
    join alerts as a on a.no = d.alert_no
    left join payloads as p on p.id = d.payload_id
    left join messages as x on x.alert_no = d.alert_no and x.chat_id = d.chat_id
    where ${among(session.dialect, 'd.id', 'int', ids)}
  `.execute(session.db);
  return rows.map((row) => ({ claim: claimOf(row), waitsFor: row.waits_for }));
}

const claimOf = ({ why, waits_for, summary, held, ...row }: ClaimRow): Claim => ({
  ...deliveries.read(row),
  broadcastId: row.broadcastId,
  alertId: row.alertId,
  payload: row.payload,
  messageRef: row.messageRef,
  kind: row.kind,
  via: why === null ? null : viaOf(why),
  waitsForEarlier: waits_for !== null,
  inSummary: Number(summary) === 1,
  heldBefore: Number(held) === 1,
  chat: chatBeside.read(row),
});
