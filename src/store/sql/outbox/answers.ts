import { sql } from 'kysely';
import type { ChatAddress } from '../../../core/model/chat.ts';
import type { AnswerNote, Outbox, OwedAnswer } from '../../../core/ports/outbox.ts';
import { remove, select, update } from '../rows.ts';
import { tables } from '../schema.ts';
import type { Session } from '../session.ts';
import { json, kept, orEmpty, STATE, tableOf, text } from '../values.ts';

/** So many that were answered are remembered, newest first: a few minutes at full pace. */
const MAX_ANSWERED = 500;

/** Answers to people in the queue: a command waits here until its answer was sent. */
export const answers = (session: Session): Pick<Outbox, 'noteAnswers' | 'owedAnswers'> => ({
  noteAnswers: (note) => session.atomically((inner) => noteAnswers(inner, note)),

  async owedAnswers(accountId, since) {
    await session.atomically((inner) => takeMarks(inner, accountId));
    const of = (state: number) => ({ account_id: accountId, state: sql`= ${sql.lit(state)}` });
    const waiting = await select(session, 'answers', of(STATE.queued), sql`order by id`);
    const newest = sql`order by at desc, id desc limit ${sql.lit(MAX_ANSWERED)}`;
    const answered = await select(session, 'answers', { ...of(STATE.sent), at: sql`>= ${since}` }, newest);
    return { waiting: waiting.map(owedOf), answered: answered.reverse().map(({ ref, at }) => ({ ref: ref!, at })) };
  },
});

async function noteAnswers(session: Session, { waiting, answered, dropped, at }: AnswerNote): Promise<void> {
  if (waiting.length > 0) {
    const { columns } = tables.answers;
    const rows = waiting.map(({ address, ...one }) =>
      answerRows.write({ ...one, ...address }, { state: STATE.queued }),
    );
    const names = sql.join(Object.keys(columns).map((name) => sql.ref(name)));
    await sql`
      insert into answers (${names}) select ${names} from ${tableOf(session.dialect, columns, rows)} as r where true on conflict (id) do nothing
    `.execute(session.db);
  }
  // That it was answered is all that is remembered of it.
  const left = { state: STATE.sent, at, chat: '', thread: '', command: null };
  await update(session, 'answers', left, { id: answered, ref: sql`is not null` });
  await remove(session, 'answers', { id: answered, ref: null });
  await remove(session, 'answers', { id: dropped });
}

/** Before the eleventh version chats that waited for the answer to a change were marked; exports of that time bring such marks. */
async function takeMarks({ db }: Session, accountId: string): Promise<void> {
  const marked = sql`from chats where account_id = ${accountId} and owed = 1`;
  await sql`
    insert into answers (id, account_id, chat, thread, chat_kind, kind, at, state)
    select '0.' || id, account_id, chat, thread, kind, 'change', created_at, ${sql.lit(STATE.queued)} ${marked} and state = 'active'
    on conflict (id) do nothing
  `.execute(db);
  await sql`update chats set owed = 0 where account_id = ${accountId} and owed = 1`.execute(db);
}

type Kept = Omit<OwedAnswer, 'address'> & ChatAddress;
const answerRows = kept<'answers', Kept>('answers', { thread: orEmpty, command: json, state: null });

function owedOf(row: object): OwedAnswer {
  const { accountId, chat, thread, ...one } = answerRows.read(row);
  return { ...one, address: { accountId, chat, thread } };
}

/** What waits goes with its chat to another place, and out of a thread to the chat where there are no such threads. */
export async function moveAnswers({ db }: Session, from: ChatAddress, to: ChatAddress): Promise<void> {
  const whole = from.thread === null;
  const thread = whole && from.chat === to.chat ? sql`thread` : text(to.thread ?? '');
  await sql`
    update answers set account_id = ${to.accountId}, chat = ${to.chat}, thread = ${thread}
    where account_id = ${from.accountId} and chat = ${from.chat} ${whole ? sql`` : sql`and thread = ${from.thread}`}
  `.execute(db);
}

/** The chat is told nothing any more; with the chat's own row its threads, too. */
export async function dropAnswers({ db }: Session, chatId: number): Promise<void> {
  await sql`
    delete from answers where (account_id, chat) in (
      select account_id, chat from chats where id = ${chatId} and (chats.thread = '' or chats.thread = answers.thread)
    )
  `.execute(db);
}
