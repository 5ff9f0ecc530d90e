import type { IncomingMessage, ServerResponse } from 'node:http';

/** Ends a request with a status and no words. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** The whole body, or `Refused`: 413 past `maxBytes` (before a byte is read, where the length is declared), the signal's reason in time. */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) throw new Refused(413);
  if (request.headers.expect) response.writeContinue();
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.pause();
        reject(new Refused(413));
      } else chunks.push(chunk);
    });
    request.on('end', resolve);
    request.on('error', () => reject(new Refused(400)));
  });
  return Buffer.concat(chunks);
}
