/** Writing from right to left, with names, commands and addresses in it that run from left to right. */
import { packs } from './packs.ts';

/** `lang`: one of ours. */
export const isRightToLeft = (lang: string): boolean => packs.language(lang).direction === 'rtl';

const LEFT_TO_RIGHT = '\u2066';
const BY_FIRST_LETTER = '\u2068';
const END = '\u2069';

const RTL_SCRIPTS = String.raw`\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}`;
/** A letter of a script that runs from left to right. */
const L = String.raw`[\p{L}--[${RTL_SCRIPTS}]]`;
/** What a word of these may hold, and what it may end with. */
const INSIDE = String.raw`[${L}\p{M}0-9_.\-\/:@&'’+#~%=?\u2060]`;
const LAST = String.raw`[${L}\p{M}0-9+\/]`;
const WORD = `[${L}0-9](?:${INSIDE}*${LAST})?`;
/** Signs and spaces between words of one run. */
const BETWEEN = String.raw`(?:[,;:!?.]?[ \u00a0][–—]?[ \u00a0]?["“‘«]?|["”’»][,.]?[ \u00a0])`;
/** Inside a word, "0@room", a sign calls nobody; an isolate before it would make it the first of a word, and a mention. */
const FIRST = String.raw`(?<![\p{L}\p{M}\p{N}_.+\-])`;
const RUN = new RegExp(
  String.raw`(?:${FIRST}[@#\/])?(?:[0-9]+-)*[0-9]*${L}(?:${INSIDE}*${LAST})?(?:${BETWEEN}${WORD})*(?:[ \u00a0]\([^\(\)\n${RTL_SCRIPTS}]{1,40}\))?`,
  'gv',
);

/**
 * A text of a language that is written from right to left, with an isolate around whatever in it runs from left to right: beside a number or a bracket
 * it would change the order of the line. For our own sentences with names in them; what is in them already stays.
 */
export const isolated = (text: string): string => text.replace(RUN, `${LEFT_TO_RIGHT}$&${END}`);

/** Before and after a piece that has a direction of its own: a headline, a command, an address. */
export const ISOLATE: readonly [string, string] = [BY_FIRST_LETTER, END];
export const COMMAND_ISOLATE: readonly [string, string] = [LEFT_TO_RIGHT, END];
