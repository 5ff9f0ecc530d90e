import { expect, test } from 'vitest';
import { bundledPublishers } from '../../../src/config/catalogue.ts';
import type { Item } from '../../../src/core/model/item.ts';
import type { Extractor } from '../../../src/core/ports/reading.ts';
import { quietLog } from '../../../src/core/ports/runtime.ts';
import { createItemReading } from '../../../src/core/read.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { bundledExtractor } from '../../fakes/bundled.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const clock = new FakeClock();
const reading = (extractor: Extractor) =>
  createItemReading({
    store: {
      seen: { known: async () => new Set<string>() },
      incidents: { openByKey: async () => null },
      reports: { byIncident: async () => [] },
    } as never,
    extractor,
    policy: { firstPollWindow: 3_600_000 },
    bound: { forgottenUntil: async () => 0 },
    clock,
    ids: createIds(clock),
    log: quietLog,
    publishers: bundledPublishers(),
  });
const item = (title: string, over: Partial<Item>): Item => ({
  sourceId: 's',
  guid: null,
  url: null,
  title,
  summary: '',
  lang: 'en',
  publishedAt: clock.now(),
  dated: true,
  publisher: 'p',
  publisherName: 'P',
  authority: false,
  ...over,
});
const countriesIn = async (title: string, over: Partial<Item>, extractor: Extractor = bundledExtractor()) => {
  const { relevant } = await reading(extractor)('s', [item(title, over)], false);
  return relevant.flatMap(({ reports }) => reports.map(({ country }) => country));
};
const BLOCK = 'Government blocks WhatsApp and Telegram ahead of polls';

test.each<[string, string, Partial<Item>, (string | null)[]]>([
  ['a feed of its own', BLOCK, { publisher: 'monitor.co.ug' }, ['UG', 'UG']],
  [
    'a search found its title alone, which is too doubtful',
    BLOCK,
    { url: 'https://www.monitor.co.ug/1', found: true },
    [],
  ],
  ['another country is named', `Kenya: ${BLOCK}`, { publisher: 'monitor.co.ug' }, ['KE', 'KE']],
  ['an outlet of the whole world', BLOCK, { publisher: 'bbc' }, []],
  ['an outlet that writes of one matter in all the world', BLOCK, { publisher: '404media.co' }, []],
  ['an outlet that nobody knows', BLOCK, { publisher: 'p' }, []],
  ['a search found it on a site that nobody knows', BLOCK, { url: 'https://fresh.ug/1', found: true }, []],
])('no country is named, %s', async (_name, title, over, countries) => {
  expect(await countriesIn(title, over)).toEqual(countries);
});

test('of a title that a search found only what is read firmly is reported; in a feed, what is doubtful, too', async () => {
  const sure = (confidence: number): Extractor => ({
    extract: () => ({
      relevant: true,
      lang: 'en',
      credit: null,
      events: [{ action: 'block', countries: ['UG'], services: ['whatsapp'], confidence }],
    }),
  });
  const found = { url: 'https://www.monitor.co.ug/1', found: true } as const;
  expect(await countriesIn('Uganda blocks WhatsApp', {}, sure(0.79))).toEqual(['UG']);
  expect(await countriesIn('Uganda blocks WhatsApp', found, sure(0.79))).toEqual([]);
  expect(await countriesIn('Uganda blocks WhatsApp', found, sure(0.8))).toEqual(['UG']);
});
