/** Places whose networks are not under the control of the state in which they lie: one hears of both, with who says so. */
import { describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { catalogue, incident, report } from '../render/support.ts';
import { createBot } from './support.ts';

const gazetteer = bundledRegions();
const translators = createTranslators(catalogue, gazetteer);
const bot = () => {
  const made = createBot({ translators, gazetteer });
  made.tables.stored = [
    incident({ id: 'RU-whatsapp-1', country: 'RU', service: 'whatsapp', reports: [report()] }),
    incident({
      id: 'UA-internet-2',
      country: 'UA',
      service: 'internet',
      action: 'shutdown',
      regions: ['UA-43'],
      reports: [report({ service: 'internet', region: 'UA-43' })],
    }),
  ];
  return made;
};

describe('/status of Crimea', () => {
  test.each(['crimea', 'UA-43', 'Крым', 'Crimea'])(
    '%s: the law, whose blocks hold, who says so, and both countries',
    async (typed) => {
      const said = await bot().say(`/status ${typed}`);
      expect(said).toContain(
        'Crimea: Ukraine by law; networks there apply the blocks of Russia (since Mar 2014): who runs it <https://',
      );
      expect(said).toMatch(/Crimea, Ukraine\n.*internet/s);
      expect(said).toMatch(/\nRussia\n.*WhatsApp/s);
    },
  );
  test('of one service: in both', async () => {
    expect(await bot().say('/status UA-43 whatsapp')).toMatch(/\nRussia\n.*WhatsApp/s);
  });
  test.each([
    ['UA-14', 'Donetsk Oblast (a part of it): Ukraine by law'],
    ['GE-AB', 'Abkhazia: Georgia by law; others run the networks there'],
    ['PK-JK', 'Azad Kashmir: claimed by India as well; networks there apply the blocks of Pakistan'],
    ['MA-LAA', 'Western Sahara by law; networks there apply the blocks of Morocco (since 1975)'],
  ])('%s: %s', async (region, sentence) => expect(await bot().say(`/status ${region}`)).toContain(sentence));
  test('a region that is nobody else’s: as ever', async () => {
    expect(await bot().say('/status RU-DA')).not.toContain('by law');
  });
  test.each(translators.languages.map(({ code }) => code))('%s: says it', async (lang) => {
    const said = await bot().say('/status UA-43', { lang });
    expect(said).toContain('https://docslib.org/');
    expect(said).toContain(translators.of(lang).country('RU'));
  });
});
