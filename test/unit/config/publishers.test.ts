import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bundledPublishers } from '../../../src/config/publishers.ts';
import { domainOf } from '../../../src/sources/rss/site.ts';

const folder = join(import.meta.dirname, '../../../config');
const read = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8').replace(/^\s*#.*$/gm, ''));

type Row = [publisher: string, owner: string, country: string, kind: string, ...ids: string[]];
const publishers = read<Record<string, Row>>('publishers.yaml');
const rows = Object.entries(publishers);
const regions = readdirSync(join(folder, 'feeds'));
const feeds: Record<string, string>[] = regions.flatMap((file) =>
  read<Record<string, string>[]>(`feeds/${file}`).map((one) => ({ ...one, file })),
);
const world: Record<string, string>[] = parse(readFileSync(join(folder, 'feeds.yaml'), 'utf8')).sources;

const KINDS = ['national', 'regional', 'public', 'state', 'external', 'exile', 'agency', 'tech', 'rights'];
const ID = /^[\w.-]{1,64}$/;
const NAME = /^\S.{0,78}\S$|^\S$/u;
const COUNTRY = /^[A-Z]{2}$/;

describe('config/publishers.yaml', () => {
  test('a row: domain in lower case, two names, a country, a kind, ids', () => {
    const wrong = rows.filter(
      ([domain, [publisher, owner, country, kind, ...ids]]) =>
        !/^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/.test(domain) ||
        domain.startsWith('www.') ||
        ![publisher, owner].every((name) => NAME.test(name)) ||
        !COUNTRY.test(country) ||
        ![...KINDS, 'aggregator'].includes(kind) ||
        !ids.every((id) => ID.test(id)),
    );
    expect(wrong).toEqual([]);
  });

  test('an id is of one outlet, whatever the number of its domains; a domain that is an id is its own', () => {
    const outletOf = new Map<string, string>();
    const wrong: string[] = [];
    for (const [, [publisher, owner, country, , ...ids]] of rows)
      for (const id of ids) {
        const outlet = [publisher, owner, country].join('/');
        if ((outletOf.get(id) ?? outlet) !== outlet) wrong.push(id);
        outletOf.set(id, outlet);
        const [of, by, where] = publishers[id] ?? [publisher, owner, country];
        if ([of, by, where].join('/') !== outlet) wrong.push(id);
      }
    expect(wrong).toEqual([]);
  });

  test('state media: of a state, and all of one owner of one', () => {
    const state = rows.filter(([, row]) => row[3] === 'state' || row[3] === 'external');
    expect(state.filter(([, row]) => row[2] === 'XX')).toEqual([]);
    const owners = Map.groupBy(state, ([, row]) => row[1]);
    expect([...owners].filter(([, own]) => new Set(own.map(([, row]) => row[2])).size > 1)).toEqual([]);
  });

  test('no row stands for a suffix under which strangers register', () => {
    expect(rows.map(([domain]) => domain).filter((domain) => domainOf(domain) === null)).toEqual([]);
  });
});

describe('config/feeds/', () => {
  test('a feed: the keys of a feed, a country, an owner, a kind', () => {
    const wrong = feeds.filter(
      (one) =>
        !ID.test(one['id']!) ||
        !ID.test(one['publisher']!) ||
        !NAME.test(one['name']!) ||
        !/^https?:\/\/\S+$/.test(one['url']!) ||
        !/^[a-z]{2,3}$/.test(one['lang']!) ||
        !COUNTRY.test(one['country']!) ||
        !KINDS.includes(one['kind']!) ||
        !/^2\d{3}-\d\d-\d\d$/.test(one['checked'] ?? '2026-01-01') ||
        Object.keys(one).some(
          (key) =>
            !['id', 'name', 'publisher', 'url', 'lang', 'country', 'owner', 'kind', 'checked', 'file'].includes(key),
        ),
    );
    expect(wrong).toEqual([]);
  });

  test('ids and addresses: once, in all regions and beside those that are read always', () => {
    const all = [...world, ...feeds];
    for (const key of ['id', 'url'])
      expect(all.map((one) => one[key]).filter((value, i, list) => list.indexOf(value) !== i)).toEqual([]);
  });

  test('publisher and owner: as a row of publishers.yaml has them', () => {
    const owners = new Map<string, Set<string>>();
    for (const [domain, [, owner, , , id = domain]] of rows) owners.set(id, (owners.get(id) ?? new Set()).add(owner));
    expect(feeds.filter((one) => !owners.get(one['publisher']!)?.has(one['owner']!))).toEqual([]);
  });

  test('a country: in one file, eight feeds at most, each of another owner, its state media once', () => {
    for (const [country, own] of Map.groupBy(feeds, (one) => one['country'])) {
      expect(new Set(own.map(({ file }) => file)).size, country).toBe(1);
      expect(own.length, country).toBeLessThanOrEqual(8);
      const voices = own.map((one) => (one['kind'] === 'state' ? 'the state' : one['owner']));
      expect(new Set(voices).size, country).toBe(own.length);
    }
  });
});

describe('whose it is', () => {
  const known = bundledPublishers();

  test.each<[string, string | null, string | null]>([
    ['https://www.dawn.com/news/1', 'dawn', 'Dawn Media Group'],
    ['dawn.com', 'dawn', 'Dawn Media Group'],
    ['https://rus.azattyq.org/a/1.html', 'rferl', 'RFE/RL'],
    ['https://timesofindia.indiatimes.com/x', 'timesofindia', 'Times Group'],
    ['https://feeds.bbci.co.uk/news/rss.xml', 'bbc', 'BBC'],
    ['https://EXAMPLE-NEWS.co.ug:8443/a', 'example-news.co.ug', 'example-news.co.ug'],
    ['https://ann.blogspot.com/2026/x', 'ann.blogspot.com', 'ann.blogspot.com'],
    ['https://россия.рф/новости', 'xn--h1alffa9f.xn--p1ai', 'xn--h1alffa9f.xn--p1ai'],
    ['https://notdawn.com/', 'notdawn.com', 'notdawn.com'],
    ['https://dawn.com.evil.example/', 'evil.example', 'evil.example'],
    ['https://192.0.2.1/x', null, null],
    ['https://[2001:db8::1]/x', null, null],
    ['localhost', null, null],
    ['https://constructor/', null, null],
    ['co.uk', null, null],
    ['no address at all', null, null],
    ['', null, null],
  ])('%s: %s of %s', (address, id, owner) => {
    const found = known.of(address);
    expect([found?.id ?? null, found?.owner ?? null]).toEqual([id, owner]);
  });

  test('an id of a feed, a name by which texts credit it, a domain: the same outlet; another word: nobody', () => {
    expect(['moscow-times', 'moscowtimes', 'themoscowtimes.com'].map((id) => known.named(id)?.name)).toEqual(
      Array(3).fill('The Moscow Times'),
    );
    expect(['', 'constructor', '__proto__', 'a-word'].map((id) => known.named(id))).toEqual(Array(4).fill(null));
  });

  test('the world is no country; what nobody has written down is unknown', () => {
    expect(known.named('reuters')).toMatchObject({ country: null, kind: 'agency' });
    expect(known.named('tass')).toMatchObject({ country: 'RU', kind: 'state' });
    expect(known.of('https://nobody-has-met.example/')).toMatchObject({ country: null, kind: 'unknown' });
  });

  test('every feed that is bundled: of the outlet of its publisher', () => {
    const unknown = [...world, ...feeds].filter((one) => known.named(one['publisher']!) === null);
    expect(unknown.map((one) => one['id'])).toEqual([]);
  });
});
