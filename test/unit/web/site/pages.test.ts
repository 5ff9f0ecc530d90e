import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../../src/config/catalogue.ts';
import type { BotHealth } from '../../../../src/core/commands/look/health.ts';
import type { Picture } from '../../../../src/core/model/message.ts';
import type { LeaseName } from '../../../../src/core/ports/leases.ts';
import type { PhraseKey } from '../../../../src/core/ports/translate.ts';
import { isRightToLeft } from '../../../../src/i18n/direction.ts';
import { createTranslators } from '../../../../src/i18n/index.ts';
import { languages } from '../../../../src/i18n/packs.ts';
import { EACH } from '../../../../src/web/site/index.ts';
import { MAKING, OLDEST } from '../../../../src/web/site/respond.ts';
import { SHELF } from '../../../../src/web/site/shelf.ts';
import { bundledCatalogue } from '../../../fakes/bundled.ts';
import { listeningTo } from '../../../fakes/listening-words.ts';
import { keysOf } from '../../../fakes/packs.ts';
import { healthy, source } from '../../commands/support.ts';
import { seed, tell } from './seed.ts';
import { type TestSite, openTestSite } from './support.ts';

const PAGES = {
  home: '/',
  country: '/country/ru',
  service: '/service/whatsapp',
  incident: '/incident/RU-whatsapp-3f9k',
  search: '/search?q=telegram+ru',
  'search without an answer': '/search?q=zzzzqqq',
  sources: '/sources',
  'nothing there': '/there/is/nothing',
};
const withLang = (path: string, lang: string) => `${path}${path.includes('?') ? '&' : '?'}lang=${lang}`;

const agent = {
  country: 'EE',
  asn: 'AS64500',
  lastSeenAt: 1_700_000_001_234,
  stopped: false,
  dropped: 0,
  missing: false,
};
const health: BotHealth = {
  ...healthy,
  sources: [
    source(),
    source({ id: 'a', label: 'A', failingSince: 1 }),
    source({ id: 'b', label: 'B', stale: true }),
    source({ id: 'c', label: 'C', blind: true }),
    source({ id: 'd', label: 'D', lastPollAt: null, lastOkAt: null }),
  ],
  agents: [
    { id: 'one', ...agent },
    { id: 'two', ...agent, lastSeenAt: null },
  ],
};

let site: TestSite;
const drawn: Picture[] = [];
beforeAll(async () => {
  const png = async (picture: Picture) => (drawn.push(picture), new Uint8Array([137, 80, 78, 71]));
  site = await openTestSite({ health, publicUrl: 'https://tocsin.example.org/s', pictures: { png } });
  await seed(site.store, site.clock.now());
});
afterAll(() => site.close());

