import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutText, plainText } from '../../../src/sources/rss/shape.ts';
import { anyCharacter } from '../../fakes/any-text.ts';
import { expectAtMost } from '../../fakes/pace.ts';

const BODY: [string, string, string][] = [
  ['tags and entities', '<p>A &amp; B&nbsp;— <b>c</b></p>', 'A & B — c'],
  ['blocks part words', '<p>one</p><p>two</p>three<br/>four<li>five</li>', 'one two three four five'],
  ['inline tags do not', 'ro<b>u</b>ter', 'router'],
  ['script and style go with what is in them', 'a<script>var x = "<p>";</script>b<style>p{}</style>c', 'abc'],
  ['comments go', 'a<!-- <b> -->b', 'ab'],
  ['CDATA inside', 'a<![CDATA[b]]>c', 'abc'],
  ['a lone < stays', 'a < b and 3<4', 'a < b and 3<4'],
  ['escaped twice', '&lt;p&gt;Hello &amp;quot;you&amp;quot;&lt;/p&gt;', 'Hello "you"'],
  ['numbers', '&#1055;&#x440;&#1080;', 'При'],
  ['attributes with >', '<a href="/x" title="a">b</a>', 'b'],
  ['white space closes up', ' a \n\t b \u00a0 c ', 'a b c'],
  ['direction overrides and invisible marks go', 'a\u202eb\u200bc\u0000d', 'abcd'],
  ['cut tag at the end', 'text <a href="http://x', 'text <a href="http://x'],
  ['unclosed script', 'a<script>b', 'ab'],
];

describe('body', () => test.each(BODY)('%s', (_name, html, text) => expect(plainText(html, 1_000)).toBe(text)));

const TITLES: [string, string, string][] = [
  ['what is no tag of HTML stays', 'Vector<T> in C++', 'Vector<T> in C++'],
  ['what is one goes', 'A <i>new</i> block', 'A new block'],
  ['escaped quotes', 'Суд &quot;за&quot; &laquo;блокировку&raquo;', 'Суд "за" «блокировку»'],
];

describe('title', () =>
  test.each(TITLES)('%s', (_name, html, text) => expect(plainText(html, 500, 'title')).toBe(text)));

test('bounded, and never half a character', () => {
  expect(cutText('abcdef', 4)).toBe('abc…');
  expect(cutText('ab😀cd', 4)).toBe('ab…');
  expect(plainText('😀'.repeat(1_000), 500)).toHaveLength(499);
});

test('any text: bounded, on one line, well formed, the same when done again', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '&',
      '<p>',
      '</p>',
      '<!--',
      '-->',
      '<script>',
      '&amp;',
      '&lt;',
      '<![CDATA[',
      ']]>',
      '"',
      ' ',
    ),
    fc.string({ unit: anyCharacter }),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }),
      fc.constantFrom('title' as const, 'body' as const),
      (pieces, mode) => {
        const text = plainText(pieces.join(''), 100, mode);
        expect(text.length).toBeLessThanOrEqual(100);
        expect(text).not.toMatch(/[\n\r\u0000\u202e]/);
        expect(text.isWellFormed()).toBe(true);
      },
    ),
  );
});

test.each(['<', '<a ', '<script>', '<!--', '&', '&amp;', '<![CDATA[', ' ', '<p'])(
  '4 MB of %s: under 300 ms',
  (piece) => {
    const start = performance.now();
    plainText(piece.repeat(4_000_000 / piece.length), 20_000);
    expectAtMost(performance.now() - start, 300);
  },
);
