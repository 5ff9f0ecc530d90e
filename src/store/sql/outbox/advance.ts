import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { Outbox, Settlement } from '../../../core/ports/outbox.ts';
import type { Diversion } from '../../../core/ports/store.ts';
import { endChat } from '../chats.ts';
import { type Which, changed, first, select, update } from '../rows.ts';
import type { DeliveryRow } from '../schema.ts';
import type { Session } from '../session.ts';
import { BROADCAST_SPAN, CHAT_SPAN, OP, STATE, chatOfDelivery, int, rowsOf, tableOf } from '../values.ts';
import { ringSecond } from './fill-job.ts';
import { anyHeld, dropUnsent, giveUpHeld, moveHeld, settleHeld, settleTold, tellHeld } from './held.ts';
import { OPS_TABLE, leaveBacklog } from './peek.ts';
import { tellSpare } from './spares.ts';

/** Why a piece ended, or will when its attempt has: the pair's second chat was notified instead. Stands in databases. */
const NOTIFIED_ELSEWHERE = 'told_elsewhere';

/** A payload in use is marked so at most this often, ms; `prune.ts` keeps it far longer. */
const PAYLOAD_REFRESH = 24 * 3_600_000;
const REASON_LENGTH = 200;

/** What is reported of a delivery that ends without having been sent. */
interface Ended {
  broadcast_no: number;
  account_id: string;
  chat_id: number;
  alert_no: number;
  op: number;
}
const ENDED = sql`returning broadcast_no, account_id, chat_id, alert_no, op`;

export const advance =
  (session: Session): Outbox['advance'] =>
  async (settled, begun, now) => {
    if (settled.length === 0 && begun.length === 0) return [];
    return session.atomically(async (inner) => {
      const mayHold = await settle(inner, settled, now);
      return begin(inner, begun, now, mayHold);
    });
  };

/** Resolves with whether anything may wait for the end of quiet hours now: without, nobody is asked what became of it. */
async function settle(inner: Session, settled: Settlement[], now: number): Promise<boolean> {
  const sent = settled.filter((settlement) => settlement.outcome === 'sent');
  const again = settled.filter((settlement) => settlement.outcome === 'retry');
  const held = settled.filter((settlement) => settlement.outcome === 'held');
  // Of these a pair's second chat was notified while they were tried: they are not tried again.
  const elsewhere = { id: again.map(({ id }) => id), reason: NOTIFIED_ELSEWHERE };
  const over = new Set((await select(inner, 'deliveries', elsewhere)).map(({ id }) => id));
  const retry = again.filter(({ id }) => !over.has(id));
  const ended = [
    ...settled.filter((settlement) => 'reason' in settlement),
    ...[...over].map((id) => ({ id, outcome: 'superseded' as const, reason: NOTIFIED_ELSEWHERE })),
  ];
  const mayHold = held.length > 0 || (await anyHeld(inner));
  if (sent.length > 0) await settleSent(inner, sent, now);
  if (sent.length > 0 && mayHold) await settleTold(inner, sent);
  if (held.length > 0) await settleHeld(inner, held, now);
  if (retry.length > 0) await settleRetry(inner, retry);
  if (ended.length > 0) await settleEnded(inner, ended, now);
  return mayHold;
}

async function settleSent(inner: Session, sent: { id: number; messageRef: string }[], now: number): Promise<void> {
  const { dialect, db } = inner;
  const those = { id: sent.map(({ id }) => id), state: sql`< ${sql.lit(STATE.sent)}` };
  const done = { state: STATE.sent, done_at: now };
  const { rows: left } = await update(inner, 'deliveries', done, those, sql`returning broadcast_no, account_id`);
  await leaveBacklog(inner, left);
  const refs = tableOf(dialect, { id: 'int', messageRef: 'text' }, sent);
  await sql`
    insert into messages (alert_no, chat_id, ref)
    select d.alert_no, d.chat_id, r."messageRef" from ${refs} as r cross join deliveries as d where d.id = r.id and d.op = ${sql.lit(OP.send)}
    on conflict (alert_no, chat_id) do update set ref = excluded.ref
  `.execute(db);
}

/** Later pieces of the same alert for the same chat wait as long: they keep their place behind it, and nobody meets them before. */
async function settleRetry({ dialect, db }: Session, retry: { id: number; nextAt: number }[]): Promise<void> {
  const rows = tableOf(dialect, { id: 'int', nextAt: 'int' }, retry);
  await sql`
    update deliveries set state = ${sql.lit(STATE.queued)}, next_at = r."nextAt" from ${rows} as r
    where deliveries.id = r.id and deliveries.state < ${sql.lit(STATE.sent)}
  `.execute(db);
  await sql`
    update deliveries set next_at = w.next_at from (
      select l.id, max(r."nextAt") as next_at
      from ${rows} as r cross join deliveries as e cross join backlog as k cross join broadcasts as b cross join ${OPS_TABLE} as o
      cross join deliveries as l
      where e.id = r.id and k.account_id = e.account_id and b.no = k.broadcast_no and b.alert_no = e.alert_no
      and l.id = k.broadcast_no * ${sql.lit(BROADCAST_SPAN)} + e.chat_id * ${sql.lit(CHAT_SPAN)} + o.op
      and l.id > e.id and l.state = ${sql.lit(STATE.queued)} and l.next_at < r."nextAt"
      group by l.id
    ) as w where deliveries.id = w.id
  `.execute(db);
}