describe.each(Object.entries(PAGES))('%s', (name, path) => {
  test.each(languages.map(({ code }) => code))('in %s: whole, small, one request, nothing that runs', async (lang) => {
    const { status, headers, text } = await site.get(withLang(path, lang));
    expect(status).toBe(name === 'nothing there' ? 404 : 200);
    expect(Buffer.byteLength(text)).toBeLessThan(60_000);
    expect(text).toContain(`<html lang="${lang}" dir="${isRightToLeft(lang) ? 'rtl' : 'ltr'}">`);
    expect(headers.get('content-language')).toBe(lang);
    expect(headers.get('set-cookie')).toBeNull();
    expect(text).not.toMatch(/<script|<link[^>]+stylesheet|<img|<iframe|\bon\w+=|javascript:|@import|url\(http/i);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
    expect(text.match(/<h1[ >]/g)).toHaveLength(1);
    expect(text).not.toMatch(/undefined|NaN|\[object|\{\w+\}(?![^<]*<\/style>)/);
  });

  test('every link within the site keeps the language', async () => {
    const { text } = await site.get(withLang(path, 'fa'));
    const links = [...text.matchAll(/<a [^>]*href="([^"]+)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'));
    const inside = links.filter((href) => href.startsWith('/'));
    expect(inside.length).toBeGreaterThan(5);
    expect(inside.filter((href) => !/[?&]lang=/.test(href) || !href.startsWith('/s/'))).toEqual([]);
  });
});

describe('which language', () => {
  test.each([
    ['/?lang=ru', 'de', 'ru'],
    ['/', 'tr-TR,tr;q=0.9,en;q=0.8', 'tr'],
    ['/', 'xx, fa;q=0.5, de;q=0.7', 'de'],
    ['/?lang=xx', 'uk', 'uk'],
    ['/', 'de;q=0, *', 'en'],
    ['/', '', 'en'],
  ])('%s for a browser that likes "%s": %s', async (path, accepted, lang) => {
    const { headers } = await site.get(path, { 'accept-language': accepted });
    expect([headers.get('content-language'), headers.get('vary')]).toEqual([lang, 'accept-encoding, accept-language']);
  });
});

describe('what pages tell', () => {
  test('first page: what is cut off by country, by service, what is over; and that the rest is not known to be open', async () => {
    const { text } = await site.get('/?lang=en');
    for (const said of [
      'Iran',
      'shut down, first reported',
      'WhatsApp',
      'RU-whatsapp-3f9k',
      'Country not named',
      'not the same as open',
    ])
      expect(text).toContain(said);
    expect(text.indexOf('>Iran<')).toBeLessThan(text.indexOf('>Pakistan<'));
    expect(text).toMatch(/Kenya: Telegram blocked<\/a>\n<span class="small">17 Nov – 19 Nov/);
  });

  test('a network that is off: said once on the first page; what is off with it is on its own page', async () => {
    const { text } = await site.get('/?lang=en');
    const iran = text.slice(text.indexOf('>Iran<'), text.indexOf('</section>', text.indexOf('>Iran<')));
    expect(iran).toContain('shut down, first reported 20 Nov');
    expect(iran).not.toContain('Instagram');
    // It is cut off there all the same.
    expect(text).toMatch(/href="[^"]*\/service\/instagram[^"]*"/);
    expect((await site.get('/country/ir?lang=en')).text).toContain(
      'shut down, first reported 20 Nov, 12:00 UTC (with the whole network)',
    );
  });

  test('a country: a row a service with 90 days; a threat is no block, old evidence is unknown, not open', async () => {
    const { text } = await site.get('/country/RU?lang=en');
    // Two of them are regions.
    expect(text.match(/class="strip"/g)!.length).toBe(7);
    expect(text).toContain('unknown (was blocked, first reported 26 Sept, 12:00 UTC)');
    expect(text).toMatch(/under threat since/);
    expect(text).toMatch(/aria-label="WhatsApp: blocked 1 Nov – 25 Nov\."/);
  });

  test('a country of which nothing is known: unknown, not open', async () => {
    const { status, text } = await site.get('/country/no?lang=en');
    expect([status, text.includes('Norway: unknown.')]).toEqual([200, true]);
  });

  test('an incident: headline, log, every voice linked, how to cite it, its picture for whoever passes it on', async () => {
    const { text } = await site.get('/incident/ru-WHATSAPP-3f9k?lang=en');
    for (const said of [
      'Russia: WhatsApp blocked</h1>',
      'first told: blocked, reported',
      'more certain: corroborated',
      'AS8359',
      'SHA-256',
    ])
      expect(text).toContain(said);
    expect(text).toContain('href="https://bbc.example/1" rel="noopener noreferrer nofollow external"');
    expect(text).toContain('<link rel="canonical" href="https://tocsin.example.org/s/incident/RU-whatsapp-3f9k">');
    const [, image] = /property="og:image" content="([^"]+)"/.exec(text)!;
    const { pathname, search } = new URL(image!);
    const picture = await site.get(pathname.slice(2) + search);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    const { svg, ...size } = drawn.at(-1)!;
    expect(size).toMatchObject({ width: 1200, height: 630 });
    for (const said of ['Russia: WhatsApp', 'Confirmed: 2 outlets', 'tocsin.example.org']) expect(svg).toContain(said);
  });

  test.each([
    ['/', 'Cut off now', ['Iran: Internet: shut down · confirmed', 'Russia: WhatsApp: blocked · confirmed']],
    ['/country/ru', 'Russia', ['WhatsApp: blocked · confirmed', 'Telegram: slowed down · corroborated']],
    ['/service/telegram', 'Telegram', ['Iran: shut down · confirmed', 'Russia: slowed down · corroborated']],
    ['/country/pl', 'Poland', ['I see little: only 1 of 5 sources answered.']],
  ])(
    '%s as a link that is passed on: its name, what is cut and how sure that is, 1200 by 630',
    async (path, name, lines) => {
      const { text } = await site.get(`${path}?lang=en`);
      const [, image] = /property="og:image" content="([^"]+)"/.exec(text)!;
      const { pathname, search } = new URL(image!);
      expect((await site.get(pathname.slice(2) + search)).headers.get('content-type')).toBe('image/png');
      const { svg, ...size } = drawn.at(-1)!;
      expect(size).toMatchObject({ width: 1200, height: 630 });
      for (const said of [name, ...lines]) expect(svg).toContain(said);
      if (path !== '/country/pl')
        for (const said of lines) expect(/og:description" content="([^"]*)/.exec(text)![1]).toContain(said);
    },
  );

  test('the bot itself, feeds and the interface: linked above the content, in the language of the page', async () => {
    const { text } = await site.get('/country/ru?lang=de');
    const top = text.slice(text.indexOf('<main'), text.indexOf('<h1'));
    expect([...top.matchAll(/<a [^>]*href="([^"]+)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))).toEqual([
      'https://t.me/tocsin_bot',
      'https://matrix.to/#/@tocsin:example.org',
      '/s/feed.atom?country=RU&lang=de',
      '/s/feed.json?country=RU&lang=de',
      '/s/api/v1/openapi.json?lang=de',
    ]);
    expect((await site.get('/api/v1/openapi.json?lang=de')).status).toBe(200);
  });

  test.each([
    ['/country/russia/whatsap', ['/country/ru', '/service/whatsapp', '/incident/RU-whatsapp-3f9k']],
    ['/incident/RU-whatsapp-zzzz', ['/country/ru', '/service/whatsapp', '/incident/RU-whatsapp-3f9k']],
    ['/nothing-at-all', ['/country/ir', '/country/ru']],
  ])('%s: no page, and links to what is known of it, else to where something is cut off', async (path, links) => {
    const { status, text } = await site.get(`${path}?lang=en`);
    expect(status).toBe(404);
    const body = text.slice(text.indexOf('<h1'), text.indexOf('</main>'));
    for (const link of links) expect(body).toContain(`href="/s${link}?lang=en"`);
  });

  test('Persian and Arabic: a clock with its zone, and a day in digits, run from left to right', async () => {
    for (const lang of ['fa', 'ar']) {
      const page = await site.get(`/incident/RU-whatsapp-3f9k?lang=${lang}`);
      const text = page.text.replaceAll(/="[^"]*"/g, '');
      const clocks = text.match(/.?[\p{Nd}:]*\p{Nd}[\u2066]?[ \u00a0]\u2066?UTC/gu)!;
      expect(clocks.length).toBeGreaterThan(5);
      expect(clocks.filter((one) => !one.startsWith('\u2066'))).toEqual([]);
      expect(text.slice(text.indexOf('<main'))).not.toMatch(/[^\u2066\d]20\d\d-\d\d-\d\d/);
    }
  });

  test('its evidence card, as text and as JSON that carries its digest', async () => {
    const json = await site.get('/incident/RU-whatsapp-3f9k/evidence.json');
    expect(JSON.parse(json.text)).toMatchObject({ format: 'tocsin-evidence/1', id: 'RU-whatsapp-3f9k', sha256: /./ });
    expect((await site.get('/incident/RU-whatsapp-3f9k/evidence.txt?lang=de')).text).toContain('RU-whatsapp-3f9k');
  });

  test.each([
    ['/search?q=ватсап&lang=en', '/s/service/whatsapp?lang=en'],
    ['/search?q=Россия&lang=en', '/s/country/ru?lang=en'],
    ['/search?q=ru-whatsapp-3F9K&lang=en', '/s/incident/RU-whatsapp-3f9k?lang=en'],
    ['/search?q=telegram+russia&lang=en', '/s/incident/RU-telegram-2b1c?lang=en'],
  ])('%s: leads to %s', async (path, link) => {
    expect((await site.get(path)).text).toContain(`href="${link}"`);
  });

  test('what the bot sees: sources with their looks, vantage points by the hour, no name of an agent', async () => {
    const { text } = await site.get('/sources?lang=en');
    for (const said of [
      'works',
      'fails',
      'overdue',
      'not asked yet',
      'sees nothing',
      'Estonia',
      'AS64500',
      '14 Nov 2023, 22:00',
    ])
      expect(text).toContain(said);
    expect(text).not.toMatch(/>(one|two)</);
  });

  test.each([
    ['/country/ru/?lang=fa', '/s/country/ru?lang=fa'],
    ['/service/whatsapp/', '/s/service/whatsapp'],
    ['/incident/RU-whatsapp-3f9k/?lang=%0d%0aset-cookie:x', '/s/incident/RU-whatsapp-3f9k?lang=%0D%0Aset-cookie%3Ax'],
  ])('%s, with a slash too many: leads to the page', async (path, location) => {
    const { status, headers } = await site.get(path);
    expect([status, headers.get('location')]).toEqual([308, location]);
  });

  test('processes that share the work: which does what since when, without names of machines and accounts', async () => {
    const lease = (name: LeaseName, processId: string) => ({ name, processId, epoch: 1, since: 0, endsIn: 5_000 });
    const live = { label: 'box-of-anna:4711', roles: [], waitsFor: [], seenAt: 0 };
    const leases = [lease('ingest', 'p1'), lease('send/tg-secret', 'p1'), lease('fanout', 'gone')];
    const shared = await openTestSite({
      leases: {
        leases: [...leases, { ...lease('receive/tg-secret', 'p1'), endsIn: 0 }],
        processes: [
          { ...live, id: 'p2', startedAt: 86_400_000 },
          { ...live, id: 'p1', startedAt: 0 },
        ],
      },
    });
    const { text } = await shared.get('/sources?lang=en');
    const rows = [...text.matchAll(/<tr><th scope="row">(Process \d)<\/th><td>([^<]*)<\/td><td>(.*?)<\/td>/g)];
    expect(rows.map(([, who, what, since]) => [who, what, since!.replace(/<[^>]*>/g, '')])).toEqual([
      ['Process 1', 'reads the sources', '1 Jan 1970, 00:00 UTC'],
      ['Process 1', 'sends the alerts', '1 Jan 1970, 00:00 UTC'],
      ['Process 2', 'stands by', '2 Jan 1970, 00:00 UTC'],
    ]);
    expect(text).not.toMatch(/anna|tg-secret|4711/);
    await shared.close();
  });

  test.each([
    '/country/xx',
    '/country/ru?page=0',
    '/country/ru?page=999',
    '/service/no-such',
    '/service/A%2F..',
    '/incident/RU-whatsapp-zzzz',
    '/incident/x',
    '/nope',
  ])('%s: 404 with a way on, and nothing of it is repeated', async (path) => {
    const { status, text } = await site.get(`${path}${path.includes('?') ? '&' : '?'}lang=en`);
    expect(status).toBe(404);
    expect(text).toContain('Look for a country');
  });

  test('asked again with what is known: 304; a minute later anew', async () => {
    const first = await site.get('/?lang=en');
    const again = await site.get('/?lang=en', { 'if-none-match': first.headers.get('etag')! });
    expect([again.status, again.text]).toEqual([304, '']);
  });
});

