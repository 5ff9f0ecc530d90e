import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBuckets } from '../../../src/core/recent.ts';
import { countsAs, createClientOf } from '../../../src/web/server.ts';

describe('who asks', () => {
  test.each<[string, string[], string, string | undefined, string]>([
    ['no proxy is trusted: the other end, whatever a header says', [], '192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['a trusted proxy: whom it names', ['192.0.2.1'], '192.0.2.1', '203.0.113.9', '203.0.113.9'],
    [
      'a range, and an address of IPv4 in the clothes of IPv6',
      ['10.0.0.0/8'],
      '::ffff:10.1.2.3',
      '203.0.113.9',
      '203.0.113.9',
    ],
    [
      'what a stranger wrote before it: not believed',
      ['192.0.2.1'],
      '192.0.2.1',
      '198.51.100.1, 203.0.113.9',
      '203.0.113.9',
    ],
    [
      'two trusted proxies in a row: who stands before them',
      ['192.0.2.0/24'],
      '192.0.2.1',
      '203.0.113.9, 192.0.2.7',
      '203.0.113.9',
    ],
    ['a trusted proxy that names nobody: itself', ['192.0.2.1'], '192.0.2.1', undefined, '192.0.2.1'],
    [
      'it names something else than an address: itself',
      ['192.0.2.1'],
      '192.0.2.1',
      '203.0.113.9, unknown',
      '192.0.2.1',
    ],
    ['IPv6', ['::1'], '::1', '2001:db8::7', '2001:db8::7'],
    ['a proxy that is not trusted: the header is hearsay', ['192.0.2.1'], '192.0.2.2', '203.0.113.9', '192.0.2.2'],
  ])('%s', (_name, trusted, remote, header, client) => {
    expect(createClientOf(trusted).of(remote, header)).toBe(client);
  });

  test('whatever the header holds: an answer, and only an address', () => {
    const of = createClientOf(['127.0.0.1', '10.0.0.0/8', 'fc00::/7']).of;
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(of('127.0.0.1', header)).toMatch(/^[0-9a-f.:]+$/i);
      }),
    );
  });

  test('an address of IPv4 counts by itself, of IPv6 its /64, however it is written', () => {
    expect(countsAs('192.0.2.1')).toBe('192.0.2.1');
    const same = ['2001:db8:1:2:3:4:5:6', '2001:0db8:0001:0002::', '2001:DB8:1:2::9'].map(countsAs);
    expect(new Set(same)).toEqual(new Set(['2001:db8:1:2::/64']));
    expect(countsAs('2001:db8:1:3::9')).not.toBe(same[0]);
    expect(countsAs('::1')).toBe('0:0:0:0::/64');
  });
});

describe('how much one may ask for', () => {
  const bounds = { burst: 3, perSecond: 2, most: 2 };

  test('the burst, then what comes back; others are not held up', () => {
    const buckets = createBuckets(bounds);
    expect([0, 0, 0].map(() => buckets.take('a', 1, 0))).toEqual([0, 0, 0]);
    expect(buckets.take('a', 1, 0)).toBe(500);
    expect(buckets.take('b', 1, 0)).toBe(0);
    expect(buckets.take('a', 1, 500)).toBe(0);
    expect(buckets.take('a', 1, 500)).toBeGreaterThan(0);
  });

  test('something dear: taken where anything is left, and paid back over time', () => {
    const buckets = createBuckets(bounds);
    expect(buckets.take('a', 10, 0)).toBe(0);
    expect(buckets.take('a', 1, 3_000)).toBeGreaterThan(0);
    expect(buckets.take('a', 1, 4_000)).toBe(0);
  });

  test('more addresses than it remembers: it stays as large as it is', () => {
    const buckets = createBuckets(bounds);
    for (let at = 0; at < 100; at++) buckets.take(`a${at}`, 1, at);
    expect(buckets.size()).toBe(2);
  });
});
