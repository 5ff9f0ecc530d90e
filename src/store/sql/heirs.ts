import { type Selectable, sql } from 'kysely';
import type { ChatKind } from '../../core/model/chat.ts';
import type { Notice } from '../../core/model/notice.ts';
import { OP, STATE } from './codes.ts';
import { linkRowOf } from './link-row.ts';
import { int, text } from './lists.ts';
import { tellNotice } from './notices.ts';
import { pendingIdsOf } from './outbox/backlog.ts';
import { moveHeld } from './outbox/held-elsewhere.ts';
import { tellSpare } from './outbox/spares.ts';
import type { ChatRow, LinkRow } from './schema.ts';
import type { Session } from './session.ts';
import { idsOfWhole, wholeOf } from './threads.ts';

/**
 * A chat is about to end that is one of a pair: its second chat takes over what it followed and what waits for it, and is told so; its first
 * chat is told that the second is gone. The pair is over.
 */
export async function endPair(session: Session, id: number, now: number): Promise<void> {
  const { db } = session;
  const link = await linkRowOf(session, id);
  if (!link) return;
  const [main, spare] = [await chatRow(session, link.chat_id), await chatRow(session, link.spare_id)];
  const isMain = (await idsOfWhole(session, id)).includes(link.chat_id);
  const [ends, stays] = isMain ? [main, spare] : [spare, main];
  const goesOn = stays.state === 'active';
  if (isMain && goesOn) await inherit(session, link, main, spare, now);
  await db.deleteFrom('links').where('chat_id', '=', link.chat_id).execute();
  if (!goesOn) return;
  const other = { platform: ends.platform, kind: ends.kind as ChatKind };
  const notice: Notice = { kind: isMain ? 'link-heir' : 'link-lost', other };
  const noticeId = `pair-${link.chat_id}-${link.spare_id}-${link.created_at}-${now}`;
  await tellNotice(session, noticeId, notice, { chatIds: [stays.id], priority: 'alert', now });
}

const chatRow = ({ db }: Session, id: number): Promise<Selectable<ChatRow>> =>
  db.selectFrom('chats').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

async function inherit(
  session: Session,
  link: Selectable<LinkRow>,
  main: Selectable<ChatRow>,
  spare: Selectable<ChatRow>,
  now: number,
): Promise<void> {
  const { db } = session;
  for (const id of await idsOfWhole(session, link.chat_id)) {
    const pending = await db
      .selectFrom('deliveries')
      .select(['chat_id', 'alert_no', 'broadcast_no', 'lane'])
      .where('id', 'in', pendingIdsOf(int(id)))
      .where('state', '<', STATE.sent)
      .where('op', '<>', OP.edit)
      .where('alert_no', 'not in', (eb) => eb.selectFrom('notices').select('alert_no'))
      .orderBy('id')
      .execute();
    for (const delivery of pending) await tellSpare(session, delivery, 'gone', now);
    await moveHeld(session, id, 'gone', now);
  }
  const { rows: own } = await sql<{ n: number }>`
    select count(*) as n from subscriptions where chat_id in ${wholeOf(spare.id)}
  `.execute(db);
  // Whoever follows things of their own keeps their level; the other's is as good as none.
  const level = own[0]!.n > 0 ? spare.level : main.level;
  if (level !== spare.level)
    await db.updateTable('chats').set({ level }).where('id', 'in', wholeOf(spare.id)).execute();
  await sql`
    insert into subscriptions (chat_id, country, service, level, created_at, account_id, after_no)
    select ${int(spare.id)}, country, service, ${int(level)}, min(created_at), ${text(spare.account_id)}, min(after_no)
    from subscriptions where chat_id in ${wholeOf(main.id)} group by country, service
    on conflict (chat_id, country, service) do nothing
  `.execute(db);
  await sql`
    insert into silences (chat_id, country, service, incident_id, until)
    select s.id, z.country, z.service, z.incident_id, z.until from silences as z cross join ${wholeOf(spare.id)} as s where z.chat_id = ${main.id}
    on conflict (chat_id, country, service, incident_id) do update set until = excluded.until where excluded.until > silences.until
  `.execute(db);
}
