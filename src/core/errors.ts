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

/** This failure has a line in the log already: whoever meets it goes on trying without one of its own (`failures.ts`). */
export const wasLogged = (error: unknown): boolean => error instanceof TocsinError && logged.has(error);
