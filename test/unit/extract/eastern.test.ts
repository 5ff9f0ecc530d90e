import { describe, expect, test } from 'vitest';
import { casesOf, read } from './extractor.ts';

const cases = casesOf('eastern.txt');

describe('invented items in Turkish, Arabic, Persian, Chinese and Indonesian', () => {
  test('the list: is there', () => expect(cases.length).toBeGreaterThan(100));
  test.each(cases)('$title: $want', ({ title, summary, lang, want }) => expect(read(title, summary, lang)).toBe(want));
});

describe('what languages with endings ask of the reader', () => {
  test.each([
    ['the exact word beats the stem of another', 'Engelli vatandaşlar Telegram grubu kurdu', '', 'NO'],
    ['a lift by decision: done', 'Mahkeme kararıyla Wikipedia erişime açıldı', '', 'TR/wikipedia/unblock'],
    [
      'a decision to lift: not yet',
      'Mahkeme, Wikipedia yasağının kaldırılmasına karar verdi',
      '',
      'TR/wikipedia/block',
    ],
  ])('%s', (_name, title, summary, want) => expect(read(title, summary, 'tr')).toBe(want));

  test('what a service does itself in the title: no news in the text either', () => {
    expect(read('يوتيوب يحظر قنوات حكومية في كينيا', 'قالت الشركة إن يوتيوب سيحظر القنوات كلها', 'ar')).toBe('NO');
  });
});

describe('what Chinese asks of the reader', () => {
  test.each([
    ['a blank parts two statements', '肯尼亚封锁推特 乌干达恢复脸书', 'KE/x/block UG/facebook/unblock'],
    ['no capitals: no headline of another text', '肯尼亚通讯管理局周一宣布封锁Telegram平台', 'KE/telegram/block'],
    ['traditional characters: the same words', '肯亞當局封鎖臉書', 'KE/facebook/block'],
  ])('%s', (_name, title, want) => expect(read(title, '', 'zh')).toBe(want));
});
