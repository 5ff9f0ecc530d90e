import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { ChatSettings } from '../model/settings.ts';
import type { Store } from '../ports/store.ts';
import type { Translator, Translators } from '../ports/translate.ts';
import { foreign } from '../render/foreign.ts';
import type { Command, CommandContext } from './command.ts';
import { levelInBrackets } from './describe.ts';
import { answer, button, code, head, line, list, note, rows } from './document.ts';
import { pairOf } from './pair-lines.ts';
import type { OtherSetting, SettingName } from './setting-names.ts';
import { choicesOf, settingText } from './settings-pages.ts';
import { readSetting } from './settings-words.ts';
import { wholeChat } from './threads.ts';

/** One setting: its value, the command that opens it, and a form to type. A new setting is one more of these in `settingsOf`. */
interface Setting {
  name: string;
  value: string;
  /** On its button. */
  label: string;
  command: string;
  example: string;
}

export interface SettingsMenuCapabilities {
  translators: Translators;
  store: Pick<Store, 'links' | 'chats'>;
  /** The command that changes what `settings` does not. */
  other(name: OtherSetting): Command;
}

/** Every setting with its present value, and the change of those that have no command of their own. Anyone may look. */
export const settingsCommand = (can: SettingsMenuCapabilities): Command => ({
  name: 'settings',
  aliases: ['options', 'preferences'],
  examples: ['settings', 'settings quiet 23:00-08:00', 'settings digest daily 09:00', 'settings sound off'],
  who: 'anyone',
  replaces: true,
  changes: (args) => {
    const typed = readSetting(args);
    return typed.kind === 'set' || (typed.kind === 'other' && typed.args !== '');
  },
  async run(context) {
    const { words } = context;
    const typed = readSetting(context.args);
    switch (typed.kind) {
      case 'menu':
        return [await menu(context, can)];
      case 'page':
        return [page(typed.name, context)];
      case 'other':
        return await can.other(typed.name).run({ ...context, args: typed.args });
      case 'unknown': {
        const unknown = line(words.say('settings.unknown', { word: foreign(typed.word, 40) }));
        const shown = typed.name === null ? await menu(context, can) : page(typed.name, context);
        return [{ ...shown, blocks: [unknown, ...shown.blocks] }];
      }
      case 'set': {
        const row = await context.row();
        const settings = typed.to(row.settings);
        await can.store.chats.update(row.id, { settings });
        context.changed();
        const changed = { ...context, chat: { ...context.chat, settings } };
        // What is only on or off is switched in the menu itself, for those who press.
        const shown = context.hasButtons && isSwitch(typed.name) ? await menu(changed, can) : page(typed.name, changed);
        return [shown];
      }
    }
  },
});

const isSwitch = (name: SettingName): boolean => name === 'sound' || name === 'pictures' || name === 'report';

async function menu(context: CommandContext, can: SettingsMenuCapabilities): Promise<MessageDocument> {
  const { words, typed } = context;
  const settings = [...settingsOf(context, can.translators), await pairSetting(context, can.store)];
  const items = settings.map(({ name, value, example }): Inline[] => [
    { bold: [name] },
    `: ${value}`,
    ...(context.hasButtons ? [] : [words.dash, code(typed(example))]),
  ]);
  const blocks: Block[] = [head(words.say('settings.head')), list(items), ...wholeChat(context)];
  if (!context.hasButtons) blocks.push(line(words.say('settings.type')));
  if (!context.hasButtons) return answer(words, blocks);
  const buttons = settings.map(({ label, command }) => button(label, command));
  return answer(words, blocks, [...rows(buttons, 2), [button(words.say('button.mine'), 'subscriptions')]]);
}

async function pairSetting(context: CommandContext, store: SettingsMenuCapabilities['store']): Promise<Setting> {
  const { words } = context;
  const name = words.say('settings.pair');
  const pair = await pairOf(context, store);
  return { name, value: pair?.other ?? words.say('settings.noPair'), label: name, command: 'link', example: 'link' };
}

