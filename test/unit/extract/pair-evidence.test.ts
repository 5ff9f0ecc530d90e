/** What the score is given of a service and a country together, and of the words around a name: told apart, bounded, and independent of what is elsewhere. */
import { describe, expect, test } from 'vitest';
import { createAnalyser } from '../../../src/core/extract/analysis.ts';
import { clauseWords, leading, namingsOf, pairEvidence, placesOf } from '../../../src/core/extract/score/cells.ts';
import { clear, createFeatures } from '../../../src/core/extract/score/features.ts';
import { catalogue, lexicon } from './extractor.ts';

const analyse = createAnalyser(lexicon, catalogue);
const keysOf = ({ keys, values, size }: ReturnType<typeof createFeatures>): string =>
  Array.from({ length: size }, (_, i) => `${keys[i]} ${values[i]!.toFixed(3)}`)
    .sort()
    .join();

function pair(title: string, service: string, country: string): string {
  const analysis = analyse({ title, summary: '', lang: 'en' });
  const fields = leading(analysis.fields);
  const to = clear(createFeatures());
  const namings = namingsOf(fields, service);
  const places = placesOf(fields, country);
  pairEvidence({ service, country, namings, places, claims: analysis.found.claims }, to);
  return keysOf(to);
}

function words(title: string, service: string): { keys: string; size: number } {
  const to = clear(createFeatures());
  clauseWords(namingsOf(leading(analyse({ title, summary: '', lang: 'en' }).fields), service), to);
  return { keys: keysOf(to), size: to.size };
}

describe('a service and a country together', () => {
  test('two clauses, each with a name and a country: own pairs look like each other, crossed ones do not', () => {
    const text = 'Ghana blocks Signal; Togo blocks Viber';
    expect(pair(text, 'signal', 'GH')).toBe(pair(text, 'viber', 'TG'));
    expect(pair(text, 'signal', 'TG')).not.toBe(pair(text, 'signal', 'GH'));
  });

  test('the country before the name, or behind it: told apart', () => {
    expect(pair('Ghana blocks Signal', 'signal', 'GH')).not.toBe(pair('Signal is blocked in Ghana', 'signal', 'GH'));
  });

  test('a country that the text does not name: as far from each name', () => {
    expect(pair('Ghana blocks Signal', 'signal', 'PE')).toBe(pair('Ghana blocks Viber', 'viber', 'PE'));
  });
});

describe('the words of a clause', () => {
  test('what another clause says: nothing of this one', () => {
    expect(words('Ghana blocks Signal; Togo frees Viber', 'signal').keys).toBe(
      words('Ghana blocks Signal; Mali slows Viber', 'signal').keys,
    );
  });

  test('the same words in another order: told apart by what follows what', () => {
    expect(words('Ghana never blocks Signal', 'signal').keys).not.toBe(
      words('Ghana blocks never Signal', 'signal').keys,
    );
  });

  test('the name itself: no word of its clause', () => {
    expect(words('Ghana blocks Signal', 'signal').keys).toBe(words('Ghana blocks Viber', 'viber').keys);
  });

  test('a clause without end, a name again and again: bounded', () => {
    expect(words(`${'word '.repeat(90)}Signal${' other'.repeat(60)}`, 'signal').size).toBeLessThan(60);
    expect(words('Signal a b c d e f '.repeat(40), 'signal').size).toBeLessThan(120);
    expect(words('Ghana blocks Signal', 'viber').size).toBe(0);
  });
});
