import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChatSettings, DEFAULT_SETTINGS, REMINDERS } from '../../../src/core/model/chat.ts';
import { readSettings, storedSettings } from '../../../src/store/sql/chat-rows.ts';

const time = fc.integer({ min: 0, max: 1_439 });
const settings: fc.Arbitrary<ChatSettings> = fc.record({
  quiet: fc.option(fc.record({ from: time, to: time, critical: fc.boolean() }).filter(({ from, to }) => from !== to)),
  digest: fc.option(fc.record({ every: fc.constantFrom('day' as const, 'week' as const), at: time })),
  sound: fc.boolean(),
  pictures: fc.boolean(),
  reminders: fc.constantFrom(...REMINDERS),
  allQuiet: fc.boolean(),
});

describe('settings as they are kept', () => {
  test('any: read as they were written; the default is nothing', () => {
    fc.assert(fc.property(settings, (one) => void expect(readSettings(storedSettings(one))).toEqual(one)));
    expect(storedSettings(DEFAULT_SETTINGS)).toBe('');
    expect(storedSettings({ ...DEFAULT_SETTINGS })).toBe('');
  });

  test.each([
    ['no JSON', '{', {}],
    ['no object', '3', {}],
    ['null', 'null', {}],
    ['a value of another type', '{"sound":"no","pictures":false}', { pictures: false }],
    ['hours that are none', '{"quiet":{"from":9,"to":9},"sound":false}', { sound: false }],
    ['an hour past midnight', '{"quiet":{"from":1440,"to":9}}', {}],
    [
      'a part that is missing: the safe one',
      '{"quiet":{"from":1380,"to":480}}',
      { quiet: { from: 1_380, to: 480, critical: false } },
    ],
    ['a digest of another rhythm', '{"digest":{"every":"month","at":9}}', {}],
    ['a reminder of another number', '{"reminders":2}', {}],
    ['what a newer version knows', '{"volume":11,"allQuiet":true}', { allQuiet: true }],
  ])('%s: what is not understood counts as not chosen', (_name, text, expected) =>
    expect(readSettings(text)).toEqual({ ...DEFAULT_SETTINGS, ...expected }),
  );

  test('any text: never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readSettings(text)));
  });
});
