import { createTask, parse, validateDetailed } from 'node-cron';
import { onceFor } from '../core/recent.ts';

type Plan = ReturnType<typeof readPlan>;

/** Far enough for 29 February; an expression without a date in this time (31 February) never runs. */
const MAX_DAYS = 366 * 9;

/** What is wrong with a cron expression of 5 or 6 fields (seconds first), in one sentence, or null. */
export function cronProblem(cron: string): string | null {
  try {
    const { valid, errors } = validateDetailed(cron);
    if (!valid) return errors[0]?.message ?? 'is no cron expression';
  } catch (error) {
    return error instanceof Error ? error.message : 'is no cron expression';
  }
  return nextRun(cron, 0) === Number.POSITIVE_INFINITY ? 'names no date that exists' : null;
}

/**
 * The first run strictly after `after` (ms since the epoch), or Infinity where there is none within nine years.
 * Throws on an expression that `cronProblem` finds fault with. Takes a microsecond while the answer stays the same.
 */
export function nextRun(cron: string, after: number): number {
  const plan = planOf(cron);
  if (after >= plan.from && after < plan.next) return plan.next;
  plan.from = after;
  plan.next = search(plan, after);
  return plan.next;
}

/** A cron expression, read once. Times are those of the process's time zone, as node-cron reads them. */
const planOf = onceFor(readPlan, 10_000);

function readPlan(cron: string) {
  const fields = parse(cron);
  const days = fields.dayOfMonth;
  const weekdays = fields.dayOfWeek;
  let dayMatches = (day: Date) => days.includes(day.getDate()) && weekdays.includes(day.getDay());
  if ([...days, ...weekdays].some((value) => typeof value === 'string')) {
    // `L`, `15W`, `5#2`: node-cron knows them; asked at noon of the day, which every time zone has.
    const parts = cron.trim().split(/\s+/).slice(-3);
    const task = createTask(`0 12 ${parts.join(' ')}`, () => {});
    dayMatches = (day) => task.match(new Date(day.getFullYear(), day.getMonth(), day.getDate(), 12, 0, 0));
  }
  return {
    seconds: up(fields.second),
    minutes: up(fields.minute),
    hours: up(fields.hour),
    months: up(fields.month),
    /** Whether a calendar day is one of the plan's, months left aside. */
    dayMatches,
    /** The last answer: between `from` and `next` it stays the same. */
    from: 0,
    next: 0,
  };
}

const up = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);

function search(plan: Plan, after: number): number {
  const first = new Date(after);
  for (let i = 0; i < MAX_DAYS; i++) {
    const day = new Date(first.getFullYear(), first.getMonth(), first.getDate() + i, 12);
    if (!plan.months.includes(day.getMonth() + 1)) continue;
    if (!plan.dayMatches(day)) continue;
    const found = firstOnDay(plan, day, after);
    if (found !== null) return found;
  }
  return Number.POSITIVE_INFINITY;
}

function firstOnDay(plan: Plan, day: Date, after: number): number | null {
  const [year, month, date] = [day.getFullYear(), day.getMonth(), day.getDate()];
  for (const hour of plan.hours) {
    // A whole hour that is over needs no closer look; two hours of slack for clocks that are put back.
    if (new Date(year, month, date, hour, 59, 59, 999).getTime() <= after - 7_200_000) continue;
    for (const minute of plan.minutes) {
      if (new Date(year, month, date, hour, minute, 59, 999).getTime() <= after) continue;
      for (const second of plan.seconds) {
        const time = new Date(year, month, date, hour, minute, second);
        // A time that a clock change skips is moved by Date: it is not one of the plan's.
        if (time.getTime() > after && time.getHours() === hour && time.getMinutes() === minute) return time.getTime();
      }
    }
  }
  return null;
}
