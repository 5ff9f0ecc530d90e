/** How a failure reaches the log: one place decides what a line holds, and who has logged it already. */
import { codeOf, messageOf, wasLogged } from './errors.ts';
import type { Log, LogFields } from './ports/log.ts';

/**
 * An error line with the failure's `code` and `error` (its message) beside `fields`. No line where the error was logged already: the
 * store warns of its own failures, once for the whole program.
 */
export function logFailure(log: Log, what: string, error: unknown, fields: LogFields = {}): void {
  if (!wasLogged(error)) log.error(what, { ...fields, code: codeOf(error), error: messageOf(error) });
}

/** The same as a warning: something needs a look, and goes on by itself. */
export function warnOfFailure(log: Log, what: string, error: unknown, fields: LogFields = {}): void {
  if (!wasLogged(error)) log.warn(what, { ...fields, code: codeOf(error), error: messageOf(error) });
}

export interface WhileFailing {
  /** A try failed. Logs the first failure since it last worked that nobody has logged yet; the others are silent. */
  failing(error: unknown): void;
  /** A try went well. Logs that it works again where its failing was logged here. */
  working(): void;
}

export interface WhileFailingLines {
  /** The fixed sentence of the line when it begins: "Unable to …". */
  begins: string;
  /** That of the info line when it is over; null = none, where the next success is visible by itself. */
  ends: string | null;
  /** Fields of both lines. */
  fields?: LogFields;
  /** Of the first line; default a warning. */
  level?: 'warn' | 'error';
}

/** For what is tried again and again: one line when it begins to fail, and one when it is over. */
export function onceWhileFailing(log: Log, { begins, ends, fields, level }: WhileFailingLines): WhileFailing {
  const say = level === 'error' ? logFailure : warnOfFailure;
  let logged = false;
  return {
    failing(error) {
      if (logged || wasLogged(error)) return;
      logged = true;
      say(log, begins, error, fields);
    },
    working() {
      if (logged && ends !== null) log.info(ends, fields);
      logged = false;
    },
  };
}
