/** Ten languages: which one a chat is spoken to in, how it is chosen, and what commands are called in each. */
import { describe, expect, test } from 'vitest';
import { keyOf } from '../../../src/core/commands/asking/vocabulary.ts';
import { languageOf } from '../../../src/core/commands/context.ts';
import type { CommandName } from '../../../src/core/ports/translate.ts';
import { known } from '../../fakes/known.ts';
import { isWhole } from '../../fakes/packs.ts';
import { translators } from '../render/support.ts';
import { createBot } from './support.ts';

const CODES = translators.languages.filter(isWhole).map(({ code }) => code);
const COMMANDS: CommandName[] = [
  ...([
    'start',
    'subscribe',
    'unsubscribe',
    'subscriptions',
    'status',
    'incident',
    'history',
    'mute',
    'unmute',
  ] as const),
  ...(['settings', 'language', 'timezone', 'level', 'help', 'about', 'ping', 'export', 'forget', 'channel'] as const),
  ...(['sources', 'retract'] as const),
];

describe('language of a chat about which nothing is known', () => {
  test.each<[string | null, string, string]>([
    ['de', 'start', 'de'],
    ['pt-br', 'start', 'en'],
    ['zh-hans', '/start', 'zh'],
    ['zh-TW', '/start', 'zh'],
    ['es-419', 'start', 'es'],
    ['FA', 'start', 'fa'],
    ['be', 'start', 'ru'],
    ['uz', 'start', 'ru'],
    ['az', 'start', 'tr'],
    ['ckb', 'start', 'ar'],
    ['ca', 'start', 'es'],
    ['fi', 'start', 'en'],
    ['constructor', 'start', 'en'],
    ['', '', 'en'],
    [null, 'привет', 'ru'],
    [null, 'чи працює вотсап у Росії', 'uk'],
    [null, 'واتساپ فیلتر شده؟', 'fa'],
    [null, 'هل واتساب محجوب', 'ar'],
    [null, '微信能用吗', 'zh'],
    [null, 'ツイッターは日本で使えますか', 'en'],
    ['ja', '東京でツイッター', 'en'],
    [null, 'ist WhatsApp gesperrt', 'en'],
  ])('the platform says %j, typed %j: %s', (sender, text, lang) =>
    expect(languageOf(sender, text, translators, 'en')).toBe(lang),
  );
});

describe('choosing', () => {
  test.each(CODES)('%s: by code, by its own name, and by its name in every language that has one', async (code) => {
    const { name } = translators.languages.find((one) => one.code === code)!;
    const done = translators.of(code).say('language.done');
    for (const word of [code, name, name.toUpperCase()])
      expect(await createBot().say(`language ${word}`, { lang: 'en' })).toContain(done);
    expect(known.languages.get(keyOf(name))).toBe(code);
  });

  test('what is no language: all of them, as they are called themselves, each to tap', async () => {
    const said = await createBot().say('language klingon', { lang: 'fr' });
    for (const { code, name } of translators.languages.filter(isWhole))
      expect(said).toContain(`[${name} → language ${code}]`);
  });

  test.each([
    ['en', 'in English please'],
    ['en', 'por favor en inglés'],
    ['ru', 'по-русски, пожалуйста'],
    ['de', 'bitte auf Deutsch'],
    ['fr', 'en français s’il te plaît'],
    ['es', 'en español por favor'],
    ['tr', 'Türkçe lütfen'],
    ['uk', 'українською, будь ласка'],
    ['fa', 'لطفا فارسی'],
    ['ar', 'بالعربية من فضلك'],
    ['zh', '请说中文'],
    ['en', '可以用英文吗'],
  ])('%s, asked for as people do: %s', async (code, text) => {
    const bot = createBot();
    expect(await bot.say(text, { lang: code === 'en' ? 'ru' : 'en' })).toContain(
      translators.of(code).say('language.done'),
    );
  });
});

describe('what commands are called', () => {
  test.each(CODES.filter((code) => code !== 'en'))(
    '%s: nearly every command has a word, none has that of another',
    (code) => {
      const words = COMMANDS.flatMap((name) =>
        known.words.in(code, `command.${name}`).map((word) => [keyOf(word), name] as const),
      );
      expect(new Set(words.map(([, name]) => name)).size).toBeGreaterThanOrEqual(18);
      expect(new Map(words).size).toBe(words.length);
      for (const [key] of words) expect(key.split(' ').length, key).toBeLessThanOrEqual(2);
    },
  );

  test('no word means one command in one language and another elsewhere', () => {
    const byWord = new Map<string, string>();
    for (const name of COMMANDS)
      for (const word of known.words.all(`command.${name}`))
        expect([word, byWord.get(keyOf(word) || word) ?? name]).toEqual([
          word,
          (byWord.set(keyOf(word) || word, name), name),
        ]);
  });

  test.each(CODES.filter((code) => code !== 'en'))('%s: each word, typed, is that command', (code) => {
    const { router } = createBot();
    for (const name of COMMANDS)
      for (const word of known.words.in(code, `command.${name}`))
        expect([word, router.read({ text: `${word} ru` })]).toMatchObject([word, { name, args: 'ru' }]);
  });

  test.each([
    ['de', 'hilfe', 'abonnieren'],
    ['zh', '帮助', '关注'],
    ['fa', 'راهنما', 'دنبال'],
  ])('help in %s: tells the words of that language, and of English, not of all', async (code, help, word) => {
    const said = await createBot().say(`${help} ${word}`, { lang: code });
    expect(said).toContain(word);
    expect(said).toContain('follow');
    expect(said).not.toContain('подписаться');
  });

  test.each(CODES)('level in %s: by the word on its button', async (code) => {
    const words = translators.of(code);
    expect(await createBot().say(`level ${words.say('level.confirmed')}`, { lang: code })).toContain(
      words.say('level.done', { level: words.say('level.confirmed.what') }),
    );
  });
});
