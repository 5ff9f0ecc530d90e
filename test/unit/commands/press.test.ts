/** How well a country's press is heard, as people and operators are told. */
import { describe, expect, test } from 'vitest';
import type { PressHealth } from '../../../src/core/commands/look/health.ts';
import { NOW } from '../render/support.ts';
import { createBot } from './support.ts';

const HOUR = 3_600_000;
const heard = (country: string, n: number, over: Partial<PressHealth['countries'][number]> = {}) => ({
  country,
  feeds: 6,
  owners: 5,
  heard: n,
  troubled: 0,
  newestAt: n > 0 ? NOW - HOUR : null,
  languages: n > 0 ? ['en', 'lg'] : [],
  waiting: false,
  ...over,
});
const press = (...countries: PressHealth['countries']): PressHealth => ({
  countries,
  owners: { UG: 5, NR: 0, TV: 1 },
  pollsAMinute: 200,
  megabytesAnHour: 500,
  firstMs: 5 * 60_000,
  othersMs: 12 * 60_000,
});
const bot = (of: PressHealth | null) => createBot({ press: async () => of });

describe('a country that is hardly heard', () => {
  test.each([
    ['one owner', 'UG', press(heard('UG', 1)), 'From Uganda I hear one outlet at present.'],
    ['none', 'UG', press(heard('UG', 0)), 'From Uganda I hear no outlet at present.'],
    ['two', 'UG', press(heard('UG', 2)), null],
    ['not asked yet, five are known', 'UG', press(heard('UG', 0, { waiting: true })), null],
    ['not followed yet, five are known', 'UG', press(), null],
    ['not followed yet, one is known', 'TV', press(), 'From Tuvalu I hear one outlet at present.'],
    ['nobody knows of an outlet there', 'NR', press(), 'From Nauru I hear no outlet at present.'],
    ['no press is read here', 'NR', null, null],
  ])('%s: subscribe and status say so, or nothing', async (_name, country, of, said) => {
    for (const text of [`subscribe ${country}`, `status ${country}`]) {
      const answer = await bot(of).say(text);
      if (said === null) expect(answer).not.toMatch(/I hear/);
      else expect(answer).toContain(said);
    }
  });

  test('the whole world, or a service everywhere: no word', async () => {
    for (const text of ['subscribe all', 'status', 'status whatsapp'])
      expect(await bot(press(heard('UG', 0))).say(text)).not.toMatch(/I hear/);
  });

  test('in the chat’s language', async () => {
    expect(await bot(press(heard('UG', 1))).say('status ug', { lang: 'tr' })).toContain(
      'Uganda: şu anda oradan yalnızca bir yayın organını duyuyorum.',
    );
  });
});

describe('sources, of the press', () => {
  const sources = (of: PressHealth | null) => bot(of).say('sources', { sender: 'telegram:1' });

  test('by country: owners, the newest item, languages; what is not heard is marked; and the rule', async () => {
    const said = await sources(
      press(heard('TR', 0), heard('KE', 0, { waiting: true }), heard('UG', 1), heard('PK', 4)),
    );
    expect(said).toContain('The press by country, read while a chat follows it');
    expect(said).toMatch(/🔴 Türkiye.*owners heard: 0 of 5/);
    expect(said).toMatch(/❔ Kenya.*not read yet/);
    expect(said).toMatch(/🟠 Uganda.*owners heard: 1 of 5; newest item 60 minutes ago; en, lg/);
    expect(said).toMatch(/\n[^🔴🟠❔\n]*Pakistan.*owners heard: 4 of 5/u);
    expect(said).toContain(
      'At most 200 requests a minute and 500 MB an hour. No country is left out. Two owners of each country come first, every 5 minutes; all others share what is left, every 12 minutes.',
    );
  });

  test('all are asked as often: the rule says so', async () => {
    expect(await sources({ ...press(heard('UG', 2)), firstMs: 300_000, othersMs: 300_000 })).toContain(
      'Each outlet is asked every 5 minutes at most',
    );
  });

  test('more countries than fit: the rest is counted', async () => {
    const many = Array.from({ length: 75 }, (_, i) => heard(`${'ABC'[i % 3]}${String.fromCharCode(65 + (i % 26))}`, 2));
    expect(await sources(press(...many))).toContain('15 more');
  });

  test('none is followed, or none is read: no word', async () => {
    for (const of of [press(), null]) expect(await sources(of)).not.toMatch(/press/i);
  });
});
