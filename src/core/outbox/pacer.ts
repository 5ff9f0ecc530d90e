import type { Pace } from '../ports/chat-adapter.ts';
import { createSchedule, pausedTo, type Schedule, slotIn, slotTaken } from './schedule.ts';

/** Which chat a slot is for. */
export interface PacedChat {
  key: string;
  group: boolean;
}

/**
 * Keeps one account inside its platform's limits: an even, drift-corrected pace over the account, a distance within a chat, a count a
 * minute within a group; edits count like messages. All times are milliseconds of one clock that only goes forward. Pure bookkeeping:
 * it never waits itself, so priority is the caller's order of asking.
 */
export interface Pacer {
  /** Takes the slot and returns 0, or says in how many ms to ask again. */
  take(chat: PacedChat, now: number): number;
  /** When this chat may be sent to, by its own limits alone. */
  chatReadyAt(chat: PacedChat, now: number): number;
  /** The platform said stop: nothing until then. `slower`: it was a refusal for speed, so the pace drops by a tenth. */
  pause(until: number, slower: boolean): void;
  pausedUntil(): number;
  /** The account's pace as it stands, for whoever plans with it. */
  schedule(): Schedule;
  /** Messages a second at present; Infinity when unpaced. */
  rate(): number;
  /** A send of an earlier process, so that limits hold across a restart. */
  remember(chat: PacedChat, at: number): void;
}

const MINUTE = 60_000;
const CHATS_KEPT = 5_000;

interface ChatTimes {
  group: boolean;
  last: number;
  /** Times of the last minute, oldest first; groups only. */
  minute: number[];
}

export function createPacer(pace: Pace, start: number): Pacer {
  const full = pace.perSecond;
  let schedule = createSchedule(full, start);
  const chats = new Map<string, ChatTimes>();

  const readyAt = (times: ChatTimes | undefined, now: number): number => {
    if (times === undefined || full === 0) return now;
    let ready = times.last + pace.perChatMs;
    if (times.group && pace.perGroupMinute > 0) {
      while (times.minute.length > 0 && times.minute[0]! <= now - MINUTE) times.minute.shift();
      if (times.minute.length >= pace.perGroupMinute)
        ready = Math.max(ready, times.minute[times.minute.length - pace.perGroupMinute]! + MINUTE);
    }
    return Math.max(ready, now);
  };

  const note = (chat: PacedChat, at: number): void => {
    const times = chats.get(chat.key) ?? { group: chat.group, last: -Infinity, minute: [] };
    chats.delete(chat.key);
    times.last = Math.max(times.last, at);
    if (chat.group) {
      times.minute.push(at);
      if (times.minute.length > 1 && times.minute[times.minute.length - 2]! > at) times.minute.sort((a, b) => a - b);
    }
    chats.set(chat.key, times);
    // Oldest first: those have been ready for long.
    for (const key of chats.keys()) {
      if (chats.size <= CHATS_KEPT) break;
      chats.delete(key);
    }
  };

  return {
    take(chat, now) {
      if (now < schedule.pausedUntil) return schedule.pausedUntil - now;
      if (full === 0) return 0;
      const chatAt = readyAt(chats.get(chat.key), now);
      if (chatAt > now) return chatAt - now;
      const wait = slotIn(schedule, now);
      if (wait > 0) return wait;
      schedule = slotTaken(schedule, now);
      note(chat, now);
      return 0;
    },
    chatReadyAt: (chat, now) => readyAt(chats.get(chat.key), now),
    pause(until, slower) {
      schedule = pausedTo(schedule, until, slower);
    },
    schedule: () => schedule,
    pausedUntil: () => schedule.pausedUntil,
    rate: () => (full === 0 ? Infinity : schedule.rate),
    remember: (chat, at) => note(chat, at),
  };
}
