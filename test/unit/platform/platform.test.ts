import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { createLog, createSecrets, logLevelOf } from '../../../src/platform/log.ts';
import { anyCharacter } from '../../fakes/any-text.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

describe('clock', () => {
  test('sleep: ends in time, or with the reason of its signal', async () => {
    const start = systemClock.monotonic();
    await systemClock.sleep(20);
    expect(systemClock.monotonic() - start).toBeGreaterThanOrEqual(18);
    const stop = new AbortController();
    const sleeping = systemClock.sleep(60_000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await expect(systemClock.sleep(0, stop.signal)).rejects.toThrow('enough');
  });
});

describe('ids', () => {
  test('10,000 within a few milliseconds, and a clock that goes back: unique, in order, 16 characters', () => {
    const clock = new FakeClock();
    const ids = createIds(clock);
    const made = Array.from({ length: 10_000 }, (_, i) => {
      if (i % 1_000 === 0) clock.jump(i === 5_000 ? -60_000 : 1);
      return ids.next();
    });
    expect(new Set(made).size).toBe(10_000);
    expect(made.toSorted()).toEqual(made);
    for (const id of made) expect(id).toMatch(/^[0-9a-z]{16}$/);
  });

  test('tails: as long as asked, of all letters', () => {
    const ids = createIds(new FakeClock());
    expect(ids.tail(4)).toMatch(/^[0-9a-z]{4}$/);
    expect(new Set(ids.tail(5_000)).size).toBe(36);
  });
});

describe('log', () => {
  const logged = (secrets: string[] = [], level: 'debug' | 'info' = 'info') => {
    const lines: string[] = [];
    return {
      lines,
      log: createLog({
        clock: new FakeClock(0),
        level,
        secrets: createSecrets(secrets),
        write: (line) => void lines.push(line),
      }),
    };
  };

  test('one line: time, level, sentence, fields of the child and its own', () => {
    const { lines, log } = logged();
    log.child({ source: 'a b', n: 1 }).warn('Unable to read source', { code: 'fetch_dns', none: undefined, nil: null });
    expect(lines).toEqual([
      '1970-01-01T00:00:00.000Z WARN  Unable to read source source="a b" n=1 code=fetch_dns nil=null\n',
    ]);
  });

  test('below the level: nothing', () => {
    const { lines, log } = logged();
    log.debug('x');
    expect(lines).toEqual([]);
  });

  test('known secrets and what looks like one: ***', () => {
    const { lines, log } = logged(['pa ss/word']);
    log.info('a', { url: 'https://me:hunter22@h.example/?x=pa%20ss%2Fword', text: 'pa ss/word' });
    log.info(
      'b 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw Bearer abcdef123456 syt_YWxpY2U_abcdefghij ?access_token=abc',
    );
    const all = lines.join('');
    expect(all).not.toMatch(/hunter22|pa%20ss|pa ss|AAHdq|abcdef123456|YWxpY2U|=abc/);
    expect(all).toContain('h.example');
  });

  test('a secret anywhere in a line: never shown, not even a part of it at a cut', () => {
    const secret = 'S3cret+Sesame/open=now';
    const { lines, log } = logged([secret]);
    fc.assert(
      fc.property(
        fc.oneof(fc.nat(5_000), fc.integer({ min: 470, max: 505 })),
        fc.string({ maxLength: 40 }),
        fc.boolean(),
        (before, after, asField) => {
          lines.length = 0;
          const text = `${'x'.repeat(before)}${secret}${after}`;
          if (asField) log.info('a', { text, coded: encodeURIComponent(text) });
          else log.info(text);
          expect(lines.join('')).not.toMatch(/S3cre|Sesame|open%3Dnow/);
        },
      ),
    );
  });

  test('any text and fields: one line with its line feed, of bounded length', () => {
    const { lines, log } = logged();
    const text = fc.string({ unit: anyCharacter, maxLength: 3_000 });
    fc.assert(
      fc.property(
        text,
        fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 4 }),
        (sentence, fields) => {
          lines.length = 0;
          log.info(sentence, fields);
          expect(lines).toHaveLength(1);
          expect(lines[0]).toMatch(
            /^1970-01-01T00:00:00\.000Z INFO {2}[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*\n$/,
          );
          expect(lines[0]!.length).toBeLessThan(4_100);
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each([
    ['a word under six characters is none', 'short', 'a short word', 'a short word'],
    ['one that begins another', 'abcdef', 'abcdefghij', '***'],
    ['a password in an address', '', 'postgres://me:pw@db/x', 'postgres://***@db/x'],
    ['a password with an @ in it', '', 'https://me:p@ss@h.example/x', 'https://***@h.example/x'],
    ['a header', '', 'authorization: bearer abc.def-123', 'authorization: bearer ***'],
    ['an argument', '', 'get /?API_KEY=a1b2&x=1', 'get /?API_KEY=***&x=1'],
    ['a time with a colon is no token', '', '12345:67890', '12345:67890'],
  ])('%s', (_name, secret, text, shown) => expect(createSecrets([secret, 'abcdefghij']).redact(text)).toBe(shown));

  test('line feeds, escapes and direction overrides of strangers: one clean line', () => {
    const { lines, log } = logged();
    log.info('x\n2026 ERROR forged', { title: 'a\nb\u001b[31m\u202eevil "quoted"', long: 'x'.repeat(10_000) });
    expect(lines[0]!.split('\n')).toHaveLength(2);
    expect(lines[0]).not.toMatch(/[\u001b\u202e]/);
    expect(lines[0]!.length).toBeLessThan(4_100);
  });

  test('the level by name; info where it is none', () => {
    expect([logLevelOf('DEBUG'), logLevelOf('warn'), logLevelOf('loud'), logLevelOf(undefined)]).toEqual([
      'debug',
      'warn',
      'info',
      'info',
    ]);
  });
});
