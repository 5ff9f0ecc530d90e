import { describe, expect, test, vi } from 'vitest';
import { longFiles, longWanted } from '../kinds.ts';
import LeftOutReporter, { closingLines, type Tally, tally } from '../reporter.ts';

const module = (states: { state: string; note?: string }[], errors: unknown[] = []) =>
  ({
    relativeModuleId: 'test/a.test.ts',
    errors: () => errors,
    children: { allTests: () => states.map((result) => ({ result: () => result })) },
  }) as unknown as Parameters<typeof tally>[0][number];

describe('closing lines', () => {
  test('left-out tests: counted by their reason', () => {
    const sums = tally([
      module([
        { state: 'passed' },
        { state: 'skipped', note: 'needs ../shared/data' },
        { state: 'skipped', note: 'needs ../shared/data' },
      ]),
      module([{ state: 'failed' }, { state: 'skipped' }]),
    ]);
    expect(closingLines(sums, false)).toEqual([
      '2 tests left out: needs ../shared/data',
      '1 test left out: no reason given (test/a.test.ts)',
      '1 passed, 1 failed, 3 skipped',
    ]);
    expect(closingLines(sums, true).at(-2)).toMatch(/this run has failed/);
  });

  test('long files that nobody asked for: counted, named, and no failure', () => {
    const sums: Tally = { passed: 3, failed: 0, skipped: 0, leftOut: new Map() };
    expect(closingLines(sums, false, false, ['test/e2e/lab.test.ts', 'test/unit/a.long.test.ts'])).toEqual([
      '2 long files left out: run npm run test:all (lab, a)',
      '3 passed, 0 failed, 0 skipped',
    ]);
  });

  test('a file that cannot be loaded: a failure, though it has no test', () => {
    expect(tally([module([], [new Error('no such module')])]).failed).toBe(1);
  });

  test('everything ran: one line, and the last is the plain one', () => {
    const sums: Tally = { passed: 3, failed: 0, skipped: 0, leftOut: new Map() };
    expect(closingLines(sums, true)).toEqual(['3 passed, 0 failed, 0 skipped']);
  });
});

describe('long files', () => {
  test('all asked for, by the runner or by TOCSIN_REQUIRE_ALL: they run', () => {
    expect(longWanted(['run'], { TOCSIN_TEST_ALL: '1' })).toBe(true);
    expect(longWanted(['run'], { TOCSIN_REQUIRE_ALL: '1' })).toBe(true);
    expect(longWanted(['run'], {})).toBe(false);
  });

  test('one named on the command line, or its folder: they run', () => {
    expect(longWanted(['run', 'test/e2e/lab.test.ts'], {})).toBe(true);
    expect(longWanted(['run', 'test/e2e'], {})).toBe(true);
    expect(longWanted(['run', 'test/unit/route'], {})).toBe(false);
  });

  test('the lab and Synapse are long, what is over in seconds is not', () => {
    expect(longFiles()).toEqual(expect.arrayContaining(['test/e2e/lab.test.ts', 'test/e2e/matrix.test.ts']));
    expect(longFiles()).not.toContain('test/e2e/popups.test.ts');
  });
});

describe('what has been running for long', () => {
  const running = (id: string, file: string) =>
    ({ id, fullName: `test ${id}`, module: { relativeModuleId: file } }) as unknown as Parameters<
      LeftOutReporter['onTestCaseReady']
    >[0];

  /** What is said after two minutes. */
  function said(during: (reporter: LeftOutReporter) => void): string {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      const reporter = new LeftOutReporter();
      during(reporter);
      clock.mockReturnValue(120_000);
      reporter.still();
      return write.mock.calls.map(([text]) => String(text)).join('');
    } finally {
      write.mockRestore();
      clock.mockRestore();
    }
  }

  test('a test without an end: named, with its file', () => {
    expect(said((reporter) => reporter.onTestCaseReady(running('1', 'test/a.test.ts')))).toBe(
      'still running after 120 s: test/a.test.ts: test 1\n',
    );
  });

  test('its end comes before its begin, as shared workers have it, and its file is over: not named; other files are', () => {
    const text = said((reporter) => {
      reporter.onTestCaseResult(running('1', 'test/a.test.ts'));
      reporter.onTestCaseReady(running('1', 'test/a.test.ts'));
      reporter.onTestCaseReady(running('2', 'test/b.test.ts'));
      reporter.onTestModuleEnd({ relativeModuleId: 'test/a.test.ts' });
    });
    expect(text).toBe('still running after 120 s: test/b.test.ts: test 2\n');
  });
});
