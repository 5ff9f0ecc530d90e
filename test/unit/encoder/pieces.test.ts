import { describe, expect, test } from 'vitest';
import { createPieces } from '../../../src/encoder/pieces.ts';
import { expectAtMost } from '../../fakes/pace.ts';

const divide = createPieces({
  pieces: ['\u2581', '\u2581block', 'ed', 'b', 'l', '\u2581blo', 'cked', '\u2581ＯＫ', 'é', '\u2581телеграм'],
  scores: Float32Array.from([-3, -4, -3, -5, -5, -8, -8, -6, -5, -7]),
  folded: new Map([
    [0x09, [0x20]],
    [0x0a, [0x20]],
    [0xad, []],
    [0xe9, [0xe9]],
    [0x1d, [0x65, 0x301]],
  ]),
});

describe('a text in pieces', () => {
  test.each<[string, string, number[]]>([
    ['the likeliest division', 'blocked', [5, 6]],
    ['blanks in a row, tabs and line ends: one', 'blocked \t\nblock', [5, 6, 5]],
    ['a letter that is left out by folding', 'blo\u00ADcked', [5, 6]],
    ['a letter that no piece has: unknown', 'b☃', [4, 7, 3]],
    ['nothing', '', [4]],
  ])('%s', (_, text, ids) => {
    expect(divide(text, 100).ids).toEqual(ids);
  });

  test('each piece: from which letter of the text to before which, as the text is written', () => {
    const { from, to } = divide('blo\u00ADcked block', 100);
    expect([from, to]).toEqual([
      [0, 6, 8],
      [6, 8, 14],
    ]);
  });

  test('letters beyond the first plane count as two, as in the language itself', () => {
    const { ids, from } = divide('😀 block', 100);
    expect([ids, from]).toEqual([
      [4, 3, 5],
      [0, 0, 2],
    ]);
  });

  test('more pieces than wanted: the first ones', () => {
    expect(divide('blocked '.repeat(500), 7).ids).toHaveLength(7);
  });

  test('one word without an end: in a second at most', () => {
    const began = performance.now();
    divide('b'.repeat(20_000), 512);
    expectAtMost(performance.now() - began, 1_000);
  });
});
