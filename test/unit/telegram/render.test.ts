import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { httpLink, MAX_ENTITIES, MAX_TEXT, quiet, render } from '../../../src/adapters/telegram/render.ts';
import type { Block, Inline, MessageDocument } from '../../../src/core/model/message.ts';
import { anyCharacter } from '../../fakes/any-text.ts';
import { expectAtMost } from '../../fakes/pace.ts';

const doc = (blocks: Block[], lang = 'en'): MessageDocument => ({ blocks, buttons: [], lang, tone: 'alert' });
const p = (...inline: Inline[]): Block => ({ type: 'paragraph', inline });

/** What each entity covers, as "type:text". */
const covers = (d: MessageDocument): string[] => {
  const { text, entities } = render(d);
  return entities.map((e) => `${e.type}:${text.slice(e.offset, e.offset + e.length)}`);
};

describe('blocks', () => {
  test('paragraph: styles and links become entities over exactly their words', () => {
    const d = doc([
      p('🔴 ', { bold: ['Russia: WhatsApp blocked'] }, ' (', { link: 'https://dw.com/a?b=1', text: 'DW 🌍' }, ') ', {
        code: 'RU-x',
      }),
    ]);
    expect(render(d).text).toBe('🔴 Russia: WhatsApp blocked (DW 🌍) RU-x');
    expect(covers(d)).toEqual(['bold:Russia: WhatsApp blocked', 'text_link:DW 🌍', 'code:RU-x']);
  });

  test('nested styles: both entities, the outer one first', () => {
    expect(
      covers(doc([p({ bold: ['all ', { italic: ['in'] }, { link: 'https://a.example', text: 'link' }] })])),
    ).toEqual(['bold:all inlink', 'italic:in', 'text_link:link']);
  });

  test('white space at the ends of a style or a message: not covered', () => {
    const d = doc([p('  ', { bold: ['  x  '] }, '  ')]);
    expect(render(d).text).toBe('x');
    expect(covers(d)).toEqual(['bold:x']);
  });

  test('list, table, pre, note: lines a phone can show', () => {
    const d = doc([
      p('Status'),
      {
        type: 'table',
        head: ['Service', 'State', 'Since'],
        rows: [
          ['WhatsApp', 'blocked', '12 Feb'],
          ['MAX', 'open', ''],
        ],
      },
      { type: 'list', items: [['one'], ['two']] },
      { type: 'pre', text: 'a  b\n' },
      { type: 'note', inline: ['polled ', { bold: ['now'] }] },
    ]);
    expect(render(d).text).toBe(
      'Status\nService · State · Since\nWhatsApp · blocked · 12 Feb\nMAX · open · –\n\n• one\n• two\n\na  b\n\npolled now',
    );
    expect(covers(d)).toEqual([
      'italic:Service · State · Since',
      'bold:WhatsApp',
      'bold:MAX',
      'pre:a  b',
      'italic:polled now',
      'bold:now',
    ]);
  });

  test('nothing to say: a text all the same', () => {
    for (const blocks of [[], [p('')], [p(' \n ')], [p('\u202e')]])
      expect(render(doc(blocks))).toEqual({ text: '…', entities: [] });
  });
});

