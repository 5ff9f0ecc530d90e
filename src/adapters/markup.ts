import type { Block, Inline } from '../core/model/message.ts';

/** Documents as text, for platforms that want a text and not its parts. */

/** How a platform marks text up. Each part is given plain text, and escapes it. */
export interface Markup {
  text(plain: string): string;
  /** These are given text that is marked up already. */
  bold(inner: string): string;
  italic(inner: string): string;
  code(plain: string): string;
  pre(plain: string): string;
  link(url: string, plain: string): string;
  table(rows: string[][]): string;
}

/** Everything that could steer a terminal or turn text around: control characters but line feed and tab, bidi overrides. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ufeff]/g;
export const clean = (text: string): string => text.replace(/\r\n?/g, '\n').replace(UNSAFE, '').toWellFormed();
export const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

const asItIs = (text: string): string => text;
export const tableLines = (rows: string[][]): string => rows.map((row) => row.join(' · ')).join('\n');
export const PLAIN: Markup = {
  text: asItIs,
  bold: asItIs,
  italic: asItIs,
  code: asItIs,
  pre: asItIs,
  link: (url, plain) => (plain === url || plain === '' ? url : `${plain} (${url})`),
  table: tableLines,
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

export function blockText(block: Block, markup: Markup): string {
  switch (block.type) {
    case 'paragraph':
    case 'note':
      return inlineText(block.inline, markup);
    case 'list':
      return block.items.map((item) => `- ${inlineText(item, markup)}`).join('\n');
    case 'table':
      return markup.table([...(block.head ? [block.head] : []), ...block.rows].map((row) => row.map(oneLine)));
    case 'pre':
      return markup.pre(clean(block.text));
  }
}

/** Of a button's command what people type: what is typed is answered by a message of its own anyway (" +"). */
export const typedForm = (command: string): string => command.replace(/ \+$/, '');
