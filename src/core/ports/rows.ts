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
