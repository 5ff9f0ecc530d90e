import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';

/** But for what parts the letters of a Persian word. */
const UNSEEN = /(?!(?<=\p{Script=Arabic})\u200c\p{Script=Arabic})[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A stranger's words, fit for a line of ours: no control or bidi characters, no line breaks, at most `max` characters.
 * Adapters escape markup; this only keeps the shape.
 */
export function oneLine(text: string, max: number): string {
  const clean = text
    .slice(0, max * 4)
    .replace(UNSEEN, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const chars = [...clean];
  return chars.length <= max
    ? clean
    : `${chars
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Links that may be shown: http and https, nothing that hides a user name. */
export function safeLink(url: string | null): string | null {
  if (url === null || url.length > 2_000) return null;
  const parsed = URL.parse(url);
  return parsed && /^https?:$/u.test(parsed.protocol) && parsed.username === '' ? parsed.href : null;
}

/** Joins two characters without a gap or a line break, and is seen by nobody but the scanners for links. */
const WORD_JOINER = '\u2060';

/**
 * Places where chat clients find something to tap in plain text: the dot of a bare domain or a mail address, the colon of a scheme (`tg://`,
 * `mailto:`), the sign before a name (`@ann`, `#tag`, `$TON`), the slash of a command.
 */
const TAPPABLE =
  /(?<=[\p{L}\p{N}_-])[.．｡](?=[\p{L}\p{N}_-])|。(?=[A-Za-z])|(?<=[\p{L}\p{N}]):(?=[^\s\p{N}])|(?<!\w)\/(?=\w)|[@＠#＃](?=[\p{L}\p{N}_])|\$(?=[A-Za-z]|1INCH)/gu;
/** Seven digits or more, as phone and card numbers are written. */
const NUMBER = /\d(?:[\s().\u2010-\u2015-]{0,2}\d){6,}/gu;

/**
 * A stranger's words (a headline, what somebody typed) on one line of at most `max` visible characters, which read as they were written but
 * hold nothing that a client would turn into a link, a command, a mention, a tag, a mail address or a phone number. Our own words and
 * commands do not pass here: they stay tappable.
 */
export function foreign(text: string, max: number): string {
  return oneLine(text, max)
    .replace(TAPPABLE, `$&${WORD_JOINER}`)
    .replace(NUMBER, (digits) => digits.replace(/\d{3}(?=\d)|\d(?=\D)/g, `$&${WORD_JOINER}`));
}

/** Pieces of which messages are put together: a line of text, */
export const paragraph = (...inline: Inline[]): Block => ({ type: 'paragraph', inline });
/** one in bold, */
export const head = (text: string): Block => paragraph({ bold: [text] });
/** small print, a list, a button, */
export const note = (...inline: Inline[]): Block => ({ type: 'note', inline });
export const list = (items: Inline[][]): Block => ({ type: 'list', items });
export const button = (label: string, command: string): Button => ({ label, press: { command } });

/** the first `max` lines of a list, and how many there are besides, */
export function firstOf<T>(
  all: readonly T[],
  max: number,
  words: Translator,
  lineOf: (one: T) => Inline[],
): Inline[][] {
  const items = all.slice(0, max).map(lineOf);
  if (all.length > max) items.push([words.say('list.more', { n: all.length - max })]);
  return items;
}

/** and the whole. */
export const documentOf = (
  blocks: Block[],
  words: Translator,
  { tone, buttons = [] }: { tone: MessageDocument['tone']; buttons?: Button[][] },
): MessageDocument => ({ blocks, buttons, lang: words.lang, tone });
