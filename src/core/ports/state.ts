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

/** One row: `bucket` and `key` are its name, both any text; `value` is bytes. */
export interface Row {
  bucket: string;
  key: string;
  value: Uint8Array;
}

/** A null value deletes; a row that is not there is no error. */
export type RowChange = Omit<Row, 'value'> & { value: Uint8Array | null };

/**
 * Rows that somebody keeps as a copy of what it has in memory, and that must never be older than what it did: the keys of encrypted rooms. They are part of
 * no export and no digest, since going on from an old copy would repeat what may be used once. All throw `store_failed` when the store fails, and
 * `lease_lost` when another process has taken over.
 */
export interface DurableRows {
  /** All of them, in no order. */
  all(): Promise<Row[]>;
  /** Those of one bucket. */
  of(bucket: string): Promise<Row[]>;
  get(bucket: string, key: string): Promise<Uint8Array | null>;
  /** All or nothing; resolves when it is durable. The last change of a row counts. */
  write(changes: readonly RowChange[]): Promise<void>;
}
