/**
 * What a run of vitest came to, for `test/run.ts`: a file of JSON (`TOCSIN_TEST_RESULT`) with each test file's counts and each red test in a line. While
 * it runs it names what has been running for long, so that a run that hangs has said where.
 */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

/** A red test, or a file that could not be read (`name` is then empty). */
export interface Fault {
  name: string;
  /** The first line of what was wrong. */
  line: string;
  /** What fast-check found: the smallest input, and what plays it again. */
  counterexample: string | null;
}

export interface FileResult {
  file: string;
  passed: number;
  skipped: number;
  seconds: number;
  faults: Fault[];
  /** Reason → how many tests were left out. */
  leftOut: Record<string, number>;
}

export interface RunResult {
  files: FileResult[];
  /** What was thrown outside of any test. */
  unhandled: string[];
}

const LONG_LINE = 300;
const firstLine = (text: string): string => text.trim().split('\n')[0]!.slice(0, LONG_LINE);

/** The seed, the path and the smallest input that fast-check names, in one line. */
export function counterexampleIn(message: string): string | null {
  const seed = /\{ seed: -?\d+, path: "[^"]*"[^}]*\}|\(seed -?\d+, path [\d:]*\)/.exec(message)?.[0];
  if (!seed) return null;
  const input = /(?:Counterexample|input): ?(.*)/.exec(message)?.[1] ?? '';
  const got = /Got (?:error|AssertionError): ?(.*)/.exec(message)?.[1] ?? '';
  return [seed, input.slice(0, LONG_LINE), got.slice(0, 120)].filter(Boolean).join(' · ');
}

const faultOf = (name: string, { message, stack }: { message: string; stack?: string }): Fault => ({
  name,
  line: firstLine(message),
  counterexample: counterexampleIn(`${message}\n${stack ?? ''}`),
});

/** With `-t` most tests are left out by intent: they count as nothing. */
export function resultOf(
  module: Pick<TestModule, 'errors' | 'children' | 'relativeModuleId'> & Partial<Pick<TestModule, 'diagnostic'>>,
  named = false,
): FileResult {
  const result: FileResult = {
    file: module.relativeModuleId,
    passed: 0,
    skipped: 0,
    seconds: (module.diagnostic?.().duration ?? 0) / 1_000,
    faults: [],
    leftOut: {},
  };
  for (const error of module.errors()) result.faults.push(faultOf('', error));
  for (const test of module.children.allTests()) take(result, test, named);
  for (const suite of module.children.allSuites?.() ?? []) takeSuite(result, suite);
  return result;
}

function take(result: FileResult, test: TestCase, named: boolean): void {
  const { state, errors, note } = test.result() as { state: string; errors?: Error[]; note?: string };
  if (state === 'passed') result.passed++;
  else if (state === 'failed') result.faults.push(faultOf(test.fullName, errors?.[0] ?? new Error('failed')));
  else if (!named || note) {
    const why = note || `no reason given (${result.file})`;
    result.skipped++;
    result.leftOut[why] = (result.leftOut[why] ?? 0) + 1;
  }
}

/** A hook of a group that throws leaves its tests out. */
function takeSuite(result: FileResult, suite: TestSuite): void {
  for (const error of suite.errors()) result.faults.push(faultOf(suite.fullName, error));
}

const STILL_MS = 60_000;

export default class ResultReporter implements Reporter {
  #named = false;
  #running = new Map<string, { name: string; file: string; since: number }>();
  #timer: NodeJS.Timeout | null = null;

  onInit(vitest: Vitest): void {
    this.#named = Boolean(vitest.config.testNamePattern);
    this.#timer = setInterval(() => this.still(), STILL_MS).unref();
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

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    if (this.#timer) clearInterval(this.#timer);
    const to = process.env.TOCSIN_TEST_RESULT;
    if (!to) return;
    const result: RunResult = {
      files: modules.map((module) => resultOf(module, this.#named)),
      unhandled: unhandled.map(({ message }) => firstLine(String(message))),
    };
    writeFileSync(to, JSON.stringify(result));
  }
}
