/** The feeds out, as other programs read them: a parser of another project, and the rules of each format. */
import fc from 'fast-check';
import Parser from 'rss-parser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { feedLinks } from '../../../../src/web/site/machines/asked.ts';
import { atomFeed, type Feed, jsonFeed } from '../../../../src/web/site/machines/feeds.ts';
import { isWhole, WHOLE } from '../../../fakes/packs.ts';
import { openTestSite, type TestSite } from '../site/support.ts';
import { HOUR, put } from './world.ts';

let site: TestSite;
beforeEach(async () => {
  site = await openTestSite({ publicUrl: 'https://tocsin.example' });
});
afterEach(() => site.close());

interface JsonItem {
  id: string;
  url?: string;
  title: string;
  content_text: string;
  content_html: string;
  date_published: string;
  date_modified: string;
  tags: string[];
  _tocsin: Record<string, unknown>;
}
const json = async (query = '') => {
  const { status, headers, text } = await site.get(`/feed.json${query}`);
  expect([status, headers.get('content-type')]).toEqual([200, 'application/feed+json; charset=utf-8']);
  return JSON.parse(text) as Record<string, unknown> & { items: JsonItem[] };
};
const atom = async (query = '') => {
  const { status, headers, text } = await site.get(`/feed.atom${query}`);
  expect([status, headers.get('content-type')]).toEqual([200, 'application/atom+xml; charset=utf-8']);
  const parser = new Parser<object, { id: string; links: { $: { href: string } }[] }>({
    customFields: { item: [['link', 'links', { keepArray: true }]] },
  });
  return { text, feed: await parser.parseString(text) };
};

