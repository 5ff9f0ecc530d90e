/**
 * Rows of the lab again and again: how often is each judged right? As root:
 * `node test/e2e/lab/rows.ts [--times N] [--load] [--width N] [--see] SCENARIO:SERVICE…`
 * `--load`: beside two processes that take all of the processor and a stream over loopback. `--see`: print what wrong rounds saw.
 * Without names the throttled rows and those that look like them. Ends with 1 when a row was wrong once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fits, Lab, labProblem, labRows, NODE, ownRows, type Row, rowsOf } from './lab.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '10' },
    width: { type: 'string', default: '1' },
    load: { type: 'boolean', default: false },
    see: { type: 'boolean', default: false },
  },
});
const problem = await labProblem();
if (problem) throw new Error(`no lab here: ${problem}`);

const all = [...(await rowsOf(labRows)), ...(await rowsOf(ownRows))];
const like = /throttle|slow|boost|crawl|loss|clean|freeze|tarpit/;
const chosen =
  positionals.length > 0
    ? positionals.map((p) => {
        const row = all.find((r) => `${r.scenario}:${r.service}` === p);
        if (!row) throw new Error(`no row ${p}`);
        return row;
      })
    : all.filter((r) => like.test(r.scenario));

/** A processor's worth of work a core, and bytes over loopback: what other tests of the same machine do. */
function load(): ChildProcess[] {
  const busy = 'for (;;) Math.sqrt(Math.random());';
  const stream = `const net = require('node:net'); const piece = Buffer.alloc(65536);
    net.createServer((s) => { const go = () => { while (s.write(piece)); }; s.on('drain', go); s.on('error', () => 0); go(); })
      .listen(0, '127.0.0.1', function () { net.connect(this.address().port, '127.0.0.1').resume(); });`;
  return [busy, busy, stream].map((code) => spawn(NODE, ['-e', code], { stdio: 'ignore' }));
}

const counts = new Map<Row, Map<string, number>>(chosen.map((row) => [row, new Map()]));
let wrong = 0;
const jobs = Array.from({ length: Number(values.times) }, () => chosen).flat();
const noise = values.load ? load() : [];
const quiet = (): void => {
  for (const child of noise) child.kill('SIGKILL');
};
let next = 0;
// Ended from outside: the labs are taken down all the same.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    next = jobs.length;
    quiet();
  });
}
async function work(name: string): Promise<void> {
  const lab = await Lab.up(name);
  try {
    while (next < jobs.length) {
      const row = jobs[next++]!;
      const [scenario = '', ...options] = row.scenario.split(' ');
      await lab.scenario(scenario, row.service, ...options);
      const ran = await lab.exec(NODE, join(import.meta.dirname, 'look.ts'), lab.vantage, row.service);
      const seen = ran.code === 0 ? JSON.parse(ran.stdout) : { verdict: `error: ${ran.stderr.slice(-300)}` };
      const tally = counts.get(row)!;
      tally.set(seen.verdict, (tally.get(seen.verdict) ?? 0) + 1);
      const right = fits(row, seen.verdict);
      if (!right) wrong++;
      process.stdout.write(`${right ? '   ' : '!! '}${row.scenario} ${row.service}: ${seen.verdict}\n`);
      if (!right && values.see) process.stdout.write(`${JSON.stringify(seen)}\n`);
    }
  } finally {
    await lab.down();
  }
}
try {
  await Promise.all(Array.from({ length: Number(values.width) }, (_, i) => work(`r${i}`)));
} finally {
  quiet();
}
for (const [row, tally] of counts) {
  const words = [...tally].sort((a, b) => b[1] - a[1]).map(([word, n]) => `${n} ${word}`);
  process.stdout.write(`${row.scenario} ${row.service} (${row.expected}): ${words.join(', ')}\n`);
}
const played = [...counts.values()].flatMap((tally) => [...tally.values()]).reduce((a, b) => a + b, 0);
process.stdout.write(`${played - wrong} right, ${wrong} wrong of ${jobs.length}\n`);
process.exitCode = wrong > 0 ? 1 : 0;
