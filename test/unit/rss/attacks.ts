/** Hostile and broken feeds, made here so that no large file lies in the repository. */

const HEAD = '<?xml version="1.0"?>';
const channel = (body: string) => `${HEAD}<rss version="2.0"><channel><title>t</title>${body}</channel></rss>`;
const item = (title: string) => `<item><title>${title}</title><guid>g</guid></item>`;
const doctype = (entities: string, body: string) =>
  `${HEAD}<!DOCTYPE rss [${entities}]>${channel(body).slice(HEAD.length)}`;
const described = (html: string) =>
  channel(`${item('x')}<item><title>y</title><description>${html}</description></item>`);

const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
const many = (count: number, of: (i: number) => string) => Array.from({ length: count }, (_, i) => of(i)).join('');

/**
 * What the source makes of each: the titles it reads, or the codes that are right answers. `either`: bounded is what counts; the parser
 * may read it or refuse it.
 */
export interface Attack {
  name: string;
  text: string;
  titles?: string[];
  either?: true;
  code?: string;
}

export const attacks = (): Attack[] => [
  { name: 'billion laughs', text: doctype(`<!ENTITY l0 "lol">${laughs}`, item('&l9;')), titles: ['&l9;'] },
  {
    name: 'quadratic entities',
    text: doctype(`<!ENTITY a "${'a'.repeat(50_000)}">`, item('&a;'.repeat(50_000))),
    either: true,
  },
  { name: 'external entity', text: doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', item('&x;')), titles: ['&x;'] },
  { name: '200,000 nested tags', text: described('<a>'.repeat(200_000) + '</a>'.repeat(200_000)), either: true },
  { name: '200,000 nested tags in CDATA', text: described(`<![CDATA[${'<a>'.repeat(200_000)}]]>`), titles: ['x', 'y'] },
  {
    name: '20,000 nested items',
    text: channel(`${'<item>'.repeat(20_000)}<title>x</title>${'</item>'.repeat(20_000)}`),
    either: true,
  },
  {
    name: '100,000 attributes',
    text: channel(`<item ${many(100_000, (i) => `a${i}="1" `)}><title>x</title></item>`),
    titles: ['x'],
  },
  {
    name: '100,000 namespaces',
    text: `${HEAD}<rss version="2.0" ${many(50_000, (i) => `xmlns:a${i}="u:${i}" `)}><channel>${item('x')}</channel></rss>`,
    either: true,
  },
  { name: 'a flood of <', text: described(`<![CDATA[${'<'.repeat(1_000_000)}]]>`), titles: ['x', 'y'] },
  { name: 'a flood of <a', text: described(`<![CDATA[${'<a '.repeat(500_000)}]]>`), titles: ['x', 'y'] },
  { name: 'a flood of <script>', text: described(`<![CDATA[${'<script>'.repeat(200_000)}]]>`), titles: ['x', 'y'] },
  { name: 'a flood of <!--', text: described(`<![CDATA[${'<!--'.repeat(400_000)}]]>`), titles: ['x', 'y'] },
  { name: 'a flood of &', text: described('&'.repeat(1_000_000)), titles: ['x', 'y'] },
  { name: 'a flood of &amp;', text: described('&amp;'.repeat(500_000)), titles: ['x', 'y'] },
  { name: 'a flood of blanks', text: described(`a${' '.repeat(2_000_000)}b`), titles: ['x', 'y'] },
  { name: 'a flood of CDATA', text: channel(item('x') + '<![CDATA['.repeat(300_000)), either: true },
  {
    name: 'a flood of unclosed items',
    text: `${HEAD}<rss version="2.0"><channel>${'<item><title>x</title>'.repeat(100_000)}</item>`,
    either: true,
  },
  {
    name: '50,000 items',
    text: channel(many(50_000, (i) => `<item><title>Item ${i}</title><link>https://e.test/${i}</link></item>`)),
    either: true,
  },
  {
    name: '1,200,000 empty elements',
    text: channel(`<item><title>x</title>${'<a/>'.repeat(1_200_000)}</item>`),
    either: true,
  },
  { name: '300,000 empty items', text: channel('<item><a/></item>'.repeat(280_000)), either: true },
  {
    name: '500,000 elements of names of their own',
    text: channel(`<item>${many(500_000, (i) => `<a${i}/>`)}</item>`),
    either: true,
  },
  { name: 'a title of 4 MB', text: channel(item('word '.repeat(800_000))), either: true },
  {
    name: 'prototype pollution',
    text: channel(
      '<item><__proto__><polluted>1</polluted></__proto__><constructor>1</constructor><title>p</title></item>',
    ),
    titles: ['p'],
  },
  {
    name: 'a date of 1 MB',
    text: channel(`<item><title>x</title><pubDate>${'1'.repeat(1_000_000)}</pubDate></item>`),
    titles: ['x'],
  },
  {
    name: 'a link of 1 MB',
    text: channel(`<item><title>x</title><link>https://e.test/${'a'.repeat(1_000_000)}</link></item>`),
    titles: ['x'],
  },
  { name: 'cut in the middle', text: channel(item('a') + item('b')).slice(0, -40), titles: ['a'] },
  {
    name: 'bare ampersands and HTML entities',
    text: channel(item('AT&T & <b>x</b> &nbsp; &copy;')),
    titles: ['AT&T & x ©'],
  },
  { name: 'control characters', text: channel(item('a\u0000\u0008b')), titles: ['ab'] },
  { name: 'blank lines first', text: `\n\n  ${channel(item('x'))}`, titles: ['x'] },
  { name: 'a warning of PHP first', text: `<br />\n<b>Warning</b>: mysql\n${channel(item('x'))}`, titles: ['x'] },
  { name: 'rss without version', text: `${HEAD}<rss><channel>${item('x')}</channel></rss>`, titles: ['x'] },
  {
    name: 'rss with version 1.0',
    text: `${HEAD}<rss version="1.0"><channel>${item('x')}</channel></rss>`,
    titles: ['x'],
  },
  {
    name: 'Atom with links without rel',
    text: `${HEAD}<feed xmlns="http://www.w3.org/2005/Atom"><link>https://e.test</link><entry><title>x</title><id>1</id><link>https://e.test/1</link></entry></feed>`,
    titles: ['x'],
  },
  {
    name: 'prefixed Atom',
    text: `${HEAD}<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>x</a:title><a:id>1</a:id></a:entry></a:feed>`,
    titles: ['x'],
  },
  {
    name: 'JSON Feed',
    text: JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 't', items: [{ id: '1', title: 'x' }] }),
    titles: ['x'],
  },
  { name: 'deep JSON', text: `{"a":${'['.repeat(500_000)}`, code: 'feed_not_a_feed' },
  { name: 'other JSON', text: '{"error":"no such feed"}', code: 'feed_not_a_feed' },
  {
    name: 'an HTML page',
    text: '<!doctype html><html><head><title>404</title></head><body><p>no feed<br></body></html>',
    code: 'feed_not_a_feed',
  },
  { name: 'nothing', text: '', code: 'feed_not_a_feed' },
  { name: 'blanks only', text: '  \n ', code: 'feed_not_a_feed' },
  { name: 'other XML', text: `${HEAD}<note><to>x</to></note>`, code: 'feed_not_a_feed' },
  { name: 'a feed of nothing but its root', text: `${HEAD}<rss version="2.0">`, code: 'feed_unreadable' },
];

