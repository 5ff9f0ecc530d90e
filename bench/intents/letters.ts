/**
 * Learns what sentences of `said/` want by their letters: `node bench/intents/letters.ts [--fold N] [--write]` (README.md beside this file). `--fold N`
 * leaves every fifth situation out, says how well those are told, and writes its word of them to `--said FILE`; `--write` makes config/encoder/letters.bin of all.
 */
import { writeFileSync } from 'node:fs';
import { lettersOf } from '../../src/encoder/letters.ts';
import { kinds, rows } from './rows.ts';

const at = (path: string): URL => new URL(path, import.meta.url);
const option = (name: string): string | null => {
  const i = process.argv.indexOf(name);
  return i < 0 ? null : process.argv[i + 1]!;
};
const fold = option('--fold');
const [TIMES, RATE, SMOOTH, DROP, SIZE] = [
  Number(option('--times') ?? 12),
  Number(option('--rate') ?? 0.03),
  0.05,
  Number(option('--drop') ?? 0.3),
  1 << 15,
];
const BATCH = 128;

/** Seeds are fixed: the same file each time. */
let seed = 26;
const chance = (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

const known = rows.map((row) => ({ ...row, parts: lettersOf(row.text), wanted: kinds.indexOf(row.label) }));
const learnt = known.filter((row) => fold === null || row.fold !== Number(fold));
const left = known.filter((row) => fold !== null && row.fold === Number(fold));

const K = kinds.length;
const weights = new Float32Array(SIZE * K);
function chances(parts: readonly number[], count: number, from = weights): Float64Array {
  const out = new Float64Array(K);
  for (const part of parts) for (let k = 0; k < K; k++) out[k]! += from[part * K + k]!;
  const by = 1 / Math.sqrt(Math.max(1, count));
  let all = 0;
  for (let k = 0; k < K; k++) all += out[k] = Math.exp(out[k]! * by);
  return out.map((one) => one / all);
}
/** Adam, by batches. */
const [slopes, firsts, seconds] = [0, 1, 2].map(() => new Float32Array(SIZE * K)) as [
  Float32Array,
  Float32Array,
  Float32Array,
];
let steps = 0;
for (let time = 0; time < TIMES; time++) {
  const order = learnt.map((row) => ({ row, by: chance() })).sort((a, b) => a.by - b.by);
  for (let from = 0; from < order.length; from += BATCH) {
    const batch = order.slice(from, from + BATCH);
    slopes.fill(0);
    for (const { row } of batch) {
      const parts = row.parts.filter(() => chance() > DROP);
      const by = 1 / Math.sqrt(row.parts.length);
      const p = chances(parts, row.parts.length);
      for (let k = 0; k < K; k++) {
        const slope = ((p[k]! - SMOOTH / K - (k === row.wanted ? 1 - SMOOTH : 0)) * by) / batch.length;
        for (const part of parts) slopes[part * K + k]! += slope;
      }
    }
    steps++;
    const rate = (RATE * (1 - time / TIMES) * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps);
    for (let i = 0; i < weights.length; i++) {
      const slope = slopes[i]!;
      const first = (firsts[i] = 0.9 * firsts[i]! + 0.1 * slope);
      const second = (seconds[i] = 0.999 * seconds[i]! + 0.001 * slope * slope);
      weights[i]! -= (rate * first) / (Math.sqrt(second) + 1e-8);
    }
  }
}

/** As they are stored. */
const most = weights.reduce((max, w) => Math.max(max, Math.abs(w)), 0);
const scale = Math.min(most, 127 * Number(option('--scale') ?? most / 127)) / 127;
const stored = Int8Array.from(weights, (w) => Math.max(-127, Math.min(127, Math.round(w / scale))));
if (left.length > 0) {
  const opened = Float32Array.from(stored, (w) => w * scale);
  const said = left.map(({ lang, label, text, parts }) => {
    const ranked = [...chances(parts, parts.length, opened)]
      .map((p, k) => [kinds[k]!, Number(p.toFixed(5))] as const)
      .sort(([, a], [, b]) => b - a);
    return [lang, label, text, ranked] as const;
  });
  const within = (n: number): string =>
    (
      said.filter(([, label, , ranked]) => ranked.slice(0, n).some(([kind]) => kind === label)).length / said.length
    ).toFixed(3);
  console.log(`right ${within(1)}, in two ${within(2)}, in three ${within(3)}, largest weight ${most.toFixed(2)}`);
  const file = option('--said');
  if (file) writeFileSync(file, said.map((one) => `${JSON.stringify(one)}\n`).join(''));
}
if (process.argv.includes('--write')) {
  const head = Buffer.from(`${JSON.stringify({ kinds, scale })}\n`);
  writeFileSync(at('../../config/encoder/letters.bin'), Buffer.concat([head, Buffer.from(stored.buffer)]));
}
