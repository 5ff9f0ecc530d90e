/**
 * `npm test` (the gate) and `npm run prove` (the long proofs by topic); test/README.md says what is where. Runs vitest in a group of processes that ends
 * with it, runs a file that is red once more by itself, and says in its last lines all that one has to know. Exit code 1 where something is red.
 *
 *     npm test [-- FILE… | --changed | what vitest takes]
 *     npm run prove [-- TOPIC… | --smoke]
 *
 * TOCSIN_TEST_MINUTES: after so many a run of vitest is ended. TOCSIN_TEST_SUMMARY: a file for the last lines, which `.ci/run` prints.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { type FlakyEntry, flakyFaults, withPassedAlone } from './flaky.ts';
import { lastLines, type Outcome, sum } from './last-lines.ts';
import { proofPage, type ProofRow, rowsIn } from './proof-page.ts';
import { filesOf, TOPICS, type Topic } from './rooms.ts';
import { vitest } from './vitest.ts';

const ROOT = join(import.meta.dirname, '..');
const FLAKY = join(ROOT, 'test/flaky.json');
const PROOF = join(ROOT, 'docs/proof.md');
/** More red files than these are no luck: none is tried again. */
const TRIED_AGAIN = 8;
const GATE = ['--project=gate', '--project=apart', '--project=program'];

