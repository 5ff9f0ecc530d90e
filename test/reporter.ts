/**
 * Says at the end how many tests were left out and why, and closes with one line that machines can read. Meanwhile it names what has been running
 * for long, so that a run that hangs has said where.
 */
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import { longFiles, nameOf } from './kinds.ts';

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

/** `filtered`: only some tests were asked for by name. `longLeftOut`: long files that nobody asked for. */
export function closingLines(
  sums: Tally,
  requireAll: boolean,
  filtered = false,
  longLeftOut: readonly string[] = [],
): string[] {
  const lines: string[] = [];
  for (const [why, n] of sums.leftOut) lines.push(`${n} ${n === 1 ? 'test' : 'tests'} left out: ${why}`);
  if (longLeftOut.length > 0)
    lines.push(
      `${longLeftOut.length} long ${longLeftOut.length === 1 ? 'file' : 'files'} left out: run npm run test:all (${longLeftOut.map(nameOf).join(', ')})`,
    );
  if (requireAll && !filtered && sums.skipped > 0)
    lines.push('TOCSIN_REQUIRE_ALL=1: nothing may be left out, so this run has failed');
  lines.push(`${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`);
  return lines;
}

const STILL_MS = 60_000;

export default class LeftOutReporter implements Reporter {
  #named = false;
  #files = false;
  #ran = new Set<string>();
  #running = new Map<string, { name: string; file: string; since: number }>();
  #timer: NodeJS.Timeout | null = null;

  onInit(vitest: Vitest): void {
    // With `-t NAME` most tests are skipped by intent.
    this.#named = Boolean(vitest.config.testNamePattern);
    this.#timer = setInterval(() => this.still(), STILL_MS).unref();
  }

  onTestRunStart(specifications: readonly { moduleId: string }[]): void {
    this.#ran = new Set(specifications.map((s) => s.moduleId));
    this.#files = process.argv.slice(2).some((word) => /(^|\/)test\/|\.test\b/.test(word));
  }

  onTestCaseReady(test: TestCase): void {
    const file = test.module.relativeModuleId;
    this.#running.set(test.id, { name: `${file}: ${test.fullName}`, file, since: performance.now() });
  }

  onTestCaseResult(test: TestCase): void {
    this.#running.delete(test.id);
  }

  /** The word that a test has ended can come before the word that it began; that of its file comes last. */
  onTestModuleEnd({ relativeModuleId }: Pick<TestModule, 'relativeModuleId'>): void {
    for (const [id, { file }] of this.#running) if (file === relativeModuleId) this.#running.delete(id);
  }

  /** What has been running for longer than a minute is named. */
  still(): void {
    const now = performance.now();
    for (const { name, since } of this.#running.values()) {
      if (now - since >= STILL_MS)
        process.stdout.write(`still running after ${Math.round((now - since) / 1_000)} s: ${name}\n`);
    }
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    if (this.#timer) clearInterval(this.#timer);
    const sums = tally(modules);
    sums.failed += unhandled.length;
    const requireAll = process.env.TOCSIN_REQUIRE_ALL === '1';
    const filtered = this.#named || this.#files;
    if (this.#named) sums.leftOut.clear();
    const longLeftOut = filtered ? [] : longFiles().filter((file) => ![...this.#ran].some((id) => id.endsWith(file)));
    if (requireAll && !this.#named && sums.skipped > 0) process.exitCode = 1;
    process.stdout.write(`\n${closingLines(sums, requireAll, this.#named, longLeftOut).join('\n')}\n`);
  }
}
