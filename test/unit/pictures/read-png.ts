import { inflateSync } from 'node:zlib';

export interface ReadPng {
  width: number;
  height: number;
  /** Colours in the palette. */
  colours: number;
  pixels: [number, number, number][];
}

/** Reads the one kind of PNG that we write: 8 bits of a palette, no filter. Throws at any other. */
export function readPng(png: Uint8Array): ReadPng {
  const bytes = Buffer.from(png);
  const parts = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    parts.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const head = parts.get('IHDR')!;
  if (head[8] !== 8 || head[9] !== 3) throw new Error('not 8 bits of a palette');
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const palette = parts.get('PLTE')!;
  const rows = inflateSync(parts.get('IDAT')!);
  const pixels: [number, number, number][] = [];
  for (let y = 0; y < height; y++) {
    if (rows[y * (width + 1)] !== 0) throw new Error('a filter');
    for (let x = 0; x < width; x++) {
      const at = rows[y * (width + 1) + 1 + x]! * 3;
      pixels.push([palette[at]!, palette[at + 1]!, palette[at + 2]!]);
    }
  }
  return { width, height, colours: palette.length / 3, pixels };
}
