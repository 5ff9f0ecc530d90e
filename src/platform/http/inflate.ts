import type { Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';

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
  const lenient = { finishFlush: constants.Z_SYNC_FLUSH };
  if (name === 'gzip' || name === 'x-gzip') return createGunzip(lenient);
  // "deflate" means zlib's wrapping, but some servers send it bare; the low four bits of zlib's first byte are 8.
  if (name === 'deflate') return (firstByte & 0x0f) === 8 ? createInflate(lenient) : createInflateRaw(lenient);
  if (name === 'br') return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
  // 8 MB of window, as the format's specification asks decoders to grant; the default would let a header claim 128 MB.
  if (name === 'zstd') return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 23 } });
  return null;
}
