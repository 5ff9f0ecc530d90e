import { describe, expect, test } from 'vitest';
import type { Item } from '../../../src/core/model/item.ts';
import { seenKeys } from '../../../src/core/read.ts';

const item = (change: Partial<Item>): Item => ({
  sourceId: 's',
  guid: 'g1',
  url: 'https://example.org/1',
  title: 'One',
  summary: 'First',
  lang: null,
  publishedAt: 0,
  dated: true,
  publisher: 'p',
  publisherName: 'P',
  authority: false,
  ...change,
});

/** Would the second item, in a later fetch, be recognised by what the first one left? */
const recognised = (first: Partial<Item>, second: Partial<Item>): boolean => {
  const [a] = seenKeys([item(first)]);
  const [b] = seenKeys([item(second)]);
  return b!.some((key) => a!.includes(key));
};

describe('seen items', () => {
  const cases: [string, Partial<Item>, boolean][] = [
    ['the same again', {}, true],
    ['a new guid', { guid: 'g2' }, true],
    ['a new date', { publishedAt: 99 }, true],
    ['a new guid and address, same text', { guid: 'g2', url: 'https://example.org/2' }, true],
    ['an edited headline at the same address', { title: 'One, corrected' }, true],
    ['everything new', { guid: 'g2', url: 'https://example.org/2', title: 'Two', summary: 'Second' }, false],
  ];
  for (const [name, change, expected] of cases)
    test(`${name}: ${expected ? 'old' : 'new'}`, () => expect(recognised({}, change)).toBe(expected));

  test('a search, one title: of two sites two items, of one site under another address one', () => {
    const found = { guid: null, found: true } as const;
    const at = (publisher: string, url: string) => ({ ...found, publisher, url });
    const one = at('copies.example', 'https://copies.example/1');
    expect(recognised(one, at('monitor.co.ug', 'https://monitor.co.ug/1'))).toBe(false);
    expect(recognised(one, at('copies.example', 'https://m.copies.example/1'))).toBe(true);
  });

  test('a feed that gives every item one guid and one address: its items stay apart', () => {
    const same = { guid: 'all', url: 'https://example.org/' };
    const [a, b] = seenKeys([item({ ...same, title: 'One' }), item({ ...same, title: 'Two' })]);
    expect(a!.some((key) => b!.includes(key))).toBe(false);
  });
});
