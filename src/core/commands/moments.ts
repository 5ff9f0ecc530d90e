/** Moments of a clock as people type them, in ten languages (`time-words.ts`). Pure; bounded by the length of a command. */
import type { ClockTime } from '../model/settings.ts';
import { momentsOf, type Wall, wallOf } from '../wall-clock.ts';
import { headsOf } from './ask/endings.ts';
import { inSet, isEdge, longestOf, type Token, tokensOf } from './time-tokens.ts';
import { BESIDE_HOURS, type DayPart, PARTS, TODAY, TOMORROW, UNITS, weekdays } from './time-words.ts';

const MAX = 366 * 86_400_000;

/** A moment of a clock on the wall: the next one. */
interface Moment {
  day: 'tomorrow' | number | null;
  hour: number;
  minute: number;
}

/** When what is called so begins. A day without an hour begins when people get up: who is to be left alone until tomorrow sleeps at midnight. */
const HOURS: Readonly<Record<DayPart, number>> = { morning: 8, noon: 12, evening: 18, night: 22, midnight: 0 };

/** "9:30", "tomorrow morning", "понедельника", "9 утра" as a whole. */
export function momentOf(tokens: readonly Token[]): Moment | null {
  let day: Moment['day'] = null;
  let part: DayPart | null = null;
  let time: { hour: number; minute: number } | null = null;
  for (let at = 0; at < tokens.length; ) {
    const clock = /^(\d{1,2})(?:[:.](\d{2}))?$/u.exec(tokens[at]!.key);
    const named = longestOf(tokens, at, (key) => PARTS.get(key));
    const tomorrow = longestOf(tokens, at, inSet(TOMORROW));
    const weekday = longestOf(tokens, at, weekdayOf);
    const beside = longestOf(tokens, at, inSet(BESIDE_HOURS)) ?? longestOf(tokens, at, inSet(TODAY));
    // "Mañana por la mañana", "morgen früh": the first is the day.
    const isDay = tomorrow !== null && day === null && tomorrow.length >= (named?.length ?? 0);
    if (clock && time === null) {
      time = { hour: Number(clock[1]), minute: Number(clock[2] ?? 0) };
      at++;
    } else if (isDay) {
      day = 'tomorrow';
      at += tomorrow.length;
    } else if (named && part === null) {
      part = named.value;
      at += named.length;
    } else if (weekday && day === null) {
      day = weekday.value;
      at += weekday.length;
    } else if (beside) at += beside.length;
    else return null;
  }
  if (time === null && part === null && day === null) return null;
  const hour = hourOf(time?.hour ?? null, part);
  const minute = time?.minute ?? 0;
  return hour > 23 || minute > 59 ? null : { day, hour, minute };
}

function hourOf(hour: number | null, part: DayPart | null): number {
  if (hour === null) return HOURS[part ?? 'morning'];
  if (hour < 12 && (part === 'evening' || (part === 'night' && hour >= 6))) return hour + 12;
  return hour === 12 && (part === 'morning' || part === 'night') ? 0 : hour;
}

function weekdayOf(key: string): number | undefined {
  const known = weekdays().get(key);
  if (known !== undefined) return known;
  for (const head of headsOf(key)) if (weekdays().has(head)) return weekdays().get(head);
  return undefined;
}

const two = (n: number): string => String(n).padStart(2, '0');
const ENGLISH = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
export const written = ({ day, hour, minute }: Moment): string =>
  `${day === null ? '' : day === 'tomorrow' ? 'tomorrow ' : `${ENGLISH[day]} `}${two(hour)}:${two(minute)}`;

/** "18:00", "tomorrow", "завтра 9:00", "понедельника", "2026-12-31", "31.12. 18:00", in the chat's zone: the next such moment, or null. */
export function parseUntil(text: string, now: number, timeZone: string): number | null {
  const today = wallOf(now, timeZone);
  const dated = datedWall(text.trim(), today);
  if (dated) {
    let at = epochOf(dated.wall, timeZone);
    if (at <= now && dated.repeats) at = epochOf({ ...dated.wall, year: dated.wall.year + 1 }, timeZone);
    return at > now && at - now <= MAX ? at : null;
  }
  const tokens = tokensOf(text);
  const moment = tokens.length === 0 || tokens.length > 8 ? null : momentOf(tokens);
  if (!moment) return null;
  const { day, hour, minute } = moment;
  const wall = { ...today, hour, minute, day: today.day + daysTo(day, today) };
  const at = epochOf(wall, timeZone);
  return at > now ? at : epochOf({ ...wall, day: wall.day + (typeof day === 'number' ? 7 : 1) }, timeZone);
}

function daysTo(day: Moment['day'], today: Wall): number {
  if (day === null) return 0;
  if (day === 'tomorrow') return 1;
  const now = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay();
  return (day - now + 7) % 7;
}

export const DATED =
  /^(?:(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})|(?<dd>\d{1,2})\.(?<mm>\d{1,2})(?:\.(?<yyyy>\d{4})?)?)(?:\s+(?<hour>\d{1,2}):(?<minute>\d{2}))?$/u;

/** A date as it was typed; without an hour it is midnight. `repeats`: without a year. Null = it is none. */
function datedWall(text: string, today: Wall): { wall: Wall; repeats: boolean } | null {
  const group = DATED.exec(text)?.groups;
  if (!group) return null;
  const [month, day] = [Number(group.month ?? group.mm), Number(group.day ?? group.dd)];
  const [hour, minute] = [Number(group.hour ?? 0), Number(group.minute ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return null;
  const year = group.year ?? group.yyyy;
  return { wall: { year: Number(year ?? today.year), month, day, hour, minute }, repeats: year === undefined };
}

const epochOf = (wall: Wall, timeZone: string): number => momentsOf(wall, timeZone).first;

/** Times of a day that a text names, as minutes of it: "at 9", "from 23 to 8", "9 вечера". */
export function clocksIn(text: string): ClockTime[] {
  const tokens = tokensOf(text);
  const clocks: ClockTime[] = [];
  for (const [at, { key, from }] of tokens.entries()) {
    // "RU-dw-3f9k" names no hours.
    if (!isEdge(text, from, -1)) continue;
    const clock = /^(\d{1,2})(?:[:.](\d{2}))?$/u.exec(key);
    const part =
      longestOf(tokens, at + 1, (word) => PARTS.get(word)) ?? longestOf(tokens, at + 2, (word) => PARTS.get(word));
    const hour = clock ? hourOf(Number(clock[1]), part?.value ?? null) : 24;
    const minute = Number(clock?.[2] ?? 0);
    if (hour <= 23 && minute <= 59) clocks.push(hour * 60 + minute);
  }
  return clocks;
}

/** Belongs to a time: "9", "утра", "uhr". */
export const isTimeWord = (key: string): boolean =>
  /^\d/u.test(key) ||
  PARTS.has(key) ||
  BESIDE_HOURS.has(key) ||
  TOMORROW.has(key) ||
  UNITS.has(key) ||
  weekdayOf(key) !== undefined;
