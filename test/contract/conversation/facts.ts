/**
 * What an answer says, without how its platform shows it. Texts differ by design in three ways only: how a command is typed ("/help", "!tocsin
 * help", "help"), what the place is called ("this chat", "this room"), and that where there are no buttons the typed forms stand in the text.
 */

import { languages, sayIn } from '../../../src/i18n/packs.ts';

/** Stands before a command in a text where the platform has a prefix. */
const COMMAND = '⌘';
const ISOLATES = /[\u200e\u200f\u2060\u2066-\u2069]/g;

/** The place, in the languages of the conversation; longest first. */
const PLACES: [RegExp, string][] = [
  [/\bThis room\b/g, 'This chat'],
  [/\b(this|of this|about this) room\b/g, '$1 chat'],
  [/об этой комнате и её ветках/g, 'об этом чате'],
  [/об этой комнате/g, 'об этом чате'],
  [/этой комнаты/g, 'этого чата'],
  [/этой комнате/g, 'этому чату'],
  [/эта комната/g, 'этот чат'],
  [/Эта комната/g, 'Этот чат'],
  [/\bthis chat and its threads\b/g, 'this chat'],
  [/\bwhat they follow\b/g, 'what it follows'],
];

/** Who somebody is there, and what things are called there: each platform's own. */
const OWN_NAMES: [RegExp, string][] = [
  // Said to whoever is alone with the bot: a room of Matrix may have others in it any time.
  [/^In the configuration you are \S+$/g, ''],
  [/"(platform|account|chat|kind|alert|message)":"[^"]*"/g, '"$1":"…"'],
];

export type Platform = 'telegram' | 'matrix' | 'console';

export interface Answer {
  platform: Platform;
  /** As shown, one message each. */
  texts: string[];
  /** "label: command" of what stands in for buttons on a console; elsewhere empty. */
  forms: string[];
  /** Where its links lead, sorted. */
  links: string[];
}

const REACTIONS = languages.flatMap(({ code }) => [sayIn(code, 'react.with'), sayIn(code, 'react.orType')]);

function plainLine(line: string, platform: Platform): string {
  let text = line.replace(ISOLATES, '').trim();
  if (platform === 'telegram') text = text.replace(/(^|[\s(:“])\/(?=\p{L})/gu, `$1${COMMAND}`);
  if (platform === 'matrix') {
    // Which number does what as a reaction is said where there are no buttons.
    if (REACTIONS.some((hint) => text.startsWith(hint))) return '';
    text = text
      .replace(/^[1-6]\ufe0f\u20e3 /, '')
      .replaceAll('!tocsin ', COMMAND)
      .replace(/(?<=[?？؟]) (?=⌘)/u, ': ');
  }
  text = text.replace(/^(?:[-•]|\[Update\])\s+/, '');
  // A source's name is linked where there are links.
  text = text.replace(/ \(https?:\/\/[^\s)]+\)/g, '');
  // Cells of a table stand side by side or behind dots.
  text = text.replace(/\s{2,}/g, ' · ');
  for (const [own, word] of [...PLACES, ...OWN_NAMES]) text = text.replace(own, word);
  return text;
}

/** Lines in order, commands marked where the platform marks them. */
export const linesOf = ({ platform, texts }: Pick<Answer, 'platform' | 'texts'>): string[] =>
  texts
    .flatMap((text) => text.split('\n'))
    .map((line) => plainLine(line, platform))
    .filter((line) => line !== '');

/** As a console has it: nothing stands before a command. */
export const unmarked = (lines: readonly string[]): string[] => lines.map((line) => line.replaceAll(COMMAND, ''));

/**
 * What is left of a text where there are no buttons when all that is only there to be typed is taken away: whole lines with a command in
 * them, and what stands behind a dash at a line's end.
 */
export const withoutCommands = (lines: readonly string[]): string[] =>
  lines
    .map((line) => line.replace(new RegExp(` [–—] ${COMMAND}[^${COMMAND}]*$`), ''))
    .filter((line) => !line.includes(COMMAND));
