import { describe, expect, test } from 'vitest';
import { casesOf, read } from './extractor.ts';

const cases = casesOf(
  ...['known-2026-11', 'known-2', 'rows', 'scenes', 'forms', 'new-languages', 'known-3', 'clauses-apart'].map(
    (name) => `families/${name}.txt`,
  ),
);

describe('families of sentences', () => {
  test('the lists: are there', () => expect(cases.length).toBeGreaterThan(290));
  test.each(cases)('$title: $want', ({ title, summary, lang, want }) => expect(read(title, summary, lang)).toBe(want));
});