async function settleEnded(
  inner: Session,
  ended: { id: number; outcome: 'failed' | 'superseded' | 'gone'; reason: string }[],
  now: number,
): Promise<void> {
  // What waits for the end of quiet hours would be given up with its summary.
  for (const chatId of new Set(ended.filter(({ outcome }) => outcome === 'gone').map(({ id }) => chatOfDelivery(id))))
    await moveHeld(inner, chatId, 'gone', now);
  const rows = rowsOf(
    inner.dialect,
    { id: 'int', state: 'int', reason: 'text' },
    ended.map(({ id, outcome, reason }) => [id, STATE[outcome], reason.slice(0, REASON_LENGTH)]),
  );
  const { rows: changed } = await sql<Ended & { state: number; lane: number }>`
    update deliveries set state = r.state, reason = r.reason, done_at = ${now} from ${rows} as r
    where deliveries.id = r.id and deliveries.state < ${sql.lit(STATE.sent)}
    returning deliveries.broadcast_no, deliveries.account_id, deliveries.chat_id, deliveries.alert_no, deliveries.op, deliveries.state, deliveries.lane
  `.execute(inner.db);
  await unsent(inner, changed);
  const gone = changed.filter((row) => row.state === STATE.gone);
  // What the chat's word "gone" was the answer to waits no more when the chat ends: its pair's second chat gets it before.
  for (const row of gone) if (row.op !== OP.edit) await tellSpare(inner, row, 'gone', now);
  for (const chatId of new Set(gone.map((row) => row.chat_id))) await endChat(inner, chatId, now);
}

/** These left the queue. Of a send that will never be, the chat has no message: a loud change may reach it afresh. */
export async function unsent(inner: Session, ended: readonly Ended[]): Promise<void> {
  await leaveBacklog(inner, ended);
  const sends = ended.filter((row) => row.op === OP.send);
  await dropUnsent(inner, sends);
  await giveUpHeld(inner, sends);
}

async function begin(inner: Session, begun: { id: number; payload: string }[], now: number, mayHold: boolean) {
  if (begun.length === 0) return [];
  const { dialect, db } = inner;
  const hashes = new Map<string, string>();
  for (const { payload } of begun) hashes.getOrInsertComputed(payload, hashOf);
  const texts = rowsOf(dialect, { body: 'text', hash: 'text' }, [...hashes]);
  await sql`
    insert into payloads (hash, body, used_at) select r.hash, r.body, ${int(now)} from ${texts} as r where true
    on conflict (hash) do update set used_at = excluded.used_at where excluded.used_at > payloads.used_at + ${sql.lit(PAYLOAD_REFRESH)}
  `.execute(db);
  const rows = rowsOf(
    dialect,
    { id: 'int', hash: 'text' },
    begun.map(({ id, payload }) => [id, hashes.get(payload)!]),
  );
  // The sum keeps PostgreSQL from an index by state: where its statistics are of a time when nothing was queued, it would walk the whole queue by it, each time.
  const { rows: started } = await sql<{ id: number }>`
    update deliveries set state = ${sql.lit(STATE.sending)}, attempts = attempts + 1, begun_at = ${now}, payload_id = p.id
    from ${rows} as r cross join payloads as p
    where deliveries.id = r.id and p.hash = r.hash and deliveries.state + 0 = ${sql.lit(STATE.queued)}
    returning deliveries.id
  `.execute(db);
  if (mayHold)
    await tellHeld(
      inner,
      started.map((row) => row.id),
    );
  return started.map((row) => row.id);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

export const recover =
  (session: Session): Outbox['recover'] =>
  (accountId, before) =>
    session.atomically(async (inner) => {
      const sending = { account_id: accountId, state: sql`= ${sql.lit(STATE.sending)}` };
      const begunAt = sql<number>`begun_at`;
      const give = async (state: number, which: Which<'deliveries'>, reason?: string): Promise<number> => {
        const over = { state, done_at: begunAt, reason };
        const { rows } = await update(inner, 'deliveries', over, { ...sending, ...which }, ENDED);
        await unsent(inner, rows);
        return rows.length;
      };
      const unknown = before === null ? 0 : await give(STATE.failed, { begun_at: sql`< ${before}` }, 'unknown_outcome');
      await give(STATE.superseded, { reason: NOTIFIED_ELSEWHERE });
      const requeued = changed(await update(inner, 'deliveries', { state: STATE.queued }, sending));
      return { requeued, unknown };
    });

/** Carries out what `core/link` decided about pieces that first chats have not got. Returns how many messages were queued for second chats. */
export async function divert(session: Session, what: readonly Diversion[], now: number): Promise<number> {
  let queued = 0;
  for (const one of what) {
    const delivery = await first(session, 'deliveries', { id: one.id, state: sql`< ${STATE.sent}` });
    if (!delivery) continue;
    const summary = await isSummary(session, delivery);
    if (summary && (await moveHeld(session, delivery.chat_id, 'failing', now))) queued++;
    else if (one.do === 'divert' && (await tellSpare(session, delivery, 'failing', now))) queued++;
    else if (await ringSecond(session, delivery, now)) queued++;
    await letGo(session, delivery, now);
  }
  return queued;
}

const isSummary = async (session: Session, { broadcast_no }: Selectable<DeliveryRow>): Promise<boolean> =>
  (await first(session, 'broadcasts', { no: broadcast_no }))?.kind === 'summary';

/** What waits is over; what is under way ends with its attempt (`endsAfterAttempt`). */
async function letGo(session: Session, delivery: Selectable<DeliveryRow>, now: number): Promise<void> {
  const queued = delivery.state === STATE.queued;
  const over = { reason: NOTIFIED_ELSEWHERE, ...(queued ? { state: STATE.superseded, done_at: now } : {}) };
  await update(session, 'deliveries', over, { id: delivery.id });
  if (queued) await unsent(session, [delivery]);
}
