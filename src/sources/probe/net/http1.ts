import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { PageOutcome } from '../../../core/judge/observations.ts';
import { LIMITS } from '../config.ts';
import { errnoOf, type Timing, untilSettled } from './connection.ts';

/** An ordinary browser's words: a probe should look like the people whose access it measures. */
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

export interface HttpAsk {
  host: string;
  path: string;
  method?: 'GET' | 'POST' | 'HEAD';
  headers?: Record<string, string>;
  body?: Uint8Array;
  maxBytes: number;
  /** Until the first byte of the answer. */
  firstByteMs: number;
  /** Silence in the middle of a body that ends the reading as `stall`. */
  stallMs: number;
  totalMs: number;
  /** Keep the connection and what it may still carry. */
  keepAlive?: boolean;
}

export type HttpAnswer = Awaited<ReturnType<typeof exchange>>;

/** One HTTP/1.1 exchange on an open connection. Never throws; bounded in head, body and time. Leaves the connection to the caller. */
export async function exchange(stream: Duplex, ask: HttpAsk, { clock, signal }: Timing) {
  const begin = clock.monotonic();
  const took = (): number => Math.round(clock.monotonic() - begin);
  const parser = createParser(ask.maxBytes, ask.method === 'HEAD');
  let quiet: NodeJS.Timeout | undefined;
  const waits = { ms: ask.totalMs, signal, late: 'timeout', stopped: 'error' } as const;
  const ended = untilSettled<PageOutcome>(stream, waits, (settle) => {
    const silent = (): void => settle(parser.read.seen > 0 ? 'stall' : 'timeout');
    const onEnd = (): void => {
      parser.end();
      settle(parser.read.done ? 'ok' : 'eof');
    };
    quiet = stream.destroyed ? setTimeout(onEnd) : setTimeout(silent, ask.firstByteMs);
    return {
      data(chunk: Buffer) {
        clearTimeout(quiet);
        quiet = setTimeout(silent, ask.stallMs);
        const fine = parser.push(chunk);
        if (fine && !parser.read.done) return;
        stream.pause();
        settle(fine ? 'ok' : 'error');
      },
      end: onEnd,
      close: onEnd,
      error: (error: Error) => settle(['ECONNRESET', 'EPIPE'].includes(errnoOf(error)) ? 'reset' : 'error'),
    };
  });
  if (!signal.aborted && !stream.destroyed) send(stream, ask);
  const outcome = await ended;
  clearTimeout(quiet);
  stream.pause();
  const body = parser.body();
  return {
    outcome,
    status: parser.read.status,
    headers: parser.read.headers,
    /** At most `maxBytes`; for measuring, never for keeping. */
    body,
    /** The body came whole (by its own account) rather than cut by our cap. */
    complete: parser.read.done && !parser.read.capped,
    ms: took(),
    sha256: parser.read.status > 0 ? createHash('sha256').update(body).digest('hex') : null,
  };
}

function send(stream: Duplex, ask: HttpAsk): void {
  const headers: Record<string, string> = {
    Host: ask.host,
    'User-Agent': USER_AGENT,
    Accept: '*/*',
    'Accept-Language': 'en',
    'Accept-Encoding': 'identity',
    Connection: ask.keepAlive ? 'keep-alive' : 'close',
    ...(ask.body ? { 'Content-Length': String(ask.body.length) } : {}),
    ...ask.headers,
  };
  const head = Object.entries(headers)
    .map(([k, value]) => `${k}: ${value}\r\n`)
    .join('');
  stream.write(`${ask.method ?? 'GET'} ${ask.path} HTTP/1.1\r\n${head}\r\n`);
  if (ask.body) stream.write(ask.body);
  stream.resume();
}

/** Reads what comes, in whatever pieces: the head, then a body of a length, in chunks, or up to the end. */
function createParser(max: number, headOnly: boolean) {
  const read = { status: 0, headers: new Map<string, string>(), done: false, capped: false, seen: 0 };
  let headed = false;
  /** A chunk whose size has no end: whatever it is, it is no body. */
  let endless = false;
  let pending: Buffer = Buffer.alloc(0);
  const pieces: Buffer[] = [];
  let have = 0;
  /** Of the body, or of the chunk; null = not known. */
  let left: number | null = null;
  let chunked = false;

  function readHead(): boolean {
    const end = pending.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const lines = pending.subarray(0, end).toString('latin1').split('\r\n');
    read.status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(lines[0] ?? '')?.[1] ?? -1);
    if (read.status === -1) return false;
    pending = pending.subarray(end + 4);
    if (read.status >= 100 && read.status < 200) {
      read.status = 0;
      return readHead();
    }
    for (const line of lines.slice(1, 101)) {
      const colon = line.indexOf(':');
      const value = line.slice(colon + 1).trim();
      if (colon > 0) read.headers.set(line.slice(0, colon).trim().toLowerCase(), value.slice(0, 2_000));
    }
    headed = true;
    chunked = /chunked/i.test(read.headers.get('transfer-encoding') ?? '');
    const length = read.headers.get('content-length');
    left = !chunked && length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null;
    read.done = headOnly || read.status === 204 || read.status === 304 || left === 0;
    return true;
  }

  function keep(data: Buffer): void {
    const part = data.subarray(0, max - have);
    pieces.push(Buffer.from(part));
    have += part.length;
    if (have >= max && (left === null || left > 0 || data.length > part.length)) read.done = read.capped = true;
  }

  /** Of the next chunk. False: it is not there yet, or there is no more. */
  function readSize(): boolean {
    const end = pending.indexOf('\r\n');
    endless = end < 0 && pending.length > LIMITS.headBytes;
    if (end < 0) return false;
    const line = pending.subarray(0, end).toString('latin1');
    pending = pending.subarray(end + 2);
    // What ends the chunk before.
    const isEnd = line === '' && left === 0;
    left = isEnd ? null : Number.parseInt(line, 16);
    if (isEnd) return readSize();
    read.done = !(left! > 0);
    return !read.done;
  }

  function readBody(): void {
    while (!read.done) {
      if (chunked && !left && !readSize()) return;
      const data = pending.subarray(0, left ?? undefined);
      if (data.length === 0) return;
      pending = pending.subarray(data.length);
      if (left !== null) left -= data.length;
      keep(data);
      if (left === 0 && !chunked) read.done = true;
    }
  }

  return {
    /** What is known so far. */
    read,
    body: (): Buffer => Buffer.concat(pieces),
    /** False: this is no HTTP. */
    push(chunk: Buffer): boolean {
      read.seen += chunk.length;
      pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
      if (!headed && !readHead()) return read.status !== -1 && pending.length <= LIMITS.headBytes;
      readBody();
      return !endless;
    },
    /** The connection ended: good for a body without a length. */
    end(): void {
      if (headed && left === null && !chunked) read.done = true;
    },
  };
}
