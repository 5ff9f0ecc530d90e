import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { TocsinError } from '../../core/errors.ts';
import { fetchError } from './failures.ts';
import { decodersFor } from './inflate.ts';

const EMPTY = new Uint8Array(0);

export interface ReadOptions {
  maxBytes: number;
  host: string;
  stop: AbortController;
  /** Takes the pieces instead of having them collected. */
  onChunk: ((chunk: Uint8Array) => void) | undefined;
}

/**
 * The whole body after inflation, in memory of its own (it may be transferred to a worker); empty where `onChunk` took it. Stops at `maxBytes`,
 * compressed or inflated, and ends the connection then.
 */
export async function readBody(
  answer: Dispatcher.ResponseData,
  method: string,
  { maxBytes, host, stop, onChunk }: ReadOptions,
): Promise<Uint8Array> {
  const { body } = answer;
  body.on('error', () => {});
  const { statusCode } = answer;
  if (method === 'HEAD' || statusCode === 304 || statusCode === 204) {
    body.resume();
    return EMPTY;
  }
  const coding = header(answer, 'content-encoding');
  const tooLarge = () => {
    body.destroy();
    return fetchError('fetch_too_large', host, { maxBytes });
  };
  const declared = Number(header(answer, 'content-length'));
  if (declared > maxBytes) throw tooLarge();
  if (coding === '' || coding.toLowerCase() === 'identity')
    return onChunk ? hand(body, maxBytes, tooLarge, onChunk) : collect(body, maxBytes, tooLarge);
  if (onChunk) return inflateOn(body, coding, { maxBytes, host, signal: stop.signal, tooLarge }, onChunk);
  return inflate(body, coding, { maxBytes, host, signal: stop.signal, tooLarge });
}

interface InflateOptions {
  maxBytes: number;
  host: string;
  signal: AbortSignal;
  tooLarge: () => TocsinError;
}

async function inflate(
  body: Dispatcher.ResponseData['body'],
  coding: string,
  options: InflateOptions,
): Promise<Uint8Array> {
  const { maxBytes, host, signal, tooLarge } = options;
  const raw = await collect(body, maxBytes, tooLarge);
  if (raw.length === 0) return EMPTY;
  const decoders = decodersFor(coding, raw[0]!);
  if (!decoders) throw unknownCoding(coding, host);
  let bytes: Uint8Array = raw;
  for (const decoder of decoders) {
    const end = () => decoder.destroy();
    signal.addEventListener('abort', end, { once: true });
    try {
      decoder.on('error', () => {});
      decoder.end(bytes);
      bytes = await collect(decoder, maxBytes, () => {
        decoder.destroy();
        return fetchError('fetch_too_large', host, { maxBytes });
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof TocsinError) throw error;
      throw notInflated(coding, host, error);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }
  return bytes;
}

/** The same without holding it: what comes in is inflated and handed on, piece by piece. */
async function inflateOn(
  body: Dispatcher.ResponseData['body'],
  coding: string,
  options: InflateOptions,
  onChunk: (chunk: Uint8Array) => void,
): Promise<Uint8Array> {
  const { maxBytes, host, signal, tooLarge } = options;
  const pieces = body[Symbol.asyncIterator]();
  const first = (await pieces.next()) as IteratorResult<Uint8Array, undefined>;
  if (first.done) return EMPTY;
  const decoders = decodersFor(coding, first.value[0]!);
  if (!decoders) throw unknownCoding(coding, host);
  let came = 0;
  const raw = async function* (): AsyncGenerator<Uint8Array> {
    for (let next: IteratorResult<Uint8Array, undefined> = first; !next.done; next = await pieces.next()) {
      came += next.value.length;
      if (came > maxBytes) throw tooLarge();
      yield next.value;
    }
  };
  let trouble: unknown = null;
  const last = new PassThrough();
  const done = pipeline([Readable.from(raw()), ...decoders, last], { signal }).catch((error: unknown) => {
    trouble = error;
  });
  try {
    return await hand(last, maxBytes, tooLarge, onChunk);
  } catch (error) {
    last.destroy();
    await done;
    if (signal.aborted) throw signal.reason;
    if (error instanceof TocsinError) throw error;
    throw trouble instanceof TocsinError ? trouble : notInflated(coding, host, trouble ?? error);
  }
}

const unknownCoding = (coding: string, host: string): TocsinError =>
  new TocsinError('fetch_connection', `${host}: the body is coded as "${coding.slice(0, 40)}", which is not known.`, {
    host,
  });
const notInflated = (coding: string, host: string, cause: unknown): TocsinError =>
  new TocsinError(
    'fetch_connection',
    `${host}: the body could not be inflated (${coding.slice(0, 40)}).`,
    { host },
    cause,
  );

async function hand(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLarge: () => TocsinError,
  onChunk: (chunk: Uint8Array) => void,
): Promise<Uint8Array> {
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    onChunk(chunk);
    // What has come already would be handed on without a turn for anybody else.
    await setImmediate();
  }
  return EMPTY;
}

async function collect(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLarge: () => TocsinError,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function header(answer: Dispatcher.ResponseData, name: string): string {
  const value = answer.headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}
