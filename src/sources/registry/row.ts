/** One entry of a register, as far as it may matter here. */
export interface Row {
  /** Host name, or a mask such as `*.example.org`, as written. */
  host: string;
  /** Who decided, the number and the day (YYYY-MM-DD) of the decision, where the register says; else empty. */
  agency: string;
  decision: string;
  date: string;
}

/** Reads a document piece by piece. Memory is bounded, whatever comes. */
export interface RowReader {
  push(chunk: Uint8Array): void;
  /** Entries so far. */
  rows(): number;
  /** The document has ended. */
  end(): Tally;
}

export interface Tally {
  /** Entries that were read. */
  rows: number;
  /** What stands where an entry should, and is none. */
  odd: number;
  /** When the register says that it was made, ms since the epoch. */
  updatedAt: number | null;
  /** It breaks off. */
  cut: boolean;
}
