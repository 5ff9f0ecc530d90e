/** Elements that hold text or HTML for reading, under any prefix. */
const READABLE = /<((?:[A-Za-z_][\w.-]{0,30}:)?(?:title|description|summary|content|encoded))(\s[^<>]{0,4000})?>/g;
/** Elements of these vocabularies hold elements of their own. */
const STRUCTURED = /^(?:media|itunes|podcast|georss):/i;
/** A text element that swallows an item was never closed. */
const SWALLOWS = /<\/?(?:[A-Za-z_][\w.-]{0,30}:)?(?:item|entry|channel)[\s>]/;
const MAX_INNER = 1_000_000;
/** So many text elements that make no sense, and the document is left as it is: the search must stay linear. */
const MAX_ODD = 200;

/**
 * Markup that stands unescaped inside titles and texts (XHTML in Atom, or mere carelessness) is wrapped into CDATA: XML parsers lose the order
 * of words around its tags, and refuse it where it is HTML (`<br>`, `&nbsp;`).
 */
export function wrapMarkup(text: string): string {
  const closes = new Map<string, number>();
  const parts: string[] = [];
  let done = 0;
  let odd = 0;
  READABLE.lastIndex = 0;
  for (let match = READABLE.exec(text); match; match = READABLE.exec(text)) {
    const [tag, name, attributes = ''] = match as unknown as [string, string, string?];
    if (attributes.endsWith('/') || STRUCTURED.test(name)) continue;
    const from = match.index + tag.length;
    const close = `</${name}`;
    let end = closes.get(name) ?? -1;
    if (end < from && end !== Number.POSITIVE_INFINITY) {
      end = text.indexOf(close, from);
      if (end < 0) end = Number.POSITIVE_INFINITY;
      closes.set(name, end);
    }
    if (end === Number.POSITIVE_INFINITY) continue;
    const next = text.indexOf('<', from);
    // Plain text: the usual case.
    if (next === end) continue;
    const inner = end - from > MAX_INNER ? null : text.slice(from, end);
    if (inner === null || SWALLOWS.test(inner)) {
      if (++odd > MAX_ODD) break;
      continue;
    }
    READABLE.lastIndex = end;
    if (/^\s*<!\[CDATA\[/.test(inner)) {
      // A `</title>` inside CDATA is text: go on behind its real end.
      const cdataEnd = text.indexOf(']]>', from);
      if (cdataEnd > end) {
        READABLE.lastIndex = cdataEnd;
        closes.set(name, -1);
      }
      continue;
    }
    parts.push(text.slice(done, from), '<![CDATA[', inner.replaceAll('<![CDATA[', '').replaceAll(']]>', ''), ']]>');
    done = end;
  }
  if (parts.length === 0) return text;
  parts.push(text.slice(done));
  return parts.join('');
}
