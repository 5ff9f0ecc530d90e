import { sql } from 'kysely';
import type { ChatKind } from '../../core/model/chat.ts';
import type { ChatFigures } from '../../core/ports/store.ts';
import type { Session } from './session.ts';

/** Numbers alone: of no chat is anything told. */
export async function chatFigures({ db }: Session, limit: number): Promise<ChatFigures> {
  const { rows: kinds } = await sql<{ platform: string; kind: ChatKind; chats: number }>`
    select platform, kind, count(*) as chats from chats where thread = '' and state = 'active'
    group by platform, kind order by platform, kind
  `.execute(db);
  const { rows: countries } = await sql<{ country: string; chats: number }>`
    select s.country, count(distinct c.account_id || ' ' || c.chat) as chats from subscriptions as s join chats as c on c.id = s.chat_id
    group by s.country order by chats desc, s.country limit ${limit}
  `.execute(db);
  const { rows: totals } = await sql<{ gone: number; pairs: number; subscriptions: number }>`
    select (select count(*) from chats where state = 'gone' and thread = '') as gone,
      (select count(*) from links) as pairs, (select count(*) from subscriptions) as subscriptions
  `.execute(db);
  return { kinds, countries, ...totals[0]! };
}
