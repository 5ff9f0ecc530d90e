/** The catalogue of the press by country: every line is a feed, and who reads it by default. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { readPress } from '../../../src/config/press.ts';
import { cronProblem } from '../../../src/platform/schedule.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-press-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the bundled catalogue', () => {
  const press = readPress();
  const faults: string[] = [];
  const feeds = press
    .countries()
    .flatMap((country) => press.of(country, (at, wrong) => faults.push(`${at}: ${wrong}`)));

  test('every line is a feed with an id and an address of its own', async () => {
    const { sources } = await loadConfig({ file: null, env: {}, cwd: folder });
    expect(faults).toEqual([]);
    expect(feeds.length).toBeGreaterThan(500);
    const ids = [...sources.map(({ id }) => id), ...feeds.map(({ source }) => source.id)];
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    const urls = feeds.map(({ source }) => source.url);
    expect(urls.filter((url, i) => urls.indexOf(url) !== i)).toEqual([]);
  });

  test('each is asked every five minutes, at a second of its own', () => {
    const crons = feeds.map(({ source }) => source.cron);
    for (const cron of crons) expect([cron, cronProblem(cron)]).toEqual([cron, null]);
    const most = Math.max(
      ...Map.groupBy(crons, (cron) => cron)
        .values()
        .map((same) => same.length),
    );
    expect(new Set(crons).size).toBeGreaterThan(200);
    expect(most).toBeLessThanOrEqual(12);
  });

  test('owners are counted without reading a line, as its lines have them', () => {
    for (const country of press.countries())
      expect([country, press.ownersOf(country)]).toEqual([
        country,
        new Set(press.of(country).map(({ owner }) => owner)).size,
      ]);
  });
});

test('a line with a fault: named with where it stands, and the others are read', async () => {
  const line = {
    id: 'ug-a',
    name: 'A',
    publisher: 'a.example',
    url: 'https://a.example/feed',
    country: 'UG',
    owner: 'A',
    kind: 'national',
  };
  const lines = [line, { ...line, id: 'ug-b', url: 'gopher://b.example' }, { ...line, id: 'ug-c', paywall: true }];
  await writeFile(
    join(folder, 'africa.yaml'),
    `# by hand\n[\n${lines.map((one) => ` ${JSON.stringify(one)}`).join(',\n')}\n]\n`,
  );
  const press = readPress(pathToFileURL(`${folder}/`));
  const faults: string[] = [];
  expect(press.of('UG', (at, wrong) => faults.push(`${at}: ${wrong}`)).map(({ source }) => source.id)).toEqual([
    'ug-a',
  ]);
  expect(faults.map((one) => one.split(': ')[0])).toEqual(['config/feeds/africa.yaml:4', 'config/feeds/africa.yaml:5']);
  expect(faults[0]).toContain('must be an address that begins with');
  expect(press.of('ZZ')).toEqual([]);
  expect([press.countries(), press.ownersOf('ZZ')]).toEqual([['UG'], 0]);
});

describe('who reads it', () => {
  const feedsOf = async (config: object | null) => {
    const file = join(folder, 'tocsin.json');
    if (config) await writeFile(file, JSON.stringify(config));
    const { feeds } = await loadConfig({ file: config ? file : null, env: {}, cwd: folder });
    return feeds;
  };
  const own = [{ id: 'mine', kind: 'rss', url: 'https://mine.example/feed', publisher: 'mine' }];
  const search = [...own, { id: 'gdelt', kind: 'search', provider: 'gdelt-gal', cron: '*/10 * * * *' }];

  test.each<[string, object | null, { countries: string[]; follow: boolean }]>([
    ['no configuration: what chats follow', null, { countries: [], follow: true }],
    ['sources of one’s own: those alone', { sources: own }, { countries: [], follow: false }],
    [
      'sources of one’s own, and the bundled feeds',
      { sources: own, include: ['bundled:feeds.yaml'] },
      { countries: [], follow: true },
    ],
    ['a search among sources of one’s own', { sources: search }, { countries: [], follow: true }],
    ['sources of one’s own, and the key', { sources: own, feeds: {} }, { countries: [], follow: true }],
    ['countries', { feeds: { countries: ['TR', 'UG', 'TR'] } }, { countries: ['TR', 'UG'], follow: true }],
    ['countries alone', { feeds: { countries: ['TR'], follow: false } }, { countries: ['TR'], follow: false }],
    ['nothing of it', { feeds: { follow: false } }, { countries: [], follow: false }],
  ])('%s', async (_name, config, feeds) => {
    expect(await feedsOf(config)).toEqual(feeds);
  });

  test.each<[string, object, string]>([
    [
      'a name',
      { countries: ['Uganda'] },
      'feeds.countries[0]: "Uganda" is no code of a country; write it in two capital letters, such as UG',
    ],
    [
      'letters that are no country',
      { countries: ['QX'] },
      'feeds.countries: "QX" is no country; write the two letters of ISO 3166-1, such as RU',
    ],
    ['a word', { follow: 'yes' }, 'feeds.follow: "yes" should be true or false'],
    ['a key that is not known', { folow: true }, 'feeds.folow: unknown key; did you mean "follow"?'],
  ])('%s: refused, with where and how', async (_name, feeds, message) => {
    await expect(feedsOf({ feeds })).rejects.toThrow(message);
  });
});
