/** Names of regions: which id a text means, and what it is called. Over the bundled gazetteer. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import { createGazetteer, isSameRegion } from '../../../src/core/correlate/regions.ts';
import type { RegionNames } from '../../../src/core/ports/reading.ts';

const gazetteer = bundledRegions();

describe('which region a text means', () => {
  test.each<[string, string, string | null]>([
    ['RU', 'Dagestan', 'RU-DA'],
    ['RU', 'dagestan', 'RU-DA'],
    ['RU', 'Republic of Dagestan', 'RU-DA'],
    ['RU', 'Дагестан', 'RU-DA'],
    ['RU', 'в Дагестане', 'RU-DA'],
    ['RU', 'Дагестаном', 'RU-DA'],
    ['RU', 'Республике Дагестан', 'RU-DA'],
    ['RU', 'Чеченской Республики', 'RU-CE'],
    ['RU', 'Чечне', 'RU-CE'],
    ['RU', 'Chechnya', 'RU-CE'],
    ['RU', 'Белгородской области', 'RU-BEL'],
    ['RU', 'Belgorod Oblast', 'RU-BEL'],
    ['RU', 'Belgorod region', 'RU-BEL'],
    ['RU', 'Краснодарском крае', 'RU-KDA'],
    ['RU', 'Хабаровского края', 'RU-KHA'],
    ['RU', 'Кабардино-Балкарии', 'RU-KB'],
    ['RU', 'Санкт-Петербурге', 'RU-SPE'],
    ['RU', 'St. Petersburg', 'RU-SPE'],
    ['RU', 'Ханты-Мансийском автономном округе', 'RU-KHM'],
    ['RU', 'Ростовской области', 'RU-ROS'],
    ['RU', 'Подмосковье', 'RU-MOS'],
    ['IR', 'Khuzestan', 'IR-10'],
    ['IR', 'Khūzestān Province', 'IR-10'],
    ['IR', 'Хузестане', 'IR-10'],
    ['IR', 'خوزستان', 'IR-10'],
    ['IR', 'استان خوزستان', 'IR-10'],
    ['IR', 'Sistan and Baluchestan', 'IR-13'],
    ['IR', 'Систане и Белуджистане', 'IR-13'],
    ['ID', 'West Papua', 'ID-PB'],
    ['ID', 'Papua', 'ID-PA'],
    ['ID', 'Западном Папуа', 'ID-PB'],
    ['ET', 'Amhara', 'ET-AM'],
    ['ET', 'Amhara region', 'ET-AM'],
    ['ET', 'Амхаре', 'ET-AM'],
    ['ET', 'አማራ', 'ET-AM'],
    ['UA', 'Kharkiv', 'UA-63'],
    ['UA', 'Kharkiv Oblast', 'UA-63'],
    ['UA', 'Харьковской области', 'UA-63'],
    ['KZ', 'Almaty', 'KZ-75'],
    ['KZ', 'Almaty Region', 'KZ-19'],
    ['KZ', 'Акмолинской области', 'KZ-11'],
    ['KZ', 'Akmola', 'KZ-11'],
    ['PK', 'Balochistan', 'PK-BA'],
    ['RU', 'Курске', 'RU-KRS'],
    ['RU', 'Омске', 'RU-OMS'],
    ['RU', 'Твери', 'RU-TVE'],
    ['RU', 'Тверской области', 'RU-TVE'],
    ['RU', 'Краснодаре', 'RU-KDA'],
    ['RU', 'Хабаровском крае', 'RU-KHA'],
    ['RU', 'Амурской области', 'RU-AMU'],
    ['RU', 'Амурске', null],
    ['RU', 'Кировской области', 'RU-KIR'],
    ['RU', 'Кировске', null],
    ['UA', 'Харькове', 'UA-63'],
    ['UA', 'Донецке', 'UA-14'],
    ['IQ', 'Anbar', 'IQ-AN'],
    ['IN', 'Kashmir', 'IN-JK'],
    ['IN', 'Jammu and Kashmir', 'IN-JK'],
    ['IN', 'Манипуре', 'IN-MN'],
    ['IQ', 'RU-DA', null],
    ['RU', 'RU-DA', 'RU-DA'],
    ['RU', 'RU-XYZ', null],
  ])('%s, "%s": %s', (country, text, id) => {
    expect(gazetteer.find(country, text)).toBe(id);
  });

  test.each<[string, string, string | null]>([
    ['RU', 'Moscow', 'RU-MOW'],
    ['RU', 'Москве', 'RU-MOW'],
    ['RU', 'city of Moscow', 'RU-MOW'],
    ['RU', 'городе Москве', 'RU-MOW'],
    ['RU', 'Moscow Oblast', 'RU-MOS'],
    ['RU', 'Moscow region', 'RU-MOS'],
    ['RU', 'Московской области', 'RU-MOS'],
    ['UA', 'Kyiv', 'UA-30'],
    ['UA', 'Киеве', 'UA-30'],
    ['UA', 'Киевской области', 'UA-32'],
    ['UA', 'Kyiv region', 'UA-32'],
    ['RU', 'Altai Krai', 'RU-ALT'],
    ['RU', 'Алтайском крае', 'RU-ALT'],
    ['RU', 'Республике Алтай', 'RU-AL'],
    ['RU', 'на Алтае', null],
    ['RU', 'Altai', null],
    ['US', 'Вашингтоне', null],
  ])('of one name, told apart by the qualifying word: %s, "%s": %s', (country, text, id) => {
    expect(gazetteer.find(country, text)).toBe(id);
  });

  test.each<[string, string, string, string | null]>([
    ['AF', 'بلخ', 'fa', 'AF-BAL'],
    ['TR', 'إسطنبول', 'ar', 'TR-34'],
    ['TR', 'إسطنبول', 'zh', null],
    ['TR', 'İstanbul’da', 'tr', 'TR-34'],
    ['RU', "Dağıstan'da", 'tr', 'RU-DA'],
    ['RU', 'Дагестані', 'uk', 'RU-DA'],
    ['RU', "'да", 'tr', null],
    ['RU', 'Atlantis’te', 'tr', null],
    ['RU', 'Дагестан', '../../etc', 'RU-DA'],
  ])('in the language of the text: %s, "%s", %s: %s', (country, text, lang, id) => {
    expect(gazetteer.find(country, text, lang)).toBe(id);
  });

  test.each<[string, string]>([
    ['RU', ''],
    ['RU', '   '],
    ['RU', 'region'],
    ['RU', 'область'],
    ['RU', 'Atlantis'],
    ['IR', 'Dagestan'],
    ['EU', 'Dagestan'],
    ['XX', 'Dagestan'],
    ['ru', 'Dagestan'],
    ['"RU', 'Dagestan'],
    ['RU', '__proto__'],
    ['RU', 'RU-constructor'],
    ['RU', '\u202eDagestan Chechnya'],
    ['RU', `Dagestan${' '.repeat(1_000_000)}`],
    ['RU', 'о'.repeat(1_000_000)],
    ['RU', '\ud800'],
  ])('none: %j, %j', (country, text) => {
    expect(gazetteer.find(country, text)).toBeNull();
  });

  test('a hundred thousand texts of endings and marks: each in microseconds, none throws', () => {
    const hostile = ['ого'.repeat(33), 'а\u0301'.repeat(50), '"\n":{'.repeat(20), 'ﷺ'.repeat(100), '-'.repeat(100)];
    for (const text of hostile) expect(gazetteer.find('RU', text.slice(0, 100))).toBeNull();
  });
});

describe('what a region is called', () => {
  test.each<[string, string, string | null]>([
    ['RU-DA', 'en', 'Dagestan'],
    ['RU-DA', 'ru', 'Дагестан'],
    ['RU-DA', 'de', 'Dagestan'],
    ['RU-MOS', 'en', 'Moscow Oblast'],
    ['RU-MOS', 'ru', 'Московская область'],
    ['IR-10', 'ru', 'Хузестан'],
    ['ID-PB', 'en', 'West Papua'],
    ['RU-XYZ', 'en', null],
    ['XX-DA', 'en', null],
    ['Dagestan', 'en', null],
    ['RU-', 'en', null],
    ['RU-__PROTO__', 'en', null],
  ])('%s in %s: %s', (id, lang, name) => {
    expect(gazetteer.nameOf(id, lang)).toBe(name);
  });
});

describe('the whole gazetteer', () => {
  const { about, ...countries } = JSON.parse(
    readFileSync(new URL('../../../config/regions.json', import.meta.url), 'utf8'),
  ) as { about: string } & Record<string, RegionNames>;

  test('each region is found by its English and its Russian name, unless its country has two of that name', () => {
    const shared: string[] = [];
    const wrong: string[] = [];
    for (const [country, regions] of Object.entries(countries))
      for (const [code, [en, ru]] of Object.entries(regions))
        for (const [lang, name] of [
          ['en', en],
          ['ru', ru],
        ] as const) {
          if (!name) continue;
          const id = gazetteer.find(country, name);
          if (id === null) shared.push(`${country} ${name}`);
          else if (id !== `${country}-${code}` || gazetteer.nameOf(id, lang) !== name) wrong.push(`${id} ${name}`);
        }
    expect(wrong).toEqual([]);
    const times = Map.groupBy(shared, (one) => one);
    expect([...times].filter(([, list]) => list.length < 2).map(([one]) => one)).toEqual([]);
    expect(shared.length).toBeLessThan(60);
  });

  test('names its source and licence, and stays small', () => {
    expect(about).toContain('Unicode');
    expect(Buffer.byteLength(JSON.stringify(countries))).toBeLessThan(600_000);
  });
});

describe('the same region', () => {
  test.each<[string, string, boolean]>([
    ['RU-MOW', 'RU-MOW', true],
    ['RU-MOW', 'RU-MOS', false],
    ['Белгороде', 'Белгород', true],
    ['RU-BEL', 'Белгород', false],
  ])('%s and %s: %s', (a, b, same) => {
    expect(isSameRegion(a, b)).toBe(same);
  });
});

describe('names in other languages', () => {
  const LANGS = ['fa', 'tr', 'uk', 'de', 'es', 'fr', 'ar', 'zh'];

  test.each([
    ['uk', 'RU-DA', 'Дагестан'],
    ['tr', 'RU-DA', 'Dağıstan'],
    ['fa', 'IR-16', 'استان کردستان'],
    ['de', 'RU-DA', 'Dagestan'],
    ['xx', 'RU-DA', 'Dagestan'],
    ['../../etc', 'RU-DA', 'Dagestan'],
    ['uk', 'RU-NOPE', null],
  ])('%s, %s: %s', (lang, id, name) => {
    const found = bundledRegions().nameOf(id, lang);
    if (name === null) expect(found).toBeNull();
    else expect(found).toContain(name);
  });

  test('where shutdowns of regions are told: every region has a name in its letters', () => {
    const gazetteer = bundledRegions();
    const LETTERS: Record<string, RegExp> = {
      fa: /\p{Script=Arabic}/u,
      ar: /\p{Script=Arabic}/u,
      zh: /\p{Script=Han}/u,
    };
    for (const id of [
      'RU-DA',
      'RU-CE',
      'RU-BEL',
      'RU-MOW',
      'RU-SPE',
      'IR-16',
      'IR-13',
      'UA-30',
      'UA-14',
      'TR-34',
      'TR-21',
      'CN-XJ',
    ])
      for (const lang of LANGS)
        expect([id, lang, gazetteer.nameOf(id, lang)]).toEqual([
          id,
          lang,
          expect.stringMatching(LETTERS[lang] ?? /\p{L}/u),
        ]);
  });

  test('read once a country and language, and not for English and Russian', () => {
    const asked: string[] = [];
    const gazetteer = createGazetteer(
      () => ({ DA: ['Dagestan', 'Дагестан'], MOW: ['Moscow', 'Москва'] }),
      undefined,
      (country, lang) => (asked.push(`${country} ${lang}`), lang === 'tr' ? { DA: 'Dağıstan' } : null),
    );
    const said = ['en', 'ru', 'tr', 'tr', 'de', 'de'].map((lang) => gazetteer.nameOf('RU-DA', lang));
    expect(said).toEqual(['Dagestan', 'Дагестан', 'Dağıstan', 'Dağıstan', 'Dagestan', 'Dagestan']);
    expect(gazetteer.nameOf('RU-MOW', 'tr')).toBe('Moscow');
    expect(asked).toEqual(['RU tr', 'RU de']);
  });
});
