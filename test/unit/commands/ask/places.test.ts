/** What is a place, a network, a service, and what is none: over all countries, their cities, and words that everybody says. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import CITIES from '../../../../config/cities.json' with { type: 'json' };
import { bundledRegions } from '../../../../src/config/catalogue.ts';
import { COUNTRIES } from '../../../../src/core/commands/asking/country-names.ts';
import { createNames, scan } from '../../../../src/core/commands/asking/scan.ts';
import { createTargetIndex } from '../../../../src/core/commands/asking/targets.ts';
import { bundledCatalogue } from '../../../fakes/bundled.ts';
import { known, words } from '../../../fakes/known.ts';
import { asking, hosts } from './bench.ts';

const catalogue = bundledCatalogue();
const names = createNames(createTargetIndex(catalogue, words), catalogue, known);
const regions = bundledRegions();
const found = (text: string) => scan(text, names, null, regions);
/** Countries that it may be about, asked back or not. */
const countriesIn = (text: string): string[] => {
  const { countries, doubts } = found(text);
  return [...countries, ...doubts.flatMap(({ options }) => options.map(({ id }) => id.slice(0, 2)))];
};

describe('countries and their cities', () => {
  test.each(words.languages)('%s: every country by its name is that, and none other', (lang) => {
    const called = new Intl.DisplayNames(lang, { type: 'region', fallback: 'none' });
    // "科科斯（基林）群岛" has brackets within, "South Georgia & South Sandwich Islands" a sign and a twin.
    const wrong = COUNTRIES.filter((id) => id !== 'CC' && id !== 'GS').flatMap((id) => {
      const name = called.of(id);
      const got = name ? countriesIn(`whatsapp ${name}`) : [id];
      return got.includes(id) && (got.length === 1 || found(`whatsapp ${name}`).doubts.length > 0)
        ? []
        : [`${id} ${name}: ${got.join(' ')}`];
    });
    expect(wrong).toEqual([]);
  });

  test('every capital and great city, in ten languages, is in its country, and nowhere else', () => {
    const all = Object.entries(CITIES).flatMap(([id, list]) =>
      COUNTRIES.includes(id) ? list.split('|').map((name) => [id, name] as const) : [],
    );
    expect(all.length).toBeGreaterThan(2_000);
    const wrong = all.flatMap(([id, name]) => {
      const got = countriesIn(`whatsapp ${name}`);
      return got.length > 0 && got.every((one) => one === id) ? [] : [`${id} ${name}: ${got.join(' ')}`];
    });
    expect(wrong).toEqual([]);
  });
});

const EVERYDAY = readFileSync(new URL('everyday.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(': ') as [lang: string, words: string]);

/** Words of no language, in each script. */
const STRANGE: Record<string, (word: string) => string> = {
  Latin: (word) => `brumzel kvantor ${word} plixor glont shurbz`,
  Cyrillic: (word) => `брумзель квантор ${word} пликсор глонт шурб`,
  Arabic: (word) => `برومزلکق کوانتورط ${word} پلیکسورظ غلونطظ شورظط`,
};
const scriptOf = (word: string): string =>
  Object.keys(STRANGE).find((script) => new RegExp(`\\p{Script=${script}}`, 'u').test(word)) ?? 'Latin';

test.each(EVERYDAY)('%s: what everybody says is no place, network or service', (_, list) => {
  const wrong = list.split(' ').flatMap((word) => {
    const { countries, services, regions: parts, networks, doubts, guesses } = found(STRANGE[scriptOf(word)]!(word));
    const got = [...countries, ...services, ...parts, ...networks, ...[...doubts, ...guesses].map((one) => one.word)];
    return got.length === 0 ? [] : [`${word}: ${got.join(' ')}`];
  });
  expect(wrong).toEqual([]);
});

test.each([
  ['أختي في أم درمان ما ترد على اتصالاتي من يومين، لا واتساب ولا ماسنجر', ['SD'], []],
  ['مين وراك؟ حكومة ولا مخابرات ولا ايش بالضبط', [], []],
  ['اینترنت مخابرات از دیشب قطعه', ['IR'], ['AS58224']],
  ['عاجل: انقطاع شبه كامل للإنترنت في اليمن بعد قصف محطة اتصالات بالحديدة', ['YE'], []],
  ['En Telegram no cargan las fotos en Guinea, la de Malabo, no la otra', ['GQ'], []],
  ['whatsapp in Guinea and in Malabo and in Mali', ['GN', 'ML', 'GQ'], []],
  ['No logro comunicarme con mi hermano en Puerto Príncipe ni por llamada', ['HT'], []],
] as const)('%s: its place, and only networks that are meant', (text, countries, networks) => {
  const said = found(text);
  expect([said.countries, said.networks]).toEqual([countries, networks]);
});

/** Of these nobody is told how it stands elsewhere. */
test.each(
  readFileSync(new URL('nowhere.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n'),
)('%s: a place that nobody knows', (text) => {
  const asked = asking(text, hosts);
  const lost = asked.kind === 'intent' || asked.kind === 'offer' ? asked.about.lost : null;
  expect([asked.kind, lost !== null]).toEqual([lost === null ? 'place' : asked.kind, lost !== null]);
});

test.each([
  ['est-ce que Mediapart est bloqué en Algérie', 'Mediapart'],
  ['ist Netzpolitik Forum in der Türkei seit gestern gesperrt', 'Netzpolitik Forum'],
  ['¿bloquearon El Pitazo en Venezuela?', 'Pitazo'],
])('%s: what nobody knows is named', (text, strange) => {
  const asked = asking(text, hosts);
  expect(asked.kind === 'command' ? asked.strange : asked.kind === 'intent' ? asked.about.strange : null).toBe(strange);
});
