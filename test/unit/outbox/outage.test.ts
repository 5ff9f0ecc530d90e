import { expect, test } from 'vitest';
import { createOutage } from '../../../src/core/outbox/sender.ts';

test('a platform that fails both halves of an account: whoever meets it first warns', () => {
  const outage = createOutage();
  expect([outage.begins('receiving'), outage.begins('sending')]).toEqual([true, false]);
  // Receiving works again and fails again while sends still wait: the same trouble.
  outage.ends('receiving');
  expect(outage.begins('receiving')).toBe(false);
});

test('both halves work again: the next trouble is a new one', () => {
  const outage = createOutage();
  outage.begins('sending');
  outage.ends('sending');
  expect(outage.begins('receiving')).toBe(true);
});
