import { PassThrough, Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import TROUBLES from '../../config/trouble-texts.json' with { type: 'json' };
import { type Code, TocsinError } from '../core/errors.ts';

const DNS = new Set('ENOTFOUND EAI_AGAIN EAI_FAIL EAI_NODATA EAI_NONAME ENODATA ESERVFAIL ETIMEOUT'.split(' '));
const TIMEOUT = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const PROXY = new Set(['UND_ERR_PRX_CONN', 'UND_ERR_PRX_TLS', 'UND_ERR_SOCKS5', 'UND_ERR_SOCKS5_AUTH']);
const TLS =
  /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|CRL_|ERR_OSSL)/;

const SENTENCES: Partial<Record<string, string>> = TROUBLES.fetch;

/** A failure of the fetch itself. `host` names the server without path and query, which may hold secrets. */
export const fetchError = (code: Code, host: string, facts: TocsinError['facts'] = {}, cause?: unknown): TocsinError =>
  new TocsinError(code, `${host}: ${SENTENCES[code] ?? code}`, { host, ...facts }, cause);

/** What undici, net, tls, dns or zlib threw, in our words. */
export function asFetchError(error: unknown, host: string, viaProxy: boolean): TocsinError {
  if (error instanceof TocsinError) return error;
  const reason = reasonOf(error);
  const code = codeFor(reason, error, viaProxy);
  return fetchError(code, host, { reason }, error);
}

function codeFor(reason: string, error: unknown, viaProxy: boolean): Code {
  if (reason === 'EBLOCKED') return 'fetch_blocked_address';
  if (PROXY.has(reason)) return 'fetch_proxy';
  const message = error instanceof Error ? error.message : '';
  if (viaProxy && /proxy|socks/i.test(message)) return 'fetch_proxy';
  // Behind a proxy the only name we resolve and the only port we call are the proxy's.
  if (viaProxy && (DNS.has(reason) || reason === 'ECONNREFUSED')) return 'fetch_proxy';
  if (DNS.has(reason)) return 'fetch_dns';
  if (TIMEOUT.has(reason)) return 'fetch_timeout';
  if (TLS.test(reason)) return 'fetch_tls';
  if (reason === 'UND_ERR_HEADERS_OVERFLOW' || reason === 'HPE_HEADER_OVERFLOW') return 'fetch_too_large';
  return 'fetch_connection';
}

/** The system's or library's code; that of the first attempt where several addresses were tried. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const own = (error as NodeJS.ErrnoException).code;
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  if (typeof own === 'string' && own !== 'UND_ERR_SOCKET') return own;
  const deeper = inner instanceof Error ? (inner as NodeJS.ErrnoException).code : undefined;
  return typeof deeper === 'string' ? deeper : (own ?? error.name);
}

export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd';

/** Layers of coding that a body may wear; real servers send one. */
const MAX_LAYERS = 2;

/** The decoders for a Content-Encoding header, outermost first; null where it names one that we do not know. */
export function decodersFor(header: string, firstByte: number): Transform[] | null {
  const names = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length > MAX_LAYERS) return null;
  const decoders: Transform[] = [];
  for (const name of names.reverse()) {
    const decoder = decoderFor(name, decoders.length === 0 ? firstByte : 0x78);
    if (!decoder) return null;
    decoders.push(decoder);
  }
  return decoders;
}

function decoderFor(name: string, firstByte: number): Transform | null {
  // A body that was cut keeps what came: the feed's whole items are still worth reading.
  const zlib = process.getBuiltinModule('node:zlib');
  const { constants } = zlib;
  const lenient = { finishFlush: constants.Z_SYNC_FLUSH };
  if (name === 'gzip' || name === 'x-gzip') return zlib.createGunzip(lenient);
  // "deflate" means zlib's wrapping, but some servers send it bare; the low four bits of zlib's first byte are 8.
  if (name === 'deflate')
    return (firstByte & 0x0f) === 8 ? zlib.createInflate(lenient) : zlib.createInflateRaw(lenient);
  if (name === 'br') return zlib.createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
  // 8 MB of window, as the format's specification asks decoders to grant; the default would let a header claim 128 MB.
  if (name === 'zstd') return zlib.createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 23 } });
  return null;
}

