import { expect, test } from 'vitest';
import { type Months, monthsOf, pairsOf } from './months.ts';
import { HARSH, type Knobs, PLAIN } from './noise.ts';

/** TOCSIN_NOISE_SEED: another draw; TOCSIN_NOISE_DRAWS: more of them. `bench/ooni-alarms.ts` counts many. */
const FIRST_SEED = Number(process.env.TOCSIN_NOISE_SEED) || 20_260_101;
const DRAWS = Number(process.env.TOCSIN_NOISE_DRAWS) || 1;
const SEEDS = Array.from({ length: DRAWS }, (_, i) => FIRST_SEED + i * 1_000_003);
/** Months are counted through; on a busy machine that takes a while. */
const TIMEOUT_MS = 300_000;

const months = (knobs: Knobs, withBlocks: boolean): Months => {
  const all = SEEDS.map((seed) => monthsOf(pairsOf(seed, knobs, withBlocks)));
  return {
    falsely: all.flatMap(({ falsely }) => falsely),
    seen: all.reduce((sum, { seen }) => sum + seen, 0),
    missed: all.flatMap(({ missed }) => missed),
    late: all.flatMap(({ late }) => late).sort((a, b) => a - b),
  };
};

test.each([
  ['noise as it is', PLAIN],
  ['noise of every kind', HARSH],
])(
  `90 days of %s for 20 pairs (seed ${FIRST_SEED}): no false alarm`,
  (_name, knobs) => expect(months(knobs, false).falsely).toEqual([]),
  TIMEOUT_MS,
);

test(
  'blocks of six hours to thirty days put in: 95 % are reported, half of them within two polls of the evidence',
  () => {
    const { falsely, seen, missed, late } = months(PLAIN, true);
    const median = late[Math.floor(late.length / 2)]!;
    console.log(
      `blocks with evidence ${seen}, reported ${late.length}, median delay ${median.toFixed(1)} polls, 90th percentile ${late[Math.floor(late.length * 0.9)]!.toFixed(1)}; missed: ${missed.join('; ') || 'none'}`,
    );
    expect(falsely).toEqual([]);
    expect(late.length / seen).toBeGreaterThanOrEqual(0.95);
    expect(median).toBeLessThanOrEqual(2);
  },
  TIMEOUT_MS,
);
