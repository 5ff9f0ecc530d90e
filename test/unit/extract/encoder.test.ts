/** The encoder's part in a reading: what it is asked, and how its word counts beside the score's. */
import { describe, expect, test } from 'vitest';
import { createExtractor } from '../../../src/core/extract/extractor.ts';
import type { EncoderMix } from '../../../src/core/extract/score/weights.ts';
import { ACTIONS } from '../../../src/core/model/incident.ts';
import { bundledCatalogue, bundledLexicon } from '../../fakes/bundled.ts';

const every = <T>(one: T) => ({ en: one, ru: one, ten: one, rest: one });
const lexicon = bundledLexicon();
const { event } = lexicon.weights!;
const extractorWith = (encoder: EncoderMix | null) =>
  createExtractor({ ...lexicon, weights: { ...lexicon.weights!, encoder } }, bundledCatalogue());
/** Its word counts, and nothing else does. */
const { read, extract } = extractorWith({ relevance: every([0, 0, 1]), triple: every([0, 0, 1]), event: every(event) });

const text = { title: 'Kenya blocks Telegram', summary: 'Signal still works in Kenya.' };

describe('asked', () => {
  test('title, lead, and each candidate with the places that name it', () => {
    const { asked } = read(text);
    const names = (list: readonly { id: string; at: readonly (readonly [number, number, number])[] }[]) =>
      list.map(({ id, at }) => [
        id,
        ...at.map(([field, from, to]) => [asked!.title, asked!.summary][field]!.slice(from, to)),
      ]);
    expect(asked).toMatchObject(text);
    expect(names(asked!.services)).toEqual([
      ['telegram', 'Telegram'],
      ['signal', 'Signal'],
    ]);
    expect(names(asked!.countries)).toEqual([['KE', 'Kenya', 'Kenya']]);
  });

  test.each<[string, typeof text]>([
    ['no service and no country', { title: 'Rain is expected', summary: '' }],
    ['no country', { title: 'Telegram blocks spam', summary: '' }],
  ])('%s: nothing', (_, none) => expect(read(none).asked).toBeNull());

  test('weights that know of no encoder: nothing', () => expect(extractorWith(null).read(text).asked).toBeNull());
});

describe('answered', () => {
  /** Log-odds of what is likely; all else is not. */
  function told(relevant: number, likely: Record<string, number>) {
    const { asked, finish } = read(text);
    const candidates = asked!.services.flatMap((service) =>
      asked!.countries.flatMap((country) =>
        ACTIONS.map((action) => likely[`${country.id}/${service.id}/${action}`] ?? -6),
      ),
    );
    return finish({ relevant, candidates });
  }

  test('no news: no events', () => expect(told(-5, { 'KE/telegram/block': 5 }).events).toEqual([]));

  test('what it finds likely is what is reported, and how likely the text is news', () => {
    const { events, probability } = told(3, { 'KE/signal/throttle': 4 });
    expect(events).toMatchObject([{ action: 'throttle', countries: ['KE'], services: ['signal'] }]);
    expect(probability).toBeCloseTo(0.953, 3);
  });

  test('no answer: as if it had not been asked', () => {
    expect(read(text).finish(null)).toEqual(extract(text));
    expect(read(text).finish(null)).toEqual(extractorWith(null).extract(text));
  });
});
