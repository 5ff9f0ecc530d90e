/**
 * Test files that were red and then passed by themselves, in `test/flaky.json`: a debt with a day. Ten at most, each for fourteen days at most: what is
 * beyond is red, so that luck does not become a habit.
 */

export interface FlakyEntry {
  /** Path of the test file. */
  file: string;
  /** As far as it is known. */
  cause: string;
  /** When it was first seen, YYYY-MM-DD. */
  day: string;
}

const MOST = 10;
const DAYS = 14;
const DAY_MS = 86_400_000;

/** The list with those that passed alone just now. */
export function withPassedAlone(
  list: readonly FlakyEntry[],
  passedAlone: readonly string[],
  day: string,
): FlakyEntry[] {
  const fresh = passedAlone.filter((file) => !list.some((entry) => entry.file === file));
  return [...list, ...fresh.map((file) => ({ file, cause: 'not known yet', day }))];
}

/** What is red of the list on that day, in words. */
export function flakyFaults(list: readonly FlakyEntry[], day: string): string[] {
  const faults = list
    .filter((entry) => Date.parse(day) - Date.parse(entry.day) > DAYS * DAY_MS)
    .map(
      ({ file, day: since }) =>
        `test/flaky.json: ${file} passes only by itself since ${since}: mend it, and take it out`,
    );
  if (list.length > MOST) faults.push(`test/flaky.json: ${list.length} files pass only by themselves, ${MOST} may`);
  return faults;
}
