/** Stems found by hash are those found by comparing: whatever the letters, few or many of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Reach, Stems } from '../../../src/core/extract/text/trie.ts';

interface Stem {
  from: number;
  stem: string;
  reach: Reach;
}

const plainly = (all: readonly Stem[], from: number, w: string) =>
  all
    .map((one, i) => ({ ...one, to: i + 1, left: w.length - one.stem.length }))
    .filter((one) => one.from === from && one.reach > 0 && w.startsWith(one.stem) && one.left <= one.reach)
    .sort((a, b) => b.left - a.left || a.reach - b.reach)
    .map(({ to, left }) => ({ to, left }));

const made = (all: readonly Stem[]): Stems => {
  const stems = new Stems();
  for (const [i, { from, stem, reach }] of all.entries()) stems.add(from, stem, reach, i + 1);
  return stems;
};

/** Few letters, so that stems begin one another, are the same but for their reach, and meet in the word. */
const letters = (most: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'ж', '禁', '\u{1f512}'), minLength: 1, maxLength: most });
const place = fc.constantFrom(0, 1, 2, 70_000);
const stem = fc.record({ from: place, stem: letters(5), reach: fc.constantFrom<Reach>(0, 4, 99) });
const stems = (maxLength: number) =>
  fc.uniqueArray(stem, { maxLength, selector: (one) => `${one.from} ${one.stem} ${one.reach}` });

describe('stems of a word', () => {
  test('any stems, any word, from any place: those that it begins with and that reach its end, the shortest first', () => {
    fc.assert(
      fc.property(stems(60), place, letters(9), (all, from, w) => {
        expect(made(all).of(from, w)).toEqual(plainly(all, from, w));
      }),
    );
  });

  test('just these letters from this place with this reach: where they lead, and no other', () => {
    fc.assert(
      fc.property(stems(60), stem, (all, asked) => {
        const known = all.findIndex((o) => o.from === asked.from && o.stem === asked.stem && o.reach === asked.reach);
        expect(made(all).to(asked.from, asked.stem, asked.reach)).toBe(known + 1);
        for (const [i, one] of all.entries()) expect(made(all).to(one.from, one.stem, one.reach)).toBe(i + 1);
      }),
      { numRuns: 30 },
    );
  });

  test('ten thousand, as a language has them: each is found, and no word of another language', () => {
    const all: Stem[] = Array.from({ length: 10_000 }, (_, i) => ({
      from: i % 97,
      stem: `${i.toString(26)}stem`,
      reach: ([0, 4, 99] as const)[i % 3]!,
    }));
    const many = made(all);
    for (const [i, one] of all.entries()) expect(many.to(one.from, one.stem, one.reach)).toBe(i + 1);
    for (const { from, stem: w } of all) expect(many.of(from, `ж${w}`)).toEqual([]);
  });

  test('no stems, no letters: nothing', () => {
    expect(made([]).of(0, 'word')).toEqual([]);
    expect(made([{ from: 0, stem: 'word', reach: 99 }]).of(0, '')).toEqual([]);
  });
});
