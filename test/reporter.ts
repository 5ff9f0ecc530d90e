/** Says at the end how many tests were left out and why, and closes with one line that machines can read. */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** Reason → how many. */
  leftOut: Map<string, number>;
}

export function tally(modules: readonly Pick<TestModule, 'errors' | 'children' | 'relativeModuleId'>[]): Tally {
  const sums: Tally = { passed: 0, failed: 0, skipped: 0, leftOut: new Map() };
  for (const module of modules) {
    // A file that could not be loaded has no tests to fail.
    if (module.errors().length > 0) sums.failed++;
    for (const test of module.children.allTests()) count(sums, test, module.relativeModuleId);
  }
  return sums;
}

function count(sums: Tally, test: TestCase, file: string): void {
  const result = test.result();
  if (result.state === 'passed') sums.passed++;
  else if (result.state === 'failed') sums.failed++;
  else {
    sums.skipped++;
    const why = (result.state === 'skipped' && result.note) || `no reason given (${file})`;
    sums.leftOut.set(why, (sums.leftOut.get(why) ?? 0) + 1);
  }
}

export function closingLines(sums: Tally, requireAll: boolean, filtered = false): string[] {
  const lines: string[] = [];
  for (const [why, n] of sums.leftOut) lines.push(`${n} ${n === 1 ? 'test' : 'tests'} left out: ${why}`);
  if (requireAll && !filtered && sums.skipped > 0)
    lines.push('TOCSIN_REQUIRE_ALL=1: nothing may be left out, so this run has failed');
  lines.push(`${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`);
  return lines;
}

export default class LeftOutReporter implements Reporter {
  #filtered = false;

  onInit(vitest: Parameters<NonNullable<Reporter['onInit']>>[0]): void {
    // With `-t NAME` most tests are skipped by intent.
    this.#filtered = Boolean(vitest.config.testNamePattern);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const sums = tally(modules);
    sums.failed += unhandled.length;
    const requireAll = process.env.TOCSIN_REQUIRE_ALL === '1';
    if (this.#filtered) sums.leftOut.clear();
    if (requireAll && !this.#filtered && sums.skipped > 0) process.exitCode = 1;
    process.stdout.write(`\n${closingLines(sums, requireAll, this.#filtered).join('\n')}\n`);
  }
}
