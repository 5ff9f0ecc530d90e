import type { Duplex } from 'node:stream';

/** One DNS message there and one back, with the two bytes of length of TCP and TLS. Null = no whole answer in time. */
export function framedExchange(
  stream: Duplex,
  query: Buffer,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Buffer | null> {
  return new Promise((resolve) => {
    let got = Buffer.alloc(0);
    const finish = (answer: Buffer | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onEnd);
      stream.removeListener('data', onData);
      for (const event of ['end', 'close', 'error']) stream.removeListener(event, onEnd);
      if (stream.listenerCount('error') === 0) stream.on('error', () => undefined);
      resolve(answer);
    };
    const onEnd = (): void => finish(null);
    const onData = (chunk: Buffer): void => {
      got = Buffer.concat([got, chunk]);
      if (got.length < 2) return;
      const length = got.readUInt16BE(0);
      if (got.length >= length + 2) finish(got.subarray(2, length + 2));
    };
    const timer = setTimeout(onEnd, timeoutMs);
    stream.on('data', onData);
    for (const event of ['end', 'close', 'error']) stream.on(event, onEnd);
    if (signal.aborted) {
      onEnd();
      return;
    }
    signal.addEventListener('abort', onEnd, { once: true });
    const head = Buffer.alloc(2);
    head.writeUInt16BE(query.length);
    stream.write(Buffer.concat([head, query]));
  });
}
