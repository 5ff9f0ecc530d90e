import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configurationPage, PAGE } from '../../docs/configuration.ts';

const page = configurationPage();

test('docs/configuration.md is what the schema says: run `npm run docs:configuration` where it is not', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});

describe('what the page says of a key', () => {
  test.each([
    ['its range and default', '| `network.perHost` | whole number; 1 to 64 | `2` | Requests at a time to one host. |'],
    ['a duration that the policy fills in', '| `policy.groupWait` | duration | `1m` |'],
    ['words to choose from', '| `policy.level` | `early`, `corroborated`, `confirmed` | `corroborated` |'],
    ['a secret', '| `token` | text; a secret: `env:NAME` or `file:PATH`'],
    [
      'a key that must be there, with its form',
      '| `web.listen` | text; write it as 127.0.0.1:8080 or [::1]:8080 | must be there |',
    ],
    ['a list in a list of blocks', '| `extract.services[].aliases` | list of text;'],
  ])('%s', (_name, row) => expect(page).toContain(row));

  test('every key of the file itself says what it is for', () => {
    const file = page.slice(page.indexOf('## The file'), page.indexOf('## accounts'));
    expect(file.split('\n').filter((line) => /\| {2}\|$/.test(line))).toEqual([]);
  });
});
