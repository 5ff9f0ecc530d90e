import { describe, expect, test } from 'vitest';
import { createDetector } from '../../../src/core/extract/text/language.ts';
import { widen, writingOf } from '../../../src/core/extract/text/lexicon.ts';
import { fold, unmask } from '../../../src/core/extract/text/normalise.ts';
import { tokenise } from '../../../src/core/extract/text/tokens.ts';
import { expand, Trie } from '../../../src/core/extract/text/trie.ts';
import { lexicon } from './extractor.ts';

describe('folding', () => {
  test.each([
    ['Turkish capitals', 'İSTANBUL ISPARTA ısı', 'istanbul isparta isi'],
    ['Latin marks', 'Bloqueó São Đà Łódź', 'bloqueo sao da lodz'],
    ['tones of Vietnamese: other words', 'Cấm cảm', 'cấm cảm'],
    ['dots below letters of Hindi: spelling', 'इज़राइल', 'इजराइल'],
    ['Cyrillic letters that are letters', 'Ёлка Київ йод', 'елка київ йод'],
    ['Arabic letter variants', 'علي كتاب إلى', 'علی کتاب الی'],
    ['joiners and bidi controls', 'واتس\u200cاپ \u202eabc', 'واتساپ abc'],
    ['full-width letters', 'ＷｈａｔｓＡｐｐ', 'whatsapp'],
    ['digits of other scripts', '۲۰۲۶ ٢٠٢٦', '2026 2026'],
  ])('%s: folded', (_name, text, want) => expect(fold(text)).toBe(want));
  test('letters of two alphabets in one word: read as Latin', () => expect(unmask(fold('Теlegram'))).toBe('telegram'));
  test('a word of one alphabet: left alone', () => expect(unmask(fold('Тор'))).toBeNull());
});

describe('tokens', () => {
  const writing = writingOf(lexicon.languages);
  const words = (text: string): string[] => tokenise(text).tokens.map((t) => t.w);
  test('scripts without spaces: one character each', () => expect(words('封锁X')).toEqual(['封', '锁', 'x']));
  test('clitics of Arabic: stripped as a further reading', () => {
    expect(tokenise('والإنترنت', writing).tokens[0]?.also).toContain('انترنت');
  });
  test('an abbreviation with a dot: no end of the sentence', () => {
    expect(tokenise('The U.S. blocks', writing).tokens.map((t) => t.gap & 8)).toEqual([8, 0, 0, 0]);
  });
});

describe('phrases', () => {
  const found = (phrase: string, text: string): boolean => {
    const trie = new Trie<string>();
    trie.add(phrase, 'x');
    return trie.match(tokenise(text).tokens, text).length > 0;
  };
  test.each([
    ['a stem: any ending', 'заблокир*', 'заблокированный', true],
    ['a short stem: inflection only', 'инди~', 'индивидуальный', false],
    ['a short stem: a case ending', 'инди~', 'Индией', true],
    ['a gap: three words at most', 'removed .. from', 'removed the whole app from', true],
    ['a gap: not four', 'removed .. from', 'removed the whole blue app from', false],
    ['capitals asked for: small letters do not match', '=US', 'us', false],
    ['capitals asked for: as written', '=US', 'US', true],
    ['alternatives: each', '(lift|lifts) ban', 'lifts ban', true],
    ['a comma between: two phrases', 'facebook messenger', 'Facebook, Messenger', false],
  ])('%s', (_name, phrase, text, want) => expect(found(phrase, text)).toBe(want));
  test('alternatives without end: refused', () => expect(expand('(a|b|c|d)'.repeat(12))).toEqual([]));
  test('a country name that declines: stem and name', () => expect(widen('Россия')).toEqual(['Росси~', 'Россия']));
});

describe('language', () => {
  const detect = createDetector(lexicon.languages, lexicon.shared);
  test.each([
    ['en', 'The regulator has blocked the messenger across the country'],
    ['ru', 'Роскомнадзор заблокировал мессенджер по всей стране'],
    ['uk', 'Роскомнагляд заблокував месенджер на території країни'],
    ['bg', 'Регулаторът блокира месинджъра в цялата страна и не обясни защо'],
    ['de', 'Die Behörde hat den Messenger im ganzen Land gesperrt'],
    ['fr', 'Le régulateur a bloqué la messagerie dans tout le pays'],
    ['es', 'El regulador bloqueó la aplicación en todo el país'],
    ['pt', 'O regulador bloqueou o aplicativo em todo o país'],
    ['tr', 'Kurum uygulamaya erişimi ülke genelinde engelledi'],
    ['id', 'Pemerintah memblokir aplikasi itu di seluruh negeri'],
    ['fa', 'دولت این پیام‌رسان را در سراسر کشور فیلتر کرد'],
    ['ar', 'حجبت الحكومة التطبيق في جميع أنحاء البلاد'],
    ['zh', '政府在全国封锁了该应用'],
    ['ja', '政府はアプリを全国で遮断した'],
    ['ko', '정부가 앱을 차단했다'],
  ])('a sentence of %s: found', (lang, text) => expect(detect(text)).toBe(lang));
  test('nothing to go by: und', () => expect(detect('12345')).toBe('und'));
});
