import { ANY } from '../../model/chat.ts';
import { heardAt, type Incident, LEVELS, type Level, liftReaches, reaches } from '../../model/incident.ts';
import type { Block, Inline } from '../../model/message.ts';
import type { IncidentFilter, IncidentTable } from '../../ports/store.ts';
import type { Translator } from '../../ports/translate.ts';
import { sayingOf, whatOf, whereOf } from '../../render/headline.ts';
import { foreign } from '../../render/plain.ts';
import { heardBy, type Matcher } from '../../state/fold.ts';
import { answer, button, buttonRows, code, line, list, nameOfLevel, stateList, wholeChat } from '../answer.ts';
import { keyOf } from '../asking/vocabulary.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';
import { backToSettings } from './settings.ts';

/** "What would you have heard?": the last month of what a chat follows, at each level, so that a level is chosen by example. */

const DAY = 86_400_000;
const HEARD_DAYS = 30;
/** What of one country reaches the level within so long, ms, is told as one message. */
const TOGETHER = 60_000;
const PER_MATCHER = 500;
const EXAMPLES = 2;

export type HeardCapabilities = Pick<Can, 'incidents' | 'subscriptions'>;

/** By level: how many messages would have begun something (what became of it is not counted), and the newest examples. Pure. What was taken back was told all the same; what never got that sure was not. */
export function wouldHaveHeard(incidents: readonly Incident[], since: number) {
  return LEVELS.map((level) => {
    const notified = incidents
      .filter((one) => reaches(one.confidence, level) || (level === 'early' && one.state === 'withdrawn'))
      .filter((one) => one.action !== 'unblock' || liftReaches(one, level))
      .map((one) => ({ one, at: heardAt(one, level) }))
      .filter(({ at }) => at >= since)
      .sort((a, b) => b.at - a.at || (a.one.id < b.one.id ? -1 : 1));
    const messages = new Set(notified.map(({ one, at }) => `${one.country} ${Math.floor(at / TOGETHER)}`)).size;
    return { level, messages, examples: notified.slice(0, EXAMPLES).map(({ one }) => one) };
  });
}

/** Each incident once that one of these matchers covers; `filter`: of each matcher. */
async function coveredBy(
  matchers: readonly Matcher[],
  filter: IncidentFilter,
  incidents: Pick<IncidentTable, 'list'>,
): Promise<Incident[]> {
  const found = new Map<string, Incident>();
  for (const { country, service } of matchers) {
    const only = { ...(country === ANY ? {} : { country }), ...(service === ANY ? {} : { service }) };
    for (const one of await incidents.list({ ...only, ...filter })) found.set(one.id, one);
  }
  return [...found.values()];
}

/** As lines, for whoever follows something; what is not known is not told as "nothing". */
export async function heardBlocks(context: CommandContext, can: HeardCapabilities): Promise<Block[]> {
  const { words, chat, now } = context;
  const id = context.thread?.id ?? chat.id;
  const followed = id === null ? [] : await can.subscriptions.list(id);
  if (followed.length === 0) return [];
  const since = now - HEARD_DAYS * DAY;
  const heard = wouldHaveHeard(await coveredBy(followed, { since, limit: PER_MATCHER }, can.incidents), since);
  if (heard.every(({ messages }) => messages === 0)) return [line(words.say('first.none'))];
  const items = heard.map(({ level, messages, examples }): Inline[] => {
    const count = messages === 0 ? words.say('first.nothing') : words.say('first.messages', { n: messages });
    const names = examples.map((one) =>
      words.say('headline', { country: whereOf([one], words), what: whatOf(wasOf(one), one.service, words) }),
    );
    return [{ bold: [nameOfLevel(level, words)] }, `: ${[count, ...names].join(' · ')}`];
  });
  return [line(words.say('first.heard')), list(items), line(words.say('first.choose'))];
}

/** What it began as: of what is over, not that it is. */
const wasOf = (one: Incident) => (one.family === 'warn' ? 'warn' : one.state === 'lifted' ? one.action : sayingOf(one));

type SettingsCapabilities = Pick<Can, 'chats' | 'translators'>;

/** A button a language, two a row; what a screen of a phone shows at once. */
const PER_ROW = 2;

export const languageCommand = (can: SettingsCapabilities): Command => ({
  name: 'language',
  aliases: ['lang'],
  examples: ['language en', 'language ru'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, typed, hint } = context;
    const all = can.translators.languages;
    const buttons = [
      ...buttonRows(all, PER_ROW, (one) => button(one.name, `language ${one.code}`)),
      backToSettings(words),
    ];
    const word = keyOf(context.args);
    if (word === '') {
      const other = all.find((one) => one.code !== words.lang) ?? all[0]!;
      const text = hint('language.ask', `language ${other.code}`);
      return [answer(words, [line(...text)], buttons)];
    }
    const named =
      all.find((one) => keyOf(one.name) === word || one.code === word)?.code ?? context.known.languages.get(word);
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

const MAX_OPEN = 10;

type LevelCapabilities = Pick<Can, 'chats' | 'world'> & HeardCapabilities;

export const levelCommand = (can: LevelCapabilities): Command => ({
  name: 'level',
  aliases: ['sure'],
  examples: ['level corroborated', 'level early', 'level confirmed'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, chat } = context;
    const word = keyOf(context.args);
    const level = context.known.levels.get(word) ?? LEVELS.find((one) => keyOf(nameOfLevel(one, words)) === word);
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
  const { chat, words, now } = context;
  if (chat.id === null) return [];
  const open = await can.world.present(await can.subscriptions.list(chat.id), level, now);
  const more = open.filter((one) => heardBy(one, chat.level) === null);
  return more.length === 0 ? [] : [line(words.say('level.more')), ...stateList(more, MAX_OPEN, context)];
}

export const levelButtons = (words: Translator) => [
  ...buttonRows(LEVELS, 3, (level) => button(nameOfLevel(level, words), `level ${level}`)),
  backToSettings(words),
];
