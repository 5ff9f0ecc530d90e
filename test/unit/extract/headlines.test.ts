import { describe, expect, test } from 'vitest';
import { casesOf, read } from './extractor.ts';

const cases = casesOf('headlines.txt');

describe('invented headlines in 40 languages', () => {
  test('the list: is there', () => expect(cases.length).toBeGreaterThan(240));
  test.each(cases)('$title: $want', ({ title, summary, lang, want }) => expect(read(title, summary, lang)).toBe(want));
});
