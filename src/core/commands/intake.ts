import { logFailure } from '../errors.ts';
import type { ChatAddress, ChatKind } from '../model/chat.ts';
import type { Block, Inline, MessageDocument } from '../model/message.ts';
import type { Reply, ReplyKind } from '../outbox/reply-queue.ts';
import type {
  Incoming,
  IncomingCommand,
  IncomingMembership,
  IncomingMissed,
  IncomingMove,
  Sender,
} from '../ports/chat-adapter.ts';
import type { Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Translator } from '../ports/translate.ts';
import { answer, code, line, note } from './answer.ts';
import { type ReadCommand, type Router, type RouterAnswer, unsent } from './context.ts';
import { type OwedAnswers, answerKey } from './owed-answers.ts';

/** Commands that came while nobody received: what changes the chat is carried out late and said once, questions get one line. */

/** Older than this, ms, nobody may want it any more. */
const MAX_AGE_MS = 86_400_000;
/** Carried out, and named, at most. */
const MAX_DONE = 20;
const MAX_NAMED = 5;
/** Of one command's answer: what was done, and to what. */
const BLOCKS_EACH = 2;

/** What to do with each, by its index, oldest first. Somebody who wrote the opposite later has changed their mind. Pure. */
export function planMissed(commands: readonly (ReadCommand & { senderId: string; sentAt: number })[], now: number) {
  const plan: Record<'carryOut' | 'tooOld' | 'asked', number[]> = { carryOut: [], tooOld: [], asked: [] };
  for (const [i, one] of commands.entries()) {
    if (!one.changes) plan.asked.push(i);
    else if (now - one.sentAt >= MAX_AGE_MS) plan.tooOld.push(i);
    else if (!commands.slice(i + 1).some((later) => later.senderId === one.senderId && overtakes(later, one)))
      plan.carryOut.push(i);
  }
  plan.carryOut = plan.carryOut.slice(-MAX_DONE);
  return plan;
}

const OPPOSITES = [
  ['subscribe', 'unsubscribe'],
  ['mute', 'unmute'],
];
/** Each replaces what it said before. */
const REPLACING = ['language', 'level', 'timezone'];

/** Does the later command make the earlier one needless? */
export function overtakes(later: ReadCommand, earlier: ReadCommand): boolean {
  const [a, b] = [later.name, earlier.name];
  if (!later.changes || a === null || b === null) return false;
  if (a === b && REPLACING.includes(a)) return true;
  const pair = OPPOSITES.some((names) => names.includes(a) && names.includes(b));
  return pair && later.args.toLowerCase() === earlier.args.toLowerCase();
}

/** Carries out what is still wanted, and makes the one message about it all. Null = nothing to say. */
async function answerMissed(
  event: IncomingMissed,
  router: Pick<Router, 'read' | 'handle' | 'words'>,
): Promise<(Pick<Reply, 'address' | 'replyTo'> & { document: MessageDocument; kind: ReplyKind }) | null> {
  const last = event.commands.at(-1);
  if (!last) return null;
  const { now } = await router.words(last);
  const commands = event.commands.map((one) => ({ one, ...router.read(one) }));
  const plan = planMissed(
    commands.map(({ one, ...read }) => ({ ...read, senderId: one.sender.id, sentAt: one.sentAt })),
    now,
  );
  const done: Done[] = [];
  for (const i of plan.carryOut) {
    const { one } = commands[i]!;
    const given = await router.handle(one);
    if (given) done.push({ one, given });
  }
  // A language may have been chosen just now.
  const { words, typed } = await router.words(last);
  const name = (i: number): string => typed(commands[i]!.one.text);
  const byChange = Map.groupBy(done, isChange);
  const blocks = [
    ...outcomes(words, typed, 'missed.done', byChange.get(true)),
    ...outcomes(words, typed, 'missed.notDone', byChange.get(false)),
    ...named(words, 'missed.tooOld', plan.tooOld.map(name)),
    ...named(words, 'missed.asked', plan.asked.map(name)),
  ];
  if (blocks.length === 0) return null;
  const threads = new Set(event.commands.map((one) => one.address.thread));
  const thread = threads.size === 1 ? last.address.thread : null;
  return {
    document: answer(words, blocks),
    address: { ...event.address, thread },
    replyTo: last.messageRef,
    kind: byChange.has(true) ? 'change' : 'text',
  };
}

interface Done {
  one: IncomingCommand;
  given: RouterAnswer;
}
const isChange = ({ given }: Done): boolean => given.kind === 'change';

function outcomes(
  words: Translator,
  typed: (command: string) => string,
  title: 'missed.done' | 'missed.notDone',
  done: readonly Done[] = [],
): Block[] {
  if (done.length === 0) return [];
  const shown = done
    .slice(-MAX_NAMED)
    .flatMap(({ one, given }) => [
      line(code(typed(one.text))),
      ...(given.documents[0]?.blocks ?? []).slice(0, BLOCKS_EACH),
    ]);
  const rest = done.length - MAX_NAMED;
  return [line(words.say(title)), ...shown, ...(rest > 0 ? [note(words.say('list.more', { n: rest }))] : [])];
}

function named(words: Translator, key: 'missed.tooOld' | 'missed.asked', commands: string[]): Block[] {
  if (commands.length === 0) return [];
  const shown = commands.slice(-MAX_NAMED).flatMap((text, i): Inline[] => [...(i > 0 ? [', '] : []), code(text)]);
  const rest = commands.length - MAX_NAMED;
  if (rest > 0) shown.push(`, ${words.say('list.more', { n: rest })}`);
  return [line(...words.rich(key, { commands: shown }))];
}

