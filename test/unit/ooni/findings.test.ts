import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServiceHosts } from '../../../src/core/ports/reading.ts';
import { isListed, servicesNamed, targetOf } from '../../../src/sources/ooni/ask.ts';
import { statementsOf } from '../../../src/sources/ooni/index.ts';
import { shapesLike } from '../../fakes/any-shape.ts';
import { shared, testIf } from '../../fakes/shared.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 1, 11, 12);
const iso = (at: number) => new Date(at).toISOString();
const KNOWN: Record<string, string> = { 'x.com': 'x', 'twitter.com': 'x', 'archive.org': 'archive', 'bbc.com': 'bbc' };
const hosts: Pick<ServiceHosts, 'find' | 'domainsOf'> = {
  find: (host) => (Object.hasOwn(KNOWN, host) ? { service: KNOWN[host]!, domain: host, whole: true } : null),
  domainsOf: (service) => Object.keys(KNOWN).filter((host) => KNOWN[host] === service),
};
const finding = (over: Record<string, unknown> = {}) => ({
  id: 'f1',
  title: 'X is blocked',
  short_description: 'Since yesterday.',
  slug: '2026-x-blocked',
  create_time: iso(NOW - 2 * DAY),
  update_time: iso(NOW - DAY),
  start_time: iso(NOW - 3 * DAY),
  end_time: null,
  published: true,
  CCs: ['RU'],
  test_names: ['web_connectivity'],
  domains: ['x.com'],
  ...over,
});
const read = (...list: unknown[]) => statementsOf(list, hosts, NOW);

