import type { ClockTime } from '../../model/chat.ts';
import { momentsOn, wallOf } from '../../wall-clock.ts';
import { type DayPart, keyOf, longestOf as longest, type Vocabulary } from './vocabulary.ts';

/** A text about a time as words, and the words of lists in it. Pure; bounded. */

/** A word of a text, or one sign of Chinese; where it stands. */
interface Token {
  key: string;
  han: boolean;
  from: number;
  to: number;
}

/** Texts with a time in them are short. */
const MAX_TEXT = 400;
const MAX_TOKENS = 60;
const MAX_SIGNS = 4;
const MAX_WORDS = 4;
const PIECE = /\d+(?:[.,:：]\d+)*|\p{Nd}+|\p{Script=Han}|[\p{L}\p{M}\u200c]+|[^\s.,!?؟。，！'’-]|(?<!\p{L})-/gu;

function tokensOf(text: string, known: Vocabulary): Token[] {
  const tokens: Token[] = [];
  // "22h30".
  const written = text.slice(0, MAX_TEXT).replace(/(?<!\d)(\d{1,2})h(?=\d{2}(?!\d))/giu, '$1:');
  for (const match of written.matchAll(PIECE)) {
    if (tokens.length >= MAX_TOKENS) break;
    const [raw] = match;
    const key = /^\d/u.test(raw) ? raw.replace('：', ':') : keyOf(raw) || raw;
    const [head, rest] = joined(key, known);
    if (head !== '') tokens.push({ key: head, han: false, from: match.index, to: match.index + 1 });
    const han = head === '' && /\p{Script=Han}/u.test(raw);
    tokens.push({ key: rest, han, from: match.index, to: match.index + raw.length });
  }
  return tokens;
}

/** "للصبح": until and the morning in one word. */
function joined(key: string, known: Vocabulary): readonly [head: string, rest: string] {
  for (const [prefix, article = ''] of known.untilPrefixes) {
    const rest = article + key.slice(prefix.length);
    if (!key.startsWith(prefix)) continue;
    if (known.parts.has(rest) || known.list('tomorrow').has(rest) || known.weekdays.has(rest)) return ['until', rest];
  }
  return ['', key];
}

type Longest<T> = { value: T; length: number } | null;

/** The longest word or phrase of a list that begins at a token; null = none. */
const longestOf = <T>(tokens: readonly Token[], at: number, meaning: (key: string) => T | undefined): Longest<T> =>
  longest(tokens, at, tokens[at]?.han ? MAX_SIGNS : MAX_WORDS, meaning);
const inSet =
  <T = true>(set: ReadonlySet<string>, value = true as T) =>
  (key: string): T | undefined =>
    set.has(key) ? value : undefined;

/** Words of letters end where they end: "3d9k" is no three days. */
function isEdge(text: string, at: number, towards: 1 | -1): boolean {
  const beside = text.slice(...(towards === 1 ? [at, at + 1] : [at - 1, at])) || ' ';
  const own = text.slice(...(towards === 1 ? [at - 1, at] : [at, at + 1]));
  return !/[\p{L}\p{N}_-]/u.test(beside) || /\p{Script=Han}/u.test(beside) || /\p{Script=Han}/u.test(own);
}

/** Moments of a clock as people type them, in ten languages (`vocabulary.ts`). Pure; bounded by the length of a command. */

const MAX = 366 * 86_400_000;

/** A moment of a clock on the wall: the next one. */
interface Moment {
  day: 'tomorrow' | number | null;
  time: ClockTime;
}

const CLOCK = /^(\d{1,2})(?:[:.](\d{2}))?$/u;
/** When what is called so begins. A day without an hour begins when people get up: who is to be left alone until tomorrow sleeps at midnight. */
const HOURS: Readonly<Record<DayPart, number>> = { morning: 8, noon: 12, evening: 18, night: 22, midnight: 0 };

/** "9:30", "tomorrow morning", "понедельника", "9 утра" as a whole. */
function momentOf(tokens: readonly Token[], known: Vocabulary): Moment | null {
  let day: Moment['day'] = null;
  let part: DayPart | null = null;
  let clock: { hour: number; minute: number } | null = null;
  for (let at = 0; at < tokens.length;) {
    const shown = CLOCK.exec(tokens[at]!.key);
    const named = longestOf(tokens, at, (key) => known.parts.get(key));
    const tomorrow = longestOf(tokens, at, inSet(known.list('tomorrow')));
    const weekday = longestOf(tokens, at, (key) => weekdayOf(key, known));
    const half = longestOf(tokens, at, (key) => known.clocks.get(key));
    const beside = longestOf(tokens, at, inSet(known.besideHours)) ?? longestOf(tokens, at, inSet(known.list('today')));
    // "Mañana por la mañana", "morgen früh": the first is the day.
    const isDay = tomorrow !== null && day === null && tomorrow.length >= (named?.length ?? 0);
    if (half && clock === null) {
      clock = { hour: Math.floor(half.value / 60), minute: half.value % 60 };
      at += half.length;
    } else if (shown && clock === null) {
      clock = { hour: Number(shown[1]), minute: Number(shown[2] ?? 0) };
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
  if (clock === null && part === null && day === null) return null;
  const time = timeOf(clock?.hour ?? null, clock?.minute ?? 0, part);
  return time === null ? null : { day, time };
}

function timeOf(hour: number | null, minute: number, part: DayPart | null): ClockTime | null {
  const of24 = hourOf(hour, part);
  return of24 > 23 || minute > 59 ? null : of24 * 60 + minute;
}

function hourOf(hour: number | null, part: DayPart | null): number {
  if (hour === null) return HOURS[part ?? 'morning'];
  if (hour < 12 && (part === 'evening' || (part === 'night' && hour >= 6))) return hour + 12;
  return hour === 12 && (part === 'morning' || part === 'night') ? 0 : hour;
}

function weekdayOf(key: string, { weekdays, headsOf }: Vocabulary): number | undefined {
  const word = weekdays.has(key) ? key : headsOf(key).find((head) => weekdays.has(head));
  return word === undefined ? undefined : weekdays.get(word);
}

/** A night of which both ends were named, or one: "after 23", "until half past six". "From 11 to 7" begins in the evening: nobody means twenty hours. */
export function nightOf(first: string, second?: string): readonly [from: string, to: string] {
  if (second === undefined)
    return first >= '03:00' && first < '12:00' ? ['23:00', first] : [first === '12:00' ? '00:00' : first, '07:00'];
  if (second >= first || first < '07:00' || first > '12:59') return [first, second];
  return [`${two((Number(first.slice(0, 2)) + 12) % 24)}${first.slice(2)}`, second];
}

const two = (n: number): string => String(n).padStart(2, '0');
/** "09:00". */
export const clockText = (time: ClockTime): string => `${two(Math.floor(time / 60))}:${two(time % 60)}`;
const ENGLISH = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const written = ({ day, time }: Moment): string =>
  `${day === null ? '' : day === 'tomorrow' ? 'tomorrow ' : `${ENGLISH[day]} `}${clockText(time)}`;

/** "18:00", "tomorrow", "завтра 9:00", "понедельника", "2026-12-31", "31.12. 18:00", in the chat's zone: the next such moment, or null. */
export function parseUntil(text: string, now: number, timeZone: string, known: Vocabulary): number | null {
  const today = wallOf(now, timeZone).toPlainDate();
  const dated = datedIn(text.trim());
  if (dated) {
    const years = [dated.year ?? today.year, dated.year ?? today.year + 1];
    const at = years.map((year) => momentsOn(dated.dayIn(year), dated.time, timeZone).first).find((one) => one > now);
    return at !== undefined && at - now <= MAX ? at : null;
  }
  const tokens = tokensOf(text, known);
  const moment = tokens.length === 0 || tokens.length > 8 ? null : momentOf(tokens, known);
  if (!moment) return null;
  const { day, time } = moment;
  const on = today.add({ days: daysTo(day, today) });
  const at = momentsOn(on, time, timeZone).first;
  return at > now ? at : momentsOn(on.add({ days: typeof day === 'number' ? 7 : 1 }), time, timeZone).first;
}

function daysTo(day: Moment['day'], today: Temporal.PlainDate): number {
  if (day === null) return 0;
  return day === 'tomorrow' ? 1 : (day - today.dayOfWeek + 7) % 7;
}

const DATED =
  /^(?:(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})|(?<dd>\d{1,2})\.(?<mm>\d{1,2})(?:\.(?<yyyy>\d{4})?)?)(?:\s+(?<hour>\d{1,2}):(?<minute>\d{2}))?$/u;

/** A date as it was typed; without an hour it is midnight. Days past the end of a month are those of the next. `year`: null = each. Null = it is none. */
function datedIn(
  text: string,
): { dayIn(year: number): Temporal.PlainDate; time: ClockTime; year: number | null } | null {
  const group = DATED.exec(text)?.groups;
  if (!group) return null;
  const [month, day] = [Number(group.month ?? group.mm), Number(group.day ?? group.dd)];
  const [hour, minute] = [Number(group.hour ?? 0), Number(group.minute ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return null;
  const year = group.year ?? group.yyyy;
  const dayIn = (of: number) => new Temporal.PlainDate(of, month, 1).add({ days: day - 1 });
  return { dayIn, time: hour * 60 + minute, year: year === undefined ? null : Number(year) };
}

/** Times of a day that a text names, as minutes of it: "at 9", "from 23 to 8", "9 вечера". */
export function clocksIn(text: string, known: Vocabulary): ClockTime[] {
  const tokens = tokensOf(text, known);
  const partAt = (at: number) => longestOf(tokens, at, (word) => known.parts.get(word));
  const clocks: ClockTime[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { key, from, han } = tokens[at]!;
    const named = han ? longestOf(tokens, at, (word) => known.numbers.get(word)) : null;
    const half = longestOf(tokens, at, (word) => known.clocks.get(word));
    const before = partAt(at - 2) ?? partAt(at - 1);
    let time: ClockTime | null = null;
    if (half) {
      const part = partAt(at + half.length) ?? before;
      time = timeOf(Math.floor(half.value / 60), half.value % 60, part?.value ?? null) ?? half.value;
      at += half.length - 1;
      // "十一点", and "11pm-7am", but "RU-dw-3f9k" names no hours.
    } else if (named && longestOf(tokens, at + named.length, inSet(known.besideHours))) {
      time = timeOf(named.value, 0, before?.value ?? null);
      at += named.length;
    } else if (isEdge(text, from, -1) || /\d\s?(?:[ap]m|h|uhr)?\s?-$/iu.test(text.slice(0, from))) {
      const clock = CLOCK.exec(key);
      const part = partAt(at + 1) ?? partAt(at + 2) ?? (/\p{Script=Han}$/u.test(text.slice(0, from)) ? before : null);
      time = clock && timeOf(Number(clock[1]), Number(clock[2] ?? 0), part?.value ?? null);
    }
    if (time !== null) clocks.push(time);
  }
  return clocks;
}

/** Belongs to a time: "9", "утра", "uhr". */
export const isTimeWord = (key: string, known: Vocabulary): boolean =>
  /^\d/u.test(key) ||
  [known.parts, known.besideHours, known.list('tomorrow'), known.units, known.clockWords].some((words) =>
    words.has(key),
  ) ||
  weekdayOf(key, known) !== undefined;

/** Durations and moments as people type them, in ten languages (`vocabulary.ts`). Pure; bounded by the length of a command. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MAX_TIME_WORDS = 366 * DAY;

const numberOf = (key: string, { numbers }: Vocabulary): number | undefined =>
  /^\d{1,5}(?:[.,]\d{1,2})?$/u.test(key) ? Number(key.replace(',', '.')) : numbers.get(key);

/** "8h", "3 days", "полчаса", "两天" as a whole; `sure`: it has a number, or is a word that means nothing else. */
function durationOf(tokens: readonly Token[], known: Vocabulary): { ms: number; sure: boolean } | null {
  let count: number | null = null;
  let unit: number | null = null;
  let word = '';
  let sure = false;
  for (let at = 0; at < tokens.length;) {
    const whole = longestOf(tokens, at, (key) => known.lasting.get(key));
    const named: Longest<number> = unit === null ? longestOf(tokens, at, (key) => known.units.get(key)) : null;
    const number = longestOf(tokens, at, (key) => numberOf(key, known));
    const measure = longestOf(tokens, at, inSet(known.list('measure')));
    if (whole && tokens.length === whole.length) return { ms: whole.value, sure: true };
    // "An hour": French counts years with that word.
    const counts = (count === null || count === 0.5) && number !== null && at + number.length < tokens.length;
    if (number && (!named || number.length > named.length || counts)) {
      // "Half a day": one of them counts; "8 3 h" says nothing.
      if (count !== null && count !== 1 && number.value !== 1) {
        if (count !== 0.5 && number.value !== 0.5) return null;
      }
      // Counted after what is counted: "ساعة واحدة", "часа три".
      if (unit !== null && !/[\p{Script=Arabic}\p{Script=Cyrillic}]/u.test(tokens[at]!.key)) return null;
      count = (count ?? 1) * number.value;
      sure ||= true;
      at += number.length;
    } else if (named) {
      unit = named.value;
      word = tokens[at]!.key;
      at += named.length;
    } else if (measure && (count !== null || at === 0)) at += measure.length;
    else return null;
  }
  if (unit === null || (count === null && word.length < 3)) return null;
  const one = known.list('hour.counted').has(word) && count !== null && count !== 1 ? HOUR : unit;
  const ms = (count ?? 1) * one;
  return ms >= MINUTE && ms <= MAX_TIME_WORDS ? { ms: Math.round(ms), sure } : null;
}

/** "8h", "3 days", "неделю", "两天": milliseconds, or null where it says no time or more than a year. */
export function parseDuration(text: string, known: Vocabulary): number | null {
  const tokens = tokensOf(text.trim(), known);
  return tokens.length === 0 || tokens.length > 6 ? null : (durationOf(tokens, known)?.ms ?? null);
}

/** How many words a time has at the most. */
const LONGEST = 7;

/**
 * "Mute russia for 8 hours please": where the first time stands that a text names, with the words around it that belong to it, and how `mute` takes it ("for
 * 8h", "until tomorrow 08:00").
 */
export function findTime(text: string, known: Vocabulary) {
  const tokens = tokensOf(text, known);
  for (let at = 0; at < tokens.length; at++) {
    const before = prefixAt(tokens, at, known);
    for (const start of before ? [at + before.length, at] : [at]) {
      const found = timeAt(text, tokens, start, start > at ? before!.value : null, known);
      if (found && isEdge(text, tokens[at]!.from, -1)) return { from: tokens[at]!.from, ...found };
    }
  }
  return null;
}

function prefixAt(tokens: readonly Token[], at: number, known: Vocabulary): Longest<'until' | 'during'> {
  const until = longestOf(tokens, at, inSet(known.until, 'until' as const));
  const during = longestOf(tokens, at, inSet(known.during, 'during' as const));
  return until && (!during || until.length >= during.length) ? until : during;
}

function timeAt(
  text: string,
  tokens: readonly Token[],
  at: number,
  kind: 'until' | 'during' | null,
  known: Vocabulary,
): { to: number; typed: string } | null {
  for (let length = Math.min(LONGEST, tokens.length - at); length > 0; length--) {
    const part = tokens.slice(at, at + length);
    const last = part.at(-1)!;
    const until = longestOf(tokens, at + length, inSet(known.list('until.after')));
    const during = longestOf(tokens, at + length, inSet(known.list('during.after')));
    const end = (after: { length: number } | null): number =>
      after ? tokens[at + length + after.length - 1]!.to : last.to;
    if (!isEdge(text, last.to, 1)) continue;
    if (kind === 'until' || until) {
      const date = kind === 'until' ? DATED.exec(text.slice(part[0]!.from, last.to)) : null;
      const moment = date ? null : momentOf(part, known);
      if (date || moment) return { to: end(until), typed: `until ${moment ? written(moment) : date![0]}` };
    }
    if (kind === 'until') continue;
    const lasting = durationOf(part, known);
    if (lasting && (kind === 'during' || during || lasting.sure))
      return { to: end(during), typed: `for ${shortly(lasting.ms)}` };
  }
  return null;
}

const shortly = (ms: number): string =>
  ms % DAY === 0 ? `${ms / DAY}d` : ms % HOUR === 0 ? `${ms / HOUR}h` : `${Math.round(ms / MINUTE)}m`;

/** "russia for 8h" without the time. */
export function withoutTime(text: string, known: Vocabulary): string {
  const time = findTime(text, known);
  return time ? `${text.slice(0, time.from)} ${text.slice(time.to)}` : text;
}

/** "ru whatsapp for 8h" → what and until when; `bad` holds words about time that say no time. */
export function splitTime(
  args: string,
  now: number,
  timeZone: string,
  known: Vocabulary,
): { what: string; until: number | null; bad: string | null } {
  const time = findTime(args, known);
  if (time) {
    const what = `${args.slice(0, time.from)} ${args.slice(time.to)}`.replace(/\s+/gu, ' ').trim();
    const during = time.typed.startsWith('for ') ? parseDuration(time.typed.slice(4), known) : null;
    const until = during === null ? parseUntil(time.typed.slice(6), now, timeZone, known) : now + during;
    return { what, until, bad: until === null ? args.slice(time.from, time.to) : null };
  }
  return { what: args.trim(), until: null, bad: badTime(args, known) };
}

/** What stands after "until" and is no time; null = there is no "until". */
export function untilWhat(text: string, known: Vocabulary): string | null {
  const tokens = tokensOf(text, known);
  for (let at = 0; at + 1 < tokens.length; at++) {
    const key = tokens[at]!.key;
    if (known.until.has(key) && known.list('time.surely').has(key))
      return text
        .slice(tokens[at + 1]!.from)
        .trim()
        .slice(0, 60);
  }
  return null;
}

/** What only a time may follow, and a bare number at the end; null = nothing of the kind. */
export function badTime(args: string, known: Vocabulary): string | null {
  const tokens = tokensOf(args, known);
  for (let at = 0; at < tokens.length; at++) {
    const surely = longestOf(tokens, at, inSet(known.list('time.surely')));
    if (surely) return args.slice(tokens[at + surely.length]?.from ?? tokens[at]!.from).trim();
  }
  return /(?:^|\s)(-?\d{1,5}(?:\s+\p{L}+){0,2})$/u.exec(args.trim())?.[1] ?? null;
}
