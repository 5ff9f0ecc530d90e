import { expect, test } from 'vitest';
import { canonicalUrl } from '../../../src/core/correlate/canonical.ts';

const CASES: [string, string, string | null][] = [
  ['tracking goes', 'https://a.example/x?utm_source=rss&utm_medium=feed&id=7', 'https://a.example/x?id=7'],
  ['BBC', 'https://www.bbc.co.uk/news/1?at_medium=RSS&at_campaign=KARANGA', 'https://www.bbc.co.uk/news/1'],
  ['click ids', 'https://a.example/x?fbclid=1&gclid=2&yclid=3&ysclid=4&mc_cid=5&igshid=6', 'https://a.example/x'],
  ['the way a reader came', 'https://a.example/x?from=rss&ref=twitter&source=desk', 'https://a.example/x?source=desk'],
  ['from as content stays', 'https://a.example/flights?from=moscow', 'https://a.example/flights?from=moscow'],
  ['fragment goes', 'https://a.example/x#comments', 'https://a.example/x'],
  ['hashbang stays', 'https://a.example/#!/news/7', 'https://a.example/#!/news/7'],
  ['host in lower case, default port', 'HTTPS://News.A.Example:443/Path', 'https://news.a.example/Path'],
  ['http stays http, its port goes', 'http://a.example:80/x', 'http://a.example/x'],
  ['another port stays', 'http://127.0.0.1:8080/x', 'http://127.0.0.1:8080/x'],
  ['trailing slash', 'https://a.example/x/', 'https://a.example/x'],
  ['bare host', 'https://a.example/', 'https://a.example'],
  ['index file', 'https://a.example/x/index.html', 'https://a.example/x'],
  ['double slashes', 'https://a.example//x//y', 'https://a.example/x/y'],
  ['order of parameters', 'https://a.example/x?b=2&a=1', 'https://a.example/x?a=1&b=2'],
  ['equal names keep their order', 'https://a.example/x?a=2&a=1', 'https://a.example/x?a=2&a=1'],
  ['credentials', 'https://me:pw@a.example/x', 'https://a.example/x'],
  ['spelling of escapes', 'https://a.example/%d0%b0', 'https://a.example/%D0%B0'],
  ['Cyrillic path', 'https://a.example/новость', 'https://a.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C'],
  ['Cyrillic host', 'https://пример.рф/x', 'https://xn--e1afmkfd.xn--p1ai/x'],
  ['AMP parameter', 'https://a.example/x?amp=1', 'https://a.example/x'],
  ['lone question mark', 'https://a.example/x?', 'https://a.example/x'],
  ['blanks around', '  https://a.example/x\n', 'https://a.example/x'],
  ['trailing dot of the host', 'https://a.example./x', 'https://a.example/x'],
  ['no address', 'hello', null],
  ['nothing', '', null],
  ['another scheme', 'javascript:alert(1)', null],
  ['a mail address', 'mailto:a@a.example', null],
  ['far too long', `https://a.example/${'x'.repeat(3_000)}`, null],
];

test.each(CASES)('%s', (_name, address, expected) => expect(canonicalUrl(address)).toBe(expected));

test('relative: against the base; none without one', () => {
  expect(canonicalUrl('../2', 'https://a.example/news/1/')).toBe('https://a.example/news/2');
  expect(canonicalUrl('/2')).toBeNull();
  expect(canonicalUrl('/2', 'nonsense')).toBeNull();
});

test('twice is once', () => {
  for (const [, address] of CASES) {
    const once = canonicalUrl(address);
    if (once !== null) expect(canonicalUrl(once)).toBe(once);
  }
});
