import { onceWhileFailing } from '../failures.ts';
import type { ChatAddress, ChatKind } from '../model/chat.ts';
import type { Later, OwedAnswer, Reply } from '../outbox/answer-plan.ts';
import type { IncomingCommand } from '../ports/chat-adapter.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { DurableState } from '../ports/state.ts';
import type { Store } from '../ports/store.ts';
import { wakeable } from '../wakeable.ts';
import { answer, line } from './answer.ts';
import type { Router } from './context.ts';

/** How it is answered; a change is on record elsewhere (`owed-answers.ts`), here only that it was answered. */
export type AskedKind = 'question' | 'text' | 'change';

interface AskedQuestionsDeps {
  /** The account's, under the lease of whoever receives for it. */
  state: DurableState;
  clock: Clock;
  log: Log;
  /** Could another process take over, be it one that nobody has seen yet? Else whoever asked asks again. */
  shared: boolean;
  /** The platform knows a repeated `Reply.key`: changes are kept here, too, so that their answers come under the same one. */
  keyed?: boolean;
  /** Chats whose answers have not left yet, and how many messages each waits for. */
  waiting(): readonly { address: ChatAddress; messages: number }[];
  /** Answers it as if it came just now, or says that it was not answered. Never throws. */
  again(event: IncomingCommand, kind: AskedKind): Promise<void>;
}

/**
 * Commands whose answers wait, kept so that another process answers them when this one is killed: the platform has been told by then that they
 * arrived. Those that change nothing are looked at again. And which were answered lately, so that what the platform gives once more is not answered
 * once more: a kill repeats what was on the wire, and what went in the moment before that was noted.
 */
export interface AskedQuestions {
  /** Of a change that waited for its answer when an earlier process ended: `IncomingCommand.ref` of the chat's newest; null = none is known. */
  changed(address: ChatAddress): string | null;
  /** Was it answered before, by this process or another? Then it is not to be carried out again. */
  answered(event: IncomingCommand): boolean;
  /** Resolves when a kill loses it no more, or where it cannot be kept: before the answer may leave. To be called back when the answer is with its sender. */
  note(event: IncomingCommand, kind: AskedKind): Promise<() => void>;
  /** An answer left: what it answered is soon noted as such. */
  sent(): void;
  /** What an earlier process did not answer is answered from a moment after `loop` began. Never throws. */
  restore(): Promise<void>;
  loop(signal: AbortSignal): Promise<void>;
  /** For the end, when nothing is under way any more. Never throws. */
  save(): Promise<void>;
}

/** The same for the n-th message that answers this event, whichever process answers it. */
export const answerKey = (ref: string, n: number): string => `reply.${ref}.${n}`;

interface Kept {
  address: ChatAddress;
  chatKind: ChatKind;
  text: string;
  from: string;
  lang: string | null;
  messageRef: string | null;
  forwarded: boolean;
  at: number;
  kind: AskedKind;
  ref: string | null;
}

interface Asked {
  kept: Kept;
  /** Its answer is with the sender, or was. */
  handed: boolean;
}

type Answered = [ref: string, at: number];

const KEY = 'asked';
const MAX_CHATS = 1_000;
/** Of one chat: of more the newest. */
const OF_CHAT = 3;
/** Nobody waits for an answer any more, ms. */
const TOO_OLD = 15 * 60_000;
/** What was answered, as far back as a platform gives things once more; a few minutes at full pace. */
const MAX_ANSWERED = 500;
const ANSWERED_HOLDS = 3_600_000;
/** Commands that the platform gives once more come first, ms: they are answered as such, and not twice. */
const COMMANDS_FIRST = 2_000;
/** Answers that leave within so long are noted together, ms: so much a kill repeats. */
const gather = (chats: number): number => (chats <= 200 ? 10 : 100);
const LOOK_EVERY = 1_000;

const keyOf = ({ chat, thread }: ChatAddress): string => JSON.stringify([chat, thread]);

