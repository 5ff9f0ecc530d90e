/** Every turn that what an observatory sees can take: what was seen before, what is seen now, and what is said of it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createObservatoryJudge, type ObservatoryMemory } from '../../../src/core/judge/observatory.ts';
import type { Measurement, ObservatoryView } from '../../../src/core/model/measurement.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 1, 11);
const hours = (n: number): number => T0 + n * HOUR;

type Look = Partial<ObservatoryView> & Pick<ObservatoryView, 'says'>;
function seen(at: number, { says, ...more }: Look): Measurement {
  const raw: ObservatoryView = {
    observatory: 'ooni',
    name: 'OONI',
    licence: null,
    url: 'https://explorer.ooni.org/',
    says,
    before: 'open',
    action: 'block',
    method: 'dns',
    since: at - HOUR / 4,
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
    probeAsn: 'AS1',
    vantageId: 'ooni/RU',
    target: 'whatsapp',
    component: null,
    verdict: says,
    detail: null,
    notes: [],
    raw,
  };
}
const wordOf = ({ action, measured }: Report): string =>
  `${action}${measured!.standing ? ' standing' : measured!.strength === 'anomaly' ? ' sign' : ''}`;
const judgeWith = (held: boolean, memory: ObservatoryMemory | null = null) =>
  createObservatoryJudge(
    { ids: createIds(new FakeClock()), own: { open: () => [], blocked: () => (held ? ['AS9'] : []) } },
    memory,
  );

const BEFORE: Record<string, [at: number, look: Look][]> = {
  'never seen': [],
  'seen open': [[0, { says: 'open' }]],
  cut: [[8, { says: 'cut' }]],
  'cut by a sign': [[8, { says: 'cut', isSign: true }]],
  'a part is back': [
    [4, { says: 'cut' }],
    [8, { says: 'partly', since: hours(6) }],
  ],
  'came back': [
    [0, { says: 'cut' }],
    [8, { says: 'open', since: hours(6) }],
  ],
  'always cut': [[8, { says: 'cut', before: 'cut' }]],
};

const NOW: Record<string, Look & { held?: boolean }> = {
  'cut, it was open': { says: 'cut' },
  'cut, as ever': { says: 'cut', before: 'cut' },
  'cut, nobody knows how it was': { says: 'cut', before: 'unknown' },
  'cut by a sign': { says: 'cut', isSign: true },
  'cut since early morning': { says: 'cut', since: hours(5) },
  'partly, for two hours': { says: 'partly', since: hours(10) },
  'partly, for half an hour': { says: 'partly', since: hours(11.5) },
  'open for two hours': { says: 'open', since: hours(10) },
  'open for half an hour': { says: 'open', since: hours(11.5) },
  'open for two hours, an own probe is cut': { says: 'open', since: hours(10), held: true },
};

/** "-": nothing is said. Of what began hours ago a second word says that it still holds. */
const SAID: Record<keyof typeof BEFORE, Record<keyof typeof NOW, string>> = {
  'never seen': {
    'cut, it was open': 'block',
    'cut, as ever': 'block standing',
    'cut, nobody knows how it was': 'block standing',
    'cut by a sign': 'block sign',
    'cut since early morning': 'block, block standing',
    'partly, for two hours': '-',
    'partly, for half an hour': '-',
    'open for two hours': '-',
    'open for half an hour': '-',
    'open for two hours, an own probe is cut': '-',
  },
  'seen open': {
    'cut, it was open': 'block',
    'cut, as ever': 'block standing',
    'cut, nobody knows how it was': 'block',
    'cut by a sign': 'block sign',
    'cut since early morning': 'block, block standing',
    'partly, for two hours': '-',
    'partly, for half an hour': '-',
    'open for two hours': '-',
    'open for half an hour': '-',
    'open for two hours, an own probe is cut': '-',
  },
  cut: {
    'cut, it was open': '-',
    'cut, as ever': '-',
    'cut, nobody knows how it was': '-',
    'cut by a sign': '-',
    'cut since early morning': '-',
    'partly, for two hours': 'unblock sign',
    'partly, for half an hour': '-',
    'open for two hours': 'unblock',
    'open for half an hour': '-',
    'open for two hours, an own probe is cut': 'unblock sign',
  },
  'cut by a sign': {
    'cut, it was open': 'block',
    'cut, as ever': 'block',
    'cut, nobody knows how it was': 'block',
    'cut by a sign': '-',
    'cut since early morning': 'block, block standing',
    'partly, for two hours': 'unblock sign',
    'partly, for half an hour': '-',
    'open for two hours': 'unblock',
    'open for half an hour': '-',
    'open for two hours, an own probe is cut': 'unblock sign',
  },
  'a part is back': {
    'cut, it was open': 'block',
    'cut, as ever': 'block',
    'cut, nobody knows how it was': 'block',
    'cut by a sign': 'block sign',
    'cut since early morning': '-',
    'partly, for two hours': '-',
    'partly, for half an hour': '-',
    'open for two hours': 'unblock',
    'open for half an hour': '-',
    'open for two hours, an own probe is cut': '-',
  },
  'came back': {
    'cut, it was open': 'block',
    'cut, as ever': 'block',
    'cut, nobody knows how it was': 'block',
    'cut by a sign': 'block sign',
    'cut since early morning': '-',
    'partly, for two hours': '-',
    'partly, for half an hour': '-',
    'open for two hours': '-',
    'open for half an hour': '-',
    'open for two hours, an own probe is cut': '-',
  },
  'always cut': {
    'cut, it was open': 'block',
    'cut, as ever': '-',
    'cut, nobody knows how it was': '-',
    'cut by a sign': 'block sign',
    'cut since early morning': 'block, block standing',
    'partly, for two hours': '-',
    'partly, for half an hour': '-',
    'open for two hours': '-',
    'open for half an hour': '-',
    'open for two hours, an own probe is cut': '-',
  },
};

