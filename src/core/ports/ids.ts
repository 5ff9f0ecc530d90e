/** Chance, handed in. */
export interface Ids {
  /** A unique, time-ordered id of 16 characters [0-9a-z]. */
  next(): string;
  /** `length` random characters [0-9a-z], for the tail of an incident's id. */
  tail(length: number): string;
  /** A number in [0, 1), for jitter. */
  random(): number;
}
