import { describe, expect, test } from 'vitest';
import { extractor } from './extractor.ts';

const credit = (title: string, summary = ''): string | null => extractor.extract({ title, summary }).credit;

describe('the agency that a text rests on', () => {
  test.each([
    ['in brackets', 'Kenya blocks Telegram', 'NAIROBI (Reuters) - The regulator said on Monday …', 'reuters'],
    ['at the head of the title', 'РБК: Кения заблокировала Telegram', '', 'rbc'],
    ['"X reports" at the end of the title', 'Kenya blocks Telegram, FT reports', '', 'ft'],
    ['"reported" behind the name', 'Kenya blocks Telegram', 'The app is gone, the Financial Times reported.', 'ft'],
    ['сообщает …', 'Кения заблокировала Telegram', 'Об этом сообщает ТАСС.', 'tass'],
    ['пишет «…»', 'Кения заблокировала Telegram', 'Домен исчез, пишет «Коммерсант».', 'kommersant'],
    ['laut …', 'Kenia sperrt Telegram', 'Das geschah laut dpa am Montag.', 'dpa'],
    ['via …', 'Kenya blocks Telegram', 'Users were cut off, via AFP.', 'afp'],
    ['со ссылкой на', 'Кения заблокировала Telegram', 'Медуза сообщает об этом со ссылкой на Интерфакс.', 'meduza'],
  ])('%s: found', (_name, title, summary, want) => expect(credit(title, summary)).toBe(want));

  test.each([
    ['nobody is credited', 'Kenya blocks Telegram', 'The order takes effect on Monday.'],
    ['the authority speaks itself', 'Роскомнадзор заблокировал Viber', 'Об этом сообщила пресс-служба Роскомнадзора.'],
    ['the outlet is what is blocked', 'Russia blocks Meduza', 'The site is no longer reachable.'],
    ['the service speaks itself', 'WhatsApp says Russia tried to block it', ''],
  ])('%s: none', (_name, title, summary) => expect(credit(title, summary)).toBeNull());
});
