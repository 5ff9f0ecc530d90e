import { type RawBuilder, type Selectable, sql } from 'kysely';
import { json, loose } from '../../core/answers.ts';
import { type Chat, type ChatSettings, DEFAULT_SETTINGS, REMINDERS } from '../../core/model/chat.ts';
import { type Which, remove, select, update } from './rows.ts';
import type { ChatRow, LinkRow } from './schema.ts';
import type { Session } from './session.ts';
import { int, kept, level, orEmpty } from './values.ts';

/** What of it differs from the default, as JSON; '' = nothing does. What is added later needs no migration. */
export function storedSettings(settings: ChatSettings): string {
  const kept = Object.entries(settings).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULT_SETTINGS[key as keyof ChatSettings]),
  );
  return kept.length === 0 ? '' : JSON.stringify(Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Never throws: what a newer version or a hand has written there counts as not chosen. */
export function readSettings(text: string): ChatSettings {
  if (text === '') return DEFAULT_SETTINGS;
  const read = loose(json(text));
  const { quiet, digest, sound, pictures, reminders, allQuiet } = DEFAULT_SETTINGS;
  return {
    quiet: quietOf(read.quiet) ?? quiet,
    digest: digestOf(read.digest) ?? digest,
    sound: typeof read.sound === 'boolean' ? read.sound : sound,
    pictures: typeof read.pictures === 'boolean' ? read.pictures : pictures,
    reminders: REMINDERS.find((one) => one === read.reminders) ?? reminders,
    allQuiet: typeof read.allQuiet === 'boolean' ? read.allQuiet : allQuiet,
  };
}

const isClockTime = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 1_440;

function quietOf(value: unknown): ChatSettings['quiet'] {
  const { from, to, critical } = loose(value);
  return isClockTime(from) && isClockTime(to) && from !== to ? { from, to, critical: critical === true } : null;
}

function digestOf(value: unknown): ChatSettings['digest'] {
  const { every, at } = loose(value);
  return (every === 'day' || every === 'week') && isClockTime(at) ? { every, at } : null;
}

const chatForms = {
  thread: orEmpty,
  level,
  settings: { read: readSettings, write: storedSettings },
  ended_at: null,
  owed: null,
  wake_at: null,
};
export const chatRows = kept<'chats', Chat>('chats', chatForms);

/** The same among the columns of something else. */
export const chatBeside = kept<'chats', Chat>('chats', chatForms, 'chat_');

/** A chat and its threads: rows of one account and chat id. Settings and silences belong to the chat, and each row repeats them. */

/** The ids of the whole chat that a row belongs to: of the chat itself and of its threads. A sub-query. */
export const wholeOf = (id: number): RawBuilder<number> => sql<number>`
  (select w.id from chats as o join chats as w on w.account_id = o.account_id and w.chat = o.chat where o.id = ${int(id)})`;

export async function idsOfWhole(session: Session, id: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from ${wholeOf(id)} as whole order by id`.execute(session.db);
  return rows.map((row) => row.id);
}

/** Threads of a chat; not the chat itself. */
export const threadsOf = (session: Session, { account_id, chat }: Pick<Selectable<ChatRow>, 'account_id' | 'chat'>) =>
  select(session, 'chats', { account_id, chat, thread: sql`<> ''` });

/** Threads take over the settings and silences of their chat. */
export async function repeatInThreads(session: Session, chat: Selectable<ChatRow>): Promise<void> {
  const threads = (await threadsOf(session, chat)).filter((one) => one.state === 'active');
  for (const { id } of threads) {
    const { lang, time_zone, level: atLevel, kind, settings, wake_at } = chat;
    await update(session, 'chats', { lang, time_zone, level: atLevel, kind, settings, wake_at }, { id });
    await update(session, 'subscriptions', { level: atLevel }, { chat_id: id });
    await copySilences(session, chat.id, sql`(${int(id)})`);
  }
}

/** What `from` does not want to hear, those of `to` (ids or a sub-query, in parentheses) do not want to hear either. */
export async function copySilences({ db }: Session, from: number, to: RawBuilder<number>): Promise<void> {
  await sql`
    insert into silences (chat_id, country, service, incident_id, until)
    select w.id, z.country, z.service, z.incident_id, z.until from silences as z cross join (select id from chats where id in ${to}) as w
    where z.chat_id = ${from}
    on conflict (chat_id, country, service, incident_id) do update set until = excluded.until where excluded.until > silences.until
  `.execute(db);
}

/** No index by chat over a table of millions: the alerts are few, and each is one look-up. */
export const ANY_ALERT = sql`in (select no from alerts)`;

/** Deletes the references of a chat's messages, or `those` of them. */
export const dropMessages = (session: Session, chatId: number, those: Which<'messages'> = {}) =>
  remove(session, 'messages', { chat_id: chatId, alert_no: ANY_ALERT, ...those });

/** The pair that a chat, by any of its rows, is one of. */
export async function linkRowOf({ db }: Session, chatId: number): Promise<Selectable<LinkRow> | undefined> {
  const { rows } = await sql<Selectable<LinkRow>>`
    select * from links where chat_id in ${wholeOf(chatId)} or spare_id in ${wholeOf(chatId)}
  `.execute(db);
  return rows[0];
}
