/** `tocsin feeds` from within: what is written, what is printed, with which code it ends; feeds and lists from loopback. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../../../src/cli/index.ts';
import { loadConfig } from '../../../../src/config/load.ts';
import { capturedOutput } from '../../../fakes/captured-output.ts';
import { FeedServer } from '../../../fakes/feed-server.ts';
import { scratchFolder } from '../../../fakes/scratch.ts';

const LIST = `<opml version="2.0"><body>
  <outline text="World"><outline text="One &amp; only" xmlUrl="https://one.example/feed"/></outline>
  <outline text="Bad" xmlUrl="ftp://x"/></body></opml>`;
const CONFIG = `# my notes
sources:
  # the only one so far
  - id: mine   # every morning
    kind: rss
    url: https://mine.example/feed
    publisher: mine
`;

let server: FeedServer;
let folder: string;
beforeAll(async () => {
  server = await FeedServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  folder = scratchFolder('feeds-');
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(() => void vi.restoreAllMocks());

const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
async function run(...args: string[]) {
  const { out, err } = capturedOutput();
  const code = await main(['feeds', ...args]);
  return { code, out: out.join(''), err: err.join('') };
}
const sourcesOf = async (file: string) => (await loadConfig({ file, env: {}, cwd: folder })).sources;

describe('import', () => {
  test('into a configuration: its comments stay, what is added and what is not is said', async () => {
    const config = written('tocsin.yaml', CONFIG);
    const { code, out, err } = await run('import', written('list.opml', LIST), '--config', config);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      'added     one-only  https://one.example/feed\n' +
        'left out  Bad  ftp://x: its address is none that can be read: it must begin with http:// or https://\n\n' +
        '1 added, 1 left out. Written to tocsin.yaml; a bot that runs reads them after its next start.\n',
    );
    expect(readFileSync(config, 'utf8')).toBe(
      `${CONFIG}  - id: one-only\n    kind: rss\n    url: https://one.example/feed\n    publisher: one-example\n    name: One & only\n    folder: World\n`,
    );
    expect((await sourcesOf(config)).map(({ id }) => id)).toEqual(['mine', 'one-only']);
  });

  test('once more: all is there already, and the file is as it was', async () => {
    const config = written('tocsin.yaml', CONFIG);
    const list = written('list.opml', LIST);
    await run('import', list, '--config', config);
    const before = readFileSync(config, 'utf8');
    const { out } = await run('import', list, '--config', config);
    expect(out).toContain('it is read already');
    expect(out).toContain('0 added, 2 left out. Nothing was written.');
    expect(readFileSync(config, 'utf8')).toBe(before);
  });

  test('--dry-run: what would be added, as it would be written, and nothing is', async () => {
    const config = written('tocsin.yaml', CONFIG);
    const { out } = await run('import', written('list.opml', LIST), '--config', config, '--dry-run');
    expect(out).toContain('would add     one-only');
    expect(out).toContain('sources:\n  - id: one-only\n    kind: rss\n');
    expect(out).toContain('1 would be added, 1 left out. Nothing was written.');
    expect(readFileSync(config, 'utf8')).toBe(CONFIG);
  });

  test('no configuration yet: one is made, and what comes with Tocsin is read on', async () => {
    mkdirSync(join(folder, 'config'));
    const before = (await loadConfig({ env: {}, cwd: folder })).sources.length;
    const { out } = await run('import', written('list.opml', LIST));
    expect(out).toContain('What comes with Tocsin is read as before: "include" names it now.');
    const file = join(folder, 'config/tocsin.yaml');
    expect(readFileSync(file, 'utf8')).toMatch(/^# The configuration of Tocsin/);
    expect(await sourcesOf(file)).toHaveLength(before + 1);
  });

  test('a list of nothing new makes no configuration', async () => {
    await run('import', written('list.opml', LIST.replaceAll('https://', 'file://')));
    expect(existsSync(join(folder, 'config'))).toBe(false);
  });

  test('a configuration in JSON stays one', async () => {
    const config = written('tocsin.json', '{"sources":[]}');
    await run('import', written('list.opml', LIST), '--config', config);
    expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({ sources: [{ id: 'one-only' }] });
  });

  test('--json: a line an entry', async () => {
    const { out } = await run(
      'import',
      written('list.opml', LIST),
      '--config',
      written('tocsin.yaml', CONFIG),
      '--json',
    );
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['added', 'left-out']);
  });

  test('from an address: fetched; from a private one: refused, and nothing is written', async () => {
    server.overrides.set('list.opml', (_request, response) => void response.end(LIST));
    const url = `${server.url}/list.opml`;
    const open = written('open.yaml', `network: { allowPrivateAddresses: true }\n${CONFIG}`);
    expect((await run('import', url, '--config', open)).out).toContain('1 added, 1 left out.');
    const guarded = written('tocsin.yaml', CONFIG);
    const { code, err } = await run('import', url, '--config', guarded);
    expect([code, readFileSync(guarded, 'utf8')]).toEqual([1, CONFIG]);
    expect(err).toMatch(/private|reserved/);
  });

  test.each<[string, (list: string) => void, RegExp]>([
    [
      'not there',
      (name) => server.overrides.set(name, (_q, response) => void response.writeHead(404).end()),
      /answered 404/,
    ],
    [
      'too long',
      (name) =>
        server.overrides.set(name, (_q, response) => {
          // Longer than what is read of a list.
          for (let i = 0; i < 60; i++) response.write('x'.repeat(100_000));
          response.end();
        }),
      /5|larger|MB/,
    ],
  ])('an address that is %s: code 1, and why', async (name, serve, why) => {
    serve(`bad-${name}`.replace(/ /g, '-'));
    const open = written('open.yaml', `network: { allowPrivateAddresses: true }\n${CONFIG}`);
    const { code, err } = await run('import', `${server.url}/bad-${name.replace(/ /g, '-')}`, '--config', open);
    expect([code, err]).toEqual([1, expect.stringMatching(why)]);
  });

  test.each<[string, string[], number, RegExp]>([
    ['a file that is not there', ['import', 'nowhere.opml'], 2, /nowhere\.opml cannot be read \(ENOENT\)/],
    ['no list', ['import'], 2, /^tocsin: Usage: /],
    ['two lists', ['import', 'a', 'b'], 2, /^tocsin: Usage: /],
    ['another word', ['drop', 'a'], 2, /^tocsin: Usage: /],
    ['export to a file', ['export', 'x.opml'], 2, /^tocsin: Usage: /],
    ['test without an address', ['test'], 2, /^tocsin: Usage: /],
    ['test of a file', ['test', 'file:///etc/passwd'], 2, /is no address/],
  ])('%s: code and reason', async (_name, args, code, why) => {
    expect(await run(...args)).toMatchObject({ code, out: '', err: expect.stringMatching(why) });
  });

  test('a broken configuration: named, and not touched', async () => {
    const config = written('tocsin.yaml', 'sources: [\n');
    expect(await run('import', written('list.opml', LIST), '--config', config)).toMatchObject({ code: 2 });
    expect(readFileSync(config, 'utf8')).toBe('sources: [\n');
  });
});

describe('export', () => {
  test('the bundled feeds: by country, and read again they are the same', async () => {
    const { out, err } = await run('export');
    expect(out).toMatch(/^<\?xml version="1\.0" encoding="utf-8"\?>\n<opml version="2\.0" xmlns:tocsin=/);
    expect(out).toMatch(/<outline text="Russia">\n\s+<outline [^>]*category="\/RU"/);
    expect(err).toMatch(/sources that are no feeds are left out/);
    const config = written('tocsin.yaml', 'sources: []\n');
    await run('import', written('all.opml', out), '--config', config);
    const feeds = (list: { id: string; kind: string }[]) =>
      list.filter(({ kind }) => kind === 'rss').sort((a, b) => a.id.localeCompare(b.id));
    expect(feeds(await sourcesOf(config))).toEqual(feeds((await loadConfig({ env: {}, cwd: folder })).sources));
  });

  test("another reader's folders, one in another, and the title of its list: as they were, after an import", async () => {
    const feed = (name: string) => `<outline type="rss" text="${name}" xmlUrl="https://${name}.example/feed"/>`;
    const list = `<opml version="2.0"><head><title>My press</title></head><body>${feed('loose')}<outline text="Asia">${feed('asia')}<outline text="Far / East">${feed('far')}</outline></outline></body></opml>`;
    const config = written('tocsin.yaml', 'sources: []\n');
    await run('import', written('theirs.opml', list), '--config', config);
    expect((await sourcesOf(config)).map((one) => [one.id, 'folder' in one && one.folder])).toEqual([
      ['loose', 'My press'],
      ['asia', 'Asia'],
      ['far', 'Asia/Far East'],
    ]);
    const { out } = await run('export', '--config', config);
    expect(
      [...out.matchAll(/<outline (?:type="rss" )?text="([^"]*)"|<\/outline>/g)].map(([, name]) => name ?? '.'),
    ).toEqual(['Asia', 'Far East', 'far', '.', 'asia', '.', 'My press', 'loose', '.']);
    const again = written('again.yaml', 'sources: []\n');
    await run('import', written('ours.opml', out), '--config', again);
    expect(new Set(await sourcesOf(again))).toEqual(new Set(await sourcesOf(config)));
  });

  test('no feeds: says so', async () => {
    expect(await run('export', '--config', written('tocsin.yaml', 'sources: []\n'))).toMatchObject({
      code: 2,
      out: '',
    });
  });
});

describe('test', () => {
  const open = () => written('open.yaml', 'network: { allowPrivateAddresses: true }\n');

  test('a feed: where it leads, how it decodes, its dates, and what is read in each item', async () => {
    server.add(
      'news',
      { title: 'Kazakhstan blocks WhatsApp', summary: '', at: new Date('2026-11-20T10:00:00Z') },
      { title: 'A cat was found\u001b[31m', summary: '', at: new Date('2026-11-21T10:00:00Z') },
    );
    server.overrides.set('moved', (_q, response) => void response.writeHead(301, { location: '/news' }).end());
    const { code, out } = await run('test', `${server.url}/moved`, '--config', open());
    expect(code).toBe(0);
    expect(out).toContain(
      `Redirect  ${server.url}/news (for good: write this address)\nAddress   ${server.url}/news\n`,
    );
    expect(out).toMatch(/Answer {4}\S+xml.*, read as utf-8, \d+ bytes\n/);
    expect(out).toContain('Items     2, 2 with a date: 2026-11-20 10:00 to 2026-11-21 10:00\n');
    expect(out).toMatch(/2026-11-20 10:00 {2}Kazakhstan blocks WhatsApp\n {18}block: whatsapp in KZ/);
    expect(out).toMatch(/A cat was found.*\n {18}nothing of access/);
    expect(out).not.toContain('\u001b');
    expect(out).toContain('1 of 2 report a change of access.');
  });

  test('--json: the feed, then a line an item', async () => {
    server.feeds.set('json', []);
    server.add('json', { title: 'Kazakhstan blocks WhatsApp', summary: '' });
    const { out } = await run('test', `${server.url}/json`, '--config', open(), '--json');
    const [feed, item, ...more] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([feed, item, more]).toMatchObject([
      { type: 'feed', encoding: 'utf-8', items: 1, redirects: [] },
      { type: 'item', relevant: true, events: [{ action: 'block', services: ['whatsapp'], countries: ['KZ'] }] },
      [],
    ]);
  });

  test('a web page that names its feeds: they are told, and it is code 1', async () => {
    server.overrides.set(
      'page',
      (_q, response) =>
        void response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<!doctype html><html><head><link rel="alternate" type="application/rss+xml" title="All" href="/news">'),
    );
    const { code, out } = await run('test', `${server.url}/page`, '--config', open());
    expect(code).toBe(1);
    expect(out).toContain('No feed: It is a web page, not a feed');
    expect(out).toContain(`try:\n  tocsin feeds test "${server.url}/news"  (All)\n`);
  });

  test('a private address: refused', async () => {
    const { code, err } = await run('test', `${server.url}/news`, '--config', written('tocsin.yaml', CONFIG));
    expect([code, err]).toEqual([1, expect.stringMatching(/private|reserved/)]);
  });
});
