/** What must hold of the judge of observatories in whatever order their views come; and of all judges together over failures and restarts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJudges } from '../../../src/core/judge/all-judges.ts';
import { createObservatoryJudge, type OwnProbes } from '../../../src/core/judge/observatory.ts';
import type { Measurement, ObservatoryView } from '../../../src/core/model/measurement.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 1, 11, 12);
const nobody: OwnProbes = { open: () => [], blocked: () => [] };

function seen(
  at: number,
  says: ObservatoryView['says'],
  more: Partial<ObservatoryView> = {},
  over: Partial<Measurement> = {},
): Measurement {
  const raw: ObservatoryView = {
    observatory: 'ooni',
    name: 'OONI',
    licence: null,
    url: null,
    says,
    before: 'open',
    action: 'block',
    method: null,
    since: at - 2 * HOUR,
    until: at,
    measurements: 40,
    networks: ['AS1', 'AS2', 'AS3'],
    signals: [],
    region: null,
    ...more,
  };
  return {
    id: `${at}`,
    sourceId: 'ooni',
    kind: 'ooni',
    at,
    probeCc: 'RU',
    probeAsn: 'AS0',
    vantageId: 'ooni/RU',
    target: 'whatsapp',
    component: null,
    verdict: says,
    detail: null,
    notes: [],
    raw,
    ...over,
  };
}
const judgeWith = (own = nobody, memory: Parameters<typeof createObservatoryJudge>[1] = null) =>
  createObservatoryJudge({ ids: createIds(new FakeClock()), own }, memory);
const bare = (reports: Report[]) => reports.map((one) => ({ ...one, id: '' }));

/** Views over days, each later than the one before. */
const views: fc.Arbitrary<Measurement[]> = fc
  .array(
    fc.record({
      says: fc.constantFrom<ObservatoryView['says']>('cut', 'cut', 'partly', 'open', 'open'),
      before: fc.constantFrom<ObservatoryView['before']>('open', 'cut', 'unknown'),
      gap: fc.integer({ min: 1, max: 15 }),
      lasted: fc.constantFrom(0, 0.5, 1, 3, 20),
    }),
    { maxLength: 12 },
  )
  .map((steps) => {
    let at = T0;
    return steps.map(({ says, before, gap, lasted }) => {
      at += gap * HOUR;
      return seen(at, says, { before, since: at - lasted * HOUR });
    });
  });
const isNews = (one: Report): boolean => one.action !== 'unblock' && !one.measured!.standing;
const isLift = (one: Report): boolean => one.action === 'unblock' && one.measured!.strength !== 'anomaly';

