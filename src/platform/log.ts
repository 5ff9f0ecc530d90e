import { stripVTControlCharacters, styleText } from 'node:util';
import type { Clock, Log, LogFields } from '../core/ports/runtime.ts';

/** The levels of the log, least first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The level named by TOCSIN_LOG; info where it names none. */
export const logLevelOf = (name: string | undefined): LogLevel =>
  LOG_LEVELS.find((level) => level === name?.trim().toLowerCase()) ?? 'info';

/** How log lines look to a person at a terminal; machines get the plain form. */
type TerminalStyle = NonNullable<ReturnType<typeof terminalStyle>>;
type Stream = { isTTY?: boolean };

/** The style of a stream: null = nobody sits there. NO_COLOR (no-color.org) and dumb terminals get the signs without colours. */
export function terminalStyle(stream: Stream, env: Record<string, string | undefined>) {
  return stream.isTTY === true ? { colour: wantsColour(stream, env) } : null;
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

const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** A stranger's text on one line of ours: it must not turn the terminal around, colour it or forge a line. */
export const printable = (text: string): string => stripVTControlCharacters(text).replace(UNPRINTABLE, ' ');

const SIGNS: Record<LogLevel, string> = { debug: ' ', info: '·', warn: '!', error: '✗' };
const COLOURS: Record<LogLevel, string> = { debug: '2', info: '2', warn: '33', error: '1;31' };

/** `16:58:42 ! 27 of 27 feeds cannot be reached: is there internet?  code=fetch_dns`, in one colour. */
function terminalLine(at: Date, level: LogLevel, text: string, { colour }: TerminalStyle): string {
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
  const line = `${time} ${SIGNS[level]} ${text}`;
  return colour ? `\u001b[${COLOURS[level]}m${line}\u001b[0m` : line;
}

/** Longest value of one field, characters. */
const MAX_VALUE = 500;
const MAX_LINE = 4_000;

type Secrets = ReturnType<typeof createSecrets>;

/** Telegram and Matrix tokens, bearer headers and passwords in addresses, known or not. */
const SHAPES: readonly [RegExp, string][] = [
  [/\b\d{5,15}:[A-Za-z0-9_-]{20,}/g, '***'],
  [/\b(?:syt|mct|mat)_[A-Za-z0-9_=-]{10,}/g, '***'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 ***'],
  [/(\/\/)[^\s/?#]{1,200}@/g, '$1***@'],
  [/\b(access_token|token|secret|password|passwd|api_?key)=[^\s&"]+/gi, '$1=***'],
];

/** Secrets of the config, so that no line, error or status can show them. Shared by the log and whoever prints. */
export function createSecrets(initial: Iterable<string> = []) {
  const known = new Set<string>();
  let ordered: string[] = [];
  const secrets = {
    /** Values under 6 characters are ignored: they would blacken ordinary words. */
    add(secret: string): void {
      if (secret.length < 6) return;
      known.add(secret);
      known.add(encodeURIComponent(secret));
      // Longest first: one secret may be the beginning of another.
      ordered = [...known].sort((a, b) => b.length - a.length);
    },
    /** The text with every known secret, and whatever is shaped like a token, as `***`. */
    redact(text: string): string {
      let safe = text;
      for (const secret of ordered) if (safe.includes(secret)) safe = safe.replaceAll(secret, '***');
      for (const [shape, instead] of SHAPES) safe = safe.replace(shape, instead);
      return safe;
    },
  };
  for (const secret of initial) secrets.add(secret);
  return secrets;
}

interface LogOptions {
  clock: Clock;
  /** Least level that is written; default info. */
  level?: LogLevel;
  secrets?: Secrets;
  /** For a person at a terminal; null or absent = the form for machines. */
  terminal?: TerminalStyle | null;
  /** Takes one whole line with its line feed; default stderr. */
  write?: (line: string) => void;
}

/** One line each: `2026-11-25T12:00:00.000Z WARN Unable to read source source=meduza code=fetch_dns`. Never throws. */
export function createLog({
  clock,
  level: lowest = 'info',
  secrets = createSecrets(),
  terminal,
  write,
}: LogOptions): Log {
  const least = LOG_LEVELS.indexOf(lowest);
  const put = write ?? ((line: string) => void process.stderr.write(line));
  const make = (own: LogFields): Log => {
    const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
      if (LOG_LEVELS.indexOf(level) < least) return;
      const time = new Date(clock.now());
      const text = `${oneLine(message)}${fieldText(own, secrets)}${fieldText(fields, secrets)}`;
      const safe = cut(secrets.redact(text), MAX_LINE);
      if (terminal) put(`${terminalLine(time, level, safe, terminal)}\n`);
      else put(`${time.toISOString()} ${level.toUpperCase().padEnd(5)} ${safe}\n`);
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => make({ ...own, ...fields }),
    };
  };
  return make({});
}

function fieldText(fields: LogFields | undefined, secrets: Secrets): string {
  if (!fields) return '';
  let text = '';
  // Hidden before it is cut or quoted: half a secret, or one with quotes in it, would not be known again.
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    text += ` ${key}=${typeof value === 'string' ? quote(cut(secrets.redact(value), MAX_VALUE)) : String(value)}`;
  }
  return text;
}

const quote = (value: string) =>
  /^[^\s"=\u0000-\u001f\u007f-\u009f\u2028\u2029]+$/.test(value) ? oneLine(value) : JSON.stringify(oneLine(value));

/** Control characters and direction overrides out: a feed's text must not forge a line or turn the terminal around. */
export const oneLine = (text: string) => text.replace(UNPRINTABLE, ' ');

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
