import { decodeHTML } from 'entities';
import { wrapMarkup } from './mixed.ts';

/** Elements that begin a feed, under any prefix. */
const ROOT = /<(?:[A-Za-z_][\w.-]{0,30}:)?(?:rss|feed|rdf)(?=[\s>/])/i;

const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(\w{2,31};)?/g;

/** Where a feed begins in a text: index of its root element, or -1. */
export const rootAt = (text: string): number => text.search(ROOT);

/**
 * What strict parsers stumble over and no reader misses: junk before the root element, the document type with its entities (never
 * expanded), markup that is not escaped, characters that XML forbids, bare `&` and HTML's named entities. In time linear in the text.
 */
export function tidyXml(text: string): string {
  const root = rootAt(text);
  const body = closeLastTag(root > 0 ? text.slice(root) : text);
  const legal = wrapMarkup(body)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .toWellFormed();
  if (!legal.includes('&')) return legal;
  const parts: string[] = [];
  for (let at = 0; at < legal.length; ) {
    // CDATA holds its `&` as they are.
    const open = legal.indexOf('<![CDATA[', at);
    const close = open < 0 ? -1 : legal.indexOf(']]>', open);
    const end = close < 0 ? legal.length : open;
    parts.push(legal.slice(at, end).replace(BARE_AMPERSAND, entity));
    if (close >= 0) parts.push(legal.slice(open, close + 3));
    at = close < 0 ? legal.length : close + 3;
  }
  return parts.join('');
}

/** A document cut inside its last tag: `</rss` gets its `>`, anything else goes. */
function closeLastTag(text: string): string {
  const open = text.lastIndexOf('<');
  if (open < 0 || text.lastIndexOf('>') > open || text.indexOf(']]>', open) >= 0) return text;
  return /^<\/[\w:.-]+\s*$/.test(text.slice(open)) ? `${text.trimEnd()}>` : text.slice(0, open);
}

/** `&nbsp;` → its character, `&` in front of anything else → `&amp;`. */
function entity(_whole: string, name: string | undefined): string {
  if (!name) return '&amp;';
  const decoded = decodeHTML(`&${name}`);
  return decoded === `&${name}` ? `&amp;${name}` : decoded.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The start tag of the root with its namespaces, as written; '' where there is none. */
export function rootTag(text: string): string {
  const at = rootAt(text);
  if (at < 0) return '';
  const end = text.indexOf('>', at);
  return end < 0 || end - at > 20_000 ? '' : text.slice(at, end + 1);
}

/** The whole items of a broken document, each in a document of its own that holds nothing else; at most `max`. */
export function salvageItems(text: string, max: number): string[] {
  const tag = rootTag(text).replace(/\/>$/, '>');
  const name = /^<([\w:.-]+)/.exec(tag)?.[1];
  if (!name) return [];
  const atom = /feed$/i.test(name);
  const rdf = /rdf$/i.test(name);
  const documents: string[] = [];
  const start = /<((?:[A-Za-z_][\w.-]{0,30}:)?(?:item|entry))(?=[\s>])/g;
  for (let match = start.exec(text); match && documents.length < max; match = start.exec(text)) {
    const close = `</${match[1]}>`;
    const end = text.indexOf(close, match.index);
    if (end < 0) break;
    // An item that was never closed: the last one that begins before the end is whole.
    const last = text.lastIndexOf(`<${match[1]}`, end);
    const from = last > match.index && /[\s>]/.test(text[last + match[1]!.length + 1] ?? '') ? last : match.index;
    const item = text.slice(from, end + close.length);
    const inside = atom ? item : rdf ? `<channel><title></title></channel>${item}` : `<channel>${item}</channel>`;
    documents.push(`${tag}${inside}</${name}>`);
    start.lastIndex = end + close.length;
  }
  return documents;
}
