/** The encoder: what it writes, read back by the format's rules. */
import { crc32, inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../../../src/pictures/png.ts';
import { readPng } from './read-png.ts';

const word = (r: number, g: number, b: number): [number, number, number, number] => [r, g, b, 255];
const pixelsOf = (colours: [number, number, number, number][]): Uint8Array => Uint8Array.from(colours.flat());

describe('read back', () => {
  test('few colours: every pixel is what it was', () => {
    const colours = [
      word(255, 0, 0),
      word(0, 255, 0),
      word(0, 0, 255),
      word(255, 0, 0),
      word(9, 8, 7),
      word(255, 255, 255),
    ];
    const read = readPng(encodePng(pixelsOf(colours), 3, 2));
    expect(read).toMatchObject({ width: 3, height: 2 });
    expect(read.pixels).toEqual(colours.map(([r, g, b]) => [r, g, b]));
  });

  test('any picture of few colours', () => {
    const side = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(side, side, fc.infiniteStream(fc.integer({ min: 0, max: 40 })), (width, height, stream) => {
        const colours = Array.from({ length: width * height }, () => {
          const { value } = stream.next();
          return word(value * 6, 255 - value, value);
        });
        expect(readPng(encodePng(pixelsOf(colours), width, height)).pixels).toEqual(
          colours.map(([r, g, b]) => [r, g, b]),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('more than 256 colours: the frequent ones stay, the rare ones become a neighbour', () => {
    const frequent = Array.from({ length: 256 }, (_, i) => word(i, 0, 0)).flatMap((one) => [one, one]);
    const rare = Array.from({ length: 88 }, (_, i) => word(i, 3, 2));
    const read = readPng(encodePng(pixelsOf([...frequent, ...rare]), 100, 6));
    expect(read.colours).toBe(256);
    expect(read.pixels.slice(0, 512)).toEqual(frequent.map(([r, g, b]) => [r, g, b]));
    expect(read.pixels.slice(512)).toEqual(rare.map(([r]) => [r, 0, 0]));
  });

  test('bytes of a view into something larger', () => {
    const large = Uint8Array.from({ length: 24 }, () => 1);
    large.set([10, 20, 30, 255], 8);
    expect(readPng(encodePng(large.subarray(8, 12), 1, 1)).pixels).toEqual([[10, 20, 30]]);
  });
});

test('every part has its length and its sum, in the order of the format', () => {
  const png = encodePng(pixelsOf([word(1, 2, 3)]), 1, 1);
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const names: string[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    names.push(png.toString('latin1', at + 4, at + 8));
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
    if (names.at(-1) === 'IDAT') expect(inflateSync(png.subarray(at + 8, at + 8 + length))).toHaveLength(2);
    at += 12 + length;
  }
  expect(names).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
});
