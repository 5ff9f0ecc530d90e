/** Throttling: the slowest tail, what `ok` stands on, and which step comes next. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ThroughputObservations, ThroughputPair, Transfer } from '../../../src/core/judge/observations.ts';
import {
  isHeld,
  judgeThroughput,
  nextSpeedStep,
  type Progress,
  type SpeedMeans,
  steadyRate,
} from '../../../src/core/judge/throughput.ts';
import { spell } from '../../../src/core/judge/verdict.ts';
import { transfer } from './facts.ts';

const MB = 1e6;
const clean = (n = 20): number[] => Array(n).fill(3);

/** A download behind a bucket: `burst` bytes at once, then `rate` bits a second, looked at every 100 ms. */
function behindBucket(burst: number, rate: number, size: number): { samples: Progress[]; ms: number } {
  const samples: Progress[] = [];
  const full = 100 * MB;
  for (let at = 100; ; at += 100) {
    const bytes = Math.min(size, (full * at) / 8_000, burst + (rate * at) / 8_000);
    samples.push({ at, bytes });
    if (bytes >= size || at >= 6_000) return { samples, ms: at };
  }
}

describe('slowest tail', () => {
  test.each([
    ['a burst of 16 KB, then 130 kbit/s', 16_000, 130_000],
    ['a burst of 256 KB, then 512 kbit/s', 262_144, 512_000],
    ['a burst of 1 MB, then 1 Mbit/s', 1_000_000, 1_000_000],
    ['a burst of 1.5 MB, then 64 kbit/s', 1_500_000, 64_000],
  ])('%s: the pace after it, whatever the burst', (_name, burst, rate) => {
    const { samples, ms } = behindBucket(burst, rate, 2_097_152);
    const found = steadyRate(samples, ms)!;
    expect(found).toBeGreaterThan(rate * 0.5);
    expect(found).toBeLessThan(rate * 2);
  });

  test('a full line: its own speed', () => {
    const { samples, ms } = behindBucket(1e9, 1e9, 2_097_152);
    expect(steadyRate(samples, ms)).toBeGreaterThan(50 * MB);
  });

  test('a pause of a third of a second in a fast download: still fast', () => {
    const samples = [100, 200, 300, 700, 800, 900].map((at, i) => ({ at, bytes: (i + 1) * 300_000 }));
    expect(steadyRate(samples, 900)).toBeGreaterThan(2 * MB);
  });

  test('nothing came: no rate within a second, none at all after it', () => {
    expect(steadyRate([{ at: 500, bytes: 0 }], 500)).toBeNull();
    expect(steadyRate([{ at: 5_000, bytes: 0 }], 5_000)).toBe(0);
    expect(steadyRate([], 10)).toBeNull();
  });

  test('whatever the samples: finite, not negative, never above what the whole took after its first pieces', () => {
    const growing = fc
      .array(fc.record({ dt: fc.integer({ min: 1, max: 900 }), db: fc.integer({ min: 0, max: 400_000 }) }), {
        minLength: 1,
        maxLength: 80,
      })
      .map((steps) => {
        let at = 0;
        let bytes = 0;
        return steps.map((s) => {
          at += s.dt;
          bytes += s.db;
          return { at, bytes };
        });
      });
    fc.assert(
      fc.property(growing, (samples) => {
        const last = samples.at(-1)!;
        const rate = steadyRate(samples, last.at);
        if (rate === null) return last.bytes === 0;
        return Number.isFinite(rate) && rate >= 0;
      }),
    );
  });
});

const pair = (
  t: Partial<Transfer> & { rate: number | null },
  same: number | null,
  site: number | null,
): ThroughputPair => ({
  target: transfer(t.rate, t),
  sameAddress: same === null ? null : transfer(same),
  reference: site === null ? null : transfer(site),
});
const speeds = (over: Partial<ThroughputObservations>): ThroughputObservations => ({
  family: 4,
  pairs: [],
  helper: transfer(80 * MB),
  atRest: clean(),
  ...over,
});
const said = (o: ThroughputObservations, lossy = false): string => spell(judgeThroughput(o, lossy).finding);

