/** Durations and moments as people type them, in ten languages (`time-words.ts`). Pure; bounded by the length of a command. */
import { DATED, momentOf, parseUntil, written } from './moments.ts';
import { inSet, isEdge, type Longest, longestOf, type Token, tokensOf } from './time-tokens.ts';
import { DURING, DURING_AFTER, MEASURES, NUMBERS, SURELY, UNITS, UNTIL, UNTIL_AFTER, WHOLE } from './time-words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MAX = 366 * DAY;

const numberOf = (key: string): number | undefined =>
  /^\d{1,5}(?:[.,]\d{1,2})?$/u.test(key) ? Number(key.replace(',', '.')) : NUMBERS.get(key);

/** "8h", "3 days", "полчаса", "两天" as a whole; `sure`: it has a number, or is a word that means nothing else. */
function durationOf(tokens: readonly Token[]): { ms: number; sure: boolean } | null {
  let count: number | null = null;
  let unit: number | null = null;
  let word = '';
  let sure = false;
  for (let at = 0; at < tokens.length; ) {
    const whole = longestOf(tokens, at, (key) => WHOLE.get(key));
    const named: Longest<number> = unit === null ? longestOf(tokens, at, (key) => UNITS.get(key)) : null;
    const number = longestOf(tokens, at, numberOf);
    const measure = longestOf(tokens, at, inSet(MEASURES));
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
  // "8 год": hours in Ukrainian; "на год": a year in Russian.
  const one = unit === UNITS.get('год') && count !== null && count !== 1 && word === 'год' ? HOUR : unit;
  const ms = (count ?? 1) * one;
  return ms >= MINUTE && ms <= MAX ? { ms: Math.round(ms), sure } : null;
}

/** "8h", "3 days", "неделю", "两天": milliseconds, or null where it says no time or more than a year. */
export function parseDuration(text: string): number | null {
  const tokens = tokensOf(text.trim());
  return tokens.length === 0 || tokens.length > 6 ? null : (durationOf(tokens)?.ms ?? null);
}

/** A time in a text: where it stands, and how `mute` takes it. */
interface FoundTime {
  from: number;
  to: number;
  /** "for 8h", "until tomorrow 08:00". */
  typed: string;
}

/** How many words a time has at the most. */
const LONGEST = 7;

/** "Mute russia for 8 hours please": the first time that a text names, with the words around it that belong to it. */
export function findTime(text: string): FoundTime | null {
  const tokens = tokensOf(text);
  for (let at = 0; at < tokens.length; at++) {
    const before = prefixAt(tokens, at);
    for (const start of before ? [at + before.length, at] : [at]) {
      const found = timeAt(text, tokens, start, start > at ? before!.kind : null);
      if (found && isEdge(text, tokens[at]!.from, -1))
        return { from: tokens[at]!.from, to: found.to, typed: found.typed };
    }
  }
  return null;
}

function prefixAt(tokens: readonly Token[], at: number): { kind: 'until' | 'during'; length: number } | null {
  const until = longestOf(tokens, at, inSet(UNTIL));
  const during = longestOf(tokens, at, inSet(DURING));
  if (until && (!during || until.length >= during.length)) return { kind: 'until', length: until.length };
  if (during) return { kind: 'during', length: during.length };
  // "للصبح": until the morning.
  return null;
}

function timeAt(
  text: string,
  tokens: readonly Token[],
  at: number,
  kind: 'until' | 'during' | null,
): { to: number; typed: string } | null {
  for (let length = Math.min(LONGEST, tokens.length - at); length > 0; length--) {
    const part = tokens.slice(at, at + length);
    const last = part.at(-1)!;
    const until = longestOf(tokens, at + length, inSet(UNTIL_AFTER));
    const during = longestOf(tokens, at + length, inSet(DURING_AFTER));
    const end = (after: { length: number } | null): number =>
      after ? tokens[at + length + after.length - 1]!.to : last.to;
    if (!isEdge(text, last.to, 1)) continue;
    if (kind === 'until' || until) {
      const date = kind === 'until' ? DATED.exec(text.slice(part[0]!.from, last.to)) : null;
      const moment = date ? null : momentOf(part);
      if (date || moment) return { to: end(until), typed: `until ${moment ? written(moment) : date![0]}` };
    }
    if (kind === 'until') continue;
    const lasting = durationOf(part);
    if (lasting && (kind === 'during' || during || lasting.sure))
      return { to: end(during), typed: `for ${shortly(lasting.ms)}` };
  }
  return null;
}

const shortly = (ms: number): string =>
  ms % DAY === 0 ? `${ms / DAY}d` : ms % HOUR === 0 ? `${ms / HOUR}h` : `${Math.round(ms / MINUTE)}m`;

/** "russia for 8h" without the time. */
export function withoutTime(text: string): string {
  const time = findTime(text);
  return time ? `${text.slice(0, time.from)} ${text.slice(time.to)}` : text;
}

/** "ru whatsapp for 8h" → what and until when; `bad` holds words about time that say no time. */
export function splitTime(
  args: string,
  now: number,
  timeZone: string,
): { what: string; until: number | null; bad: string | null } {
  const time = findTime(args);
  if (time) {
    const what = `${args.slice(0, time.from)} ${args.slice(time.to)}`.replace(/\s+/gu, ' ').trim();
    const during = time.typed.startsWith('for ') ? parseDuration(time.typed.slice(4)) : null;
    const until = during === null ? parseUntil(time.typed.slice(6), now, timeZone) : now + during;
    return { what, until, bad: until === null ? args.slice(time.from, time.to) : null };
  }
  return { what: args.trim(), until: null, bad: badTime(args) };
}

/** What stands after "until" and is no time; null = there is no "until". */
export function untilWhat(text: string): string | null {
  const tokens = tokensOf(text);
  for (let at = 0; at + 1 < tokens.length; at++) {
    const key = tokens[at]!.key;
    if (UNTIL.has(key) && SURELY.has(key))
      return text
        .slice(tokens[at + 1]!.from)
        .trim()
        .slice(0, 60);
  }
  return null;
}

/** What only a time may follow, and a bare number at the end; null = nothing of the kind. */
export function badTime(args: string): string | null {
  const tokens = tokensOf(args);
  for (let at = 0; at < tokens.length; at++) {
    const surely = longestOf(tokens, at, inSet(SURELY));
    if (surely) return args.slice(tokens[at + surely.length]?.from ?? tokens[at]!.from).trim();
  }
  return /(?:^|\s)(-?\d{1,5}(?:\s+\p{L}+){0,2})$/u.exec(args.trim())?.[1] ?? null;
}
