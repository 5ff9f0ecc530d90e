import type { Block, Button, Inline } from '../model/message.ts';
import type { Store } from '../ports/store.ts';
import type { Translator, Translators } from '../ports/translate.ts';
import type { Command, CommandContext } from './command.ts';
import { answer, button, code, head, line, list, rows } from './document.ts';
import { pairOf } from './pair-lines.ts';
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
}

/** Every setting with its present value. Anyone may look; each command asks whether this person may change it. */
export const settingsCommand = (can: SettingsMenuCapabilities): Command => ({
  name: 'settings',
  aliases: ['options', 'preferences'],
  examples: ['settings'],
  who: 'anyone',
  replaces: true,
  async run(context) {
    const { words, typed } = context;
    const settings = [...settingsOf(context, can.translators), await pairSetting(context, can.store)];
    const items = settings.map(({ name, value, example }): Inline[] => [
      { bold: [name] },
      `: ${value}`,
      ...(context.hasButtons ? [] : [words.dash, code(typed(example))]),
    ]);
    const blocks: Block[] = [head(words.say('settings.head')), list(items), ...wholeChat(context)];
    if (!context.hasButtons) blocks.push(line(words.say('settings.type')));
    if (!context.hasButtons) return [answer(words, blocks)];
    const buttons = settings.map(({ label, command }) => button(label, command));
    return [answer(words, blocks, [...rows(buttons, 2), [button(words.say('button.mine'), 'subscriptions')]])];
  },
});

async function pairSetting(context: CommandContext, store: SettingsMenuCapabilities['store']): Promise<Setting> {
  const { words } = context;
  const name = words.say('settings.pair');
  const pair = await pairOf(context, store);
  return { name, value: pair?.other ?? words.say('settings.noPair'), label: name, command: 'link', example: 'link' };
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
      value: words.say(`level.${chat.level}`),
      label: words.say('button.sure'),
      command: 'level',
      example: 'level early',
    },
  ];
}

/** On the button to the list of languages; whoever does not read this one finds the sign, and the word in English. */
export const languageLabel = (words: Translator): string =>
  `🌐 ${words.say('settings.language')}${words.lang === 'en' ? '' : ' / Language'}`;

/** Under each setting: the way back to all of them. */
export const backToSettings = (words: Translator): Button[] => [button(words.say('button.settings'), 'settings')];
