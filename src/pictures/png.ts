import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Pixels (RGBA, row by row) as a PNG, quickly: no filters, which help a drawing of plain areas little, and the fastest compression. Half the time of the
 * rasteriser's own encoder at the same size; a palette would be a third of the size, and takes a maker that has just begun three times as long.
 */
export function encodePng(pixels: Uint8Array, width: number, height: number): Buffer {
  const size = width * 4;
  const rows = Buffer.allocUnsafe((size + 1) * height);
  for (let y = 0; y < height; y++) {
    const at = y * (size + 1);
    // The number of the row's filter: none.
    rows[at] = 0;
    rows.set(pixels.subarray(y * size, (y + 1) * size), at + 1);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // 8 bits of each of four channels.
  head.set([8, 6, 0, 0, 0], 8);
  const data = deflateSync(rows, { level: 1 });
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}
