export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** A fixed sentence plus fields. Never a token, never a person's message; chat ids shortened. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  child(fields: LogFields): Log;
}
