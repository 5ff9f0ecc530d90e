import { type ChatSettings, type ClockTime, type Every, REMINDERS, type Reminders } from '../../model/chat.ts';
import type { Block, Inline, MessageDocument } from '../../model/message.ts';
import type { Translator, Translators } from '../../ports/translate.ts';
import { foreign } from '../../render/plain.ts';
import {
  answer,
  backToSettings,
  button,
  code,
  followedHere,
  head,
  line,
  list,
  note,
  rows,
  wholeChat,
} from '../answer.ts';
import { clockText } from '../asking/times.ts';
import { folded, keyOf, type OtherSetting, type SettingName, type Vocabulary } from '../asking/vocabulary.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';
import { pairOf } from './pairs.ts';
import { zoneQuestion } from './timezone.ts';

/** What is typed after `settings`, as a change of them. Pure. */

/** `menu`: the first ones, or all of them. `page`: one, with its choices. `set`: a change. `other`: what a command of its own changes, and what to. `unknown`: a name, and words that are none of its values. */
type TypedSetting =
  | { kind: 'menu'; all: boolean }
  | { kind: 'page'; name: SettingName }
  | { kind: 'other'; name: OtherSetting; args: string }
  | { kind: 'set'; name: SettingName; to(before: ChatSettings): ChatSettings }
  | { kind: 'unknown'; name: SettingName | null; word: string };

/** When a digest comes that was switched on without a time. */
const DIGEST_AT: ClockTime = 9 * 60;
type Hours = Pick<NonNullable<ChatSettings['quiet']>, 'from' | 'to'>;
/** Those that most people want; the first is offered first. */
const QUIET_CHOICES: readonly Hours[] = [
  { from: 22 * 60, to: 7 * 60 },
  { from: 23 * 60, to: 8 * 60 },
  { from: 0, to: 9 * 60 },
];

/** So many are in the menu; the others are behind [More]. */
const FIRST = 6;
const MORE = 'more';
/** Words of the longest name. */
const LONGEST = 5;

export function readSetting(args: string, known: Vocabulary): TypedSetting {
  const text = args.trim().slice(0, 80);
  if (text === '' || text === MORE) return { kind: 'menu', all: text === MORE };
  const parts = text.split(/\s+/u);
  for (let length = Math.min(LONGEST, parts.length); length > 0; length--) {
    const key = keyOf(parts.slice(0, length).join(' '));
    const rest = parts.slice(length).join(' ');
    const name = known.settings.get(key);
    if (name === undefined) continue;
    if (!isOwn(name)) return { kind: 'other', name, args: rest };
    if (rest === '') return { kind: 'page', name };
    const read = name === 'critical' ? readCritical : SETTINGS[name].read;
    const to = read(rest, keyOf(rest), known);
    return to ? { kind: 'set', name, to } : { kind: 'unknown', name, word: rest };
  }
  return { kind: 'unknown', name: null, word: text };
}

type Shown = Exclude<SettingName, 'critical'>;
type Choice = Pick<Setting, 'label' | 'command'>;
type Change = (before: ChatSettings) => ChatSettings;
/** `key`: the same words, folded. Null: no value of this setting. */
type ReadValue = (text: string, key: string, known: Vocabulary) => Change | null;

const toggled =
  (change: (on: boolean) => Change): ReadValue =>
  (_, key, { on, off }) =>
    on.has(key) ? change(true) : off.has(key) ? change(false) : null;

const readCritical = toggled((critical) => (before) => ({
  ...before,
  quiet: before.quiet && { ...before.quiet, critical },
}));

/** How a setting is typed, how it is told, and what may be chosen instead. */
interface OwnSetting {
  read: ReadValue;
  text(settings: ChatSettings, words: Translator): string;
  /** What it is not now, the likely ones first. */
  choices(settings: ChatSettings, words: Translator): Choice[];
  /** Null: it is only on or off. */
  example: string | null;
  /** A value that is none of the choices. */
  other?: string;
}

const switchOf = (name: 'sound' | 'pictures' | 'report', key: 'sound' | 'pictures' | 'allQuiet'): OwnSetting => ({
  read: toggled((on) => (before) => ({ ...before, [key]: on })),
  text: (settings, words) => words.say(settings[key] ? 'settings.on' : 'settings.off'),
  choices: (settings, words) => [switched(name, settings[key], words)],
  example: null,
});