describe('strangers', () => {
  test.each([
    ['bidi overrides and isolates', 'a\u202eb\u2066c', 'abc'],
    ['control characters', 'a\u0000b\u001bc\u0085d', 'abcd'],
    ['line ends', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ['half a surrogate pair', 'a\ud83d b', 'a\ufffd b'],
    ['a mention', 'see @durov and x@y.example', 'see @\u2060durov and x@y.example'],
    ['a mention whose name comes in the next piece', 'ask @', 'ask @\u2060'],
    ['joiners of emoji and Persian', '👨‍👩‍👧 می‌خواهم', '👨‍👩‍👧 می‌خواهم'],
  ])('%s', (_, given, expected) => expect(quiet(given)).toBe(expected));

  test.each([
    ['https://dw.com/a', 'https://dw.com/a'],
    ['HTTP://EXAMPLE.org', 'http://example.org/'],
    ['https://пример.рф/x', 'https://xn--e1afmkfd.xn--p1ai/x'],
    ['https://[2001:db8::1]/', 'https://[2001:db8::1]/'],
    ['javascript:alert(1)', null],
    ['tg://resolve?domain=x', null],
    ['http://localhost/', null],
    ['https://a.example:0/', null],
    [`https://a.example/${'x'.repeat(3000)}`, null],
    ['not a link', null],
  ])('link %.40s', (given, expected) => expect(httpLink(given)).toBe(expected));

  test('a link that Telegram would refuse: its text stays, mail shows its address', () => {
    expect(
      render(doc([p({ link: 'javascript:x', text: 'a' }, ' ', { link: 'mailto:ann@b.example', text: 'Ann' })])),
    ).toEqual({
      text: 'a Ann (ann@b.example)',
      entities: [],
    });
  });
});

describe('right to left', () => {
  test('a line that begins with Latin letters: gets a mark, and entities keep their words', () => {
    const d = doc(
      [
        p({ bold: ['WhatsApp'] }, ' مسدود شد'),
        p('ایران: ', { bold: ['Signal'] }),
        { type: 'list', items: [['Signal'], ['123']] },
      ],
      'fa',
    );
    expect(render(d).text).toBe(
      '\u200f\u2066WhatsApp\u2069 مسدود شد\n\nایران: \u2066Signal\u2069\n\u200f• \u2066Signal\u2069\n• 123',
    );
    expect(covers(d)).toEqual(['bold:\u2066WhatsApp\u2069', 'bold:\u2066Signal\u2069']);
  });

  test('commands and links: the isolate stands outside of what is tapped; nothing to isolate, no isolate', () => {
    const d = doc(
      [
        p('بنویسید ', { code: '/status ru' }, ' یا ', { link: 'https://dw.com/', text: 'DW: 5 Wege' }, { code: '' }),
        { type: 'table', head: null, rows: [['WhatsApp', 'مسدود', 'RU-whatsapp-3f9k']] },
      ],
      'fa',
    );
    expect(covers(d)).toEqual(['code:/status ru', 'text_link:DW: 5 Wege', 'bold:\u2066WhatsApp\u2069']);
    expect(render(d).text).toBe(
      'بنویسید \u2066/status ru\u2069 یا \u2068DW: 5 Wege\u2069\n\u200f\u2066WhatsApp\u2069 · مسدود · \u2066RU-whatsapp-3f9k\u2069',
    );
  });
});

describe('limits', () => {
  test('too long: shortened at a line, says so in the language, keeps the beginning, the end and the links', () => {
    const rows = Array.from({ length: 400 }, (_, i) => [`service-${i}`, 'blocked']);
    const d = doc(
      [
        p({ bold: ['Title'] }),
        { type: 'table', head: null, rows },
        p('Sources: ', { link: 'https://dw.com/', text: 'DW' }),
        { type: 'note', inline: ['RU-x-3f9k'] },
      ],
      'ru',
    );
    const { text } = render(d);
    expect(text.length).toBeLessThanOrEqual(MAX_TEXT);
    expect(text.length).toBeGreaterThan(MAX_TEXT - 100);
    expect(text).toMatch(/^Title\nservice-0 · blocked\n/);
    expect(text).toMatch(/ · blocked\n…\n\nSources: DW\n\nRU-x-3f9k\n\n\(сокращено\)$/);
    expect(covers(d)).toContain('text_link:DW');
  });

  test('more than 100 entities: links are kept before styles', () => {
    const items = Array.from({ length: 80 }, (_, i): Inline[] => [
      { bold: [`b${i}`] },
      { link: `https://a.example/${i}`, text: `l${i}` },
    ]);
    const { entities } = render(doc([{ type: 'list', items }]));
    expect(entities.length).toBe(MAX_ENTITIES);
    expect(entities.filter((e) => e.type === 'text_link').length).toBe(80);
  });

  const inline: fc.Arbitrary<Inline> = fc.letrec<{ inline: Inline }>((tie) => ({
    inline: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: anyCharacter, maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 3000 }),
      fc.record({ link: fc.oneof(fc.webUrl(), fc.string()), text: fc.string({ unit: 'grapheme', maxLength: 200 }) }),
      fc.record({ code: fc.string({ maxLength: 300 }) }),
      fc.record({ bold: fc.array(tie('inline'), { maxLength: 4 }) }),
      fc.record({ italic: fc.array(tie('inline'), { maxLength: 4 }) }),
    ),
  })).inline;
  const cells = fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 5 });
  const block: fc.Arbitrary<Block> = fc.oneof(
    fc.record({ type: fc.constant('paragraph' as const), inline: fc.array(inline, { maxLength: 8 }) }),
    fc.record({ type: fc.constant('note' as const), inline: fc.array(inline, { maxLength: 8 }) }),
    fc.record({
      type: fc.constant('list' as const),
      items: fc.array(fc.array(inline, { maxLength: 3 }), { maxLength: 60 }),
    }),
    fc.record({
      type: fc.constant('table' as const),
      head: fc.option(cells),
      rows: fc.array(cells, { maxLength: 120 }),
    }),
    fc.record({ type: fc.constant('pre' as const), text: fc.string({ maxLength: 5000 }) }),
  );

  test('any document: within the limits, entities within the text and around something', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), fc.constantFrom('en', 'ru', 'fa', 'xx'), (blocks, lang) => {
        const { text, entities } = render(doc(blocks, lang));
        expect(text.length).toBeGreaterThan(0);
        expect(text.length).toBeLessThanOrEqual(MAX_TEXT);
        expect(text).toBe(text.trim());
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(lang === 'fa' ? /[\u202a-\u202e\u2067]/ : /[\u202a-\u202e\u2066-\u2069]/);
        expect(entities.length).toBeLessThanOrEqual(MAX_ENTITIES);
        for (const e of entities) {
          expect(e.offset).toBeGreaterThanOrEqual(0);
          expect(e.length).toBeGreaterThan(0);
          expect(e.offset + e.length).toBeLessThanOrEqual(text.length);
          expect(text.slice(e.offset, e.offset + e.length).isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('huge input: done within a blink', () => {
    const begun = process.cpuUsage();
    render(
      doc(
        Array.from({ length: 2000 }, () =>
          p('x'.repeat(100_000), { link: 'https://a.example/', text: 'y'.repeat(100_000) }),
        ),
      ),
    );
    // Processor time: what else the machine does is no part of it.
    expectAtMost(process.cpuUsage(begun).user / 1_000, 400);
  });
});
