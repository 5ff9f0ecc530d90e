import { expect, test } from 'vitest';
import { createHeard } from '../../../src/adapters/webhook/told.ts';
import type { DurableState } from '../../../src/core/ports/runtime.ts';

test('what a target heard: of more incidents than are remembered the oldest go, and a row is left of each that stays', async () => {
  const rows = new Map<string, unknown>();
  const state: DurableState = {
    get: async (key) => rows.get(key),
    set: async (key, value) => void rows.set(key, value),
    delete: async (key) => void rows.delete(key),
  };
  const heard = createHeard(state, 3);
  for (const id of ['a', 'b', 'c']) await heard.note(id, 1);
  await heard.note('a', 2);
  await heard.note('d', 1);
  await heard.note('e', 1);
  expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map(heard.of))).toEqual([null, null, 1, 1, 1]);
  expect(rows.size).toBe(4);
  expect(await createHeard(state, 3).of('e')).toBe(1);
});
