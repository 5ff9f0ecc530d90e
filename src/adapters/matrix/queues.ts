/** What runs after what. */

/** Work in order within a room, rooms beside each other. */
export function createRoomQueues(perRoom: number, total: number) {
  const tails = new Map<string, { last: Promise<unknown>; length: number }>();
  let size = 0;
  let whenIdle: (() => void)[] = [];

  return {
    /** Null when it is full and `must` is not set; else resolves when the job is done. A job that throws is the caller's mistake and ends only itself. */
    push<T>(roomId: string, job: () => Promise<T>, must = false): Promise<T> | null {
      const queue = tails.get(roomId) ?? { last: Promise.resolve(), length: 0 };
      if (!must && (queue.length >= perRoom || size >= total)) return null;
      tails.set(roomId, queue);
      queue.length++;
      size++;
      const done = queue.last.then(job);
      queue.last = done
        .catch(() => {})
        .finally(() => {
          queue.length--;
          size--;
          if (queue.length === 0) tails.delete(roomId);
          if (size > 0) return;
          for (const resolve of whenIdle) resolve();
          whenIdle = [];
        });
      return done;
    },
    /** Jobs waiting or under way. */
    size: () => size,
    idle: () => (size === 0 ? Promise.resolve() : new Promise<void>((resolve) => whenIdle.push(resolve))),
  };
}

/** `work` runs once at a time. Whoever asks while it runs gets one more run after it, shared by all who ask meanwhile. */
export function oneMore(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  function begin(): Promise<void> {
    const run = work().finally(() => {
      if (running === run) running = null;
    });
    running = run;
    return run;
  }

  return () => {
    if (!running) return begin();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        return begin();
      });
    return next;
  };
}
