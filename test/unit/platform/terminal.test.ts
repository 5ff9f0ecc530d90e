/** What a person at a terminal sees: signs and colours; what a pipe gets: the form for machines. */
import { describe, expect, test } from 'vitest';
import { framed, terminalOf } from '../../../src/adapters/console/adapter.ts';
import { createLog, terminalStyle } from '../../../src/platform/log.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const COLOURS = /\u001b\[/;
const lineOf = (terminal: { colour: boolean } | null): string => {
  let line = '';
  const log = createLog({ clock: new FakeClock(), terminal, write: (text) => (line = text) });
  log.warn('Unable to read source', { source: 'a' });
  return line;
};

describe('a log line', () => {
  test('to a pipe: time, level, no colour', () => {
    expect(lineOf(null)).toBe('2026-11-25T12:00:00.000Z WARN  Unable to read source source=a\n');
  });

  test('to a terminal: short time, sign and colour', () => {
    expect(lineOf({ colour: true })).toMatch(
      /^\u001b\[33m\d\d:\d\d:\d\d ! Unable to read source source=a\u001b\[0m\n$/,
    );
  });

  test('to a terminal without colour: the sign alone', () => {
    expect(lineOf({ colour: false })).toMatch(/^\d\d:\d\d:\d\d ! Unable to read source source=a\n$/);
  });
});

const STREAMS: [name: string, stream: object, env: Record<string, string>, expected: { colour: boolean } | null][] = [
  ['a pipe', {}, {}, null],
  ['a terminal', { isTTY: true }, { TERM: 'xterm' }, { colour: true }],
  ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, { colour: false }],
  ['a terminal with an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, { colour: true }],
  ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, { colour: false }],
];

describe.each([
  ['log', terminalStyle],
  ['chat', terminalOf],
] as const)('the style of the %s', (_name, styleOf) => {
  test.each(STREAMS)('%s', (_case, stream, env, expected) => expect(styleOf(stream, env)).toEqual(expected));
});

describe('a message of the console', () => {
  test('in a pipe: as it is', () => expect(framed('a\nb', null)).toBe('a\nb'));
  test('at a terminal: a bar at each line, so that it stands apart from the log', () => {
    expect(framed('a\nb', { colour: false })).toBe('┃ a\n┃ b');
    expect(framed('a', { colour: true })).toMatch(COLOURS);
  });
});
