import { describe, expect, test } from 'vitest';
import { casesOf, read } from './extractor.ts';

const cases = casesOf(
  'items-2.txt',
  'items-en.txt',
  'items-en-2.txt',
  'items-west.txt',
  'items-ru.txt',
  'items-slavic.txt',
);

describe('invented items with leads', () => {
  test('the list: is there', () => expect(cases.length).toBeGreaterThan(190));
  test.each(cases)('$title: $want', ({ title, summary, lang, want }) => expect(read(title, summary, lang)).toBe(want));
});
