import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { score } from '../../../bench/news-score.ts';
import { describeIf, shared } from '../../fakes/shared.ts';
import { extractor, triples } from './extractor.ts';

const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const dev = shared('data/news-dev.jsonl');
describeIf(dev, 'needs ../shared/data', 'labelled news', () => {
  test('all of the dev set: above the floors', () => {
    const { fields } = score(extractor, lines(dev!));
    expect(fields.relevant!.f1).toBeGreaterThan(0.93);
    expect(fields['relevant, not English']!.f1).toBeGreaterThan(0.9);
    expect(fields.countries!.f1).toBeGreaterThan(0.92);
    expect(fields.services!.f1).toBeGreaterThan(0.92);
    expect(fields.triples!.f1).toBeGreaterThan(0.8);
  });
});

describe('our own labelled items', () => {
  const { fields } = score(extractor, lines(join(import.meta.dirname, '../../fixtures/reading/items.jsonl')));
  test.each([
    ['relevant', 0.95],
    ['relevant, not English', 0.95],
    ['countries', 0.93],
    ['services', 0.93],
    ['triples', 0.9],
  ])('%s: F1 above %d', (field, floor) => expect(fields[field]!.f1).toBeGreaterThan(floor));
});

const article = shared('data/seed-article.txt');
describeIf(article, 'needs ../shared/data', 'the seed article', () => {
  const [title, lead, ...rest] = readFileSync(article!, 'utf8').split('\n');
  test('new and second-rank events: found; history: left out; no other country', () => {
    const { events } = extractor.extract({ title: title!, summary: lead!, body: rest.join('\n') });
    expect(triples(events)).toBe(
      'RU/bbc/restrict RU/dw/restrict RU/facebook/restrict RU/instagram/restrict RU/telegram/throttle RU/telegram/warn RU/themoscowtimes/restrict RU/whatsapp/block',
    );
  });
});

const replay = shared('data/replay/ru-2026-02.items.jsonl');
const truth = shared('data/replay/ru-2026-02.truth.json');
describeIf(replay && truth, 'needs ../shared/data', 'a whole episode', () => {
  const { mustStaySilent } = JSON.parse(readFileSync(truth!, 'utf8')) as { mustStaySilent: string[] };
  test('items that must stay silent: are no news', () => {
    const loud = lines(replay!).filter(
      (d) =>
        mustStaySilent.includes(d.id) &&
        extractor.extract({ title: d.title, summary: d.summary ?? '', lang: d.lang }).relevant,
    );
    expect(loud.map((d) => d.id)).toEqual([]);
  });
});
