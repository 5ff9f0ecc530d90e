import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callbackData, keyboard, readCallback } from '../../../src/adapters/telegram/render.ts';
import type { Button } from '../../../src/core/model/message.ts';

const command = (label: string, text = label): Button => ({ label, press: { command: text } });

describe('callback data', () => {
  test('a short command: carried whole', () => {
    expect(callbackData('mute RU-whatsapp-3f9k for 8h')).toEqual({
      data: 'c:mute RU-whatsapp-3f9k for 8h',
      keep: null,
    });
  });

  test('64 bytes fit, 65 do not; bytes, not letters', () => {
    expect(callbackData('x'.repeat(62)).keep).toBeNull();
    expect(callbackData('x'.repeat(63)).keep).toBe('x'.repeat(63));
    expect(callbackData('ы'.repeat(32)).keep).toBe('ы'.repeat(32));
  });

  test('the same long command: the same name', () => {
    expect(callbackData('y'.repeat(99)).data).toBe(callbackData('y'.repeat(99)).data);
    expect(callbackData('y'.repeat(99)).data).not.toBe(callbackData('z'.repeat(99)).data);
  });

  test.each([
    ['c:status ru', { command: 'status ru' }],
    ['c:', null],
    ['k:short', null],
    [`k:${'a'.repeat(22)}`, { kept: `k:${'a'.repeat(22)}` }],
    ['x:1', null],
    ['', null],
    [`c:${'x'.repeat(63)}`, null],
  ])('reads %s', (data, expected) => expect(readCallback(data)).toEqual(expected));

  test('any command: at most 64 bytes, and read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (text) => {
        const { data, keep } = callbackData(text);
        expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
        expect(readCallback(data)).toEqual(keep === null ? { command: text } : { kept: data });
      }),
    );
  });
});

describe('keyboard', () => {
  test('rows of more than 8: broken', () => {
    const { rows } = keyboard([Array.from({ length: 20 }, (_, i) => command(`b${i}`))]);
    expect(rows.map((row) => row.length)).toEqual([8, 8, 4]);
  });

  test('more than 100 buttons, or more than 10 KB: the end is dropped', () => {
    expect(keyboard(Array.from({ length: 150 }, (_, i) => [command(`b${i}`)])).rows.flat().length).toBe(100);
    const heavy = keyboard(
      Array.from({ length: 100 }, (_, i) => [
        { label: `${i}${'ы'.repeat(80)}`, press: { url: `https://a.example/${'x'.repeat(300)}` } },
      ]),
    );
    expect(Buffer.byteLength(JSON.stringify({ inline_keyboard: heavy.rows }))).toBeLessThanOrEqual(10_240);
  });

  test('no label, no command, a link that is none: left out', () => {
    expect(
      keyboard([[command(''), command('a', ' '), { label: 'x', press: { url: 'javascript:x' } }, command('ok')]]).rows,
    ).toEqual([[{ text: 'ok', callback_data: 'c:ok' }]]);
    expect(keyboard([[], [command('')]]).rows).toEqual([]);
  });

  test('long commands: to be kept under their names', () => {
    const long = `subscribe ${'whatsapp '.repeat(20)}`.trim();
    const { rows, keep } = keyboard([[command('All', long), command('All again', long)]]);
    expect([...keep]).toEqual([[callbackData(long).data, long]]);
    expect(rows[0]!.length).toBe(2);
  });
});

test('a page that may open within Telegram: it does where it is https, else it is a link', () => {
  const made = (url: string, app?: boolean) =>
    keyboard([[{ label: 'x', press: { url, ...(app === undefined ? {} : { app }) } }]]).rows;
  const url = 'https://a.example/here?country=ru';
  expect(made(url, true)).toEqual([[{ text: 'x', web_app: { url } }]]);
  expect(made(url, false)).toEqual([[{ text: 'x', url }]]);
  expect(made('http://a.example/here', true)).toEqual([[{ text: 'x', url: 'http://a.example/here' }]]);
});
