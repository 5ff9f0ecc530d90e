import { describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import type { RouterDeps } from '../../../src/core/commands/context.ts';
import { reportOf } from '../../../src/core/judge/readers.ts';
import { hoursOf, readersSay } from '../../../src/core/readers.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { bundledCatalogue } from '../../fakes/bundled.ts';
import { NOW } from '../render/support.ts';
import { readersWith, spoke } from './fake-readers.ts';
import { createBot, type Say } from './support.ts';

const button = { button: true } as const;
const [catalogue, gazetteer] = [bundledCatalogue(), bundledRegions()];
const bundled = { catalogue, gazetteer, translators: createTranslators(catalogue, gazetteer) };

describe('is it only me', () => {
  test('the answer about a service has the two buttons; without readers it has none', async () => {
    expect(await createBot(readersWith([]).deps).say('status ru whatsapp')).toContain(
      '[Does not work for me → readers fails RU whatsapp] [Works for me → readers works RU whatsapp]',
    );
    expect(await createBot().say('status ru whatsapp')).not.toContain('Does not work for me');
    expect(await createBot(readersWith([]).deps).say('status ru')).not.toContain('Does not work for me');
  });

  /** Addresses of the page among the buttons, and whether the platform opens it within itself. */
  const pagesUnder = async (text: string, how: Say = {}, page: RouterDeps['testPage'] | null = testPage) => {
    const bot = createBot({ ...readersWith([]).deps, ...(page && { testPage: page }) });
    const { documents } = (await bot.answer(text, how))!;
    return documents.flatMap(({ buttons }) => buttons.flat()).flatMap(({ press }) => ('url' in press ? [press] : []));
  };
  const testPage = (country: string, service: string, lang: string) =>
    service === 'whatsapp' ? `https://x.example/here/${country}/${service}/${lang}` : null;
  const url = 'https://x.example/here/RU/whatsapp/en';

  test.each([
    ['an answer about one service there', 'status ru whatsapp'],
    ['a question in words', 'whatsapp does not load in russia, is it just me?'],
    ['the question of readers', 'readers whatsapp ru'],
    ['a word that was just said', 'readers fails RU whatsapp'],
  ])(
    '%s, and a page that measures it: [Test from here], within the platform in a private chat alone',
    async (_, text) => {
      expect(await pagesUnder(text)).toEqual([{ url, app: true }]);
      for (const chatKind of ['group', 'channel'] as const)
        expect(await pagesUnder(text, { chatKind })).toEqual([{ url, app: false }]);
    },
  );

  test('a service in no country: its page asks which', async () => {
    expect(await pagesUnder('status whatsapp')).toEqual([{ url: url.replace('RU', '*'), app: true }]);
  });

  test.each([
    'status ru',
    'status',
    'status ru whatsapp telegram',
    'status ru telegram',
    'readers telegram ru',
    'help',
  ])('%s: no [Test from here], which is about one service that the page measures', async (text) =>
    expect(await pagesUnder(text)).toEqual([]),
  );

  test('without the page: none anywhere', async () => {
    for (const text of ['status ru whatsapp', 'readers whatsapp ru', 'readers fails RU whatsapp'])
      expect(await pagesUnder(text, {}, null)).toEqual([]);
  });

  test('"is it just me?": leads to the buttons', async () => {
    const bot = createBot(readersWith([]).deps);
    expect(await bot.say('whatsapp does not load in russia, is it just me?')).toContain('readers fails RU whatsapp');
  });

  test.each([
    ['en', 'whatsapp does not load in russia, is it just me?'],
    ['ru', 'у меня ватсап не грузит в россии, это у всех?'],
    ['ru', 'у меня ватсап не грузит, это у всех?'],
    ['uk', 'у мене в росії не вантажиться ватсап, це у всіх так?'],
    ['de', 'WhatsApp lädt bei mir in Russland nicht, ist das nur bei mir so?'],
    ['fr', 'WhatsApp ne charge pas chez moi en Russie, c’est que moi ?'],
    ['es', 'a mí no me carga WhatsApp en Rusia, ¿les pasa a todos?'],
    ['tr', 'Rusya’da WhatsApp bende açılmıyor, sadece bende mi?'],
    ['fa', 'واتساپ توی روسیه برای من باز نمیشه، فقط من اینجوری‌ام؟'],
    ['ar', 'واتساب لا يعمل عندي في روسيا، هل المشكلة عندي فقط؟'],
    ['zh', '俄罗斯的WhatsApp打不开，是只有我这样吗？'],
  ])('%s, "%s": the two buttons, and how many say so', async (lang, text) => {
    const { deps } = readersWith([spoke(37), spoke(4, { verdict: 'works' })]);
    const said = await createBot({ ...deps, ...bundled }).say(text, { lang });
    expect(said).toContain('→ readers fails RU whatsapp]');
    expect(said).toContain('→ readers works RU whatsapp]');
    const [fails, works] = [37, 4].map((n) => new Intl.NumberFormat(lang).format(n));
    expect(said).toMatch(new RegExp(`(37|${fails}).*(4|${works})`, 'u'));
  });

  test('a tap: counted, with what is known and how many say so', async () => {
    const { deps, taken } = readersWith([spoke(30), spoke(7, { quartersAgo: 1 }), spoke(4, { verdict: 'works' })]);
    const said = await createBot(deps).say('readers fails RU whatsapp', button);
    expect(said).toContain('Counted: it does not work for you.');
    expect(said).toContain('does not work for 37, works for 4');
    expect(said).toContain('mostly since');
    expect(said).not.toContain('new here');
    const verdicts = [{ service: 'whatsapp', verdict: 'fails' }];
    expect(taken).toEqual([{ country: 'RU', door: 'chat', token: 'telegram:100', settled: false, verdicts }]);
  });

  test('fewer than ten: no number is said', async () => {
    const said = await createBot(readersWith([spoke(9)]).deps).say('readers whatsapp ru');
    expect(said).toContain('a few readers spoke');
    expect(said).not.toMatch(/does not work for \d/u);
  });

  test('mostly new accounts: said', async () => {
    const said = await createBot(readersWith([spoke(5_000, { settled: 0 })]).deps).say('readers whatsapp ru');
    expect(said).toContain('many of them are new here');
  });

  test('failing in several countries at once: said as an outage', async () => {
    const counts = ['RU', 'DE', 'BR'].map((country) => spoke(20, { country }));
    expect(await createBot(readersWith(counts).deps).say('readers whatsapp ru')).toContain('Readers in 3 countries');
    expect(await createBot(readersWith(counts.slice(1)).deps).say('readers whatsapp ru')).not.toContain('Readers in');
  });

  test('no country is known: asked once, and remembered in a private chat', async () => {
    const { deps, taken } = readersWith([]);
    const bot = createBot(deps);
    expect(await bot.say('readers fails whatsapp', button)).toContain('In which country are you?');
    expect(taken).toEqual([]);
    await bot.say('readers fails whatsapp KZ', button);
    await bot.say('readers fails telegram', button);
    expect(taken.map(({ country }) => country)).toEqual(['KZ', 'KZ']);
  });

  test('an operator named with it: told where it is of that country', async () => {
    const { deps, taken } = readersWith([]);
    await createBot(deps).say('readers fails whatsapp ru AS8359');
    expect(taken.map(({ operator }) => operator)).toEqual(['AS8359']);
  });

  test('an operator, if one likes: offered after the word, remembered in a private chat, and told from then on', async () => {
    const { deps, taken } = readersWith([]);
    const bot = createBot(deps);
    const said = await bot.say('readers fails RU whatsapp', button);
    expect(said).toContain('With which provider? If you like');
    const [, press, asn] = /→ (readers fails RU whatsapp (AS\d+))\]/u.exec(said)!;
    expect(await bot.say(press!, button)).not.toContain('With which provider?');
    await bot.say('readers works telegram', button);
    expect(taken.map(({ operator }) => operator)).toEqual([undefined, asn, asn]);
    await bot.say('readers fails KZ whatsapp', button);
    expect(taken.at(-1)).not.toHaveProperty('operator');
  });

  test('many people write: each word counts all the same', async () => {
    const { deps, taken } = readersWith([spoke(30)]);
    const said = await createBot(deps).say('readers fails RU whatsapp', { ...button, crowded: true });
    expect(taken).toHaveLength(1);
    expect(said.split('\n')).toEqual([
      'Counted: it does not work for you.',
      expect.stringContaining('does not work for 30,'),
    ]);
  });

  test('many people write, and it is pressed where a popup is possible: the popup alone, unless it asks where they are', async () => {
    const whisper = () => {};
    const { deps } = readersWith([spoke(30)]);
    const aside = async (text: string, how: object) => (await createBot(deps).answer(text, how))?.aside;
    const crowd = { whisper, crowded: true };
    expect(await aside('readers fails RU whatsapp', crowd)).toBe(true);
    expect(await aside('readers fails whatsapp', { ...crowd, lang: 'ru' })).toBe(false);
    expect(await aside('readers fails RU whatsapp', { whisper })).toBe(false);
    expect(await aside('readers fails RU whatsapp', { crowded: true })).toBe(false);
    expect(await aside('readers RU whatsapp', crowd)).toBe(false);
  });

  test('a member of a group who is no admin: may speak, and never counts as settled', async () => {
    const { deps, taken } = readersWith([]);
    await createBot(deps).say('readers fails ru whatsapp', { chatKind: 'group', admin: false });
    expect(taken.map(({ settled }) => settled)).toEqual([false]);
  });

  test('forwarded by somebody: nothing is counted', async () => {
    const { deps, taken } = readersWith([]);
    await createBot(deps).say('readers fails ru whatsapp', { forwarded: true });
    expect(taken).toEqual([]);
  });

  test('history of one service in one country: hours in which enough spoke, others left out', async () => {
    const counts = [spoke(12), spoke(4, { quartersAgo: 8 })];
    const said = await createBot(readersWith(counts).deps).say('history ru whatsapp');
    expect(said).toContain('12 / 0');
    expect(said).not.toContain('4 / 0');
  });

  test('forget: says what is left, and the country is not remembered', async () => {
    const { deps, taken } = readersWith([]);
    const bot = createBot(deps);
    await bot.say('subscribe ru whatsapp');
    await bot.say('subscribe ir whatsapp');
    await bot.say('readers fails whatsapp KZ', button);
    expect(await bot.say('forget yes', button)).toContain('thrown away each day');
    await bot.say('readers fails telegram', button);
    expect(taken.map(({ country }) => country)).not.toEqual(['KZ', 'KZ']);
  });
});

