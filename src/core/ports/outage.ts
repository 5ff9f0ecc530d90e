/**
 * Shared by the two halves of an account: a platform that cannot be reached fails both, and the operator hears of it once. For trouble
 * with the line only: a refused token or a second receiver is another matter each time.
 */
export interface Outage {
  /** True when this half is the first to meet it: then it warns. False: the other half has warned. */
  begins(half: AccountHalf): boolean;
  ends(half: AccountHalf): void;
}

export type AccountHalf = 'receiving' | 'sending';
