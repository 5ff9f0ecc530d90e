/** Runs `work` when all that was handed in before has ended, well or not. Resolves and rejects as `work` does. */
export type InOrder = <T>(work: () => Promise<T>) => Promise<T>;

export function inOrder(): InOrder {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };
}

/** The same for each key by itself; keys do not wait for each other. Nothing is kept of a key that has no work. */
export function inOrderByKey(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const queues = new Map<string, { run: InOrder; waiting: number }>();
  return async (key, work) => {
    const queue = queues.get(key) ?? { run: inOrder(), waiting: 0 };
    queues.set(key, queue);
    queue.waiting++;
    try {
      return await queue.run(work);
    } finally {
      queue.waiting--;
      if (queue.waiting === 0) queues.delete(key);
    }
  };
}
