import type { Block, Inline } from '../../core/model/message.ts';
import { type Form, firstPage, onePost } from './form.ts';
import { clean, cut, PLAIN, textOf } from './text.ts';

/** Slack takes 50 blocks a message, and 40,000 characters of text; a phone shows less. */
const MAX_TEXT = 3_000;
const MAX_ITEMS = 60;

/** Parts of Slack's `rich_text`: text stays text in them, whatever signs it holds, so nothing in it can call, link or mark up. */
type Element =
  | { type: 'text'; text: string; style?: Style }
  | { type: 'link'; url: string; text: string; style?: Style };
interface Style {
  bold?: true;
  italic?: true;
  code?: true;
}

const elements = (parts: readonly Inline[], style: Style = {}): Element[] =>
  parts.flatMap((part): Element[] => {
    const styled = Object.keys(style).length > 0 ? { style } : {};
    if (typeof part === 'string') return part === '' ? [] : [{ type: 'text', text: clean(part), ...styled }];
    if ('bold' in part) return elements(part.bold, { ...style, bold: true });
    if ('italic' in part) return elements(part.italic, { ...style, italic: true });
    if ('code' in part) return elements([part.code], { ...style, code: true });
    return [{ type: 'link', url: part.link, text: clean(part.text) || part.link, ...styled }];
  });

const section = (inline: readonly Inline[]) => ({ type: 'rich_text_section', elements: elements(inline) });

function richText(block: Block): object[] {
  switch (block.type) {
    case 'paragraph':
      return [section([...block.inline, '\n'])];
    case 'note':
      return [section([{ italic: [...block.inline, '\n'] }])];
    case 'list':
      return [{ type: 'rich_text_list', style: 'bullet', elements: block.items.slice(0, MAX_ITEMS).map(section) }];
    case 'table':
      return [section([`${textOf({ blocks: [block] }, PLAIN, MAX_TEXT)}\n`])];
    case 'pre':
      return [{ type: 'rich_text_preformatted', elements: elements([block.text]) }];
  }
}

/** What stands instead of the blocks in a notification: there `<`, `>` and `&` alone mean something. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const slack: Form = (telling, url) => {
  const { blocks } = telling.document;
  const plain = textOf({ blocks }, PLAIN, MAX_TEXT);
  const page = firstPage(telling);
  const whole = textOf({ blocks }, PLAIN, MAX_TEXT + 1).length <= MAX_TEXT && plain !== '';
  const shown: object[] = whole ? blocks.flatMap(richText) : [section([cut(plain || ' ', MAX_TEXT)])];
  if (page !== null) shown.push(section([{ link: page, text: page }]));
  return onePost(telling, url, {
    text: escaped(plain || ' '),
    blocks: [{ type: 'rich_text', elements: shown }],
    unfurl_links: false,
    unfurl_media: false,
  });
};
