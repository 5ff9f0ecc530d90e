import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectAtMost } from '../../fakes/pace.ts';
import { extractor } from './extractor.ts';

const cases: Record<string, string> = {
  'one letter': 'a'.repeat(100_000),
  'mixed scripts': 'Tеlеgrаmاблоク中ก'.repeat(8_000),
  'right-to-left overrides': '\u202eblocked WhatsApp\u202c'.repeat(5_000),
  '10,000 aliases': 'WhatsApp Telegram Signal X '.repeat(2_500),
  'one endless sentence of blocks': 'Russia blocks WhatsApp and Telegram, '.repeat(3_000),
  'phrases with gaps': 'removed the app from the '.repeat(5_000),
  'cues only': 'internet shutdown ban lifted will not '.repeat(3_000),
  brackets: `${'('.repeat(50_000)}block WhatsApp`,
  'combining marks': `W${'\u0301'.repeat(90_000)}`,
  'no spaces': '封锁互联网'.repeat(20_000),
  clitics: 'وبالوالبال'.repeat(10_000),
  'a regex bomb': `${'a'.repeat(40_000)}!${'(x+x+)+y'.repeat(5_000)}`,
};

describe('hostile text', () => {
  // Warm, the best of three, and of this thread: the machine that runs the tests has other work, too.
  test.each(Object.keys(cases))('%s, in every field: under 50 ms', (name) => {
    const text = cases[name]!;
    const item = { title: text, summary: text, body: text };
    for (let i = 0; i < 3; i++) extractor.extract(item);
    const took = [1, 2, 3].map(() => {
      const start = process.threadCpuUsage();
      extractor.extract(item);
      const { user, system } = process.threadCpuUsage(start);
      return (user + system) / 1000;
    });
    expectAtMost(Math.min(...took), 50);
  });

  test('any text: never throws, always answers in form', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom('blocks', 'WhatsApp', 'Russia', 'не', 'заблокировал', '«', '(', '—', 'X', 'will', '?'),
    );
    const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, (title, summary) => {
        const { relevant, events } = extractor.extract({ title, summary }, { explain: true });
        expect(relevant).toBe(events.length > 0);
        for (const { countries } of events) for (const code of countries) expect(code).toMatch(/^[A-Z]{2}$/u);
      }),
      { numRuns: 300 },
    );
  });

  test('the same text twice: the same answer', () => {
    const item = { title: 'Russia blocks WhatsApp and Telegram', summary: 'Роскомнадзор подтвердил.' };
    expect(extractor.extract(item)).toEqual(extractor.extract(item));
  });
});
