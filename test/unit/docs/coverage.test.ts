import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ownersIn, ownersPage } from '../../../bench/coverage/outlets.ts';

test('seventy countries in which access was cut: three owners or more are read in each', () => {
  const owners = ownersIn();
  expect(owners.size).toBeGreaterThanOrEqual(70);
  expect([...owners].filter(([, n]) => n < 3)).toEqual([]);
});

test('docs/coverage.md: has the owners that the catalogue has; if not, run `node bench/coverage/run.ts --write`', () => {
  expect(readFileSync('docs/coverage.md', 'utf8')).toContain(ownersPage());
});
