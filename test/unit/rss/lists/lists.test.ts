/** Lists of feeds: what is read of them, what becomes of each entry, and that what goes out comes in again. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { PlanOptions } from '../../../../src/core/ports/feed-lists.ts';
import { isLocalName, isPrivateAddress, literalAddress } from '../../../../src/platform/http.ts';
import { cronProblem } from '../../../../src/platform/schedule.ts';
import { rssSchema } from '../../../../src/sources/rss/config.ts';
import { feedsNamedBy, planImport, readOpml, writeOpml } from '../../../../src/sources/rss/lists.ts';
import { expectAtMost } from '../../../fakes/pace.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const opml = (body: string) =>
  `<?xml version="1.0"?>\n<opml version="2.0"><head><title>x</title></head><body>${body}</body></opml>`;
const read = (body: string) => readOpml(bytes(opml(body)), 'text/xml').listed;
const isPrivate = (host: string): boolean => {
  const address = literalAddress(host);
  return address === null ? isLocalName(host) : isPrivateAddress(address);
};
const NOTHING: PlanOptions = { sources: [], feeds: [], isPrivate, cronProblem, fromNet: false };
const planned = (body: string, over: Partial<PlanOptions> = {}) => planImport(read(body), { ...NOTHING, ...over });

describe('what becomes of an entry', () => {
  test('folders, folders in folders, titles in any script, both spellings of attributes', () => {
    const plan = planned(`
      <outline text="News"><outline text="Deep">
        <outline type="rss" text="The Moscow Times" xmlUrl="https://www.themoscowtimes.com/rss/news" language="en-us"/>
      </outline></outline>
      <OUTLINE Text="Медуза &amp; Co" xmlURL="https://meduza.io/rss/all" language="RU"/>`);
    expect(plan.leftOut).toEqual([]);
    expect(plan.added.map(({ source }) => source)).toEqual([
      {
        id: 'the-moscow-times',
        kind: 'rss',
        url: 'https://www.themoscowtimes.com/rss/news',
        publisher: 'themoscowtimes-com',
        name: 'The Moscow Times',
        folder: 'News/Deep',
        lang: 'en',
      },
      {
        id: 'meduza-io',
        kind: 'rss',
        url: 'https://meduza.io/rss/all',
        publisher: 'meduza-io',
        name: 'Медуза & Co',
        folder: 'x',
        lang: 'ru',
      },
    ]);
  });

  test('two feeds of one site are one voice; a site that is read already keeps its publisher', () => {
    const plan = planned(
      '<outline text="A" xmlUrl="https://feeds.bbci.co.uk/a"/><outline text="B" xmlUrl="https://www.dw.com/b"/><outline text="B" xmlUrl="https://rss.dw.com/c"/>',
      { sources: [{ id: 'a' }], feeds: [{ url: 'https://feeds.bbci.co.uk/russian/rss.xml', publisher: 'bbc' }] },
    );
    expect(plan.added.map(({ source: { id, publisher } }) => [id, publisher])).toEqual([
      ['a-2', 'bbc'],
      ['b', 'dw-com'],
      ['b-2', 'dw-com'],
    ]);
    expect(plan.added.map(({ notes }) => notes.length)).toEqual([1, 0, 1]);
  });

  test.each<[string, string, RegExp]>([
    ['no address', '<outline text="x"/>', /no address \(xmlUrl\)/],
    ['a link', '<outline text="x" type="link" url="https://x.org/"/>', /links to a page/],
    ['another list', '<outline text="x" type="include" url="https://x.org/o.opml"/>', /import that one by itself/],
    ['commented out', '<outline text="x" isComment="true" xmlUrl="https://x.org/f"/>', /commented out/],
    [
      'in a folder that is',
      '<outline text="x" isComment="true"><outline xmlUrl="https://x.org/f"/></outline>',
      /commented/,
    ],
    ['a file', '<outline text="x" xmlUrl="file:///etc/passwd"/>', /must begin with http/],
    ['a script', '<outline text="x" xmlUrl="javascript:alert(1)"/>', /must begin with http/],
    ['words', '<outline text="x" xmlUrl="not an address"/>', /must begin with http/],
    ['a line break in it', '<outline text="x" xmlUrl="https://x.org/&#10;a: b"/>', /must begin with http/],
    ['this machine', '<outline text="x" xmlUrl="http://localhost/feed"/>', /private network/],
    ['its network', '<outline text="x" xmlUrl="http://192.168.1.1/feed"/>', /private network/],
    ['the same as a number', '<outline text="x" xmlUrl="http://2130706433/"/>', /private network/],
    ['in other digits', '<outline text="x" xmlUrl="http://[::ffff:7f00:1]/"/>', /private network/],
    ['a cloud of secrets', '<outline text="x" xmlUrl="http://169.254.169.254/latest"/>', /private network/],
  ])('%s: left out, and why', (_name, body, why) => {
    const plan = planned(body);
    expect(plan.added).toEqual([]);
    expect(plan.leftOut[0]!.why).toMatch(why);
  });

  test('private addresses where the operator allows them', () => {
    expect(planned('<outline text="x" xmlUrl="http://127.0.0.1/f"/>', { isPrivate: () => false }).added).toHaveLength(
      1,
    );
  });

  test.each([
    ['http', 'http://meduza.io/rss/all'],
    ['www', 'https://www.meduza.io/rss/all'],
    ['a slash', 'https://meduza.io/rss/all/'],
    ['upper case', 'HTTPS://MEDUZA.IO/rss/all'],
    ['feed:', 'feed:https://meduza.io/rss/all'],
    ['feed://', 'feed://meduza.io/rss/all'],
  ])('read already, spelled with %s: left out', (_name, url) => {
    const feeds = [{ url: 'https://meduza.io/rss/all', publisher: 'meduza' }];
    expect(planned(`<outline text="x" xmlUrl="${url}"/>`, { feeds }).leftOut[0]!.why).toBe('it is read already');
  });

  test('twice in the list: once', () => {
    const plan = planned(['1', '1', '2'].map((n) => `<outline text="x" xmlUrl="https://x.org/f?a=${n}"/>`).join(''));
    expect([plan.added.length, plan.leftOut[0]!.why]).toEqual([2, 'it stands in the list twice']);
  });

  test('an authority, and a voice: by the word of a file of yours, never by that of the net', () => {
    const body =
      '<outline text="x" xmlUrl="https://x.org/f" xmlns:tocsin="u" tocsin:id="rkn" tocsin:authority="true" tocsin:publisher="rkn"/>';
    expect(planned(body).added[0]!.source).toMatchObject({ id: 'rkn', authority: true, publisher: 'rkn' });
    const [one] = planned(body, { fromNet: true }).added;
    expect(one!.source).toMatchObject({ id: 'rkn', publisher: 'x-org' });
    expect(one!.source.authority).toBeUndefined();
    expect(one!.notes).toEqual(['that it is an authority is not taken from the net: set "authority" yourself']);
  });

  test('whatever is written there: what is added fits the schema, and its ids are all different', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 120 });
    const entry = fc.record({
      title: text,
      lang: fc.option(text),
      type: fc.constant(null),
      commented: fc.constant(false),
      nameless: fc.boolean(),
      url: fc.oneof(fc.webUrl(), text),
      folder: text,
      own: fc.record({ id: text, cron: text, publisher: text, authority: fc.boolean() }, { requiredKeys: [] }),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), fc.boolean(), (listed, fromNet) => {
        const plan = planImport(listed, { ...NOTHING, fromNet });
        expect(plan.added.length + plan.leftOut.length).toBe(listed.length);
        for (const { source } of plan.added) expect(v.safeParse(rssSchema, source).issues).toBeUndefined();
        const ids = plan.added.map(({ source }) => source.id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a hostile list', () => {
  test('titles that would steer a terminal or turn text around: their words alone', () => {
    const { added } = planned(`
      <outline text="&#x202e;live &#x2066;news&#x9;of&#xA;today" xmlUrl="https://a.example/f"/>
      <outline text="ایران\u200cوایر" xmlUrl="https://b.example/f"/>`);
    expect(added.map(({ source }) => source.name)).toEqual(['live news of today', 'ایران\u200cوایر']);
  });

  test('entities of its own stand for nothing: no bomb', () => {
    const entities = Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "&e${i};&e${i};&e${i};&e${i};">`).join(
      '',
    );
    const bomb = `<!DOCTYPE opml [<!ENTITY e0 "xxxxxxxxxx">${entities}]>`;
    const { listed } = readOpml(bytes(`${bomb}${opml('<outline text="&e20;" xmlUrl="https://x.org/f"/>')}`), '');
    expect(listed[0]!.title.length).toBeLessThan(20);
  });

  test.each<[string, string, RegExp]>([
    ['nested without end', opml('<outline text="a">'.repeat(50_000)), /nested deeper than/],
    ['broken', opml('<outline text="a'), /XML is broken/],
    ['only brackets', opml('<'.repeat(100_000)), /names no feeds/],
    ['no entries', opml(''), /names no feeds/],
    [
      'a file of this machine for an entity',
      `<!DOCTYPE opml [<!ENTITY f SYSTEM "file:///etc/passwd">]>${opml('<outline text="&f;" xmlUrl="https://x.org/f"/>')}`,
      /XML is broken/,
    ],
    ['a web page', '<!doctype html><html></html>', /web page/],
    ['a feed', '<?xml version="1.0"?><rss version="2.0"></rss>', /a feed itself/],
    ['nothing', '', /no OPML/],
    ['a name that is a trap', opml('<__proto__ a="1"/>'), /XML is broken/],
  ])('%s: a clear word', (_name, text, why) => {
    expect(() => readOpml(bytes(text), '')).toThrow(why);
  });

  test('more entries than are looked at: said', () => {
    const { listed, beyond } = readOpml(bytes(opml('<outline text="a" xmlUrl="https://x.org/"/>'.repeat(10_003))), '');
    expect([listed.length, beyond]).toEqual([10_000, 3]);
  });

  test('another encoding: as it says', () => {
    const head = '<?xml version="1.0" encoding="windows-1251"?><opml version="2.0"><body><outline text="';
    const word = Uint8Array.from([0xcc, 0xe5, 0xe4, 0xf3, 0xe7, 0xe0]);
    const tail = '" xmlUrl="https://x.org/f"/></body></opml>';
    expect(readOpml(Buffer.concat([bytes(head), word, bytes(tail)]), 'text/xml').listed[0]!.title).toBe('Медуза');
  });
});

test('export, then import: the same feeds, whatever they are called', () => {
  const id = fc.stringMatching(/^[\w.-]{1,20}$/);
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .map((one) => one.replace(/[\s\p{C}]+/gu, ' ').trim())
    .filter((one) => one !== '');
  const feed = fc.record({
    id,
    url: fc.nat().map((n) => `https://n${n}.example/feed?a=1&b=<"'`),
    cron: fc.constantFrom('*/5 * * * *', '0 */2 * * *'),
    publisher: id,
    name: fc.option(name, { nil: undefined }),
    lang: fc.option(fc.constantFrom('en', 'ru'), { nil: undefined }),
    authority: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.uniqueArray(feed, { selector: (one) => one.id, minLength: 1, maxLength: 8 }), (all) => {
      const feeds = [...new Map(all.map((one) => [one.url, one])).values()];
      const text = writeOpml(
        feeds.map((one) => ({ ...one, kind: 'x', country: one.lang === 'ru' ? { code: 'RU', name: 'Russia' } : null })),
        { title: 't', at: new Date(0) },
      );
      const plan = planImport(readOpml(bytes(text), '').listed, NOTHING);
      const parsed = plan.added.map(({ source }) => v.parse(rssSchema, source));
      const plain = (list: object[]) =>
        list.map((one) => JSON.parse(JSON.stringify(one)) as { id: string }).sort((a, b) => a.id.localeCompare(b.id));
      expect(plain(parsed)).toEqual(plain(feeds.map((one) => ({ ...one, kind: 'rss', trusted: false }))));
    }),
    { numRuns: 150 },
  );
});

