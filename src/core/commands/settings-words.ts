/** What is typed after `settings`, as a change of them. Pure. */
import { type ChatSettings, type ClockTime, type Every, REMINDERS, type Reminders } from '../model/settings.ts';
import { keyOf } from './target-names.ts';

/** The settings that `settings` itself changes; language, time zone and level have commands of their own. */
export type SettingName = 'quiet' | 'critical' | 'digest' | 'sound' | 'pictures' | 'reminders' | 'report';

/** `menu`: all of them. `page`: one, with its choices. `set`: a change. `unknown`: a name, and words that are none of its values. */
export type TypedSetting =
  | { kind: 'menu' }
  | { kind: 'page'; name: SettingName }
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

const NAMES: Record<SettingName, string> = {
  quiet: 'quiet|quiet hours|night|тихие часы|тихие|ночь|ночью',
  critical: 'critical|urgent|срочное|важное|критичное',
  digest: 'digest|summary|сводка|сводки|дайджест',
  sound: 'sound|sounds|ring|звук|звуки',
  pictures: 'pictures|picture|images|картинки|картинка|графики',
  reminders: 'reminders|reminder|remind|напоминания|напоминание|напоминать',
  report: 'report|all quiet|weekly|отчет|отчёт|всё спокойно|все спокойно|неделя',
};
const names = new Map(
  Object.entries(NAMES).flatMap(([name, words]) => words.split('|').map((word) => [keyOf(word), name as SettingName])),
);

const ON = new Set('on yes true вкл включить включи да есть'.split(' '));
const OFF = new Set('off no none never false выкл выключить выключи нет никогда без'.split(' '));
export const DAILY: ReadonlySet<string> = new Set('day daily день ежедневно каждый'.split(' '));
export const WEEKLY: ReadonlySet<string> = new Set(
  'week weekly monday неделя неделю еженедельно понедельник понедельникам'.split(' '),
);

export function readSetting(args: string): TypedSetting {
  const text = args.trim().slice(0, 80);
  if (text === '') return { kind: 'menu' };
  const parts = text.split(/\s+/u);
  for (const length of [2, 1]) {
    const name = names.get(keyOf(parts.slice(0, length).join(' ')));
    if (name === undefined) continue;
    const rest = parts.slice(length).join(' ');
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

const HOURS =
  /^(?:from\s|с\s|со\s)?\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:[-–—−]|\sto\s|\suntil\s|\still\s|\sдо\s|\sпо\s|\s)\s*(\d{1,2})(?:[:.](\d{2}))?$/iu;

/** "23-8", "23:00–08:00", "с 23 до 8"; null: no two times of a day, or twice the same. */
function hoursOf(text: string): { from: ClockTime; to: ClockTime } | null {
  const [, fromHour, fromMinute, toHour, toMinute] = HOURS.exec(text.trim()) ?? [];
  const [from, to] = [clockTime(fromHour, fromMinute), clockTime(toHour, toMinute)];
  return from === null || to === null || from === to ? null : { from, to };
}

function clockTime(hour: string | undefined, minute = '0'): ClockTime | null {
  const [h, m] = [Number(hour), Number(minute)];
  if (hour === undefined || h > 24 || m > 59 || (h === 24 && m > 0)) return null;
  return (h % 24) * 60 + m;
}

/** "daily 9:00", "weekly", "9:00", "on", "off": what is not said stays as it was. */
function digestChange(text: string, key: string): Change | null {
  if (OFF.has(key)) return (before) => ({ ...before, digest: null });
  const time = /(?:^|\s)(\d{1,2})(?:[:.](\d{2}))?$/u.exec(text.trim());
  const at = time ? clockTime(time[1], time[2]) : null;
  if (time && at === null) return null;
  const said = keyOf(time ? text.slice(0, time.index) : text)
    .split(' ')
    .filter(Boolean);
  const isWeekly = said.some((word) => WEEKLY.has(word));
  const isDaily = said.some((word) => DAILY.has(word));
  if (
    said.length > 4 ||
    (said.length > 0 && !isWeekly && !isDaily && !said.every((word) => ON.has(word) || word === 'at' || word === 'в'))
  )
    return null;
  return (before) => {
    const every: Every = isWeekly ? 'week' : isDaily ? 'day' : (before.digest?.every ?? 'day');
    return { ...before, digest: { every, at: at ?? before.digest?.at ?? DIGEST_AT } };
  };
}

/** "3", "3 days", "daily", "weekly", "off", "on". */
function remindersOf(key: string): Reminders | null {
  const words = key.split(' ');
  if (OFF.has(key)) return 0;
  if (ON.has(key) || words.some((word) => DAILY.has(word) && !/\d/u.test(key))) return 1;
  if (words.some((word) => WEEKLY.has(word))) return 7;
  const days = /^(?:every |каждые |раз в )?(\d{1,2})(?: ?(?:d|days?|дня|дней|день|дн))?$/u.exec(key)?.[1];
  return REMINDERS.find((one) => String(one) === days) ?? null;
}

/** "09:00". */
export const clockText = (time: ClockTime): string =>
  `${String(Math.floor(time / 60)).padStart(2, '0')}:${String(time % 60).padStart(2, '0')}`;
