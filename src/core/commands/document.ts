import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';

/** Answers never ring: somebody is looking at them. */
export const answer = (words: Translator, blocks: Block[], buttons: Button[][] = []): MessageDocument => ({
  blocks,
  buttons: buttons.filter((row) => row.length > 0),
  lang: words.lang,
  tone: 'notice',
});

export const line = (...inline: Inline[]): Block => ({ type: 'paragraph', inline });
export const head = (text: string): Block => ({ type: 'paragraph', inline: [{ bold: [text] }] });
export const note = (...inline: Inline[]): Block => ({ type: 'note', inline });
export const list = (items: Inline[][]): Block => ({ type: 'list', items });
export const code = (text: string): Inline => ({ code: text });

export const button = (label: string, command: string): Button => ({ label, press: { command } });

/** Buttons in rows of `width`. */
export function rows(buttons: readonly Button[], width: number): Button[][] {
  const out: Button[][] = [];
  for (let at = 0; at < buttons.length; at += width) out.push(buttons.slice(at, at + width));
  return out;
}
