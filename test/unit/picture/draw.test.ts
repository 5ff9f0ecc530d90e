/** The drawing: rows, states by shape, both themes, both directions, bounds, and that no text of anybody's becomes anything but text. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  drawTimeline,
  escaped,
  fitted,
  MAX_COLUMNS,
  MAX_ROWS,
  THEMES,
  WIDTH,
  widthOf,
} from '../../../src/core/picture.ts';
import { DAY_STATES } from '../../../src/core/timeline.ts';
import { anyCharacter } from '../../fakes/any-text.ts';
import { cells, row, timeline } from './support.ts';

const draw = (over: Parameters<typeof timeline>[0] = {}, theme: 'light' | 'dark' = 'light') =>
  drawTimeline(timeline(over), { theme }).svg;
const textsIn = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
/** What of a drawing is no text and no id: how one row looks. */
const marksOf = (signs: string): string => {
  const svg = draw({ rows: [row('x', signs)], ticks: [], legend: [] });
  return svg.slice(svg.indexOf('</defs>')).replaceAll(/#[0-9a-f]{6}/g, 'colour');
};

describe('what is there', () => {
  test('title, time, names, dates, legend and small print are text', () => {
    const texts = textsIn(draw());
    for (const one of ['Russia', '22 Nov – 28 Nov', 'WhatsApp', '28 Nov', 'blocked', 'As of 28 Nov'])
      expect(texts).toContain(one);
  });

  test('as wide as ever, as high as it has rows', () => {
    const rows = (n: number) => Array.from({ length: n }, (_, i) => row(`row ${i}`, '...BBBB'));
    const [one, many] = [1, 40].map((n) => drawTimeline(timeline({ rows: rows(n) }), { theme: 'light' }));
    expect([one!.width, many!.width]).toEqual([WIDTH, WIDTH]);
    expect(many!.height - one!.height).toBe(39 * 60);
    expect(one!.svg).toContain(`viewBox="0 0 ${WIDTH} ${one!.height}"`);
  });

  test('days that are alike side by side are one mark: what is drawn grows with what happened', () => {
    const [calm, restless] = ['.'.repeat(90), '.B'.repeat(45)].map((signs) => draw({ rows: [row('x', signs)] }).length);
    expect(restless! / calm!).toBeGreaterThan(2);
    expect(calm!).toBeLessThan(6_000);
  });

  test('more rows and columns than are drawn, and none at all: bounded, and still a drawing', () => {
    const rows = Array.from({ length: 500 }, (_, i) => row(`row ${i}`, '.'.repeat(300)));
    const texts = textsIn(draw({ rows }));
    expect(texts).toContain(`row ${MAX_ROWS - 1}`);
    expect(texts).not.toContain(`row ${MAX_ROWS}`);
    expect(draw({ rows: [], columns: [], ticks: [], legend: [], notes: [] })).toMatch(/^<svg .*<\/svg>$/s);
    expect(draw({ rows: [row('x', 'B'.repeat(300))] })).not.toContain('NaN');
    expect(MAX_COLUMNS).toBeLessThan(100);
  });

  test('dates that would run into each other: those next to today stay', () => {
    const ticks = Array.from({ length: 7 }, (_, column) => ({ column, text: `a rather long date ${column}` }));
    const shown = textsIn(draw({ ticks })).filter((text) => text.startsWith('a rather'));
    expect(shown).toContain('a rather long date 6');
    expect(shown.length).toBeLessThan(7);
  });
});

describe('states', () => {
  test('each has a look of its own without its colour', () => {
    const looks = new Map(['_', '.', '?', 'O', 'W', 'R', 'T', 'B', 'S'].map((sign) => [sign, marksOf(sign.repeat(7))]));
    expect(looks.size).toBe(DAY_STATES.length);
    expect(new Set(looks.values()).size).toBe(DAY_STATES.length);
  });

  test.each(['o', 'w', 'r', 't', 'b', 's'])('"%s": what is not certain looks otherwise than what is', (sign) => {
    expect(marksOf(sign.repeat(7))).not.toBe(marksOf(sign.toUpperCase().repeat(7)));
  });

  test('a stretch of which nothing is known has a question mark where there is room', () => {
    expect(textsIn(draw({ rows: [row('x', 'BB???BB')], legend: [] }))).toContain('?');
    const narrow = row('x', `${'B'.repeat(44)}?${'B'.repeat(45)}`);
    expect(textsIn(draw({ rows: [narrow], legend: [] }))).not.toContain('?');
  });

  test.each(['light', 'dark'] as const)('%s: contrast of texts at least 7:1, of marks at least 3:1', (name) => {
    const theme = THEMES[name];
    for (const colour of [theme.text, theme.faint]) {
      expect(contrast(colour, theme.ground)).toBeGreaterThan(colour === theme.text ? 12 : 5.9);
      expect(contrast(colour, theme.band)).toBeGreaterThan(5.5);
    }
    for (const colour of [theme.open, theme.warn, theme.restrict, theme.throttle, theme.block, theme.shutdown])
      for (const ground of [theme.ground, theme.band]) expect(contrast(colour, ground)).toBeGreaterThan(3);
  });

  test('both themes draw the same shapes', () => {
    const shapes = (theme: 'light' | 'dark') => draw({}, theme).replaceAll(/#[0-9a-f]{6}/g, '');
    expect(shapes('light')).toBe(shapes('dark'));
    expect(draw({}, 'dark')).toContain(THEMES.dark.ground);
  });
});

describe('from right to left', () => {
  const over = { rows: [row('واتساب', 'BB.....')], ticks: [{ column: 0, text: '22' }], notes: [] };
  test('names stand at the right, and the oldest day beside them', () => {
    const [left, right] = ['en', 'fa'].map((lang) => draw({ ...over, lang }));
    const xOfMark = (svg: string) => Number(/<rect x="([\d.]+)"[^>]*fill="#cf222e"/.exec(svg)![1]);
    expect(xOfMark(left!)).toBeLessThan(WIDTH / 2);
    expect(xOfMark(right!)).toBeGreaterThan(WIDTH / 2);
    expect(/<text x="(\d+)"[^>]*>واتساب/.exec(left!)![1]).toBe('28');
    expect(/<text x="(\d+)"[^>]*>\u202bواتساب\u202c/.exec(right!)![1]).toBe(`${WIDTH - 28}`);
  });

  test('mirrored twice it is where it was', () => {
    const boxes = (svg: string) =>
      [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/g)].map(([, x, y, width]) => [
        Number(x),
        Number(y),
        Number(width),
      ]);
    const [left, right] = ['en', 'ar'].map((lang) => boxes(draw({ ...over, lang, legend: [] })));
    const back = right!.map(([x, y, width]) => [WIDTH - x! - width!, y!, width!]);
    for (const [at, box] of back.entries())
      for (const [i, value] of box.entries()) expect(value).toBeCloseTo(left![at]![i]!, 0);
  });
});

describe('text of strangers', () => {
  const hostile = `</text><script>alert(1)</script><image href="https://e.example/x.png"/>&lt;"'\u0000\u202e\ud800]]>`;
  test('in every place: it stays text, and the drawing stays whole', () => {
    const svg = draw({
      title: hostile,
      period: hostile,
      rows: [row(hostile, 'BBBBBBB')],
      ticks: [{ column: 6, text: hostile.slice(0, 12) }],
      legend: [{ cell: cells('B')[0]!, text: hostile }],
      notes: [hostile],
    });
    expect(svg).not.toMatch(/<script|<image|href="|\u202e|\u0000/);
    expect(svg.isWellFormed()).toBe(true);
    const tags = [...svg.matchAll(/<(\w+)/g)].map(([, tag]) => tag);
    expect(new Set(tags)).toEqual(new Set(['svg', 'defs', 'pattern', 'rect', 'circle', 'path', 'text', 'g']));
  });

  test('any text: no sign of markup is left in it, and no sign that XML cannot hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (text) => {
        const safe = escaped(text);
        expect(safe.replaceAll(/&#\d+;/g, '')).not.toMatch(/[&<>"']/);
        expect(safe).not.toMatch(/[\u0000-\u001f\ufffe\uffff\u202a-\u202e\u2066-\u2069]/);
        expect(safe.isWellFormed()).toBe(true);
      }),
    );
  });

  test('any text is cut to what fits, and never inside a sign', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter, maxLength: 300 }),
        fc.integer({ min: 60, max: 900 }),
        (text, width) => {
          const cut = fitted(text, 30, width);
          expect(widthOf(cut, 30)).toBeLessThanOrEqual(Math.max(width, 62));
          expect(cut.isWellFormed()).toBe(true);
        },
      ),
    );
    expect(fitted('Мобильный интернет', 34, 200)).toBe('Мобильн…');
    expect(fitted('short', 34, 200)).toBe('short');
    expect(fitted('می‌شود', 34, 900)).toBe('می‌شود');
  });
});

test('several drawings in one page: the ids of their patterns are apart', () => {
  const svg = drawTimeline(timeline({ rows: [row('x', 'TTRRSS.')] }), {
    theme: 'light',
    id: 'second',
  }).svg;
  const ids = [...svg.matchAll(/ id="(\w+)"/g)].map(([, id]) => id!);
  expect(ids).toHaveLength(3);
  for (const id of ids) {
    expect(id).toMatch(/^second/);
    expect(svg).toContain(`url(#${id})`);
  }
});

function contrast(a: string, b: string): number {
  const light = (hex: string): number => {
    const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
    const [r, g, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * blue!;
  };
  const [x, y] = [light(a), light(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}
