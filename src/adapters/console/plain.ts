import type { Block, Button, Inline, MessageDocument } from '../../core/model/message.ts';

/** Everything that could steer a terminal or turn text around: control characters but line feed and tab, bidi overrides. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const clean = (text: string): string => text.replace(/\r\n?/g, '\n').replace(UNSAFE, '').toWellFormed();
const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

function inline(parts: Inline[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return clean(part);
      if ('bold' in part) return inline(part.bold);
      if ('italic' in part) return inline(part.italic);
      if ('code' in part) return clean(part.code);
      const text = oneLine(part.text);
      const link = oneLine(part.link.replace(/^mailto:/, ''));
      return text === link || text === '' ? link : `${text} (${link})`;
    })
    .join('');
}

function table(head: string[] | null, rows: string[][]): string {
  const lines = (head ? [head, ...rows] : rows).map((row) => row.map(oneLine));
  const widths: number[] = [];
  for (const line of lines)
    for (const [i, cell] of line.entries()) widths[i] = Math.min(40, Math.max(widths[i] ?? 0, cell.length));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function button({ label, press }: Button): string {
  const what = oneLine('command' in press ? press.command : press.url);
  return what.toLowerCase() === oneLine(label).toLowerCase() ? `  > ${what}` : `  > ${what}  (${oneLine(label)})`;
}

function block(b: Block): string {
  switch (b.type) {
    case 'paragraph':
    case 'note':
      return inline(b.inline);
    case 'list':
      return b.items.map((item) => `- ${inline(item)}`).join('\n');
    case 'table':
      return table(b.head, b.rows);
    case 'pre':
      return clean(b.text);
  }
}

/** A document as plain text, without a line break at its end. Buttons are shown in their typed form. */
export function plainText(document: MessageDocument): string {
  const buttons = document.buttons.flat().map(button).join('\n');
  return [...document.blocks.map(block), buttons].filter((text) => text !== '').join('\n');
}

/** Does a person read this, and may there be colour? Null = a pipe or a file. */
export function terminalOf(output: object, env: Record<string, string | undefined>): { colour: boolean } | null {
  if ((output as { isTTY?: boolean }).isTTY !== true) return null;
  return { colour: !env.NO_COLOR && env.TERM !== 'dumb' };
}

/** At a terminal a message has a bar at its side, so that it is not lost among the lines of the log; elsewhere it is as it is. */
export function framed(text: string, terminal: { colour: boolean } | null): string {
  if (terminal === null) return text;
  const bar = terminal.colour ? '\u001b[36m┃\u001b[0m' : '┃';
  return text
    .split('\n')
    .map((line) => `${bar} ${line}`)
    .join('\n');
}