export function createAskedQuestions(deps: AskedQuestionsDeps): AskedQuestions {
  const { state, clock, log } = deps;
  const trouble = onceWhileFailing(log, { begins: 'Unable to keep which questions wait for an answer', ends: null });
  const looks = wakeable(clock);
  const asked = new Map<string, Asked[]>();
  const answered = new Map<string, number>();
  let restored: Kept[] = [];
  /** Of earlier processes; they are answered by `owed-answers.ts`. */
  const changes = new Map<string, Kept>();
  const isKeptHere = ({ kind, ref }: Kept): boolean => kind !== 'change' || (deps.keyed === true && ref !== null);
  let writing: Promise<void> | null = null;
  let again: Promise<void> | null = null;

  async function save(): Promise<void> {
    try {
      const waits = [...asked.values()].flat().map(({ kept }) => kept);
      const rows = [...waits.filter(isKeptHere), ...restored, ...changes.values()];
      const over: Answered[] = [...answered];
      await (rows.length + over.length === 0 ? state.delete(KEY) : state.set(KEY, { asked: rows, answered: over }));
      trouble.working();
    } catch (error) {
      trouble.failing(error);
    }
  }

  /** One write at a time; all that come meanwhile share the next. */
  function write(): Promise<void> {
    if (!writing) {
      writing = save().finally(() => {
        writing = null;
      });
      return writing;
    }
    again ??= writing.then(() => {
      again = null;
      return write();
    });
    return again;
  }

  function over({ ref }: Kept): void {
    if (ref === null) return;
    answered.set(ref, clock.now());
    if (answered.size > MAX_ANSWERED) answered.delete(answered.keys().next().value!);
  }

  async function look(): Promise<void> {
    const waits = new Map<string, number>();
    for (const { address, messages } of deps.waiting())
      waits.set(keyOf(address), (waits.get(keyOf(address)) ?? 0) + messages);
    let changed = false;
    for (const [key, list] of asked) {
      // A chat is answered in order: as many as messages wait are not answered, and they are the last ones.
      const done = Math.max(0, list.filter(({ handed }) => handed).length - (waits.get(key) ?? 0));
      if (done === 0) continue;
      changed = true;
      for (const { kept } of list.splice(0, done)) over(kept);
      if (list.length === 0) asked.delete(key);
    }
    if (changed) await write();
  }

  async function answerRestored(): Promise<void> {
    const due = restored.filter(({ at }) => clock.now() - at < TOO_OLD);
    restored = due;
    // Each stays on record until it waits anew.
    for (const one of due) {
      if (restored.includes(one)) await deps.again(commandOf(one), one.kind);
      restored = restored.filter((other) => other !== one);
    }
    await write();
  }

  /** It was given once more; or the person goes on, and what was said on the way is of no more use. */
  const isOver = (old: Kept, { ref }: Pick<Kept, 'ref'>, key: string): boolean =>
    old.ref !== null && old.ref === ref ? true : keyOf(old.address) === key && (old.kind === 'text' || ref === null);

  return {
    changed: (address) => changes.get(keyOf(address))?.ref ?? null,
    answered: ({ ref }) => ref !== undefined && answered.has(ref),
    async note(event, kind) {
      const key = keyOf(event.address);
      const one: Asked = { kept: keptOf(event, kind, clock.now()), handed: false };
      restored = restored.filter((old) => !isOver(old, one.kept, key));
      changes.delete(key);
      if (!deps.shared || (!asked.has(key) && asked.size >= MAX_CHATS)) return () => undefined;
      asked.set(key, [...(asked.get(key) ?? []), one].slice(-OF_CHAT));
      if (isKeptHere(one.kept)) await write();
      return () => {
        one.handed = true;
        looks.wake();
      };
    },
    sent() {
      // Alerts go by here, too, by the thousand.
      if (asked.size > 0) looks.wake();
    },
    async restore() {
      try {
        const kept = await state.get(KEY);
        // An older version keeps a list of questions.
        const { asked: rows, answered: over } = (Array.isArray(kept) ? { asked: kept } : (kept ?? {})) as Partial<
          Record<'asked' | 'answered', unknown>
        >;
        const all = Array.isArray(rows) ? rows.filter(isKept).map(whole) : [];
        restored = all.filter(({ kind }) => kind !== 'change');
        for (const one of all)
          if (one.kind === 'change' && clock.now() - one.at < TOO_OLD) changes.set(keyOf(one.address), one);
        for (const [ref, at] of Array.isArray(over) ? over.filter(isAnswered) : [])
          if (Math.abs(clock.now() - at) < ANSWERED_HOLDS) answered.set(ref, at);
        if (restored.length > 0)
          log.info('Questions that wait for an answer since before the start', { count: restored.length });
      } catch (error) {
        trouble.failing(error);
      }
    },
    save: look,
    async loop(signal) {
      const commandsUntil = clock.monotonic() + COMMANDS_FIRST;
      while (!signal.aborted) {
        looks.begin();
        if (restored.length > 0 && clock.monotonic() >= commandsUntil) await answerRestored();
        if (asked.size > 0) await clock.sleep(gather(asked.size), signal).catch(() => undefined);
        if (!signal.aborted) await look();
        const until = restored.length > 0 ? Math.max(0, commandsUntil - clock.monotonic()) : 60_000;
        await looks.pause(Math.min(until, asked.size > 0 ? LOOK_EVERY : 60_000), signal);
      }
    },
  };
}

