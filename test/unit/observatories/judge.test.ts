import { describe, expect, test } from 'vitest';
import { createObservatoryJudge, type OwnProbes } from '../../../src/core/judge/observatory.ts';
import type { Measurement, ObservatoryView } from '../../../src/core/model/measurement.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 1, 11, 12);
const nobody: OwnProbes = { open: () => [], blocked: () => [] };

function seen(at: number, says: ObservatoryView['says'], more: Partial<ObservatoryView> = {}): Measurement {
  const raw: ObservatoryView = {
    observatory: 'ooni',
    name: 'OONI',
    licence: 'CC BY-NC-SA 4.0',
    url: 'https://explorer.ooni.org/',
    says,
    before: 'open',
    action: 'block',
    method: 'dns',
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
    probeAsn: 'AS1',
    vantageId: 'ooni/RU',
    target: 'whatsapp',
    component: null,
    verdict: says === 'cut' ? 'blocked' : says,
    detail: null,
    notes: [],
    raw,
  };
}
/** "block", "block standing", "unblock", "unblock sign" for each view in turn, "-" where nothing is said. */
function said(views: Measurement[], own: OwnProbes = nobody): string[] {
  const judge = createObservatoryJudge({ ids: createIds(new FakeClock()), own });
  return views.map((one) => {
    const [report] = judge.take([one]);
    if (!report) return '-';
    const how = report.measured!.standing ? ' standing' : report.measured!.strength === 'anomaly' ? ' sign' : '';
    return `${report.action}${how}`;
  });
}
const hours = (n: number) => T0 + n * HOUR;

describe('what an observatory sees over time', () => {
  const cases: [string, Measurement[], string[]][] = [
    ['open, and open: nothing', [seen(hours(0), 'open'), seen(hours(1), 'open')], ['-', '-']],
    ['a cut: once', [seen(hours(0), 'cut'), seen(hours(1), 'cut')], ['block', '-']],
    [
      'a cut for a day: twice more',
      [0, 6, 12, 18, 24].map((n) => seen(hours(n), 'cut')),
      ['block', '-', 'block standing', '-', 'block standing'],
    ],
    [
      'a part is back, then all',
      [seen(hours(0), 'cut'), seen(hours(1), 'partly'), seen(hours(2), 'partly'), seen(hours(3), 'open')],
      ['block', 'unblock sign', '-', 'unblock'],
    ],
    [
      'a part is back and gone again',
      [seen(hours(0), 'cut'), seen(hours(1), 'partly'), seen(hours(2), 'cut')],
      ['block', 'unblock sign', 'block'],
    ],
    [
      'back for two minutes: not lifted; for 90: lifted',
      [
        seen(hours(0), 'cut'),
        seen(hours(1), 'open', { since: hours(1) - 120_000 }),
        seen(hours(2.5), 'open', { since: hours(1) }),
      ],
      ['block', '-', 'unblock'],
    ],
    ['it was always so: opens nothing', [seen(hours(0), 'cut', { before: 'cut' })], ['block standing']],
    ['nobody knows how it was: opens nothing', [seen(hours(0), 'cut', { before: 'unknown' })], ['block standing']],
    [
      'nobody knows how it was, and it is open for more than an hour: over, once',
      [
        seen(hours(0), 'cut', { before: 'unknown' }),
        seen(hours(3), 'open', { since: hours(2.5) }),
        seen(hours(4), 'open', { since: hours(2.5) }),
        seen(hours(5), 'open', { since: hours(2.5) }),
      ],
      ['block standing', '-', 'unblock', '-'],
    ],
    [
      'it was always so, and it is open for a day: over; for some hours: not',
      [
        seen(hours(0), 'cut', { before: 'cut' }),
        seen(hours(10), 'open', { since: hours(1) }),
        seen(hours(26), 'open', { since: hours(1) }),
      ],
      ['block standing', '-', 'unblock'],
    ],
    [
      'a sign of which nobody knows how it was: nothing is over',
      [seen(hours(0), 'cut', { before: 'unknown', isSign: true }), seen(hours(4), 'open', { since: hours(1) })],
      ['block standing', '-'],
    ],
    [
      'nobody knows how it was, but it was seen open: news',
      [seen(hours(0), 'open'), seen(hours(1), 'cut', { before: 'unknown' })],
      ['-', 'block'],
    ],
    [
      'a block of weeks that became the usual, lifted, and again: news',
      [
        seen(hours(0), 'cut'),
        seen(hours(1), 'cut', { before: 'cut' }),
        seen(hours(4), 'open'),
        seen(hours(8), 'cut', { before: 'cut' }),
      ],
      ['block', '-', 'unblock', 'block'],
    ],
    [
      'no more than usual, after a return that was seen: opens nothing',
      [
        seen(hours(0), 'cut'),
        seen(hours(4), 'open'),
        seen(hours(8), 'cut', { before: 'cut', isUsual: true }),
        seen(hours(9), 'cut', { before: 'cut' }),
      ],
      ['block', 'unblock', '-', 'block'],
    ],
    [
      'a part is back and gone again, less surely than chance would allow: it goes on, and no news',
      [
        seen(hours(0), 'cut'),
        seen(hours(1), 'partly'),
        seen(hours(2), 'cut', { isUsual: true }),
        seen(hours(3), 'cut'),
      ],
      ['block', 'unblock sign', '-', '-'],
    ],
    [
      'a sign, then the rule',
      [seen(hours(0), 'cut', { isSign: true }), seen(hours(1), 'cut')],
      ['block sign', 'block'],
    ],
    ['late news of an older time: nothing', [seen(hours(5), 'cut'), seen(hours(2), 'open')], ['block', '-']],
  ];
  for (const [name, views, expected] of cases) test(name, () => expect(said(views)).toEqual(expected));
});

