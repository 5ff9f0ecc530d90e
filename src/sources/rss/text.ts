import { decodeHTML } from 'entities';

/** Elements whose text is not for reading. */
const HIDDEN = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'iframe',
  'object',
  'svg',
  'math',
  'head',
  'title',
  'textarea',
  'select',
]);
/** Elements that end a line. */
const BLOCKS = new Set(
  'address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);
const INLINE = new Set(
  'a abbr acronym audio b bdi bdo big body button cite code data del dfn em embed font html i img input ins kbd label link map mark meta noindex o param picture q rp rt ruby s samp small source span strike strong sub sup time track tt u var video wbr'.split(
    ' ',
  ),
);
const known = (name: string) => BLOCKS.has(name) || INLINE.has(name) || HIDDEN.has(name);

/** Work on one text is bounded by this many characters of markup for each character wanted, and never less than 64,000. */
const MARKUP_FACTOR = 20;
/** An escaped escape: `&amp;lt;p&amp;gt;` and `&amp;quot;` show up as markup after one round; nobody means to show them. */
const STILL_MARKED =
  /<\/?(?:p|br|div|a|b|i|em|strong|img|span|ul|ol|li|h[1-6]|table|figure|blockquote)(?:\s[^<>]{0,500})?\/?>|&(?:[a-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,5});/i;
const MAX_ROUNDS = 3;

/**
 * HTML (or plain text) → plain text on one line, at most `max` characters, in time linear in its input. Tags go, script and style with
 * their content, entities become characters, white space closes up. In `title` mode only tags that HTML has go: "Use <video> less" is
 * written with a tag, "Vector<T>" is not.
 */
export function plainText(html: string, max: number, mode: 'title' | 'body' = 'body'): string {
  const bounded = html.length > 64_000 ? html.slice(0, Math.max(64_000, max * MARKUP_FACTOR)) : html;
  let text = decodeHTML(stripTags(bounded, mode));
  for (let round = 1; round < MAX_ROUNDS && STILL_MARKED.test(text); round++) text = decodeHTML(stripTags(text, mode));
  return cutText(closeUp(text), max);
}

/** White space and control characters close up to one blank; invisible marks that break words or turn lines around go. */
function closeUp(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g,
      '',
    )
    .replace(/\s+/g, ' ')
    .trim();
}

/** At most `max` UTF-16 units, never half a character; what was cut ends in an ellipsis. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text.isWellFormed() ? text : text.toWellFormed();
  const cut = text.slice(0, max - 1);
  return `${cut
    .toWellFormed()
    .replace(/\ufffd$/, '')
    .trimEnd()}…`;
}

function stripTags(html: string, mode: 'title' | 'body'): string {
  if (!html.includes('<')) return html;
  const parts: string[] = [];
  let at = 0;
  // Once there is no `>` ahead there will be none later: a flood of `<` must not search again and again.
  let lastClose = html.lastIndexOf('>');
  const unclosed = new Set<string>();
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0 || open > lastClose) break;
    parts.push(html.slice(at, open));
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    if (html.startsWith('<![CDATA[', open)) {
      const end = html.indexOf(']]>', open + 9);
      parts.push(html.slice(open + 9, end < 0 ? html.length : end));
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const name = tagName(html, open);
    const strip = name !== '' && (mode === 'body' || known(name) || name.includes(':'));
    if (!strip) {
      parts.push('<');
      at = open + 1;
      continue;
    }
    const close = html.indexOf('>', open);
    if (close < 0) {
      lastClose = -1;
      at = open;
      break;
    }
    at = close + 1;
    if (BLOCKS.has(name)) parts.push('\n');
    if (HIDDEN.has(name) && html[open + 1] !== '/' && html[close - 1] !== '/' && !unclosed.has(name)) {
      const after = afterElement(html, name, at);
      if (after < 0) unclosed.add(name);
      else at = after;
    }
  }
  if (at < html.length) parts.push(html.slice(at));
  return parts.join('');
}

/** The element's name in lower case, '' where `<` begins none ("a < b"). */
function tagName(html: string, open: number): string {
  let at = open + 1;
  const first = html[at];
  if (first === '/' || first === '!' || first === '?') at++;
  const start = at;
  while (at < html.length && at - start < 40 && /[\w:-]/.test(html[at]!)) at++;
  const name = html.slice(start, at).toLowerCase();
  if (first === '!' || first === '?') return name || '!';
  return /^[a-z]/.test(name) ? name : '';
}

/** Where the element ends, or -1 where it is never closed. */
function afterElement(html: string, name: string, from: number): number {
  const ending = new RegExp(`</${name}\\b`, 'gi');
  ending.lastIndex = from;
  const found = ending.exec(html);
  if (!found) return -1;
  const close = html.indexOf('>', found.index);
  return close < 0 ? html.length : close + 1;
}
