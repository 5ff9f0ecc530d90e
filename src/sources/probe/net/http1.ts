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

export interface HttpAnswer {
  outcome: PageOutcome;
  status: number;
  headers: Map<string, string>;
  /** At most `maxBytes`; for measuring, never for keeping. */
  body: Buffer;
  /** The body came whole (by its own account) rather than cut by our cap. */
  complete: boolean;
  ms: number;
  sha256: string | null;
}

/** One HTTP/1.1 exchange on an open connection. Never throws; bounded in head, body and time. Leaves the connection to the caller. */
export async function exchange(stream: Duplex, ask: HttpAsk, { clock, signal }: Timing): Promise<HttpAnswer> {
  const begin = clock.monotonic();
  const took = (): number => Math.round(clock.monotonic() - begin);
  const parser = new AnswerParser(ask.maxBytes, ask.method === 'HEAD');
  let quiet: NodeJS.Timeout | undefined;
  const waits = { ms: ask.totalMs, signal, late: 'timeout', stopped: 'error' } as const;
  const ended = untilSettled<PageOutcome>(stream, waits, (settle) => {
    const silent = (): void => settle(parser.seen > 0 ? 'stall' : 'timeout');
    const onEnd = (): void => {
      parser.end();
      settle(parser.done ? 'ok' : 'eof');
    };
    quiet = stream.destroyed ? setTimeout(onEnd) : setTimeout(silent, ask.firstByteMs);
    return {
      data(chunk: Buffer) {
        clearTimeout(quiet);
        quiet = setTimeout(silent, ask.stallMs);
        const fine = parser.push(chunk);
        if (fine && !parser.done) return;
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
    status: parser.status,
    headers: parser.headers,
    body,
    complete: parser.done && !parser.capped,
    ms: took(),
    sha256: parser.status > 0 ? createHash('sha256').update(body).digest('hex') : null,
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
class AnswerParser {
  status = 0;
  readonly headers = new Map<string, string>();
  done = false;
  capped = false;
  seen = 0;
  #headed = false;
  /** A chunk whose size has no end: whatever it is, it is no body. */
  #endless = false;
  #pending: Buffer = Buffer.alloc(0);
  readonly #pieces: Buffer[] = [];
  #have = 0;
  /** Of the body, or of the chunk; null = not known. */
  #left: number | null = null;
  #chunked = false;
  readonly #max: number;
  readonly #headOnly: boolean;

  constructor(max: number, headOnly: boolean) {
    this.#max = max;
    this.#headOnly = headOnly;
  }

  body = (): Buffer => Buffer.concat(this.#pieces);

  /** False: this is no HTTP. */
  push(chunk: Buffer): boolean {
    this.seen += chunk.length;
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    if (!this.#headed && !this.#readHead()) return this.status !== -1 && this.#pending.length <= LIMITS.headBytes;
    this.#readBody();
    return !this.#endless;
  }

  /** The connection ended: good for a body without a length. */
  end(): void {
    if (this.#headed && this.#left === null && !this.#chunked) this.done = true;
  }

  #readHead(): boolean {
    const end = this.#pending.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const lines = this.#pending.subarray(0, end).toString('latin1').split('\r\n');
    this.status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(lines[0] ?? '')?.[1] ?? -1);
    if (this.status === -1) return false;
    this.#pending = this.#pending.subarray(end + 4);
    if (this.status >= 100 && this.status < 200) {
      this.status = 0;
      return this.#readHead();
    }
    for (const line of lines.slice(1, 101)) {
      const colon = line.indexOf(':');
      const value = line.slice(colon + 1).trim();
      if (colon > 0) this.headers.set(line.slice(0, colon).trim().toLowerCase(), value.slice(0, 2_000));
    }
    this.#headed = true;
    this.#chunked = /chunked/i.test(this.headers.get('transfer-encoding') ?? '');
    const length = this.headers.get('content-length');
    this.#left = !this.#chunked && length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null;
    this.done = this.#headOnly || this.status === 204 || this.status === 304 || this.#left === 0;
    return true;
  }

  #readBody(): void {
    while (!this.done) {
      if (this.#chunked && !this.#left && !this.#readSize()) return;
      const data = this.#pending.subarray(0, this.#left ?? undefined);
      if (data.length === 0) return;
      this.#pending = this.#pending.subarray(data.length);
      if (this.#left !== null) this.#left -= data.length;
      this.#keep(data);
      if (this.#left === 0 && !this.#chunked) this.done = true;
    }
  }

  /** Of the next chunk. False: it is not there yet, or there is no more. */
  #readSize(): boolean {
    const end = this.#pending.indexOf('\r\n');
    this.#endless = end < 0 && this.#pending.length > LIMITS.headBytes;
    if (end < 0) return false;
    const line = this.#pending.subarray(0, end).toString('latin1');
    this.#pending = this.#pending.subarray(end + 2);
    // What ends the chunk before.
    const isEnd = line === '' && this.#left === 0;
    this.#left = isEnd ? null : Number.parseInt(line, 16);
    if (isEnd) return this.#readSize();
    this.done = !(this.#left! > 0);
    return !this.done;
  }

  #keep(data: Buffer): void {
    const part = data.subarray(0, this.#max - this.#have);
    this.#pieces.push(Buffer.from(part));
    this.#have += part.length;
    if (this.#have >= this.#max && (this.#left === null || this.#left > 0 || data.length > part.length))
      this.done = this.capped = true;
  }
}