describe('a finding', () => {
  test('all of it', () => {
    expect(read(finding())).toEqual([
      {
        id: 'finding/f1/RU/x',
        revision: iso(NOW - DAY),
        at: NOW - 3 * DAY,
        country: 'RU',
        service: 'x',
        action: 'block',
        method: null,
        region: null,
        title: 'X is blocked',
        url: 'https://explorer.ooni.org/findings/2026-x-blocked',
        summary: 'Since yesterday.',
        kind: 'authority',
        publisher: 'ooni',
        publisherName: 'OONI',
        lang: 'en',
      },
    ]);
  });
  test.each<[string, Record<string, unknown>, number]>([
    [
      'began a week before it was written: as it began',
      { start_time: iso(NOW - 9 * DAY), create_time: iso(NOW - 2 * DAY) },
      NOW - 9 * DAY,
    ],
    [
      'began longer before: as of the day that it was written',
      { start_time: iso(NOW - 9.1 * DAY), create_time: iso(NOW - 2 * DAY) },
      NOW - 2 * DAY,
    ],
    ['no begin: as of the day that it was written', { start_time: null }, NOW - 2 * DAY],
    ['no day of writing: as it began', { create_time: 'soon' }, NOW - 3 * DAY],
    ['of the time to come: now', { start_time: null, create_time: iso(NOW + DAY) }, NOW],
    ['ended: when it did', { end_time: iso(NOW - DAY) }, NOW - DAY],
  ])('%s', (_name, over, at) => expect(read(finding(over))[0]!.at).toBe(at));

  test.each<[string, Record<string, unknown>, string[]]>([
    ['goes on', {}, ['block']],
    ['ended lately', { end_time: iso(NOW - 13 * DAY) }, ['unblock']],
    ['ended long ago', { end_time: iso(NOW - 15 * DAY) }, []],
    ['not published', { published: false }, []],
    ['without a word on that', { published: undefined }, ['block']],
    ['no title', { title: '  ' }, []],
    ['no id', { id: null }, []],
    ['no time at all', { create_time: null, start_time: null }, []],
    ['no country', { CCs: [] }, []],
    ['a country that is none', { CCs: ['Russia', 'ru', 'R1'] }, []],
    ['nothing that anybody here follows', { domains: ['example.org'] }, []],
  ])('%s: %j', (_name, over, actions) => {
    expect(read(finding(over)).map(({ action }) => action)).toEqual(actions);
  });

  test('countries and services: each with each, once; ids that hold over a revision', () => {
    const two = finding({
      CCs: ['RU', 'BY', 'RU'],
      domains: ['x.com', 'twitter.com', 'bbc.com'],
      test_names: ['whatsapp'],
    });
    const ids = read(two).map(({ id }) => id);
    expect(ids.sort()).toEqual(
      ['BY', 'RU'].flatMap((cc) => ['bbc', 'whatsapp', 'x'].map((one) => `finding/f1/${cc}/${one}`)),
    );
    expect(
      read({ ...two, update_time: iso(NOW) })
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids);
  });
  test.each([
    [{ id: 17, slug: null }, 'https://explorer.ooni.org/findings/17'],
    [{ slug: '../../evil?x=1#y' }, 'https://explorer.ooni.org/findings/..%2F..%2Fevil%3Fx%3D1%23y'],
  ])('%j: its page is below the explorer’s findings', (over, url) => expect(read(finding(over))[0]!.url).toBe(url));

  test('hundreds: the newest three hundred, newest first', () => {
    const list = Array.from({ length: 400 }, (_, i) =>
      finding({ id: `f${i}`, start_time: iso(NOW - 3 * DAY - i * 1_000) }),
    );
    const statements = read(...list.reverse());
    expect([statements.length, statements[0]!.id, statements.at(-1)!.id]).toEqual([
      300,
      'finding/f0/RU/x',
      'finding/f299/RU/x',
    ]);
  });
  test('a finding on everything everywhere: twenty countries', () => {
    const countries = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `A${letter}`);
    expect(read(finding({ CCs: countries }))).toHaveLength(20);
  });
  test('whatever a stranger writes: statements within bounds, and nothing breaks', () => {
    fc.assert(
      fc.property(fc.array(shapesLike(finding()), { maxLength: 4 }), (list) => {
        for (const one of read(...list)) {
          expect(one.at).toBeLessThanOrEqual(NOW);
          expect(one.country).toMatch(/^[A-Z]{2}$/);
          expect(one.title.length).toBeLessThanOrEqual(300);
          expect(one.summary.length).toBeLessThanOrEqual(600);
          expect(new URL(one.url!).pathname).toMatch(/^\/findings\/[^/]+$/);
        }
      }),
    );
  });

  const recorded = shared('data/ooni/incidents_search_2_items.json');
  testIf(recorded, 'needs ../shared/data', 'recorded ones, read when they came: an end that was days old', () => {
    const { incidents } = JSON.parse(readFileSync(recorded!, 'utf8')) as { incidents: unknown[] };
    const at = Date.UTC(2025, 5, 10);
    const [first] = statementsOf(incidents, hosts, at);
    expect(first).toMatchObject({ country: 'ID', service: 'archive', action: 'unblock', at: Date.UTC(2025, 4, 29) });
    expect(statementsOf(incidents, hosts, at + 30 * DAY)).toEqual([]);
  });
});

describe('what OONI measures of a service', () => {
  test.each<[string, string | null, readonly string[]]>([
    ['whatsapp', 'whatsapp', []],
    ['messenger', 'facebook_messenger', []],
    ['x', 'web_connectivity', ['x.com', 'twitter.com']],
    ['archive', 'web_connectivity', ['archive.org']],
    ['carrier-pigeons', null, []],
  ])('%s: %s %j', (service, testName, domains) => {
    expect(targetOf(service, hosts)).toEqual(testName === null ? null : { service, test: testName, domains });
  });
  test('a service of many domains: four of them; nobody knows domains: none', () => {
    const many = { domainsOf: () => ['a.org', 'b.org', 'c.org', 'd.org', 'e.org'] };
    expect(targetOf('archive', many)!.domains).toEqual(['a.org', 'b.org', 'c.org', 'd.org']);
    expect(targetOf('archive', null)).toBeNull();
  });
  test('what stands in the lists needs nobody to know its domains', () => {
    expect(['whatsapp', 'x', 'archive'].map(isListed)).toEqual([true, true, false]);
    expect(targetOf('x', null)).not.toBeNull();
  });
  test('named by tests and by domains: each once', () => {
    expect(
      servicesNamed(['telegram', 'whatsapp', 'dnscheck'], ['twitter.com', 'x.com', 'nowhere.example'], hosts),
    ).toEqual(['whatsapp', 'telegram', 'x']);
  });
});
