/** `tocsin feeds check` and `tocsin feeds find`, over an internet on loopback. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../../../src/cli/index.ts';
import { readPress } from '../../../../src/config/press.ts';
import { capturedOutput } from '../../../fakes/captured-output.ts';
import { addressOf, PressInternet, rssOf } from '../../../fakes/press-internet.ts';
import { scratchFolder } from '../../../fakes/scratch.ts';

const DAY = 86_400_000;
const [one, two, three, four] = readPress()
  .of('UG')
  .map(({ source }) => source);
let internet: PressInternet;
let config: string;

beforeEach(async () => {
  internet = await PressInternet.start();
  const folder = scratchFolder('feeds-check-');
  config = join(folder, 'tocsin.json');
  writeFileSync(
    config,
    JSON.stringify({ sources: [], network: { allowPrivateAddresses: true, proxy: internet.proxy } }),
  );
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await internet.stop();
});

async function run(...args: string[]) {
  const { out, err } = capturedOutput();
  const code = await main(['feeds', ...args, '--config', config]);
  return { code, out: out.join(''), err: err.join('') };
}
const item = (host: string, days: number, link = `https://${host}/${days}`) => ({
  title: `News of ${days}`,
  summary: 'Of interest.',
  at: new Date(Date.now() - days * DAY),
  link,
});

describe('check', () => {
  beforeEach(() => {
    const host = (url: string) => new URL(url).host;
    internet.feed(one!.url, [item(host(one!.url), 0), item(host(one!.url), 1)]);
    internet.feed(two!.url, [item(host(two!.url), 30), item(host(two!.url), 31)]);
    internet.feed(
      three!.url,
      [0, 1, 2].map((days) => item('', days, `https://casino.example/${days}`)),
    );
  });

  test('a country: owners heard, and each feed with what is wrong with it', async () => {
    const { code, out } = await run('check', '--country', 'ug');
    expect(code).toBe(0);
    expect(out).toMatch(/^UG {2}Uganda +1 of 4 +owners heard; newest .*Z; en; 3 rest or fail$/m);
    expect(out).toMatch(new RegExp(`^ok +${one!.id} .*2 items, newest`, 'm'));
    expect(out).toMatch(new RegExp(`^frozen +${two!.id} `, 'm'));
    expect(out).toMatch(new RegExp(`^foreign +${three!.id} .*its links are casino.example's`, 'm'));
    expect(out).toMatch(new RegExp(`^failed +${four!.id} .*fetch_status: .* answered 404`, 'm'));
    expect(out).toContain('0 of 1 countries are heard from two owners or more.');
    expect(internet.asked.map(({ address }) => address).sort()).toEqual(
      [one, two, three, four].map((source) => addressOf(source!.url)).sort(),
    );
  });

  test('--json: a line a country, then a line a feed', async () => {
    const { out } = await run('check', '--country', 'UG', '--json');
    const [country, ...feeds] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(country).toMatchObject({ type: 'country', country: 'UG', feeds: 4, owners: 4, heard: 1, languages: ['en'] });
    expect(Date.parse(country.newest)).toBeGreaterThan(Date.now() - DAY);
    expect(feeds.map(({ id, state }) => [id, state])).toEqual([
      [one!.id, 'ok'],
      [two!.id, 'frozen'],
      [three!.id, 'foreign'],
      [four!.id, 'failed'],
    ]);
    expect(feeds[3]).toMatchObject({ type: 'feed', country: 'UG', lang: 'en', code: 'fetch_status' });
  });

  test('a country that the catalogue does not have: usage, and nobody is asked', async () => {
    const { code, err } = await run('check', '--country', 'Uganda');
    expect([code, internet.asked]).toEqual([2, []]);
    expect(err).toContain('The catalogue has no press of "UGANDA": write two letters of ISO 3166-1, such as UG.');
  });
});

describe('find', () => {
  const page = (address: string, html: string) =>
    internet.answers.set(
      address,
      (_request, response) => void response.setHeader('content-type', 'text/html').end(html),
    );
  const feed = (address: string) => internet.feed(`https://${address}`, [item(address.split('/')[0]!, 0)]);

  test('the feeds that a page names, each read once; what is none is left out', async () => {
    page(
      'paper.example/',
      '<link rel="alternate" type="application/rss+xml" href="/all.xml"><link rel=alternate type="application/rss+xml" href="/gone.xml">',
    );
    feed('paper.example/all.xml');
    const { code, out } = await run('find', 'paper.example');
    expect(code).toBe(0);
    expect(out).toMatch(/^https:\/\/paper\.example\/all\.xml {2}paper\.example \(1 item\)$/m);
    expect(out).not.toContain('gone.xml');
  });

  test('a page that names none: the usual addresses of its site', async () => {
    page('paper.example/news/', '<p>no link</p>');
    feed('paper.example/rss.xml');
    const { code, out } = await run('find', 'https://paper.example/news/', '--json');
    expect([
      code,
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).url),
    ]).toEqual([0, ['https://paper.example/rss.xml']]);
  });

  test('a feed itself: that', async () => {
    feed('paper.example/feed');
    expect((await run('find', 'https://paper.example/feed')).out).toContain(
      'https://paper.example/feed  paper.example',
    );
  });

  test('none anywhere: says so, with 1', async () => {
    page('paper.example/', '<p>nothing</p>');
    const { code, out } = await run('find', 'https://paper.example');
    expect([code, out]).toEqual([
      1,
      'No feed: https://paper.example/ names none that can be read, and none lies at the usual addresses of its site.\n',
    ]);
    expect(internet.asked).toHaveLength(7);
  });

  test('a site that refuses: its answer', async () => {
    internet.answers.set('paper.example/', (_request, response) => void response.writeHead(403).end(rssOf('x', [])));
    const { code, err } = await run('find', 'https://paper.example');
    expect([code, err]).toEqual([1, expect.stringContaining('The server answers 403')]);
  });
});
