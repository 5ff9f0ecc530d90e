import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { documentError } from '../../../src/core/answers.ts';
import { registrySchema } from '../../../src/sources/registry/config.ts';
import { REMEDIES, statementOf } from '../../../src/sources/registry/index.ts';
import {
  compare,
  type Entry,
  type Listing,
  leastOf,
  listingOf,
  type Part,
  type Reading,
} from '../../../src/sources/registry/listing.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 1, 11, 12);
/** "x x.com": the whole of a service; "x ~i.x.com": a part of it. */
function entry(text: string): Entry {
  const [service = '', host = ''] = text.split(' ');
  const more = { agency: '', decision: '', date: '' };
  return { service, host: host.replace('~', ''), whole: !host.startsWith('~'), ...more };
}
const part = (entries: readonly string[], rows = 1_000, url = 'https://r.example/1'): Part => ({
  url,
  etag: null,
  lastModified: null,
  rows,
  updatedAt: null,
  entries: entries.map(entry),
});
const listing = (parts: Part[], over: Partial<Listing> = {}): Listing => ({
  made: 'm',
  generation: 1,
  parts,
  missing: [],
  refusedSince: null,
  least: null,
  ...over,
});
const told = (reading: Reading): string[] =>
  reading.why === 'read'
    ? reading.changes.map(({ service, change, entries }) => `${service} ${change} ${entries.map(({ host }) => host)}`)
    : [reading.why];
/** What comes of reading these after those. */
const changed = (before: string[], now: string[], missing: string[] = []) =>
  compare(listing([part(before)], { missing: missing.map(entry) }), [part(now)], NOW);

