import { sql } from 'kysely';
import { type ViaReason, viaText } from '../../../core/model/link.ts';
import { int, text } from '../lists.ts';
import type { Session } from '../session.ts';
import { dropHeld } from './held.ts';

/**
 * What waits for the end of a first chat's quiet hours waits for the second chat of its pair from now on, which is to be looked at at once: the
 * summary is that one's, with its own quiet hours. What the second has a message of it knows. False: there is no second chat, or nothing waits.
 */
export async function moveHeld(
  session: Session,
  chatId: number,
  reason: Exclude<ViaReason, 'country'>,
  now: number,
): Promise<boolean> {
  const { db } = session;
  const { rows } = await sql<{ id: number; platform: string }>`
    select s.id, m.platform from chats as w join chats as m on m.account_id = w.account_id and m.chat = w.chat and m.thread = ''
    join links as l on l.chat_id = m.id join chats as s on s.id = l.spare_id and s.state = 'active'
    where w.id = ${chatId} and exists (select 1 from held as h where h.chat_id = w.id)
  `.execute(db);
  const [spare] = rows;
  if (!spare) return false;
  const why = viaText({ reason, platform: spare.platform, country: null });
  // Where the first chat has the message itself, what becomes of it is told there.
  await sql`
    insert into messages (alert_no, chat_id, why)
    select distinct h.alert_no, ${int(spare.id)}, ${text(why)} from held as h
    join messages as m on m.alert_no = h.alert_no and m.chat_id = h.chat_id and m.ref is null where h.chat_id = ${chatId}
    on conflict (alert_no, chat_id) do nothing
  `.execute(db);
  await sql`
    insert into held (chat_id, delivery_id, alert_no, at)
    select ${int(spare.id)}, h.delivery_id, h.alert_no, h.at from held as h
    left join messages as m on m.alert_no = h.alert_no and m.chat_id = ${spare.id} where h.chat_id = ${chatId} and m.ref is null
    on conflict (chat_id, delivery_id) do nothing
  `.execute(db);
  await dropHeld(session, chatId);
  await sql`
    update chats set wake_at = ${now} where id = ${spare.id} and (wake_at is null or wake_at > ${now})
  `.execute(db);
  return true;
}
