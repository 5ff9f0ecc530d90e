import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createExtractor } from '../../../src/core/extract/extractor.ts';
import { casesOf, catalogue, lexicon, triples } from './extractor.ts';

/** The rules alone: what they make of a text must not hang on what was learnt. */
const { weights: _weights, ...words } = lexicon;
const rules = createExtractor(words, catalogue);

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('/turns.txt'))
  .sort();
const cases = casesOf(...files);

describe('turns of a story, by the rules alone', () => {
  test('the lists: are there', () => expect(cases.length).toBeGreaterThan(840));
  test.each(cases)('$title: $want', ({ title, summary, lang, want }) =>
    expect(triples(rules.extract({ title, summary, lang }).events)).toBe(want),
  );
});
