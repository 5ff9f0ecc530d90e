import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { createLog, createSecrets } from '../../../src/platform/log.ts';
import { logLevelOf } from '../../../src/platform/log-level.ts';
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
