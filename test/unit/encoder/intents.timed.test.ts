/** What sentences want, by a file of its own beside the encoder's: what it says of known ones is what was said when it was made. */
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import CARD from '../../../config/encoder/card.json' with { type: 'json' };
import WANTS from '../../../config/encoder/intents.json' with { type: 'json' };
import { WANTED } from '../../../src/core/commands/asking/intents.ts';
import { createEncoderHost } from '../../../src/encoder/host.ts';
import { createModel } from '../../../src/encoder/model.ts';
import { testDeps } from '../../contract/adapter-deps.ts';

const at = (name: string): URL => new URL(`../../../config/encoder/${name}`, import.meta.url);
const { checks } = JSON.parse(readFileSync(new URL('../../fixtures/intents-checks.json', import.meta.url), 'utf8')) as {
  checks: { text: string; kinds: [kind: string, chance: number][] }[];
};
const model = createModel(at('encoder.bin'), CARD.sha256);
const wants = model.wants(at('intents.bin'), WANTS.sha256);

test.each(checks)('$text: as it was when the weights were made', ({ text, kinds }) => {
  const ranked = wants(text);
  // Seven bits for what goes in, where the weights were made in sixteen.
  expect(ranked[0]![0]).toBe(kinds[0]![0]);
  expect(Math.abs(ranked[0]![1] - kinds[0]![1])).toBeLessThan(0.15);
});

test('all kinds have a chance, and the bot knows each', () => {
  const ranked = wants('hello');
  expect(ranked.reduce((sum, [, chance]) => sum + chance, 0)).toBeCloseTo(1, 3);
  expect(ranked.map(([kind]) => kind).sort()).toEqual([...WANTED].sort());
});

test('a text of news in between: the same, and news are weighed as before', () => {
  const news = { title: 'WhatsApp is blocked in Russia', summary: '', services: [], countries: [] };
  const [before, weighed] = [wants('hello'), model(news)];
  expect([wants('hello'), model(news)]).toEqual([before, weighed]);
});

test('a long text: no more than 128 pieces are read', () => {
  const long = 'why '.repeat(300);
  expect(wants(long)).toEqual(wants(`${long}${long}`));
});

test('another file: refused by its hash', () => {
  expect(() => model.wants(at('intents.bin'), '0'.repeat(64))).toThrow(/not the file/);
  expect(() => model.wants(at('none.bin'), WANTS.sha256)).toThrow(/none\.bin/);
});

test('in its process: the same', async () => {
  const host = createEncoderHost(testDeps().log);
  onTestFinished(() => host.stop());
  // The first starts it, which may take longer than anybody waits.
  await host.encode({ title: '', summary: '', services: [], countries: [] });
  await host.wants('hello');
  expect((await host.wants('hello')) ?? wants('hello')).toEqual(wants('hello'));
});
