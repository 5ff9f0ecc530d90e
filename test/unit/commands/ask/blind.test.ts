/**
 * 816 more questions and orders, all written before the code that answers them was looked at. Of the 300 in `blind/` 239 were right at first sight; the
 * 150 in `held/` were kept back until those were mended: 146 were right at first sight. Of `third/` (126, half of them orders) 109 were, of `fourth/` (104) 87; what
 * failed there was nearly always an order. `sixth/` (136) was written by somebody who had seen none of them: 131 were right when the others were. `|` parts answers of which any is right; `~` stands for a time,
 * or whatever else follows.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectAtMost } from '../../../fakes/pace.ts';
import { ask, sorted } from './bench.ts';

const LANGUAGES = ['en', 'ru', 'fa', 'tr', 'uk', 'de', 'es', 'fr', 'ar', 'zh'];

const questions = (folder: string, lang: string) =>
  readFileSync(new URL(`${folder}/${lang}.txt`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' => ') as [string, string]);

const isRight = (got: string, expected: string): boolean =>
  expected.split(' | ').some((one) => {
    // Thanks are answered as greetings are.
    if (one === 'none' && got === 'hello') return true;
    if (!one.includes('~')) return sorted(one) === got;
    const wanted = one.replace('~', '').trim().split(' ');
    const has = got.split(' ');
    return (
      wanted[0] === has[0] &&
      wanted.every((word) => has.includes(word)) &&
      (has[0] !== 'mute' || /for|until/u.test(got))
    );
  });

describe.each([
  ['blind', 30],
  ['held', 15],
  ['third', 12],
  ['fourth', 10],
  ['sixth', 12],
])('%s', (folder, count) => {
  test.each(LANGUAGES)('%s: understood', (lang) => {
    const all = questions(folder, lang);
    expect(all.length).toBeGreaterThanOrEqual(count);
    const wrong = all.flatMap(([text, expected]) => {
      const got = ask(text);
      return isRight(got, expected) ? [] : [`${text} => ${got} (not ${expected})`];
    });
    expect(wrong).toEqual([]);
  });
});

/** Fifty more, five a language: 42 were right at first sight, all questions among them; one order is still answered with the status alone. */
test('the last fifty: understood', () => {
  const lines = readFileSync(new URL('fifth.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(50);
  const wrong = lines.flatMap((line) => {
    const [text = '', expected = ''] = line.slice(4).split(' => ');
    return ask(text) === sorted(expected) ? [] : [`${text} => ${ask(text)} (not ${expected})`];
  });
  expect(wrong).toEqual([]);
});

/** What services and countries are called in ten languages, with cases and endings: each beside a country, or beside WhatsApp. */
describe('names', () => {
  const names = (file: string) =>
    readFileSync(new URL(`names/${file}.txt`, import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/: (.*)/su) as [string, string]);

  test('services: known', () => {
    const all = names('services').flatMap(([id, list]) => list.split('|').map((name) => [name, id] as const));
    expect(all.length).toBeGreaterThan(700);
    expect(all.filter(([name, id]) => ask(`${name} RU`) !== `status RU ${id}`)).toEqual([]);
  });

  test('countries: known; a city or a strip of land with its country', () => {
    const all = names('countries').flatMap(([id, list]) => list.split('|').map((name) => [name, id] as const));
    expect(all.length).toBeGreaterThan(700);
    const isKnown = (got: string, id: string): boolean =>
      got === `status ${id} whatsapp` || got.startsWith(`status ${id} ${id}-`);
    expect(all.filter(([name, id]) => !isKnown(ask(`whatsapp ${name}`), id))).toEqual([]);
  });
});

test('orders by half, and what only sounds like one: nothing is changed', () => {
  for (const text of [
    'follow telegram but not in russia',
    'unsubscribe from everything except iran please',
    'отпиши меня от всего кроме ирана',
    'no more internet in iran',
    'kein internet mehr in kuba',
    "plus d'internet au mali",
    'plus de whatsapp en russie ?',
    'did they stop telegram in iran?',
    'is whatsapp in russia still blocked, tell me',
    'when will whatsapp come back in russia',
    'Uganda: no more WhatsApp, says minister',
    'нет больше ютуба в россии',
  ])
    expect(ask(text), text).not.toMatch(/^(?:subscribe|unsubscribe|mute|forget)/u);
});

test.each([
  'if ',
  'stop telegram ',
  'kein mehr ',
  'digest 9 ',
  '每天摘要 ',
  'до утра ',
  'حتى الغد ',
  'my time zone is ',
  'hi ',
])('4,000 characters of "%s": read in 50 ms', (part) => {
  const text = part.repeat(4_000).slice(0, 4_000);
  const took = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    ask(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  expectAtMost(Math.min(...took), 50);
});
