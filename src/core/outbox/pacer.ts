import type { Pace } from '../ports/chat-adapter.ts';
import { keepNewest } from '../recent.ts';

/**
 * The even, drift-corrected pace of one account, as a value: the pacer keeps one, the planner of a turn works on a copy. Times are
 * milliseconds of one clock that only goes forward.
 */
export interface Schedule {
  /** Messages a second when nothing was refused; 0 = unpaced. */
  readonly full: number;
  /** Messages a second at present. */
  readonly rate: number;
  /** When the next slot is. */
  readonly next: number;
  /** The platform said stop: nothing until then. */
  readonly pausedUntil: number;
  /** When the rate crept up last, or was refused last. */
  readonly creptAt: number;
}

/** After this long without a refusal the pace creeps back by a fiftieth of the full rate. */
const CREEP_EVERY = 30_000;
/** ms; less than half a beat of Telegram's pace for ordinary bots. */
const MOMENT = 15;
/** Beats; a timer is not that late. */
const RESTED = 5;

export const createSchedule = (perSecond: number, start: number): Schedule => ({
  full: perSecond,
  rate: perSecond,
  next: start,
  pausedUntil: start,
  creptAt: start,
});

/** In how many ms the account may send; 0 = now. */
export function slotIn(schedule: Schedule, now: number): number {
  if (now < schedule.pausedUntil) return schedule.pausedUntil - now;
  return schedule.full === 0 ? 0 : Math.max(0, schedule.next - now);
}

/** The schedule after a slot was taken at `now`, when `slotIn` was 0. */
export function slotTaken(schedule: Schedule, now: number): Schedule {
  const { full, next } = schedule;
  if (full === 0) return schedule;
  const creeps = schedule.rate < full && now - schedule.creptAt >= CREEP_EVERY;
  const rate = creeps ? Math.min(full, schedule.rate + full / 50) : schedule.rate;
  const interval = 1000 / rate;
  // The schedule keeps its beat when a timer is late, but never pays back more than one beat, and after a rest half of one: no bursts.
  // Where beats are shorter than a transaction takes, what such a moment held up may follow at once.
  const rested = now - next > RESTED * interval;
  const earliest = now + Math.min(rested ? interval / 2 : 0, interval - MOMENT);
  return { ...schedule, rate, creptAt: creeps ? now : schedule.creptAt, next: Math.max(next + interval, earliest) };
}

/** `slower`: it was a refusal for speed, so the pace drops by a tenth. */
export function pausedTo(schedule: Schedule, until: number, slower: boolean): Schedule {
  const pausedUntil = Math.max(schedule.pausedUntil, until);
  return {
    ...schedule,
    pausedUntil,
    rate: slower && schedule.full > 0 ? Math.max(schedule.full / 10, schedule.rate * 0.9) : schedule.rate,
    creptAt: Math.max(schedule.creptAt, until),
    next: Math.max(schedule.next, pausedUntil),
  };
}

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
export type Pacer = ReturnType<typeof createPacer>;

const MINUTE = 60_000;
const CHATS_KEPT = 5_000;

interface ChatTimes {
  group: boolean;
  last: number;
  /** Times of the last minute, oldest first; groups only. */
  minute: number[];
}

export function createPacer(pace: Pace, start: number) {
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
    /** Takes the slot and returns 0, or says in how many ms to ask again. */
    take(chat: PacedChat, now: number): number {
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
    /** When this chat may be sent to, by its own limits alone. */
    chatReadyAt: (chat: PacedChat, now: number): number => readyAt(chats.get(chat.key), now),
    /** The platform said stop: nothing until then. `slower`: it was a refusal for speed, so the pace drops by a tenth. */
    pause(until: number, slower: boolean): void {
      schedule = pausedTo(schedule, until, slower);
    },
    /** The account's pace as it stands, for whoever plans with it. */
    schedule: () => schedule,
    pausedUntil: () => schedule.pausedUntil,
    /** Messages a second at present; Infinity when unpaced. */
    rate: () => (full === 0 ? Infinity : schedule.rate),
    /** A send of an earlier process, so that limits hold across a restart. */
    remember: note,
  };
}

const GROUPS_KEPT = 2_000;

/**
 * Answers may take half of what a platform allows in one group: an alert must not wait behind its members' questions. `perMinute` 0 = the platform
 * has no such limit.
 */
export function createGroupShare(perMinute: number) {
  const most = Math.max(1, Math.floor(perMinute / 2));
  const times = new Map<string, number[]>();
  return {
    /** When answers may go on in this group, by a clock that only goes forward, ms. */
    readyAt(chat: string, now: number): number {
      const sent = perMinute > 0 ? times.get(chat) : undefined;
      return sent && sent.length >= most ? Math.max(now, sent[sent.length - most]! + MINUTE) : now;
    },
    note(chat: string, now: number): void {
      if (perMinute === 0) return;
      const sent = [...(times.get(chat) ?? []), now].slice(-most);
      keepNewest(times, chat, sent, GROUPS_KEPT);
    },
  };
}

/** Between attempts of one delivery where the platform does not say: 1 s doubling to 5 min, plus up to a fifth of jitter. */
export const backoff = (attempts: number, random: number): number =>
  Math.min(300_000, 1_000 * 2 ** Math.min(attempts, 9)) * (1 + random / 5);

/** Between tries of a whole account that does not answer: 0.5 s doubling to 60 s. */
export const accountBackoff = (failures: number, random: number): number =>
  Math.min(60_000, 500 * 2 ** Math.min(failures, 8)) * (1 + random / 5);

/** A delivery that could not be made for so long is given up, and counted. */
export const GIVE_UP_AFTER = 7 * 86_400_000;
