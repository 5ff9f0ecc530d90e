/** Pieces of which messages are put together. */
import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';

export const paragraph = (...inline: Inline[]): Block => ({ type: 'paragraph', inline });
/** A line in bold. */
export const head = (text: string): Block => paragraph({ bold: [text] });

export const documentOf = (
  blocks: Block[],
  words: Translator,
  { tone, buttons = [] }: { tone: MessageDocument['tone']; buttons?: Button[][] },
): MessageDocument => ({ blocks, buttons, lang: words.lang, tone });
