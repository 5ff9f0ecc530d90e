/** The levels of the log, least first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The level named by TOCSIN_LOG; info where it names none. */
export const logLevelOf = (name: string | undefined): LogLevel =>
  LOG_LEVELS.find((level) => level === name?.trim().toLowerCase()) ?? 'info';
