import { stripVTControlCharacters, styleText } from 'node:util';
import type { LogLevel } from './log-level.ts';

/** How log lines look to a person at a terminal; machines get the plain form. */
export interface TerminalStyle {
  colour: boolean;
}

interface Stream {
  isTTY?: boolean;
}

/** The style of a stream: null = nobody sits there. NO_COLOR (no-color.org) and dumb terminals get the signs without colours. */
export function terminalStyle(stream: Stream, env: Record<string, string | undefined>): TerminalStyle | null {
  if (stream.isTTY !== true) return null;
  return { colour: wantsColour(stream, env) };
}

/**
 * NO_COLOR (no-color.org) forbids colours, whatever else is said; FORCE_COLOR asks for them, also in a pipe; else a terminal that is not dumb
 * gets them. An empty NO_COLOR says nothing; FORCE_COLOR says no with 0 or false.
 */
function wantsColour(stream: Stream, env: Record<string, string | undefined>): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return !/^(?:0|false)$/i.test(env.FORCE_COLOR);
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** What a word means. Colour is never the only sign of it: the word itself says the same. */
export type Tone = 'good' | 'doubtful' | 'bad' | 'aside';
export type Paint = (tone: Tone, text: string) => string;

const STYLES: Record<Tone, Parameters<typeof styleText>[0]> = {
  good: 'green',
  doubtful: 'yellow',
  bad: ['bold', 'red'],
  aside: 'dim',
};

/** Colours for what a command prints to that stream; where none are wanted the text is left as it is, byte for byte. */
export function paintFor(stream: Stream, env: Record<string, string | undefined>): Paint {
  if (!wantsColour(stream, env)) return (_tone, text) => text;
  return (tone, text) => (text === '' ? '' : styleText(STYLES[tone], text, { validateStream: false }));
}

// biome-ignore lint/complexity/useRegexLiterals: the escapes are easier to read than the characters
const UNPRINTABLE = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]+', 'g');

/** A stranger's text on one line of ours: it must not turn the terminal around, colour it or forge a line. */
export const printable = (text: string): string => stripVTControlCharacters(text).replace(UNPRINTABLE, ' ');

const SIGNS: Record<LogLevel, string> = { debug: ' ', info: '·', warn: '!', error: '✗' };
const COLOURS: Record<LogLevel, string> = { debug: '2', info: '2', warn: '33', error: '1;31' };

/** `16:58:42 ! 27 of 27 feeds cannot be reached: is there internet?  code=fetch_dns`, in one colour. */
export function terminalLine(at: Date, level: LogLevel, text: string, { colour }: TerminalStyle): string {
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
  const line = `${time} ${SIGNS[level]} ${text}`;
  return colour ? `\u001b[${COLOURS[level]}m${line}\u001b[0m` : line;
}
