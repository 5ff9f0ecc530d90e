import { describe, expect, test } from 'vitest';
import { closingLines, type Tally, tally } from '../reporter.ts';

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

  test('a file that cannot be loaded: a failure, though it has no test', () => {
    expect(tally([module([], [new Error('no such module')])]).failed).toBe(1);
  });

  test('everything ran: one line, and the last is the plain one', () => {
    const sums: Tally = { passed: 3, failed: 0, skipped: 0, leftOut: new Map() };
    expect(closingLines(sums, true)).toEqual(['3 passed, 0 failed, 0 skipped']);
  });
});
