/** How far long work is, for whoever waits for it. Never part of an answer: it goes where people look, and is gone at the end. */
export interface Progress {
  /** So many are done, of so many; `all` null where nobody knows. May be called for each one: it draws only now and then. */
  tell(done: number, all?: number | null): void;
  /** Before something else is written to the same place. */
  hide(): void;
  /** Takes away what is left of it. May be called again. */
  end(): void;
}

/** `what` is being done, such as "replaying", counted in `unit`, such as "items". */
export type BeginProgress = (what: string, unit: string) => Progress;