test('own probes find it well: said with the report, as it stood then', () => {
  const judge = createObservatoryJudge({
    ids: createIds(new FakeClock()),
    own: { open: () => ['AS8359'], blocked: () => [] },
  });
  expect(judge.take([seen(T0, 'cut')])[0]!.measured).toMatchObject({
    openOn: ['AS8359'],
    networks: ['AS1', 'AS2', 'AS3'],
  });
});

test('own probes still find it blocked: a return is a sign, and no lift', () => {
  const own: OwnProbes = { open: () => [], blocked: () => ['AS8359'] };
  expect(said([seen(hours(0), 'cut'), seen(hours(3), 'open'), seen(hours(4), 'open')], own)).toEqual([
    'block',
    'unblock sign',
    '-',
  ]);
});

test('over a restart: goes on where it was; somebody else speaks of it: said again', () => {
  const ids = createIds(new FakeClock());
  const first = createObservatoryJudge({ ids, own: nobody });
  first.take([seen(hours(0), 'cut')]);
  const second = createObservatoryJudge({ ids, own: nobody }, JSON.parse(JSON.stringify(first.memory())));
  expect(second.take([seen(hours(1), 'cut')])).toEqual([]);
  expect(second.cut('RU', 'whatsapp')).toEqual(['ooni']);
  second.sayAgain('RU', 'whatsapp');
  expect(second.take([seen(hours(2), 'cut')])[0]!.measured).toMatchObject({ standing: true });
});

test('a return that is dated before the cut: it is not older than that', () => {
  const judge = createObservatoryJudge({ ids: createIds(new FakeClock()), own: nobody });
  const [cut] = judge.take([seen(hours(0), 'cut', { since: hours(-1) })]);
  const [back] = judge.take([seen(hours(1), 'open', { since: hours(-3) })]);
  expect([cut!.at, back!.at]).toEqual([hours(-1), hours(-1)]);
});

test('a cut that began hours ago: said as of its begin, and that it holds now', () => {
  const judge = createObservatoryJudge({ ids: createIds(new FakeClock()), own: nobody });
  const reports = judge.take([seen(hours(0), 'cut', { since: hours(-5) })]);
  expect(reports.map(({ at, measured }) => [at, measured!.standing ?? false])).toEqual([
    [hours(-5), false],
    [hours(0), true],
  ]);
});

test('regions: each by itself', () => {
  const views = ['Dagestan', 'Tatarstan'].map((region) => seen(T0, 'cut', { region }));
  expect(said(views)).toEqual(['block', 'block']);
});
