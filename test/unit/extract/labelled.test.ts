import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadItems } from '../../../bench/reader/items.ts';
import {
  heldItems,
  keyOf,
  type Label,
  labelledItems,
  labelsIn,
  textsOf,
  trainingItems,
} from '../../../bench/reader/labelled.ts';
import { ACTIONS } from '../../../src/core/model/incident.ts';
import { shared, testIf } from '../../fakes/shared.ts';
import { catalogue } from './extractor.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-labels-'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = { title: 'Tonga closes Zello', summary: 'All carriers obeyed on Monday.' };
const label = (more: Partial<Label> = {}): Label => ({
  file: 'week.jsonl',
  key: keyOf(text),
  lang: 'en',
  want: ['TO/zello/block'],
  ...more,
});
writeFileSync(join(folder, 'week.jsonl'), `${JSON.stringify({ id: 'a', ...text })}\n`);
writeFileSync(
  join(folder, 'feed.xml'),
  `<rss version="2.0"><channel><title>t</title><item><title>${text.title}</title><description>${text.summary}</description></item></channel></rss>`,
);

describe('a label finds its text', () => {
  test('by its words: in JSON lines', async () =>
    expect(await labelledItems([label()], folder)).toEqual([
      { id: `week.jsonl:${keyOf(text)}`, kind: 'dev', lang: 'en', ...text, want: ['TO/zello/block'] },
    ]));
  test('by its words: in a feed', async () =>
    expect(await labelledItems([label({ file: 'feed.xml' })], folder)).toMatchObject([text]));
  test('spaces, case and marks: do not count, words do', () => {
    expect(keyOf({ title: ' TONGA closes  “Zello”', summary: 'All carriers obeyed on Monday' })).toBe(keyOf(text));
    expect(keyOf({ ...text, summary: 'All carriers obeyed on Sunday.' })).not.toBe(keyOf(text));
  });
  test('more than sixty words: are not judged', async () => {
    const long = { title: 'Long', summary: Array.from({ length: 90 }, (_, n) => `w${n}`).join(' ') };
    writeFileSync(join(folder, 'long.jsonl'), JSON.stringify(long));
    const [read] = (await textsOf(join(folder, 'long.jsonl'))).values();
    expect(read?.summary.split(' ')).toHaveLength(60);
  });
  test('in doubt, or its file is not there: it is left out', async () =>
    expect(await labelledItems([label({ unclear: true }), label({ file: 'none.jsonl' })], folder)).toEqual([]));
  test('the text has changed: it is told, not read as another', async () =>
    await expect(labelledItems([label({ key: 'f'.repeat(32) })], folder)).rejects.toThrow('holds no text'));
});

const all = [...labelsIn('real.jsonl'), ...labelsIn('held-real.jsonl')];
const services = new Set<string>([...catalogue.services.map((one) => one.id), 'internet', '-']);
const isTriple = (triple: string): boolean => {
  const [country = '', service = '', action = ''] = triple.split('/');
  return /^[A-Z]{2}$/u.test(country) && services.has(service) && (ACTIONS as readonly string[]).includes(action);
};

describe('the labels', () => {
  test('a text: has one label, learnt from or held back', () =>
    expect(new Set(all.map((one) => `${one.file} ${one.key}`)).size).toBe(all.length));
  test('answers: an action, a country code and a service of the catalogue', () =>
    expect(all.flatMap((one) => one.want).filter((one) => !isTriple(one))).toEqual([]));
  test('no text of a publisher: names, hashes and answers alone', () =>
    expect(
      all.filter((one) => Object.keys(one).some((k) => !['file', 'key', 'lang', 'want', 'unclear'].includes(k))),
    ).toEqual([]));
  const data = shared('data');
  testIf(data, 'needs ../shared/data', 'where the texts are: each label finds its own', async () => {
    const found = await labelledItems(all, data!);
    expect(found).toHaveLength(all.filter((one) => !one.unclear && existsSync(join(data!, one.file))).length);
  });
});

describe('what is held back', async () => {
  const held = await heldItems(folder);
  const { items, files } = await trainingItems(folder);
  test('our own texts: none is learnt from', () => {
    const learnt = new Set(items.map(keyOf));
    expect(held.length).toBeGreaterThan(140);
    expect(held.filter((one) => learnt.has(keyOf(one)))).toEqual([]);
  });
  test('news and near misses: enough of both, in more than thirty languages', () => {
    const news = held.filter((one) => one.want.length > 0).length / held.length;
    expect(news).toBeGreaterThan(0.5);
    expect(news).toBeLessThan(0.75);
    expect(new Set(held.map((one) => one.lang)).size).toBeGreaterThan(30);
  });
  test('answers: an action, a country code and a service of the catalogue', () =>
    expect(held.flatMap((one) => one.want).filter((one) => !isTriple(one))).toEqual([]));
  test('a text of a recorded week that is held back: is not learnt from as part of that week either', () => {
    const spoken = new Set(all.map((one) => one.key));
    expect(items.filter((one) => one.kind === 'episode' && spoken.has(keyOf(one)))).toEqual([]);
    expect(items.length).toBeLessThanOrEqual(loadItems().items.length);
  });
  test('the names of such files: say so', () =>
    expect(
      [...readdirSync('bench/reader/held'), 'held-real.jsonl'].filter((name) => !name.startsWith('held-')),
    ).toEqual([]));
  test('labels: their file is among the inputs that the weights name', () =>
    expect(files['labels/real.jsonl']).toMatch(/^[0-9a-f]{16}$/u));
});
