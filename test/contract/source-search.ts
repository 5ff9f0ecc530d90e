import { searchKind } from '../../src/sources/search/config.ts';
import type { SourceEntry } from './source-world.ts';

/** On the fake clock's day, in UTC. As GDELT's article list is written: a channel with its time, and rows of three lines. */
const list = (rows: readonly string[], builtAt = 'Wed, 25 Nov 2026 12:00:00 GMT') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">\n<channel>\n<title>GDELT Article List</title>\n<lastBuildDate>${builtAt}</lastBuildDate>\n${rows.join('\n')}\n</channel>\n</rss>\n`;
const row = (title: string, url: string, date = 'Wed, 25 Nov 2026 11:50:00 GMT') =>
  `<item>\n<title>${title}</title>\n<link>${url}</link>\n<pubDate>${date}</pubDate>\n</item>`;
const honest = (n: number) =>
  row(`Uganda blocks Telegram, regulator says (${n})`, `https://www.monitor.co.ug/news/${n}`);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => honest(i + 1));

export const searchEntry: SourceEntry = {
  kind: searchKind,
  config: (base) => ({ id: 'gdelt', kind: 'search', url: `${base}/gdeltv3/gal/feed.rss`, countries: ['UG'] }),
  documents: {
    contentType: 'application/xml',
    honest: (n) => list(upTo(n)),
    otherShapes: [
      ['JSON null', 'null'],
      [
        'an Atom feed',
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Uganda blocks Telegram</title></entry></feed>',
      ],
      ['a feed without the time at which it was made', list(upTo(2)).replace(/<lastBuildDate>.*<\/lastBuildDate>/, '')],
    ],
    oddEntries: [
      [
        'rows without title, link or date, and dates that are none',
        list([
          row('', 'https://www.monitor.co.ug/news/a'),
          row('Uganda blocks Telegram', ''),
          row('Uganda blocks Telegram', 'not an address'),
          row('Uganda blocks Telegram', 'javascript:alert(1)'),
          row('Uganda blocks Telegram', 'https://www.monitor.co.ug/news/b', 'soon'),
          '<item></item>',
          '<item><title>Uganda blocks Telegram</title></item>',
          ...upTo(2),
        ]),
      ],
    ],
    crowd: (count) => list(Array.from({ length: count }, () => '<item></item>')),
    longTexts: (characters) =>
      list([row(`Uganda blocks Telegram ${'x'.repeat(characters)}`, 'https://www.monitor.co.ug/x')]),
  },
  everyMs: 0,
  most: { results: 500, characters: 2_000 },
};
