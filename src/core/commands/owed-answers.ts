import { logFailure, onceWhileFailing } from '../errors.ts';
import type { Reply } from '../outbox/reply-queue.ts';
import type { IncomingCommand } from '../ports/chat-adapter.ts';
import type { OwedAnswer } from '../ports/outbox.ts';
import type { Ids, Tools } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { keepNewest } from '../recent.ts';
import { oneMore, wakeable } from '../wakeable.ts';
import { answer, line } from './answer.ts';
import { type Router, unsent } from './context.ts';

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
export const answerKey = (ref: string, n: number): string => `reply.${ref}.${n}`;

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
