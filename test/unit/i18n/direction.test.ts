/** Latin names in sentences that run from right to left. Isolates are shown as brackets. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isolated, isRightToLeft } from '../../../src/i18n/direction.ts';

const shown = (text: string): string => isolated(text).replaceAll('\u2066', '⟦').replaceAll('\u2069', '⟧');

describe('isolates', () => {
  test.each([
    ['a name', 'روسیه: WhatsApp مسدود شد', 'روسیه: ⟦WhatsApp⟧ مسدود شد'],
    ['a name with brackets', 'X (Twitter) مسدود', '⟦X (Twitter)⟧ مسدود'],
    ['a name in brackets', 'مسدود (SNI) است', 'مسدود (⟦SNI⟧) است'],
    ['a network beside a number', 'AS8359 · 5 دقائق', '⟦AS8359⟧ · 5 دقائق'],
    ['a name of several words, with figures', 'The Moscow Times، France 24', '⟦The Moscow Times⟧، ⟦France 24⟧'],
    ['a list of names: each by itself', 'Disney+، DW، BBC', '⟦Disney+⟧، ⟦DW⟧، ⟦BBC⟧'],
    ['a name that begins with a figure', 'المنتدى 4chan محجوب', 'المنتدى ⟦4chan⟧ محجوب'],
    ['a moment', 'تا 2026-12-02T08:29:01Z، بعد', 'تا ⟦2026-12-02T08:29:01Z⟧، بعد'],
    ['a command', '/status ru را بنویسید.', '⟦/status ru⟧ را بنویسید.'],
    ['an address', 'منبع: https://a.example/b?c=d', 'منبع: ⟦https://a.example/b?c=d⟧'],
    ['an address that ends with a slash', 'منبع: https://a.example/b/ است', 'منبع: ⟦https://a.example/b/⟧ است'],
    ['a name of a bot, at the end of a sentence', 'با @tocsin_bot.', 'با ⟦@tocsin_bot⟧.'],
    ['a sign within a word: it does not become the first of one', 'او 0@room است', 'او 0@⟦room⟧ است'],
    ['a headline in English', 'Russia blocks WhatsApp, users say (خبر)', '⟦Russia blocks WhatsApp, users say⟧ (خبر)'],
    ['a headline in Russian', 'Роскомнадзор замедлил (12 فبراير)', '⟦Роскомнадзор замедлил⟧ (12 فبراير)'],
    ['an id', 'رویداد RU-whatsapp-3f9k', 'رویداد ⟦RU-whatsapp-3f9k⟧'],
    ['no Latin letters', 'روسیه: ۵ شبکه، 12:30', 'روسیه: ۵ شبکه، 12:30'],
    ['nothing', '', ''],
  ])('%s', (_name, text, expected) => expect(shown(text)).toBe(expected));

  test('any text: nothing else is changed, and each isolate is closed before the next begins', () => {
    const piece = fc.constantFrom('WhatsApp', 'روسیه', ' ', '، ', '(', ')', '5', '.', '/x', '«', '"', ': ', '@a', '\n');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (raw) => {
          const text = raw.replace(/[\u2066-\u2069]/g, '');
          const out = isolated(text);
          expect(out.replace(/[\u2066\u2069]/g, '')).toBe(text);
          expect(out.replace(/[^\u2066\u2069]/g, '')).toMatch(/^(\u2066\u2069)*$/);
          expect(out).not.toMatch(/[A-Za-z](?![^\u2066]*\u2069)/);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('an endless text of one kind: done at once', () => {
    for (const part of ['a.', 'a ', 'a ((', 'a....', '(a', 'ا a'])
      expect(isolated(part.repeat(3_000)).length).toBeGreaterThan(part.length * 3_000);
    expect(isolated(`a${'.'.repeat(12_000)}`)).toMatch(/^\u2066a\u2069/);
  });
});

test('which languages: those of Arabic letters', () => {
  expect(['fa', 'ar', 'en', 'zh', 'ru', ''].filter(isRightToLeft)).toEqual(['fa', 'ar']);
});
