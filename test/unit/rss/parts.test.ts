/** Between the bytes of a feed and its items: patience, repair of broken markup, what is kept, and the bounds of a feed's own words. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentError, retryAfterMs, validator } from '../../../src/core/answers.ts';
import { type FeedHints, notBeforeOf, nothing, recall, REMEDIES } from '../../../src/sources/rss/index.ts';
import { readFeed, tidyXml, wholeItems, wrapMarkup } from '../../../src/sources/rss/read-feed.ts';
import { type RawFeed, type RawItem, shapeFeed } from '../../../src/sources/rss/shape.ts';
import { domainOf } from '../../../src/sources/rss/site.ts';
import { anyCharacter } from '../../fakes/any-text.ts';
import { FakeCache, NOW } from './harness.ts';

const HOUR = 3_600_000;
const hints = (over: Partial<FeedHints> = {}): FeedHints => ({ ttlMs: null, skipHours: [], skipDays: [], ...over });

describe('patience', () => {
  // NOW is a Wednesday, 12:00 UTC.
  test.each<[string, Record<string, string>, Partial<FeedHints>, number | null]>([
    ['more Age than max-age', { 'cache-control': 'max-age=60', age: '90' }, {}, null],
    ['an Age that is none', { 'cache-control': 'max-age=60', age: '-90' }, {}, 60_000],
    ['s-maxage is for shared caches', { 'cache-control': 's-maxage=600' }, {}, null],
    [
      'no-store, whatever Expires says',
      { 'cache-control': 'no-store', expires: new Date(NOW + HOUR).toUTCString() },
      {},
      null,
    ],
    [
      'max-age of nothing beats Expires',
      { 'cache-control': 'max-age=0', expires: new Date(NOW + HOUR).toUTCString() },
      {},
      null,
    ],
    ['Expires without a Date: our own clock', { expires: new Date(NOW + HOUR).toUTCString() }, {}, HOUR],
    ['an hour to skip that is not this one', {}, { skipHours: [13] }, null],
    ['a wait that ends in a skipped hour', {}, { ttlMs: HOUR, skipHours: [13, 14] }, 3 * HOUR],
    ['every hour skipped: none', {}, { skipHours: Array.from({ length: 24 }, (_, hour) => hour) }, null],
    ['every day skipped: none', {}, { skipDays: [0, 1, 2, 3, 4, 5, 6] }, null],
    ['today skipped: no longer than six hours', {}, { skipDays: [3] }, 6 * HOUR],
  ])('%s', (_name, headers, more, wait) => {
    expect(notBeforeOf(headers, hints(more), NOW)).toBe(wait === null ? null : NOW + wait);
  });

  test('whatever is said: within six hours, never in the past, and a longer wish is no shorter wait', () => {
    const wishes = fc.record({
      ttlMs: fc.option(fc.nat(48 * HOUR)),
      skipHours: fc.uniqueArray(fc.nat(23)),
      skipDays: fc.uniqueArray(fc.nat(6)),
    });
    fc.assert(
      fc.property(wishes, fc.string(), fc.nat(7 * 24 * HOUR), (wish, control, ms) => {
        const now = NOW + ms;
        const at = notBeforeOf({ 'cache-control': control }, wish, now);
        if (at !== null) expect(at > now && at <= now + 6 * HOUR).toBe(true);
        const longer = notBeforeOf({ 'cache-control': control }, { ...wish, ttlMs: (wish.ttlMs ?? 0) + HOUR }, now);
        expect(longer ?? now).toBeGreaterThanOrEqual(at ?? now);
      }),
    );
  });

  test.each<[string | undefined, number | null]>([
    ['0', null],
    ['-5', null],
    ['1.5', null],
    [' 30 ', 30_000],
    ['soon', null],
    ['', null],
    ['Wed, 25 Nov 2026 11:59:00 GMT', null],
    ['Fri, 27 Nov 2026 12:00:00 GMT', 24 * HOUR],
  ])('Retry-After: %j', (header, ms) => expect(retryAfterMs(header, NOW)).toBe(ms));

  test.each([
    [401, /access is refused/],
    [403, /access is refused/],
    [451, /access is refused/],
    [404, /check the address/],
    [410, /gone for good/],
    [429, /slower cron/],
    [500, /has trouble/],
    [204, /not a feed/],
  ])('status %i: a remedy of its own', (status, remedy) => {
    const error = documentError({ status, headers: {} }, 'a.example', NOW, REMEDIES);
    expect([error.code, error.facts.host, error.facts.status]).toEqual(['fetch_status', 'a.example', status]);
    expect(error.message).toMatch(remedy);
  });
});

describe('broken markup', () => {
  test.each([
    ['a bare ampersand', '<rss>R&D & so on', '<rss>R&amp;D &amp; so on'],
    ['an entity of HTML', '<rss>a&nbsp;b&mdash;c', '<rss>a\u00a0b—c'],
    ['an entity that stays dangerous when decoded', '<rss>&LT;b&AMP;', '<rss>&lt;b&amp;'],
    ['entities of XML', '<rss>&lt;&#60;&#x3C;&amp;', '<rss>&lt;&#60;&#x3C;&amp;'],
    ['an entity that nobody knows', '<rss>&nosuchthing;', '<rss>&amp;nosuchthing;'],
    ['CDATA', '<rss>&<![CDATA[a & b]]>&', '<rss>&amp;<![CDATA[a & b]]>&amp;'],
    ['CDATA without an end', '<rss><![CDATA[a & b', '<rss>'],
    ['junk before the root', 'Warning: <b>x</b> in y.php\n<rss/>', '<rss/>'],
    ['entities of its own', '<!DOCTYPE rss [<!ENTITY x "y">]><rss>&x;</rss>', '<rss>&amp;x;</rss>'],
    ['cut in its last tag', '<rss><a/></rss', '<rss><a/></rss>'],
    ['cut in another tag', '<rss><a/><link hre', '<rss><a/>'],
    ['characters that XML forbids', '<rss>a\u0000\u0008\u000bb\ufffe', '<rss>ab'],
    ['half a character', '<rss>a\ud83d', '<rss>a\ufffd'],
  ])('%s', (_name, text, tidy) => expect(tidyXml(text)).toBe(tidy));

  test.each([
    ['plain text', '<title>a</title>', '<title>a</title>'],
    ['HTML in a title', '<title>a <b>c</b><br> d</title>', '<title><![CDATA[a <b>c</b><br> d]]></title>'],
    [
      'attributes and a prefix',
      '<a:summary type="xhtml"><p>x</p></a:summary>',
      '<a:summary type="xhtml"><![CDATA[<p>x</p>]]></a:summary>',
    ],
    ['CDATA within markup', '<title><i><![CDATA[x]]></i></title>', '<title><![CDATA[<i>x</i>]]></title>'],
    [
      'CDATA that names its end',
      '<title><![CDATA[</title>]]></title><title><u>b</u></title>',
      '<title><![CDATA[</title>]]></title><title><![CDATA[<u>b</u>]]></title>',
    ],
    ['an empty element', '<title/><a><title>x</title></a>', '<title/><a><title>x</title></a>'],
    [
      'never closed: its neighbour is not swallowed',
      '<item><title>a</item><item><title>b<br></title></item>',
      '<item><title>a</item><item><title><![CDATA[b<br>]]></title></item>',
    ],
    [
      'elements of media',
      '<media:content><media:title>x</media:title></media:content>',
      '<media:content><media:title>x</media:title></media:content>',
    ],
  ])('wrapped where it must be: %s', (_name, text, wrapped) => {
    expect(wrapMarkup(text)).toBe(wrapped);
    expect(wrapMarkup(wrapped)).toBe(wrapped);
  });

  test.each<[string, string, string | null]>([
    [
      'whole items, before what is not closed in the head',
      '<rss version="2.0"><channel><image><item><title>a</title></item><item><broken><item><title>b</title></item><item>',
      '<rss version="2.0"><channel><item><title>a</title></item><item><title>b</title></item><image></rss>',
    ],
    ['a whole document', '<feed><entry>x</entry></feed>', '<feed><entry>x</entry></feed>'],
    [
      'RDF, whose items stand beside the channel',
      '<r:RDF xmlns:r="u"><channel><title>t</title></channel><item>x</item><item>y',
      '<r:RDF xmlns:r="u"><item>x</item><channel><title>t</title></channel></r:RDF>',
    ],
    ['no feed', '<html><item>x</item></html>', null],
    ['cut in its first item', '<rss version="2.0"><channel><title>t</title><item><title>x', null],
    ['cut before its first item', '<rss version="2.0"><channel><title>t', null],
  ])('a broken document made anew: %s', (_name, text, anew) => expect(wholeItems(text)).toBe(anew));

  test.each<[string, string, string[]]>([
    [
      'a wrong tag in one item: the others',
      '<rss><channel><item><title>a</title></item><item><title>b</titel></item><item><title>c</title></item></channel></rss>',
      ['a', 'c'],
    ],
    [
      'cut in the middle: all that is whole',
      '<rss><channel><item><title>a</title></item><item><title>b</title></item><item><tit',
      ['a', 'b'],
    ],
    [
      'no version, names in capitals, a prefix of its own, an attribute without quotes',
      '<x:RSS xmlns:x="u"><x:Channel><x:ITEM bad><x:Title>a</x:Title><x:Link href=b /></x:ITEM></x:Channel></x:RSS>',
      ['a'],
    ],
    [
      'entries under another prefix for Atom',
      '<feed xmlns="http://www.w3.org/2005/Atom"><p:entry xmlns:p="http://www.w3.org/2005/Atom"><p:title>a</p:title></p:entry></feed>',
      ['a'],
    ],
    [
      'JSON in an order of its own',
      '{"items":[{"title":"a"},{"id":"https://x.example/b"}],"title":"t"}',
      ['a', 'https://x.example/b'],
    ],
  ])('read: %s', async (_name, text, titles) => {
    const feed = await readFeed(new TextEncoder().encode(text), 'text/xml', 'https://a.example/feed');
    expect(feed.items.map(({ title }) => title)).toEqual(expect.arrayContaining(titles));
  });

  test.each<[string, string, string, RegExp]>([
    ['nothing', '  \n', 'feed_not_a_feed', /empty/],
    ['JSON of another kind', '{"data":[]}', 'feed_not_a_feed', /no JSON Feed/],
    ['JSON cut', '{"items":[', 'feed_not_a_feed', /no JSON Feed/],
    ['JSON whose items are strings', '{"title":"t","items":["a"]}', 'feed_not_a_feed', /no JSON Feed/],
    ['a web page', '<html><p>x', 'feed_not_a_feed', /web page/],
    ['anything else', 'hello', 'feed_not_a_feed', /neither RSS/],
    [
      'items of another form',
      '<rss version="2.0"><channel><item><x>a</x></item><item><x>b</x></item></channel></rss>',
      'feed_unreadable',
      /None of its entries/,
    ],
  ])('no feed: %s', async (_name, text, code, why) => {
    const reading = readFeed(new TextEncoder().encode(text), 'text/xml', 'https://a.example/feed');
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(why) });
  });
});

describe('a feed’s own words', () => {
  const item = (over: Partial<RawItem> = {}): RawItem => ({
    title: 't',
    link: null,
    guid: null,
    dates: [],
    summary: '',
    content: '',
    base: null,
    lang: null,
    ...over,
  });
  const feed = (over: Partial<RawFeed> = {}, url = 'https://a.example/feed?key=secret') =>
    shapeFeed(
      {
        parser: 'x',
        title: '',
        link: null,
        base: null,
        lang: null,
        ttlMinutes: null,
        skipHours: [],
        skipDays: [],
        items: [item()],
        ...over,
      },
      url,
    );

  test.each([
    ['ru-RU', 'ru'],
    [' EN_us ', 'en'],
    ['zh-Hans-CN', 'zh'],
    ['rus', null],
    ['english', null],
    ['', null],
    [null, null],
  ])('language %j', (lang, expected) => {
    const { lang: whole, items } = feed({ lang, items: [item({ lang })] });
    expect([whole, items[0]?.lang]).toEqual([expected, expected]);
  });

  test('hours and days to skip: 24 is midnight, each once, nothing else', () => {
    const shaped = feed({
      skipHours: [24, 0, 23, 25, -1, 1.5, Number.NaN],
      skipDays: ['Monday', ' SUN ', 'mon', 'Montag?', 'x', ''],
    });
    expect([shaped.skipHours, shaped.skipDays]).toEqual([
      [0, 23],
      [1, 0],
    ]);
  });

  test.each([
    [30, 1_800_000],
    [0, null],
    [-5, null],
    [Number.NaN, null],
    [Infinity, null],
    [null, null],
  ])('ttl %j', (ttlMinutes, ms) => expect(feed({ ttlMinutes }).ttlMs).toBe(ms));

  test.each<[string, Partial<RawItem>, object | undefined]>([
    ['no title: the text', { title: '', summary: '<p>Lead</p>' }, { title: 'Lead', summary: 'Lead' }],
    ['no text either: the link', { title: ' ', link: 'https://a.example/1' }, { title: 'https://a.example/1' }],
    ['nothing at all', { title: '', guid: 'g' }, undefined],
    [
      'a lead and a longer text: both',
      { summary: 'Lead', content: 'Lead and more' },
      { summary: 'Lead', body: 'Lead and more' },
    ],
    ['a text alone: the summary, once', { content: 'Text' }, { summary: 'Text' }],
    ['a lead longer than the text', { summary: 'A long lead', content: 'x' }, { summary: 'A long lead' }],
    ['a blank guid', { guid: '  ' }, { guid: null }],
    ['a guid without end', { guid: 'g'.repeat(900) }, { guid: expect.stringMatching(/^.{1,500}$/) }],
    [
      'a first date that is none',
      { dates: ['yesterday', '2026-11-25T10:00:00Z'] },
      { publishedAt: Date.UTC(2026, 10, 25, 10) },
    ],
    ['no date', { dates: ['', 'x'] }, { publishedAt: null }],
    ['a link to the feed itself: without its key', { link: '#top' }, { url: 'https://a.example/feed' }],
    ['a link that is none', { link: 'javascript:alert(1)' }, { url: null }],
    ['a base of its own', { link: 'x', base: 'https://b.example/y/' }, { url: 'https://b.example/y/x' }],
  ])('%s', (_name, over, expected) => {
    const [shaped] = feed({ items: [item(over)] }).items;
    if (expected) expect(shaped).toMatchObject(expected);
    else expect(shaped).toBeUndefined();
    if (expected && !('body' in expected)) expect(shaped).not.toHaveProperty('body');
  });

  test.each([
    [
      'a feed hosted elsewhere: the site’s address',
      { link: 'https://site.example/news/' },
      'https://site.example/news/x',
    ],
    ['the same host: the feed’s', { link: 'https://a.example/news/' }, 'https://a.example/x'],
    ['a base that is written', { base: '/deep/', link: 'https://site.example/' }, 'https://a.example/deep/x'],
    ['a link of another scheme', { link: 'ftp://site.example/' }, 'https://a.example/x'],
  ])('relative links: %s', (_name, over, url) =>
    expect(feed({ ...over, items: [item({ link: 'x' })] }).items[0]?.url).toBe(url),
  );

  test('too many items: those without a date stay in front, the oldest go', () => {
    const dated = Array.from({ length: 600 }, (_, i) =>
      item({ title: `d${i}`, dates: [new Date(NOW - i * HOUR).toISOString()] }),
    );
    const titles = feed({ items: [...dated, item({ title: 'undated' })] }).items.map(({ title }) => title);
    expect([titles.length, titles[0], titles[1], titles.at(-1)]).toEqual([500, 'undated', 'd0', 'd498']);
  });
});

describe('what is kept between polls', () => {
  const URL_KEPT = 'https://a.example/feed';
  test.each<[string, unknown, object]>([
    ['nothing', undefined, {}],
    ['another shape', 'text', {}],
    ['another address', { url: 'https://b.example/', etag: '"1"' }, {}],
    [
      'a validator with a line break',
      { url: URL_KEPT, etag: '"1"\r\nX: y', lastModified: 'ok' },
      { lastModified: 'ok' },
    ],
    ['a move without its time', { url: URL_KEPT, movedTo: 'https://a.example/new' }, {}],
    ['a move to nowhere', { url: URL_KEPT, movedTo: 'new', checkedAt: 1 }, {}],
    [
      'a move',
      { url: URL_KEPT, movedTo: 'https://a.example/new', checkedAt: 1 },
      { movedTo: 'https://a.example/new', checkedAt: 1 },
    ],
    [
      'lists of other things',
      { url: URL_KEPT, skipHours: [1, '2', null], skipDays: 'sun', ttlMs: '5' },
      { skipHours: [1] },
    ],
    ['too many hours', { url: URL_KEPT, skipHours: Array(99).fill(1) }, { skipHours: Array(24).fill(1) }],
  ])('%s', async (_name, kept, known) => {
    const cache = new FakeCache();
    if (kept !== undefined) await cache.set('http', kept);
    expect(await recall(cache, URL_KEPT)).toEqual({ ...nothing(URL_KEPT), ...known });
  });

  test('a validator is sent back as it came, or not at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 1_100 }), (text) => {
        const kept = validator(text);
        expect(kept === null || kept === text).toBe(true);
        // What a header may hold: what Node itself would refuse to send is never kept.
        if (kept !== null) expect(() => new Headers({ 'if-none-match': kept })).not.toThrow();
      }),
    );
    expect([validator('a'.repeat(1_000)), validator('a'.repeat(1_001)), validator('')]).toEqual([
      'a'.repeat(1_000),
      null,
      null,
    ]);
  });

  test.each([
    ['news.bbc.co.uk', 'bbc.co.uk'],
    ['a.github.io', 'a.github.io'],
    ['a.b.example.com.', 'example.com'],
    ['co.uk', null],
    ['localhost', null],
    ['127.0.0.1', null],
    ['[::1]', null],
  ])('whose site is %s', (host, site) => expect(domainOf(host)).toBe(site));
});
