/** Strangers' texts and links in Matrix's two forms. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  directionMark,
  escapeHtml,
  safeHref,
  shortRoom,
  shownId,
  tame,
} from '../../../src/adapters/matrix/untrusted.ts';
import { clip } from '../../../src/core/answers.ts';
import { anyCharacter } from '../../fakes/any-text.ts';

const texts = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.string({ unit: 'grapheme' }),
  fc.stringMatching(/^[@room\ud800-\udfff]{0,12}$/),
);

test('an id of whoever: as it is where it is one, and no sentence of its own', () => {
  for (const id of ['@ann:example.org', '@ß.я_-=/+1:[::1]:8448'.replace(/[[\]]/g, ''), 'ELEMENT', 'a+/=~', '😀'])
    expect(shownId(id)).toBe(id);
  expect(shownId('A) gave up.\nyour session\u001b[2K ELEMENT\u202e')).toBe('A??gave?up.?your?session??2K?ELEMENT?');
  fc.assert(
    fc.property(texts, (text) => {
      expect(shownId(text)).toMatch(/^[^\s\p{C}()[\]]*$/u);
      expect(shownId(text.repeat(9)).length).toBeLessThanOrEqual(100);
    }),
  );
});

describe('tamed', () => {
  test('any text: well-formed, nobody pinged, nothing that turns the line around, and tamed once is enough', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom('@room', '@ROOM ', '\u202e', ''), texts, (before, bait, after) => {
        const once = tame(before + bait + after);
        expect(once.isWellFormed()).toBe(true);
        expect(once).not.toMatch(/@room\b/i);
        expect(once).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(tame(once)).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['everyone@room.example', 'everyone@\u200broom.example'],
    ['@rooms and @roommate', '@rooms and @roommate'],
    ['a\tb\nc', 'a\tb\nc'],
    ['می‌خواهم', 'می‌خواهم'],
  ])('%j: %j', (given, expected) => expect(tame(given)).toBe(expected));
});

describe('escaped', () => {
  test('any text: comes back from a browser as it was, and no tag or attribute begins in it', () => {
    const back = (html: string): string =>
      html
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&');
    fc.assert(
      fc.property(fc.oneof(texts, fc.stringMatching(/^[&<>"'a-z;#]{0,20}$/)), (text) => {
        const html = escapeHtml(text);
        expect(html).not.toMatch(/[<>"']/);
        expect(back(html)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('clipped', () => {
  test('any text and length: no longer than that, never half a character, and says where something is missing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, length) => {
        const shown = clip(text, length);
        expect(shown.length).toBeLessThanOrEqual(length);
        expect(shown.isWellFormed()).toBe(true);
        if (text.length <= length) expect(shown).toBe(text);
        else expect(shown.endsWith('…') && text.startsWith(shown.slice(0, -1))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('links', () => {
  test.each<[string, string | null]>([
    ['https://e.example/a?b=1#c', 'https://e.example/a?b=1#c'],
    ['HTTP://E.example', 'http://e.example/'],
    ['mailto:ann@e.example', 'mailto:ann@e.example'],
    ['https://matrix.to/#/@eve:x', null],
    ['https://MATRIX.TO/#/@eve:x', null],
    ['javascript:alert(1)', null],
    ['matrix:u/eve:x', null],
    ['data:text/html,x', null],
    [`https://e.example/${'x'.repeat(2_000)}`, null],
    ['not a link', null],
    ['', null],
  ])('%.60s: %s', (link, href) => expect(safeHref(link)).toBe(href));

  test('a room in it: opens the same, and pings nobody', () => {
    const href = safeHref('https://e.example/@room?who=@room')!;
    expect(href).not.toContain('@room');
    expect(decodeURIComponent(href)).toBe('https://e.example/@room?who=@room');
  });

  test('whatever is taken: one of three schemes, and written into an attribute it stays there', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(
            fc.constantFrom(
              'https://a.example/',
              'HTTP://a.aa"onclick=x',
              'mailto:a@b.example',
              'javascript:',
              'data:',
              '//a.example',
              '',
            ),
            fc.string({ unit: anyCharacter }),
          )
          .map((parts) => parts.join('')),
        (link) => {
          const href = safeHref(link);
          if (href !== null) expect(escapeHtml(href)).toMatch(/^(?:https?|mailto):[^"<>]*$/);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

test('right-to-left languages get a mark at the begin of a line, others none', () => {
  expect(['fa', 'ar'].map(directionMark)).toEqual(Array(2).fill('\u200f'));
  expect(['en', 'ru', 'zh', ''].map(directionMark)).toEqual(Array(4).fill(''));
});

test('a room in a log: enough to find it, not its whole id', () => {
  expect(shortRoom('!abcdefghijklmnop:example.org')).toBe('!abcdef…');
});
