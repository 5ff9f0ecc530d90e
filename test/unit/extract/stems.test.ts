/** Stems found by hash are those found by comparing: whatever the letters, few or many of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Stem, Stems } from '../../../src/core/extract/text/trie.ts';

const plainly = (all: readonly Stem[], w: string): Stem[] =>
  all
    .filter(({ stem, extra }) => w.startsWith(stem) && w.length - stem.length <= extra)
    .sort((a, b) => a.stem.length - b.stem.length);

const made = (all: readonly Stem[]): Stems<Stem> => {
  const stems = new Stems<Stem>();
  for (const one of all) stems.add(one);
  return stems;
};

/** Few letters, so that stems begin one another, are the same but for their reach, and meet in the word. */
const letters = (most: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'ж', '禁', '\u{1f512}'), minLength: 1, maxLength: most });
const stem = fc.record({ stem: letters(5), extra: fc.constantFrom(0, 4, 99) });

describe('stems of a word', () => {
  test('any stems, any word: those that it begins with and that reach its end, the shortest first', () => {
    fc.assert(
      fc.property(fc.array(stem, { maxLength: 60 }), letters(9), (all, w) => {
        expect(made(all).of(w)).toEqual(plainly(all, w));
      }),
    );
  });

  test('the twelfth stem, and those behind it: found like those before', () => {
    const all: Stem[] = Array.from({ length: 14 }, (_, i) => ({
      stem: `stem${String.fromCharCode(97 + i)}`,
      extra: 99,
    }));
    for (let n = 1; n <= all.length; n++) {
      const stems = made(all.slice(0, n));
      for (const [i, one] of all.entries()) expect(stems.of(`${one.stem}s`)).toEqual(i < n ? [one] : []);
    }
  });

  test('the same letters with another reach: a stem of its own', () => {
    const short = { stem: 'block', extra: 4 };
    const stems = made([short, { stem: 'block', extra: 99 }]);
    expect(stems.get('block', 4)).toBe(short);
    expect(stems.get('block', 0)).toBeUndefined();
    expect(stems.of('blockings').map((s) => s.extra)).toEqual([4, 99]);
    expect(stems.of('blockadings').map((s) => s.extra)).toEqual([99]);
  });

  test('no stems, no letters: nothing', () => {
    expect(made([]).of('word')).toEqual([]);
    expect(made([{ stem: 'word', extra: 99 }]).of('')).toEqual([]);
  });
});
