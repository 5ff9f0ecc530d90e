/** What is typed after `settings`, as a change of them. Pure. */

import { type ChatSettings, type ClockTime, type Every, REMINDERS, type Reminders } from '../model/settings.ts';
import {
  BESIDE,
  DAILY,
  DAYS,
  FROM,
  HOUR,
  OFF,
  ON,
  type OtherSetting,
  otherSettings,
  type SettingName,
  settingNames,
  TO,
  WEEKLY,
} from './setting-names.ts';
import { folded, keyOf } from './target-names.ts';
import { BESIDE_HOURS } from './time-words.ts';

/** `menu`: all of them. `page`: one, with its choices. `set`: a change. `other`: what a command of its own changes, and what to. `unknown`: a name, and words that are none of its values. */
export type TypedSetting =
  | { kind: 'menu' }
  | { kind: 'page'; name: SettingName }
  | { kind: 'other'; name: OtherSetting; args: string }
  | { kind: 'set'; name: SettingName; to(before: ChatSettings): ChatSettings }
  | { kind: 'unknown'; name: SettingName | null; word: string };

/** When a digest comes that was switched on without a time. */
export const DIGEST_AT: ClockTime = 9 * 60;
/** Those that most people want; the first is offered first. */
export const QUIET_CHOICES: readonly { from: ClockTime; to: ClockTime }[] = [
  { from: 22 * 60, to: 7 * 60 },
  { from: 23 * 60, to: 8 * 60 },
  { from: 0, to: 9 * 60 },
];

/** Words of the longest name. */
const LONGEST = 5;

export function readSetting(args: string): TypedSetting {
  const text = args.trim().slice(0, 80);
  if (text === '') return { kind: 'menu' };
  const parts = text.split(/\s+/u);
  for (let length = Math.min(LONGEST, parts.length); length > 0; length--) {
    const key = keyOf(parts.slice(0, length).join(' '));
    const rest = parts.slice(length).join(' ');
    const other = otherSettings.get(key);
    if (other !== undefined) return { kind: 'other', name: other, args: rest };
    const name = settingNames.get(key);
    if (name === undefined) continue;
    if (rest === '') return { kind: 'page', name };
    const to = VALUES[name](rest, keyOf(rest));
    return to ? { kind: 'set', name, to } : { kind: 'unknown', name, word: rest };
  }
  return { kind: 'unknown', name: null, word: text };
}

type Change = (before: ChatSettings) => ChatSettings;
/** `key`: the same words, folded. Null: no value of this setting. */
type ReadValue = (text: string, key: string) => Change | null;

const toggled =
  (change: (on: boolean) => Change): ReadValue =>
  (_, key) =>
    ON.has(key) ? change(true) : OFF.has(key) ? change(false) : null;

const VALUES: Record<SettingName, ReadValue> = {
  quiet(text, key) {
    if (OFF.has(key)) return (before) => ({ ...before, quiet: null });
    const hours = hoursOf(text);
    return hours && ((before) => ({ ...before, quiet: { ...hours, critical: before.quiet?.critical ?? false } }));
  },
  critical: toggled((critical) => (before) => ({ ...before, quiet: before.quiet && { ...before.quiet, critical } })),
  digest: digestChange,
  sound: toggled((sound) => (before) => ({ ...before, sound })),
  pictures: toggled((pictures) => (before) => ({ ...before, pictures })),
  reminders(_, key) {
    const days = remindersOf(key);
    return days === null ? null : (before) => ({ ...before, reminders: days });
  },
  report: toggled((allQuiet) => (before) => ({ ...before, allQuiet })),
};

const anyOf = (words: string): string =>
  words
    .split('|')
    .map((word) => folded(word))
    .join('|');
const CLOCK = `(\\d{1,2})(?:[:.h](\\d{2}))?\\s*(?:${anyOf(HOUR)})?`;
const HOURS = new RegExp(
  `^(?:(?:${anyOf(FROM)})(?=[\\s\\d]))?\\s*${CLOCK}\\s*(?:[-–—−]|(?:${anyOf(TO)})(?=[\\s\\d])|\\s)\\s*${CLOCK}$`,
  'u',
);

