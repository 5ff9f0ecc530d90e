import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { read } from './extractor.ts';

const cases = readFileSync(join(import.meta.dirname, 'headlines.txt'), 'utf8')
  .split('\n')
  .filter((line) => !line.startsWith('#') && line.includes(' => '))
  .map((line) => {
    const [text, want] = line.split(' => ') as [string, string];
    const [title, summary] = text.split('||').map((part) => part.trim()) as [string, string | undefined];
    return { title, summary: summary ?? '', want: want.trim().split(/\s+/u).sort().join(' ') };
  });

describe('invented headlines in 40 languages', () => {
  test('the list: is there', () => expect(cases.length).toBeGreaterThan(240));
  test.each(cases)('$title: $want', ({ title, summary, want }) => expect(read(title, summary)).toBe(want));
});
