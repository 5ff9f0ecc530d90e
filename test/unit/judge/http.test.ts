/** Plain HTTP here and outside: when another page is a block page, when it is the site's own, and when nobody can tell. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeHttp, locationHost, registrable } from '../../../src/core/judge/http.ts';
import type { Page } from '../../../src/core/judge/observations.ts';
import { endpoint, helper, moved, NAME, page, silent } from './facts.ts';

describe('whose a host is', () => {
  test.each([
    ['www.bbc.co.uk', 'bbc.co.uk'],
    ['bbc.co.uk', 'bbc.co.uk'],
    ['a.b.Example.COM.', 'example.com'],
    ['example.com', 'example.com'],
    ['www.gov.uk', 'www.gov.uk'],
    ['mos.spb.ru', 'mos.spb.ru'],
    ['localhost', 'localhost'],
    ['', ''],
  ])('%s', (host, own) => expect(registrable(host)).toBe(own));

  test.each<[string | null, string | null]>([
    [null, null],
    ['/path', null],
    ['https://a.example/x?y#z', 'a.example'],
    ['HTTP://A.Example:8080/', 'a.example'],
    ['//a.example', 'a.example'],
    ['http://me:pw@a.example/@x', 'a.example'],
    ['http://[2001:db8::1]:80/', '[2001:db8::1]'],
    ['  http://a.example', 'a.example'],
    ['javascript:alert(1)', null],
    ['', null],
  ])('sent to %j', (location, host) => expect(locationHost(location)).toBe(host));

  test('any host: the same again, and a part of itself', () => {
    fc.assert(
      fc.property(fc.domain(), (host) => {
        const own = registrable(host);
        expect([registrable(own), host.toLowerCase().endsWith(own)]).toEqual([own, true]);
        expect(locationHost(`https://${host}/x`)).toBe(host.toLowerCase());
      }),
    );
  });
});

/** `ours` and `theirs`; the site speaks with this status behind its certificate; others are sent there, too. */
const judged = (ours: Page | null, theirs: Page | null, siteSpeaks: number | null = 200, shared = false) => {
  const e = endpoint({ http: ours, helper: theirs ? helper({ http: theirs }) : null });
  const { finding, notes } = judgeHttp(e, NAME, siteSpeaks, shared);
  return finding ? `${finding.verdict}:${finding.detail}` : notes.join() || 'nothing';
};
const other = (over: Partial<Page> = {}): Page =>
  page({ bytes: 90, title: 'Hello', headers: [], sha256: 'ee', ...over });
const own = moved(`https://${NAME}/`);

describe('an answer', () => {
  test.each<[string, string, Page | null, Page | null, (number | null)?, boolean?]>([
    ['not asked', 'nothing', null, own],
    ['as outside', 'nothing', own, own],
    ['sent on within the site', 'nothing', moved('https://m.example.org/'), null],
    ['sent on by a path', 'nothing', moved('/login'), null],
    ['sent elsewhere, and others are too', 'nothing', moved('http://b.test/'), moved('https://www.b.test/x')],
    ['sent elsewhere, others to the site', 'http_blockpage:b.test', moved('http://b.test/'), own],
    ['sent elsewhere, others get a page', 'http_blockpage:b.test', moved('http://b.test/'), page()],
    [
      'sent to a known place, others to the site',
      'http_blockpage:ru-149fz',
      moved('http://b.test/', { fingerprint: 'ru-149fz' }),
      own,
    ],
    [
      'sent to a known place, nobody looked from outside',
      'http_blockpage:ru-149fz',
      moved('http://b.test/', { fingerprint: 'ru-149fz' }),
      null,
    ],
    ['sent elsewhere, nobody looked', 'inconclusive:http_redirect', moved('http://b.test/'), null],
    [
      'sent elsewhere with other names, nobody looked',
      'http_blockpage:b.test',
      moved('http://b.test/'),
      null,
      200,
      true,
    ],
    ['sent elsewhere, outside it is silent', 'inconclusive:http_redirect', moved('http://b.test/'), silent()],
    ['a known page, nobody looked', 'http_blockpage:ru-149fz', other({ fingerprint: 'ru-149fz' }), null],
    ['a known page that outside gets as well', 'nothing', other({ fingerprint: 'x' }), other({ fingerprint: 'x' })],
    ['another page, nobody looked', 'nothing', other(), null],
    ['another page', 'inconclusive:http_diff', other(), page()],
    ['another page, and other names get the same', 'http_blockpage:shared_page', other(), page(), 200, true],
    ['another page of about the same size', 'nothing', other({ bytes: 17_000 }), page()],
    ['another page with a header of the site', 'nothing', other({ headers: ['x-site'] }), page()],
    [
      'another page with a header that every server sends',
      'inconclusive:http_diff',
      other({ headers: ['date'] }),
      page(),
    ],
    ['another page that shares a long word of the title', 'nothing', other({ title: 'More stories' }), page()],
    [
      'another page that shares a short word of the title',
      'inconclusive:http_diff',
      other({ title: 'Page and' }),
      page(),
    ],
    ['two empty pages', 'nothing', other({ bytes: 0 }), page({ bytes: 0 })],
    ['forbidden here alone', 'http_blockpage:403', page({ status: 403 }), page()],
    ['for legal reasons, here alone', 'http_blockpage:451', page({ status: 451 }), own],
    ['forbidden outside as well', 'nothing', page({ status: 403 }), page({ status: 403 })],
    ['forbidden, nobody looked', 'nothing', page({ status: 403 }), null],
    ['an error here alone', 'nothing', page({ status: 503 }), page()],
    ['what the site says itself: an error', 'nothing', page({ status: 403 }), page(), 403],
    ['what the site says itself: its page', 'nothing', other({ sha256: 'dd' }), own],
    [
      'a known page with the status of the site',
      'http_blockpage:ru-149fz',
      page({ status: 403, fingerprint: 'ru-149fz' }),
      page(),
      403,
    ],
    ['a page that is no censorship', 'nothing', other({ benign: 'cdn-challenge' }), page()],
    ['reset, while outside answers and HTTPS is fine', 'http_filtered', silent('reset'), own],
    ['silence, while HTTPS is not fine', 'nothing', silent(), own, null],
    ['silence here and outside', 'nothing', silent(), silent()],
    ['an error of our own', 'nothing', silent('error'), own],
  ])('%s: %s', (_name, verdict, ours, theirs, siteSpeaks = 200, shared = false) => {
    expect(judged(ours, theirs, siteSpeaks, shared)).toBe(verdict);
  });

  test('whatever comes: what outside gets as well is no block, and an unknown page alone is none either', () => {
    const pages = fc.oneof(
      fc
        .record({
          status: fc.constantFrom(200, 301, 403, 404, 451, 503),
          bytes: fc.nat(30_000),
          title: fc.constantFrom(null, 'Hello', 'Stories'),
        })
        .map((over) => page({ ...over, location: over.status === 301 ? 'http://b.test/' : null })),
      fc.constantFrom(silent(), silent('reset'), own),
    );
    fc.assert(
      fc.property(pages, fc.option(fc.constantFrom(200, 403)), fc.boolean(), (one, speaks, shared) => {
        expect(judged(one, one, speaks, shared)).not.toMatch(/^http_blockpage/);
        expect(judged(one, null, speaks, false)).not.toMatch(/^http_blockpage/);
      }),
    );
  });
});