/** In the order of the menu. */
const SETTINGS: Record<Shown, OwnSetting> = {
  quiet: {
    read(text, key, known) {
      if (known.off.has(key)) return (before) => ({ ...before, quiet: null });
      const hours = hoursOf(text, known);
      return hours && ((before) => ({ ...before, quiet: { ...hours, critical: before.quiet?.critical ?? false } }));
    },
    text({ quiet }, words) {
      if (quiet === null) return words.say('settings.off');
      return words.say(quiet.critical ? 'settings.quiet.critical' : 'settings.quiet.hours', hoursText(quiet));
    },
    choices({ quiet }, words) {
      const others = QUIET_CHOICES.filter(({ from, to }) => quiet?.from !== from || quiet.to !== to).map(hoursText);
      const hours = others.map(({ from, to }): Choice => ({
        label: words.say('settings.quiet.hours', { from, to }),
        command: `settings quiet ${from}-${to}`,
      }));
      return quiet === null ? hours : [switched('critical', quiet.critical, words), turnOff('quiet', words), ...hours];
    },
    example: 'settings quiet 23:00-08:00',
    other: 'settings quiet 22:30-06:45',
  },
  digest: {
    read: digestChange,
    text: ({ digest }, words) =>
      digest === null
        ? words.say('settings.off')
        : words.say(`settings.digest.${digest.every}`, { time: clockText(digest.at) }),
    choices({ digest }, words) {
      const time = clockText(digest?.at ?? DIGEST_AT);
      const other = (['day', 'week'] as const)
        .filter((every) => digest?.every !== every)
        .map((every) => ({
          label: words.say(`settings.digest.${every}`, { time }),
          command: `settings digest ${every === 'day' ? 'daily' : 'weekly'} ${time}`,
        }));
      return digest === null ? other : [...other, turnOff('digest', words)];
    },
    example: 'settings digest daily 09:00',
    other: 'settings digest daily 18:30',
  },
  sound: switchOf('sound', 'sound'),
  pictures: switchOf('pictures', 'pictures'),
  reminders: {
    read(_, key, known) {
      const days = remindersOf(key, known);
      return days === null ? null : (before) => ({ ...before, reminders: days });
    },
    text: ({ reminders: n }, words) => words.say(n === 0 ? 'settings.off' : `settings.reminders.${n}`),
    choices: (settings, words) =>
      REMINDERS.filter((days) => days !== settings.reminders).map((n) =>
        n === 0
          ? turnOff('reminders', words)
          : { label: words.say(`settings.reminders.${n}`), command: `settings reminders ${n}` },
      ),
    example: 'settings reminders 3',
  },
  report: switchOf('report', 'allQuiet'),
};

const isOwn = (name: SettingName | OtherSetting): name is SettingName =>
  name === 'critical' || Object.hasOwn(SETTINGS, name);

