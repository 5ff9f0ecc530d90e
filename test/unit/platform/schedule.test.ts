import fc from 'fast-check';
import { createTask } from 'node-cron';
import { describe, expect, test } from 'vitest';
import { cronProblem, nextRun } from '../../../src/platform/schedule.ts';
import { expectAtMost } from '../../fakes/pace.ts';

const local = (text: string) => new Date(text).getTime();

describe('next run', () => {
  const cases: [string, string, string][] = [
    ['*/5 * * * *', '2026-11-25T12:00:00', '2026-11-25T12:05:00'],
    ['*/5 * * * *', '2026-11-25T11:59:59.999', '2026-11-25T12:00:00'],
    ['* * * * * *', '2026-11-25T12:00:00', '2026-11-25T12:00:01'],
    ['*/10 * * * * *', '2026-11-25T23:59:55', '2026-11-26T00:00:00'],
    ['0 8 * * *', '2026-11-25T08:00:00', '2026-11-26T08:00:00'],
    ['30 8 1 * *', '2026-12-31T23:00:00', '2027-01-01T08:30:00'],
    ['0 0 29 2 *', '2026-03-01T00:00:00', '2028-02-29T00:00:00'],
    ['0 0 * * 1', '2026-11-25T00:00:00', '2026-11-30T00:00:00'],
    ['0 0 * * sun', '2026-11-25T00:00:00', '2026-11-29T00:00:00'],
    ['0 9-17/4 * jan-mar *', '2026-11-25T00:00:00', '2027-01-01T09:00:00'],
    ['0 0 L * *', '2026-11-25T00:00:00', '2026-11-30T00:00:00'],
    ['0 0 * * 5#1', '2026-11-25T00:00:00', '2026-12-04T00:00:00'],
  ];
  test.each(cases)('%s after %s: %s', (cron, after, expected) =>
    expect(nextRun(cron, local(after))).toBe(local(expected)),
  );

  test('agrees with node-cron, and never stands still', () => {
    const field = (max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: 1, max: Math.floor(max / 2) }).map((n) => `*/${n}`),
        fc.integer({ min: 1, max }).map(String),
      );
    const cron = fc
      .tuple(field(59), field(59), field(23), field(28), field(12), fc.constant('*'))
      .map((fields) => fields.join(' '));
    fc.assert(
      fc.property(cron, (expression) => {
        const task = createTask(expression, () => {});
        let at = Date.now();
        const runs = task.getNextRuns(3).map((date) => date.getTime());
        for (const run of runs) {
          const next = nextRun(expression, at);
          expect(Math.abs(next - run)).toBeLessThan(2_000);
          expect(next).toBeGreaterThan(at);
          at = next;
        }
      }),
      { numRuns: 60 },
    );
  });

  test('100,000 answers between two runs: under 100 ms', () => {
    const start = performance.now();
    for (let i = 0; i < 100_000; i++) nextRun('*/5 * * * *', 1_800_000_000_000 + i);
    expectAtMost(performance.now() - start, 100);
  });
});

describe('what is wrong with a cron expression', () => {
  test.each(['*/5 * * * *', '* * * * * *', '0 0 1,15 * 1-5', '0 0 * jan sun'])('%s: nothing', (cron) =>
    expect(cronProblem(cron)).toBeNull(),
  );
  test.each(['', 'often', '* * * *', '* * * * * * *', '61 * * * *', '0 0 31 2 *', '*/5 * * * * ; rm'])(
    '%s: said',
    (cron) => expect(cronProblem(cron)).toMatch(/\w/),
  );
});
