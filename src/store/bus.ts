import type { Bus, Topic } from '../core/ports/leases.ts';

export interface LocalBus extends Bus {
  /** Calls back whoever hears it in this process. */
  ring(topic: Topic): void;
  /** Of whatever there may have been: the line to others was lost for a while. */
  ringAll(): void;
}

/** Wakes within this process; `pass` hands on to the others, where there are any. */
export function localBus(pass: (topic: Topic) => void = () => {}): LocalBus {
  const hearers = new Map<Topic, Set<() => void>>();
  const ring = (topic: Topic): void => {
    for (const call of hearers.get(topic) ?? []) call();
  };
  return {
    ring,
    ringAll() {
      for (const topic of hearers.keys()) ring(topic);
    },
    tell(topic) {
      ring(topic);
      pass(topic);
    },
    hear(topic, call, signal) {
      if (signal.aborted) return;
      const calls = hearers.get(topic) ?? new Set();
      hearers.set(topic, calls);
      // Of its own, so that one that hears twice is called twice, and ends each by itself.
      const own = () => call();
      calls.add(own);
      signal.addEventListener('abort', () => calls.delete(own), { once: true });
    },
  };
}
