/** A timeline in words: legend, dates, small print, and what is told to whoever cannot see it. */
import { describe, expect, test } from 'vitest';
import { captionOf, type TimelineView, timelineView } from '../../../src/core/render/timeline.ts';
import { columnsOf } from '../../../src/core/timeline.ts';
import { NOON, row } from '../picture/support.ts';
import { translators } from './support.ts';

const [en, ru] = ['en', 'ru'].map((lang) => translators.of(lang)) as [
  ReturnType<typeof translators.of>,
  ReturnType<typeof translators.of>,
];
const view = (over: Partial<TimelineView> = {}): TimelineView => ({
  title: 'Russia',
  columns: columnsOf(NOON, 'UTC', 7, 92),
  rows: [row('WhatsApp', '...bBBB')],
  more: 0,
  timeZone: 'UTC',
  now: NOON,
  ...over,
});
const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);

describe('in the picture', () => {
  test('the legend names what is there and nothing else, and what is not certain once', () => {
    const shown = texts(timelineView(view(), en).svg);
    expect(shown).toEqual(
      expect.arrayContaining([
        'Russia',
        '22 Nov – 28 Nov',
        'WhatsApp',
        'blocked',
        'no reports',
        'low bar: not certain yet',
      ]),
    );
    expect(shown).not.toContain('slowed down');
    expect(texts(timelineView(view({ rows: [row('x', '_...?OT')] }), en).svg)).toEqual(
      expect.arrayContaining(['not watched', 'no news for long', 'open again', 'slowed down']),
    );
  });

  test('in Russian', () => {
    expect(texts(timelineView(view({ title: 'Россия' }), ru).svg)).toEqual(
      expect.arrayContaining([
        'Россия',
        '22 нояб. — 28 нояб.',
        'заблокировано',
        'ничего не сообщали',
        'низкая полоса: пока не точно',
        'Tocsin · На 28 нояб. 2026 г.',
      ]),
    );
  });

  test('rows that did not fit, and columns of several days, are said', () => {
    const rows = Array.from({ length: 45 }, (_, i) => row(`r${i}`, '.......'));
    expect(texts(timelineView(view({ rows, more: 2 }), en).svg)).toContain('7 more did not fit');
    const year = columnsOf(NOON, 'UTC', 365, 92);
    const long = view({ columns: year, rows: [row('x', '.'.repeat(53))] });
    expect(texts(timelineView(long, en).svg)).toContain('One column is 7 days');
    expect(texts(timelineView(long, ru).svg)).toContain('Один столбец — 7 дней');
  });
});

describe('for whoever cannot see it', () => {
  const cases: [name: string, signs: string, told: string][] = [
    ['a block that lasts', '...bBBB', 'WhatsApp: blocked 25 Nov – 28 Nov.'],
    ['one day', '....B..', 'WhatsApp: blocked 26 Nov.'],
    [
      'newest first',
      'TT.BBOO',
      'WhatsApp: open again 27 Nov – 28 Nov, blocked 25 Nov – 26 Nov, slowed down 22 Nov – 23 Nov.',
    ],
    ['at most three stretches', 'B.T.B.T', 'WhatsApp: slowed down 28 Nov, blocked 26 Nov, slowed down 24 Nov.'],
    ['nothing', '.......', 'WhatsApp: no reports.'],
    ['days that nobody watched', '___....', 'WhatsApp: not watched 22 Nov – 24 Nov.'],
  ];
  test.each(cases)('%s', (_, signs, told) => {
    expect(timelineView(view({ rows: [row('WhatsApp', signs)] }), en).alt).toBe(
      `Timeline: Russia, 22 Nov – 28 Nov. ${told}`,
    );
  });

  test('a day on which it was cut and came back: how it stands now is said', () => {
    const back = { ...row('WhatsApp', '......B'), now: { state: 'open', sure: true } as const };
    const picture = timelineView(view({ rows: [back] }), en);
    expect(picture.alt).toBe('Timeline: Russia, 22 Nov – 28 Nov. WhatsApp: now open again, blocked 28 Nov.');
    expect(texts(picture.svg)).toEqual(expect.arrayContaining(['now', 'open again', 'blocked']));
  });

  test('in Russian', () => {
    expect(timelineView(view({ title: 'Россия' }), ru).alt).toBe(
      'Хронология: Россия, 22 нояб. — 28 нояб. WhatsApp: заблокировано 25 нояб. — 28 нояб.',
    );
  });

  test('many rows: no more than 1,000 characters, and how many are left out', () => {
    const rows = Array.from({ length: 40 }, (_, i) => row(`service number ${i}`, 'TT.BBOO'));
    const { alt } = timelineView(view({ rows, more: 5 }), en);
    expect(alt.length).toBeLessThanOrEqual(1_000);
    const told = alt.match(/service number/g)!.length;
    expect(alt).toMatch(new RegExp(`${45 - told} more did not fit$`));
  });
});

test('the line under it says what and from when to when', () => {
  expect(captionOf(view(), en)).toBe('Russia: 22 Nov – 28 Nov');
  expect(captionOf(view({ title: 'За чем следит этот чат' }), ru)).toBe('За чем следит этот чат: 22 нояб. — 28 нояб.');
});

test('an hour later, and nothing new: the same drawing; the next day another one', () => {
  const at = (now: number) => timelineView(view({ now, columns: columnsOf(now, 'UTC', 7, 92) }), en).svg;
  expect(at(NOON + 3_600_000)).toBe(at(NOON));
  expect(at(NOON + 86_400_000)).not.toBe(at(NOON));
});

test('the same view twice is the same drawing: what is kept by its content is found again', () => {
  expect(timelineView(view(), en).svg).toBe(timelineView(view(), en).svg);
  expect(timelineView(view(), en).svg).not.toBe(timelineView(view(), en, 'dark').svg);
});