test('a bot that sees nothing says so before anything else', async () => {
  const blind = await openTestSite({ health: { ...healthy, sources: [source({ failingSince: 1 })] } });
  for (const path of ['/', '/country/ru', '/sources']) {
    const { text } = await blind.get(`${path}?lang=en`);
    expect(text).toMatch(/role="note">I cannot see anything: no source answers/);
    expect(text.indexOf('cannot see')).toBeLessThan(text.indexOf('<h1'));
  }
  await blind.close();
});

test('nothing new, and a list of what has long been blocked: the first sentence leads to the list', async () => {
  const lead = async (site: Awaited<ReturnType<typeof openTestSite>>) => {
    const { text } = await site.get('/?lang=en');
    await site.close();
    return /<p class="lead">(.*?)<\/p>/.exec(text)?.[1];
  };
  const stands = {
    country: 'CN',
    service: 'signal',
    action: 'block',
    method: null,
    since: 0,
    monthOnly: true,
  } as const;
  const nothing = 'I know of nothing new that is cut off right now.';
  expect(await lead(await openTestSite())).toBe(nothing);
  expect(await lead(await openTestSite({ baseline: [{ ...stands, reference: 'https://record.example/' }] }))).toBe(
    `${nothing} Restricted for long, by the public record:`,
  );
});