describe('what a reading changes', () => {
  test.each<[string, string[], string[], string[]]>([
    ['nothing', ['x x.com'], ['x x.com'], []],
    ['a service', [], ['x x.com'], ['x listed x.com']],
    ['a service by two names', [], ['x x.com', 'x twitter.com'], ['x listed x.com,twitter.com']],
    ['another name of it', ['x x.com'], ['x x.com', 'x twitter.com'], ['x listed twitter.com']],
    ['a part', [], ['x ~i.x.com'], ['x part-listed i.x.com']],
    ['a part and the whole: the whole', [], ['x ~i.x.com', 'x x.com'], ['x listed x.com']],
    ['a part of what is listed as a whole', ['x x.com'], ['x x.com', 'x ~i.x.com'], []],
    ['another part', ['x ~i.x.com'], ['x ~i.x.com', 'x ~j.x.com'], ['x part-listed j.x.com']],
    ['the whole after a part', ['x ~i.x.com'], ['x ~i.x.com', 'x x.com'], ['x listed x.com']],
    ['one name of two is gone', ['x x.com', 'x twitter.com'], ['x x.com'], []],
    ['two services', [], ['x x.com', 'y y.com'], ['x listed x.com', 'y listed y.com']],
    ['the last name of a service is gone: not yet', ['x x.com', 'y y.com'], ['y y.com'], []],
  ])('%s', (_name, before, now, changes) => expect(told(changed(before, now))).toEqual(changes));

  test('missing for the second time: off the list, with what was there last', () => {
    const first = changed(['x x.com', 'x twitter.com'], []);
    expect(first).toMatchObject({ why: 'read', changes: [], missing: [{ host: 'x.com' }, { host: 'twitter.com' }] });
    expect(told(changed([], [], ['x x.com', 'x twitter.com']))).toEqual(['x unlisted x.com,twitter.com']);
  });
  test('missing once, there again: nothing, under its old name; under a new one: that is listed', () => {
    expect(told(changed([], ['x x.com'], ['x x.com']))).toEqual([]);
    expect(told(changed([], ['x new.example'], ['x x.com']))).toEqual(['x listed new.example']);
  });
  test('in two parts: one list; a host that stands in both is one', () => {
    const before = listing([part(['x x.com']), part(['y y.com'], 1_000, 'https://r.example/2')]);
    expect(
      told(compare(before, [part(['y y.com', 'x x.com']), part(['x x.com'], 1_000, 'https://r.example/2')], NOW)),
    ).toEqual([]);
  });
  test('nothing was known: where it begins', () =>
    expect(told(compare(null, [part(['x x.com'])], NOW))).toEqual(['baseline']));

  test.each<[number, number, string]>([
    [1_000, 800, 'read'],
    [1_000, 799, 'shrunk'],
    [100, 80, 'read'],
    [100, 79, 'shrunk'],
    [60, 41, 'read'],
    [60, 40, 'shrunk'],
    [10, 5, 'read'],
    [10, 4, 'shrunk'],
    [10, 0, 'shrunk'],
    [1_000, 9_000, 'read'],
  ])('of %i entries %i are left: %s', (before, rows, why) => {
    expect(compare(listing([part([], before)]), [part([], rows)], NOW).why).toBe(why);
  });
  test.each<[string, number | null, number, string]>([
    ['for the first time', null, 100, 'shrunk'],
    ['for less than three days', NOW - 3 * DAY + 1, 100, 'shrunk'],
    ['for three days', NOW - 3 * DAY, 100, 'baseline'],
    ['for three days, and is empty', NOW - 3 * DAY, 0, 'shrunk'],
  ])('too small %s', (_name, refusedSince, rows, why) => {
    expect(compare(listing([part([], 1_000)], { refusedSince }), [part([], rows)], NOW).why).toBe(why);
  });

  test.each<[string, Listing['least'], number, string]>([
    ['was whole with as many', { rows: 2, at: NOW - DAY }, 2, 'read'],
    ['was whole with fewer, and loses half of those', { rows: 40, at: NOW - DAY }, 19, 'shrunk'],
    ['was so a while ago', { rows: 2, at: NOW - 31 * DAY }, 2, 'shrunk'],
    ['was so in the time to come', { rows: 2, at: NOW + DAY }, 2, 'shrunk'],
    ['began empty', { rows: 0, at: NOW - DAY }, 0, 'read'],
  ])('a register that %s: %4$s', (_name, least, rows, why) => {
    expect(compare(listing([part([], 100)], { least }), [part([], rows)], NOW).why).toBe(why);
  });

  test('the fewest of late: kept while it is the fewest, forgotten after a month', () => {
    expect(leastOf(null, 7, NOW)).toEqual({ rows: 7, at: NOW });
    const least = { rows: 5, at: NOW - DAY };
    expect(leastOf({ least }, 7, NOW)).toEqual(least);
    expect(leastOf({ least }, 4, NOW)).toEqual({ rows: 4, at: NOW });
    expect(leastOf({ least: { ...least, at: NOW - 40 * DAY } }, 7, NOW)).toEqual({ rows: 7, at: NOW });
  });

  const names = ['x x.com', 'x twitter.com', 'x ~i.x.com', 'y y.com', 'y ~i.y.com', 'z z.com'];
  const some = fc.subarray(names);
  test('whatever is read: reading it again changes nothing but ends that were not told yet', () => {
    fc.assert(
      fc.property(some, some, some, (before, missing, now) => {
        const reading = changed(before, now, missing);
        if (reading.why !== 'read') throw new Error(reading.why);
        const again = compare(listing([part(now)], { missing: reading.missing }), [part(now)], NOW);
        if (again.why !== 'read') throw new Error(again.why);
        expect(again.changes.every(({ change }) => change === 'unlisted')).toBe(true);
        expect(new Set(again.changes.map(({ service }) => service))).toEqual(
          new Set(reading.missing.map(({ service }) => service)),
        );
        const third = compare(listing([part(now)], { missing: again.missing }), [part(now)], NOW);
        expect(told(third)).toEqual([]);
      }),
    );
  });
  test('whatever is read: no service is told of twice, and of none that is there is the end told', () => {
    fc.assert(
      fc.property(some, some, some, (before, missing, now) => {
        const reading = changed(before, now, missing);
        const changes = reading.why === 'read' ? reading.changes : [];
        expect(new Set(changes.map(({ service }) => service)).size).toBe(changes.length);
        const there = new Set(now.map((one) => one.split(' ')[0]));
        for (const { service, change } of changes) expect(there.has(service)).toBe(change !== 'unlisted');
      }),
    );
  });
});

describe('what was kept', () => {
  const kept = listing([part(['x x.com'])]);
  test('as it was, also out of JSON; what older versions did not know is none', () => {
    expect(listingOf(JSON.parse(JSON.stringify(kept)), 'm')).toEqual(kept);
    const { refusedSince: _, least: __, ...older } = kept;
    expect(listingOf(older, 'm')).toEqual(kept);
  });
  test.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'x'],
    ['of another register', { ...kept, made: 'n' }],
    ['no generation', { ...kept, generation: '1' }],
    ['no parts', { ...kept, parts: {} }],
    ['a part without rows', { ...kept, parts: [{ ...kept.parts[0], rows: null }] }],
    ['a part that is null', { ...kept, parts: [null] }],
    ['an entry without a host', { ...kept, parts: [{ ...kept.parts[0], entries: [{ service: 'x' }] }] }],
    ['a missing entry that is none', { ...kept, missing: [7] }],
    ['no list of what is missing', { ...kept, missing: undefined }],
  ])('%s: nothing that counts', (_name, value) => expect(listingOf(value, 'm')).toBeNull());
});

