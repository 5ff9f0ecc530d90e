export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** A fixed sentence plus fields. Never a token, never a person's message; chat ids shortened. */
export interface Log {
  /** For whoever looks for a fault: each step; off unless `TOCSIN_LOG=debug`. */
  debug(message: string, fields?: LogFields): void;
  /** What an operator wants to know once: started, filled, works again. */
  info(message: string, fields?: LogFields): void;
  /** Needs a look, and the bot goes on. When a failure is new or has changed, not at each try. */
  warn(message: string, fields?: LogFields): void;
  /** Something was not done that should have been. */
  error(message: string, fields?: LogFields): void;
  /** The same log with these fields on every line. */
  child(fields: LogFields): Log;
}

/** Says nothing. */
export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quietLog };
