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
  /** It is an answer: those take half of a group's minute, an alert must not wait behind its members' questions. */
  answer?: boolean;
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
  last: number;
  /** Times of a group's last messages, and of its last answers, as many as a minute may hold, oldest first. */
  minute: number[];
  answers: number[];
}

export function createPacer(pace: Pace, start: number) {
  const full = pace.perSecond;
  const perMinute = pace.perGroupMinute;
  const answersPerMinute = Math.max(1, Math.floor(perMinute / 2));
  let schedule = createSchedule(full, start);
  const chats = new Map<string, ChatTimes>();

  const readyAt = ({ key, group, answer }: PacedChat, now: number): number => {
    const times = chats.get(key);
    if (times === undefined || full === 0) return now;
    const { last, minute, answers } = times;
    const ready = [now, last + pace.perChatMs];
    if (group && minute.length >= perMinute && perMinute > 0) ready.push(minute[0]! + MINUTE);
    if (group && answer && answers.length >= answersPerMinute) ready.push(answers[0]! + MINUTE);
    return Math.max(...ready);
  };

  const note = ({ key, group, answer }: PacedChat, at: number): void => {
    const { last = -Infinity, minute = [], answers = [] } = chats.get(key) ?? {};
    const counts = group && perMinute > 0;
    // Oldest first: those have been ready for long.
    keepNewest(
      chats,
      key,
      {
        last: Math.max(last, at),
        minute: counts ? [...minute, at].sort((a, b) => a - b).slice(-perMinute) : minute,
        answers: counts && answer ? [...answers, at].slice(-answersPerMinute) : answers,
      },
      CHATS_KEPT,
    );
  };

  return {
    /** Takes the slot and returns 0, or says in how many ms to ask again. */
    take(chat: PacedChat, now: number): number {
      const wait = Math.max(readyAt(chat, now) - now, slotIn(schedule, now));
      if (wait > 0 || full === 0) return wait;
      schedule = slotTaken(schedule, now);
      note(chat, now);
      return 0;
    },
    /** When this chat may be sent to, by its own limits alone. */
    chatReadyAt: readyAt,
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
    /** Keys of chats whose last message is younger. */
    toldSince: (at: number): string[] => [...chats].flatMap(([key, { last }]) => (last > at ? [key] : [])),
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