const turns = Object.keys(BEFORE).flatMap((before) => Object.keys(NOW).map((now) => [before, now] as const));
const judgeAfter = (before: string, held: boolean) => {
  const judge = judgeWith(held);
  for (const [at, look] of BEFORE[before]!) judge.take([seen(hours(at), look)]);
  return judge;
};

describe('what is said at noon', () => {
  test.each(turns)('%s; now %s', (before, now) => {
    const { held = false, ...look } = NOW[now]!;
    const said = judgeAfter(before, held).take([seen(hours(12), look)]);
    expect(said.map(wordOf).join(', ') || '-').toBe(SAID[before]![now]);
  });

  test.each(turns)('%s; now %s: over a restart, too', (before, now) => {
    const { held = false, ...look } = NOW[now]!;
    const kept = structuredClone(judgeAfter(before, held).memory());
    const said = judgeWith(held, kept).take([seen(hours(12), look)]);
    expect(said.map(wordOf).join(', ') || '-').toBe(SAID[before]![now]);
  });

  test.each(turns)('%s; now %s: the same once more says nothing', (before, now) => {
    const { held = false, ...look } = NOW[now]!;
    const judge = judgeAfter(before, held);
    judge.take([seen(hours(12), look)]);
    expect(judge.take([seen(hours(12), look)]).map(wordOf)).toEqual([]);
  });
});

describe('what holds after any turn', () => {
  test.each(turns)('%s; now %s: what was said last and what is cut agree', (before, now) => {
    const { held = false, ...look } = NOW[now]!;
    const judge = judgeAfter(before, held);
    const [said] = judge.take([seen(hours(12), look)]);
    const isCut = judge.cut('RU', 'whatsapp').includes('ooni');
    if (said && !said.measured!.standing) {
      // A sign of a return leaves the cut in force.
      const lifted = said.action === 'unblock' && said.measured!.strength !== 'anomaly';
      expect(isCut).toBe(!lifted);
    }
  });

  test('it goes on: once in twelve hours, however often it is looked at', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (everyHalfHours) => {
        const judge = judgeWith(false);
        let said = 0;
        for (let n = 0; n <= 96; n += everyHalfHours) said += judge.take([seen(hours(n / 2), { says: 'cut' })]).length;
        // Two days: the first word, and at most one for each half day.
        expect(said).toBeLessThanOrEqual(5);
        expect(said).toBeGreaterThanOrEqual(1 + Math.floor(48 / (12 + everyHalfHours / 2)));
      }),
    );
  });

  test('no report is younger than its measurement, no lift older than its cut', () => {
    const look = fc.constantFrom(...Object.values(NOW));
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 12 }), (looks) => {
        const judge = judgeWith(false);
        let cutAt = Number.NEGATIVE_INFINITY;
        for (const [i, { held: _held, ...one }] of looks.entries()) {
          const at = hours(12 + i * 3);
          const shift = one.since === undefined ? {} : { since: one.since + i * 3 * HOUR };
          for (const report of judge.take([seen(at, { ...one, ...shift })])) {
            expect(report.at).toBeLessThanOrEqual(at);
            if (report.action === 'block' && !report.measured!.standing) cutAt = report.at;
            else if (report.action === 'unblock') expect(report.at).toBeGreaterThanOrEqual(cutAt);
          }
        }
      }),
    );
  });
});
