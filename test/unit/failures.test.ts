import { describe, expect, test } from 'vitest';
import { logFailure, noteLogged, onceWhileFailing, TocsinError, warnOfFailure } from '../../src/core/errors.ts';
import type { Log, LogFields } from '../../src/core/ports/runtime.ts';

type Line = [level: string, message: string, fields: LogFields | undefined];

function recorder(): { log: Log; lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: string) =>
    (message: string, fields?: LogFields): void =>
      void lines.push([level, message, fields]);
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  return { log, lines };
}

const full = (): TocsinError => new TocsinError('store_failed', 'disk full');

function alreadyLogged(): TocsinError {
  const error = full();
  noteLogged(error);
  return error;
}

describe('a line for a failure', () => {
  test('any failure: its code and its message stand beside the fields', () => {
    const { log, lines } = recorder();
    logFailure(log, 'Unable to dig', full(), { place: 'a' });
    warnOfFailure(log, 'Unable to dig', new Error('stone'));
    logFailure(log, 'Unable to dig', 'a string was thrown');
    expect(lines).toEqual([
      ['error', 'Unable to dig', { place: 'a', code: 'store_failed', error: 'disk full' }],
      ['warn', 'Unable to dig', { code: 'internal', error: 'stone' }],
      ['error', 'Unable to dig', { code: 'internal', error: 'a string was thrown' }],
    ]);
  });

  test('a failure that was logged already: no second line', () => {
    const { log, lines } = recorder();
    logFailure(log, 'Unable to dig', alreadyLogged());
    warnOfFailure(log, 'Unable to dig', alreadyLogged());
    expect(lines).toEqual([]);
  });
});

describe('once while failing', () => {
  const lines = { begins: 'Unable to dig', ends: 'Digging works again' };
  const cases: { name: string; does: ('fails' | 'fails-logged' | 'works')[]; says: string[] }[] = [
    { name: 'works all along: silence', does: ['works', 'works'], says: [] },
    { name: 'fails thrice: one line', does: ['fails', 'fails', 'fails'], says: ['warn Unable to dig'] },
    {
      name: 'fails, works, fails: a line for each turn',
      does: ['fails', 'fails', 'works', 'works', 'fails'],
      says: ['warn Unable to dig', 'info Digging works again', 'warn Unable to dig'],
    },
    { name: 'somebody else has logged it: silence, also when it is over', does: ['fails-logged', 'works'], says: [] },
    {
      name: 'logged by somebody else first, then a failure of its own: that one is logged',
      does: ['fails-logged', 'fails', 'fails-logged', 'works'],
      says: ['warn Unable to dig', 'info Digging works again'],
    },
  ];
  for (const { name, does, says } of cases)
    test(name, () => {
      const { log, lines: written } = recorder();
      const trouble = onceWhileFailing(log, lines);
      for (const what of does) {
        if (what === 'works') trouble.working();
        else trouble.failing(what === 'fails' ? full() : alreadyLogged());
      }
      expect(written.map(([level, message]) => `${level} ${message}`)).toEqual(says);
    });

  test('a failure of another kind: a line of its own; the kind that was logged last, in whatever words: none', () => {
    const { log, lines: written } = recorder();
    const trouble = onceWhileFailing(log, { ...lines, kindOf: (error) => (error as Error).message });
    trouble.logged(new Error('stone'));
    for (const what of ['stone', 'water', 'water', 'stone']) trouble.failing(new Error(what), { depth: 3 });
    trouble.working({ after: 4 });
    expect(written.map(([level, message, fields]) => `${level} ${message} ${JSON.stringify(fields)}`)).toEqual([
      'warn Unable to dig {"depth":3,"code":"internal","error":"water"}',
      'warn Unable to dig {"depth":3,"code":"internal","error":"stone"}',
      'info Digging works again {"after":4}',
    ]);
  });

  test('another part has warned of the same: information, in other words', () => {
    const { log, lines: written } = recorder();
    let others = true;
    const trouble = onceWhileFailing(log, { ...lines, either: { says: 'Unable to dig, either', when: () => others } });
    for (const each of [true, false]) {
      others = each;
      trouble.failing(full());
      trouble.working();
    }
    expect(written.map(([level, message]) => `${level} ${message}`)).toEqual([
      'info Unable to dig, either',
      'info Digging works again',
      'warn Unable to dig',
      'info Digging works again',
    ]);
  });

  test('fields, an error line, and no word of the end: as asked for', () => {
    const { log, lines: written } = recorder();
    const trouble = onceWhileFailing(log, {
      begins: 'Unable to dig',
      ends: null,
      fields: { place: 'a' },
      level: 'error',
    });
    trouble.failing(full());
    trouble.working();
    trouble.failing(full());
    const line: Line = ['error', 'Unable to dig', { place: 'a', code: 'store_failed', error: 'disk full' }];
    expect(written).toEqual([line, line]);
  });
});
