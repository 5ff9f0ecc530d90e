/** Runs the scenarios of the seed table and writes docs/coverage.md from what came of them: `npm run coverage:seed`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const COLUMNS = ['probe', 'news', 'register or DNS', 'status', 'alert, en', 'alert, ru'];
const FILE = 'test/scenario/seed/seed.test.ts';

interface Outcome {
  testResults: { assertionResults: { title: string; status: string }[] }[];
}

const folder = mkdtempSync(join(tmpdir(), 'tocsin-coverage-'));
const out = join(folder, 'outcome.json');
const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
spawnSync(process.execPath, [vitest, 'run', FILE, '--reporter=json', `--outputFile=${out}`], {
  cwd: ROOT,
  stdio: ['ignore', 'ignore', 'inherit'],
});
const { testResults } = JSON.parse(readFileSync(out, 'utf8')) as Outcome;
rmSync(folder, { recursive: true });

const rows = new Map<string, Map<string, string>>();
for (const { title, status } of testResults.flatMap((one) => one.assertionResults)) {
  const [row = '', column = ''] = title.split(/: (.*)/s);
  const cells = rows.get(row) ?? new Map<string, string>();
  rows.set(row, cells.set(column, status === 'passed' ? 'yes' : status === 'failed' ? '**no**' : '?'));
}
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = [
  line(['in Russia', ...COLUMNS]),
  line(['---', ...COLUMNS.map(() => '---')]),
  ...[...rows].map(([row, cells]) => line([row, ...COLUMNS.map((column) => cells.get(column) ?? '')])),
];
const failed = [...rows.values()].flatMap((cells) => [...cells.values()]).filter((cell) => cell !== 'yes').length;
/** What another program writes below (`bench/coverage/run.ts`). */
const PAGE = join(ROOT, 'docs/coverage.md');
const below = readFileSync(PAGE, 'utf8').split(/^(?=# How the press is heard)/m)[1] ?? '';
writeFileSync(
  PAGE,
  `# What is covered of the seed table

Written by \`npm run coverage:seed\` from the outcome of \`${FILE}\`; not by hand.

Each row is what happened to it in Russia up to February 2026, each column a way by which Tocsin gets to know of it or tells it: measured by
an own probe (the rule of rounds), reported by two outlets (one in English, one in Russian, through the real extractor), listed in the
register or delisted from the national DNS, known to \`/status\` on the first day (MAX: known to be blocked by nobody) and after it was
measured, and the alert in both languages, confirmed by news and a measurement.

${table.join('\n')}
${below === '' ? '' : `\n${below}`}`,
);
process.stdout.write(`${rows.size} rows, ${failed} cells that do not hold.\n`);
process.exitCode = failed === 0 && rows.size > 0 ? 0 : 1;