describe('what stands in them', () => {
  test('each change is an entry: newest first, with a stable id, the page, its time, its words and its sources', async () => {
    await put(site, { confidence: 'corroborated' }, [{ confidence: 'reported' }, {}]);
    const { items, ...feed } = await json();
    expect(feed).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Tocsin',
      language: 'en',
      home_page_url: 'https://tocsin.example/',
      feed_url: 'https://tocsin.example/feed.json',
    });
    expect(items.map(({ id }) => id)).toEqual(
      [2, 1].map((seq) => `urn:tocsin:testinstance0001:RU-whatsapp-3f9k:${seq}`),
    );
    expect(items[0]).toMatchObject({
      url: 'https://tocsin.example/incident/RU-whatsapp-3f9k',
      title: '🔴 Russia: WhatsApp blocked (corroborated)',
      tags: ['RU', 'whatsapp', 'block', 'active', 'corroborated'],
      date_modified: new Date(site.clock.now() - HOUR + 60_000).toISOString(),
    });
    expect(items[0]!.content_html).toContain('<a href="https://news.example/1">Outlet</a>');
    expect(items.map(({ _tocsin }) => 'now' in _tocsin)).toEqual([true, false]);
    const { feed: read } = await atom();
    expect(read.items.map(({ id, title, links, isoDate }) => ({ id, title, link: links[0]!.$.href, isoDate }))).toEqual(
      items.map(({ id, title, url, date_modified }) => ({ id, title, link: url, isoDate: date_modified })),
    );
    expect(read.items[0]!.content).toBe(items[0]!.content_html);
  });

  test('what stands on record and is repeated: no entry; a change on top: one, with the day of the record', async () => {
    const since = Date.UTC(2022, 2, 14);
    const standing = { by: 'record', action: 'block', method: null, since, monthOnly: false, reference: null } as const;
    await put(site, { standing }, [{ change: 'stands' }, {}, { change: 'method-revealed' }]);
    expect((await json()).items).toEqual([]);
    const at = site.clock.now() - HOUR;
    const changes = [{ at, action: 'block', method: 'dns', confidence: 'corroborated' }] as const;
    const id = 'RU-facebook-aaaa';
    await put(site, { id, service: 'facebook', openedAt: at, standing: { ...standing, changes } }, [
      { change: 'stands' },
      { change: 'changed' },
      { change: 'confidence-up' },
      { change: 'easing' },
    ]);
    const { items } = await json('?service=facebook');
    expect(items).toHaveLength(1);
    expect(items[0]!.title).toMatch(/^🔴 Russia: Facebook removed from the national DNS .* · blocked since Mar 2022$/u);
    expect(items[0]!._tocsin).toMatchObject({
      change: 'changed',
      now: { standingSince: new Date(since).toISOString() },
    });
    const { text } = await atom('?service=facebook');
    expect(text.match(/<entry>/g)).toHaveLength(1);
  });

  test('a cut in a region: each entry names the region, also where it is another by now', async () => {
    await put(site, { regions: ['RU-CE'], service: 'internet', action: 'shutdown' }, [
      { report: { region: 'RU-DA' } },
      { report: { region: 'RU-DA' } },
      { change: 'widened', report: { region: 'RU-CE' } },
      { change: 'partly-lifted', report: { region: 'RU-DA', action: 'unblock' } },
    ]);
    const titles = (await json()).items.map(({ title }) => title);
    expect(titles).toHaveLength(4);
    for (const title of titles) expect(title).toMatch(/Dagestan|Chechnya/u);
    expect(titles.at(-1)).toContain('Dagestan');
    expect(titles.at(-1)).not.toContain('Chechnya');
  });

  test('of a country, of a service, in ten languages: titles differ, ids do not', async () => {
    await put(site);
    await put(site, { id: 'IR-telegram-aaaa', country: 'IR', service: 'telegram' });
    expect((await json('?country=ir')).items.map(({ tags }) => tags[0])).toEqual(['IR']);
    expect((await json('?service=whatsapp&country=')).items.map(({ tags }) => tags[1])).toEqual(['whatsapp']);
    expect((await json('?country=RU&service=telegram')).items).toEqual([]);
    const titles = new Set<string>();
    for (const { code } of site.deps.translators.languages.filter(isWhole)) {
      const { items, language, title } = await json(`?lang=${code}&country=RU`);
      expect([items.length, language, items[0]!.id.endsWith('3f9k:1')]).toEqual([1, code, true]);
      titles.add(items[0]!.title);
      expect(title).toContain('Tocsin');
      expect((await atom(`?lang=${code}&country=RU`)).text).toContain(`xml:lang="${code}"`);
    }
    expect(titles.size).toBe(WHOLE.length);
    expect((await json('?lang=de-AT')).language).toBe('de');
  });

  test('nothing known: valid all the same', async () => {
    expect((await json()).items).toEqual([]);
    expect((await atom()).feed.items).toEqual([]);
  });

  test('nobody said how it is reached: no addresses, and no false ones', async () => {
    const bare = await openTestSite();
    await put(bare);
    const { items, ...feed } = JSON.parse((await bare.get('/feed.json')).text) as { items: JsonItem[] };
    expect(feed).not.toHaveProperty('feed_url');
    expect(items[0]).not.toHaveProperty('url');
    expect((await bare.get('/feed.atom')).text).not.toContain('rel="self"');
    await bare.close();
  });

  test('what is open stays in the feed, however long nothing changed; what ended long ago does not', async () => {
    const old = site.clock.now() - 60 * 24 * HOUR;
    await put(site, { openedAt: old });
    await put(site, { id: 'IR-x-gone', country: 'IR', openedAt: old, closedAt: old, open: false, state: 'lifted' });
    expect((await json()).items.map(({ _tocsin }) => _tocsin.incident)).toEqual(['RU-whatsapp-3f9k']);
  });

  test('250 changes: the newest hundred', async () => {
    for (let i = 0; i < 25; i++)
      await put(
        site,
        {
          id: `RU-x-${i}`,
          open: false,
          state: 'lifted',
          closedAt: site.clock.now(),
          openedAt: site.clock.now() - (i + 2) * HOUR,
        },
        Array.from({ length: 10 }, () => ({})),
      );
    const { items } = await json();
    expect(items).toHaveLength(100);
    expect(items.map(({ date_modified }) => date_modified)).toEqual(
      items
        .map(({ date_modified }) => date_modified)
        .sort()
        .reverse(),
    );
  });
});

