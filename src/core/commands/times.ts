import { momentsOf, type Wall, wallOf } from '../wall-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Words for units, by how they begin. Order matters: "mo" before "m". */
const UNITS: [RegExp, number][] = [
  [/^(?:mo|month|months|мес|месяц|месяца|месяцев)$/u, 30 * DAY],
  [/^(?:m|min|mins|minute|minutes|м|мин|минута|минуту|минуты|минут)$/u, MINUTE],
  [/^(?:h|hr|hrs|hour|hours|ч|час|часа|часов)$/u, HOUR],
  [/^(?:d|day|days|д|дн|день|дня|дней|сутки|суток)$/u, DAY],
  [/^(?:w|week|weeks|н|нед|неделя|неделю|недели|недель)$/u, 7 * DAY],
];

const MAX = 366 * DAY;

/** "8h", "3 days", "на 8 часов" without its "на", "неделю": milliseconds, or null where it says no time or more than a year. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,5}(?:[.,]\d{1,2})?)?\s*([\p{L}]+)\.?$/u.exec(text.trim().toLowerCase());
  if (!match) return null;
  const unit = UNITS.find(([names]) => names.test(match[2]!))?.[1];
  const count = match[1] === undefined ? 1 : Number(match[1].replace(',', '.'));
  if (unit === undefined || (match[1] === undefined && match[2]!.length < 3)) return null;
  const ms = count * unit;
  return ms >= MINUTE && ms <= MAX ? Math.round(ms) : null;
}

interface Typed {
  wall: Wall;
  /** What may be moved forward where the moment is over by now; null = nothing: the day, and the year, were named. */
  repeats: 'daily' | 'yearly' | null;
}

/** "18:00", "tomorrow", "завтра 9:00", "2026-12-31", "31.12. 18:00", in the chat's zone: the next such moment, or null. */
export function parseUntil(text: string, now: number, timeZone: string): number | null {
  const typed = readWall(text.trim().toLowerCase(), wallOf(now, timeZone));
  if (!typed) return null;
  const { wall, repeats } = typed;
  let at = epochOf(wall, timeZone);
  if (at <= now && repeats === 'daily') at = epochOf({ ...wall, day: wall.day + 1 }, timeZone);
  if (at <= now && repeats === 'yearly') at = epochOf({ ...wall, year: wall.year + 1 }, timeZone);
  return at > now && at - now <= MAX ? at : null;
}

const TYPED =
  /^(?:(?<tomorrow>tomorrow|завтра)|(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})|(?<dd>\d{1,2})\.(?<mm>\d{1,2})(?:\.(?<yyyy>\d{4})?)?)?\s*(?:(?<hour>\d{1,2}):(?<minute>\d{2}))?$/u;

/** The date and the hour as they were typed; without an hour it is midnight. Null = they are none. */
function readWall(words: string, today: Wall): Typed | null {
  const group = words === '' ? undefined : TYPED.exec(words)?.groups;
  if (!group) return null;
  const wall: Wall = { ...today, hour: Number(group.hour ?? 0), minute: Number(group.minute ?? 0) };
  if (wall.hour > 23 || wall.minute > 59) return null;
  if (group.tomorrow) return { wall: { ...wall, day: wall.day + 1 }, repeats: null };
  const [month, day] = [group.month ?? group.mm, group.day ?? group.dd].map(Number);
  if (month === undefined || day === undefined || Number.isNaN(day)) return { wall, repeats: 'daily' };
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  const year = group.year ?? group.yyyy;
  const dated = { ...wall, year: Number(year ?? today.year), month, day };
  return { wall: dated, repeats: year === undefined ? 'yearly' : null };
}

const epochOf = (wall: Wall, timeZone: string): number => momentsOf(wall, timeZone).first;

/** "ru whatsapp for 8h" → what and until when; `bad` holds words about time that say no time. */
export function splitTime(
  args: string,
  now: number,
  timeZone: string,
): { what: string; until: number | null; bad: string | null } {
  const until = /^(.*?)(?:^|\s)(?:until|till|до|по)\s+(.+)$/iu.exec(args);
  if (until) {
    const at = parseUntil(until[2]!, now, timeZone);
    return { what: until[1]!.trim(), until: at, bad: at === null ? until[2]! : null };
  }
  const during = /^(.*?)(?:^|\s)(?:for|на|во время)\s+(.+)$/iu.exec(args);
  if (during) {
    const ms = parseDuration(during[2]!);
    return { what: during[1]!.trim(), until: ms === null ? null : now + ms, bad: ms === null ? during[2]! : null };
  }
  // "mute ru 8h", "mute ru 8 hours"
  const bare = /^(.*?)\s*((?:^|\s)\d[\d.,]*\s*\p{L}+\.?)$/u.exec(args);
  const ms = bare ? parseDuration(bare[2]!) : null;
  return bare && ms !== null
    ? { what: bare[1]!.trim(), until: now + ms, bad: null }
    : { what: args.trim(), until: null, bad: null };
}
