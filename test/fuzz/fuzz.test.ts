/** The bounded form: the same targets as `npm run fuzz`, a fixed number of inputs each. A failure prints its seed and its input. */
import { afterAll, expect, test } from 'vitest';
import { fuzz } from './target.ts';
import { targets } from './targets.ts';

const SEED = Number(process.env.TOCSIN_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const INPUTS: Record<string, number> = { 'config files': 40, 'bytes of feeds': 60, schedules: 60 };

afterAll(async () => {
  for (const one of targets) await one.stop?.();
});

test.each(targets.map((one) => [one.name, one] as const))(
  '%s: never throws, bounded in time and size, no markup, no mention',
  async (name, one) => {
    const tally = await fuzz(one, INPUTS[name] ?? 150, SEED);
    expect(tally.failure).toBeNull();
    expect(tally.inputs).toBeGreaterThan(0);
  },
  60_000,
);