interface IntakeDeps {
  store: Pick<Store, 'chats' | 'subscriptions'>;
  router(): Router;
  log: Log;
  /** Absent: nothing is owed to anybody, whoever asked asks again. */
  owed?: Pick<OwedAnswers, 'answered' | 'keep' | 'over'>;
  /** Who sends for an account; null = nobody (any more). */
  sender(accountId: string): { reply(reply: Reply): void; crowded(): boolean } | null;
}

/**
 * What people and platforms did. Resolves when it is carried out and stored, and that its answer is owed, whatever waits to be said; never
 * throws. Only the answer waits its turn: a crowd of newcomers is nothing to turn anybody away for.
 */
export function createIntake({ store, router, log, sender, owed }: IntakeDeps): (event: Incoming) => Promise<void> {
  async function command(event: IncomingCommand): Promise<void> {
    if (owed?.answered(event)) return;
    const out = sender(event.address.accountId);
    const answer = await router().handle(event, out?.crowded() ?? false);
    if (!answer) return;
    if (answer.aside) {
      const [document] = answer.documents;
      if (document) event.button?.whisper?.(document);
      return;
    }
    if (!out) return;
    const { kind } = answer;
    // Of a chat that was forgotten nothing may be written down.
    const isKept = kind === 'question' || kind === 'text' || (kind === 'change' && !answer.forgotten);
    const owes = isKept ? ((await owed?.keep(event, kind)) ?? []) : [];
    const replies = repliesOf(event, answer);
    const last = replies.findLast((reply) => reply.kind !== 'picture');
    for (const reply of replies) out.reply(reply === last ? { ...reply, owes } : reply);
    if (!last) owed?.over(owes);
  }

  /** A console that starts again "joins" again: whoever follows something needs no greeting. */
  async function followsAlready({ address, chatKind }: IncomingMembership): Promise<boolean> {
    const chat = chatKind === 'private' ? await store.chats.find(address) : null;
    return chat !== null && (await store.subscriptions.list(chat.id)).length > 0;
  }

  async function missed(event: IncomingMissed): Promise<void> {
    const given = await answerMissed(event, router());
    const [out, last] = [sender(event.address.accountId), event.commands.at(-1)];
    if (!given || !out || !last) return;
    const { ref: _, ...asked } = last;
    const owes = given.kind === 'change' ? await owed?.keep({ ...asked, address: given.address }, 'change') : [];
    out.reply({ ...given, group: event.chatKind !== 'private', edit: null, ...(owes ? { owes } : {}) });
  }

  /** Where people see another place, it is said there that the bot came along, and what it follows. */
  async function moved({ address, to, upgraded }: IncomingMove): Promise<void> {
    await store.chats.move(address, to);
    if (!upgraded) return;
    const asked: IncomingCommand = { ...hello(to, upgraded.chatKind, null), text: 'subscriptions' };
    const { words } = await router().words(asked);
    const [overview] = (await router().handle(asked))?.documents ?? [];
    if (!overview) return;
    const document = { ...overview, blocks: [line(words.say('moved.here')), ...overview.blocks] };
    const group = upgraded.chatKind !== 'private';
    sender(to.accountId)?.reply({ address: to, group, document, replyTo: null, edit: null });
  }

  return async (event) => {
    try {
      if (event.kind === 'moved') await moved(event);
      else if (event.kind === 'command') await command(event);
      else if (event.kind === 'joined') {
        const first = (await followsAlready(event)) ? null : greeting(event);
        if (first) await command(first);
      } else if (event.kind === 'missed') await missed(event);
      else {
        const chat = await store.chats.find(event.address);
        if (chat) await store.chats.end(chat.id);
      }
    } catch (error) {
      logFailure(log, 'Unable to answer', error, { account: event.address.accountId });
    }
  };
}

/** Each document as a message; none yet = one that is made when its turn comes. */
function repliesOf(event: IncomingCommand, { documents, replaces, ...answer }: RouterAnswer): Reply[] {
  const { address, messageRef, button, chatKind, ref } = event;
  const { kind, asker, later } = answer;
  return (documents.length > 0 ? documents : [null]).map((document, i) => {
    const key = ref === undefined ? {} : { key: answerKey(ref, i) };
    const common = { address, group: chatKind !== 'private', asker, document, ...key };
    if (document && (document.picture ?? document.file))
      return { ...common, kind: 'picture', replyTo: null, edit: null };
    const edit = i === 0 && replaces ? (button?.messageRef ?? null) : null;
    return { ...common, kind, later, replyTo: messageRef, edit };
  });
}

/** A chat that takes the bot in is greeted as if it had typed `start`; a channel's readers are not, but who set it up is asked what for. */
function greeting(event: IncomingMembership): IncomingCommand | null {
  if (event.chatKind === 'channel') {
    if (!event.privately || !event.sender) return null;
    const text = `channel ${event.address.chat} subscribe`;
    return unsent({ address: event.privately, chatKind: 'private', text }, event.sender);
  }
  return hello(event.address, event.chatKind, event.sender);
}

/** Nobody typed it, so it is nobody's budget: whoever invites us into a hundred rooms has each of them greeted. */
function hello(address: ChatAddress, chatKind: ChatKind, by: Sender | null): IncomingCommand {
  return unsent({ address, chatKind, text: 'start' }, { isAdmin: () => Promise.resolve(true), ...by, id: '' });
}
