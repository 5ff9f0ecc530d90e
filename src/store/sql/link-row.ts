import type { Selectable } from 'kysely';
import type { LinkRow } from './schema.ts';
import type { Session } from './session.ts';
import { wholeOf } from './threads.ts';

/** The pair that a chat, by any of its rows, is one of. */
export async function linkRowOf({ db }: Session, chatId: number): Promise<Selectable<LinkRow> | undefined> {
  return await db
    .selectFrom('links')
    .selectAll()
    .where((eb) => eb.or([eb('chat_id', 'in', wholeOf(chatId)), eb('spare_id', 'in', wholeOf(chatId))]))
    .executeTakeFirst();
}
