import type { MessageDocument } from '../../core/model/message.ts';
import { render } from './render.ts';
import { head } from './text.ts';

/** Telegram's bound of a popup, UTF-16 units. */
export const MAX_POPUP = 200;

/** A document as a popup: its beginning, up to whole words, and the bot's name, for the rest is answered in a private chat with it. */
export function popupOf(document: MessageDocument, username: string): string {
  const ending = `\n→ @${username}`;
  const text = render(document)
    .text.replace(/\n{2,}/g, '\n')
    .trim();
  const most = MAX_POPUP - ending.length;
  if (text.length <= most) return text + ending;
  const cut = head(text, most - 1);
  const word = cut.search(/\s\S*$/);
  return `${(word > most / 2 ? cut.slice(0, word) : cut).trimEnd()}…${ending}`;
}
