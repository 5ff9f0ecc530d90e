import { ANY } from '../../model/chat.ts';
import { heardAt, type Incident, LEVELS, type Level, liftReaches, reaches } from '../../model/incident.ts';
import type { Block, Inline } from '../../model/message.ts';
import { sayingOf, whatOf, whereOf } from '../../render/headline.ts';
import { foreign } from '../../render/plain.ts';
import { heardBy } from '../../state/fold.ts';
import { answer, backToSettings, button, code, line, list, rows, stateList, wholeChat } from '../answer.ts';
import { keyOf } from '../asking/vocabulary.ts';
import type { Can } from '../capabilities.ts';
import { type Command, type CommandContext, withoutBeside } from '../command.ts';

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

/** As lines, for whoever follows something; what is not known is not told as "nothing". */
async function heardBlocks(context: CommandContext, can: HeardCapabilities): Promise<Block[]> {
  const { words, chat, now } = context;
  const id = context.thread?.id ?? chat.id;
  const followed = id === null ? [] : await can.subscriptions.list(id);
  if (followed.length === 0) return [];
  const since = now - HEARD_DAYS * DAY;
  const covered = new Map<string, Incident>();
  for (const { country, service } of followed) {
    const only = { ...(country === ANY ? {} : { country }), ...(service === ANY ? {} : { service }) };
    for (const one of await can.incidents.list({ ...only, since, limit: PER_MATCHER })) covered.set(one.id, one);
  }
  const heard = wouldHaveHeard([...covered.values()], since);
  if (heard.every(({ messages }) => messages === 0)) return [line(words.say('first.none'))];
  const items = heard.map(({ level, messages, examples }): Inline[] => {
    const count = messages === 0 ? words.say('first.nothing') : words.say('first.messages', { n: messages });
    const names = examples.map((one) =>
      words.say('headline', { country: whereOf([one], words), what: whatOf(wasOf(one), one.service, words) }),
    );
    const name = { bold: [words.say(`level.${level}`)] };
    return words.rich('text.named', { name, value: [count, ...names].join(' · ') });
  });
  return [line(words.say('first.heard')), list(items)];
}

/** The question, its answers, and what each of them would have told; `beside`: as `BESIDE`. */
export async function levelQuestion(context: CommandContext, can: HeardCapabilities, beside = '') {
  const { words, chat } = context;
  const answers = LEVELS.map((level): Inline[] => [
    { bold: [words.say(`level.${level}`)] },
    `${words.dash}${words.say(`level.${level}.what`)}${level === chat.level ? ' ✅' : ''}`,
  ]);
  const blocks = [line(words.say('first.choose')), list(answers), ...(await heardBlocks(context, can))];
  const buttons = LEVELS.map((level) => button(words.say(`level.${level}`), `level ${level}${beside}`));
  return { blocks, buttons: [buttons, backToSettings(words)] };
}

/** What it began as: of what is over, not that it is. */
const wasOf = (one: Incident) => (one.family === 'warn' ? 'warn' : one.state === 'lifted' ? one.action : sayingOf(one));

type SettingsCapabilities = Pick<Can, 'chats' | 'translators'>;

export const languageCommand = (can: SettingsCapabilities): Command => ({
  name: 'language',
  examples: ['language en', 'language ru'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, typed, hint } = context;
    const all = can.translators.languages;
    // A button a language, two a row: what a screen of a phone shows at once.
    const buttons = [
      ...rows(
        all.map((one) => button(one.name, `language ${one.code}`)),
        2,
      ),
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
  examples: ['level corroborated', 'level early', 'level confirmed'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words } = context;
    const args = withoutBeside(context.args);
    const word = keyOf(args);
    const level = context.known.levels.get(word) ?? LEVELS.find((one) => keyOf(words.say(`level.${one}`)) === word);
    if (level === undefined) {
      const unknown = word === '' ? [] : [line(words.say('level.unknown', { word: foreign(args, 40) }))];
      const { blocks, buttons } = await levelQuestion(context, can);
      return [answer(words, [...unknown, ...blocks], buttons)];
    }
    const row = await context.row();
    await can.chats.update(row.id, { level });
    context.changed();
    const done = line(words.say('level.done', { level: words.say(`level.${level}.what`) }));
    const more = [...wholeChat(context), ...(await newlyHeard(level, context, can))];
    return [answer(words, [done, ...more], [[button(words.say('button.sure'), 'level')], backToSettings(words)])];
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
