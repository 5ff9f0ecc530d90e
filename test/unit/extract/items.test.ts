import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { read } from './extractor.ts';

let lang = '';
const cases: { title: string; summary: string; lang: string; want: string }[] = [];
const text = ['items-2.txt', 'items-en.txt', 'items-en-2.txt', 'items-west.txt', 'items-ru.txt', 'items-slavic.txt']
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  .join('\n');
for (const line of text.split('\n')) {
  if (line.startsWith('@')) lang = line.slice(1);
  if (line.startsWith('#') || !line.includes(' => ')) continue;
  const [told, want] = line.split(' => ') as [string, string];
  const [title, summary] = told.split('||').map((part) => part.trim()) as [string, string | undefined];
  cases.push({ title, summary: summary ?? '', lang, want: want.trim().split(/\s+/u).sort().join(' ') });
}

describe('invented items with leads', () => {
  test('the list: is there', () => expect(cases.length).toBeGreaterThan(190));
  test.each(cases)('$title: $want', ({ title, summary, lang, want }) => expect(read(title, summary, lang)).toBe(want));
});