test('without an address for people: pages all the same, without whole addresses', async () => {
  const local = await openTestSite();
  const { text } = await local.get('/?lang=en');
  expect(text).not.toMatch(/canonical|og:image|hreflang="de"><link/);
  expect(text).toContain('href="/sources?lang=en"');
  await local.close();
});

test('every phrase of the pages: said on one of them', async () => {
  const { words, heard } = listeningTo(createTranslators(await bundledCatalogue(), bundledRegions()));
  const lease = (name: LeaseName) => ({ name, processId: 'p1', epoch: 1, since: 0, endsIn: 5_000 });
  const live = { label: '', roles: [], waitsFor: [], startedAt: 0, seenAt: 0 };
  const leases = {
    leases: (['ingest', 'fanout', 'receive/tg', 'send/tg'] as const).map(lease),
    processes: ['p1', 'p2'].map((id) => ({ ...live, id })),
  };
  const old = await openTestSite({ health, translators: words, vantage: 'own', leases });
  const now = old.clock.now();
  await seed(old.store, now);
  for (let at = 0; at < 60; at++)
    await tell(old.store, now, `p${at + 100}`, {
      country: 'DE',
      service: 'telegram',
      from: at * 2 + 3,
      to: at * 2 + 2,
    });
  for (const path of [...Object.values(PAGES), '/country/de', '/country/de?page=2'])
    await old.get(withLang(path, 'en'));
  const all = keysOf('site');
  expect(all.filter((key) => !heard.has(key as PhraseKey))).toEqual([]);
  await old.close();
});

test('an index of news that is looked through: named at the foot of each page, with a link', async () => {
  site = await openTestSite();
  for (const path of ['/', '/sources'])
    expect((await site.get(path)).text).toMatch(
      /News index: <a class="out" href="https:\/\/www\.gdeltproject\.org\/?"[^>]*><bdi>The GDELT Project<\/bdi><\/a>/,
    );
});

test('limits that docs/pages.md names: those of the code; docs/api.md names them nowhere else', () => {
  const read = (name: string) =>
    readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
  const page = read('pages.md');
  const burst = EACH.burst.toLocaleString('en');
  expect(MAKING).toBe(10);
  expect(page).toContain(
    `${EACH.perSecond} answers a second after a burst of ${burst}; what has to be made first counts as ten more`,
  );
  expect(page).toContain(`never more than ${OLDEST} seconds`);
  expect(page).toContain('at most once in five seconds');
  expect(SHELF.keepMs).toBe(5_000);
  expect(read('api.md')).not.toMatch(/times a second|answers a second/);
});
