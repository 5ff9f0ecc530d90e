/** What the operator reads of sources that fail: a line each for a few, one line for many, one when it is over. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type SourceNews, gatheredNews } from '../../../src/core/poll/source-state.ts';
import type { Log, LogFields } from '../../../src/core/ports/runtime.ts';
import type { Source } from '../../../src/core/ports/source.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

let clock: FakeClock;
let lines: string[];
let stop: AbortController;
let news: SourceNews;
let sources: Source[];

const at =
  (level: string) =>
  (message: string, fields: LogFields = {}): void => {
    if (level !== 'debug') lines.push([level, message, fields.source ?? fields.code].filter(Boolean).join(' '));
  };
const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };

function begin(n: number, own = 0): void {
  sources = Array.from({ length: n }, (_, i) => ({ id: `f${i}`, kind: 'feed', host: i < own ? null : 'h' }) as Source);
  news = gatheredNews(sources, { log, clock, signal: stop.signal });
}

beforeEach(() => {
  clock = new FakeClock();
  lines = [];
  stop = new AbortController();
});

const fail = (from: number, to: number, code: 'fetch_dns' | 'fetch_status' = 'fetch_dns') => {
  for (const source of sources.slice(from, to)) {
    news.failed(source, code, `${source.id}: it failed`);
    news.polled(source);
  }
};
const well = (from: number, to: number) => {
  for (const source of sources.slice(from, to)) news.polled(source);
};
const again = (from: number, to: number) => {
  for (const source of sources.slice(from, to)) {
    news.readable(source, { failures: 2, failedForMinutes: 5 });
    news.polled(source);
  }
};

describe('the first round', () => {
  test('observatories among them: they are no feeds', async () => {
    begin(27);
    sources = sources.map((one, i) => ({ ...one, kind: i === 0 ? 'observatory' : one.kind }));
    news = gatheredNews(sources, { log, clock, signal: stop.signal });
    fail(0, 27);
    await clock.pass(0);
    expect(lines).toEqual(['warn 27 of 27 sources cannot be reached: is there internet? fetch_dns']);
  });

  test('none can be reached: one line that asks for the internet, as soon as all were asked', async () => {
    begin(27);
    fail(0, 26);
    await clock.pass(4_000);
    expect(lines).toEqual([]);
    fail(26, 27);
    await clock.pass(1);
    expect(lines).toEqual(['warn 27 of 27 feeds cannot be reached: is there internet? fetch_dns']);
    await clock.pass(3_600_000);
    expect(lines).toHaveLength(1);
  });

  test('all are read: one line, and no warning', async () => {
    begin(27);
    well(0, 27);
    await clock.pass(1);
    expect(lines).toEqual(['info All 27 feeds were read']);
  });

  test('two of many fail: a line each', async () => {
    begin(27);
    fail(0, 2);
    well(2, 27);
    await clock.pass(1);
    expect(lines).toEqual(['warn Unable to read source f0', 'warn Unable to read source f1']);
  });

  test('some of them fail: how many of how many, without a question for the internet', async () => {
    begin(27);
    fail(0, 6, 'fetch_status');
    well(6, 27);
    await clock.pass(1);
    expect(lines).toEqual(['warn 6 of 27 feeds cannot be read fetch_status']);
  });

  test('one source hangs: what is known is said after twenty seconds, and only once', async () => {
    begin(27);
    fail(0, 26);
    await clock.pass(19_000);
    expect(lines).toEqual([]);
    await clock.pass(1_001);
    expect(lines).toEqual(['warn 26 of 27 feeds cannot be reached: is there internet? fetch_dns']);
    fail(26, 27);
    await clock.pass(600_000);
    expect(lines).toEqual([lines[0], 'warn Unable to read source f26']);
  });

  test('a source that measures by itself among them: they are called sources', async () => {
    begin(5, 1);
    fail(0, 5);
    await clock.pass(1);
    expect(lines[0]).toContain('5 of 5 sources cannot be reached');
  });

  test('no sources: nothing is said', async () => {
    begin(0);
    await clock.pass(60_000);
    expect(lines).toEqual([]);
  });
});

describe('later', () => {
  beforeEach(async () => {
    begin(27);
    well(0, 27);
    await clock.pass(1);
    lines.length = 0;
  });

  test('one source fails, and is read again: a line each', async () => {
    fail(0, 1);
    await clock.pass(3_000);
    expect(lines).toEqual(['warn Unable to read source f0']);
    await clock.pass(60_000);
    again(0, 1);
    await clock.pass(3_000);
    expect(lines.slice(1)).toEqual(['info Source is readable again f0']);
  });

  test('it is read again before anything was said: nothing is said', async () => {
    fail(0, 1);
    await clock.pass(1_000);
    again(0, 1);
    await clock.pass(60_000);
    expect(lines).toEqual([]);
  });

  test('two codes of one source: both are reported', async () => {
    fail(0, 1);
    fail(0, 1, 'fetch_status');
    await clock.pass(15_000);
    expect(lines).toEqual(['warn Unable to read source f0', 'warn Unable to read source f0']);
  });

  test('the internet goes, feed by feed over five minutes: a handful of lines, not one for each; one line when it is back', async () => {
    for (let i = 0; i < 27; i++) {
      fail(i, i + 1);
      await clock.pass(i % 3 === 2 ? 20_000 : 500);
    }
    await clock.pass(600_000);
    expect(lines.length).toBeLessThanOrEqual(9);
    expect(lines.at(-1)).toBe('warn 27 of 27 feeds cannot be reached: is there internet? fetch_dns');
    lines.length = 0;
    again(0, 27);
    await clock.pass(60_000);
    expect(lines).toEqual(['info 27 feeds are readable again; all 27 feeds are readable']);
  });

  test('the internet goes, for all within seconds: one line', async () => {
    for (let i = 0; i < 27; i++) {
      fail(i, i + 1);
      await clock.pass(400);
    }
    await clock.pass(600_000);
    expect(lines).toEqual(['warn 27 of 27 feeds cannot be reached: is there internet? fetch_dns']);
  });

  test('stopping: nothing is said any more', async () => {
    fail(0, 20);
    stop.abort();
    await clock.pass(60_000);
    expect(lines).toEqual([]);
  });
});
