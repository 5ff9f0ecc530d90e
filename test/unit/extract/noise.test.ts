import { describe, expect, test } from 'vitest';
import { tokenise } from '../../../src/core/extract/text/tokens.ts';
import { Trie } from '../../../src/core/extract/text/trie.ts';
import { casesOf, read } from './extractor.ts';

const cases = casesOf('noise.txt');

describe('what looks like news and is none', () => {
  test('the list: is there', () => expect(cases.length).toBeGreaterThan(150));
  test.each(cases)('$title: $want', ({ title, summary, lang, want }) => expect(read(title, summary, lang)).toBe(want));
});

test('"growing list of countries" in the lead of a title that tells an event: still news', () => {
  expect(read('Kenya blocks TikTok', 'It joins a growing list of countries that have cut off the app.')).toBe(
    'KE/tiktok/block',
  );
  expect(read('Where the app is cut off', 'Here is a list of countries that have blocked TikTok, Kenya first.')).toBe(
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

describe('what only looks like noise', () => {
  test.each([
    ['a state orders the exit', 'Zambia orders Starlink to cease operations', 'ZM/starlink/block'],
    ['own choice', 'Netflix ceases its operations in Zambia', 'NO'],
    [
      'accounts, on a state order: a part',
      'X withholds 2,000 accounts in Zambia on government orders',
      'ZM/x/restrict',
    ],
    ['accounts, by the platform', 'WhatsApp banned over 3 lakh Zambian users in May', 'NO'],
    ['posts removed, named behind the ban', 'Zambia bans Facebook after it removed posts', 'ZM/facebook/block'],
    [
      'the site of a broadcaster',
      "Zambia blocks Al Jazeera's website and takes the channel off air",
      'ZM/aljazeera/block',
    ],
  ])('%s: %s', (_name, title, want) => expect(read(title)).toBe(want));

  test('"the shutdown" behind services that no longer open: theirs', () => {
    expect(read('Facebook and TikTok no longer accessible in Zambia', 'The shutdown came hours after a decree.')).toBe(
      'ZM/facebook/block ZM/tiktok/block',
    );
  });

  test('a cable fault that somebody calls deliberate: a shutdown', () => {
    const title = 'Internet cut in Zambia on election night';
    expect(read(title, 'The operator blames a subsea cable.')).toBe('NO');
    expect(read(title, 'The operator blames a subsea cable; a monitor says that the cut was deliberate.')).toBe(
      'ZM/internet/shutdown',
    );
  });
});
