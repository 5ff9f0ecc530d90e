/** How a failure reaches the log: one place decides what a line holds, and who has logged it already. */
import { codeOf, messageOf, wasLogged } from './errors.ts';
import type { Log, LogFields } from './ports/runtime.ts';

/**
 * An error line with the failure's `code` and `error` (its message) beside `fields`. No line where the error was logged already: the
 * store warns of its own failures, once for the whole program.
 */
export const logFailure = failureAt('error');

/** The same as a warning: something needs a look, and goes on by itself. */
export const warnOfFailure = failureAt('warn');

/** The same as information: it goes on by itself, only later. */
const tellOfFailure = failureAt('info');

function failureAt(level: 'info' | 'warn' | 'error') {
  return (log: Log, what: string, error: unknown, fields: LogFields = {}): void => {
    if (!wasLogged(error)) log[level](what, { ...fields, code: codeOf(error), error: messageOf(error) });
  };
}

export type WhileFailing = ReturnType<typeof onceWhileFailing>;

export interface WhileFailingLines {
  /** The fixed sentence of the line when it begins: "Unable to …". */
  begins: string;
  /** That of the info line when it is over; null = none, where the next success is visible by itself. */
  ends: string | null;
  /** Fields of both lines. */
  fields?: LogFields;
  /** Of the first line; default a warning. `info`: nobody need do anything. */
  level?: 'info' | 'warn' | 'error';
  /** One of another kind than the last is logged as well. Default: all are alike. */
  kindOf?(error: unknown): string;
  /** Has another part warned of the same trouble? Then the line is information, in these words. Asked once a line. */
  either?: { says: string; when(error: unknown): boolean };
}

/** For what is tried again and again: one line when it begins to fail, and one when it is over. */
export function onceWhileFailing(
  log: Log,
  { begins, ends, fields, level = 'warn', kindOf = () => '', either }: WhileFailingLines,
) {
  const say = { info: tellOfFailure, warn: warnOfFailure, error: logFailure }[level];
  /** Kind of the last that was logged; null = it works. */
  let kind: string | null = null;
  return {
    /** A try failed. Logs the first failure since it last worked that nobody has logged yet; the others are silent. `more`: fields of this line. */
    failing(error: unknown, more?: LogFields): void {
      if (kind === kindOf(error) || wasLogged(error)) return;
      kind = kindOf(error);
      const all = { ...fields, ...more };
      if (either?.when(error)) tellOfFailure(log, either.says, error, all);
      else say(log, begins, error, all);
    },
    /** Its failing was logged just now, in other words: as if `failing` had. */
    logged(error: unknown): void {
      kind = kindOf(error);
    },
    /** A try went well. Logs that it works again where its failing was logged here. */
    working(more?: LogFields): void {
      if (kind !== null && ends !== null) log.info(ends, { ...fields, ...more });
      kind = null;
    },
  };
}
