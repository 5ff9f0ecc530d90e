import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDate } from '../../../src/sources/rss/shape.ts';
import { anyCharacter } from '../../fakes/any-text.ts';

const at = (iso: string) => Date.parse(iso);

const CASES: [string, string | null][] = [
  ['Wed, 25 Nov 2026 08:00:00 GMT', '2026-11-25T08:00:00Z'],
  ['Wed, 25 Nov 2026 08:00:00 +0300', '2026-11-25T05:00:00Z'],
  ['Wed, 25 Nov 2026 08:00:00 +03:00', '2026-11-25T05:00:00Z'],
  ['Wed, 25 Nov 2026 08:00:00 MSK', '2026-11-25T05:00:00Z'],
  ['Wed, 25 Nov 2026 08:00:00 EST', '2026-11-25T13:00:00Z'],
  ['Wed, 25 Nov 2026 08:00:00 PDT', '2026-11-25T15:00:00Z'],
  ['Wed, 25 Nov 2026 08:00:00 GMT+3', '2026-11-25T05:00:00Z'],
  ['Wed, 25 Nov 2026 08:00:00 Z', '2026-11-25T08:00:00Z'],
  ['Wed, 25 Nov 2026 08:00:00 UT', '2026-11-25T08:00:00Z'],
  ['Wed, 25 Nov 2026 08:00:00', '2026-11-25T08:00:00Z'],
  ['Wed, 25 Nov 2026 08:00', '2026-11-25T08:00:00Z'],
  ['Wed, 25 Nov 26 08:00:00 +0000', '2026-11-25T08:00:00Z'],
  ['25 Nov 2026 08:00:00 +0000', '2026-11-25T08:00:00Z'],
  ['Mon, 25 November 2026 08:00:00 GMT', '2026-11-25T08:00:00Z'],
  ['wed,  25 nov 2026  08:00:00 gmt', '2026-11-25T08:00:00Z'],
  ['Wed, 25 Nov 2026', '2026-11-25T00:00:00Z'],
  ['Wed Nov 25 08:00:00 MSK 2026', '2026-11-25T05:00:00Z'],
  ['November 25, 2026 8:05 PM', '2026-11-25T20:05:00Z'],
  ['Nov 25, 2026 12:00 AM', '2026-11-25T00:00:00Z'],
  ['Ср, 25 ноя 2026 08:00:00 +0300', '2026-11-25T05:00:00Z'],
  ['25 ноября 2026, 08:00', '2026-11-25T08:00:00Z'],
  ['25 мая 2026 г., 08:00', '2026-05-25T08:00:00Z'],
  ['Mi, 25 Nov 2026 08:00:00 +0100', '2026-11-25T07:00:00Z'],
  ['mar., 3 févr. 2026 08:00:00 +0100', '2026-02-03T07:00:00Z'],
  ['3 März 2026 08:00', '2026-03-03T08:00:00Z'],
  ['lun, 7 dic 2026 08:00:00 GMT', '2026-12-07T08:00:00Z'],
  ['2026-11-25T08:00:00Z', '2026-11-25T08:00:00Z'],
  ['2026-11-25T08:00:00.123456+03:00', '2026-11-25T05:00:00Z'],
  ['2026-11-25T08:00:00+0300', '2026-11-25T05:00:00Z'],
  ['2026-11-25T08:00', '2026-11-25T08:00:00Z'],
  ['2026-11-25 08:00:00', '2026-11-25T08:00:00Z'],
  ['2026-11-25 08:00:00 +0300', '2026-11-25T05:00:00Z'],
  ['2026-11-25', '2026-11-25T00:00:00Z'],
  ['2026-11', '2026-11-01T00:00:00Z'],
  ['2026/11/25 08:00', '2026-11-25T08:00:00Z'],
  ['20261125T080000Z', '2026-11-25T08:00:00Z'],
  ['25.11.2026 08:00', '2026-11-25T08:00:00Z'],
  ['25/11/2026 08:00:00', '2026-11-25T08:00:00Z'],
  ['11/25/2026 08:00:00', '2026-11-25T08:00:00Z'],
  ['1795593600', '2026-11-25T08:00:00Z'],
  ['1795593600000', '2026-11-25T08:00:00Z'],
  // No date.
  ['Τρι, 29 Ιούλ 2004 12:53:00 GMT', null],
  ['Thu, 31 Feb 2026 08:00:00 GMT', null],
  ['Wed, 25 Nov 2026 25:00:00 GMT', null],
  ['Thu, 01 Jan 1970 00:00:00 GMT', null],
  ['0001-01-01T00:00:00Z', null],
  ['2026-13-01', null],
  ['yesterday', null],
  ['', null],
];

test.each(CASES)('%s', (text, expected) => {
  const got = parseDate(text);
  expect(got === null ? null : Math.floor(got / 1_000) * 1_000).toBe(expected === null ? null : at(expected));
});

test('whatever JavaScript writes is read back, in any form', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1996, 0, 1), max: Date.UTC(2090, 0, 1) }), (ms) => {
      const second = Math.floor(ms / 1_000) * 1_000;
      const date = new Date(second);
      expect(parseDate(date.toUTCString())).toBe(second);
      expect(parseDate(date.toISOString())).toBe(second);
    }),
  );
});

test('any text: a date of this age or none, at once', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: anyCharacter }), (text) => {
      const got = parseDate(text);
      expect(got === null || (got >= Date.UTC(1995, 0, 1) && got <= Date.UTC(2100, 0, 1))).toBe(true);
    }),
  );
});
