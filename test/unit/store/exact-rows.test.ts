import { expect, test } from 'vitest';
import { remove, update } from '../../../src/store/sql/rows.ts';

test.each([
  ['deleted', () => remove({} as never, 'subscriptions', { chat_id: undefined })],
  ['written', () => update({} as never, 'subscriptions', { service: 'signal' }, { chat_id: 1, country: undefined })],
])('a value is missing where rows are %s: a fault that names it, and no statement', async (_what, run) => {
  await expect(run()).rejects.toThrow(/No value for subscriptions\.\w+: nothing is written/);
});
