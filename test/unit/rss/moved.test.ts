import { describe, expect, test } from 'vitest';
import { addressToAsk, moveOf } from '../../../src/sources/rss/index.ts';
import { domainOf } from '../../../src/sources/rss/site.ts';

const HOUR = 3_600_000;

describe('where a permanent redirect may take a feed', () => {
  const cases: [string, string, string[], string][] = [
    ['another path', 'https://outlet.example/rss', ['https://outlet.example/feed'], 'within-site'],
    ['http to https', 'http://outlet.example/rss', ['https://outlet.example/rss'], 'within-site'],
    ['www. is added', 'https://outlet.example/rss', ['https://www.outlet.example/rss'], 'within-site'],
    ['www. is dropped', 'https://www.outlet.co.uk/rss', ['https://outlet.co.uk/rss'], 'within-site'],
    ['another host of the domain', 'https://feeds.outlet.co.uk/', ['https://news.outlet.co.uk/'], 'within-site'],
    ['https to http', 'https://outlet.example/rss', ['http://outlet.example/rss'], 'weaker-scheme'],
    [
      'https to http to https',
      'https://outlet.example/rss',
      ['http://outlet.example/rss', 'https://outlet.example/x'],
      'weaker-scheme',
    ],
    ['another domain', 'https://outlet.example/rss', ['https://evil.example/rss'], 'other-site'],
    ['a domain that ends alike', 'https://outlet.example/', ['https://notoutlet.example/'], 'other-site'],
    ['the name as a label of another', 'https://outlet.com/', ['https://outlet.com.evil.net/'], 'other-site'],
    ['neighbours under co.uk', 'https://outlet.co.uk/', ['https://evil.co.uk/'], 'other-site'],
    ['neighbours under com.ru', 'https://outlet.com.ru/', ['https://evil.com.ru/'], 'other-site'],
    ['neighbours on github.io', 'https://ann.github.io/', ['https://eve.github.io/'], 'other-site'],
    ['neighbours on blogspot', 'https://ann.blogspot.com/', ['https://eve.blogspot.com/'], 'other-site'],
    ['neighbours on pages.dev', 'https://ann.pages.dev/', ['https://eve.pages.dev/'], 'other-site'],
    ['a platform itself', 'https://ann.github.io/', ['https://github.io/'], 'other-site'],
    [
      'through another site and back',
      'https://a.example/',
      ['https://b.example/', 'https://a.example/x'],
      'other-site',
    ],
    ['another port', 'https://outlet.example/', ['https://outlet.example:8443/'], 'other-site'],
    ['an address', 'http://192.0.2.7/', ['http://192.0.2.7/new'], 'within-site'],
    ['another address', 'http://192.0.2.7/', ['http://192.0.2.8/'], 'other-site'],
    ['another single label', 'http://feeds/', ['http://other/'], 'other-site'],
    ['a password stays behind', 'https://a:b@outlet.example/', ['https://outlet.example/new'], 'has-password'],
    ['nowhere', 'https://outlet.example/', [], 'direct'],
  ];
  test.each(cases)('%s', (_name, from, hops, reason) => {
    const redirects = hops.map((url) => ({ url, permanent: true }));
    expect(moveOf(from, from, redirects, domainOf).reason).toBe(reason);
  });

  test('one temporary redirect among permanent ones: temporary', () => {
    const redirects = ['https://a.example/1', 'https://a.example/2'].map((url, i) => ({ url, permanent: i === 0 }));
    expect(moveOf('https://a.example/', 'https://a.example/', redirects, domainOf)).toEqual({ reason: 'temporary' });
  });

  test('moved to https before, the new address leads back to http: not followed for good', () => {
    const redirects = [{ url: 'http://a.example/', permanent: true }];
    expect(moveOf('http://a.example/', 'https://a.example/', redirects, domainOf).reason).toBe('weaker-scheme');
  });
});

test.each([
  ['never moved', null, null, 'configured'],
  ['moved just now', 'https://a.example/new', 0, 'moved'],
  ['checked 22 hours ago', 'https://a.example/new', 22 * HOUR, 'moved'],
  ['checked a day ago', 'https://a.example/new', 24 * HOUR, 'daily-check'],
  ['checked in the future: the clock was wrong', 'https://a.example/new', -HOUR, 'daily-check'],
] as const)('address to ask, %s: %s', (_name, movedTo, age, reason) => {
  const now = 1_800_000_000_000;
  const known = { url: 'https://a.example/', movedTo, checkedAt: age === null ? null : now - age };
  expect(addressToAsk(known, now).reason).toBe(reason);
});