describe('what people read of a change', () => {
  const config = (over: object = {}) =>
    v.parse(registrySchema, {
      id: 'rkn',
      kind: 'registry',
      format: 'z-i',
      country: 'RU',
      urls: ['https://r.example/dump.csv?key=secret'],
      ...over,
    });
  const state = (
    change: 'listed' | 'part-listed' | 'unlisted',
    entries: Entry[],
    over: object = {},
    updatedAt: number | null = null,
  ) => statementOf({ service: 'x', change, entries }, { config: config(over), generation: 7, updatedAt, now: NOW });
  const hosts = (...names: string[]) => names.map((host) => entry(`x ${host}`));

  test.each<['listed' | 'part-listed' | 'unlisted', string, string | null, RegExp]>([
    ['listed', 'block', 'legal', /^x\.com added to the register/],
    ['part-listed', 'restrict', 'legal', /added to the register/],
    ['unlisted', 'unblock', null, /^x\.com taken off the register/],
  ])('%s: %s', (change, action, method, title) => {
    const stated = state(change, hosts('x.com'));
    expect(stated).toMatchObject({
      action,
      method,
      kind: 'authority',
      country: 'RU',
      revision: '7',
      publisher: 'rkn',
      publisherName: 'r.example',
    });
    expect(stated.title).toMatch(title);
  });
  test('its page: the configured one, else the register’s without what may be a key', () => {
    expect(state('listed', hosts('x.com')).url).toBe('https://r.example/dump.csv');
    expect(state('listed', hosts('x.com'), { page: 'https://people.example/' }).url).toBe('https://people.example/');
  });
  test.each<[string[], string]>([
    [['b.com', 'a.com'], 'a.com, b.com added'],
    [['c.com', 'b.com', 'a.com'], 'a.com, b.com, c.com added'],
    [['d.com', 'c.com', 'b.com', 'a.com', 'e.com'], 'a.com, b.com, c.com and 2 more added'],
    [[], 'A service added'],
  ])('%j: %s', (names, title) => expect(state('listed', hosts(...names)).title).toContain(title));
  test('the same hosts in another order: the same statement; others: another', () => {
    const id = state('listed', hosts('a.com', 'b.com')).id;
    expect(state('listed', hosts('b.com', 'a.com')).id).toBe(id);
    expect(state('listed', hosts('a.com')).id).not.toBe(id);
    expect(state('unlisted', hosts('a.com', 'b.com')).id).not.toBe(id);
  });
  test.each<[string, number | null, number]>([
    ['made an hour ago', NOW - 3_600_000, NOW - 3_600_000],
    ['made two days ago', NOW - 2 * DAY, NOW],
    ['made tomorrow', NOW + DAY, NOW],
    ['that does not say', null, NOW],
  ])('a register %s', (_name, updatedAt, at) => expect(state('listed', hosts('x.com'), {}, updatedAt).at).toBe(at));
  test.each<[Partial<Entry>, string]>([
    [{}, ''],
    [{ decision: '2-1/24' }, 'Decision 2-1/24'],
    [{ agency: 'Court' }, 'Decision (Court)'],
    [{ decision: '2-1/24', agency: 'Court', date: '2024-02-11' }, 'Decision 2-1/24 (Court) of 2024-02-11'],
    [{ date: '2024-02-11' }, ''],
  ])('a decision of %j: %j', (more, summary) => {
    expect(state('listed', [entry('x a.com'), { ...entry('x b.com'), ...more }]).summary).toBe(summary);
  });
});

test.each<[number, Record<string, string>, RegExp, Record<string, number>]>([
  [410, {}, /gone for good/, { backOffMs: DAY }],
  [404, {}, /check "urls"/, {}],
  [403, {}, /refused/, {}],
  [451, {}, /refused/, {}],
  [429, { 'retry-after': '60' }, /too often/, { retryAfterMs: 60_000 }],
  [503, { 'retry-after': '999999999' }, /trouble/, { retryAfterMs: DAY }],
  [503, { 'retry-after': new Date(NOW + 9_000).toUTCString() }, /trouble/, { retryAfterMs: 9_000 }],
  [503, { 'retry-after': '-5' }, /trouble/, {}],
  [302, {}, /no register/, {}],
])('status %i %j: %s', (status, headers, message, facts) => {
  const error = documentError({ status, headers }, 'r.example', NOW, REMEDIES);
  expect(error.message).toMatch(message);
  expect(error.facts).toEqual({ host: 'r.example', status, ...facts });
});
