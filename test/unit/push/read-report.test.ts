import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import { METHODS } from '../../../src/core/model/incident.ts';
import { type Known, MAX_REPORTS, type Poster, readPost, Wrong } from '../../../src/sources/push/index.ts';
import { shapesLike } from '../../fakes/any-shape.ts';

const NOW = Date.UTC(2026, 1, 11, 12);
const MINUTE = 60_000;
const poster: Poster = { kind: 'outlet', publisher: 'newsroom', publisherName: 'The Newsroom', lang: 'en' };
const known: Known = {
  services: new Set(['whatsapp', 'internet']),
  countries: new Set(['RU', 'EU']),
  gazetteer: bundledRegions(),
  now: NOW,
};
const report = (over: Record<string, unknown> = {}) => ({
  id: 'r1',
  country: 'RU',
  service: 'whatsapp',
  action: 'block',
  at: '2026-02-11T09:00:00Z',
  url: 'https://news.example/1',
  title: 'WhatsApp is gone',
  ...over,
});
const read = (over: Record<string, unknown>) => readPost(report(over), poster, known)[0]!;
const wrong = (body: unknown): Wrong => {
  try {
    readPost(body, poster, known);
  } catch (error) {
    if (error instanceof Wrong) return error;
    throw error;
  }
  throw new Error('it was taken');
};
const refused = (over: Record<string, unknown>): string => wrong(report(over)).message;

describe('fields that were well written', () => {
  test.each<[string, unknown, unknown]>([
    ['country', ' eu ', 'EU'],
    ['service', 'Internet', 'internet'],
    ['action', 'UNBLOCK', 'unblock'],
    ['method', 'App-Store', 'app-store'],
    ['method', null, null],
    ['region', '  Republic\u200b  of\tDagestan ', 'Republic of Dagestan'],
    ['region', 'RU-DA', 'RU-DA'],
    ['region', 'в Дагестане', 'в Дагестане'],
    ['region', 'Махачкала', 'Махачкала'],
    ['region', 'Crimea', 'Crimea'],
    ['region', null, null],
    ['title', 'a\u202eb\u0000c', 'a b c'],
    ['title', 'x'.repeat(300), 'x'.repeat(300)],
    ['summary', null, ''],
    ['summary', ' more \n of it ', 'more of it'],
    ['lang', 'RU', 'ru'],
    ['lang', null, 'en'],
    ['url', 'HTTPS://News.Example/ä', 'https://news.example/%C3%A4'],
    ['url', 'http://news.example', 'http://news.example/'],
    ['id', ' r 1 ', 'r 1'],
  ])('%s %j: %j', (field, value, expected) => {
    expect(read({ [field]: value })[field as 'id']).toBe(expected);
  });
  test.each(METHODS)('the method %s', (method) => expect(read({ method }).method).toBe(method));

  test.each<[string, number]>([
    ['2026-02-11T09:00:00Z', Date.UTC(2026, 1, 11, 9)],
    ['2026-02-11 09:00Z', Date.UTC(2026, 1, 11, 9)],
    ['2026-02-11T09:00:00.123456789Z', Date.UTC(2026, 1, 11, 9, 0, 0, 123)],
    ['2026-02-11T12:00:00+03:00', Date.UTC(2026, 1, 11, 9)],
    ['2026-02-11T12:00:00+0300', Date.UTC(2026, 1, 11, 9)],
    ['2026-02-11t09:00:00z', Date.UTC(2026, 1, 11, 9)],
    ['2026-02-11T12:09:59Z', NOW],
    ['2000-01-01T00:00:00Z', Date.UTC(2000, 0, 1)],
  ])('the time %s', (at, ms) => expect(read({ at }).at).toBe(ms));
  test('who posts it says how much it weighs', () => {
    expect(read({ kind: 'authority' })).toMatchObject(poster);
    expect(read({}).revision).toBeNull();
  });
});

