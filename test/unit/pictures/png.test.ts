/** The encoder: what it writes, read back by the format's rules. */
import { crc32, inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../../../src/pictures/png.ts';
import { readPng } from './read-png.ts';

describe('read back', () => {
  test('every pixel is what it was', () => {
    const pixels = [
      [255, 0, 0, 255],
      [0, 255, 0, 255],
      [0, 0, 255, 128],
      [9, 8, 7, 0],
      [255, 255, 255, 255],
      [1, 2, 3, 4],
    ];
    expect(readPng(encodePng(Uint8Array.from(pixels.flat()), 3, 2))).toEqual({ width: 3, height: 2, pixels });
  });

  test('any picture', () => {
    const side = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(side, side, fc.nat(255), fc.nat(255), (width, height, first, step) => {
        const bytes = Uint8Array.from({ length: width * height * 4 }, (_, i) => first + i * step);
        expect(readPng(encodePng(bytes, width, height)).pixels.flat()).toEqual([...bytes]);
      }),
      { numRuns: 40 },
    );
  });

  test('bytes of a view into something larger', () => {
    const large = Uint8Array.from({ length: 24 }, () => 1);
    large.set([10, 20, 30, 255], 8);
    expect(readPng(encodePng(large.subarray(8, 12), 1, 1)).pixels).toEqual([[10, 20, 30, 255]]);
  });
});

test('every part has its length and its sum, in the order of the format', () => {
  const png = encodePng(Uint8Array.from([1, 2, 3, 255]), 1, 1);
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const names: string[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    names.push(png.toString('latin1', at + 4, at + 8));
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
    if (names.at(-1) === 'IDAT') expect(inflateSync(png.subarray(at + 8, at + 8 + length))).toHaveLength(5);
    at += 12 + length;
  }
  expect(names).toEqual(['IHDR', 'IDAT', 'IEND']);
});
