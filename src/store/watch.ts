import { noteLogged, TocsinError } from '../core/errors.ts';
import type { Leases, SharedStore } from '../core/ports/leases.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import type { Store } from '../core/ports/store.ts';
import {
  LEASE_CALLS,
  ROW_CALLS,
  SOURCE_STATE_CALLS,
  STATE_CALLS,
  STORE_CALLS,
  TABLE_CALLS,
} from '../core/ports/store-calls.ts';

/** A write that works this soon after one that failed is luck: small rows still find room on a full disk. */
const CALM_MS = 5_000;
/** Our own mistake, and the caller's to tell; the database itself works. */
const OUR_FAULT = 'a rule of the schema was broken';
export interface WatchedStore {
  store: SharedStore;
  failing(): boolean;
}

/**
 * The same store, which warns once when it begins to fail and says once when it writes again, whoever of the program noticed. Errors
 * that it logged are noted as such, so that nobody logs them again (`core/failures.ts`). Streams (`dump`) are left as they are.
 */
export function watchStore(inner: SharedStore, deps: { clock: Clock; log: Log }): WatchedStore {
  const { clock, log } = deps;
  let since: number | null = null;
  let last = 0;

  function failed(error: unknown): void {
    // Whoever lost its lease says so once; what it began under it ends quietly.
    if (error instanceof TocsinError && error.code === 'lease_lost') noteLogged(error);
    if (!(error instanceof TocsinError) || error.code !== 'store_failed' || error.facts.reason === OUR_FAULT) return;
    noteLogged(error);
    last = clock.monotonic();
    if (since !== null) return;
    since = last;
    log.error('The database fails; nothing is lost, and it is tried again', {
      code: error.code,
      reason: String(error.facts.reason ?? error.message),
    });
  }

  function wrote(): void {
    if (since === null || clock.monotonic() - last < CALM_MS) return;
    log.info('The database works again', { failedForSeconds: Math.round((clock.monotonic() - since) / 1_000) });
    since = null;
  }

  function watched<T extends object>(part: T, calls: Readonly<Record<string, 'reads' | 'writes'>>): T {
    const copy: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(part))
      copy[name] = typeof value === 'function' ? guarded(value.bind(part), calls[name] === 'writes') : value;
    return copy as T;
  }

  function guarded(call: (...args: unknown[]) => unknown, writes: boolean): (...args: unknown[]) => unknown {
    return async (...args) => {
      try {
        const result = await call(...args);
        if (writes && since !== null) wrote();
        return result;
      } catch (error) {
        failed(error);
        throw error;
      }
    };
  }

  const { leases, bus, ...rest } = inner;
  return { store: { ...watchedStore(rest), leases: watchedLeases(leases), bus }, failing: () => since !== null };

  /** What is done under a lease is done by a store of its own, which is as much looked at. */
  function watchedLeases(leases: Leases): Leases {
    const { take, list, join } = watched({ take: leases.take, list: leases.list, join: leases.join }, LEASE_CALLS);
    return {
      processId: leases.processId,
      shareable: leases.shareable,
      take: async (names) => (await take(names)).map((tenure) => ({ ...tenure, store: watchedStore(tenure.store) })),
      list,
      join,
    };
  }

  function watchedStore(inner: Store): Store {
    const { dump, state, rows, cache, close, ...rest } = inner;
    const { transaction, restore, digest, prune, verify, ...tables } = rest;
    const parts = Object.entries(tables).map(([name, table]) => [name, watched(table, CALLS[name] ?? {})]);
    return {
      ...(Object.fromEntries(parts) as typeof tables),
      ...watched({ transaction, restore, digest, prune, verify }, STORE_CALLS),
      dump: dump.bind(inner),
      close: close.bind(inner),
      cache: cache.bind(inner),
      rows: (namespace) => watched(rows.call(inner, namespace), ROW_CALLS),
      state: (namespace) => watched(state.call(inner, namespace), STATE_CALLS),
    };
  }
}

const CALLS: Readonly<Record<string, Readonly<Record<string, 'reads' | 'writes'>>>> = {
  ...TABLE_CALLS,
  sourceStates: SOURCE_STATE_CALLS,
};
