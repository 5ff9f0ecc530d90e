/**
 * What came in at a process that does not ingest (agents' measurements, posted reports, an operator's word), until whoever does has taken it: durable,
 * each once, in the order of writing for a lane.
 */
export interface PostTable {
  /** `lane`: what belongs in one order (an agent, a source). `post` is JSON, at most 1 MiB. */
  put(lane: string, post: unknown, at: number): Promise<void>;
  /** The oldest, at most `limit`. */
  oldest(limit: number): Promise<{ id: number; lane: string; post: unknown; at: number }[]>;
  /** In the transaction that carries it out, so that a kill loses and repeats nothing. */
  done(ids: number[]): Promise<void>;
}