describe('in whatever order views come', () => {
  test('the same view again says nothing', () => {
    fc.assert(
      fc.property(views, fc.boolean(), (all, blocked) => {
        const judge = judgeWith({ ...nobody, blocked: () => (blocked ? ['AS9'] : []) });
        for (const one of all) {
          judge.take([one]);
          expect(judge.take([one])).toEqual([]);
        }
      }),
    );
  });
  test('at once, one by one, or over a restart after each: the same', () => {
    fc.assert(
      fc.property(views, (all) => {
        const atOnce = bare(judgeWith().take(all));
        const judge = judgeWith();
        expect(all.flatMap((one) => bare(judge.take([one])))).toEqual(atOnce);
        let memory = judgeWith().memory();
        const restarted = all.flatMap((one) => {
          const next = judgeWith(nobody, JSON.parse(JSON.stringify(memory)));
          const reports = bare(next.take([one]));
          memory = next.memory();
          return reports;
        });
        expect(restarted).toEqual(atOnce);
      }),
    );
  });
  test('a lift ends a cut that was said, and is no older; what is cut is what was said last', () => {
    fc.assert(
      fc.property(views, (all) => {
        const judge = judgeWith();
        let cutAt: number | null = null;
        // That it is cut may also be said as what goes on, of which nobody knows since when.
        let stands = false;
        for (const one of all) {
          for (const report of judge.take([one])) {
            if (report.measured!.standing) stands = true;
            expect(report.at).toBeLessThanOrEqual(one.at);
            if (isNews(report)) cutAt ??= report.at;
            else if (isLift(report)) {
              expect(cutAt !== null || stands).toBe(true);
              expect(report.at).toBeGreaterThanOrEqual(cutAt ?? 0);
              cutAt = null;
              stands = false;
            }
          }
          expect(judge.cut('RU', 'whatsapp')).toEqual(cutAt === null ? [] : ['ooni']);
        }
      }),
    );
  });
  test('what lasts for less than an hour is no lift', () => {
    fc.assert(
      fc.property(views, (all) => {
        const judge = judgeWith();
        for (const one of all) {
          const { says, since, until } = one.raw as ObservatoryView;
          const lifts = judge.take([one]).filter(isLift);
          if (says !== 'open' || until - since < HOUR) expect(lifts).toEqual([]);
        }
      }),
    );
  });
  test('another country, service, region or observatory changes nothing', () => {
    const other = fc.constantFrom<(m: Measurement) => Measurement>(
      (m) => ({ ...m, probeCc: 'BY' }),
      (m) => ({ ...m, target: 'signal' }),
      (m) => ({ ...m, raw: { ...(m.raw as object), region: 'Dagestan' } }),
      (m) => ({ ...m, kind: 'ioda', raw: { ...(m.raw as ObservatoryView), observatory: 'ioda' } }),
    );
    fc.assert(
      fc.property(views, views, other, (all, noise, change) => {
        const own = (reports: Report[]) =>
          bare(reports).filter(
            (one) =>
              one.country === 'RU' &&
              one.service === 'whatsapp' &&
              one.region === null &&
              one.measured!.observatory === 'ooni',
          );
        const mixed = [...all, ...noise.map(change)].sort((a, b) => a.at - b.at);
        expect(own(judgeWith().take(mixed))).toEqual(own(judgeWith().take(all)));
      }),
    );
  });
});

describe('what a report says', () => {
  const first = (view: Partial<ObservatoryView>, says: ObservatoryView['says'] = 'cut') =>
    judgeWith().take([seen(T0, says, view)])[0]!;
  test.each<[string, Partial<ObservatoryView>, object]>([
    ['counts and networks in its title', {}, { title: 'whatsapp: cut, by OONI, 40 measurements, 3 networks' }],
    ['no counts where it does not count', { measurements: 0, networks: [] }, { title: 'whatsapp: cut, by OONI' }],
    ['its licence', { licence: 'CC0' }, { measured: expect.objectContaining({ licence: 'CC0' }) }],
    ['no licence', {}, { measured: expect.not.objectContaining({ licence: expect.anything() }) }],
    ['signals that agree', { signals: ['bgp'] }, { measured: expect.objectContaining({ signals: ['bgp'] }) }],
    ['that it is silence', { isSilence: true }, { measured: expect.objectContaining({ silence: true }) }],
    ['a sign is an anomaly', { isSign: true }, { measured: expect.objectContaining({ strength: 'anomaly' }) }],
    ['the rule is more', {}, { measured: expect.objectContaining({ strength: 'window-rule' }) }],
    ['its voice is the kind, whatever the source is called', {}, { voice: 'observatory:ooni' }],
    [
      'networks without end: fifty',
      { networks: Array.from({ length: 99 }, (_, i) => `AS${i}`) },
      { measured: expect.objectContaining({ networks: expect.toSatisfy((all: unknown[]) => all.length === 50) }) },
    ],
  ])('%s', (_name, view, expected) => expect(first(view)).toMatchObject(expected));

  test.each<[string, Measurement]>([
    ['of another kind than its view', seen(T0, 'cut', {}, { kind: 'ioda' })],
    ['without a target', seen(T0, 'cut', {}, { target: null })],
    ['without a view', seen(T0, 'cut', {}, { raw: null })],
    ['with a view without networks', seen(T0, 'cut', { networks: null as unknown as string[] })],
  ])('a measurement %s: passed over', (_name, one) => expect(judgeWith().take([one])).toEqual([]));

  test('thousands of keys: bounded, and what is cut is kept longest', () => {
    const judge = judgeWith();
    judge.take([seen(T0, 'cut', {}, { target: 'kept' })]);
    for (let i = 0; i < 5_200; i++) judge.take([seen(T0 + i, 'open', {}, { target: `s${i}` })]);
    const keys = Object.keys(judge.memory().seen);
    expect(keys.length).toBeLessThanOrEqual(5_000);
    expect(judge.cut('RU', 'kept')).toEqual(['ooni']);
  });
  test('not seen for two months: forgotten', () => {
    const judge = judgeWith();
    judge.take([seen(T0, 'cut', {}, { target: 'old' })]);
    judge.take([seen(T0 + 60 * 24 * HOUR, 'open')]);
    expect(judge.cut('RU', 'old')).toEqual(['ooni']);
    judge.take([seen(T0 + 60 * 24 * HOUR + 1, 'open')]);
    expect(judge.cut('RU', 'old')).toEqual([]);
  });
});

