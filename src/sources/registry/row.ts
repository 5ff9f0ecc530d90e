/** Called with each entry's host name, or a mask such as `*.example.org`, as written. `details` holds while it is called; most are not asked for. */
export type OnRow = (host: string, details: () => Details) => void;

/** Who decided, the number and the day (YYYY-MM-DD) of the decision, where the register says; else empty. */
export interface Details {
  agency: string;
  decision: string;
  date: string;
}

export const NO_DETAILS: Details = { agency: '', decision: '', date: '' };

/** Reads a document piece by piece. Memory is bounded, whatever comes. */
export interface RowParser {
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
