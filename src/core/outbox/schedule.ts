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