/** The dearest with 64,000 bytes and 1,000 of `<`, `&` and `=`, which are no more than the main thread reads. */
export const smallAttacks = (): Attack[] => [
  { name: 'dates of one item', text: channel(`<item>${'<pubDate>11/12/2026</pubDate>'.repeat(490)}</item>`) },
  {
    name: 'times in one date',
    text: channel(`<item><pubDate>${'<time datetime="2026-01-01"/>'.repeat(490)}</pubDate></item>`),
  },
  {
    name: 'dates in words',
    text: channel(
      `${item('x').replace('</guid>', '</guid><pubDate>sáb, 11 de dez de 2026 10:00 GMT</pubDate>')}`.repeat(120),
    ),
  },
  { name: 'a long date', text: channel(`<item><title>x</title><pubDate>${'1 '.repeat(31_000)}</pubDate></item>`) },
  { name: 'empty items', text: channel('<item/>'.repeat(980)) },
  { name: 'nested elements', text: described('<a>'.repeat(490) + '</a>'.repeat(490)) },
  { name: 'prefixes', text: channel(many(160, (i) => `<item><p${i}:title>x</p${i}:title></item>`)) },
  {
    name: 'links',
    text: channel(`<item><title>x</title><link>https://e.test/?${'a=1&amp;'.repeat(5)}</link></item>`.repeat(60)),
  },
  {
    name: 'a path of dots',
    text: channel(`<item><title>x</title><link>https://e.test/${'../'.repeat(20_000)}</link></item>`),
  },
  {
    name: 'JSON without items',
    text: `{"version":"https://jsonfeed.org/version/1","items":[${'{"title":"x"},'.repeat(4_000)}{}]}`,
  },
  { name: 'deep JSON', text: `{"x":${'['.repeat(31_000)}${']'.repeat(31_000)}}` },
  { name: 'blanks', text: channel(item('a '.repeat(31_000))) },
];
