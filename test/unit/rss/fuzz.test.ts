/** Mutated feeds through the whole parser: a feed or a named problem, whatever the bytes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TocsinError } from '../../../src/core/errors.ts';
import { readFeed } from '../../../src/sources/rss/read-feed.ts';
import { anyCharacter } from '../../fakes/any-text.ts';
import { entry, rss } from './harness.ts';

const SEEDS = [
  rss(
    entry(1, '<description><![CDATA[<p>a &amp; b</p>]]></description>') + entry(2),
    '<ttl>5</ttl><skipHours><hour>3</hour></skipHours>',
  ),
  '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="/x"><title type="xhtml"><div>a <b>b</b> c</div></title><entry><id>1</id><link href="y"/><updated>2026-11-25T08:00:00Z</updated><content type="html">&lt;p&gt;x</content></entry></feed>',
  '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>t</title></channel><item rdf:about="a"><title>Новость</title><dc:date>2026-11-25</dc:date></item></rdf:RDF>',
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1',
    title: 't',
    items: [{ id: 1, title: 'x', content_html: '<p>y' }],
  }),
];
const PIECES = [
  '<',
  '>',
  '</item>',
  '<item>',
  '<![CDATA[',
  ']]>',
  '&',
  '&amp;',
  '<!--',
  '-->',
  '<title>',
  '</title>',
  '"',
  '\u0000',
  '<?xml',
  '<!DOCTYPE x [',
  '\ufeff',
  '\\u',
  '{',
  ']',
];

const mutation = fc.record({
  at: fc.nat(2_000),
  cut: fc.nat(60),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: anyCharacter, maxLength: 5 })),
});
const arbitrary = fc.tuple(fc.constantFrom(...SEEDS), fc.array(mutation, { maxLength: 8 })).map(([seed, mutations]) =>
  mutations.reduce((text, { at, cut, piece }) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + piece + text.slice(from + cut);
  }, seed),
);

const check = async (bytes: Uint8Array) => {
  try {
    const feed = await readFeed(bytes, 'text/xml', 'https://a.example/feed');
    for (const item of feed.items) {
      expect(item.title.length).toBeGreaterThan(0);
      expect(item.title.length).toBeLessThanOrEqual(500);
      expect(item.title).not.toMatch(/[\u0000-\u001f]/);
      expect(item.url === null || item.url.startsWith('http')).toBe(true);
      expect(item.publishedAt === null || Number.isSafeInteger(item.publishedAt)).toBe(true);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(TocsinError);
  }
};

test('mutated feeds', async () => {
  await fc.assert(
    fc.asyncProperty(arbitrary, (text) => check(new TextEncoder().encode(text))),
    { numRuns: 400 },
  );
});

test('any bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom('', '<rss>', '{'), (bytes, head) =>
      check(new Uint8Array([...new TextEncoder().encode(head), ...bytes])),
    ),
    { numRuns: 200 },
  );
});
