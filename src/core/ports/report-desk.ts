import type { Statement } from '../model/statement.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

export interface ReportDeskDeps {
  /** Blocks of the sources that post, as the schema of their kind yields them. */
  sources: readonly unknown[];
  /** Ids of the catalogue's services, and the countries that there are: all else is refused. */
  services: readonly string[];
  countries: readonly string[];
  clock: Clock;
  log: Log;
  /** Keeps what is new by its id, and says how many are; durable when it resolves. */
  deliver(sourceId: string, statements: Statement[]): Promise<number>;
}

export interface ReportRequest {
  /** The Authorization header. */
  authorization: string | null;
  /** Asked for only when the token is known. What it throws passes through. */
  body(): Promise<Uint8Array>;
}

export interface ReportResponse {
  /** Of HTTP. */
  status: number;
  /** JSON. */
  body: string;
  /** Seconds, where it makes sense to come again. */
  retryAfter?: number;
}

/** Takes reports that others post, each once. */
export interface ReportDesk {
  /** Bytes of a body that it takes. */
  readonly maxBytes: number;
  /** Posts that may be under way at a time: no source can take the places of another. */
  readonly atOnce: number;
  /**
   * One POST: 202 some are new, 200 all were known, 400 with the field that is wrong, 401 unknown token, 413 too large, 429 too often, 503 try
   * again. All or nothing.
   */
  handle(request: ReportRequest): Promise<ReportResponse>;
}