/** "23-8", "23:00–08:00", "с 23 до 8", "23'ten 8'e"; null: no two times of a day, or twice the same. */
function hoursOf(text: string): { from: ClockTime; to: ClockTime } | null {
  const said = folded(text.trim()).replace(/(?<=\d)'\p{L}{1,4}/gu, '');
  const [, fromHour, fromMinute, toHour, toMinute] = HOURS.exec(said) ?? [];
  const [from, to] = [clockTime(fromHour, fromMinute), clockTime(toHour, toMinute)];
  return from === null || to === null || from === to ? null : { from, to };
}

function clockTime(hour: string | undefined, minute = '0'): ClockTime | null {
  const [h, m] = [Number(hour), Number(minute)];
  if (hour === undefined || h > 24 || m > 59 || (h === 24 && m > 0)) return null;
  return (h % 24) * 60 + m;
}

/** "daily 9:00", "weekly", "9:00", "on", "off", "每天9点": what is not said stays as it was. */
function digestChange(text: string, key: string): Change | null {
  if (OFF.has(key)) return (before) => ({ ...before, digest: null });
  const said = folded(text).replace(/(?<=\d)'\p{L}{1,4}/gu, '');
  const times = [...said.matchAll(/(?<![\d:.])(\d{1,3})(?:[:.h](\d{2}))?(?![\d:.])/gu)];
  const at = times[0] ? clockTime(times[0][1], times[0][2]) : null;
  if (times.length > 1 || (times.length > 0 && at === null)) return null;
  const words = wordsOf(times[0] ? said.replace(times[0][0], ' ') : said);
  const isWeekly = words.some((word) => WEEKLY.has(word));
  const isDaily = words.some((word) => DAILY.has(word));
  const isKnown = (word: string): boolean => [WEEKLY, DAILY, ON, BESIDE, BESIDE_HOURS].some((known) => known.has(word));
  if (words.length > 6 || !words.every(isKnown)) return null;
  return (before) => {
    const every: Every = isWeekly ? 'week' : isDaily ? 'day' : (before.digest?.every ?? 'day');
    return { ...before, digest: { every, at: at ?? before.digest?.at ?? DIGEST_AT } };
  };
}

/** Chinese is written without spaces: known words of two signs, else one by one. */
const wordsOf = (text: string): string[] =>
  keyOf(text)
    .replace(
      /\p{Script=Han}+/gu,
      (run) => ` ${run.replace(/每天|每日|每周|每星期|周一|星期一|天天|点钟|\p{Script=Han}/gu, '$& ')}`,
    )
    .split(' ')
    .filter(Boolean);

/** "3", "3 days", "daily", "weekly", "off", "on". */
function remindersOf(key: string): Reminders | null {
  const words = wordsOf(key.replace(/(?<=\d)(?=\D)|(?<=\D)(?=\d)/gu, ' '));
  if (OFF.has(key)) return 0;
  const numbers = words.filter((word) => /^\d+$/u.test(word));
  const others = words.filter((word) => !/^\d+$/u.test(word));
  const isWeekly = others.some((word) => WEEKLY.has(word));
  const isKnown = (word: string): boolean => [WEEKLY, DAILY, ON, BESIDE, DAYS].some((known) => known.has(word));
  if (numbers.length > 1 || words.length > 6 || !others.every(isKnown)) return null;
  if (numbers.length === 1) return REMINDERS.find((one) => String(one) === numbers[0]) ?? null;
  if (isWeekly) return 7;
  return others.some((word) => DAILY.has(word) || ON.has(word)) ? 1 : null;
}

/** "09:00". */
export const clockText = (time: ClockTime): string =>
  `${String(Math.floor(time / 60)).padStart(2, '0')}:${String(time % 60).padStart(2, '0')}`;