const say = (line = ''): boolean => process.stdout.write(`${line}\n`);
const git = (...args: string[]): string => {
  try {
    return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
};

/** Runs, and whatever file is red once more by itself, but where somebody runs files by hand. */
async function played(args: string[], env: Record<string, string>, minutes: number, byHand = false): Promise<Outcome> {
  const first = await vitest(args, env, minutes);
  if (!first) return { files: [], passedAlone: [], unhandled: [], broken: true };
  const red = first.files.filter(({ faults }) => faults.length > 0);
  const passedAlone: string[] = [];
  const files = [...first.files];
  if (!byHand && red.length <= TRIED_AGAIN) {
    for (const { file } of red) {
      say(`\nRed, and once more by itself: ${file}\n`);
      const named = args.filter((arg, i) => arg === '-t' || args[i - 1] === '-t');
      const again = (await vitest([file, ...named], env, minutes))?.files.find((one) => one.file === file);
      if (!again) continue;
      if (again.faults.length === 0) passedAlone.push(file);
      files[files.findIndex((one) => one.file === file)] = again;
    }
  }
  return { files, passedAlone, unhandled: first.unhandled, broken: false };
}

/** What passed alone is written down; too many of these, or too old ones, are red. */
function counted(passedAlone: readonly string[]): string[] {
  const list = JSON.parse(readFileSync(FLAKY, 'utf8')) as FlakyEntry[];
  const today = new Date().toISOString().slice(0, 10);
  const next = withPassedAlone(list, passedAlone, today);
  if (next.length !== list.length) writeFileSync(FLAKY, `${JSON.stringify(next, null, 2)}\n`);
  // By the day of the commit, not of the clock: one tree is judged alike each day.
  return flakyFaults(next, git('log', '-1', '--format=%cs') || today);
}

function finish(outcome: Outcome, more: readonly string[] = [], named = false): void {
  const { lines, red } = lastLines(outcome, [...more, ...counted(outcome.passedAlone)], named);
  say();
  for (const line of lines) say(line);
  if (process.env.TOCSIN_TEST_SUMMARY) writeFileSync(process.env.TOCSIN_TEST_SUMMARY, `${lines.join('\n')}\n`);
  process.exitCode = red ? 1 : 0;
}

const merged = (outcomes: readonly Outcome[]): Outcome => ({
  files: outcomes.flatMap(({ files }) => files),
  passedAlone: outcomes.flatMap(({ passedAlone }) => passedAlone),
  unhandled: outcomes.flatMap(({ unhandled }) => unhandled),
  broken: outcomes.some(({ broken }) => broken),
});

/** What has changed and is no module: which tests read it. */
const READ_BY: [RegExp, string[]][] = [
  [/^config\/languages\//, ['test/unit/i18n', 'test/unit/commands', 'test/unit/render']],
  [/^config\//, ['test/unit/config', 'test/unit/extract', 'test/unit/read', 'test/unit/rss/lists']],
  [/^(docs\/|README|CHANGELOG)/, ['test/unit/docs', 'test/unit/references.test.ts', 'test/unit/cli/readme']],
  [/^(package|Dockerfile|\.ci\/|vendor\/)/, ['test/unit/deploy', 'test/unit/docs']],
];

/** `--changed`: what the changes since the last commit reach, by the imports, and by the table above. */
async function changed(rest: string[]): Promise<void> {
  const list = [git('diff', '--name-only', 'HEAD'), git('ls-files', '--others', '--exclude-standard')]
    .flatMap((text) => text.split('\n'))
    .filter(Boolean);
  const read = [...new Set(READ_BY.flatMap(([path, tests]) => (list.some((file) => path.test(file)) ? tests : [])))];
  const outcomes: Outcome[] = [];
  const env = { TOCSIN_ROOM: 'gate' };
  if (list.some((file) => /\.m?ts$/.test(file)))
    outcomes.push(await played([...GATE, '--changed', '--passWithNoTests', ...rest], env, 15));
  if (read.length > 0) outcomes.push(await played([...GATE, ...read, ...rest], env, 15));
  if (outcomes.length === 0) say('Nothing has changed that a test reads.');
  finish(merged(outcomes), [], true);
}

/** All files of a topic: those that run beside each other, then the others by themselves. */
async function proven(topic: Topic): Promise<Outcome> {
  const { beside, alone: single } = filesOf(topic);
  const env = { TOCSIN_ROOM: 'prove', TOCSIN_REQUIRE_ALL: '1' };
  const outcomes: Outcome[] = [];
  if (beside.length > 0) outcomes.push(await played(beside, env, 20));
  if (single.length > 0) outcomes.push(await played([...single, '--no-file-parallelism'], env, 20));
  return merged(outcomes);
}

async function prove(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in TOPICS));
  if (unknown.length > 0) {
    say(`There is no topic ${unknown.join(', ')}. There are: ${Object.keys(TOPICS).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  const outcomes: Outcome[] = [];
  const more: string[] = [];
  for (const name of names.length > 0 ? names : Object.keys(TOPICS)) {
    say(`\n== ${name}: ${TOPICS[name]!.about}\n`);
    const began = performance.now();
    const [load = 0] = loadavg();
    const outcome = await proven(TOPICS[name]!);
    outcomes.push(outcome);
    const seconds = Math.round((performance.now() - began) / 1_000);
    if (seconds > 600) more.push(`${name} took ${seconds} s: a topic has ten minutes`);
    const row: ProofRow = {
      topic: name,
      commit: `${git('rev-parse', '--short=8', 'HEAD')}${git('status', '--porcelain', '--', 'src', 'test', 'config') ? ' and changes' : ''}`,
      day: new Date().toISOString().slice(0, 10),
      load: `${load.toFixed(1)} on ${availableParallelism()}`,
      passed: sum(outcome.files, (file) => file.passed),
      failed: sum(outcome.files, (file) => file.faults.length) + outcome.unhandled.length + Number(outcome.broken),
      again: outcome.passedAlone.length,
      seconds,
    };
    writeFileSync(PROOF, proofPage([...rowsIn(readFileSync(PROOF, 'utf8')).filter((one) => one.topic !== name), row]));
  }
  finish(merged(outcomes), more);
}

/** One short proof of each topic, side by side, in one run. */
async function smoke(): Promise<void> {
  const cases = Object.values(TOPICS).flatMap(({ smoke: list }) => list);
  const names = cases.flatMap(({ tests }) => tests ?? []).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const env = { TOCSIN_ROOM: 'smoke' };
  const whole = cases.filter(({ tests }) => !tests).map(({ file }) => file);
  const some = cases.filter(({ tests }) => tests).map(({ file }) => file);
  const outcomes = [await played([...some, '-t', `^(${names.join('|')})`], env, 8), await played(whole, env, 8)];
  const outcome = merged(outcomes);
  // A name that nothing bears proves nothing.
  const ran = new Set(outcome.files.filter(({ passed, faults }) => passed + faults.length > 0).map(({ file }) => file));
  const empty = cases.filter(({ file }) => !ran.has(file)).map(({ file }) => `no short proof ran in ${file}`);
  finish(outcome, [...new Set(empty)]);
}

const given = process.argv.slice(2);
if (given[0] === '--prove') await (given.includes('--smoke') ? smoke() : prove(given.slice(1)));
else if (given.includes('--changed')) await changed(given.filter((word) => word !== '--changed'));
else if (given.length > 0) {
  finish(await played(given, {}, 60, true), [], given.includes('-t'));
} else finish(await played(GATE, { TOCSIN_ROOM: 'gate' }, 15));
