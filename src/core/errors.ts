import type { Log, LogFields } from './ports/runtime.ts';

/** The closed list of reasons that logs, metrics and tests match on. */
export const CODES = [
  // config and usage
  'config_invalid',
  'usage',
  // sources
  'fetch_timeout',
  'fetch_dns',
  'fetch_connection',
  'fetch_tls',
  'fetch_status',
  'fetch_too_large',
  'fetch_redirect',
  'fetch_blocked_address',
  'fetch_proxy',
  'feed_not_a_feed',
  'feed_unreadable',
  'feed_too_slow',
  'source_failed',
  // sending
  'auth',
  'rate_limited',
  'client',
  'server',
  'timeout',
  'canceled',
  'identity_changed',
  // store
  'store_locked',
  'store_newer',
  'store_failed',
  'lease_lost',
  'import_invalid',
  // anything else
  'listen_failed',
  'internal',
] as const;
export type Code = (typeof CODES)[number];

/** The one error class. Creating it has no side effects; whoever handles it logs it, once. */
export class TocsinError extends Error {
  readonly code: Code;
  /** Facts for logs and for the remedy: never a secret, never a person's message. */
  readonly facts: Record<string, string | number | boolean | null>;

  constructor(
    code: Code,
    message: string,
    facts: Record<string, string | number | boolean | null> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TocsinError';
    this.code = code;
    this.facts = facts;
  }
}

export const codeOf = (error: unknown): Code => (error instanceof TocsinError ? error.code : 'internal');

/** What it gives; null where it throws, whatever it throws. */
export function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}

/** What a person can read of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const logged = new WeakSet<TocsinError>();

/** To be called by whoever logs a failure on behalf of all who will meet it (`store/alone.ts`). */
export const noteLogged = (error: TocsinError): void => void logged.add(error);

/** This failure has a line in the log already: whoever meets it goes on trying without one of its own. */
export const wasLogged = (error: unknown): boolean => error instanceof TocsinError && logged.has(error);

// How a failure reaches the log: one place decides what a line holds, and who has logged it already.

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

/** Done when the block ends, however it ends: `using _ = atEnd(() => …)`. */
export const atEnd = (call: () => unknown): Disposable => ({ [Symbol.dispose]: () => void call() });

/** The same of what takes its time: `await using _ = afterwards(() => …)`. */
export const afterwards = (call: () => Promise<unknown> | void): AsyncDisposable => ({
  [Symbol.asyncDispose]: async () => void (await call()),
});
