/** What news brings: bytes of feeds, HTML, dates, addresses, and the texts that are read for events. */
import fc from 'fast-check';
import { safeHref } from '../../src/adapters/matrix/untrusted.ts';
import { httpLink } from '../../src/adapters/telegram/render.ts';
import { classifyLine } from '../../src/cli/classify.ts';
import { canonicalUrl } from '../../src/core/correlate/canonical.ts';
import { fingerprint } from '../../src/core/correlate/voices.ts';
import { TocsinError } from '../../src/core/errors.ts';
import { ACTIONS } from '../../src/core/model/incident.ts';
import { type Extraction, type Item, MAX_EVENTS, type NewsText } from '../../src/core/model/item.ts';
import { reportsOf, seenKeys } from '../../src/core/read.ts';
import { safeLink } from '../../src/core/render/plain.ts';
import { createFeedParser } from '../../src/sources/rss/parser-host.ts';
import { parseDate, plainText } from '../../src/sources/rss/shape.ts';
import { bundledCatalogue, bundledExtractor } from '../fakes/bundled.ts';
import { hold } from './invariants.ts';
import { type Target, target } from './target.ts';
import { hostileLink, hostileText, jsonWith } from './words.ts';

const catalogue = bundledCatalogue();
const extractor = bundledExtractor();
/** The network itself is no row of the catalogue. */
const services = new Set(['internet', ...catalogue.services.map((service) => service.id)]);
const LANGS = [null, 'en', 'ru', 'fa', 'ar', 'zh', 'de', 'tr', 'uk', 'xx'];

function soundExtraction(found: Pick<Extraction, 'relevant' | 'events'> & { lang?: string }): void {
  hold(found.events.length <= MAX_EVENTS, 'more events than may be', found.events.length);
  hold(found.relevant || found.events.length === 0, 'not relevant, and yet events');
  hold(found.lang === undefined || /^([a-z]{2,3}|und)$/.test(found.lang), 'no language', found.lang);
  for (const event of found.events) {
    hold(ACTIONS.includes(event.action), 'no action', event.action);
    for (const country of event.countries) hold(/^[A-Z]{2}$/.test(country), 'no country', country);
    for (const service of event.services) hold(services.has(service), 'no service of the catalogue', service);
    hold((event.region ?? '').length <= 200, 'a region past bounds', event.region);
  }
}

const news: fc.Arbitrary<NewsText> = fc.record({
  title: hostileText(500),
  summary: hostileText(2_000),
  body: fc.option(hostileText(20_000), { nil: undefined }),
  lang: fc.constantFrom(...LANGS),
});

let serial = 0;
const ids = { next: () => `id${serial++}`, tail: () => '3f9k', random: () => 0.5 };

const extraction = target({
  name: 'texts of news',
  input: news,
  async run(text) {
    const found = await extractor.extract(text);
    soundExtraction(found);
    const item: Item = {
      ...text,
      lang: text.lang ?? null,
      sourceId: 's',
      guid: text.title,
      url: null,
      publishedAt: 1_700_000_000_000,
      dated: true,
      publisher: 'p',
      publisherName: 'P',
      authority: false,
    };
    hold(reportsOf(item, found, { itemId: 'i' }, ids).length <= 40, 'too many reports');
    for (const keys of seenKeys([item])) for (const key of keys) hold(key.length <= 100, 'a long key', key);
    hold(fingerprint(text.title, text.summary).length <= 96, 'a long fingerprint');
  },
});

const html = target({
  name: 'HTML',
  input: fc.tuple(
    fc.array(
      fc.oneof(
        hostileText(400),
        fc.constantFrom(
          '<',
          '>',
          '<!--',
          '-->',
          '<![CDATA[',
          ']]>',
          '<script',
          '</script>',
          '<p>',
          '&',
          '&#x',
          ';',
          '<a href="',
          '<svg><title>',
          '<'.repeat(20_000),
          '&amp;'.repeat(9_000),
          '<div>'.repeat(9_000),
        ),
      ),
      { maxLength: 12 },
    ),
    fc.constantFrom('title' as const, 'body' as const),
    fc.constantFrom(50, 500, 20_000),
  ),
  run([parts, mode, max]) {
    const text = plainText(parts.join(''), max, mode);
    hold(text.length <= max, 'longer than asked for', text.length);
    hold(text.isWellFormed(), 'half a character', text);
    hold(!/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text), 'a control or an override', text);
    hold(!/<script/i.test(text) || mode === 'title' || /</.test(parts.join('')), 'a script', text);
  },
});

const dates = target({
  name: 'dates',
  limitMs: 20,
  input: fc.oneof(
    hostileText(300),
    fc.stringMatching(/^[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}[T ]?[0-9:]{0,8} ?[+A-Z-]{0,6}[0-9]{0,4}$/),
    fc.tuple(fc.date({ noInvalidDate: true }), hostileText(20)).map(([date, more]) => `${date.toUTCString()}${more}`),
    fc.anything(),
  ),
  run(raw) {
    const at = parseDate(raw);
    hold(at === null || (Number.isSafeInteger(at) && at > 0 && at < Date.UTC(2100, 0, 2)), 'no time', at);
  },
});

