import type { Selectable } from 'kysely';
import type { Diversion } from '../../../core/ports/links.ts';
import { STATE } from '../codes.ts';
import type { DeliveryRow } from '../schema.ts';
import type { Session } from '../session.ts';
import { unsent } from './advance.ts';
import { ringSecond } from './back-to-first.ts';
import { moveHeld } from './held-elsewhere.ts';
import { NOTIFIED_ELSEWHERE } from './notified-elsewhere.ts';
import { tellSpare } from './spares.ts';

/** Carries out what `core/link` decided about pieces that first chats have not got. Returns how many messages were queued for second chats. */
export async function divert(session: Session, what: readonly Diversion[], now: number): Promise<number> {
  let queued = 0;
  for (const one of what) {
    const delivery = await session.db
      .selectFrom('deliveries')
      .selectAll()
      .where('id', '=', one.id)
      .where('state', '<', STATE.sent)
      .executeTakeFirst();
    if (!delivery) continue;
    const summary = await isSummary(session, delivery);
    if (summary && (await moveHeld(session, delivery.chat_id, 'failing', now))) queued++;
    else if (one.do === 'divert' && (await tellSpare(session, delivery, 'failing', now))) queued++;
    else if (await ringSecond(session, delivery, now)) queued++;
    await letGo(session, delivery, now);
  }
  return queued;
}

async function isSummary({ db }: Session, { broadcast_no }: Selectable<DeliveryRow>): Promise<boolean> {
  const row = await db.selectFrom('broadcasts').select('kind').where('no', '=', broadcast_no).executeTakeFirst();
  return row?.kind === 'summary';
}

/** What waits is over; what is under way ends with its attempt (`endsAfterAttempt`). */
async function letGo(session: Session, delivery: Selectable<DeliveryRow>, now: number): Promise<void> {
  const queued = delivery.state === STATE.queued;
  await session.db
    .updateTable('deliveries')
    .set({ reason: NOTIFIED_ELSEWHERE, ...(queued ? { state: STATE.superseded, done_at: now } : {}) })
    .where('id', '=', delivery.id)
    .execute();
  if (queued) await unsent(session, [delivery]);
}
