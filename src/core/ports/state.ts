/** Small durable facts that must survive (sync tokens, "this room is encrypted", judge memory). JSON values; throws when it cannot be kept. */
export interface DurableState {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** What may be forgotten (HTTP validators, callback texts, pickers, link codes). A failing store reads as a miss: correctness never rests on it. */
export interface Forgettable {
  get(key: string): Promise<unknown>;
  /** `ttlMs` null = until cleared. False = not kept. */
  set(key: string, value: unknown, ttlMs: number | null): Promise<boolean>;
  delete(key: string): Promise<boolean>;
}
