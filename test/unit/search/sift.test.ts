import { describe, expect, test } from 'vitest';
import { languagesOf } from '../../../src/core/first-look.ts';
import { sift, tidy, unwrapped } from '../../../src/sources/search/sift.ts';
import { bundledFinding } from '../../fakes/bundled.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 30, 12);
const lookAt = async (...countries: string[]) => {
  const wanted = new Set(countries);
  const look = await bundledFinding.firstLook(wanted);
  return { look, publishers: bundledFinding.publishers, countries: wanted, sourceId: 'gdelt', now: NOW };
};
const hit = (title: string, url = 'https://www.monitor.co.ug/1') => ({ title, url, at: NOW - HOUR });

describe('a first look at headlines', () => {
  test.each<[string, string, { isNamed: boolean } | null]>([
    ['UG', 'Uganda blocks Telegram ahead of the election', { isNamed: true }],
    ['UG', 'UCC orders telecoms to shut down internet', { isNamed: true }],
    ['UG', 'Government blocks WhatsApp', { isNamed: false }],
    ['UG', 'Uganda beats Kenya in the final', null],
    ['UG', 'Shilling gains against the dollar on Facebook', null],
    ['UG', 'Türkiye’de Instagram’a erişim engeli getirildi', null],
    ['TR', 'Türkiye’de Instagram’a erişim engeli getirildi', { isNamed: true }],
    ['TR', 'Ekşi Sözlük erişime kapatıldı', { isNamed: false }],
    ['PK', 'پاکستان میں ایکس اور واٹس ایپ کی سروس معطل', { isNamed: true }],
    ['VE', 'Venezuela: bloquean X y Signal', { isNamed: true }],
    ['RU', 'В РФ заблокировали WhatsApp', { isNamed: true }],
    ['MM', 'မြန်မာတွင် ဖေ့စ်ဘွတ်ခ် ပိတ်', { isNamed: true }],
    ['IR', 'اینترنت در ایران قطع شد', { isNamed: true }],
    ['ET', 'Ethiopia restores internet in Amhara', { isNamed: true }],
    ['CN', '中国封锁了 Signal', { isNamed: true }],
    ['JP', '政府がXへのアクセスを遮断', { isNamed: false }],
  ])('%s: "%s"', async (country, title, found) => {
    expect((await lookAt(country)).look.mayTell(title)).toEqual(found);
  });

  test('languages of a country: what most read there, what is read there alone, and English', () => {
    const known = ['en', 'sw', 'tr', 'hi', 'ta', 'te', 'ru', 'kk'];
    expect([...languagesOf(new Set(['UG']), known)]).toEqual(['en', 'sw']);
    expect([...languagesOf(new Set(['IN']), known)].sort()).toEqual(['en', 'hi', 'ta', 'te']);
    expect([...languagesOf(new Set(['KZ']), known)]).toEqual(['en', 'ru', 'kk']);
  });
});

describe('which hits are kept', () => {
  test('an outlet of a followed country: by its publisher, with its country', async () => {
    expect(sift(hit('Government blocks WhatsApp'), await lookAt('UG'))).toMatchObject({
      sourceId: 'gdelt',
      url: 'https://www.monitor.co.ug/1',
      title: 'Government blocks WhatsApp',
      publisher: 'monitor.co.ug',
      publisherName: 'Daily Monitor',
      publishedAt: NOW - HOUR,
      dated: true,
      found: true,
    });
  });
  test.each<[string, Parameters<typeof hit>, string | null]>([
    [
      'an outlet abroad that names the country',
      ['Uganda blocks WhatsApp', 'https://www.nation.africa/1'],
      'nation.africa',
    ],
    ['an outlet abroad that does not', ['Government blocks WhatsApp', 'https://www.nation.africa/1'], null],
    [
      'an outlet that nobody knows, naming the country',
      ['Uganda blocks WhatsApp', 'https://m.fresh-news.example/1'],
      'fresh-news.example',
    ],
    ['an aggregator', ['Uganda blocks WhatsApp', 'https://www.msn.com/en-us/1'], null],
    ['no address', ['Uganda blocks WhatsApp', 'not an address'], null],
    ['an address that is none of the web', ['Uganda blocks WhatsApp', 'javascript:alert(1)'], null],
    ['an address of a machine', ['Uganda blocks WhatsApp', 'http://192.0.2.1/1'], null],
    [
      'AMP by way of its cache',
      ['Uganda blocks WhatsApp', 'https://www-monitor-co-ug.cdn.ampproject.org/c/s/www.monitor.co.ug/1'],
      'monitor.co.ug',
    ],
  ])('%s', async (_name, args, publisher) => {
    expect(sift(hit(...args), await lookAt('UG'))?.publisher ?? null).toBe(publisher);
  });
  test('older than two days: history; to come: now; when it was seen: no date of its own', async () => {
    const sieve = await lookAt('UG');
    const dated = (at: number | null, seen?: true) =>
      sift({ ...hit('Uganda blocks WhatsApp'), at, ...(seen ? { seen } : {}) }, sieve);
    expect(dated(NOW - 49 * HOUR)).toBeNull();
    expect(dated(NOW + HOUR)).toMatchObject({ publishedAt: NOW, dated: true });
    expect(dated(NOW - HOUR, true)).toMatchObject({ publishedAt: NOW - HOUR, dated: false });
    expect(dated(null)).toMatchObject({ publishedAt: NOW, dated: false });
  });
});

describe('titles and addresses as an index writes them', () => {
  test.each([
    ["Instagram ' a erişim engeli , kararı kim verdi ?", "Instagram'a erişim engeli, kararı kim verdi?"],
    ['Uganda blocks Telegram | Daily Monitor', 'Uganda blocks Telegram'],
    ['Uganda &amp; Kenya : internet &#8216; off &#8217; ( again )', 'Uganda & Kenya: internet ‘ off ’ (again)'],
    ['  a\n\tb  ', 'a b'],
  ])('"%s"', (written, title) => expect(tidy(written)).toBe(title));
  test.each([
    ['https://www.google.com/url?sa=t&url=https%3A%2F%2Fnews.example%2F1&usg=x', 'https://news.example/1'],
    ['https://www.google.com/amp/s/news.example/1', 'https://news.example/1'],
    ['https://news-example.cdn.ampproject.org/v/s/news.example/1', 'https://news.example/1'],
    ['https://news.example/url?url=https://other.example', 'https://news.example/url?url=https://other.example'],
    ['https://www.google.com/url?url=%zz', 'https://%zz'],
  ])('%s', (written, url) => expect(unwrapped(written)).toBe(url));
});
