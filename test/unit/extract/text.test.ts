/** From a text to words and phrases: what must hold of any text, in whatever script and however broken. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, foldChar, unmask } from '../../../src/core/extract/text/normalise.ts';
import { GAP, perWord, sentencesOf, tokenise } from '../../../src/core/extract/text/tokens.ts';
import { expand, Trie } from '../../../src/core/extract/text/trie.ts';

/** Letters of many scripts, marks, digits, separators, surrogates, and what strangers put between them. */
const LETTERS = [
  'a',
  'Z',
  'é',
  'ß',
  'İ',
  'ж',
  'Ё',
  'і',
  'ع',
  'إ',
  'פ',
  'ก',
  '封',
  '锁',
  'ア',
  'ー',
  '한',
  'ह',
  '़',
  '\u0301',
  '7',
  '۵',
  '٣',
];
const SEPARATORS = [
  ' ',
  '\u00a0',
  '\n',
  '\t',
  '.',
  '. ',
  ',',
  '،',
  ';',
  '—',
  ':',
  '(',
  ')',
  '?',
  '؟',
  '!',
  '。',
  '«',
  '»',
  '"',
  '“',
  '-',
  "'",
  '’',
  'ʼ',
  '/',
  '@',
  '#',
  '_',
];
const STRANGE = [
  '\u200c',
  '\u202e',
  '\u2066',
  '\ufeff',
  '𝐁',
  '😀',
  '\ud83d',
  '\u0000',
  'WhatsApp',
  'U.S.',
  'Теlegram',
  'youtube.com',
];
const pieces = fc.constantFrom(...LETTERS, ...SEPARATORS, ...STRANGE);
const texts = fc.array(pieces, { maxLength: 60 }).map((list) => list.join(''));

describe('any text', () => {
  test('tokens stand in order, apart from each other, within the text, and none is empty', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { tokens } = tokenise(text);
        let before = 0;
        for (const { start, end, w } of tokens) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(w.length).toBeGreaterThan(0);
          before = end;
        }
      }),
    );
  });

  test('a token is the folded form of what stands there', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { start, end, w } of tokenise(text).tokens) {
          const folded = fold(text.slice(start, end));
          expect(folded.startsWith(w) || w.startsWith(folded)).toBe(true);
        }
      }),
    );
  });

  test('letters and digits of the scripts with spaces are all in some token', () => {
    const spaced = fc.array(fc.constantFrom('a', 'Z', 'é', 'ж', 'ع', '7', ' ', '.', ',', '\n', '(', '—'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(spaced, (list) => {
        const text = list.join('');
        const { tokens } = tokenise(text);
        for (let i = 0; i < text.length; i++)
          if (/[\p{L}\p{N}]/u.test(text[i]!)) expect(tokens.some(({ start, end }) => start <= i && i < end)).toBe(true);
      }),
    );
  });

  test('sentences: one after the other, all of the tokens, each bounded', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 8 }), (list) => {
        const { tokens, question } = tokenise(list.join(' '));
        const sentences = sentencesOf('body', tokens, question);
        expect(sentences.at(0)?.from ?? 0).toBe(0);
        expect(sentences.at(-1)?.to ?? tokens.length).toBe(tokens.length);
        for (const [i, one] of sentences.entries()) {
          expect(one.to).toBeGreaterThan(one.from);
          expect(one.to - one.from).toBeLessThanOrEqual(120);
          if (i > 0) expect(one.from).toBe(sentences[i - 1]!.to);
        }
      }),
    );
  });

  test('what was folded once is folded; no capital is left', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'grapheme' })), (text) => {
        const once = fold(text);
        expect(fold(once)).toBe(once);
        expect(once).not.toMatch(/[A-ZА-ЯЁ]/);
      }),
    );
  });

  test('character by character or whole: the same', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect([...text].map(foldChar).join('')).toBe(fold(text));
      }),
    );
  });

  test('unmasked: Latin letters and digits alone, as many as before', () => {
    const mixed = fc.array(fc.constantFrom('a', 'c', 'x', 'а', 'с', 'х', 'о', 'і', '7', 'ж'), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(mixed, (list) => {
        const word = list.join('');
        const latin = unmask(word);
        const [hasLatin, hasOther] = [/[a-z]/.test(word), /[асхоі]/.test(word)];
        expect(latin !== null).toBe(hasLatin && hasOther && !word.includes('ж'));
        if (latin !== null) expect([latin.length, /^[a-z0-9]+$/.test(latin)]).toEqual([word.length, true]);
      }),
    );
  });
});

describe('bounds', () => {
  test('a text without end: some thousand tokens, and it ends', () => {
    expect(tokenise('слово '.repeat(50_000)).tokens.length).toBe(4_000);
    expect(tokenise('封'.repeat(50_000)).tokens.length).toBe(4_000);
  });

  test('a word without end: one token of a bounded form', () => {
    const { tokens } = tokenise(`${'x'.repeat(100_000)} y`);
    expect(tokens.map(({ w }) => w.length)).toEqual([48, 1]);
  });

  test('a sentence without end is cut', () => {
    const { tokens, question } = tokenise('word '.repeat(500));
    const sentences = sentencesOf('title', tokens, question);
    expect(sentences.map(({ from, to }) => to - from)).toEqual([120, 120, 120, 120, 20]);
  });
});

