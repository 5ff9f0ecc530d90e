/** Time, handed in. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. May jump (NTP, suspended laptops): never measure a duration with it. */
  now(): number;
  /** Milliseconds of a clock that only goes forward; its zero means nothing. */
  monotonic(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
