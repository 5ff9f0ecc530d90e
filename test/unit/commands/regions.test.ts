import { describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { catalogue, incident, report } from '../render/support.ts';
import { createBot } from './support.ts';

const translators = createTranslators(catalogue, bundledRegions());

describe('regions in answers, in the chat’s language', () => {
  test.each([
    ['en', '/status ru', 'in Dagestan, Махачкале'],
    ['ru', '/status ru', '— Дагестан, Махачкале'],
    ['en', '/incident RU-whatsapp-3f9k', 'Where: Dagestan, Махачкале'],
    ['ru', '/incident RU-whatsapp-3f9k', 'Где: Дагестан, Махачкале'],
  ])('%s, %s: by id where it is known, else in the text’s words', async (lang, command, shown) => {
    const bot = createBot({ translators });
    bot.tables.stored = [incident({ regions: ['RU-DA', 'Махачкале'], reports: [report()] })];
    expect(await bot.say(command, { lang })).toContain(shown);
  });
});
