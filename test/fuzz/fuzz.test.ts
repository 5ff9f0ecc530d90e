/** The same targets as `npm run fuzz`, always on the same inputs. How long one takes is judged there alone. */
import { afterAll, expect, test } from 'vitest';
import { seedOf } from '../rooms.ts';
import { fuzz } from './target.ts';
import { targets } from './targets.ts';

const INPUTS: Record<string, number> = { 'config files': 40, 'bytes of feeds': 60, schedules: 60 };

afterAll(async () => {
  for (const one of targets) await one.stop?.();
});

test.each(targets.map((one) => [one.name, one] as const))(
  '%s: never throws, bounded in size, no markup, no mention',
  async (name, one) => {
    const tally = await fuzz(one, INPUTS[name] ?? 150, seedOf(), undefined, false);
    expect(tally.failure).toBeNull();
    expect(tally.inputs).toBeGreaterThan(0);
  },
  60_000,
);
