import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Outbox, Settlement } from '../../../core/ports/store.ts';
import { endChat } from '../chats.ts';
import { OP, STATE } from '../codes.ts';
import { int, listOf, rowsOf } from '../lists.ts';
import type { Session } from '../session.ts';

/** A payload in use is marked so at most this often, ms; `prune.ts` keeps it far longer. */
export const PAYLOAD_REFRESH = 24 * 3_600_000;

export const advance =
  (session: Session): Outbox['advance'] =>
  async (settled, begun, now) => {
    if (settled.length === 0 && begun.length === 0) return [];
    return session.atomically(async (inner) => {
      await settle(inner, settled, now);
      return begin(inner, begun, now);
    });
  };

async function settle(inner: Session, settled: Settlement[], now: number): Promise<void> {
  const by = Map.groupBy(settled, (settlement) => settlement.outcome);
  const sent = (by.get('sent') ?? []) as Extract<Settlement, { outcome: 'sent' }>[];
  const retry = (by.get('retry') ?? []) as Extract<Settlement, { outcome: 'retry' }>[];
  const ended = settled.filter((settlement) => 'reason' in settlement);
  if (sent.length > 0) await settleSent(inner, sent, now);
  if (retry.length > 0) await settleRetry(inner, retry);
  if (ended.length > 0) await settleEnded(inner, ended, now);
}

async function settleSent(
  { dialect, db }: Session,
  sent: { id: number; messageRef: string }[],
  now: number,
): Promise<void> {
  const ids = sent.map(({ id }) => id);
  await sql`
    update deliveries set state = ${sql.lit(STATE.sent)}, done_at = ${now} where id in ${listOf(dialect, 'int', ids)} and state < 2
  `.execute(db);
  const refs = rowsOf(
    dialect,
    { id: 'int', ref: 'text' },
    sent.map(({ id, messageRef }) => [id, messageRef]),
  );
  await sql`
    insert into messages (alert_no, chat_id, ref)
    select d.alert_no, d.chat_id, r.ref from ${refs} as r cross join deliveries as d where d.id = r.id and d.op = ${sql.lit(OP.send)}
    on conflict (alert_no, chat_id) do update set ref = excluded.ref
  `.execute(db);
}

/** Later pieces of the same alert for the same chat wait as long: they keep their place behind it, and nobody meets them before. */
async function settleRetry({ dialect, db }: Session, retry: { id: number; nextAt: number }[]): Promise<void> {
  const rows = rowsOf(
    dialect,
    { id: 'int', next_at: 'int' },
    retry.map(({ id, nextAt }) => [id, nextAt]),
  );
  await sql`
    update deliveries set state = ${sql.lit(STATE.queued)}, next_at = r.next_at from ${rows} as r
    where deliveries.id = r.id and deliveries.state < 2
  `.execute(db);
  await sql`
    update deliveries set next_at = r.next_at from ${rows} as r cross join deliveries as e
    where e.id = r.id and deliveries.chat_id = e.chat_id and deliveries.alert_no = e.alert_no and deliveries.state < 2
    and deliveries.state = 0 and deliveries.id > e.id and deliveries.next_at < r.next_at
  `.execute(db);
}

async function settleEnded(
  inner: Session,
  ended: { id: number; outcome: string; reason: string }[],
  now: number,
): Promise<void> {
  const { dialect, db } = inner;
  const rows = rowsOf(
    dialect,
    { id: 'int', state: 'int', reason: 'text' },
    ended.map(({ id, outcome, reason }) => [id, STATE[outcome as keyof typeof STATE], reason.slice(0, 200)]),
  );
  const { rows: changed } = await sql<{ chat_id: number; alert_no: number; op: number; state: number }>`
    update deliveries set state = r.state, reason = r.reason, done_at = ${now} from ${rows} as r
    where deliveries.id = r.id and deliveries.state < 2
    returning deliveries.chat_id, deliveries.alert_no, deliveries.op, deliveries.state
  `.execute(db);
  await dropUnsent(inner, changed);
  for (const chatId of new Set(changed.filter((row) => row.state === STATE.gone).map((row) => row.chat_id)))
    await endChat(inner, chatId, now);
}

/** A send that will never be: the chat has no message of the alert, so a loud change may reach it afresh. */
export async function dropUnsent(
  { dialect, db }: Session,
  ended: { chat_id: number; alert_no: number; op: number }[],
): Promise<void> {
  const sends = ended.filter((row) => row.op === OP.send);
  if (sends.length === 0) return;
  const rows = rowsOf(
    dialect,
    { alert_no: 'int', chat_id: 'int' },
    sends.map((row) => [row.alert_no, row.chat_id]),
  );
  await sql`
    delete from messages where ref is null and (alert_no, chat_id) in (select r.alert_no, r.chat_id from ${rows} as r)
  `.execute(db);
}

async function begin(
  { dialect, db }: Session,
  begun: { id: number; payload: string }[],
  now: number,
): Promise<number[]> {
  if (begun.length === 0) return [];
  const hashes = new Map<string, string>();
  for (const { payload } of begun) if (!hashes.has(payload)) hashes.set(payload, hashOf(payload));
  const texts = rowsOf(
    dialect,
    { hash: 'text', body: 'text' },
    [...hashes].map(([body, hash]) => [hash, body]),
  );
  await sql`
    insert into payloads (hash, body, used_at) select r.hash, r.body, ${int(now)} from ${texts} as r where true
    on conflict (hash) do update set used_at = excluded.used_at where excluded.used_at > payloads.used_at + ${sql.lit(PAYLOAD_REFRESH)}
  `.execute(db);
  const rows = rowsOf(
    dialect,
    { id: 'int', hash: 'text' },
    begun.map(({ id, payload }) => [id, hashes.get(payload)!]),
  );
  const { rows: started } = await sql<{ id: number }>`
    update deliveries set state = ${sql.lit(STATE.sending)}, attempts = attempts + 1, begun_at = ${now}, payload_id = p.id
    from ${rows} as r cross join payloads as p
    where deliveries.id = r.id and p.hash = r.hash and deliveries.state = 0
    returning deliveries.id
  `.execute(db);
  if (started.length === begun.length) return [];
  const ids = new Set(started.map((row) => row.id));
  return begun.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

export const recover =
  (session: Session): Outbox['recover'] =>
  (accountId, before) =>
    session.atomically(async (inner) => {
      let unknown = 0;
      if (before !== null) {
        const { rows } = await sql<{ chat_id: number; alert_no: number; op: number }>`
          update deliveries set state = ${sql.lit(STATE.failed)}, reason = 'unknown_outcome', done_at = begun_at
          where account_id = ${accountId} and state = 1 and begun_at < ${before} returning chat_id, alert_no, op
        `.execute(inner.db);
        unknown = rows.length;
        await dropUnsent(inner, rows);
      }
      const result = await sql`
        update deliveries set state = ${sql.lit(STATE.queued)} where account_id = ${accountId} and state = 1
      `.execute(inner.db);
      return { requeued: Number(result.numAffectedRows ?? 0), unknown };
    });
