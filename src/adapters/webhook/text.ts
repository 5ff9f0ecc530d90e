import type { Block, Inline, MessageDocument } from '../../core/model/message.ts';

/** How a target marks text up. Each part is given plain text, and escapes it. */
export interface Markup {
  text(plain: string): string;
  /** These are given text that is marked up already. */
  bold(inner: string): string;
  italic(inner: string): string;
  code(plain: string): string;
  pre(plain: string): string;
  link(url: string, plain: string): string;
  bullet: string;
}

/** Everything that could steer a terminal or turn text around: control characters but line feed and tab, bidi overrides. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ufeff]/g;
export const clean = (text: string): string => text.replace(/\r\n?/g, '\n').replace(UNSAFE, '').toWellFormed();
const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

export const PLAIN: Markup = {
  text: (plain) => plain,
  bold: (inner) => inner,
  italic: (inner) => inner,
  code: (plain) => plain,
  pre: (plain) => plain,
  link: (url, plain) => (plain === url || plain === '' ? url : `${plain} (${url})`),
  bullet: '- ',
};

/** Signs by which Markdown (Discord, Mattermost) begins something, in a line or inside one; `@` would call people. */
const MARKDOWN = /[\\`*_~|<>[\](){}#+\-.!:$]/g;
const CALLS = /@(?=[\p{L}\p{N}_])/gu;
const escaped = (plain: string): string => plain.replace(MARKDOWN, '\\$&').replace(CALLS, '@\u2060');
/** Of code and links: what would end them is left out. */
const fence = (plain: string): string => plain.replaceAll('`', '\u02cb').replace(CALLS, '@\u2060');

export const MARKDOWN_MARKUP: Markup = {
  text: escaped,
  bold: (inner) => `**${inner}**`,
  italic: (inner) => `*${inner}*`,
  code: (plain) => `\`${fence(plain)}\``,
  pre: (plain) => `\`\`\`\n${fence(plain)}\n\`\`\``,
  link: (url, plain) => `[${escaped(plain)}](<${url.replace(/[<>\s]/g, encodeURIComponent)}>)`,
  bullet: '- ',
};

function inlineText(parts: readonly Inline[], markup: Markup): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return markup.text(clean(part));
      if ('bold' in part) return markup.bold(inlineText(part.bold, markup));
      if ('italic' in part) return markup.italic(inlineText(part.italic, markup));
      if ('code' in part) return markup.code(oneLine(part.code));
      return markup.link(oneLine(part.link), oneLine(part.text));
    })
    .join('');
}

const tableLines = (block: Extract<Block, { type: 'table' }>): string[] =>
  [...(block.head ? [block.head] : []), ...block.rows].map((row) => row.map(oneLine).join(' · '));

function blockText(block: Block, markup: Markup): string {
  switch (block.type) {
    case 'paragraph':
    case 'note':
      return inlineText(block.inline, markup);
    case 'list':
      return block.items.map((item) => `${markup.bullet}${inlineText(item, markup)}`).join('\n');
    case 'table':
      return tableLines(block).map(markup.text).join('\n');
    case 'pre':
      return markup.pre(clean(block.text));
  }
}

/** Text of at most `max` UTF-16 units, cut with "…", and never through a character. */
export const cut = (text: string, max: number): string =>
  text.length <= max
    ? text
    : `${text
        .slice(0, max - 1)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`;

/** The document without its buttons, in at most `max` UTF-16 units; whole blocks as long as they fit, the first one cut where it must be. */
export function textOf({ blocks }: Pick<MessageDocument, 'blocks'>, markup: Markup, max: number): string {
  let text = '';
  for (const block of blocks) {
    const more = blockText(block, markup);
    if (more === '') continue;
    const longer = text === '' ? more : `${text}\n${more}`;
    // Marked-up text is not cut: half a link is none. It is said plainly instead.
    if (longer.length > max) return text === '' ? cut(blockText(block, PLAIN), max) : cut(`${text}\n…`, max);
    text = longer;
  }
  return text;
}
