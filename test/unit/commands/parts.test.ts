import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOf } from '../../../src/core/commands/answer.ts';

test.each([
  ['nothing: one empty part', [], ['']],
  ['what fits: together', ['ab', 'c'], ['ab\nc']],
  ['what does not fit: the next part begins with it', ['abc', 'de', 'f'], ['abc', 'de\nf']],
  ['an empty line: kept', ['a', '', 'b'], ['a\n\nb']],
  ['a line longer than a part: in pieces', ['abcdefg'], ['abcde', 'fg']],
])('%s', (_name, lines, parts) => {
  expect(partsOf(lines, 5)).toEqual(parts);
});

test('any lines: every part fits, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 30 })), fc.integer({ min: 1, max: 12 }), (lines, most) => {
      const parts = partsOf(lines, most);
      expect(parts.every((part) => part.length <= most)).toBe(true);
      expect(parts.join('').replaceAll('\n', '')).toBe(lines.join('').replaceAll('\n', ''));
    }),
  );
});
