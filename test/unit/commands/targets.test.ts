import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../../src/config/lexicon.ts';
import { COUNTRIES } from '../../../src/core/commands/asking/country-names.ts';
import { createTargetIndex, distance, matchersOf, nearest } from '../../../src/core/commands/asking/targets.ts';
import { words } from '../../fakes/known.ts';
import { expectAtMost } from '../../fakes/pace.ts';
import { catalogue, translators } from '../render/support.ts';

const index = createTargetIndex(catalogue, words);
const read = (text: string): string => {
  const { countries, services, all, problems } = index.parse(text);
  return [
    ...countries,
    ...services,
    ...Array.from({ length: all }, () => '*'),
    ...problems.map((one) => `?${one.word}`),
  ].join(' ');
};

describe('words that name countries and services', () => {
  test.each([
    ['ru whatsapp telegram', 'RU whatsapp telegram'],
    ['RU, IR; x', 'RU IR x'],
    ['🇷🇺🇺🇦 twitter', 'RU UA x'],
    ['Россия', 'RU'],
    ['в россии и турции', 'RU TR'],
    ['Russland', 'RU'],
    ['روسیه', 'RU'],
    ['俄罗斯', 'RU'],
    ['Rusia', 'RU'],
    ['south korea', 'KR'],
    ['Côte d’Ivoire', 'CI'],
    ['cote d ivoire', 'CI'],
    ['TURKIYE', 'TR'],
    ['turkey', 'TR'],
    ['united states google play', 'US google-play'],
    ['the moscow times', 'themoscowtimes'],
    ['Немецкая волна', 'dw'],
    ['ватсап', 'whatsapp'],
    ['X (Twitter)', 'x'],
    ['uk', 'GB'],
    ['eu', 'EU'],
    ['евросоюз', 'EU'],
    ['ru-google-play', 'RU google-play'],
    ['ru-whatsapp', 'RU whatsapp'],
  ])('%s: %s', (text, expected) => expect(read(text)).toBe(expected));

  test.each([
    ['two letters that are a country', 'in me it', 'IN ME IT'],
    ['two letters that are no country but a service', 'dw vk rt', 'dw vk rt'],
    ['one letter', 'x', 'x'],
    ['everyday words that are services', 'max line signal ok', 'max line signal odnoklassniki'],
    ['a preposition that is also a code, before a name', 'whatsapp in russia', 'RU whatsapp'],
    ['the same before a code', 'in pk', 'IN PK'],
    ['the same in capitals', 'IN Russia', 'IN RU'],
    ['the same before a service', 'in whatsapp', 'IN whatsapp'],
    ['the same before a service of two words', 'de google play', 'DE google-play'],
    ['the same behind a service', 'telegram at', 'AT telegram'],
    ['the same between two services', 'telegram to whatsapp', 'TO telegram whatsapp'],
    ['"to" of "subscribe to"', 'to whatsapp in germany', 'DE whatsapp'],
    ['"me to" of "subscribe me to"', 'me to signal in iran', 'IR signal'],
    ['"us to" of "subscribe us to"', 'us to whatsapp', 'whatsapp'],
    ['a country, though it is a pronoun, too', 'me', 'ME'],
    ['in capitals a country', 'US to whatsapp', 'US whatsapp'],
    ['a site name with a dot', 'google.ru', 'google'],
    ['the same words apart', 'google ru', 'RU google'],
    ['a code in small letters by which people mean a service', 'tg', 'telegram'],
    ['the same in capitals', 'TG', 'TG'],
    ['the network itself', 'ru internet', 'RU internet'],
    ['everything', 'all', '*'],
    ['everything in Russian', 'всё', '*'],
    ['twice', '* *', '* *'],
  ])('%s: decided so', (_, text, expected) => expect(read(text)).toBe(expected));

  test('unknown words: named, with the nearest', () => {
    expect(index.parse('watsapp росиия').problems).toEqual([
      { word: 'watsapp', ambiguous: false, options: [{ kind: 'service', id: 'whatsapp' }] },
      { word: 'росиия', ambiguous: false, options: [{ kind: 'country', id: 'RU' }] },
    ]);
  });

  test('a name of two countries: asks which', () => {
    const [problem] = index.parse('congo').problems;
    expect(problem).toMatchObject({ word: 'congo', ambiguous: true });
    expect(problem!.options.map((one) => one.id).sort()).toEqual(['CD', 'CG']);
  });

  test('every code: names its own country, unless it stands before a name', () => {
    for (const code of COUNTRIES) expect(read(code)).toBe(code);
  });

  test('every country as the bot itself spells it: understood', () => {
    for (const lang of ['en', 'ru']) {
      for (const code of COUNTRIES) expect(read(translators.of(lang).country(code))).toBe(code);
    }
  });

  test('every spelling of every service of the bundled catalogue: that service and nothing else', () => {
    const bundled = loadCatalogue();
    const all = createTargetIndex(bundled, words);
    for (const { id, name, aliases } of bundled.services) {
      for (const word of [id, name, ...aliases]) {
        expect({ word, ...all.parse(word) }).toEqual({ word, countries: [], services: [id], all: 0, problems: [] });
      }
    }
  });

  test('a thousand words: answered at once, five problems at most', () => {
    const started = performance.now();
    const parsed = index.parse(Array.from({ length: 1_000 }, (_, i) => `zzzzzzz${i}`).join(' '));
    expect(parsed.problems.length).toBe(5);
    expectAtMost(performance.now() - started, 500);
  });
});

describe('matchers', () => {
  test.each([
    ['ru whatsapp telegram', 'RU/whatsapp RU/telegram'],
    ['ru', 'RU/*'],
    ['whatsapp', '*/whatsapp'],
    ['all', '*/*'],
    ['all ru', 'RU/*'],
    ['whatsapp anywhere', '*/whatsapp'],
    ['', ''],
  ])('"%s": %s', (text, expected) => {
    expect(
      matchersOf(index.parse(text))
        .map((one) => `${one.country}/${one.service}`)
        .join(' '),
    ).toBe(expected);
  });
});

describe('typing errors', () => {
  test.each([
    ['subcribe', 'subscribe', 1],
    ['sutats', 'status', 2],
    ['abcd', 'abdc', 1],
    ['abc', 'xyz', 3],
  ])('%s and %s: %i', (a, b, expected) => expect(distance(a, b, 3)).toBe(expected));

  test('a place that is none, three edits from one: no suggestion', () =>
    expect(nearest('atlantis', ['arjantin'], 3)).toEqual([]));
  test('far words: no suggestion', () => expect(nearest('xyzzy', ['status', 'subscribe'], 3)).toEqual([]));
  test('an endless word: no suggestion, no work', () =>
    expect(nearest('a'.repeat(10_000), ['a'.repeat(9_999)], 3)).toEqual([]));
});