/** One setting: how it stands, what it means, its choices and how others are typed. */
function page(name: SettingName, context: CommandContext): MessageDocument {
  const { words, typed, chat } = context;
  const shown = name === 'critical' ? 'quiet' : name;
  const choices = choicesOf(shown, chat.settings, words);
  const blocks: Block[] = [
    line({ bold: [words.say(`settings.${shown}`)] }, `: ${settingText(shown, chat.settings, words)}`),
    line(words.say(`settings.${shown}.what`)),
  ];
  if (name === 'critical' && chat.settings.quiet === null) blocks.push(line(words.say('settings.critical.none')));
  // By UTC nobody goes to bed.
  if ((shown === 'quiet' || shown === 'digest') && chat.timeZone === 'UTC')
    blocks.push(line(...words.rich('settings.utc', { command: code(typed('timezone')) })));
  if (!context.hasButtons)
    blocks.push(list(choices.map(({ label, command }): Inline[] => [code(typed(command)), `${words.dash}${label}`])));
  if (shown === 'quiet')
    blocks.push(note(...words.rich('settings.other', { command: code(typed('settings quiet 22:30-06:45')) })));
  if (shown === 'digest')
    blocks.push(note(...words.rich('settings.other', { command: code(typed('settings digest daily 18:30')) })));
  blocks.push(...wholeChat(context));
  const buttons = choices.map(({ label, command }) => button(label, command));
  return answer(words, blocks, context.hasButtons ? [...rows(buttons, 2), backToSettings(words)] : []);
}

function settingsOf({ words, chat, now }: CommandContext, { languages }: Translators): Setting[] {
  const other = languages.find((one) => one.code !== chat.lang) ?? languages[0]!;
  const zone = { zone: chat.timeZone, time: words.dateTime(now, chat.timeZone, now) };
  const [language, timezone, level] = [
    words.say('settings.language'),
    words.say('settings.timezone'),
    words.say('settings.level'),
  ];
  return [
    {
      name: language,
      value: languages.find((one) => one.code === chat.lang)?.name ?? chat.lang,
      label: languageLabel(words),
      command: 'language',
      example: `language ${other.code}`,
    },
    {
      name: timezone,
      value: words.say('settings.zone', zone),
      label: timezone,
      command: 'timezone',
      example: 'timezone Europe/Moscow',
    },
    {
      name: level,
      value: levelInBrackets(chat.level, words),
      label: words.say('button.sure'),
      command: 'level',
      example: 'level early',
    },
    ...OWN.map((name) => ownSetting(name, chat.settings, words)),
  ];
}

/** On the button to the list of languages; whoever does not read this one finds the sign, and the word in English. */
export const languageLabel = (words: Translator): string =>
  `🌐 ${words.say('settings.language')}${words.lang === 'en' ? '' : ' / Language'}`;
const OWN = ['quiet', 'digest', 'sound', 'pictures', 'reminders', 'report'] as const;
const EXAMPLES: Record<(typeof OWN)[number], string> = {
  quiet: 'settings quiet 23:00-08:00',
  digest: 'settings digest daily 09:00',
  sound: 'settings sound off',
  pictures: 'settings pictures off',
  reminders: 'settings reminders 3',
  report: 'settings report on',
};

function ownSetting(name: (typeof OWN)[number], settings: ChatSettings, words: Translator): Setting {
  const title = words.say(`settings.${name}`);
  const value = settingText(name, settings, words);
  const choices = choicesOf(name, settings, words);
  // A switch has one choice: the other one.
  if (isSwitch(name))
    return { name: title, value, label: choices[0]!.label, command: choices[0]!.command, example: choices[0]!.command };
  return { name: title, value, label: title, command: `settings ${name}`, example: EXAMPLES[name] };
}

/** Under each setting: the way back to all of them. */
export const backToSettings = (words: Translator): Button[] => [button(words.say('button.settings'), 'settings')];
