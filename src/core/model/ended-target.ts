/** Keys of an account's durable state by which a webhook that has ended, the start of the program and `tocsin webhooks` know of each other. */
export const ENDED = 'ended';
/** An operator wants it to go on; gone once it does. */
export const RESUME = 'resume';

/** Nothing is sent to it until its chat begins anew: at a start, or by `tocsin webhooks resume`. */
export interface EndedTarget {
  /** ms since the epoch. */
  at: number;
  /** Why, as a sentence without secrets. */
  detail: string;
}

/** What was kept under `ENDED`; null = it has not ended. */
export function readEnded(kept: unknown): EndedTarget | null {
  const { at, detail } = (kept ?? {}) as Partial<EndedTarget>;
  return typeof at === 'number' && typeof detail === 'string' ? { at, detail } : null;
}
