// Once a process, and here it is translated as well: not what one feed does.
import '../../../src/sources/rss/read-feed.ts';
/** All real and odd feeds of `../shared/data/feeds`, served over HTTP: read with the right characters, or a named error. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf } from '../../../src/core/errors.ts';
import type { HttpResponse } from '../../../src/core/ports/runtime.ts';
import type { PollResult } from '../../../src/core/ports/source.ts';
import { type HttpClient, createHttp } from '../../../src/platform/http.ts';
import type { RssConfig } from '../../../src/sources/rss/config.ts';
import { createSource } from '../../../src/sources/rss/index.ts';
import { quietLog as log } from '../../fakes/fake-log.ts';
import { expectAtMost } from '../../fakes/pace.ts';
import { describeIf, shared } from '../../fakes/shared.ts';
import { type Running, serve } from '../http/servers.ts';
import { FakeCache, NOW, noState } from './harness.ts';

/** Not readable, by anybody's judgement: cut before the first item, without a channel, or no feed at all. */
const UNREADABLE: Record<string, string> = {
  'feedparser__bozo_bogus_encoding.xml': 'feed_unreadable',
  'feedparser__utf-16le-bom.xml': 'feed_unreadable',
  'feedparser__utf-32be-bom.xml': 'feed_unreadable',
  'feedparser__rss_incomplete_cdata.xml': 'feed_unreadable',
  'feedparser__rss_empty_document.xml': 'feed_not_a_feed',
  'miniflux__iso88591_utf8_mismatch.xml': 'feed_not_a_feed',
  'nodefeedparser__notafeed.html': 'feed_not_a_feed',
  'rssparser__unrecognized.rss': 'feed_not_a_feed',
};

/** Feeds that hold no item with a title, text or link. */
const EMPTY = [
  'feedparser__bozo_invalid-bytes-with-bom.xml',
  'feedparser__http_high_bit_date.xml',
  'feedparser__http_i18n.xml',
  'feedrs__rss_2.0_invalid_1.xml',
  'miniflux__windows-1252-incorrect-prolog.xml',
  'miniflux__windows-1252.xml',
  'rssparser__incomplete-fields.atom',
  'rssparser__missing-fields.atom',
];

/** First title of each, written down from the files: the old encodings, declared or not, and every script at hand. */
const TITLES: Record<string, string> = {
  'feedparser__gb2312.xml': '不归移民漫画系列：专业工作',
  'feedparser__koi8r.xml': 'Как пережить новогоднюю ночь',
  'feedparser__http_text_xml_charset_overrides_encoding_2.xml': 'Foo',
  'miniflux__koi8r.xml': 'Первая новость',
  'miniflux__invalid-prolog.xml': 'Café',
  'miniflux__utf8-incorrect-prolog.xml': 'Café',
  'miniflux__encoding_WINDOWS-1251.xml': 'Цитата #17703',
  'miniflux__encoding_ISO-8859-1.xml': 'Red Dead Redemption 2: Hinweise auf PC-Umsetzung in App von Rockstar Games',
  'miniflux__no_encoding_ISO-8859-1.xml': 'Perturbateurs endocriniens : quels effets sur le cerveau ?',
  'miniflux__urdu_UTF8.xml':
    'امریکی عسکری امداد کی بندش کی وجوہات: انڈیا سے جنگ، جوہری پروگرام اور اب دہشت گردوں کی پشت پناہی',
  'miniflux__rdf_UTF8.xml': 'OLED-TVs: Vorsichtsmaßnahmen gegen Einbrennen',
  'nodefeedparser__iconv.xml': 'В Бузулуке главные стройплощадки – детсад и Ледовый дворец',
  'nodefeedparser__nondefaultnamespace.atom': 'If you can read the content of this entry, your aggregator works fine.',
  'nodefeedparser__unknown-namespace.atom': 'This entry contains XHTML-looking markup that is not XHTML',
  'prof18__feed-test-greek.xml': '«Πορτραίτα καραντίνας» για έμπνευση από τη συλλογή Φέλιου',
  'prof18__feed-test-hindi-channel-image.xml': 'कैसे फैला कोरोना वायरस, WHO की टीम करेगी चीनी अधिकारियों के साथ बैठक',
  'prof18__feed-test-ru.xml': 'СМИ: собака в Таиланде спасла заживо похороненного младенца',
  'prof18__feed-test-charset.xml': 'Høydepunkter fra 2022 - nr.11',
  'prof18__feed-dcdate.xml': 'Europe : vers un « affaiblissement historique » des normes écologiques ?',
  'prof18__rdf-feed-test.xml': 'Kiew erneut Ziel russischer Drohnenangriffe',
  'feeder__rss_ukrnet.xml': 'Торгівля між Росією та Китаєм у 2023 році перевищила 200 млрд доларів — New York Times',
  'feeder__rss_fz_2022.xml': 'Mario + Rabbids: Sparks of Hope får Rayman-DLC',
  'feeder__rss_mediarss.xml': 'Камеди Клаб: «3 сентября»',
  'feeder__rss_diskuse.xml': 'Kajman, O této diskusi: test in <description> and bold in title',
  'feedrs__rss_0.91_encoding_2.xml':
    '13/08/2020 21:27 - Comitê completa 150 dias de atuação na prevenção contra o novo Coronavírus',
  'feedrs__rss_1.0_iso8859.xml': 'Digitalministerium: Neue Glasfaserförderung mit Schnellkasse',
  'rssparser__encoding.rss': 'Mãe de utente é a nova presidente da Raríssimas',
  'rssparser__uolNoticias.rss': 'Ibope: Bolsonaro perde de Haddad, Ciro e Alckmin em simulações de 2º turno',
  'rssparser__reddit.rss': 'The water is too deep, so he improvises',
  'feedjira__TechCrunch.xml': 'Angie’s List Sets Price Range IPO At $11 To $13 Per Share; Valued At Over $600M',
  'feedjira__DuplicateContentAtomFeed.xml': 'Down time',
  'meduza_ru_2026-09-24_4items.xml':
    'Макрон: ситуация становится все более напряженной для Европы, Франция может стать целью российских дронов',
};

