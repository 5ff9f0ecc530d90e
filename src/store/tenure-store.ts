import type { Store, Tables } from '../core/ports/store.ts';
import { ROW_CALLS, SOURCE_STATE_CALLS, STATE_CALLS, TABLE_CALLS } from '../core/ports/store-calls.ts';

type Call = (...args: unknown[]) => unknown;
type Kinds = Readonly<Record<string, 'reads' | 'writes'>>;

/** The same part, each of whose writes asks first; `assertHeld` throws. */
function asking<T extends object>(part: T, kinds: Kinds, assertHeld: () => void): T {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(part)) {
    const call = (value as Call).bind(part);
    const asks: Call = async (...args) => {
      assertHeld();
      return call(...args);
    };
    copy[name] = kinds[name] === 'writes' ? asks : call;
  }
  return copy as T;
}

/**
 * The same store, each of whose writes throws what `assertHeld` throws; a transaction asks once more at its end. Enough where all who write live in
 * this process.
 */
export function storeWhileHeld(store: Store, assertHeld: () => void): Store {
  const { state, rows, transaction, prune, restore, cache } = store;
  const tables = Object.entries(TABLE_CALLS).map(([name, kinds]) => [
    name,
    asking(store[name as keyof typeof TABLE_CALLS], kinds, assertHeld),
  ]);
  return {
    ...store,
    ...(Object.fromEntries(tables) as Omit<Tables, 'state' | 'rows'>),
    sourceStates: asking(store.sourceStates, SOURCE_STATE_CALLS, assertHeld),
    state: (namespace) => asking(state.call(store, namespace), STATE_CALLS, assertHeld),
    rows: (namespace) => asking(rows.call(store, namespace), ROW_CALLS, assertHeld),
    cache(namespace) {
      const inner = cache.call(store, namespace);
      const held = (): boolean => {
        try {
          assertHeld();
          return true;
        } catch {
          return false;
        }
      };
      return {
        get: (key) => inner.get(key),
        set: async (key, value, ttlMs) => held() && inner.set(key, value, ttlMs),
        delete: async (key) => held() && inner.delete(key),
      };
    },
    async transaction(work) {
      assertHeld();
      return transaction.call(store, async (inner: Tables) => {
        assertHeld();
        const result = await work(inner);
        assertHeld();
        return result;
      }) as ReturnType<typeof work>;
    },
    async prune(now) {
      assertHeld();
      return prune.call(store, now);
    },
    async restore(lines, progress) {
      assertHeld();
      return restore.call(store, lines, progress);
    },
  };
}
