/** Work in order within a room, rooms beside each other. */
export interface Lanes {
  /** Null when it is full and `must` is not set; else resolves when the job is done. A job that throws is the caller's mistake and ends only itself. */
  push<T>(roomId: string, job: () => Promise<T>, must?: boolean): Promise<T> | null;
  /** Jobs waiting or under way. */
  size(): number;
  idle(): Promise<void>;
}

export function createLanes(perRoom: number, total: number): Lanes {
  const tails = new Map<string, { last: Promise<unknown>; length: number }>();
  let size = 0;
  let whenIdle: (() => void)[] = [];

  return {
    push(roomId, job, must = false) {
      const lane = tails.get(roomId) ?? { last: Promise.resolve(), length: 0 };
      if (!must && (lane.length >= perRoom || size >= total)) return null;
      tails.set(roomId, lane);
      lane.length++;
      size++;
      const done = lane.last.then(job);
      lane.last = done
        .catch(() => {})
        .finally(() => {
          lane.length--;
          size--;
          if (lane.length === 0) tails.delete(roomId);
          if (size > 0) return;
          for (const resolve of whenIdle) resolve();
          whenIdle = [];
        });
      return done;
    },
    size: () => size,
    idle: () => (size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
  };
}
