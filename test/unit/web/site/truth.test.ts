/** The pages, the feeds, the badges and the interface say what stands, how sure it is, and how old that is. */
import { afterEach, describe, expect, test } from 'vitest';
import { COUNTRIES } from '../../../../src/core/commands/asking/country-names.ts';
import type { Incident } from '../../../../src/core/model/incident.ts';
import { languages } from '../../../../src/i18n/packs.ts';
import { bundledCatalogue } from '../../../fakes/bundled.ts';
import { incident, report } from '../../render/support.ts';
import { put, tell } from './seed.ts';
import { openTestSite, type SiteOptions, type TestSite } from './support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const REFERENCE = 'https://a.example/record';

let site: TestSite;
afterEach(() => site.close());
const open = async (options: SiteOptions = {}) => {
  site = await openTestSite(options);
  return site;
};
const page = async (path: string, lang = 'en') =>
  (await site.get(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`)).text;
const json = async <T>(path: string): Promise<T> => JSON.parse((await site.get(path)).text) as T;

const stands = (country: string, service: string) =>
  ({
    country,
    service,
    action: 'block',
    method: null,
    since: Date.UTC(2015, 6, 1),
    monthOnly: false,
    reference: REFERENCE,
  }) as never;

/** One outlet tells it, or as many as are named. */
async function told(over: Partial<Incident>, voices = 1, lifts = 0): Promise<Incident> {
  const at = site.clock.now() - 3 * HOUR;
  const { reports: _, ...one } = incident({
    id: `${over.country ?? 'RU'}-${over.service ?? 'whatsapp'}-${Math.random().toString(36).slice(2, 6)}`,
    confidence: voices > 1 ? 'corroborated' : 'reported',
    corroboratedAt: voices > 1 ? at : null,
    confirmedAt: null,
    openedAt: at,
    lastReportAt: at + HOUR,
    ...over,
  });
  const { country, service, action } = one;
  const said = Array.from({ length: voices + lifts }, (_, n) =>
    report({
      id: `${one.id}-${n}`,
      voice: `v${n}`,
      country,
      service,
      action: n < voices ? action : 'unblock',
      at: at + n * 60_000,
      measured: null,
    }),
  );
  await put(site.store, one as Incident, said, [
    { at, change: 'opened', action, state: 'active', confidence: one.confidence, method: null, reportId: null },
    ...(one.state === 'active'
      ? []
      : [
          {
            at: one.closedAt ?? at + HOUR,
            change: one.state as 'lifted',
            action,
            state: one.state,
            confidence: one.confidence,
            method: null,
            reportId: null,
          },
        ]),
  ]);
  return one as Incident;
}

interface Row {
  country: string;
  region: string | null;
  service: string;
  network: string;
  state: string;
  since: string | null;
  sinceKind: string | null;
  reported: boolean;
  incident: string | null;
  saysOver: number | null;
  reference: string | null;
}
const rowsOf = async (query: string): Promise<Row[]> => (await json<{ items: Row[] }>(`/api/v1/states?${query}`)).items;

describe('how old a page is', () => {
  test('a page that stands on the shelf: it says when its data was read and how long ago, second by second', async () => {
    await open();
    expect(await page('/')).toContain('As of 12:00:00 UTC, 0 s ago');
    await site.clock.pass(4_000);
    expect(await page('/')).toContain('As of 12:00:00 UTC, 4 s ago');
    // Made now, of what was read then.
    expect(await page('/', 'de')).toContain('Stand: 12:00:00 UTC, vor 4 s');
    await site.clock.pass(2_000);
    expect(await page('/')).toContain('As of 12:00:06 UTC, 0 s ago');
  });

  test.each([
    '/',
    '/country/ru',
    '/service/whatsapp',
    '/badge/ru-whatsapp.svg',
    '/feed.json',
    '/api/v1/states?country=RU',
  ])(
    '%s: on shelves and in caches together never older than 15 seconds, at whichever moment it is asked for',
    async (path) => {
      await open();
      await site.get(path);
      await told({}, 2);
      const before = await site.get('/sources');
      expect(before.status).toBe(200);
      for (let second = 0; second <= 15; second++) {
        const { text, headers } = await site.get(path);
        const kept = Number(/max-age=(\d+)/.exec(headers.get('cache-control')!)![1]);
        expect(headers.get('cache-control')).not.toContain('stale');
        if (!/blocked/.test(text)) expect(second + kept).toBeLessThanOrEqual(15);
        await site.clock.pass(1_000);
      }
      expect((await site.get(path)).text).toMatch(/blocked/);
    },
  );
});

describe('what stands', () => {
  test('a block of years that nobody reports: it is on the first page, its country’s, the badge and in the interface, with its date and reference', async () => {
    await open({ baseline: [stands('CN', 'signal'), stands('CN', 'whatsapp')] });
    const home = await page('/');
    expect(home).toContain('>China</a>');
    expect(home).toContain('blocked since 1 Jul');
    expect(await page('/country/cn')).toContain('a.example');
    expect(await page('/badge/cn-signal.svg')).toContain('China: Signal – blocked<');
    expect(await rowsOf('country=CN&service=signal')).toMatchObject([
      {
        state: 'blocked',
        since: '2015-07-01T00:00:00.000Z',
        sinceKind: 'standing',
        reported: false,
        incident: null,
        reference: REFERENCE,
      },
    ]);
  });

  test('one outlet says that it works again: still blocked since then, with the claim beside it; nothing is green', async () => {
    await open({ baseline: [stands('CN', 'signal')] });
    const lift = {
      country: 'CN',
      service: 'signal',
      action: 'unblock',
      state: 'lifted',
      open: false,
      liftConfidence: 'reported',
      closedAt: site.clock.now() - HOUR,
    } as const;
    const one = await told(lift);
    const text = await page('/country/cn');
    expect(text).toMatch(/blocked since 1 Jul/);
    expect(text).toContain('1 outlet says');
    expect(text).not.toContain('var(--open)" />');
    expect(text.slice(text.indexOf('class="rows"'))).not.toContain('fill="var(--open)"');
    expect(await page('/badge/cn-signal.svg')).toContain('China: Signal – blocked<');
    for (const path of ['/feed.json', '/feed.atom']) expect(await page(path)).not.toContain('🟢');
    expect(await rowsOf('country=CN')).toMatchObject([{ state: 'blocked', sinceKind: 'standing', saysOver: 1 }]);
    expect(await page(`/incident/${one.id}`)).not.toMatch(/<h1>[^<]*🟢/);
  });

  test('a reported block with a reported lift: told as a block with the claim, not as over', async () => {
    await open();
    const one = await told(
      { state: 'lifted', open: false, liftConfidence: 'reported', closedAt: site.clock.now() - HOUR },
      1,
      1,
    );
    const feed = await page('/feed.json');
    expect(feed).not.toContain('🟢');
    expect(feed).toContain('WhatsApp blocked (reported)');
    expect(await page(`/incident/${one.id}`)).toContain('WhatsApp blocked</h1>');
    expect(await page('/badge/ru-whatsapp.svg')).toContain('blocked (reported)<');
    expect(await rowsOf('country=RU')).toMatchObject([{ state: 'blocked', reported: true, saysOver: 1 }]);
  });

  test('two outlets say that it works again: open, on every surface', async () => {
    await open();
    await told(
      { state: 'lifted', open: false, liftConfidence: 'corroborated', closedAt: site.clock.now() - HOUR },
      2,
      2,
    );
    expect(await page('/feed.json')).toContain('🟢');
    expect(await page('/badge/ru-whatsapp.svg')).toContain('open<');
    expect(await rowsOf('country=RU')).toMatchObject([{ state: 'open' }]);
  });
});

describe('one outlet’s word', () => {
  test('it is marked on page, feed, badge and in the interface; two outlets’ is not', async () => {
    await open();
    await told({ service: 'whatsapp' });
    await told({ service: 'telegram' }, 2);
    const text = await page('/country/ru');
    expect(text.match(/<span class="mark">reported<\/span>/g)).toHaveLength(1);
    expect(await page('/feed.atom')).toContain('WhatsApp blocked (reported)');
    expect(await page('/badge/ru-whatsapp.svg')).toContain('blocked (reported)<');
    expect(await page('/badge/ru-telegram.svg')).toContain('– blocked<');
    expect((await rowsOf('country=RU')).map(({ service, reported }) => [service, reported])).toEqual([
      ['telegram', false],
      ['whatsapp', true],
    ]);
  });
});

describe('what goes first', () => {
  test('countries by how sure and far-reaching the worst is, not by the number of rows', async () => {
    await open({ baseline: [stands('CN', 'signal'), stands('CN', 'whatsapp')] });
    for (const service of ['whatsapp', 'telegram', 'signal', 'x', 'instagram', 'facebook', 'youtube', 'viber'])
      await told({ country: 'TR', service });
    await told({ country: 'KE', service: 'internet', action: 'shutdown' });
    await told({ country: 'IR', service: 'internet', action: 'shutdown', confidence: 'confirmed' }, 2);
    await told({ country: 'SD', service: 'internet', action: 'shutdown', regions: ['SD-KH'] }, 2);
    await told({ country: 'PK', service: 'whatsapp' }, 2);
    await told({ country: 'BY', service: 'bbc' }, 2);
    await told({ country: 'MM', service: 'whatsapp', regions: ['MM-17'] }, 2);
    const home = await page('/');
    const places = [...home.matchAll(/<h2><a href="\/country\/(\w\w)/g)].map(([, code]) => code);
    expect(places).toEqual(['ir', 'pk', 'by', 'sd', 'mm', 'cn', 'ke', 'tr']);
  });
});

describe('regions and networks', () => {
  test('a region is a row of its own, and never its country', async () => {
    await open();
    const one = await told({ service: 'internet', action: 'shutdown', regions: ['RU-DA'], part: 'mobile' }, 2);
    for (const path of ['/', '/country/ru']) {
      const text = await page(path);
      expect(text).toContain('Dagestan, Russia');
      expect(text).toContain('Mobile internet');
      expect(text).not.toMatch(/>Russia: internet shut down/i);
      expect(text).not.toContain('with the whole network');
    }
    // There is nothing to draw of the country as a whole.
    expect(await page('/')).not.toContain('aria-label="Russia, The last 90 days');
    expect(await page('/service/internet')).toContain('Dagestan, Russia');
    expect(await page('/badge/ru-internet.svg')).toMatch(/Russia: internet – Mobile internet: shut down in Dagestan</);
    expect(await page('/badge/ru-whatsapp.svg')).toContain('– unknown<');
    expect(await rowsOf('country=RU')).toMatchObject([
      { region: 'RU-DA', network: 'mobile', state: 'shutdown', incident: one.id },
    ]);
    expect(await json(`/api/v1/incidents/${one.id}`)).toMatchObject({
      regions: ['RU-DA'],
      part: 'mobile',
      sinceKind: 'first-reported',
    });
  });
});

describe('words and days', () => {
  test('cut and open again on one day: the mark at the end is how it stands, as the words say', async () => {
    await open();
    await told(
      { state: 'lifted', open: false, liftConfidence: 'corroborated', closedAt: site.clock.now() - HOUR },
      2,
      2,
    );
    const text = await page('/country/ru');
    const [strip] = /<svg class="strip".*?<\/svg>/.exec(text)!;
    expect(text).toContain('<p class="state">open, ');
    // The day was cut, too, so its own column is red; the last mark is the present.
    expect(strip).toContain('fill="var(--block)"');
    expect(/<rect [^>]*fill="([^"]+)"\/><\/svg>$/.exec(strip)![1]).toBe('var(--open)');
    expect(strip).toContain('now open again');
  });

  test('the network is off: each service’s last mark is that, as its words say', async () => {
    await open();
    await told({ country: 'IR', service: 'internet', action: 'shutdown' }, 2);
    await told({ country: 'IR', service: 'instagram', openedAt: site.clock.now() - 80 * DAY }, 2);
    const text = await page('/country/ir');
    expect(text.match(/shut down, first reported/g)).toHaveLength(2);
    for (const [strip] of text.matchAll(/<svg class="strip".*?<\/svg>/g))
      expect(strip).toMatch(/var\(--shutdown\)" stroke-width="2"\/><\/svg>$/);
  });
});

describe('room', () => {
  test('200 countries with ten services each, in every language: less than 60 kB, none is missing, the worst is told at length', async () => {
    await open({ publicUrl: 'https://a-rather-long-name-of-a-host.example.org/with/a/path' });
    const now = site.clock.now();
    const services = (await bundledCatalogue()).services.slice(0, 10).map(({ id }) => id);
    const all = COUNTRIES.filter((one) => one !== 'EU').slice(0, 200);
    await site.store.transaction(async (tables) => {
      const into: Parameters<typeof tell>[0] = { transaction: (work) => work(tables) };
      let n = 0;
      for (const country of all)
        for (const service of services) {
          // Days of many kinds, which take the most room.
          await tell(into, now, (50_000 + n++).toString(36), { country, service, from: 3 + (n % 40), last: 0.1 });
          if (n % 3 === 0) await tell(into, now, (50_000 + n++).toString(36), { country, service, from: 80, to: 60 });
        }
    });
    for (const { code } of languages) {
      const text = await page('/', code);
      expect([code, Buffer.byteLength(text) < 60_000]).toEqual([code, true]);
      const named = new Set([...text.matchAll(/\/country\/(\w\w)\?/g)].map(([, one]) => one!.toUpperCase()));
      expect(all.filter((one) => !named.has(one))).toEqual([]);
      expect(text.match(/class="strip"/g)!.length).toBeGreaterThan(0);
      expect(text).toContain('<details');
    }
  }, 120_000);

  test('a country with all services of the catalogue, in every language: less than 60 kB, each is named', async () => {
    await open();
    const now = site.clock.now();
    const services = (await bundledCatalogue()).services.slice(0, 150).map(({ id }) => id);
    await site.store.transaction(async (tables) => {
      const into: Parameters<typeof tell>[0] = { transaction: (work) => work(tables) };
      for (const [n, service] of services.entries()) {
        await tell(into, now, (50_000 + n).toString(36), { country: 'RU', service, from: 3 + n });
        if (n < 30) await tell(into, now, (60_000 + n).toString(36), { country: 'RU', service, from: 200, to: 180 });
      }
    });
    for (const { code } of languages) {
      const text = await page('/country/ru', code);
      expect([code, Buffer.byteLength(text) < 60_000]).toEqual([code, true]);
      expect(services.filter((one) => !text.includes(`/service/${one}?`))).toEqual([]);
    }
  }, 60_000);
});