describe('what is wrong, by field', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['id', { id: 'x'.repeat(201) }, 'id has 201 characters; at most 200 are taken'],
    ['title', { title: 'x'.repeat(301) }, 'title has 301 characters; at most 300 are taken'],
    ['summary', { summary: 'x'.repeat(601) }, 'summary has 601 characters; at most 600 are taken'],
    ['region', { region: 'x'.repeat(101) }, 'region has 101 characters; at most 100 are taken'],
    ['region', { region: '\u200b' }, 'region is empty'],
    [
      'region',
      { region: 'Atlantis' },
      'region is not known in RU; it must be the name of one of its 83 regions, in any language, or its id in ISO 3166-2, such as Adygea (RU-AD), Altai Republic (RU-AL), Altai Krai (RU-ALT); without it the whole country is meant',
    ],
    [
      'region',
      { region: 'Dagestan', country: 'EU' },
      'region cannot be told of EU, of which no regions are known here; leave it out',
    ],
    ['summary', { summary: '' }, 'summary is empty'],
    ['country', { country: 'XX' }, 'country is not known here; it must be two letters of ISO 3166-1, such as RU'],
    [
      'service',
      { service: 'pigeons' },
      'service is not known here; it must be an id of the catalogue, such as whatsapp, or internet',
    ],
    ['action', { action: 'blocked' }, 'action must be one of block, throttle, restrict, shutdown, unblock, warn'],
    ['method', { method: 'magic' }, 'method must be one of dns, ip, sni, http, throttle, app-store, legal, bgp'],
    ['kind', { kind: 'king' }, 'kind must be one of outlet, monitor, authority'],
    ['kind', { kind: 7 }, 'kind must be a text'],
    ['lang', { lang: 'eng' }, 'lang must be a language code of two letters, such as en'],
    ['lang', { lang: ['en'] }, 'lang must be a text'],
    ['at', { at: undefined }, 'at is missing'],
    ['at', { at: 1_770_000_000 }, 'at must be a text'],
    ['at', { at: '2026-02-11T09:00:00' }, 'at must be a time with its zone, such as 2026-02-11T09:00:00Z'],
    ['at', { at: '2026-02-11' }, 'at must be a time with its zone, such as 2026-02-11T09:00:00Z'],
    ['at', { at: '2026-13-11T09:00:00Z' }, 'at must be a time with its zone, such as 2026-02-11T09:00:00Z'],
    ['at', { at: '2026-02-11T12:10:01Z' }, 'at is in the future'],
    ['at', { at: '1999-12-31T23:59:59Z' }, 'at is too long ago'],
    ['url', { url: `https://a.example/${'x'.repeat(2_000)}` }, 'url is longer than 2000 characters'],
    ['url', { url: 'ftp://a.example/' }, 'url must be an address that begins with https:// or http://'],
    ['url', { url: 'https:a.example' }, 'url must be an address that begins with https:// or http://'],
    ['url', { url: 'https://' }, 'url must be an address that begins with https:// or http://'],
    ['url', { url: 'https://me@a.example/' }, 'url holds a name or a password'],
    ['url', { url: 'https://:word@a.example/' }, 'url holds a name or a password'],
    [
      'metod',
      { metod: 'dns' },
      'metod is no field of a report; there are id, country, service, action, at, method, region, url, title, summary, lang, kind',
    ],
    [
      'me tod',
      { 'me\u202etod': 1 },
      'me tod is no field of a report; there are id, country, service, action, at, method, region, url, title, summary, lang, kind',
    ],
    [
      'body',
      { '\u202e': 1 },
      'body is no field of a report; there are id, country, service, action, at, method, region, url, title, summary, lang, kind',
    ],
  ])('%s', (field, over, message) => {
    expect(wrong(report(over))).toMatchObject({ field, index: null, message });
  });
  test.each(['id', 'country', 'service', 'action', 'at', 'url', 'title'])(
    'without %s, or as null: it is missing',
    (field) => {
      for (const value of [undefined, null]) expect(refused({ [field]: value })).toBe(`${field} is missing`);
    },
  );
  test.each(['method', 'region', 'summary', 'lang', 'kind'])(
    '%s as a number, a list or an object: must be a text',
    (field) => {
      for (const value of [7, [], {}, true]) expect(refused({ [field]: value })).toBe(`${field} must be a text`);
    },
  );
  test('the name of a field without end: forty characters of it', () => {
    expect(wrong(report({ ['x'.repeat(9_000)]: 1 })).field).toHaveLength(40);
  });
});

describe('several at once', () => {
  test('the order is kept, and so is the number of the one that is wrong', () => {
    expect(readPost([report({ id: 'a' }), report({ id: 'b' })], poster, known).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(wrong([report(), report({ action: 'x' }), report({ at: 'x' })])).toMatchObject({
      field: 'action',
      index: 1,
      message: expect.stringMatching(/^action of report 2 must be/),
    });
  });
  test.each<[string, unknown, string]>([
    ['none', [], 'body holds no report'],
    [
      'too many',
      Array.from({ length: MAX_REPORTS + 1 }, () => report()),
      'body holds 101 reports; at most 100 come at once',
    ],
    ['a text', 'x', 'body is no object with the fields of a report'],
    ['nothing', null, 'body is no object with the fields of a report'],
    ['a list in a list', [[report()]], 'body of report 1 is no object with the fields of a report'],
  ])('%s', (_name, body, message) => expect(wrong(body).message).toBe(message));
});

test('whatever is posted: statements within bounds, or the name of what is wrong', () => {
  const good = report({ method: 'dns', region: 'Dagestan', summary: 'more', lang: 'ru', kind: 'monitor' });
  fc.assert(
    fc.property(fc.oneof(shapesLike(good), fc.array(shapesLike(good), { maxLength: 3 })), (body) => {
      let statements: ReturnType<typeof readPost> = [];
      try {
        statements = readPost(body, poster, known);
      } catch (error) {
        expect(error).toBeInstanceOf(Wrong);
        expect((error as Wrong).message.length).toBeLessThan(300);
      }
      for (const one of statements) {
        expect(one.at).toBeLessThanOrEqual(NOW + 10 * MINUTE);
        expect([known.countries.has(one.country), known.services.has(one.service)]).toEqual([true, true]);
        expect(one.title).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(one.url).toMatch(/^https?:\/\//);
      }
    }),
  );
});
