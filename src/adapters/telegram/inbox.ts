import type { Update } from 'grammy/types';
import { onceWhileFailing } from '../../core/errors.ts';
import type { Clock, DurableState, Log } from '../../core/ports/runtime.ts';
import { inOrder, inOrderByKey } from '../../core/wakeable.ts';
import type { Claim } from './events.ts';

/** An update that waits for its handler, or is with it. */
export interface Waiting extends Claim {
  update: Update;
}

/** What must be known of the updates after a crash. */
export interface Journal {
  /** Ids handled lately: Telegram may send them once more. */
  handled: number[];
  /** Acknowledged to Telegram, but not handled. */
  unfinished: Update[];
}

export type Inbox = ReturnType<typeof createInbox>;

const MAX_WAITING = 1000;
/**
 * Of one person in one chat; what comes past it is dropped, or their flood would make all others wait. No crowd is turned away by it, and
 * it is several times what a person's budget carries out at once (`core/commands/admission.ts`), so whoever meets it has been answered so.
 */
const MAX_WAITING_PERSON = 100;
/** Handlers at work at a time, each for another chat. */
const MAX_RUNNING = 64;
/** Ids kept to know an update that comes twice: in memory, and across a restart. */
const REMEMBERED = 2000;
const JOURNALLED = 200;

/** Chats run beside each other, the updates of one chat in order. `handle` must not throw. */
export function createInbox(handle: (update: Update) => Promise<void>, recent: Iterable<number> = []) {
  const entries = new Map<number, Waiting & { done: Promise<void> }>();
  const handled = new Set<number>(recent);
  const inChat = inOrderByKey();
  // One update a turn, then to the back of the line: a busy chat does not keep its place.
  const inLine = inOrder(MAX_RUNNING);
  let settled = Promise.withResolvers<void>();

  const isFlood = (person: string | null): boolean =>
    person !== null &&
    entries
      .values()
      .filter((one) => one.person === person)
      .take(MAX_WAITING_PERSON)
      .toArray().length === MAX_WAITING_PERSON;

  async function run({ chat, update }: Waiting): Promise<void> {
    await inChat(chat, () => inLine(() => handle(update)));
    entries.delete(update.update_id);
    handled.add(update.update_id);
    if (handled.size > REMEMBERED) handled.delete(handled.values().next().value!);
    settled.resolve();
    settled = Promise.withResolvers();
  }

  const until = async (met: () => boolean, ms: number): Promise<void> => {
    const late = Promise.withResolvers<'late'>();
    const timer = Number.isFinite(ms) ? setTimeout(() => late.resolve('late'), ms) : undefined;
    while (!met()) if ((await Promise.race([settled.promise, late.promise])) === 'late') break;
    clearTimeout(timer);
  };

  return {
    /** Takes an update; resolves when it is handled. One that is here already, or was handled lately, is not handled twice. */
    accept(waiting: Waiting): Promise<void> {
      const id = waiting.update.update_id;
      const known = entries.get(id);
      if (known) return known.done;
      if (handled.has(id) || isFlood(waiting.person)) return Promise.resolve();
      const done = run(waiting);
      entries.set(id, { ...waiting, done });
      return done;
    },
    /** What is not handled yet, oldest first, and the ids of what was handled last. */
    journal: (): Journal => ({
      unfinished: [...entries.values()].map(({ update }) => update),
      handled: [...handled].slice(-JOURNALLED),
    }),
    /** Resolves when nothing is left, or after `ms`. */
    idle: (ms: number) => until(() => entries.size === 0, ms),
    /** Resolves when there is room for `MAX_WAITING` again; Telegram keeps the rest for us meanwhile. */
    room: () => until(() => entries.size < MAX_WAITING, Number.POSITIVE_INFINITY),
  };
}

const KEY = 'updates';
/** Telegram keeps updates for 24 hours; after a week without any it starts to count from a new number. */
const VALID_MS = 86_400_000;

/**
 * Telegram forgets an update once a later offset is asked for, and takes only one offset. So that one slow handler does not keep
 * everybody waiting, updates that are still with their handlers are written down here before the offset goes past them.
 */
export async function readJournal(state: DurableState, clock: Clock): Promise<Journal> {
  const kept = (await state.get(KEY)) as (Journal & { at: number }) | null | undefined;
  if (!kept || !Array.isArray(kept.unfinished) || !Array.isArray(kept.handled)) return { handled: [], unfinished: [] };
  const recent = Math.abs(clock.now() - kept.at) < VALID_MS;
  return { handled: recent ? kept.handled : [], unfinished: kept.unfinished };
}

/** False = it could not be kept: do not acknowledge. Logged once, until it works again. */
export function journalWriter(state: DurableState, clock: Clock, log: Log): (journal: Journal) => Promise<boolean> {
  const trouble = onceWhileFailing(log, { begins: 'Unable to keep the state of updates', ends: null });
  return async ({ handled, unfinished }) => {
    try {
      await state.set(KEY, { at: clock.now(), handled, unfinished });
      trouble.working();
      return true;
    } catch (error) {
      trouble.failing(error);
      return false;
    }
  };
}
