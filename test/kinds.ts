/** Which test file is of which kind (test/README.md), for the runner and for what it says at the end. */
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Files that bound durations, from before they were named `*.timed.test.ts`. */
const MEASURING = [
  'contract/store/large',
  'contract/store/plans',
  'unit/commands/targets',
  'unit/extract/hostile',
  'unit/http/http',
  'unit/matrix/mention',
  'unit/matrix/sends',
  'unit/platform/schedule',
  'unit/rss/all-feeds',
  'unit/rss/attacks',
  'unit/rss/text',
  'unit/telegram/client',
  'unit/telegram/inbox',
  'unit/telegram/render',
  'unit/web/pages',
].map((name) => `test/${name}.test.ts`);

/** End to end, and yet over in seconds: a stranger's `npm test` runs them too, by themselves. */
export const SHORT_E2E = ['popups'].map((name) => `test/e2e/${name}.test.ts`);

/** Long, and by itself: it bounds durations or paces that others would spoil, or takes all of the machine. */
const ALONE = ['hostile', 'load', 'matrix-bell', 'newcomer', 'press-internet', 'surge', 'torture'].map(
  (name) => `test/e2e/${name}.test.ts`,
);

/** Of those that run beside others, what takes longest, the longest first: it begins first, so that nothing is left to end by itself. */
export const SLOWEST = [
  'matrix-invitations',
  'lab',
  'processes',
  'observatories/ooni',
  'observatories/manners',
  'observatories/globalping',
  'federation',
  'observatories/ioda',
  'matrix-people',
  'lab-agents',
  'matrix',
  'pairs',
].map((name) => `test/e2e/${name}.test.ts`);

export const TIMED = ['test/**/*.timed.test.ts', ...MEASURING];
export const LONG = ['test/**/*.long.test.ts', 'test/e2e/**/*.test.ts'];
/** Not ours to run: they come with what was copied. */
export const FOREIGN = ['test/fakes/**'];

const posix = (path: string): string => path.split(sep).join('/');

/** Paths of the long files, sorted. */
export function longFiles(): string[] {
  return globSync(LONG, { cwd: ROOT })
    .map(posix)
    .filter((file) => !SHORT_E2E.includes(file) && !file.startsWith('test/fakes/'))
    .sort();
}

/** Files that put something else in the place of a module: others of their worker would be handed it, too, so each has a worker of its own. */
export const APART: string[] = globSync('test/**/*.test.ts', { cwd: ROOT })
  .map(posix)
  .filter((file) =>
    /^\s*(await )?vi\.(doMock|mock)\(|vi\.resetModules\(/m.test(readFileSync(join(ROOT, file), 'utf8')),
  );

/** Short names for people: `lab-agent` for `test/e2e/lab-agent.test.ts`. */
export const nameOf = (file: string): string => (file.split('/').at(-1) ?? file).replace(/(\.long)?\.test\.ts$/, '');

export const allAskedFor = (env: Record<string, string | undefined> = process.env): boolean =>
  env.TOCSIN_TEST_ALL === '1' || env.TOCSIN_REQUIRE_ALL === '1';

/** Long files run when all are asked for, or when one is named on the command line, by the path or a part of it. */
export function longWanted(words: readonly string[], env: Record<string, string | undefined>): boolean {
  if (allAskedFor(env)) return true;
  const named = words.filter((w) => !w.startsWith('-') && w.includes('test/'));
  return named.some((word) => longFiles().some((file) => `${join(ROOT, file)}`.includes(word.replace(/^\.\//, ''))));
}

/** Those of the long files that run beside each other, and those that run by themselves. */
export const beside = (files: readonly string[]): string[] => files.filter((file) => !ALONE.includes(file));
export const alone = (files: readonly string[]): string[] => files.filter((file) => ALONE.includes(file));

export const isLong = (file: string): boolean => longFiles().includes(posix(file));
