import { TocsinError } from '../../core/errors.ts';

interface SqlError {
  message?: string;
  code?: string;
  errcode?: number;
}

/** What SQLite's primary result codes mean for an operator. */
const SQLITE_REASONS: Record<number, string> = {
  5: 'locked by another program',
  6: 'locked',
  8: 'read-only',
  10: 'the disk answered with an error',
  11: 'the file is damaged',
  13: 'disk full',
  14: 'the file cannot be opened',
  19: 'a rule of the schema was broken',
  26: 'the file is not a database',
};

/** PostgreSQL's SQLSTATE by class. */
const POSTGRES_REASONS: Record<string, string> = {
  '08': 'connection lost',
  '23': 'a rule of the schema was broken',
  '28': 'login refused',
  '3D': 'no such database',
  '40': 'in conflict with another transaction',
  '53': 'server out of resources',
  '57': 'server is stopping or starting',
};

/** Where the class says too little. */
const POSTGRES_EXACT: Record<string, string> = {
  '25006': 'the server takes no writes (a standby)',
  '25P03': 'connection lost',
  '55P03': 'waited too long for a lock',
  '57014': 'took too long',
};

const CONNECTION = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|EAI_)/;

export const isBusy = (error: unknown): boolean => {
  const { errcode } = error as SqlError;
  return errcode !== undefined && ((errcode & 0xff) === 5 || (errcode & 0xff) === 6);
};

/** One error for everything a database says. Values of rows never get into message or facts: PostgreSQL puts them into its own. */
export function storeFailed(error: unknown): TocsinError {
  if (error instanceof TocsinError) return error;
  const { code, errcode, message } = error as SqlError;
  let reason: string | undefined;
  if (errcode !== undefined) reason = SQLITE_REASONS[errcode & 0xff];
  else if (code !== undefined)
    reason = CONNECTION.test(code) ? 'connection lost' : (POSTGRES_EXACT[code] ?? POSTGRES_REASONS[code.slice(0, 2)]);
  else if (message === 'timeout exceeded when trying to connect') reason = 'all connections are in use';
  else if (
    message !== undefined &&
    /[Cc]onnection terminated|connection error|Query read timeout|not queryable|Client was closed/.test(message)
  )
    reason = 'connection lost';
  const detail = errcode === undefined ? (code ?? null) : errcode;
  return new TocsinError(
    'store_failed',
    `The database could not do what was asked: ${reason ?? 'unexpected error'}.`,
    { reason: reason ?? 'unexpected error', detail },
    error,
  );
}

/** Did PostgreSQL undo it for the sake of somebody else's transaction (a serialization failure, a deadlock)? Nothing of it stays: it may be done again at once. */
export function isConflict(error: unknown): boolean {
  const code = error instanceof TocsinError ? error.facts.detail : (error as SqlError).code;
  return code === '40001' || code === '40P01';
}

/** Was a statement planned for tables that have other columns now? A connection keeps such a plan for good. */
export const isStalePlan = (error: unknown): boolean =>
  (error as SqlError).code === '0A000' && error instanceof Error && error.message.includes('cached plan');

/** Is the connection of no more use, whatever was asked? It was lost, or leads to a server that takes no writes. Whether what was under way is done, nobody knows. */
export function isLost(error: unknown): boolean {
  if (error instanceof TocsinError)
    return error.facts.reason === 'connection lost' || (error.cause !== undefined && isLost(error.cause));
  const { code, severity } = error as SqlError & { severity?: string };
  if (severity === undefined) return (error as SqlError).message !== 'timeout exceeded when trying to connect';
  return severity === 'FATAL' || severity === 'PANIC' || code === '25006' || /^(08|57P0)/.test(code ?? '');
}
