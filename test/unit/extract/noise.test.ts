import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tokenise } from '../../../src/core/extract/tokens.ts';
import { Trie } from '../../../src/core/extract/trie.ts';
import { read } from './extractor.ts';

const cases = readFileSync(join(import.meta.dirname, 'noise.txt'), 'utf8')
  .split('\n')
  .filter((line) => !line.startsWith('#') && line.includes(' => '))
  .map((line) => {
    const [text, want] = line.split(' => ') as [string, string];
    const [title, summary] = text.split('||').map((part) => part.trim()) as [string, string | undefined];
    return { title, summary: summary ?? '', want: want.trim().split(/\s+/u).sort().join(' ') };
  });

describe('what looks like news and is none', () => {
  test('the list: is there', () => expect(cases.length).toBeGreaterThan(150));
  test.each(cases)('$title: $want', ({ title, summary, want }) => expect(read(title, summary)).toBe(want));
});

test('"growing list of countries" in the lead of a title that tells an event: still news', () => {
  expect(read('Kenya blocks TikTok', 'It joins a growing list of countries that have cut off the app.')).toBe(
    'KE/tiktok/block',
  );
  expect(read('Where TikTok is cut off', 'Here is a list of countries that have blocked the app, Kenya first.')).toBe(
    'NO',
  );
});

test('a long gap of one phrase: does not widen the short gap of another', () => {
  const trie = new Trie<string>();
  trie.add('blocks .. law', 'short');
  trie.add('blocks ... order', 'long');
  const found = (text: string): string[] => trie.match(tokenise(text).tokens, text).map((m) => m.value);
  expect(found('blocks one two three law')).toEqual(['short']);
  expect(found('blocks one two three four law')).toEqual([]);
  expect(found('blocks one two three four order')).toEqual(['long']);
});
