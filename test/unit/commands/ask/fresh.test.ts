/**
 * 200 more questions, written before the code that answers them (`fresh/`): typing errors, slang, Latin letters, no punctuation. 144 of 200 were right
 * at the first run. `|` parts answers of which any is right; what stands in brackets may be left out.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ask, sorted } from './bench.ts';

const questions = (lang: string) =>
  readFileSync(new URL(`fresh/${lang}.txt`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' => ') as [string, string]);

/** With and without what may be left out. */
function* answers(expected: string): Generator<string> {
  // Thanks are answered as greetings are.
  if (expected === 'none') yield 'hello';
  for (const one of expected.replace(/^network /u, 'status ').split(' | ')) {
    yield sorted(one.replace(/[()]/gu, ''));
    yield sorted(one.replace(/ ?\([^)]*\)/gu, ''));
  }
}

describe('fresh questions of people', () => {
  test.each(['en', 'ru', 'fa', 'tr', 'uk', 'de', 'es', 'fr', 'ar', 'zh'])('%s: understood', (lang) => {
    const all = questions(lang);
    expect(all).toHaveLength(20);
    const wrong = all.flatMap(([text, expected]) => {
      const got = ask(text);
      return [...answers(expected)].includes(got) ? [] : [`${text} => ${got} (not ${expected})`];
    });
    expect(wrong).toEqual([]);
  });
});
