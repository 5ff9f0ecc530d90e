/** Simulated publics of 20,000 readers, from quiet to panic, against the judge of what readers say. Every seed stands in a test's name. */
import { describe, expect, test } from 'vitest';
import { excessOf, outageOf } from '../../src/core/judge/readers.ts';
import { QUARTER } from '../../src/core/ports/readers.ts';
import { countsOf, type Cut, PUBLICS, type Public, tapsOf, usualAt } from './publics.ts';

const DAY = 96;
const WEEK = 7 * DAY;
/** Four weeks to learn what is usual, then a month. */
const LEARNT = 4 * WEEK;
const MONTH = 30 * DAY;

const excessAt = (taps: ReturnType<typeof tapsOf>, quarter: number, chats: number) =>
  excessOf(
    { lately: countsOf(taps, { from: quarter - 8, to: quarter + 1 }), usual: usualAt(taps.fails, quarter), chats },
    quarter * QUARTER + QUARTER - 1,
  );

/** Quarters that are suspected. */
function suspected(taps: ReturnType<typeof tapsOf>, chats: number, from = LEARNT, to = LEARNT + MONTH): number[] {
  const found: number[] = [];
  for (let at = from; at < to; at++) if ((taps.fails[at] ?? 0) > 0 && excessAt(taps, at, chats)) found.push(at);
  return found;
}

/** Minutes from a cut to the suspicion, in the middle of twenty; null = more than half were not seen within six hours. */
function delayOf(of: Public, cut: Omit<Cut, 'from'>, seed: number): number | null {
  const delays = Array.from({ length: 20 }, (_, i) => {
    const from = LEARNT + 2 * DAY + i * 7;
    const taps = tapsOf(of, from + 24, seed + i, { ...cut, from });
    const [first] = suspected(taps, of.readers, from, from + 24);
    return first === undefined ? Infinity : (first + 1 - from) * 15;
  });
  const middle = delays.sort((a, b) => a - b)[10]!;
  return Number.isFinite(middle) ? middle : null;
}

describe('quiet months', () => {
  for (const [n, of] of PUBLICS.entries())
    test(`fifty months of a public that says ${of.quiet} an hour, seeds ${n}001 to ${n}050: nothing is suspected`, () => {
      for (let seed = n * 1_000 + 1; seed <= n * 1_000 + 50; seed++)
        expect(suspected(tapsOf(of, LEARNT + MONTH, seed), of.readers), `seed ${seed}`).toEqual([]);
    });
});

describe('a cut', () => {
  const country = { share: 1, haste: 0.02 };
  const provider = { share: 0.2, haste: 0.02 };
  const panic = { share: 1, haste: 0.1 };
  const shy = { share: 1, haste: 0.001 };
  const rows: [string, number, Omit<Cut, 'from'>, number | null][] = [
    ['all of a quiet country', 0, country, 45],
    ['all of a country, in panic', 1, panic, 45],
    ['all of a talkative country', 3, country, 45],
    ['one provider of a fifth, quiet', 0, provider, 45],
    ['one provider of a fifth, usual', 1, provider, 45],
    ['one provider of a fifth, talkative: nobody can tell it from a bad evening', 3, provider, null],
    ['all of a country, of whom one in 1,000 says so: too few to be told from chance', 1, shy, null],
  ];
  test.each(rows)('%s, seeds from 7000: suspected within the time', (_, at, cut, most) => {
    const delay = delayOf(PUBLICS[at]!, cut, 7_000);
    if (most === null) expect(delay).toBeNull();
    else expect(delay).toBeLessThanOrEqual(most);
  });
});

describe('the service itself is down', () => {
  const at = LEARNT + DAY;
  const now = at * QUARTER + 6 * QUARTER;
  const COUNTRIES = ['RU', 'DE', 'BR', 'TR', 'IN'];
  const world = (down: readonly string[], settled = 1) =>
    COUNTRIES.flatMap((country, i) => {
      const cut = down.includes(country) ? { from: at, share: 1, haste: 0.02 } : null;
      // Elsewhere people ask, too, and find that it works.
      const calm = { ...PUBLICS[3]!, rumours: 30 };
      const taps = tapsOf(cut ? PUBLICS[1]! : calm, at + 7, 9_000 + i, cut);
      return countsOf(taps, { from: at - 2, to: at + 7, country, settled });
    });

  test('in every country, seeds 9000 to 9004: told as such', () => {
    expect(outageOf(world(COUNTRIES), now).toSorted()).toEqual(COUNTRIES.toSorted());
  });

  test('in one of five: no outage', () => {
    expect(outageOf(world(['RU']), now)).toEqual([]);
  });

  test('new accounts that say so of every country: no outage, and it hides no cut', () => {
    expect(outageOf(world(COUNTRIES, 0), now)).toEqual([]);
  });
});
