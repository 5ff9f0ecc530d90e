import type { IncomingMessage, ServerResponse } from 'node:http';

export interface WebAnswer {
  status: number;
  /** Default `text/plain; charset=utf-8`. */
  type?: string;
  headers?: Record<string, string>;
  /** A stream is read as fast as the other end takes it, counts among the route's requests until it ends, and is cancelled when the other end goes. */
  body?: string | Uint8Array | ReadableStream<Uint8Array>;
}

/** Nothing here is a page of ours that runs scripts or is framed; routes may loosen it. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
/** A stream whose other end takes nothing for so long is over, ms. */
const STALLED_MS = 30_000;

/** Is there a body that has not come to its end? */
export const hasRest = (request: IncomingMessage): boolean =>
  !request.complete && (Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers);

/** Resolves when the last of it was handed to the system, or the other end is gone. Never rejects. */
export async function send(request: IncomingMessage, response: ServerResponse, answer: WebAnswer): Promise<void> {
  const { status, type, headers, body = '' } = answer;
  const stream = body instanceof ReadableStream ? body : null;
  if (response.destroyed || response.headersSent) return await stream?.cancel().catch(() => undefined);
  // What was not read of a request stands before the next one.
  const rest = hasRest(request);
  if (rest) response.setHeader('connection', 'close');
  const bytes = typeof body === 'string' ? Buffer.from(body) : body instanceof Uint8Array ? body : null;
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    ...HEADERS,
    ...(hasBody ? { 'content-type': type ?? 'text/plain; charset=utf-8' } : {}),
    ...(bytes && hasBody ? { 'content-length': bytes.byteLength } : {}),
    ...headers,
  });
  if (stream && request.method !== 'HEAD') return await pump(stream, response);
  await stream?.cancel().catch(() => undefined);
  response.end(request.method === 'HEAD' || !hasBody ? undefined : bytes, () => {
    if (rest) request.destroy();
  });
}

async function pump(stream: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = stream.getReader();
  response.once('close', () => void reader.cancel().catch(() => undefined));
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (response.destroyed) return;
      if (!response.write(part.value) && !(await drained(response))) return void response.destroy();
    }
    response.end();
  } catch {
    // It broke off: whoever reads it must not take it for whole.
    response.destroy();
  }
}

function drained(response: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const over = (taken: boolean) => () => {
      clearTimeout(timer);
      response.off('drain', drain).off('close', close);
      resolve(taken);
    };
    const [drain, close] = [over(true), over(false)];
    const timer = setTimeout(close, STALLED_MS);
    response.once('drain', drain).once('close', close);
  });
}