/** Items in the file, where a parser may lose some: cut files, odd prefixes, broken items. */
const COUNTS: Record<string, number> = {
  'feeder__rss_theguardian.xml': 54,
  'feedjira__InvalidDateFormat.xml': 2,
  'nodefeedparser__saxerror.xml': 3,
  'nodefeedparser__intertwingly.atom': 20,
  'miniflux__encoding_WINDOWS-1251.xml': 50,
  'miniflux__rdf_UTF8.xml': 60,
  'rssparser__rss-1.rss': 69,
  'rssparser__uolNoticias.rss': 15,
  'feeder__rdf_slashdot.xml': 15,
};

const root = shared('data/feeds');
const files = root
  ? ['edge', 'recorded'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => ({ folder, name })))
  : [];

const typeOf = (name: string) => {
  if (name === 'feedparser__http_text_xml_charset_overrides_encoding_2.xml') return 'text/xml; charset=windows-1252';
  if (name.endsWith('.html')) return 'text/html; charset=utf-8';
  return name.endsWith('.atom') ? 'application/atom+xml' : name.endsWith('.rss') ? 'application/rss+xml' : 'text/xml';
};

describeIf(root, 'needs ../shared/data', 'all feeds of ../shared/data/feeds over HTTP', () => {
  let server: Running;
  let client: HttpClient;
  const results = new Map<string, PollResult | Error>();
  let delayMs = 0;

  beforeAll(async () => {
    server = await serve((request, response) => {
      const [, folder, name] = request.url!.split('/').map(decodeURIComponent);
      response.writeHead(200, { 'content-type': typeOf(name!) }).end(readFileSync(join(root!, folder!, name!)));
    });
    client = createHttp({ allowPrivateAddresses: true, perHost: 8 });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await Promise.all(files.map(({ folder, name }) => poll(folder, name)));
    delay.disable();
    delayMs = delay.max / 1e6;
  });

  afterAll(async () => {
    await client.close();
    await server.close();
  });

  const poll = async (folder: string, name: string) => {
    const config: RssConfig = {
      id: name,
      kind: 'rss',
      url: `${server.url}/${folder}/${name}`,
      cron: '* * * * *',
      publisher: 'x',
      authority: false,
      trusted: false,
    };
    const cache = new FakeCache();
    const source = createSource(config, {
      http: client.http as (request: unknown) => Promise<HttpResponse>,
      state: noState,
      cache,
      serviceHosts: () => Promise.reject(new Error('a feed asks for none')),
      log,
      clock: null!,
      ids: null!,
    });
    const result = source.poll({ now: NOW, firstPoll: true, signal: new AbortController().signal });
    results.set(name, await result.catch((error: unknown) => error as Error));
  };

  test('96 files, and the main loop never stood still for 250 ms', () => {
    expect(files).toHaveLength(96);
    expectAtMost(delayMs, 250);
  });

  test.each(files)('$name', ({ name }) => {
    const result = results.get(name)!;
    if (UNREADABLE[name]) {
      expect(result).toBeInstanceOf(Error);
      expect(codeOf(result)).toBe(UNREADABLE[name]);
      return;
    }
    if (result instanceof Error) throw result;
    const { items } = result;
    expect(items.length > 0).toBe(!EMPTY.includes(name));
    if (TITLES[name]) expect(items[0]?.title).toBe(TITLES[name]);
    if (COUNTS[name]) expect(items).toHaveLength(COUNTS[name]);
    for (const item of items) {
      const all = `${item.title} ${item.summary} ${item.body ?? ''}`;
      // Decoded wrongly, markup left over, entities left over.
      if (name !== 'feedparser__bozo_invalid-bytes-with-bom.xml') expect(all).not.toMatch(/\ufffd|Ã©|Ð[°-¿]/);
      expect(item.summary).not.toMatch(/<(?:p|br|a|div|img|span)[\s>]|&(?:nbsp|quot|amp|lt|#\d+);/);
      expect(item.publishedAt).toBeLessThanOrEqual(NOW);
      expect(item.url === null || /^https?:\/\/[^/]+/.test(item.url)).toBe(true);
    }
  });

  test('windows-1255 without a declaration: Hebrew', () => {
    const result = results.get('feedparser__windows1255.xml') as PollResult;
    expect(result.items[0]?.summary).toMatch(/^האם תדפיס נייר של אתר אינטרנט/);
  });
});
