import { onceWhileFailing } from '../failures.ts';
import type { ChatAddress, ChatKind } from '../model/chat.ts';
import type { IncomingCommand } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { DurableState } from '../ports/state.ts';
import { wakeable } from '../wakeable.ts';

export interface AskedQuestionsDeps {
  /** The account's, under the lease of whoever receives for it. */
  state: DurableState;
  clock: Clock;
  log: Log;
  /** Could another process take over, be it one that nobody has seen yet? Else whoever asked asks again. */
  shared: boolean;
  /** Chats whose answers have not left yet. */
  waiting(): readonly ChatAddress[];
  /** Answers it as if it came just now. Never throws. */
  again(event: IncomingCommand): Promise<void>;
}

/**
 * Questions whose answers wait, kept so that another process answers them when this one is killed: the platform has been told by then that they
 * arrived. They change nothing, so to answer again is to look again. What was answered in the last moments before a kill is answered twice.
 */
export interface AskedQuestions {
  /** Resolves when a kill loses it no more, or where it cannot be kept. To be called before the answer may leave. */
  note(event: IncomingCommand): Promise<void>;
  /** What an earlier process did not answer is answered from a moment after `loop` began. Never throws. */
  restore(): Promise<void>;
  loop(signal: AbortSignal): Promise<void>;
  /** For the end, when nothing is under way any more. Never throws. */
  save(): Promise<void>;
}

interface Kept {
  address: ChatAddress;
  chatKind: ChatKind;
  text: string;
  from: string;
  lang: string | null;
  messageRef: string | null;
  forwarded: boolean;
  at: number;
}

const KEY = 'asked';
const MAX_CHATS = 1_000;
/** Of one chat: of more the newest. */
const OF_CHAT = 3;
/** Nobody waits for an answer any more, ms. */
const TOO_OLD = 15 * 60_000;
/** Commands that the platform gives once more come first, ms: they are answered as such, and not twice. */
const COMMANDS_FIRST = 2_000;
const LOOK_EVERY = 100;

const keyOf = ({ chat, thread }: ChatAddress): string => JSON.stringify([chat, thread]);

export function createAskedQuestions(deps: AskedQuestionsDeps): AskedQuestions {
  const { state, clock, log } = deps;
  const trouble = onceWhileFailing(log, { begins: 'Unable to keep which questions wait for an answer', ends: null });
  const looks = wakeable(clock);
  const asked = new Map<string, Kept[]>();
  let restored: Kept[] = [];
  let writing: Promise<void> | null = null;
  let again: Promise<void> | null = null;

  async function save(): Promise<void> {
    try {
      const rows = [...asked.values()].flat().concat(restored);
      await (rows.length === 0 ? state.delete(KEY) : state.set(KEY, rows));
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

  /** `least`: what was noted so lately may not be with its sender yet, ms. */
  async function look(least: number): Promise<void> {
    const waits = new Set(deps.waiting().map(keyOf));
    const now = clock.now();
    const isNew = (kept: readonly Kept[]): boolean => now - kept.at(-1)!.at < least && kept.at(-1)!.at <= now;
    const over = [...asked].flatMap(([key, kept]) => (waits.has(key) || isNew(kept) ? [] : [key]));
    for (const key of over) asked.delete(key);
    if (over.length > 0) await write();
  }

  async function answerRestored(): Promise<void> {
    const due = restored.filter(({ at }) => clock.now() - at < TOO_OLD);
    restored = [];
    for (const one of due) await deps.again(commandOf(one));
    await write();
  }

  return {
    async note(event) {
      const key = keyOf(event.address);
      // It was given once more, or the same person asks on: no need to answer what was asked before.
      restored = restored.filter((one) => keyOf(one.address) !== key);
      if (!deps.shared || (!asked.has(key) && asked.size >= MAX_CHATS)) return;
      asked.set(key, [...(asked.get(key) ?? []), keptOf(event, clock.now())].slice(-OF_CHAT));
      await write();
      looks.wake();
    },
    async restore() {
      try {
        const kept = await state.get(KEY);
        restored = Array.isArray(kept) ? kept.filter(isKept) : [];
        if (restored.length > 0)
          log.info('Questions that wait for an answer since before the start', { count: restored.length });
      } catch (error) {
        trouble.failing(error);
      }
    },
    save: () => look(0),
    async loop(signal) {
      const commandsUntil = clock.monotonic() + COMMANDS_FIRST;
      while (!signal.aborted) {
        looks.begin();
        if (restored.length > 0 && clock.monotonic() >= commandsUntil) await answerRestored();
        if (asked.size > 0) await clock.sleep(LOOK_EVERY, signal).catch(() => undefined);
        if (!signal.aborted) await look(LOOK_EVERY);
        const idle = asked.size === 0;
        await looks.pause(restored.length > 0 ? LOOK_EVERY : idle ? 60_000 : 0, signal);
      }
    },
  };
}

const keptOf = ({ address, chatKind, text, sender, messageRef, forwarded }: IncomingCommand, at: number): Kept => ({
  address,
  chatKind,
  text,
  from: sender.id,
  lang: sender.lang,
  messageRef,
  forwarded: forwarded === true,
  at,
});

function isKept(value: unknown): value is Kept {
  const one = value as Partial<Kept> | null;
  return typeof one?.text === 'string' && typeof one.at === 'number' && typeof one.address?.chat === 'string';
}

const commandOf = ({ address, chatKind, text, from, lang, messageRef, forwarded }: Kept): IncomingCommand => ({
  kind: 'command',
  address,
  chatKind,
  text,
  sender: { id: from, name: '', lang, isAdmin: () => Promise.resolve(false) },
  button: null,
  messageRef,
  ...(forwarded ? { forwarded } : {}),
});
