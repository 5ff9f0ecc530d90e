import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGE, translationsPage } from '../../docs/translations.ts';

test('docs/translations.md is what the languages have: run `npm run translations` where it is not', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(translationsPage());
});