const keptOf = (event: IncomingCommand, kind: AskedKind, at: number): Kept => {
  const { address, chatKind, text, sender, messageRef, forwarded, ref } = event;
  return {
    address,
    chatKind,
    text,
    from: sender.id,
    lang: sender.lang,
    messageRef,
    forwarded: forwarded === true,
    at,
    kind,
    ref: ref ?? null,
  };
};

function isKept(value: unknown): value is Kept {
  const one = value as Partial<Kept> | null;
  return typeof one?.text === 'string' && typeof one.at === 'number' && typeof one.address?.chat === 'string';
}

const whole = (kept: Kept): Kept => ({ ...kept, kind: kept.kind ?? 'question', ref: kept.ref ?? null });

const isAnswered = (value: unknown): value is Answered =>
  Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';

const commandOf = ({ address, chatKind, text, from, lang, messageRef, forwarded, ref }: Kept): IncomingCommand => ({
  kind: 'command',
  address,
  chatKind,
  text,
  sender: { id: from, name: '', lang, isAdmin: () => Promise.resolve(false) },
  button: null,
  messageRef,
  ...(forwarded ? { forwarded } : {}),
  ...(ref === null ? {} : { ref }),
});

interface OwedAnswersDeps {
  accounts: readonly string[];
  sender(accountId: string): { reply(reply: Reply): void; crowded(): boolean; owed(): OwedAnswer[] } | null;
  router: Pick<Router, 'later'>;
  store: Pick<Store, 'chats' | 'transaction'>;
  clock: Clock;
  log: Log;
  /** `IncomingCommand.ref` of the change that a chat is owed an answer to; null = not known. */
  changed?(address: ChatAddress): string | null;
  /** Another process may take over at any time: what was answered is noted sooner, for a few commits more. */
  eager?: boolean;
}

/**
 * Chats that changed something and were not answered when the process ended: a crowd waits for minutes, and its answers are the catch-up
 * without which whoever has just subscribed never hears of what is open.
 *
 * An answer to a change is noted in the store before the command counts as handled, and until then the adapter's inbox has the command: so a kill
 * at any time leaves one or the other. The note goes shortly after the answer went; what a kill finds in between is said twice.
 */
export interface OwedAnswers {
  /** Where answers go: as the account's sender, but `reply` resolves when a kill loses nothing any more. Null: nobody sends. */
  sender(accountId: string): { reply(reply: Reply): Promise<void>; crowded(): boolean } | null;
  /** What an earlier process owed waits again, from a moment after `loop` began. Never throws. */
  restore(): Promise<void>;
  loop(signal: AbortSignal): Promise<void>;
  /** For the end, when nothing is under way any more. Never throws. */
  save(): Promise<void>;
}

/** Between looks at what was answered, ms: so many answers a kill repeats, and so many share a transaction. */
const lookEvery = (waiting: number, eager: boolean): number =>
  waiting <= (eager ? 500 : 20) ? 40 : waiting <= 2_000 ? 250 : 1_000;

interface Noting {
  address: ChatAddress;
  /** Null: it waits with the sender already. */
  reply: Reply | null;
  done(): void;
}

const keyOfAnswer = ({ accountId, chat, thread }: ChatAddress): string => JSON.stringify([accountId, chat, thread]);

