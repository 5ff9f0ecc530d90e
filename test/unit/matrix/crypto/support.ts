import type { DurableRows, Row, RowChange } from '../../../../src/core/ports/runtime.ts';

const nameOf = ({ bucket, key }: Pick<Row, 'bucket' | 'key'>): string => JSON.stringify([bucket, key]);

/** Rows in memory; `copy` is what a process that begins now would find, `fail` what the next writes throw. */
export interface MemoryRows extends DurableRows {
  copy(): MemoryRows;
  fail(error: Error | null): void;
  /** Called before each write; what it throws fails the write. */
  before: ((changes: readonly RowChange[]) => void | Promise<void>) | null;
  writes: number;
}

export function memoryRows(from: readonly Row[] = []): MemoryRows {
  const held = new Map(from.map((row) => [nameOf(row), row]));
  let failure: Error | null = null;
  const rows: MemoryRows = {
    before: null,
    writes: 0,
    all: async () => [...held.values()],
    of: async (bucket) => [...held.values()].filter((row) => row.bucket === bucket),
    get: async (bucket, key) => held.get(nameOf({ bucket, key }))?.value ?? null,
    async write(changes) {
      await rows.before?.(changes);
      if (failure) throw failure;
      rows.writes++;
      for (const { bucket, key, value } of changes)
        if (value === null) held.delete(nameOf({ bucket, key }));
        else held.set(nameOf({ bucket, key }), { bucket, key, value: Uint8Array.from(value) });
    },
    copy: () => memoryRows([...held.values()]),
    fail(error) {
      failure = error;
    },
  };
  return rows;
}

/** Where in its session an event stands: a variable-length number after two bytes, by the form of Megolm's messages. */
export function indexOf(ciphertext: unknown): number {
  const bytes = Buffer.from(String(ciphertext), 'base64');
  let value = 0;
  let shift = 0;
  for (const byte of bytes.subarray(2)) {
    value += (byte & 127) << shift;
    if (byte < 128) break;
    shift += 7;
  }
  return value;
}