describe('what stands between two words', () => {
  const between = (what: string): string[] => {
    const bits = tokenise(`one${what}two`).tokens[1]?.gap ?? -1;
    if (bits < 0) return ['one word'];
    return Object.entries(GAP).flatMap(([name, bit]) => (bit !== 0 && (bits & bit) !== 0 ? [name] : []));
  };
  test.each<[string, string[]]>([
    [' ', ['space']],
    ['\u00a0', ['space']],
    [', ', ['space', 'comma']],
    ['، ', ['space', 'comma']],
    ['、', ['comma']],
    ['; ', ['space', 'clause']],
    [' — ', ['space', 'clause']],
    [' – ', ['space', 'clause']],
    ['…', ['clause']],
    [': ', ['space', 'clause', 'colon']],
    [' (', ['space', 'clause', 'open']],
    [') ', ['space', 'clause', 'close']],
    ['. ', ['space', 'sentence']],
    ['! ', ['space', 'sentence']],
    ['。', ['sentence']],
    ['۔ ', ['space', 'sentence']],
    ['\n', ['sentence']],
    ['? ', ['space', 'sentence', 'question']],
    ['؟ ', ['space', 'sentence', 'question']],
    [' “', ['space', 'quote']],
    ['» ', ['space', 'quote']],
    ['.” ', ['space', 'sentence', 'quote']],
  ])('%j: %j', (what, names) => expect(between(what).sort()).toEqual([...names].sort()));

  test.each(['.', '-', '/'])('%j without a blank ends no sentence', (what) => {
    expect(between(what)).not.toContain('sentence');
  });

  test('scripts without spaces: a word is some of their characters', () => {
    const widths = (text: string) => tokenise(text).tokens.map(perWord);
    expect([widths('封锁'), widths('คำ'), widths('слово word')]).toEqual([
      [2, 2],
      [4, 4],
      [1, 1],
    ]);
  });
});

describe('alternatives of a phrase', () => {
  const word = fc.constantFrom('lift', 'ban', 'off', 'the', 'app');
  const group = fc.array(word, { minLength: 1, maxLength: 3 });

  test('each choice of each group, once for each way to choose', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 3 }), (groups) => {
        const all = expand(groups.map((options) => `(${options.join('|')})`).join(' '));
        expect(all.length).toBe(groups.reduce((n, options) => n * options.length, 1));
        for (const one of all) {
          const words = one.split(' ');
          expect(words.length).toBe(groups.length);
          for (const [i, chosen] of words.entries()) expect(groups[i]).toContain(chosen);
        }
      }),
    );
  });

  test.each<[string, string[]]>([
    ['ban', ['ban']],
    ['', []],
    ['  a   ban ', ['a ban']],
    ['(a|) ban', ['a ban', 'ban']],
    ['lift(s|ed)', ['lifts', 'lifted']],
    ['no end (a|b', ['no end (a|b']],
  ])('%j: %j', (phrase, all) => expect(expand(phrase)).toEqual(all));
});

describe('phrases in a text', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd');
  const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((list) => list.join(' '));

  test('those that stand there, where they stand: as by looking at each place', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(phrase, { minLength: 1, maxLength: 6 }),
        fc.array(word, { maxLength: 14 }),
        (phrases, words) => {
          const trie = new Trie<string>();
          for (const one of phrases) trie.add(one, one);
          const text = words.join(' ');
          const found = trie.match(tokenise(text).tokens, text).map(({ value, from, to }) => `${value}@${from}-${to}`);
          const expected = phrases.flatMap((one) => {
            const parts = one.split(' ');
            return words.flatMap((_, i) =>
              parts.every((part, k) => words[i + k] === part) ? [`${one}@${i}-${i + parts.length}`] : [],
            );
          });
          // The longest of a place may speak for the shorter ones in it; nothing is found that is not there.
          for (const one of found) expect(expected).toContain(one);
          if (expected.length > 0) expect(found.length).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('a stem finds each word that begins so, and no other', () => {
    const trie = new Trie<string>();
    trie.add('block*', 'x');
    fc.assert(
      fc.property(fc.constantFrom('block', 'blocks', 'blocked', 'blockade', 'bloc', 'unblock', 'black'), (one) => {
        const text = `they ${one} it`;
        expect(trie.match(tokenise(text).tokens, text).length > 0).toBe(one.startsWith('block'));
      }),
    );
  });

  test.each([0, 1, 2, 3, 4, 5, 7, 8])('a gap bridges up to three words, a wide one up to seven: %i', (n) => {
    const text = `begin ${'x '.repeat(n)}end`;
    const finds = (gap: string): boolean => {
      const trie = new Trie<string>();
      trie.add(`begin ${gap} end`, 'x');
      return trie.match(tokenise(text).tokens, text).length > 0;
    };
    expect([finds('..'), finds('...')]).toEqual([n <= 3, n <= 7]);
  });

  test.each<[string, boolean]>([
    [',', true],
    [' —', true],
    ['.', false],
    ['?', false],
    ['!', false],
  ])('a gap reaches over %j: %s', (what, reaches) => {
    const trie = new Trie<string>();
    trie.add('begin .. end', 'x');
    const text = `begin here${what} the end`;
    expect(trie.match(tokenise(text).tokens, text).length > 0).toBe(reaches);
  });
});

test('a text that is cut from a longer one, within a character, thousands of times: each ends, with the same tokens', () => {
  // V8's optimised `codePointAt` reads the other half from beyond the end of such a text: it once made a loop without an end of this.
  const long = 'Telegram 𝐖𝐡𝐚𝐭𝐬𝐀𝐩𝐩'.repeat(40);
  const cut = long.slice(0, 499);
  const whole = JSON.parse(JSON.stringify(cut)) as string;
  const words = tokenise(whole).tokens.map(({ w }) => w);
  for (let i = 0; i < 3_000; i++) expect(tokenise(cut).tokens.length).toBe(words.length);
  expect(tokenise(cut).tokens.map(({ w }) => w)).toEqual(words);
});