describe('how they are answered', () => {
  test('as it was: 304; HEAD: no body; other origins may read it; it is asked for again soon', async () => {
    await put(site);
    for (const path of ['/feed.json', '/feed.atom']) {
      const first = await site.get(path);
      expect(first.headers.get('access-control-allow-origin')).toBe('*');
      expect(first.headers.get('cache-control')).toBe('public, max-age=5');
      expect((await site.get(path, { 'if-none-match': first.headers.get('etag')! })).status).toBe(304);
      const head = await fetch(site.url + path, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
    }
  });

  test.each([
    ['?country=Russia', 'country', 'ISO 3166-1'],
    ['?country=ZZ', 'country', 'ISO 3166-1'],
    ['?service=nothing-of-that-name', 'service', 'catalogue'],
    ['?lang=tlh', 'lang', 'en, ru, fa'],
    ['?contry=RU', 'contry', 'country, service, lang'],
    ['?country=RU&country=IR', 'country', 'once'],
    ['?lang=%E2%80%AE', 'lang', 'no language'],
  ])('%s: what is wrong, and what to do', async (query, parameter, remedy) => {
    const { status, headers, text } = await site.get(`/feed.json${query}`);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    const problem = JSON.parse(text) as { parameter: string; detail: string };
    expect(problem).toMatchObject({ status: 400, parameter });
    expect(problem.detail).toContain(remedy);
  });

  test('what mail and social networks append to a link: no wish of anybody, and answered as without it', async () => {
    await put(site);
    const { feed_url, items } = await json('?country=RU&utm_source=mail&utm_campaign=x&fbclid=abc&mc_cid=1');
    expect([feed_url, items]).toEqual([
      'https://tocsin.example/feed.json?country=RU',
      (await json('?country=RU')).items,
    ]);
  });

  test.each([
    ['/', '/feed.json?lang=en'],
    ['/country/ru', '/feed.json?country=RU&lang=en'],
    ['/service/whatsapp', '/feed.json?service=whatsapp&lang=en'],
  ])('the page %s tells of its feed, which is there', async (path, feed) => {
    const [, href] = /<link rel="alternate" type="application\/feed\+json" title="JSON Feed" href="([^"]+)">/.exec(
      (await site.get(path)).text,
    )!;
    expect(href!.replaceAll('&amp;', '&')).toBe(feed);
    expect((await site.get(feed)).status).toBe(200);
  });

  test('pages tell of them', () => {
    expect(feedLinks('/tocsin', { country: 'RU', service: null }, 'fa')).toMatchObject([
      { type: 'application/atom+xml', href: '/tocsin/feed.atom?country=RU&lang=fa' },
      { type: 'application/feed+json', href: '/tocsin/feed.json?country=RU&lang=fa' },
    ]);
  });
});

const NASTY = ']]> <b> & " \' \u0000\u0008\u001f \u202e\u2066 \ud800 \udfff \ufffe\uffff 🧨 </title><script>';

test('hostile words: one line, well-formed, nothing that turns or breaks; the parser of another project reads them', async () => {
  await put(site, { regions: [NASTY], withdrawnBecause: NASTY, service: null, id: 'RU-any-0001' }, [
    { report: { title: NASTY, publisherName: NASTY, url: 'https://a.example/?a=1&b="<>', summary: NASTY } },
    { report: { title: 'x'.repeat(5_000), url: 'javascript:alert(1)' } },
  ]);
  const { text, feed } = await atom();
  expect(feed.items).toHaveLength(2);
  // oxlint-disable-next-line no-control-regex -- it looks for these
  expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\u202a-\u202e\u2066-\u2069]/);
  expect(text.isWellFormed()).toBe(true);
  expect(text).not.toContain('javascript:');
  const { items } = await json();
  expect(items[1]!.content_html).toContain('&lt;/title&gt;&lt;script&gt;');
  expect(items[1]!.content_html).not.toContain('<script');
});

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();
const words = fc.string({ unit: 'binary', maxLength: 40 });
const entry = fc.record({
  id: words,
  title: words,
  url: fc.option(words),
  at: fc.integer({ min: 0, max: Date.UTC(2100, 0) }),
  categories: fc.array(words, { maxLength: 3 }),
  text: words,
  html: words,
  sources: fc.array(fc.record({ name: words, title: words, url: words }), { maxLength: 2 }),
  told: fc.constant({} as never),
});

test('whatever the words are: Atom that is XML and says them, but for what XML cannot hold; JSON that is JSON', async () => {
  const parser = new Parser();
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 3 }), words, async (entries, title) => {
      const feed: Feed = { title, lang: 'en', instance: 'i', home: null, self: null, entries };
      const read = await parser.parseString(atomFeed(feed));
      expect(read.items).toHaveLength(entries.length);
      const sayable = (text: string) =>
        text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
      for (const [i, one] of entries.entries()) {
        // Kinds of blanks are the reader's own business.
        const shown = flat(sayable(one.title));
        if (shown !== '') expect(flat(read.items[i]!.title!)).toBe(shown);
      }
      expect(JSON.parse(jsonFeed(feed)) as { items: unknown[] }).toMatchObject({
        items: entries.map(({ id }) => ({ id })),
      });
    }),
    { numRuns: 100 },
  );
});
