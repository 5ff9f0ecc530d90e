import { inflateSync } from 'node:zlib';

export interface ReadPng {
  width: number;
  height: number;
  /** Red, green, blue and opacity of each. */
  pixels: number[][];
}

/** Reads the one kind of PNG that we write: 8 bits of four channels, no filter. Throws at any other. */
export function readPng(png: Uint8Array): ReadPng {
  const bytes = Buffer.from(png);
  const parts = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    parts.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const head = parts.get('IHDR')!;
  if (head[8] !== 8 || head[9] !== 6) throw new Error('not 8 bits of four channels');
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const rows = inflateSync(parts.get('IDAT')!);
  const pixels: number[][] = [];
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * (width * 4 + 1), (y + 1) * (width * 4 + 1));
    if (row[0] !== 0) throw new Error('a filter');
    for (let x = 0; x < width; x++) pixels.push([...row.subarray(1 + x * 4, 5 + x * 4)]);
  }
  return { width, height, pixels };
}
