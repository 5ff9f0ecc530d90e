/** Done when the block ends, however it ends: `using _ = atEnd(() => …)`. */
export const atEnd = (call: () => unknown): Disposable => ({ [Symbol.dispose]: () => void call() });

/** The same of what takes its time: `await using _ = afterwards(() => …)`. */
export const afterwards = (call: () => Promise<unknown> | void): AsyncDisposable => ({
  [Symbol.asyncDispose]: async () => void (await call()),
});
