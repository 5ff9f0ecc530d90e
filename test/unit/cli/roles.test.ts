import { expect, test } from 'vitest';
import { rolesOf } from '../../../src/cli/start.ts';
import { ALL_ROLES } from '../../../src/core/lease.ts';

test.each<[string | undefined, string]>([
  [undefined, 'ingest bot deliver web'],
  ['ingest,bot,deliver,web', 'ingest bot deliver web'],
  ['web', 'web'],
  ['deliver, bot', 'bot deliver'],
  ['bot,bot', 'bot'],
])('--role %s: %s', (given, roles) => {
  expect(rolesOf(given).join(' ')).toBe(roles);
});

test.each([
  ['', 'a role is missing'],
  ['bot,', 'a role is missing'],
  ['reader', 'there is no role "reader"'],
  ['bot,Deliver', 'there is no role "Deliver"'],
])('--role "%s": refused with what is wrong and all that there are', (given, said) => {
  expect(() => rolesOf(given)).toThrow(said);
  for (const role of ALL_ROLES) expect(() => rolesOf(given)).toThrow(role);
});
