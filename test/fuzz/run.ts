/**
 * `npm run fuzz -- --minutes 10 --seed 7 [--only "texts"]`: looks for what the gate, which plays the same inputs each time, does not know yet. Every
 * target in turn for half of the time, then all property tests of the gate with fresh seeds. Exit code 1 when something does not hold: what is found
 * becomes a case of its own first, then it is mended.
 */
import { parseArgs } from 'node:util';
import { propertyFiles } from '../rooms.ts';
import { vitest } from '../vitest.ts';
import { fuzz, held } from './target.ts';
import { targets } from './targets.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    batch: { type: 'string' },
  },
});
const minutes = Number(values.minutes ?? 1);
const first = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const batch = Number(values.batch ?? 40);
const chosen = targets.filter((one) => one.name.includes(values.only ?? ''));
const say = (line: string) => process.stdout.write(`${line}\n`);
say(`Seed ${first}, ${minutes} min, ${chosen.length} targets.`);

const until = performance.now() + minutes * (values.only ? 60_000 : 30_000);
const sums = new Map(chosen.map((one) => [one.name, { inputs: 0, slowestMs: 0, totalMs: 0 }]));
const failures = new Map<string, string>();
let mostRss = 0;
let rssAfterMinute = 0;
const began = performance.now();
// Whatever comes first builds indexes and compiles: not what is measured.
for (const one of chosen) await fuzz(one, 3, 1);
held.reset();

for (let round = 0; performance.now() < until; round++) {
  for (const one of chosen) {
    if (performance.now() >= until) break;
    const tally = await fuzz(one, batch, first + round);
    const sum = sums.get(one.name)!;
    sum.inputs += tally.inputs;
    sum.totalMs += tally.totalMs;
    sum.slowestMs = Math.max(sum.slowestMs, tally.slowestMs);
    const kind = tally.failure?.replace(/\(seed[^)]*\)/, '').split('\n')[0] ?? '';
    if (tally.failure !== null && !failures.has(kind)) {
      failures.set(kind, tally.failure);
      say(`\nFAILED ${tally.failure}\n`);
    }
    mostRss = Math.max(mostRss, process.memoryUsage.rss());
    if (rssAfterMinute === 0 && performance.now() - began > 60_000) rssAfterMinute = process.memoryUsage.rss();
  }
}

for (const one of chosen) await one.stop?.();
const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
const ms = (micros: number) => (micros / 1_000).toFixed(1);
say('\ntarget | inputs | mean ms | slowest ms');
for (const [name, sum] of sums)
  say(`${name} | ${sum.inputs} | ${(sum.totalMs / Math.max(1, sum.inputs)).toFixed(2)} | ${sum.slowestMs.toFixed(1)}`);
const inputs = [...sums.values()].reduce((n, sum) => n + sum.inputs, 0);
say(
  `\n${inputs} inputs in ${((performance.now() - began) / 60_000).toFixed(1)} min; ${failures.size} kinds of failure.`,
);
say(`One input held the main loop: p99.9 ${ms(held.percentile(99.9))} ms, longest ${ms(held.max)} ms.`);
say(
  `Memory: ${rssAfterMinute ? `${mb(rssAfterMinute)} after a minute, ` : ''}${mb(mostRss)} at most; heap ${mb(process.memoryUsage().heapUsed)} at the end.`,
);

/** The property tests, again and again, each time with another seed, until the time is over; once at least. */
async function properties(): Promise<number> {
  const files = propertyFiles();
  let red = 0;
  const end = performance.now() + minutes * 30_000;
  for (let seed = first; seed === first || performance.now() < end; seed++) {
    const env = { TOCSIN_ROOM: 'fuzz', TOCSIN_SEED: String(seed) };
    const result = await vitest(files, env, 60, true);
    if (!result) {
      say(`\nFAILED: the property tests with seed ${seed} ended without a result`);
      return red + 1;
    }
    for (const { file, faults } of result.files) {
      for (const { name, line, counterexample } of faults) {
        red++;
        say(`\nFAILED ${file}: ${name}\n${line}\n${counterexample ?? ''}\nTOCSIN_SEED=${seed} npm test -- ${file}`);
      }
    }
    const passed = result.files.reduce((n, one) => n + one.passed, 0);
    say(`Properties of ${files.length} files, seed ${seed}: ${passed} tests passed.`);
  }
  return red;
}
const red = values.only ? 0 : await properties();
process.exitCode = failures.size + red > 0 ? 1 : 0;
