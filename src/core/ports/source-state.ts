/** What the poller remembers of one source. JSON values only; times in ms since the epoch, UTC. */
export interface SourceState {
  /** Start of the last poll, whatever came of it. */
  lastPollAt: number | null;
  /** Start of the last poll that was read, stored and committed. */
  lastOkAt: number | null;
  /** A poll has succeeded once: from then on what is new is news. */
  firstPollDone: boolean;
  /** Polls that failed in a row; 0 = the last one succeeded. */
  failures: number;
  failingSince: number | null;
  /** Code and sentence (no secrets, at most 300 characters) of the last failure; null when it succeeded. */
  lastCode: string | null;
  lastMessage: string | null;
  /** The server asked not to come back before. */
  notBefore: number | null;
  /** When the poller means to come again; for people, the poller works it out anew at start. */
  nextDueAt: number | null;
}

export interface NamedSourceState {
  id: string;
  state: SourceState;
}

/**
 * Where the poller keeps its states. Losing the newest writes costs an early poll, nothing else, so an implementation may be lax
 * about durability. `getMany` leaves out ids it does not know; ids of sources that are no longer configured stay until removed by hand.
 * Both reject when the store fails: the poller logs it once, goes on from memory and tries again with the next batch.
 */
export interface SourceStates {
  getMany(ids: readonly string[]): Promise<Map<string, SourceState>>;
  /** One transaction; the last one wins where an id stands twice. At most 1,000 a call. */
  setMany(states: readonly NamedSourceState[]): Promise<void>;
}
