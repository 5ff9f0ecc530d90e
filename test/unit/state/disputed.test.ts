/** Places whose networks are not under the control of the state in which they lie. Over the bundled table. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import { COUNTRIES } from '../../../src/core/commands/asking/country-names.ts';
import type { DisputedPlace } from '../../../src/core/ports/reading.ts';
import { countriesAt, sayingOf } from '../../../src/core/state/disputed.ts';

const gazetteer = bundledRegions();
const { places } = JSON.parse(
  readFileSync(new URL('../../../config/disputed-places.json', import.meta.url), 'utf8'),
) as { places: DisputedPlace[] };

test('every row: regions that there are, each once, countries that there are, a time, and a page that says so', () => {
  const regions = places.flatMap((one) => one.regions);
  expect(new Set(regions).size).toBe(regions.length);
  for (const one of places) {
    for (const id of one.regions) expect(gazetteer.nameOf(id, 'en'), id).not.toBeNull();
    expect(
      [one.law, one.applies ?? one.law].every((code) => COUNTRIES.includes(code)),
      JSON.stringify(one),
    ).toBe(true);
    expect(one.since).toMatch(/^\d{4}(?:-(?:0[1-9]|1[0-2]))?$/);
    expect(one.reference).toMatch(/^https:\/\//);
  }
});

test.each<[string, string[], string | null]>([
  ['UA-43', ['UA', 'RU'], 'occupied'],
  ['UA-40', ['UA', 'RU'], 'occupied'],
  ['UA-14', ['UA', 'RU'], 'occupied'],
  ['UA-65', ['UA', 'RU'], 'occupied'],
  ['GE-AB', ['GE'], 'apart'],
  ['MD-SN', ['MD'], 'apart'],
  ['CY-06', ['CY'], 'apart'],
  ['MA-LAA', ['MA', 'EH'], 'occupied'],
  ['IN-JK', ['IN', 'PK'], 'claimed'],
  ['PK-JK', ['PK', 'IN'], 'claimed'],
  ['SY-QU', ['SY', 'IL'], 'occupied'],
  ['RU-DA', ['RU'], null],
  ['UA-46', ['UA'], null],
])('%s: of which countries one hears, and how it is said', (region, countries, saying) => {
  const place = gazetteer.disputed(region);
  expect(countriesAt(region, place)).toEqual(countries);
  expect(place && sayingOf(region, place)).toBe(saying);
});

describe('where a text puts it', () => {
  test.each<[string, string, string | null]>([
    ['UA', 'Crimea', 'UA-43'],
    ['RU', 'Crimea', 'UA-43'],
    ['RU', 'Севастополе', 'UA-40'],
    ['RU', 'Донецкой области', 'UA-14'],
    ['RU', 'UA-43', 'UA-43'],
    ['RU', 'Lviv', null],
    ['IN', 'Azad Kashmir', 'PK-JK'],
    ['PK', 'Ladakh', 'IN-LA'],
    ['EH', 'Laâyoune', 'MA-LAA'],
    ['RU', 'Abkhazia', null],
    ['CN', 'Crimea', null],
    ['RU', 'Dagestan', 'RU-DA'],
  ])('%s, "%s": %s', (country, text, id) => {
    expect(gazetteer.place(country, text)?.region ?? null).toBe(id);
    if (id) expect(gazetteer.place(country, text)!.country).toBe(id.slice(0, 2));
  });
});
