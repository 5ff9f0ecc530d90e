import { type Selectable, sql } from 'kysely';
import { TocsinError } from '../../core/errors.ts';
import type { ChatAddress, ChatKind } from '../../core/model/chat.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import type { ChatFigures, ChatTable } from '../../core/ports/store.ts';
import { chatRows, dropMessages, idsOfWhole, repeatInThreads, threadsOf, wholeOf } from './chat-rows.ts';
import { copyChat, endPair, joinChats } from './chats-join.ts';
import { dropAnswers, moveAnswers } from './outbox/answers.ts';
import { dropHeld, dropUnsent } from './outbox/held.ts';
import { allIdsOf, enterBacklog, leaveBacklog, pendingIdsOf, pendingOf } from './outbox/peek.ts';
import { count, first, insert, remove, select, update } from './rows.ts';
import type { ChatRow } from './schema.ts';
import type { Session } from './session.ts';
import { MAX_CHAT, OP, STATE, int, isPending, tableOf } from './values.ts';

/** Numbers alone: of no chat is anything told. */
async function chatFigures({ db }: Session, limit: number): Promise<ChatFigures> {
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

export function chatTable(session: Session, clock: Clock): ChatTable {
  return {
    async get(id) {
      const row = await first(session, 'chats', { id });
      return row ? chatRows.read(row) : null;
    },

    async find(address) {
      const row = await rowAt(session, address);
      return row ? chatRows.read(row) : null;
    },

    async ensure(address, init) {
      const known = await rowAt(session, address);
      if (known?.state === 'active') return chatRows.read(known);
      if (address.thread === null) return chatRows.read(await insertChat(session, address, init));
      return session.atomically(async (inner) => {
        const chat = await insertChat(inner, { ...address, thread: null }, init);
        await insertChat(inner, address, init);
        await repeatInThreads(inner, chat);
        return chatRows.read((await rowAt(inner, address))!);
      });
    },

    async update(id, change) {
      const { lang, timeZone, level, kind, settings } = change;
      // Whatever was to come next is reckoned anew.
      const wakes = settings === undefined && timeZone === undefined ? {} : { wake_at: clock.now() };
      const row = chatRows.write({ lang, timeZone, level, kind, settings }, wakes);
      if (Object.keys(row).length === 0) return;
      await session.atomically(async (inner) => {
        await update(inner, 'chats', row, { id: sql`in ${wholeOf(id)}` });
        await update(inner, 'subscriptions', { level: row.level }, { chat_id: sql`in ${wholeOf(id)}` });
      });
    },

    end: (id) => session.atomically((inner) => endChat(inner, id, clock.now())),

    move: (from, to) =>
      session.atomically(async (inner) => {
        await moveAnswers(inner, from, to);
        const source = await rowAt(inner, from);
        if (!source) return (await rowAt(inner, to))?.id ?? null;
        const threads = source.thread === '' && from.chat !== to.chat ? await threadsOf(inner, source) : [];
        const id = await moveRow(inner, source, to, clock.now());
        // At another place its threads do not exist: what they followed, the chat follows.
        for (const thread of threads) await moveRow(inner, thread, to, clock.now());
        return id;
      }),

    forget: (id) =>
      session.atomically(async (inner) => {
        for (const one of await idsOfWhole(inner, id)) await forgetChat(inner, one);
      }),

    copy: (id, limit) => copyChat(session, id, limit),

    async addresses(accountId) {
      const rows = await select(session, 'chats', { account_id: accountId, state: 'active' });
      return rows.map((row) => ({ accountId, chat: row.chat, thread: row.thread || null }));
    },

    figures: (limit) => chatFigures(session, limit),

    // When something is to be done for a chat next: the end of its quiet hours, a digest.
    async due(now, limit) {
      const { rows } = await sql<Selectable<ChatRow> & { held: number; follows: number }>`
        select c.*, case when exists (select 1 from held as h where h.chat_id = c.id and h.told_by is null) then 1 else 0 end as held,
          case when exists (select 1 from subscriptions as s where s.chat_id = c.id) then 1 else 0 end as follows
        from chats as c where c.wake_at is not null and c.wake_at <= ${now} and c.state = 'active' order by c.wake_at, c.id limit ${limit}
      `.execute(session.db);
      return rows.map((row) => ({
        chat: chatRows.read(row),
        wakeAt: row.wake_at!,
        held: Number(row.held) === 1,
        follows: Number(row.follows) === 1,
      }));
    },

    async nextDueAt() {
      const { rows } = await sql<{ at: number | null }>`
        select min(wake_at) as at from chats where wake_at is not null and state = 'active'
      `.execute(session.db);
      return rows[0]?.at ?? null;
    },

    async setDue(rows) {
      if (rows.length === 0) return;
      const table = tableOf(session.dialect, { id: 'int', from: 'int', at: 'int' }, rows);
      await sql`
        update chats set wake_at = r.at from ${table} as r where chats.id = r.id and chats.wake_at = r."from"
      `.execute(session.db);
    },

    async rewind(now) {
      await sql`update chats set wake_at = ${now} where wake_at is not null and wake_at > ${now}`.execute(session.db);
    },

    async counts() {
      const gone = await count(session, 'chats', { state: sql`= 'gone'` });
      return { active: (await count(session, 'chats', {})) - gone, gone };
    },
  };
}

/** The row of an address, made when absent; active. */
async function insertChat(session: Session, address: ChatAddress, init: Parameters<ChatTable['ensure']>[1]) {
  const { accountId, chat, thread } = address;
  const { platform, kind, lang } = init;
  const fresh = { timeZone: 'UTC', level: 'corroborated', state: 'active', createdAt: init.now } as const;
  const made = chatRows.write({ accountId, chat, thread, platform, kind, lang, ...fresh });
  const again = sql`on conflict (account_id, chat, thread) do update set state = 'active', ended_at = null returning *`;
  const { rows } = await insert(session, 'chats', made, again);
  const row = rows[0]!;
  // Its deliveries would take the numbers of the next broadcast (`values.ts`).
  if (row.id > MAX_CHAT) throw new TocsinError('store_failed', 'The database has no numbers for chats left.');
  return row;
}

/** Gives a row another address, or joins it with the one that has it. Returns the id that goes on. */
async function moveRow(session: Session, source: Selectable<ChatRow>, to: ChatAddress, now: number): Promise<number> {
  const target = await rowAt(session, to);
  if (target?.id === source.id) return source.id;
  if (target) {
    await joinChats(session, { from: source, to: target, now });
    if (target.thread === '') await repeatInThreads(session, target);
    return target.id;
  }
  const place = { account_id: to.accountId, chat: to.chat, thread: to.thread ?? '' };
  await update(session, 'chats', place, { id: source.id });
  if (to.accountId !== source.account_id) await changeAccount(session, source.id, to.accountId, now);
  await dropMessages(session, source.id, { ref: sql`is not null` });
  return source.id;
}

const rowAt = (session: Session, { accountId, chat, thread }: ChatAddress) =>
  first(session, 'chats', { account_id: accountId, chat, thread: thread ?? '' });

/** A chat cannot be reached any more: it and its threads end, and the second chat of its pair takes over. */
export async function endChat(session: Session, id: number, now: number): Promise<void> {
  await endPair(session, id, now);
  for (const one of await idsOfWhole(session, id)) await endRow(session, one, now);
}

/** Ends subscriptions, silences and queued deliveries; sends under way end by their own settlement. */
async function endRow(session: Session, id: number, now: number): Promise<void> {
  await update(session, 'chats', { state: 'gone', ended_at: now, owed: 0 }, { id });
  await dropAnswers(session, id);
  await remove(session, 'subscriptions', { chat_id: id });
  await remove(session, 'silences', { chat_id: id });
  await dropHeld(session, id);
  await remove(session, 'boards', { chat_id: id });
  const queued = { id: sql`in ${pendingIdsOf(int(id))}`, state: STATE.queued };
  const over = { state: STATE.gone, done_at: now, reason: 'chat_gone' };
  const told = sql`returning broadcast_no, account_id, alert_no, op`;
  const { rows: ended } = await update(session, 'deliveries', over, queued, told);
  await leaveBacklog(session, ended);
  const unsent = ended.filter(({ op }) => op === OP.send).map(({ alert_no }) => ({ alert_no, chat_id: id }));
  await dropUnsent(session, unsent);
}

/** What repeats the account of a chat follows it to another one. */
async function changeAccount(session: Session, id: number, accountId: string, now: number): Promise<void> {
  await update(session, 'subscriptions', { account_id: accountId }, { chat_id: id });
  const pending = await pendingOf(session, id);
  for (const delivery of pending) {
    await update(session, 'deliveries', { account_id: accountId }, { id: delivery.id });
    await enterBacklog(session, { ...delivery, account_id: accountId }, now);
  }
  await leaveBacklog(session, pending);
}

/** Every row about a chat; subscriptions and silences go with the chat's own. */
export async function forgetChat(session: Session, id: number): Promise<void> {
  const { db, dialect } = session;
  // Pages that become free are overwritten too: who holds the file later must not find whom we forgot.
  if (dialect === 'sqlite') await sql`pragma secure_delete = on`.execute(db);
  await dropMessages(session, id);
  const all = { id: sql`in ${allIdsOf(id)}` };
  const { rows: deleted } = await remove(session, 'deliveries', all, sql`returning broadcast_no, account_id, state`);
  await leaveBacklog(session, deleted.filter(isPending));
  await dropAnswers(session, id);
  await remove(session, 'chats', { id });
  if (dialect === 'sqlite') await sql`pragma secure_delete = fast`.execute(db);
}
