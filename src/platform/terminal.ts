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
  return { colour: !env.NO_COLOR && env.TERM !== 'dumb' };
}

const SIGNS: Record<LogLevel, string> = { debug: ' ', info: '·', warn: '!', error: '✗' };
const COLOURS: Record<LogLevel, string> = { debug: '2', info: '2', warn: '33', error: '1;31' };

/** `16:58:42 ! 27 of 27 feeds cannot be reached: is there internet?  code=fetch_dns`, in one colour. */
export function terminalLine(at: Date, level: LogLevel, text: string, { colour }: TerminalStyle): string {
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
  const line = `${time} ${SIGNS[level]} ${text}`;
  return colour ? `\u001b[${COLOURS[level]}m${line}\u001b[0m` : line;
}
