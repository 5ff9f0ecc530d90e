/** What a run says at its end: what is red and how to see it alone, what passed alone, what was left out, and the sums. */
import type { FileResult } from './reporter.ts';

const SHOWN_FAULTS = 6;

export interface Outcome {
  files: FileResult[];
  /** Red, and then green in a process of its own. */
  passedAlone: string[];
  unhandled: string[];
  /** No result: it hung, or could not begin. */
  broken: boolean;
}

export const sum = (files: readonly FileResult[], of: (file: FileResult) => number): number =>
  files.reduce((n, file) => n + of(file), 0);

/** A command of its own for a red test; quotes as a shell wants them. */
const alone = (file: string, name: string): string =>
  `npm test -- ${file}${name ? ` -t '${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "'\\''")}'` : ''}`;

/** The last lines of a run: what is red and how to see it alone, what passed alone, what was left out, and the sums. */
export function lastLines(
  outcome: Outcome,
  more: readonly string[],
  named: boolean,
): { lines: string[]; red: boolean } {
  const { files, passedAlone, unhandled, broken } = outcome;
  const faults = files.flatMap(({ file, faults: list }) => list.map((fault) => ({ file, ...fault })));
  const lines: string[] = [];
  for (const { file, name, line, counterexample } of faults.slice(0, SHOWN_FAULTS)) {
    lines.push(`RED  ${file}`, ...(name ? [`     ${name.slice(0, 200)}`] : []), `     ${line}`);
    if (counterexample) lines.push(`     ${counterexample}`);
    lines.push(`     ${alone(file, name).slice(0, 300)}`);
  }
  if (faults.length > SHOWN_FAULTS) lines.push(`… and ${faults.length - SHOWN_FAULTS} more red tests, in the log`);
  for (const line of unhandled.slice(0, 3)) lines.push(`RED  thrown outside of any test: ${line}`);
  for (const line of more) lines.push(`RED  ${line}`);
  if (broken) lines.push('RED  the run was ended, or could not begin: see above');
  for (const file of passedAlone) lines.push(`passed alone: ${file} (counted in test/flaky.json)`);
  const leftOut = new Map<string, number>();
  for (const file of files) {
    for (const [why, n] of Object.entries(file.leftOut)) leftOut.set(why, (leftOut.get(why) ?? 0) + n);
  }
  for (const [why, n] of leftOut) lines.push(`${n} ${n === 1 ? 'test' : 'tests'} left out: ${why}`);
  const skipped = sum(files, (file) => file.skipped);
  const refused = process.env.TOCSIN_REQUIRE_ALL === '1' && !named && skipped > 0;
  if (refused) lines.push('RED  TOCSIN_REQUIRE_ALL=1: nothing may be left out');
  const failed = faults.length + unhandled.length + more.length + Number(broken);
  lines.push(`${sum(files, (file) => file.passed)} passed, ${failed} failed, ${skipped} skipped`);
  return { lines, red: failed > 0 || refused };
}