describe('what counts say', () => {
  test('what peers and the public read of a suspicion: no number of fewer than ten', () => {
    const of = { country: 'RU', service: 'whatsapp', since: NOW, fails: 45 };
    const few = reportOf({ ...of, works: 9 }, 'r');
    expect([few.title, few.measured?.measurements]).toEqual(['whatsapp: does not work for 45 readers', 45]);
    const many = reportOf({ ...of, works: 10 }, 'r');
    expect([many.title, many.measured?.measurements]).toEqual([
      'whatsapp: does not work for 45 readers, works for 10',
      55,
    ]);
  });

  test('nobody, or nine: nothing', () => {
    expect([readersSay([], NOW), readersSay([spoke(9)], NOW)]).toEqual([null, null]);
  });

  test('it has been so for all six hours: no beginning is named', () => {
    const counts = Array.from({ length: 24 }, (_, i) => spoke(10, { quartersAgo: i }));
    expect(readersSay(counts, NOW)?.since).toBeNull();
  });

  test('hours: newest first, only those of ten and more', () => {
    const hours = hoursOf([spoke(10, { quartersAgo: 8 }), spoke(10), spoke(9, { quartersAgo: 16 })]);
    expect(hours.map(({ fails }) => fails)).toEqual([10, 10]);
    expect(hours[0]!.at).toBeGreaterThan(hours[1]!.at);
  });
});
