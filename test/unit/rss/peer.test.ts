/** The feed of another Tocsin among the feeds: read in terms; its Atom, and what only looks like one, refused with a word. */
import { afterEach, describe, expect, test } from 'vitest';
import { type FeedWorld, feedWorld, NOW } from './harness.ts';

const evidence = {
  id: 'r1',
  at: new Date(NOW - 60_000).toISOString(),
  action: 'block',
  method: null,
  region: null,
  kind: 'news',
  voice: 'dw',
  publisher: 'dw',
  name: 'DW',
  title: 'A title',
  url: 'https://dw.example/1',
  lang: 'de',
  reading: null,
  measured: null,
};
const told = {
  incident: 'RU-whatsapp-3f9k',
  seq: 1,
  change: 'opened',
  country: 'RU',
  service: 'whatsapp',
  family: 'access',
  action: 'block',
  state: 'active',
  confidence: 'reported',
  method: null,
  now: {
    regions: [],
    liftConfidence: null,
    openedAt: evidence.at,
    closedAt: null,
    withdrawnBecause: null,
    evidence: [evidence],
  },
};
const feed = (over: object = {}, item: object = told) =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    _tocsin: { version: 1, instance: 'abcdefgh12345678' },
    title: 'Tocsin',
    ...over,
    items: [{ id: 'urn:1', title: 'Russia: WhatsApp blocked', url: 'https://a.example/incident/1', _tocsin: item }],
  });

let world: FeedWorld;
afterEach(() => world.close());
const serving = async (body: string, config: Record<string, unknown> = {}, type = 'application/feed+json') => {
  world = await feedWorld((_request, response) => {
    response.setHeader('content-type', type);
    response.end(body);
  }, config);
  return world;
};

describe('the feed of another Tocsin', () => {
  test('is statements, and no items: nothing is read into its words', async () => {
    const { poll } = await serving(feed());
    const { items, statements, withdrawals } = await poll();
    expect(items).toEqual([]);
    expect(withdrawals).toEqual([]);
    expect(statements).toMatchObject([
      { country: 'RU', service: 'whatsapp', action: 'block', kind: 'outlet', relayed: { voice: 'dw' }, lang: 'de' },
    ]);
    expect(statements![0]!.publisher).not.toBe('dw');
  });

  test('trusted: under the names that its outlets have there', async () => {
    const { poll } = await serving(feed(), { trusted: true });
    expect((await poll()).statements).toMatchObject([{ id: 'r1', publisher: 'dw' }]);
  });

  test('read again as it was: unchanged', async () => {
    const { poll } = await serving(feed());
    await (await poll()).commit?.();
    expect(await poll()).toMatchObject({ unchanged: true, items: [] });
  });

  test('incidents that it only has by hearsay: left out, and the log says so once', async () => {
    const { poll, lines } = await serving(feed({}, { ...told, now: { ...told.now, evidence: [] } }));
    expect((await poll()).statements).toEqual([]);
    await poll();
    expect(lines.filter((one) => one.includes('left out'))).toHaveLength(1);
  });

  test.each<[string, string, string]>([
    [
      'its Atom feed',
      '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><generator>Tocsin</generator></feed>',
      '/feed.json',
    ],
    ['cut off in the middle', feed().slice(0, -40), 'no JSON'],
    ['without end', feed({ padding: 'x'.repeat(2_100_000) }), 'more than 2000000 bytes'],
  ])('%s: refused', async (_name, body, words) => {
    const { poll } = await serving(body);
    await expect(poll()).rejects.toThrow(words);
  });

  test.each<[string, string]>([
    ['another version of it', feed({ _tocsin: { version: 9, instance: 'abcdefgh12345678' } })],
    [
      'the word in an entry',
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'x',
        items: [{ id: '1', title: 'Russia blocks WhatsApp', content_text: '"_tocsin": {' }],
      }),
    ],
  ])('%s: a feed like any other', async (_name, body) => {
    const { poll } = await serving(body);
    const { items, statements } = await poll();
    expect(items).toHaveLength(1);
    expect(statements).toBeUndefined();
  });
});