describe('verdict on speed', () => {
  const policed = (tcpMs: number) => pair({ rate: 0.07 * MB, tcpMs }, 0.07 * MB, 90 * MB);

  test('a policer that dropped the SYNs of our own busy flows too: throttled, for at rest none is lost', () => {
    expect(said(speeds({ pairs: [policed(2_047), policed(1_027)] }))).toMatch(/^throttled:/);
  });

  test('packets lost at rest as well: not judged, and never "ok"', () => {
    expect(said(speeds({ pairs: [policed(2_047), policed(1)], atRest: [1, 1_030, 2, null] }))).toBe(
      'inconclusive:lossy_path',
    );
  });

  test('the line seemed lossy, and lost nothing at rest: our machine was busy, the path is judged', () => {
    const pairs = [policed(3), policed(3)];
    expect(said(speeds({ pairs }), true)).toMatch(/^throttled:/);
    expect(said(speeds({ pairs, atRest: [...clean(), 1_020] }), true)).toBe('inconclusive:lossy');
    expect(said(speeds({ pairs, atRest: null }), true)).toBe('inconclusive:lossy');
  });

  test('no reference answered: slow is not "ok"', () => {
    expect(said(speeds({ pairs: Array(3).fill(pair({ rate: 0.1 * MB }, null, null)) }))).toBe(
      'inconclusive:no_reference',
    );
  });

  test('connections met with silence beside slow downloads: throttled; silence alone: another layer', () => {
    const silent = pair({ rate: 0, outcome: 'stall', bytes: 0 }, 90 * MB, 90 * MB);
    const slow = pair({ rate: 0.06 * MB }, 90 * MB, 90 * MB);
    expect(said(speeds({ pairs: [slow, silent, slow] }))).toMatch(/^throttled:/);
    expect(said(speeds({ pairs: [silent, silent] }))).toBe('inconclusive:unsteady');
  });

  test('slow for the helper too, in a burst of whatever size: ok for everybody here', () => {
    const o = speeds({ pairs: [pair({ rate: 0.1 * MB }, 90 * MB, 90 * MB)], helper: transfer(0.12 * MB) });
    expect(judgeThroughput(o, false)).toEqual({ finding: { verdict: 'ok', detail: null }, notes: ['slow_everywhere'] });
  });

  test('our own process was held up and the target is but somewhat slow: busy, not ok', () => {
    const one = pair({ rate: 1.5 * MB, lagMs: 2_000 }, 6 * MB, 6 * MB);
    expect(said(speeds({ pairs: [one, one, one] }))).toBe('inconclusive:busy');
  });

  test('one slow of three: ok; one slow alone: not judged', () => {
    const fast = pair({ rate: 80 * MB }, null, null);
    const slow = pair({ rate: 0.1 * MB }, 90 * MB, 90 * MB);
    expect(said(speeds({ pairs: [slow, fast, fast] }))).toBe('ok');
    expect(said(speeds({ pairs: [slow] }))).toBe('inconclusive:uneven_speed');
  });

  test('a helper that had no time to finish and was far faster all the same: it knows', () => {
    const helper = transfer(3 * MB, { outcome: 'slow' });
    const slow = pair({ rate: 0.1 * MB }, 4 * MB, 4 * MB);
    expect(said(speeds({ pairs: [slow, slow], helper }))).toMatch(/^throttled:/);
  });
});

describe('next step', () => {
  const means: SpeedMeans = { same: true, reference: true, helper: true, helperTries: 0, late: false };
  const any = (rate: fc.Arbitrary<number | null>) =>
    fc.record({ rate, outcome: fc.constantFrom<Transfer['outcome']>('complete', 'slow', 'stall', 'reset', 'failed') });
  const rate = fc.option(fc.constantFrom(0, 6e4, 1e6, 1.9e6, 5e6, 9e7), { nil: null });

  /** Walks the plan with made-up answers; returns its steps. */
  function walk(answers: { rate: number | null; outcome: Transfer['outcome'] }[], can: Partial<SpeedMeans>) {
    const o: ThroughputObservations = { family: 4, pairs: [], helper: null, atRest: null };
    const steps: string[] = [];
    let tries = 0;
    let n = 0;
    const next = (): Transfer => {
      const a = answers[n++ % answers.length]!;
      return transfer(a.rate, { outcome: a.outcome });
    };
    for (;;) {
      const step = nextSpeedStep(o, { ...means, ...can, helperTries: tries });
      steps.push(step);
      if (step === 'done' || steps.length > 60) return { o, steps };
      if (step === 'rest') o.atRest = clean();
      else if (step === 'helper') {
        tries++;
        o.helper = next();
      } else if (step === 'target') o.pairs.push({ target: next(), sameAddress: null, reference: null });
      else if (step === 'same') o.pairs.at(-1)!.sameAddress = next();
      else o.pairs.at(-1)!.reference = next();
    }
  }

  test('whatever comes back: it ends, with four pairs and two asks of the helper at most', () => {
    fc.assert(
      fc.property(
        fc.array(any(rate), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        fc.boolean(),
        (answers, same, helper) => {
          const { o, steps } = walk(answers, { same, helper });
          expect(steps.at(-1)).toBe('done');
          expect(o.pairs.length).toBeLessThanOrEqual(4);
          expect(steps.filter((s) => s === 'helper').length).toBeLessThanOrEqual(2);
          expect(steps.filter((s) => s === 'rest').length).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test('whoever is called throttled: two slow downloads, a control, the helper and a rest stand behind it', () => {
    fc.assert(
      fc.property(fc.array(any(rate), { minLength: 1, maxLength: 12 }), (answers) => {
        const { o, steps } = walk(answers, {});
        if (judgeThroughput(o, false).finding.verdict !== 'throttled') return;
        expect(o.pairs.filter((p) => isHeld(p.target)).length).toBeGreaterThanOrEqual(2);
        expect(o.helper).not.toBeNull();
        expect(steps).toContain('rest');
      }),
    );
  });

  test('a fast target: three short looks, no control, no helper', () => {
    expect(walk([{ rate: 9e7, outcome: 'capped' }], {}).steps).toEqual(['target', 'target', 'target', 'done']);
  });

  test('no time left in the middle of a pair: its controls are still asked, and no new pair is begun', () => {
    const o: ThroughputObservations = {
      family: 4,
      pairs: [
        { target: transfer(6e4), sameAddress: transfer(9e7), reference: transfer(9e7) },
        { target: transfer(6e4), sameAddress: null, reference: null },
      ],
      helper: transfer(8e7),
      atRest: null,
    };
    const late = { ...means, late: true, helperTries: 1 };
    expect(nextSpeedStep(o, late)).toBe('same');
    o.pairs[1]!.sameAddress = transfer(9e7);
    expect(nextSpeedStep(o, late)).toBe('reference');
    o.pairs[1]!.reference = transfer(9e7);
    expect(nextSpeedStep(o, late)).toBe('rest');
    o.atRest = clean();
    expect(nextSpeedStep(o, late)).toBe('done');
  });

  test('no time left: nothing more is begun', () => {
    expect(walk([{ rate: 6e4, outcome: 'slow' }], { late: true }).steps).toEqual(['done']);
  });
});