export function createOwedAnswers(deps: OwedAnswersDeps): OwedAnswers {
  const { store, clock, log } = deps;
  const trouble = onceWhileFailing(log, { begins: 'Unable to keep which chats wait for an answer', ends: null });
  const looks = wakeable(clock);
  /** Rows with a note, by the address that is answered; null = the chat has no row to keep one in. */
  const noted = new Map<string, number | null>();
  /** Of an earlier process, not with their senders yet. */
  const restored = new Map<string, Reply>();
  let toNote: Noting[] = [];
  let answered: number[] = [];
  /** The store failed at the last try. */
  let behind = false;
  let writing: Promise<void> | null = null;

  /** One transaction at a time, for all that gathered meanwhile. Never throws. */
  function write(): Promise<void> {
    writing ??= writeAll().finally(() => {
      writing = null;
    });
    return writing;
  }

  async function writeAll(): Promise<void> {
    const again: number[] = [];
    while (toNote.length + answered.length > 0) {
      const [notes, over] = [toNote, answered];
      [toNote, answered] = [[], []];
      behind = !(await writeSome(notes, over));
      if (behind) again.push(...over);
      looks.wake();
      for (const { address, reply, done } of notes) {
        if (reply) deps.sender(address.accountId)?.reply(reply);
        done();
      }
    }
    // At the next look; who waits without a note is known by the sender.
    answered.push(...again);
  }

  async function writeSome(notes: readonly Noting[], over: number[]): Promise<boolean> {
    try {
      const ids = await store.transaction(async ({ chats }) => {
        await chats.answered(over);
        return await chats.owe(notes.map(({ address }) => address));
      });
      for (const [i, { address }] of notes.entries()) noted.set(keyOfAnswer(address), ids[i] ?? null);
      trouble.working();
      return true;
    } catch (error) {
      trouble.failing(error);
      return false;
    }
  }

  function note(address: ChatAddress, reply: Reply | null): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    toNote.push({ address, reply, done: resolve });
    void write();
    return promise;
  }

  /** Notes whose answers went are over; what waits without one (its chat moved, the store failed) gets one. */
  function look(): void {
    const waits = new Map<string, ChatAddress>();
    for (const accountId of deps.accounts)
      for (const { chat, thread } of deps.sender(accountId)?.owed() ?? []) {
        const address = { accountId, chat, thread };
        waits.set(keyOfAnswer(address), address);
      }
    for (const [key, id] of noted) {
      if (waits.has(key) || restored.has(key)) continue;
      noted.delete(key);
      if (id !== null) answered.push(id);
    }
    for (const [key, address] of waits) if (!noted.has(key)) void note(address, null);
  }

  async function settle(): Promise<void> {
    look();
    await write();
  }

  function release(): void {
    for (const [key, reply] of restored) {
      restored.delete(key);
      deps.sender(reply.address.accountId)?.reply(reply);
    }
  }

  function replyTo(address: ChatAddress, group: boolean): Reply {
    const later: Later = async (merged) =>
      (await store.chats.find({ ...address, thread: null }))
        ? await deps.router.later(asking(address, group))(merged)
        : null;
    const ref = deps.changed?.(address) ?? null;
    const key = ref === null ? {} : { key: answerKey(ref, 0) };
    return { address, group, document: null, replyTo: null, edit: null, kind: 'change', later, ...key };
  }

  return {
    sender(accountId) {
      const sender = deps.sender(accountId);
      if (!sender) return null;
      return {
        crowded: sender.crowded,
        async reply(reply) {
          if (reply.kind !== 'change' || reply.forgotten) return sender.reply(reply);
          const key = keyOfAnswer(reply.address);
          // Its own answer says what the other would have said.
          restored.delete(key);
          if (noted.has(key)) return sender.reply(reply);
          await note(reply.address, reply);
        },
      };
    },
    async restore() {
      for (const accountId of deps.accounts) {
        try {
          const owed = await store.chats.owed(accountId);
          for (const { id, address, kind } of owed) {
            noted.set(keyOfAnswer(address), id);
            restored.set(keyOfAnswer(address), replyTo(address, kind !== 'private'));
          }
          if (owed.length > 0)
            log.info('Chats that wait for an answer since before the start', {
              account: accountId,
              count: owed.length,
            });
        } catch (error) {
          trouble.failing(error);
        }
      }
      looks.wake();
    },
    async loop(signal) {
      const commandsUntil = clock.monotonic() + COMMANDS_FIRST;
      while (!signal.aborted) {
        if (restored.size > 0 && clock.monotonic() >= commandsUntil) release();
        if (noted.size + answered.length === 0 && !behind) {
          looks.begin();
          await looks.pause(60_000, signal);
          continue;
        }
        await clock.sleep(lookEvery(noted.size, deps.eager === true), signal).catch(() => undefined);
        if (!signal.aborted) await settle();
      }
    },
    save: settle,
  };
}

/** Nobody asks: the chat's language is the one that it chose. */
function asking(address: ChatAddress, group: boolean): IncomingCommand {
  return {
    kind: 'command',
    address,
    chatKind: group ? 'group' : 'private',
    sender: { id: '', name: '', lang: null, isAdmin: () => Promise.resolve(false) },
    text: 'subscriptions',
    button: null,
    messageRef: null,
  };
}

interface AskedAgainDeps {
  router: Pick<Router, 'read' | 'words'>;
  /** As if it came just now. */
  incoming(event: IncomingCommand): Promise<void>;
  reply(reply: Reply): Promise<void> | void;
}

/**
 * What an earlier process did not answer any more, minutes later, with nobody there to say who may do what. What only looks is looked at again; so is
 * what somebody alone with us opened (a menu). All else might do something that is not wanted any more: it is said that it was not answered.
 */
export async function askAgain(event: IncomingCommand, kind: AskedKind, deps: AskedAgainDeps): Promise<void> {
  const { router, incoming, reply } = deps;
  const { text, forwarded, chatKind, address, messageRef } = event;
  if (kind === 'question') return await incoming(event);
  if (chatKind === 'private' && router.read(text, forwarded).args === '')
    return await incoming({ ...event, sender: { ...event.sender, isAdmin: () => Promise.resolve(true) } });
  const { words } = await router.words(event);
  const document = answer(words, [line(words.say('error.failed'))]);
  await reply({ address, group: chatKind !== 'private', document, replyTo: messageRef, edit: null });
}
