import { describe, expect, test } from 'vitest';
import { casesOf, read } from './extractor.ts';

const cases = casesOf('families/known-2026-11.txt', 'families/rows.txt', 'families/scenes.txt');

describe('families of sentences', () => {
  test('the lists: are there', () => expect(cases.length).toBe(97));
  test.each(cases)('$title: $want', ({ title, summary, lang, want }) => expect(read(title, summary, lang)).toBe(want));
});