describe('all judges together', () => {
  function world(kept = new Map<string, unknown>()) {
    const state = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: unknown) => void kept.set(key, structuredClone(value)),
      delete: async (key: string) => void kept.delete(key),
    };
    const judges = createJudges({ ids: createIds(new FakeClock()) });
    const take = (fresh: Measurement[], fail = false) => {
      const found: string[] = [];
      const written = new Map(kept);
      return judges
        .take(state, fresh[0]?.at ?? T0, async (judge) => {
          const own = {
            ...state,
            set: async (key: string, value: unknown) => void written.set(key, structuredClone(value)),
          };
          const { reports } = await judge(fresh, own);
          for (const one of reports) found.push(one.measured!.standing ? 'standing' : one.action);
          if (fail) throw new Error('the store is away');
          for (const [key, value] of written) kept.set(key, value);
        })
        .then(
          () => found,
          (error: Error) => error.message,
        );
    };
    return { judges, take, kept };
  }

  test('a transaction that fails: nothing of it was seen, and it is said when it comes again', async () => {
    const { take } = world();
    expect(await take([seen(T0, 'cut', { since: T0 })], true)).toBe('the store is away');
    expect(await take([seen(T0, 'cut', { since: T0 })])).toEqual(['block']);
    expect(await take([seen(T0, 'cut', { since: T0 })])).toEqual([]);
  });
  test('over a restart: goes on from what was written', async () => {
    const { take, kept } = world();
    await take([seen(T0, 'cut', { since: T0 })]);
    expect(await world(kept).take([seen(T0 + HOUR, 'cut', { since: T0 })])).toEqual([]);
  });
  test('somebody else speaks of it: said again once, also where that was noted before a failure', async () => {
    const { judges, take } = world();
    await take([seen(T0, 'cut', { since: T0 })]);
    judges.spokenOf('RU', 'whatsapp');
    expect(await take([seen(T0 + HOUR, 'cut', { since: T0 })])).toEqual(['standing']);
    expect(await take([seen(T0 + 2 * HOUR, 'cut', { since: T0 })])).toEqual([]);
    judges.spokenOf('RU', 'signal');
    judges.spokenOf('BY', 'whatsapp');
    judges.spokenOf(null, 'whatsapp');
    expect(await take([seen(T0 + 3 * HOUR, 'cut', { since: T0 })])).toEqual([]);
  });
  test('an agent that passes itself off as an observatory: not heard', async () => {
    const { take } = world();
    expect(await take([seen(T0, 'cut', { since: T0 }, { sourceId: 'agent/liar' })])).toEqual([]);
  });
  test('what observatories have seen is written only where one has spoken', async () => {
    const { take, kept } = world();
    await take([]);
    expect([...kept.keys()]).toEqual(['memory']);
    await take([seen(T0, 'open')]);
    expect([...kept.keys()].sort()).toEqual(['memory', 'observatories']);
  });
});
