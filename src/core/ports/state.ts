/**
 * Small durable facts that must survive (sync tokens, "this room is encrypted", judge memory). JSON values: what comes back is a copy, in
 * whose shape an older version may have written it, so whoever reads it checks it. All throw `store_failed` when the store fails.
 */
export interface DurableState {
  /** Undefined where nothing was set. */
  get(key: string): Promise<unknown>;
  /** Resolves when it is durable; the last call wins. An undefined value is kept as null. */
  set(key: string, value: unknown): Promise<void>;
  /** Nothing there is no error. */
  delete(key: string): Promise<void>;
}

/**
 * What may be forgotten (HTTP validators, callback texts, pickers, link codes). Never throws. A failing store reads as a miss: correctness
 * never rests on it.
 */
export interface Forgettable {
  /** Undefined where nothing is kept, or not any more. */
  get(key: string): Promise<unknown>;
  /** `ttlMs` null = until cleared. False = not kept. */
  set(key: string, value: unknown, ttlMs: number | null): Promise<boolean>;
  /** False = nothing was there, or the store fails. */
  delete(key: string): Promise<boolean>;
}
