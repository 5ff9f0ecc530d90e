import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { render as telegram } from '../../../src/adapters/telegram/render.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import { foreign } from '../../../src/core/render/plain.ts';
import { detect } from '../../fakes/fake-telegram/entities.ts';

const document = (title: string): MessageDocument => ({
  blocks: [{ type: 'list', items: [[{ link: 'https://outlet.example/1', text: 'Outlet' }, ' – ', title]] }],
  buttons: [],
  lang: 'en',
  tone: 'notice',
});
const visible = (text: string): string => text.replaceAll('\u2060', '');
/** What Telegram makes of it by itself, beside the link that is ours. */
const found = (title: string): string[] => {
  const { text, entities } = telegram(document(title));
  return (detect(text, entities as never) ?? []).filter((e) => e.type !== 'text_link').map((e) => e.type);
};
/** What the link scanners of other clients look for. */
const LINKS = [
  /\b[a-z][a-z\d+.-]*:[^\s\u2060]/i,
  /[\p{L}\p{N}-]\.[\p{L}\p{N}]{2,}/u,
  /[@#]\w/,
  /(?<!\w)\/\w/,
  /\$[A-Z]/,
  /\d{7}/,
  /\+\d[\d ()-]{6,}/,
];

describe('a headline that somebody else wrote', () => {
  test.each([
    'Blocked: see tg://resolve?domain=evil&start=x',
    'Blocked: TG://join?invite=abc and ton://transfer/x',
    'Go to https://evil.example/start?x=1 now',
    'Go to evil.com or www.evil.co.uk/path',
    'Сайт пример.рф и зеркало xn--e1afmkfd.xn--p1ai',
    'Tap /subscribe@other_bot or /start, or/forget',
    'Ask @admin, @evil_bot or (@durov)',
    '#blocked #запрет $TON $1INCH',
    'Mail me@evil.example or mailto:me@evil.example',
    'Call +1 (212) 555-0123 or 8-800-555-35-35 or tel:+12125550123',
    'Card 4111 1111 1111 1111',
    'Room #evil:hs.example, person @eve:hs.example, matrix:u/eve:hs.example',
    'At 192.0.2.7 and http://192.0.2.7:8080/x',
    'javascript:alert(1) data:text/html,x',
  ])('%s: nothing in it can be tapped, and it reads as it was written', (title) => {
    const shown = foreign(title, 200);
    expect(visible(shown)).toBe(title);
    expect(found(shown)).toEqual([]);
    for (const link of LINKS) expect(shown).not.toMatch(link);
  });

  test('whatever somebody writes: nothing that Telegram finds by itself, and the same to the eye', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'tg',
        '://',
        '.',
        '/',
        '@',
        '#',
        '$',
        ':',
        'com',
        'evil',
        'start',
        '_',
        '-',
        ' ',
        '+',
        'и',
        '123',
        '4567',
        'TON',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const shown = foreign(parts.join(''), 300);
        expect(found(shown)).toEqual([]);
        expect(shown).not.toMatch(/\btg:\/\//i);
      }),
      { numRuns: 2_000 },
    );
  });

  test('plain words and times stay as they are', () => {
    for (const title of [
      'WhatsApp is blocked in Russia',
      'Blocked at 10:30, and/or slowed 24/7',
      'Заблокировали: что известно',
    ])
      expect(foreign(title, 200)).toBe(title);
  });

  test('bounded by what is seen', () => {
    expect(visible(foreign('a.b'.repeat(500), 100)).length).toBeLessThanOrEqual(100);
  });
});

test('our own words: commands and links of ours stay', () => {
  const { text, entities } = telegram({
    ...document('x'),
    blocks: [
      { type: 'paragraph', inline: ['Type /help, or ask /status ', { link: 'https://a.example/', text: 'here' }] },
    ],
  });
  expect(
    (detect(text, entities as never) ?? [])
      .map((e) => e.type)
      .toSorted()
      .reverse(),
  ).toEqual(['text_link', 'bot_command', 'bot_command']);
});
