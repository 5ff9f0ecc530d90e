import { noteLogged, type TocsinError } from '../core/errors.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';

/** A write that works this soon after one that failed is luck: small rows still find room on a full disk. */
const CALM_MS = 5_000;
/** Our own mistake, and the caller's to tell; the database itself works. */
const OUR_FAULT = 'a rule of the schema was broken';

/** What the drivers tell of: each error of the database, and each write that it took. */
export interface StoreWatch {
  failed(error: TocsinError): void;
  wrote(): void;
}

/** For whoever opens a store and tells of its failures in another way. */
export const unwatched: StoreWatch = { failed: () => {}, wrote: () => {} };

/**
 * Warns once when the database begins to fail and says once when it writes again, whoever of the program noticed. Errors that it logged are
 * noted as such, so that nobody logs them again (`core/failures.ts`). `begin`: the start is over; until then whoever starts tells.
 */
export function watchStore({ clock, log }: { clock: Clock; log: Log }): StoreWatch & {
  begin(): void;
  failing(): boolean;
} {
  let begun = false;
  let since: number | null = null;
  let last = 0;
  return {
    begin() {
      begun = true;
    },
    failing: () => since !== null,
    failed(error) {
      if (!begun || error.code !== 'store_failed' || error.facts.reason === OUR_FAULT) return;
      noteLogged(error);
      last = clock.monotonic();
      if (since !== null) return;
      since = last;
      log.error('The database fails; nothing is lost, and it is tried again', {
        code: error.code,
        reason: String(error.facts.reason ?? error.message),
      });
    },
    wrote() {
      if (since === null || clock.monotonic() - last < CALM_MS) return;
      log.info('The database works again', { failedForSeconds: Math.round((clock.monotonic() - since) / 1_000) });
      since = null;
    },
  };
}
