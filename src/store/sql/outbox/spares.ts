/** What first chats of pairs get, and their second chats with them or instead of them. */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { type ViaReason, viaText } from '../../../core/model/link.ts';
import { first, update } from '../rows.ts';
import type { DeliveryRow } from '../schema.ts';
import type { Session } from '../session.ts';
import { BROADCAST_SPAN, CHAT_SPAN, int, OP } from '../values.ts';
import { addPieces, type FillJob, type Filling, type Reach } from './fill-job.ts';

/** Is there a pair at all? Without one nobody is asked. */
export const anyLink = async (session: Session): Promise<boolean> =>
  (await first(session, 'links', {}, sql`limit 1`)) !== undefined;

/** Has this chat no message, sent or on its way, of one of the alert's incidents? Of what comes at its time it never has one. */
export const lacks = (chat: RawBuilder<unknown>, alertNo: RawBuilder<unknown>): RawBuilder<boolean> => sql<boolean>`
  (not exists (select 1 from alert_incidents as e where e.alert_no = ${alertNo}) or exists (
    select 1 from alert_incidents as a where a.alert_no = ${alertNo} and not exists (
      select 1 from alert_incidents as b join messages as x on x.alert_no = b.alert_no and x.chat_id = ${chat}
      where b.incident_id = a.incident_id
    )
  ))`;

type Piece = Pick<Selectable<DeliveryRow>, 'chat_id' | 'alert_no' | 'broadcast_no' | 'lane'>;

/** A fresh message of an alert for a second chat. False: it has that piece. */
async function sendToSpare(job: Filling, chat_id: number, why: string): Promise<boolean> {
  if ((await addPieces(job, OP.send, sql`c.id = ${chat_id}`)) === 0) return false;
  await update(job.session, 'messages', { why }, { alert_no: job.alertNo, chat_id });
  return true;
}

/** A fresh message for the second chat of a delivery's pair, where it is active, unless that has it already; then false. `whyOf`: of the first's platform. */
async function copyFor(session: Session, delivery: Piece, whyOf: (platform: string) => string, now: number) {
  const { broadcast_no: broadcastNo, alert_no: alertNo, lane: priority } = delivery;
  const { rows } = await sql<{ id: number; platform: string }>`
    select s.id, m.platform
    from chats as w join chats as m on m.account_id = w.account_id and m.chat = w.chat and m.thread = ''
    join links as l on l.chat_id = m.id join chats as s on s.id = l.spare_id and s.state = 'active'
    where w.id = ${delivery.chat_id} and ${lacks(sql`s.id`, int(alertNo))}
  `.execute(session.db);
  const [spare] = rows;
  const job = { session, broadcastNo, alertNo, priority, now };
  return spare ? await sendToSpare(job, spare.id, whyOf(spare.platform)) : false;
}

/** Instead of a message that the first chat does not get. False: the second has it already. */
export const tellSpare = (session: Session, delivery: Piece, reason: Exclude<ViaReason, 'country'>, now: number) =>
  copyFor(session, delivery, (platform) => viaText({ reason, platform, country: null }), now);

/**
 * Within a step of a broadcast's walk: whoever's platform is cut off where they follow something gets it in their second chat as well. Where the
 * first chat gets a reply, so that its phone rings, and the second has no message yet, that gets one.
 */
export async function copyToSpares(job: FillJob, { low, high }: Reach): Promise<number> {
  if (!job.links) return 0;
  const { rows } = await sql<{ id: number; platform: string; because: string }>`
    select distinct s.id, m.platform, l.because
    from links as l join chats as m on m.id = l.chat_id join chats as s on s.id = l.spare_id and s.state = 'active'
    join chats as w on w.account_id = m.account_id and w.chat = m.chat and w.id > ${low} and w.id <= ${high}
    cross join (select ${sql.lit(OP.send)} as op union all select ${sql.lit(OP.reply)} as op) as o
    join deliveries as d on d.id = ${int(job.broadcastNo * BROADCAST_SPAN)} + w.id * ${sql.lit(CHAT_SPAN)} + o.op
    where l.doubled > 0 and l.because is not null and ${lacks(sql`s.id`, int(job.alertNo))}
  `.execute(job.session.db);
  let written = 0;
  for (const { id, platform, because } of rows)
    if (await sendToSpare(job, id, viaText({ reason: 'country', platform, country: because }))) written++;
  return written;
}

/** The newest piece of an alert that the first chat was sent, or is about to be, for its second chat. Returns how many were queued. */
export async function copyToSpare(
  session: Session,
  { mainId, alertId, why, now }: { mainId: number; alertId: string; why: string; now: number },
): Promise<number> {
  const { rows } = await sql<Piece>`
    select d.chat_id, d.alert_no, d.broadcast_no, d.lane
    from alerts as a join broadcasts as b on b.alert_no = a.no join chats as m on m.id = ${mainId}
    join chats as w on w.account_id = m.account_id and w.chat = m.chat
    join deliveries as d on d.id = b.no * ${sql.lit(BROADCAST_SPAN)} + w.id * ${sql.lit(CHAT_SPAN)} + ${sql.lit(OP.send)}
    where a.id = ${alertId} order by b.no desc limit 1
  `.execute(session.db);
  const [delivery] = rows;
  return delivery && (await copyFor(session, delivery, () => why, now)) ? 1 : 0;
}
