/** The encoder's own file and arithmetic: the file is the one that its card names, and what it says of known texts is what was said when it was made. */
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import CARD from '../../../config/encoder/card.json' with { type: 'json' };
import type { Asked } from '../../../src/core/ports/encoder.ts';
import { createEncoderHost } from '../../../src/encoder/host.ts';
import { createModel } from '../../../src/encoder/model.ts';
import { testDeps } from '../../contract/adapter-deps.ts';

const file = new URL('../../../config/encoder/encoder.bin', import.meta.url);
const { checks } = JSON.parse(readFileSync(new URL('../../fixtures/encoder-checks.json', import.meta.url), 'utf8')) as {
  checks: { asked: Asked; relevant: number; candidates: number[] }[];
};
const model = createModel(file, CARD.sha256);

test.each(checks)('$asked.title: as it was when the weights were made', ({ asked, relevant, candidates }) => {
  const said = model(asked);
  // Seven bits for what goes in, where the weights were made in sixteen.
  expect(Math.abs(said.relevant - relevant)).toBeLessThan(0.8);
  expect(said.candidates).toHaveLength(candidates.length);
  for (const [i, value] of candidates.entries()) expect(Math.abs(said.candidates[i]! - value)).toBeLessThan(1);
});

test('the same text twice, another in between: the same numbers', () => {
  const [first, second] = checks;
  const before = model(first!.asked);
  model(second!.asked);
  expect(model(first!.asked)).toEqual(before);
});

test('a long text: no more than 512 pieces are read', () => {
  const long = { ...checks[0]!.asked, summary: 'блокировка '.repeat(5_000) };
  const longer = { ...long, summary: `${long.summary}${long.summary}` };
  expect(model(long).relevant).toBe(model(longer).relevant);
});

test('another file: refused by its hash', () => {
  expect(() => createModel(file, '0'.repeat(64))).toThrow(/not the file/);
});

test('in its process: the same', async () => {
  const host = createEncoderHost(testDeps().log);
  onTestFinished(() => host.stop());
  expect(await host.encode(checks[0]!.asked)).toEqual(model(checks[0]!.asked));
});