const links = target({
  name: 'addresses',
  limitMs: 20,
  input: fc.tuple(hostileLink, fc.option(hostileLink)),
  run([link, base]) {
    const canonical = canonicalUrl(link, base);
    if (canonical !== null) {
      hold(canonical.length <= 2_000 && /^https?:\/\//.test(canonical), 'no address', canonical);
      hold(canonicalUrl(canonical) === canonical, 'another the second time', [canonical, canonicalUrl(canonical)]);
    }
    for (const shown of [safeLink(link), httpLink(link)])
      if (shown !== null) hold(/^https?:\/\/[^\s"<>]+$/.test(shown), 'a link that breaks out', shown);
    const href = safeHref(link);
    if (href !== null) hold(/^(https?|mailto):[^\s"<>]*$/.test(href), 'a link that breaks out', href);
  },
});

const classify = target({
  name: 'lines for classify',
  // Reading it and explaining it, beside other tests; the reading alone has its 50 ms in `unit/extract/hostile`.
  limitMs: 100,
  input: fc.oneof(
    jsonWith(['id', 'title', 'summary', 'body', 'lang', '__proto__', 'constructor']).map((value) =>
      JSON.stringify(value),
    ),
    news.map((item) => JSON.stringify({ id: 'n', ...item })),
    hostileText(500),
  ),
  run(line) {
    let answer: string;
    try {
      answer = classifyLine(extractor, line, true);
    } catch (error) {
      // The command tells the line's number; nothing but a line that is no object may end it.
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        value = null;
      }
      hold(value === null, 'an object is refused', String(error));
      return;
    }
    hold(!answer.includes('\n'), 'more than a line');
    soundExtraction(JSON.parse(answer) as Extraction);
  },
});

const parser = createFeedParser();
const CODES = ['feed_not_a_feed', 'feed_unreadable', 'feed_too_slow'];
const rss = (body: string) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>${body}</channel></rss>`;
const field = fc.oneof(
  hostileText(800),
  hostileText(400).map((text) => `<![CDATA[${text}]]>`),
);
const item = fc
  .tuple(field, field, hostileLink, hostileText(60), hostileText(60))
  .map(
    ([title, text, link, guid, date]) =>
      `<item><title>${title}</title><description>${text}</description><link>${link}</link><guid>${guid}</guid><pubDate>${date}</pubDate></item>`,
  );
const cuts = fc.array(fc.tuple(fc.nat(), fc.nat(80), hostileText(60)), { maxLength: 6 });
const damaged = (text: string, cutsMade: [number, number, string][]) =>
  cutsMade.reduce((so, [at, length, piece]) => {
    const from = at % (so.length + 1);
    return so.slice(0, from) + piece + so.slice(from + length);
  }, text);
const CHARSETS = ['utf-8', 'windows-1251', 'utf-16', 'iso-2022-jp', 'nonsense', ''];

const feeds = target({
  name: 'bytes of feeds',
  // Beside the main loop, with a deadline of its own and a new worker after it.
  limitMs: 6_000,
  elsewhere: true,
  input: fc.tuple(
    fc.oneof(
      fc.array(item, { maxLength: 6 }).map((items) => rss(items.join(''))),
      jsonWith([
        'version',
        'items',
        'title',
        'id',
        'url',
        'content_html',
        'date_published',
        'https://jsonfeed.org/version/1.1',
      ]).map((value) => JSON.stringify(value)),
      fc
        .array(item, { maxLength: 3 })
        .map(
          (items) => `<feed xmlns="http://www.w3.org/2005/Atom">${items.join('').replaceAll('item', 'entry')}</feed>`,
        ),
      hostileText(2_000),
      fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    ),
    cuts,
    fc.constantFrom(...CHARSETS),
    hostileText(60),
  ),
  async run([text, made, charset, type]) {
    const bytes = new Uint8Array(Buffer.from(damaged(text, made), charset === 'utf-16' ? 'utf16le' : 'utf8'));
    try {
      const feed = await parser.parse(bytes, charset ? `text/xml; charset=${charset}` : type, 'https://a.example/feed');
      hold(feed.items.length <= 500, 'too many items');
      for (const one of feed.items) {
        hold(one.title.length > 0 && one.title.length <= 500, 'a title out of bounds', one.title.length);
        hold(one.summary.length <= 2_000 && (one.body?.length ?? 0) <= 20_000, 'a text out of bounds');
        hold((one.guid?.length ?? 0) <= 1_000, 'a guid out of bounds');
        hold(one.url === null || /^https?:\/\//.test(one.url), 'no address', one.url);
        hold(!/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/.test(one.title), 'a control or an override', one.title);
        soundExtraction(await extractor.extract({ ...one, lang: one.lang ?? feed.lang }));
      }
    } catch (error) {
      if (!(error instanceof TocsinError)) throw error;
      hold(CODES.includes(error.code), 'no clear error', `${error.code} ${error.message}`);
    }
  },
  stop: () => parser.stop(),
});

export const feedTargets: Target[] = [extraction, html, dates, links, classify, feeds];