describe('the feeds that a page names', () => {
  const PAGE = 'https://x.org/news/';
  test.each<[string, string, string[]]>([
    [
      'rss and atom, relative',
      '<link rel="alternate" type="application/rss+xml" title="All &amp; more" href="/feed"><LINK href=\'atom.xml\' TYPE=application/atom+xml REL=Alternate>',
      ['https://x.org/feed', 'https://x.org/news/atom.xml'],
    ],
    [
      'under a base',
      '<base href="https://y.org/a/"><link rel=alternate type="application/feed+json" href="b">',
      ['https://y.org/a/b'],
    ],
    ['other links', '<link rel="stylesheet" href="a.css"><link rel="alternate" hreflang="de" href="/de">', []],
    [
      'an address that is none',
      '<link rel="alternate" type="application/rss+xml" href="javascript:1"><link rel="alternate" type="application/rss+xml" href="http://">',
      [],
    ],
    ['the same twice', '<link rel="alternate" type="application/rss+xml" href="/f">'.repeat(2), ['https://x.org/f']],
  ])('%s', (_name, html, urls) => expect(feedsNamedBy(html, PAGE).map(({ url }) => url)).toEqual(urls));

  test('hostile pages: bounded, in no time', () => {
    const before = process.cpuUsage();
    for (const html of [
      '<link '.repeat(200_000),
      `<link ${'a='.repeat(500_000)}`,
      `<link ${'"'.repeat(1_000_000)}>`,
      '<base'.repeat(300_000),
    ])
      expect(feedsNamedBy(html, PAGE)).toEqual([]);
    expect(
      feedsNamedBy(
        Array.from({ length: 100 }, (_, i) => `<link rel=alternate type="application/rss+xml" href="/${i}">`).join(''),
        PAGE,
      ),
    ).toHaveLength(10);
    expectAtMost(process.cpuUsage(before).user / 1_000, 5_000);
  });
});
