import { LEVELS, type Level, reaches } from '../model/incident.ts';
import type { Block, Inline } from '../model/message.ts';
import type { ChatTable, IncidentTable, SubscriptionTable } from '../ports/store.ts';
import type { Translator, Translators } from '../ports/translate.ts';
import { foreign } from '../render/foreign.ts';
import type { Command, CommandContext } from './command.ts';
import { incidentList, nameOfLevel } from './describe.ts';
import { answer, button, code, line, list, rows } from './document.ts';
import { languageNamed } from './language-names.ts';
import { openNow } from './open-now.ts';
import { LEVEL_NAMES } from './setting-names.ts';
import { backToSettings } from './settings-menu.ts';
import { keyOf } from './target-names.ts';
import { wholeChat } from './threads.ts';
import { heardBlocks } from './would-have-heard.ts';

export interface SettingsCapabilities {
  chats: Pick<ChatTable, 'update'>;
  translators: Translators;
}

/** A button a language, two a row; what a screen of a phone shows at once. */
const PER_ROW = 2;

export const languageCommand = (can: SettingsCapabilities): Command => ({
  name: 'language',
  aliases: ['lang'],
  examples: ['language en', 'language ru'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, typed } = context;
    const all = can.translators.languages;
    const buttons = [
      ...rows(
        all.map((one) => button(one.name, `language ${one.code}`)),
        PER_ROW,
      ),
      backToSettings(words),
    ];
    const word = keyOf(context.args);
    if (word === '') {
      const other = all.find((one) => one.code !== words.lang) ?? all[0]!;
      const text = words.rich('language.ask', { command: code(typed(`language ${other.code}`)) });
      return [answer(words, [line(...text)], buttons)];
    }
    const named = all.find((one) => keyOf(one.name) === word || one.code === word)?.code ?? languageNamed(word);
    if (named === undefined || !can.translators.has(named)) {
      const forms = all.map((one): Inline[] => [code(typed(`language ${one.code}`)), `${words.dash}${one.name}`]);
      return [
        answer(words, [line(words.say('language.unknown', { word: foreign(context.args, 40) })), list(forms)], buttons),
      ];
    }
    const row = await context.row();
    await can.chats.update(row.id, { lang: named });
    context.changed();
    const chosen = context.wordsOf(named);
    const done = [line(chosen.say('language.done')), ...wholeChat({ ...context, words: chosen })];
    return [answer(chosen, done, [backToSettings(chosen)])];
  },
});

const LEVEL_WORDS = new Map<string, Level>(
  LEVELS.flatMap((level) => LEVEL_NAMES[level].split('|').map((word) => [keyOf(word), level] as const)),
);

const MAX_OPEN = 10;

export interface LevelCapabilities {
  chats: Pick<ChatTable, 'update'>;
  incidents: Pick<IncidentTable, 'list'>;
  subscriptions: Pick<SubscriptionTable, 'list'>;
}

export const levelCommand = (can: LevelCapabilities): Command => ({
  name: 'level',
  aliases: ['sure'],
  examples: ['level corroborated', 'level early', 'level confirmed'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, chat } = context;
    const word = keyOf(context.args);
    const level = LEVEL_WORDS.get(word) ?? LEVELS.find((one) => keyOf(nameOfLevel(one, words)) === word);
    if (level === undefined) {
      const first =
        word === ''
          ? words.say('level.now', { level: words.say(`level.${chat.level}`) })
          : words.say('level.unknown', { word: foreign(context.args, 40) });
      const forms = LEVELS.map((one): Inline[] => [
        code(context.typed(`level ${one}`)),
        `${words.dash}${words.say(`level.${one}`)}`,
      ]);
      const heard = word === '' ? await heardBlocks(context, can) : [];
      return [answer(words, [line(first), list(forms), ...heard], levelButtons(words))];
    }
    const row = await context.row();
    await can.chats.update(row.id, { level });
    context.changed();
    const done = line(words.say('level.done', { level: words.say(`level.${level}`) }));
    const more = [...wholeChat(context), ...(await newlyHeard(level, context, can))];
    return [answer(words, [done, ...more], levelButtons(words))];
  },
});

/** What is open and was not sure enough before: nobody will tell it anew. */
async function newlyHeard(level: Level, context: CommandContext, can: LevelCapabilities): Promise<Block[]> {
  const { chat, words } = context;
  if (chat.id === null) return [];
  const open = await openNow(can.incidents, await can.subscriptions.list(chat.id), level);
  const more = open.filter((one) => !reaches(one.confidence, chat.level));
  return more.length === 0 ? [] : [line(words.say('level.more')), ...incidentList(more, MAX_OPEN, context)];
}

export const levelButtons = (words: Translator) => [
  ...rows(
    LEVELS.map((level) => button(nameOfLevel(level, words), `level ${level}`)),
    3,
  ),
  backToSettings(words),
];
