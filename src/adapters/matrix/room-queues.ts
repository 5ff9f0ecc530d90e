/** Work in order within a room, rooms beside each other. */
export interface RoomQueues {
  /** Null when it is full and `must` is not set; else resolves when the job is done. A job that throws is the caller's mistake and ends only itself. */
  push<T>(roomId: string, job: () => Promise<T>, must?: boolean): Promise<T> | null;
  /** Jobs waiting or under way. */
  size(): number;
  idle(): Promise<void>;
}

export function createRoomQueues(perRoom: number, total: number): RoomQueues {
  const tails = new Map<string, { last: Promise<unknown>; length: number }>();
  let size = 0;
  let whenIdle: (() => void)[] = [];

  return {
    push(roomId, job, must = false) {
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
    size: () => size,
    idle: () => (size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
  };
}