const EMPTY = new Uint8Array(0);

type OnChunk = (chunk: Uint8Array) => void;
type Limits = { maxBytes: number; host: string; signal: AbortSignal };

/**
 * The whole body after inflation, in memory of its own (it may be transferred to a worker); empty where `onChunk` took it, piece by piece. Stops at
 * `maxBytes`, compressed or inflated, and ends the connection then.
 */
export async function readBody(
  answer: Dispatcher.ResponseData,
  method: string,
  { onChunk, ...limits }: Limits & { onChunk: OnChunk | undefined },
): Promise<Uint8Array> {
  const { body, statusCode } = answer;
  const { maxBytes, host } = limits;
  body.on('error', () => {});
  if (method === 'HEAD' || statusCode === 304 || statusCode === 204) {
    body.resume();
    return EMPTY;
  }
  const { 'content-encoding': coding = '', 'content-length': length = '' } = headersOf(answer);
  const tooLarge = () => {
    body.destroy();
    return fetchError('fetch_too_large', host, { maxBytes });
  };
  if (Number(length) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  const take = onChunk ?? ((chunk) => void chunks.push(chunk));
  if (coding === '' || coding.toLowerCase() === 'identity') await hand(body, maxBytes, tooLarge, take);
  else await inflate(body, { ...limits, coding, tooLarge }, take);
  return onChunk ? EMPTY : new Uint8Array(Buffer.concat(chunks));
}

/** What comes in is inflated and handed on, piece by piece. */
async function inflate(
  body: Dispatcher.ResponseData['body'],
  { coding, maxBytes, host, signal, tooLarge }: Limits & { coding: string; tooLarge: () => TocsinError },
  onChunk: OnChunk,
): Promise<void> {
  const fault = (wrong: string, cause?: unknown): TocsinError =>
    new TocsinError('fetch_connection', `${host}: the body ${wrong}.`, { host }, cause);
  const pieces = body[Symbol.asyncIterator]();
  const first = (await pieces.next()) as IteratorResult<Uint8Array, undefined>;
  if (first.done) return;
  const decoders = decodersFor(coding, first.value[0]!);
  if (!decoders) throw fault(`is coded as "${coding.slice(0, 40)}", which is not known`);
  let came = 0;
  /** What is wrong with the body itself, before it is inflated. */
  let broken: unknown = null;
  const raw = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (let next: IteratorResult<Uint8Array, undefined> = first; !next.done; next = await pieces.next()) {
        came += next.value.length;
        if (came > maxBytes) throw tooLarge();
        yield next.value;
      }
    } catch (error) {
      broken = error;
      throw error;
    }
  };
  let trouble: unknown = null;
  const last = new PassThrough();
  const done = pipeline([Readable.from(raw()), ...decoders, last], { signal }).catch((error: unknown) => {
    trouble = error;
  });
  try {
    await hand(last, maxBytes, tooLarge, onChunk);
  } catch (error) {
    last.destroy();
    await done;
    signal.throwIfAborted();
    if (error instanceof TocsinError) throw error;
    throw broken ?? fault(`could not be inflated (${coding.slice(0, 40)})`, trouble ?? error);
  }
}

async function hand(stream: AsyncIterable<Uint8Array>, most: number, tooLarge: () => TocsinError, onChunk: OnChunk) {
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > most) throw tooLarge();
    onChunk(chunk);
    // What has come already would be handed on without a turn for anybody else.
    await setImmediate();
  }
}

/** One that stands there several times as one. */
export const headersOf = ({ headers }: Pick<Dispatcher.ResponseData, 'headers'>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]));
