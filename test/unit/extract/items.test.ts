import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { read } from './extractor.ts';

let lang = '';
const cases: { title: string; summary: string; lang: string; want: string }[] = [];
for (const line of readFileSync(join(import.meta.dirname, 'items-2.txt'), 'utf8').split('\n')) {
  if (line.startsWith('@')) lang = line.slice(1);
  if (line.startsWith('#') || !line.includes(' => ')) continue;
  const [text, want] = line.split(' => ') as [string, string];
  const [title, summary] = text.split('||').map((part) => part.trim()) as [string, string | undefined];
  cases.push({ title, summary: summary ?? '', lang, want: want.trim().split(/\s+/u).sort().join(' ') });
}

describe('invented items with leads', () => {
  test('the list: is there', () => expect(cases.length).toBeGreaterThan(190));
  test.each(cases)('$title: $want', ({ title, summary, lang, want }) => expect(read(title, summary, lang)).toBe(want));
});
