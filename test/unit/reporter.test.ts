import { describe, expect, test, vi } from 'vitest';
import { lastLines } from '../last-lines.ts';
import ResultReporter, { counterexampleIn, type FileResult, resultOf } from '../reporter.ts';

const module = (
  states: { state: string; note?: string; errors?: { message: string }[] }[],
  errors: { message: string }[] = [],
) =>
  ({
    relativeModuleId: 'test/a.test.ts',
    errors: () => errors,
    children: { allTests: () => states.map((result, i) => ({ fullName: `group test ${i}`, result: () => result })) },
  }) as unknown as Parameters<typeof resultOf>[0];

const FILE: FileResult = { file: 'test/a.test.ts', passed: 3, skipped: 0, seconds: 1, faults: [], leftOut: {} };
const outcome = (more: Partial<FileResult> = {}) => ({
  files: [{ ...FILE, ...more }],
  passedAlone: [],
  unhandled: [],
  broken: false,
});

describe('what a file came to', () => {
  test('red tests: name and first line; left-out ones by their reason', () => {
    const result = resultOf(
      module([
        { state: 'passed' },
        { state: 'failed', errors: [{ message: 'expected 1 to be 2\n  at x' }] },
        { state: 'skipped', note: 'needs ../shared/data' },
        { state: 'skipped' },
      ]),
    );
    expect(result).toMatchObject({ passed: 1, skipped: 2 });
    expect(result.faults).toEqual([{ name: 'group test 1', line: 'expected 1 to be 2', counterexample: null }]);
    expect(result.leftOut).toEqual({ 'needs ../shared/data': 1, 'no reason given (test/a.test.ts)': 1 });
  });

  test('asked for by name: what was not asked for counts as nothing', () => {
    expect(resultOf(module([{ state: 'passed' }, { state: 'skipped' }]), true)).toMatchObject({
      passed: 1,
      skipped: 0,
    });
  });

  test('a file that cannot be loaded: a failure, though it has no test', () => {
    expect(resultOf(module([], [{ message: 'no such module' }])).faults).toMatchObject([{ line: 'no such module' }]);
  });

  test('a property: its counterexample, its seed and its path', () => {
    const message = `Property failed after 3 tests
{ seed: 7, path: "2:0", endOnFailure: true }
Counterexample: [[1,2]]
Shrunk 1 time(s)
Got AssertionError: expected 3 to be 4`;
    expect(counterexampleIn(message)).toBe(
      '{ seed: 7, path: "2:0", endOnFailure: true } · [[1,2]] · expected 3 to be 4',
    );
    expect(counterexampleIn('expected 1 to be 2')).toBeNull();
  });
});

describe('the last lines', () => {
  test('all is well: one line', () => {
    expect(lastLines(outcome(), [], false)).toEqual({ lines: ['3 passed, 0 failed, 0 skipped'], red: false });
  });

  test('a red test: file, name, what was wrong, the command that runs it alone', () => {
    const faults = [{ name: "group it's (red)", line: 'expected 1 to be 2', counterexample: null }];
    const { lines, red } = lastLines(outcome({ faults }), [], false);
    expect(red).toBe(true);
    expect(lines).toEqual([
      'RED  test/a.test.ts',
      "     group it's (red)",
      '     expected 1 to be 2',
      "     npm test -- test/a.test.ts -t 'group it'\\''s \\(red\\)'",
      '3 passed, 1 failed, 0 skipped',
    ]);
  });

  test('thirty red tests: under forty lines, with their number', () => {
    const faults = Array.from({ length: 30 }, (_, i) => ({ name: `${i}`, line: 'x', counterexample: '{ seed: 1 }' }));
    const { lines } = lastLines(outcome({ faults }), [], false);
    expect(lines.length).toBeLessThan(40);
    expect(lines.join('\n')).toContain('more red tests');
    expect(lines.at(-1)).toBe('3 passed, 30 failed, 0 skipped');
  });

  test('left out: counted by reason, and red where nothing may be', () => {
    const some = outcome({ skipped: 2, leftOut: { 'needs Chromium': 2 } });
    vi.stubEnv('TOCSIN_REQUIRE_ALL', '');
    expect(lastLines(some, [], false)).toMatchObject({ red: false });
    expect(lastLines(some, [], false).lines[0]).toBe('2 tests left out: needs Chromium');
    vi.stubEnv('TOCSIN_REQUIRE_ALL', '1');
    expect(lastLines(some, [], false)).toMatchObject({ red: true });
    vi.unstubAllEnvs();
  });

  test('what passed alone: named, and green', () => {
    const { lines, red } = lastLines({ ...outcome(), passedAlone: ['test/b.test.ts'] }, [], false);
    expect(red).toBe(false);
    expect(lines[0]).toContain('passed alone: test/b.test.ts');
  });

  test('it hung: red, though no test is', () => {
    expect(lastLines({ ...outcome(), files: [], broken: true }, [], false).red).toBe(true);
  });
});

describe('what has been running for long', () => {
  const running = (id: string, file: string) =>
    ({ id, fullName: `test ${id}`, module: { relativeModuleId: file } }) as unknown as Parameters<
      ResultReporter['onTestCaseReady']
    >[0];

  /** What is said after two minutes. */
  function said(during: (reporter: ResultReporter) => void): string {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      const reporter = new ResultReporter();
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
