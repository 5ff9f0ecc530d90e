/** Where a report is, by the gazetteer: a part of the country that nobody knows never becomes the whole. */
import { describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import type { Report, Statement } from '../../../src/core/model/report.ts';
import { createItemReading, createStatementReading, placedOnly } from '../../../src/core/read.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const NOW = Date.UTC(2026, 1, 11, 12);
const gazetteer = bundledRegions();
const report = (over: Partial<Report>): Report =>
  ({ country: 'RU', service: 'internet', action: 'shutdown', region: null, ...over }) as Report;
const where = (over: Partial<Report>): string => {
  const [found] = placedOnly([report(over)], { gazetteer, log: recordingLog().log });
  return found === undefined ? 'left out' : `${found.country} ${found.region}`;
};

describe('a report and its region', () => {
  test.each<[string, Partial<Report>, string]>([
    ['the whole country: as it is', {}, 'RU null'],
    ['the network, in a region that is known: its id', { region: 'Дагестане' }, 'RU RU-DA'],
    ['the network, in a city: its region', { region: 'Махачкале' }, 'RU RU-DA'],
    ['the network, in a place that nobody knows: left out', { region: 'Тьмутаракани' }, 'left out'],
    ['the network is back there: left out', { region: 'Тьмутаракани', action: 'unblock' }, 'left out'],
    ['phones are off there, no service named: left out', { region: 'Тьмутаракани', service: null }, 'left out'],
    ['a service is cut there: the region goes', { region: 'X', service: 'whatsapp', action: 'block' }, 'RU null'],
    ['a service works again there: left out', { region: 'X', service: 'whatsapp', action: 'unblock' }, 'left out'],
    ['a region of another country: left out', { country: 'IR', region: 'Dagestan' }, 'left out'],
    ['a region of no country: left out', { country: null, region: 'Dagestan' }, 'left out'],
    ['Russia has the internet off in Crimea: there', { region: 'Крыму' }, 'UA UA-43'],
    ['Ukraine, in Crimea: the same', { country: 'UA', region: 'Криму' }, 'UA UA-43'],
    ['Russia, in Donetsk', { region: 'Донецке' }, 'UA UA-14'],
    [
      'Russia blocks a service, told from Crimea: Russia',
      { region: 'Крыму', service: 'x', action: 'block' },
      'RU null',
    ],
    ['hostile: without end', { region: 'Дагестан'.repeat(10_000) }, 'left out'],
    ['hostile: turns text around', { region: '\u202eДагестан\u2066' }, 'RU RU-DA'],
    ['hostile: a name of JavaScript', { region: '__proto__' }, 'left out'],
  ])('%s', (_name, over, expected) => expect(where(over)).toBe(expected));

  test('without a gazetteer: in its own words', () => {
    const [found] = placedOnly([report({ region: 'Atlantis' })], { log: recordingLog().log });
    expect(found!.region).toBe('Atlantis');
  });
});

const statement = (over: Partial<Statement>): Statement => ({
  id: 's',
  revision: null,
  at: NOW,
  country: 'RU',
  service: 'internet',
  action: 'shutdown',
  method: null,
  region: null,
  title: 'Off',
  url: null,
  summary: '',
  kind: 'outlet',
  publisher: 'a',
  publisherName: 'A',
  lang: 'en',
  ...over,
});
const deps = () => {
  const { log, said } = recordingLog();
  const clock = new FakeClock(NOW);
  const common = { policy: { firstPollWindow: 1e9 }, bound: { forgottenUntil: async () => 0 }, clock, gazetteer };
  const seen = { known: async () => new Set<string>() };
  return { said, deps: { ...common, ids: createIds(clock), log, store: { seen } as never } };
};

test('a peer names places that nobody knows: known from then on, left out, counted in one line', async () => {
  const world = deps();
  const { reports, fresh, keys } = await createStatementReading(world.deps)(
    'peer',
    [
      statement({ id: '1', region: 'Atlantis' }),
      statement({ id: '2', region: 'RU-DA' }),
      statement({ id: '3', region: 'Lemuria' }),
    ],
    { firstPoll: false, pushed: false },
  );
  expect([reports.map(({ region }) => region), fresh, keys.length]).toEqual([['RU-DA'], 3, 3]);
  expect(world.said()).toEqual(['info Reports name a part of a country that is not known here: they are left out']);
});

test('an item names one: nothing is reported, and it is not read again', async () => {
  const world = deps();
  const event = { action: 'shutdown' as const, countries: ['RU'], services: ['internet'], region: 'Тьмутаракани' };
  const extractor = { extract: () => ({ relevant: true, events: [event], lang: 'ru', credit: null }) };
  const item = {
    sourceId: 'feed',
    guid: 'a',
    url: null,
    title: 'x',
    summary: '',
    lang: 'ru',
    publishedAt: NOW,
    dated: true,
    publisher: 'p',
    publisherName: 'P',
    authority: false,
  };
  const poll = await createItemReading({ ...world.deps, extractor } as never)('feed', [item], false);
  expect([poll.relevant, poll.silent.length > 0]).toEqual([[], true]);
});
