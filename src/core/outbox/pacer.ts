import type { Pace } from '../ports/chat-adapter.ts';

/** Which chat a slot is for. */
export interface PacedChat {
  key: string;
  group: boolean;
}

/**
 * Keeps one account inside its platform's limits: an even, drift-corrected pace over the account, a distance within a chat, a count a
 * minute within a group; edits count like messages. All times are milliseconds of one clock that only goes forward. Pure bookkeeping:
 * it never waits itself, so lanes are the caller's order of asking.
 */
export interface Pacer {
  /** Takes the slot and returns 0, or says in how many ms to ask again. */
  take(chat: PacedChat, now: number): number;
  /** When this chat may be sent to, by its own limits alone. */
  chatReadyAt(chat: PacedChat, now: number): number;
  /** Chats that their own limits hold back at this time. */
  busy(now: number): string[];
  /** The platform said stop: nothing until then. `slower`: it was a refusal for speed, so the pace drops by a tenth. */
  pause(until: number, slower: boolean): void;
  pausedUntil(): number;
  /** When the account's next slot is, whoever takes it. */
  nextAt(): number;
  /** Messages a second at present; Infinity when unpaced. */
  rate(): number;
  /** A send of an earlier process, so that limits hold across a restart. */
  remember(chat: PacedChat, at: number): void;
}

const MINUTE = 60_000;
/** After this long without a refusal the pace creeps back by a fiftieth of the full rate. */
const CREEP_EVERY = 30_000;
const CHATS_KEPT = 5_000;
/** ms; less than half a beat of Telegram's pace for ordinary bots. */
const MOMENT = 15;
/** Beats; a timer is not that late. */
const RESTED = 5;

interface ChatTimes {
  group: boolean;
  last: number;
  /** Times of the last minute, oldest first; groups only. */
  minute: number[];
}

export function createPacer(pace: Pace, start: number): Pacer {
  const full = pace.perSecond;
  let rate = full;
  let next = start;
  let paused = start;
  let creptAt = start;
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
      if (now < paused) return paused - now;
      if (full === 0) return 0;
      const chatAt = readyAt(chats.get(chat.key), now);
      if (chatAt > now) return chatAt - now;
      if (now < next) return next - now;
      if (rate < full && now - creptAt >= CREEP_EVERY) {
        rate = Math.min(full, rate + full / 50);
        creptAt = now;
      }
      const interval = 1000 / rate;
      // The schedule keeps its beat when a timer is late, but never pays back more than one beat, and after a rest half of one: no
      // bursts. Where beats are shorter than a transaction takes, what such a moment held up may follow at once.
      const rested = now - next > RESTED * interval;
      next = Math.max(next + interval, now + Math.min(rested ? interval / 2 : 0, interval - MOMENT));
      note(chat, now);
      return 0;
    },
    chatReadyAt: (chat, now) => readyAt(chats.get(chat.key), now),
    busy(now) {
      const out: string[] = [];
      for (const [key, times] of chats) if (readyAt(times, now) > now) out.push(key);
      return out;
    },
    pause(until, slower) {
      paused = Math.max(paused, until);
      if (slower && full > 0) rate = Math.max(full / 10, rate * 0.9);
      creptAt = Math.max(creptAt, until);
      next = Math.max(next, paused);
    },
    pausedUntil: () => paused,
    nextAt: () => Math.max(next, paused),
    rate: () => (full === 0 ? Infinity : rate),
    remember: (chat, at) => note(chat, at),
  };
}
