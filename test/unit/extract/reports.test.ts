import { describe, expect, test } from 'vitest';
import { createExtractor } from '../../../src/core/extract/extractor.ts';
import { casesOf, catalogue, lexicon, triples } from './extractor.ts';

const { weights: _weights, ...ruled } = lexicon;
const rules = createExtractor(ruled, catalogue);
const cases = casesOf(
  ...['disproved', 'looking-back', 'other-lines', 'no-measure', 'no-measure-2', 'no-measure-3', 'no-measure-4'].map(
    (name) => `families/${name}.txt`,
  ),
);

/** By the rules alone: their evidence must be right whatever the score has learnt of it. */
describe('reports that are false, look back, or are of other lines', () => {
  test('the lists: news and look-alikes in every one', () => {
    expect(cases.length).toBeGreaterThan(300);
    expect(cases.filter(({ want }) => want !== 'NO').length).toBeGreaterThan(100);
  });
  test.each(cases)('$lang, $title: $want', ({ title, summary, lang, want }) =>
    expect(triples(rules.extract({ title, summary, lang }).events)).toBe(want),
  );
});
