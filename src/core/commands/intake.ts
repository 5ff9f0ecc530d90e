import { logFailure, onceWhileFailing } from '../errors.ts';
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
import type { OwedAnswer } from '../ports/outbox.ts';
import { isReadersWord } from '../ports/readers.ts';
import type { Ids, Log, Tools } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Translator } from '../ports/translate.ts';
import { keepNewest } from '../recent.ts';
import { oneMore, wakeable } from '../wakeable.ts';
import { answer, code, line, note } from './answer.ts';
import { type ReadCommand, type Router, type RouterAnswer, unsent } from './context.ts';

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
  sender(accountId: string): { reply(reply: Reply): void; crowded(isWord?: boolean): boolean } | null;
}

/**
 * What people and platforms did. Resolves when it is carried out and stored, and that its answer is owed, whatever waits to be said; never
 * throws. Only the answer waits its turn: a crowd of newcomers is nothing to turn anybody away for.
 */
export function createIntake({ store, router, log, sender, owed }: IntakeDeps): (event: Incoming) => Promise<void> {
  async function command(event: IncomingCommand): Promise<void> {
    if (owed?.answered(event)) return;
    const out = sender(event.address.accountId);
    const answer = await router().handle(event, out?.crowded(isReadersWord(event.text)) ?? false);
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

interface OwedAnswersDeps extends Pick<Tools, 'clock' | 'log'> {
  accountId: string;
  /** Under the lease of whoever receives for the account. */
  store: { chats: Pick<Store['chats'], 'find'>; outbox: Pick<Store['outbox'], 'noteAnswers' | 'owedAnswers'> };
  ids: Pick<Ids, 'next'>;
  router: Pick<Router, 'later' | 'read' | 'words'>;
  /** Could another process take over, be it one that nobody has seen yet? Else only changes are kept: whoever asked asks again. */
  shared: boolean;
  reply(reply: Reply): void;
  /** Answers it as if it came just now. */
  incoming(event: IncomingCommand): Promise<void>;
}

/**
 * The answers that an account owes, as rows of the outbox (`Outbox.noteAnswers`). A command's row is there before the command counts as handled;
 * until then the adapter's inbox, or the platform, gives the command again: so a kill at any time leaves one or the other. The row is settled
 * shortly after the answer went; what a kill finds in between is said twice. An earlier process's changes are answered from the chat's present
 * state, its questions asked again. What was answered lately is remembered: when the platform gives it once more it is not answered once more.
 */
export type OwedAnswers = ReturnType<typeof createOwedAnswers>;

/** The same for the n-th message that answers this event, whichever process answers it. */
const answerKey = (ref: string, n: number): string => `reply.${ref}.${n}`;

const MAX_CHATS = 1_000;
/** Of one chat: of more the newest. */
const OF_CHAT = 3;
/** Nobody waits for the answer to a question any more, ms. */
const TOO_OLD = 15 * 60_000;
/** What was answered, as far back as a platform gives things once more. */
const MAX_ANSWERED = 500;
const ANSWERED_HOLDS = 3_600_000;
/** Commands that the platform gives once more come first, ms: they are answered as such, and not twice. */
const COMMANDS_FIRST = 2_000;
/** A store that failed is tried again after this, ms. */
const AGAIN = 1_000;
/** Answers that leave within so long share a commit, ms: so much a kill repeats, and sooner where another process may take over at any time. */
const gather = (chats: number, shared: boolean): number =>
  shared ? (chats <= 200 ? 10 : 100) : chats <= 20 ? 40 : chats <= 2_000 ? 250 : 1_000;

/** Changes of a chat are answered together, and never given up for its questions. */
const groupKey = ({ address: { chat, thread }, kind }: OwedAnswer): string =>
  JSON.stringify([kind === 'change', chat, thread]);

export function createOwedAnswers(deps: OwedAnswersDeps) {
  const { accountId, store, clock, ids, log, router } = deps;
  const trouble = onceWhileFailing(log, { begins: 'Unable to keep which chats wait for an answer', ends: null });
  const looks = wakeable(clock);
  /** With the sender, by `groupKey`, oldest first. */
  const waiting = new Map<string, OwedAnswer[]>();
  /** Of earlier processes, not with the sender yet, by id. */
  const restored = new Map<string, OwedAnswer>();
  /** `IncomingCommand.ref` of what was answered, and when. */
  const answered = new Map<string, number>();
  /** What is to be written, by id: a row, or what became of it. What began and ended while the store failed is not written any more. */
  let note = new Map<string, OwedAnswer | 'answered' | 'dropped'>();

  /** One transaction at a time, for all that gathered meanwhile. Never throws. */
  const write = oneMore(async () => {
    if (note.size === 0) return;
    const taken = note;
    note = new Map();
    const idsOf = (end: 'answered' | 'dropped') => [...taken].flatMap(([id, what]) => (what === end ? [id] : []));
    const waits = [...taken.values()].filter((what) => typeof what === 'object');
    try {
      await store.outbox.noteAnswers({
        waiting: waits,
        answered: idsOf('answered'),
        dropped: idsOf('dropped'),
        at: clock.now(),
      });
      trouble.working();
    } catch (error) {
      trouble.failing(error);
      note = new Map([...taken, ...note]);
      looks.wake();
    }
  });

  function drop(answers: readonly OwedAnswer[]): void {
    for (const { id } of answers) {
      note.set(id, 'dropped');
      restored.delete(id);
    }
  }

  function replyTo(owes: readonly OwedAnswer[]): Reply {
    const { address, chatKind, ref } = owes.at(-1)!;
    const group = chatKind !== 'private';
    // Nobody asks: the chat's language is the one that it chose.
    const asked = unsent({ address, chatKind: group ? 'group' : 'private', text: 'subscriptions' });
    const later: Reply['later'] = async (merged) =>
      (await store.chats.find({ ...address, thread: null })) ? await router.later(asked)(merged) : null;
    const key = ref === null ? {} : { key: answerKey(ref, 0) };
    return { address, group, document: null, replyTo: null, edit: null, kind: 'change', later, owes, ...key };
  }

  /**
   * What an earlier process did not answer any more, minutes later, with nobody there to say who may do what. What only looks is looked at again; so is
   * what somebody alone with us opened (a menu). All else might do something that is not wanted any more: it is said that it was not answered.
   */
  async function askAgain(event: IncomingCommand, kind: OwedAnswer['kind']): Promise<void> {
    const { chatKind, address, messageRef } = event;
    try {
      if (kind === 'question') return await deps.incoming(event);
      if (chatKind === 'private' && router.read(event).args === '')
        return await deps.incoming({ ...event, sender: { ...event.sender, isAdmin: () => Promise.resolve(true) } });
      const { words } = await router.words(event);
      const document = answer(words, [line(words.say('error.failed'))]);
      deps.reply({ address, group: chatKind !== 'private', document, replyTo: messageRef, edit: null });
    } catch (error) {
      logFailure(log, 'Unable to answer what was asked before the start', error, { account: accountId });
    }
  }

  async function answerRestored(): Promise<void> {
    const { changes = [], questions = [] } = byKind([...restored.values()]);
    for (const owes of Map.groupBy(changes, groupKey).values()) {
      for (const { id } of owes) restored.delete(id);
      deps.reply(replyTo(owes));
    }
    for (const one of questions) {
      // Each stays on record until it waits anew.
      const isWanted = clock.now() - one.at < TOO_OLD;
      if (isWanted && restored.has(one.id)) await askAgain(commandOf(one), one.kind);
      if (restored.has(one.id)) drop([one]);
    }
    await write();
  }

  return {
    /** Was it answered before, by this process or another? Then it is not to be carried out again. */
    answered: ({ ref }: IncomingCommand): boolean => ref !== undefined && answered.has(ref),
    /** Resolves when a kill loses it no more, or where it cannot be kept: before the answer may leave. With what that answer owes. Never throws. */
    async keep(event: IncomingCommand, kind: OwedAnswer['kind']): Promise<readonly OwedAnswer[]> {
      const one = owedBy(event, kind, { id: ids.next(), at: clock.now() });
      drop([...restored.values()].filter((old) => isReplaced(old, one)));
      const key = groupKey(one);
      const list = waiting.get(key) ?? [];
      const isKept = kind === 'change' || (deps.shared && (list.length > 0 || waiting.size < MAX_CHATS));
      if (!isKept) return [];
      drop(list.splice(0, list.length + 1 - OF_CHAT));
      waiting.set(key, [...list, one]);
      note.set(one.id, one);
      await write();
      return [one];
    },
    /** The sender has no more to do for these. */
    over(answers: readonly OwedAnswer[]): void {
      for (const one of answers) {
        const left = waiting.get(groupKey(one))?.filter(({ id }) => id !== one.id) ?? [];
        if (left.length > 0) waiting.set(groupKey(one), left);
        else waiting.delete(groupKey(one));
        note.set(one.id, 'answered');
        if (one.ref === null) continue;
        keepNewest(answered, one.ref, clock.now(), MAX_ANSWERED);
      }
      if (answers.length > 0) looks.wake();
    },
    /** What an earlier process owed is answered from a moment after `loop` began. Never throws. */
    async restore(): Promise<void> {
      try {
        const owed = await store.outbox.owedAnswers(accountId, clock.now() - ANSWERED_HOLDS);
        for (const { ref, at } of owed.answered) answered.set(ref, at);
        for (const one of owed.waiting) restored.set(one.id, await inItsPlace(one));
        const { changes = [], questions = [] } = byKind(owed.waiting);
        const chats = new Set(changes.map(groupKey)).size;
        if (chats > 0)
          log.info('Chats that wait for an answer since before the start', { account: accountId, count: chats });
        if (questions.length > 0)
          log.info('Questions that wait for an answer since before the start', { count: questions.length });
      } catch (error) {
        trouble.failing(error);
      }
      looks.wake();
    },
    /** For the end, when nothing is under way any more. Never throws. */
    save: write,
    async loop(signal: AbortSignal): Promise<void> {
      const commandsUntil = clock.monotonic() + COMMANDS_FIRST;
      while (!signal.aborted) {
        looks.begin();
        if (restored.size > 0 && clock.monotonic() >= commandsUntil) await answerRestored();
        if (note.size > 0) {
          await clock.sleep(gather(waiting.size, deps.shared), signal).catch(() => undefined);
          if (signal.aborted) return;
          await write();
          if (note.size > 0) await clock.sleep(AGAIN, signal).catch(() => undefined);
        }
        const until = restored.size > 0 ? Math.max(0, commandsUntil - clock.monotonic()) : 60_000;
        await looks.pause(until, signal);
      }
    },
  };

  /** A thread that has no row of its own is answered in its chat. */
  async function inItsPlace(one: OwedAnswer): Promise<OwedAnswer> {
    if (one.kind !== 'change' || one.address.thread === null || (await store.chats.find(one.address))) return one;
    return { ...one, address: { ...one.address, thread: null } };
  }
}

const byKind = (all: readonly OwedAnswer[]) =>
  Object.groupBy(all, ({ kind }) => (kind === 'change' ? 'changes' : 'questions'));

/** The own answer of the new one says what the old one would have said; or it is the old one, given once more; or what was said on the way is of no more use. */
function isReplaced(old: OwedAnswer, one: OwedAnswer): boolean {
  const sameChat = old.address.chat === one.address.chat && old.address.thread === one.address.thread;
  if (old.kind === 'change') return sameChat && one.kind === 'change';
  return (old.ref !== null && old.ref === one.ref) || (sameChat && (old.kind === 'text' || one.ref === null));
}

function owedBy(event: IncomingCommand, kind: OwedAnswer['kind'], place: Pick<OwedAnswer, 'id' | 'at'>): OwedAnswer {
  const { address, chatKind, text, sender, messageRef, signed, forwarded, ref = null } = event;
  const asked = { text, from: sender.id, lang: sender.lang, messageRef, ...(signed && { signed }) };
  const command = kind === 'change' ? null : { ...asked, forwarded: forwarded === true };
  return { ...place, address, chatKind, kind, ref, command };
}

function commandOf({ address, chatKind, ref, command }: OwedAnswer): IncomingCommand {
  const { text, from, lang, messageRef, signed, forwarded } = command!;
  return {
    ...unsent({ address, chatKind, text }, { id: from, lang }),
    messageRef,
    ...(signed && { signed }),
    ...(forwarded && { forwarded }),
    ...(ref === null ? {} : { ref }),
  };
}
