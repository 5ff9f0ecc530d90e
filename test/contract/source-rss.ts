import { rssKind } from '../../src/sources/rss/config.ts';
import { entry, rss } from '../unit/rss/harness.ts';
import type { SourceEntry } from './source-world.ts';

const numbered = (upTo: number) => Array.from({ length: upTo }, (_, i) => entry(i + 1)).join('');
const json = (items: unknown) =>
  JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'Outlet', items });
const HONEST_JSON = [1, 2].map((n) => ({ id: `g${n}`, title: `Title ${n}`, url: `https://outlet.example/${n}` }));
const ODD_JSON = [null, 7, 'text', [], {}, { id: null, title: 5, url: {}, date_published: 1e308, content_text: [1] }];

export const rssEntry: SourceEntry = {
  kind: rssKind,
  config: (base, secret) => ({
    id: 'feed',
    kind: 'rss',
    url: `${base.replace('://', `://reader:${secret}@`)}/feed.xml?key=${secret}`,
    publisher: 'outlet',
  }),
  documents: {
    contentType: 'application/rss+xml',
    honest: (upTo) => rss(numbered(upTo)),
    otherShapes: [
      ['JSON that is no feed', '{"incidents":[{"title":"Kenya blocks Telegram"}]}'],
      ['JSON null', 'null'],
      ['a JSON list', '[{"title":"Kenya blocks Telegram"}]'],
      ['a JSON feed whose items are an object', json({ a: 1 })],
      ['a JSON feed whose items are null', json(null)],
      ['a JSON feed whose entries are all of another type', json([1, null, 'x', []])],
      ['a JSON feed whose fields are all of another type', json(ODD_JSON)],
      ['a sitemap', '<?xml version="1.0"?><urlset><url><loc>https://outlet.example/1</loc></url></urlset>'],
      ['a SOAP fault', '<Envelope><Body><Fault><title>Kenya blocks Telegram</title></Fault></Body></Envelope>'],
      ['RSS without a channel', '<rss version="2.0"><data><row>Kenya blocks Telegram</row></data></rss>'],
      ['RSS whose entries hold nothing that is known', rss('<item><headline>Kenya</headline></item>'.repeat(3))],
    ],
    oddEntries: [
      ['JSON entries of wrong types', json([...ODD_JSON, ...HONEST_JSON])],
      [
        'XML entries of wrong shape',
        rss(`<item/><item><title><b/></title><pubDate>1e308</pubDate></item>${numbered(2)}`),
      ],
    ],
    crowd: (count) => rss('<item><title>a</title></item>'.repeat(count)),
    longTexts: (characters) => {
      const long = 'Kenya '.repeat(characters / 6);
      return rss(`<item><title>${long}</title><guid>${long}</guid><description>${long}</description></item>`);
    },
  },
  everyMs: 0,
  most: { results: 500, characters: 20_000 },
};
