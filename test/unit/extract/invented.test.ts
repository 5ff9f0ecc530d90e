import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Item, loadItems } from '../../../bench/reader/items.ts';
import { type Example, learn, pack, scoresOf } from '../../../bench/reader/learn.ts';
import { blind, weightsOfNoClaim } from '../../../bench/reader/thin.ts';
import { createAnalyser } from '../../../src/core/extract/analysis.ts';
import { cellsOf, type Take } from '../../../src/core/extract/score/cells.ts';
import { addOnce, createFeatures, type Features, keyOf } from '../../../src/core/extract/score/features.ts';
import { ACTIONS } from '../../../src/core/model/incident.ts';
import { catalogue, lexicon, read } from './extractor.ts';

/** Texts in the manner of real news from which the score learns; no rule is made on them, so they may be read wrong. */
const { items, files } = loadItems();
const invented = items.filter((item) => item.kind === 'invented');
const asRead = (want: readonly string[]): string => [...want].sort().join(' ') || 'NO';
const textOf = ({ title, summary }: Item): string => `${title} || ${summary}`;

describe('invented texts', () => {
  test('the folder: every file is learnt from', () => {
    const names = readdirSync('bench/reader/texts');
    expect(names.length).toBeGreaterThan(5);
    expect(Object.keys(files)).toEqual(expect.arrayContaining(names));
  });
  test('languages: more than fifty, each known to the lexicon or read as what it is', () => {
    expect(new Set(invented.map((item) => item.lang)).size).toBeGreaterThan(50);
    expect(invented.filter((item) => item.lang === null)).toEqual([]);
  });
  test('news and look-alikes: enough of both', () => {
    const news = invented.filter((item) => item.want.length > 0).length / invented.length;
    expect(news).toBeGreaterThan(0.5);
    expect(news).toBeLessThan(0.75);
  });
  test('a text: stands once', () => {
    const texts = invented.map(textOf);
    expect(texts.filter((text, n) => texts.indexOf(text) !== n)).toEqual([]);
  });
  test('labels: an action, a country code and a service of the catalogue', () => {
    const services = new Set<string>([...catalogue.services.map((one) => one.id), 'internet', '-']);
    const wrong = invented.flatMap((item) =>
      item.want.filter((triple) => {
        const [country = '', service = '', action = ''] = triple.split('/');
        return !(
          /^[A-Z]{2}$/u.test(country) &&
          services.has(service) &&
          (ACTIONS as readonly string[]).includes(action)
        );
      }),
    );
    expect(wrong).toEqual([]);
  });
  test('the labelled sets: none of their titles is used', () => {
    const own = readdirSync('bench/reader/texts')
      .map((name) => readFileSync(`bench/reader/texts/${name}`, 'utf8'))
      .join('\n');
    expect(
      items.filter(
        (item) =>
          item.kind !== 'invented' && item.kind !== 'ours' && item.title.length > 30 && own.includes(item.title),
      ),
    ).toEqual([]);
  });
  test('read with the weights that learnt from them: more than eight in ten as labelled', () => {
    const right = invented.filter(({ title, summary, lang, want }) => read(title, summary, lang) === asRead(want));
    expect(right.length / invented.length).toBeGreaterThan(0.8);
  });
});

const BITS = 18;

describe('learning', () => {
  /** Two features of which one tells; `noise` tells nothing. */
  const example = (name: string, want: 0 | 1): Example => {
    const features = createFeatures();
    addOnce(features, keyOf(name), 1);
    addOnce(features, keyOf('noise'), 1);
    return { parts: [pack(features, 10, null)], cells: [{ parts: [0], want }], weight: 1 };
  };
  const examples = [example('yes', 1), example('no', 0), example('yes', 1), example('no', 0)];
  const settings = { epochs: 8, rate: 0.1, decay: 0.01, meanFrom: 2 };
  const scoreOf = (weights: Float32Array, name: string): number => scoresOf(weights, example(name, 0))[0]!;

  test('what tells: is learnt', () => {
    const weights = learn(examples, 10, settings);
    expect(scoreOf(weights, 'yes')).toBeGreaterThan(0.3);
    expect(scoreOf(weights, 'no')).toBeLessThan(-0.3);
  });
  test('the same texts: the same weights', () =>
    expect(learn(examples, 10, settings)).toEqual(learn(examples, 10, settings)));
  test('a blind reading: what it says of missing claims stands where those weights are taken out', () => {
    const features = createFeatures();
    const silent = new Set(weightsOfNoClaim(BITS));
    const taken = new Set<number>();
    const seen = (part: Features, lane: number | null): void => {
      for (const at of pack(part, BITS, lane).at) if (silent.has(at)) taken.add(at);
    };
    const take: Take<void> = {
      one: (part) => seen(part, null),
      each: (part) => ACTIONS.map((_, lane) => seen(part, lane)),
    };
    const text = { title: 'Kenya blocks Telegram and the internet', summary: 'Social media are cut, too.', lang: 'en' };
    cellsOf(blind(createAnalyser(lexicon, catalogue))(text), { scratch: features, take });
    // Three kinds of things, by themselves and with each action; no exact claim, no pair, no country; no claim at all.
    expect(taken.size).toBe(3 + 3 * ACTIONS.length + 4 + ACTIONS.length);
  });
  test('the mean over the last epoch alone: what the last epoch ends with', () => {
    const last = learn(examples, 10, { ...settings, meanFrom: settings.epochs - 1 });
    const mean = learn(examples, 10, { ...settings, meanFrom: 0 });
    expect(Math.abs(scoreOf(last, 'yes'))).toBeGreaterThan(Math.abs(scoreOf(mean, 'yes')));
  });
});