/** "23-8", "23:00–08:00", "с 23 до 8", "23'ten 8'e"; null: no two times of a day, or twice the same. */
function hoursOf(text: string, { hours }: Vocabulary): Hours | null {
  const said = folded(text.trim()).replace(/(?<=\d)'\p{L}{1,4}/gu, '');
  const [, fromHour, fromMinute, toHour, toMinute] = hours.exec(said) ?? [];
  const [from, to] = [clockTime(fromHour, fromMinute), clockTime(toHour, toMinute)];
  return from === null || to === null || from === to ? null : { from, to };
}

function clockTime(hour: string | undefined, minute = '0'): ClockTime | null {
  const [h, m] = [Number(hour), Number(minute)];
  if (hour === undefined || h > 24 || m > 59 || (h === 24 && m > 0)) return null;
  return (h % 24) * 60 + m;
}

/** "daily 9:00", "weekly", "9:00", "on", "off", "每天9点": what is not said stays as it was. */
function digestChange(text: string, key: string, known: Vocabulary): Change | null {
  const { on, off, daily, weekly, besideValue, besideHours } = known;
  if (off.has(key)) return (before) => ({ ...before, digest: null });
  const said = folded(text).replace(/(?<=\d)'\p{L}{1,4}/gu, '');
  const times = [...said.matchAll(/(?<![\d:.])(\d{1,3})(?:[:.h](\d{2}))?(?![\d:.])/gu)];
  const at = times[0] ? clockTime(times[0][1], times[0][2]) : null;
  if (times.length > 1 || (times.length > 0 && at === null)) return null;
  const words = wordsOf(times[0] ? said.replace(times[0][0], ' ') : said, known);
  const isWeekly = words.some((word) => weekly.has(word));
  const isDaily = words.some((word) => daily.has(word));
  const isKnown = (word: string): boolean =>
    [weekly, daily, on, besideValue, besideHours].some((list) => list.has(word));
  if (words.length > 6 || !words.every(isKnown)) return null;
  return (before) => {
    const every: Every = isWeekly ? 'week' : isDaily ? 'day' : (before.digest?.every ?? 'day');
    return { ...before, digest: { every, at: at ?? before.digest?.at ?? DIGEST_AT } };
  };
}

/** Chinese is written without spaces: known words of two signs, else one by one. */
const wordsOf = (text: string, { compounds }: Vocabulary): string[] =>
  keyOf(text)
    .replace(/\p{Script=Han}+/gu, (run) => ` ${run.replace(compounds, '$& ')}`)
    .split(' ')
    .filter(Boolean);

/** "3", "3 days", "daily", "weekly", "off", "on". */
function remindersOf(key: string, known: Vocabulary): Reminders | null {
  const { on, off, daily, weekly, besideValue, days } = known;
  const words = wordsOf(key.replace(/(?<=\d)(?=\D)|(?<=\D)(?=\d)/gu, ' '), known);
  if (off.has(key)) return 0;
  const numbers = words.filter((word) => /^\d+$/u.test(word));
  const others = words.filter((word) => !/^\d+$/u.test(word));
  const isWeekly = others.some((word) => weekly.has(word));
  const isKnown = (word: string): boolean => [weekly, daily, on, besideValue, days].some((list) => list.has(word));
  if (numbers.length > 1 || words.length > 6 || !others.every(isKnown)) return null;
  if (numbers.length === 1) return REMINDERS.find((one) => String(one) === numbers[0]) ?? null;
  if (isWeekly) return 7;
  return others.some((word) => daily.has(word) || on.has(word)) ? 1 : null;
}

const turnOff = (name: Shown, words: Translator): Choice => ({
  label: words.say('settings.turnOff'),
  command: `settings ${name} off`,
});

const hoursText = ({ from, to }: Hours) => ({ from: clockText(from), to: clockText(to) });

const switched = (name: 'sound' | 'pictures' | 'report' | 'critical', on: boolean, words: Translator): Choice => ({
  label: words.say(on ? `settings.${name}.turnOff` : `settings.${name}.turnOn`),
  command: `settings ${name} ${on ? 'off' : 'on'}`,
});

/** One setting: its value, the command that opens it, and a form to type. A new setting is one more of these in `settingsOf`. */
interface Setting {
  name: string;
  value: string;
  /** On its button. */
  label: string;
  command: string;
  example: string;
}

type SettingsMenuCapabilities = Pick<Can, 'known' | 'translators' | 'store' | 'command'>;

/** Every setting with its present value, and the change of those that have no command of their own. Anyone may look. */
export const settingsCommand = (can: SettingsMenuCapabilities): Command => ({
  name: 'settings',
  examples: ['settings', 'settings quiet 23:00-08:00', 'settings digest daily 09:00', 'settings sound off'],
  who: 'anyone',
  replaces: true,
  changes: (args) => {
    const typed = readSetting(args, can.known);
    return typed.kind === 'set' || (typed.kind === 'other' && typed.args !== '');
  },
  async run(context) {
    const { words } = context;
    const typed = readSetting(context.args, can.known);
    switch (typed.kind) {
      case 'menu':
        return [await menu(context, can, typed.all)];
      case 'page':
        return [await page(typed.name, context, can)];
      case 'other':
        return await can.command(typed.name).run({ ...context, args: typed.args });
      case 'unknown': {
        const unknown = line(words.say('settings.unknown', { word: foreign(typed.word, 40) }));
        const shown = typed.name === null ? await menu(context, can) : await page(typed.name, context, can);
        return [{ ...shown, blocks: [unknown, ...shown.blocks] }];
      }
      case 'set': {
        const row = await context.row();
        const settings = typed.to(row.settings);
        await can.store.chats.update(row.id, { settings });
        context.changed();
        const changed = { ...context, chat: { ...context.chat, settings } };
        // What is only on or off is switched in the menu itself, for those who press.
        const isSwitch = typed.name !== 'critical' && SETTINGS[typed.name].example === null;
        const all = typed.name !== 'sound';
        return [context.hasButtons && isSwitch ? await menu(changed, can, all) : await page(typed.name, changed, can)];
      }
    }
  },
});

async function menu(context: CommandContext, can: SettingsMenuCapabilities, all = false): Promise<MessageDocument> {
  const { words, typed } = context;
  const every = [...settingsOf(context, can.translators), await pairSetting(context, can.store)];
  const settings = all ? every : every.slice(0, FIRST);
  const more = all ? [] : [button(words.say('button.more'), `settings ${MORE}`)];
  const items = settings.map(({ name, value, example }): Inline[] => [
    ...words.rich('text.named', { name: { bold: [name] }, value }),
    ...(context.hasButtons ? [] : [words.dash, code(typed(example))]),
  ]);
  const blocks: Block[] = [head(words.say('settings.head')), list(items), ...wholeChat(context)];
  if (!context.hasButtons) {
    const rest = { name: words.say('button.more'), value: code(typed(`settings ${MORE}`)) };
    return answer(words, [
      ...blocks,
      line(words.say('settings.type')),
      ...(all ? [] : [line(...words.rich('text.named', rest))]),
    ]);
  }
  const buttons = settings.map(({ label, command }) => button(label, command));
  return answer(words, blocks, [...rows(buttons, 2), [button(words.say('button.mine'), 'subscriptions'), ...more]]);
}

async function pairSetting(context: CommandContext, store: SettingsMenuCapabilities['store']): Promise<Setting> {
  const { words } = context;
  const name = words.say('settings.pair');
  const pair = await pairOf(context, store);
  return { name, value: pair?.other ?? words.say('settings.noPair'), label: name, command: 'link', example: 'link' };
}

/** One setting: how it stands, what it means, its choices and how others are typed. */
async function page(
  name: SettingName,
  context: CommandContext,
  can: SettingsMenuCapabilities,
): Promise<MessageDocument> {
  const { words, typed, hint, chat } = context;
  const shown = name === 'critical' ? 'quiet' : name;
  const { text, other, ...setting } = SETTINGS[shown];
  const choices = setting.choices(chat.settings, words);
  const title = { bold: [words.say(`settings.${shown}`)] };
  const blocks: Block[] = [line(...words.rich('text.named', { name: title, value: text(chat.settings, words) }))];
  // By UTC nobody goes to bed.
  if ((shown === 'quiet' || shown === 'digest') && chat.timeZone === 'UTC') {
    const { chat: followed } = await followedHere(context, can.store.subscriptions);
    const asked = zoneQuestion(followed, ` ${shown}`, context);
    const others = note(...hint('settings.other', other!));
    return answer(words, [...blocks, ...asked.blocks, others], [...asked.buttons, backToSettings(words)]);
  }
  blocks.push(line(words.say(`settings.${shown}.what`)));
  if (name === 'critical' && chat.settings.quiet === null) blocks.push(line(words.say('settings.critical.none')));
  if (!context.hasButtons)
    blocks.push(list(choices.map(({ label, command }): Inline[] => [code(typed(command)), `${words.dash}${label}`])));
  if (other) blocks.push(note(...hint('settings.other', other)));
  blocks.push(...wholeChat(context));
  const buttons = choices.map(({ label, command }) => button(label, command));
  return answer(words, blocks, context.hasButtons ? [...rows(buttons, 2), backToSettings(words)] : []);
}

function settingsOf({ words, chat, now }: CommandContext, { languages }: Translators): Setting[] {
  const other = languages.find((one) => one.code !== chat.lang) ?? languages[0]!;
  const zone = { zone: chat.timeZone, time: words.dateTime(now, chat.timeZone, now) };
  const own = languages.find((one) => one.code === chat.lang)?.name ?? chat.lang;
  const byCommand = (command: Exclude<OtherSetting, 'link'>, value: string, example: string): Setting => {
    const name = words.say(`settings.${command}`);
    return { name, value, label: name, command, example };
  };
  return [
    { ...byCommand('language', own, `language ${other.code}`), label: languageLabel(words) },
    byCommand('timezone', words.say('settings.zone', zone), 'timezone Europe/Moscow'),
    { ...byCommand('level', words.say(`level.${chat.level}`), 'level early'), label: words.say('button.sure') },
    ...(Object.keys(SETTINGS) as Shown[]).map((name) => ownSetting(name, chat.settings, words)),
  ];
}

/** On the button to the list of languages; whoever does not read this one finds the sign, and the word in English. */
export const languageLabel = (words: Translator): string =>
  `🌐 ${words.say('settings.language')}${words.lang === 'en' ? '' : ' / Language'}`;
function ownSetting(name: Shown, settings: ChatSettings, words: Translator): Setting {
  const { text, choices, example } = SETTINGS[name];
  const own = { name: words.say(`settings.${name}`), value: text(settings, words) };
  if (example !== null) return { ...own, label: own.name, command: `settings ${name}`, example };
  // A switch has one choice: the other one.
  const [{ label, command }] = choices(settings, words) as [Choice];
  return { ...own, label, command, example: command };
}
