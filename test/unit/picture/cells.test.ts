/** What is shown of which day: actions as they changed, how sure, lifts, what faded, what nobody watched. Seven days up to 28 November, noon, UTC. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Incident, Transition } from '../../../src/core/model/incident.ts';
import { createFold, type Evidence, type Facts } from '../../../src/core/state/fold.ts';
import { daysOf } from '../../../src/core/state/world.ts';
import { columnsOf, type Period } from '../../../src/core/timeline.ts';
import { bare, incident as sample } from '../render/support.ts';
import { DAY, NOON, signs } from './support.ts';

const columns = columnsOf(NOON, 'UTC', 7, 92);
const always: Period[] = [[NOON - 100 * DAY, NOON]];
const ago = (days: number): number => NOON - days * DAY;
const key = { country: 'RU', service: 'whatsapp' };

interface Story {
  incident: Incident;
  transitions: Transition[];
}

const incident = (over: Partial<Incident> = {}): Incident =>
  bare(sample({ openedAt: ago(3), lastReportAt: ago(0.1), ...over }));
const step = (at: number, over: Partial<Transition> = {}): Transition => ({
  incidentId: 'x',
  seq: 1,
  at,
  change: 'opened',
  action: 'block',
  state: 'active',
  confidence: 'corroborated',
  method: null,
  reportId: null,
  ...over,
});
const story = (over: Partial<Incident> = {}, transitions: Transition[] = []): Story => ({
  incident: incident(over),
  transitions,
});
type Given = Partial<Facts> & { watched?: readonly Period[] };
const daysFor = (
  stories: Story[],
  { watched = always, ...facts }: Given = {},
  row: { country: string | null; service: string } = key,
) => {
  const incidents = stories.map((one) => one.incident);
  const transitions = new Map(stories.map((one) => [one.incident.id, one.transitions]));
  const fold = createFold({ incidents, transitions, ...facts }, NOON);
  return daysOf(fold, { region: null, network: 'all', ...row }, columns, { now: NOON, watched });
};
const shown = (...asked: Parameters<typeof daysFor>): string => signs(daysFor(...asked).cells);
const evidence = (over: Partial<Evidence>): Pick<Facts, 'evidence'> => ({
  evidence: new Map([
    [
      'RU-whatsapp-3f9k',
      {
        voices: {},
        isMeasuredOnly: false,
        isOrdered: false,
        since: ago(3),
        sinceKind: 'first-reported',
        part: null,
        lift: null,
        ...over,
      },
    ],
  ]),
});

const lift = { state: 'lifted', open: false, liftConfidence: 'corroborated' } as const;

describe('one incident', () => {
  const cases: [name: string, stories: Story[], row: string][] = [
    ['nothing was told: nothing, and we watched', [], '.......'],
    ['blocked for three days, still', [story()], '...BBBB'],
    ['by one outlet alone: not certain', [story({ confidence: 'reported' })], '...bbbb'],
    ['an anomaly of just now: not certain', [story({ confidence: 'suspected' })], '...bbbb'],
    ['slowed down', [story({ action: 'throttle' })], '...TTTT'],
    ['a part of it cut', [story({ action: 'restrict' })], '...RRRR'],
    ['a threat', [story({ family: 'warn', action: 'warn', state: 'threatened' })], '...WWWW'],
    [
      'first slowed down, then blocked',
      [story({}, [step(ago(3), { action: 'throttle' }), step(ago(1), { change: 'escalated' })])],
      '...TTBB',
    ],
    [
      'lifted two days ago: the day of the lift is a blocked day',
      [story({ ...lift, openedAt: ago(5), closedAt: ago(2) })],
      '.BBBBOO',
    ],
    [
      'a lift that one outlet tells: it still holds',
      [story({ ...lift, openedAt: ago(5), closedAt: ago(2), liftConfidence: 'reported' })],
      '.BBBBBB',
    ],
    [
      'blocked and lifted within an hour: the day shows it',
      [story({ ...lift, openedAt: ago(2), closedAt: ago(2) + 3_600_000 })],
      '....BOO',
    ],
    [
      'a lift of something that nobody knew of',
      [story({ ...lift, action: 'unblock', openedAt: ago(2), closedAt: ago(2) })],
      '....OOO',
    ],
    [
      'a threat that is over leaves nothing',
      [story({ ...lift, family: 'warn', action: 'warn', openedAt: ago(5), closedAt: ago(3) })],
      '.WWW...',
    ],
    ['withdrawn: it never was', [story({ state: 'withdrawn', open: false, closedAt: ago(1) })], '.......'],
    ['long before and still', [story({ openedAt: ago(400) })], 'BBBBBBB'],
    ['told at this very moment', [story({ openedAt: NOON, lastReportAt: NOON })], '......B'],
    [
      'resumed: the log has both',
      [
        story({}, [
          step(ago(5)),
          step(ago(4), { state: 'lifted', change: 'lifted' }),
          step(ago(2), { change: 'resumed' }),
        ]),
      ],
      '.BBOBBB',
    ],
  ];
  test.each(cases)('%s', (_, stories, row) => {
    expect(shown(stories)).toBe(row);
  });
});

describe('what faded', () => {
  const old = { openedAt: ago(40), lastReportAt: ago(16) };
  test('no news for two weeks: it may be over, and is not shown as blocked any more', () => {
    expect(shown([story({ openedAt: ago(40), lastReportAt: ago(30) })])).toBe('???????');
  });

  test('the day on which it faded still shows what it was', () => {
    expect(shown([story(old)])).toBe('BBBBB??');
  });

  const cases: [name: string, over: Partial<Incident>, facts: Given, row: string][] = [
    ['an authority ordered it: it stands', old, evidence({ isOrdered: true }), 'BBBBBBB'],
    [
      'by the public record it is so',
      old,
      {
        standing: [
          { by: 'record', ...key, action: 'block', method: null, since: ago(900), monthOnly: false, reference: '' },
        ],
      },
      'BBBBBBB',
    ],
    [
      'measurements alone fade within a day',
      { openedAt: ago(5), lastReportAt: ago(3) },
      evidence({ isMeasuredOnly: true }),
      '.BBBB??',
    ],
    ['a suspicion, too', { openedAt: ago(5), lastReportAt: ago(3), confidence: 'suspected' }, {}, '.bbbb??'],
    [
      'not where it is known that news stand behind it',
      { openedAt: ago(5), lastReportAt: ago(3), confidence: 'suspected' },
      evidence({}),
      '.bbbbbb',
    ],
    [
      'a threat of long ago is gone',
      { family: 'warn', action: 'warn', state: 'threatened', openedAt: ago(90), lastReportAt: ago(48) },
      {},
      'WWWW...',
    ],
    [
      'a lift of long ago: nobody knows',
      { ...lift, openedAt: ago(30), closedAt: ago(16), lastReportAt: ago(16) },
      {},
      'OOOOO..',
    ],
  ];
  test.each(cases)('%s', (_, over, facts, row) => {
    expect(shown([story(over)], facts)).toBe(row);
  });
});

test('what an observatory sees cut: since when it says, or as far as it looks back', () => {
  const cut = { country: 'RU', service: 'whatsapp', action: 'block', until: ago(0.1) } as const;
  expect(shown([], { observed: [{ ...cut, since: ago(2) }] })).toBe('....BBB');
  expect(shown([], { observed: [{ ...cut, since: null }] })).toBe('BBBBBBB');
  expect(shown([], { observed: [{ ...cut, service: 'signal', since: ago(2) }] })).toBe('.......');
});

describe('several', () => {
  const shutdown = story({
    id: 'RU-internet-1',
    service: 'internet',
    action: 'shutdown',
    ...lift,
    openedAt: ago(4),
    closedAt: ago(3),
  });
  test('the worst of a day is shown, whichever came first', () => {
    const threat = story({ family: 'warn', action: 'warn', state: 'threatened', openedAt: ago(6) });
    for (const stories of [
      [threat, story()],
      [story(), threat],
    ])
      expect(shown(stories)).toBe('WWWBBBB');
  });

  test('what is certain is shown before what is not', () => {
    expect(shown([story({ confidence: 'reported', openedAt: ago(6) }), story({ id: 'other' })])).toBe('bbbBBBB');
  });

  test('a national shutdown covers every service there, and its end says nothing of one service', () => {
    expect(shown([shutdown])).toBe('..SS...');
    expect(shown([shutdown], {}, { country: 'BY', service: 'whatsapp' })).toBe('.......');
    expect(shown([shutdown], {}, { country: 'RU', service: 'internet' })).toBe('..SSOOO');
  });

  test('a shutdown of one region covers nothing', () => {
    expect(shown([story({ service: 'internet', action: 'shutdown', regions: ['RU-DA'] })])).toBe('.......');
  });

  test('what is about other services or countries does not count; null is a key like any other', () => {
    expect(shown([story({ service: 'signal' }), story({ country: 'BY' })])).toBe('.......');
    const other = { country: null, service: 'x' };
    expect(shown([story(other)], {}, other)).toBe('...BBBB');
  });
});

describe('what nobody watched', () => {
  test('a day of which less than half was watched is a gap, unless something was told of it', () => {
    const watched: Period[] = [
      [ago(3.3), ago(2)],
      [ago(0.2), NOON],
    ];
    expect(shown([], { watched })).toBe('___..__');
    expect(shown([story({ ...lift, openedAt: ago(5), closedAt: ago(4) })], { watched: [] })).toBe('_BBOOOO');
  });

  test('of today only what has passed can have been watched', () => {
    expect(shown([], { watched: [[ago(0.3), NOON]] })).toBe('______.');
    expect(shown([], { watched: [[ago(0.2), NOON]] })).toBe('_______');
  });
});

test('any incident with any log: a cell a column, and nothing before it began', () => {
  const states = fc.constantFrom('threatened', 'active', 'easing', 'lifted', 'withdrawn');
  const actions = fc.constantFrom('block', 'throttle', 'restrict', 'shutdown', 'unblock', 'warn');
  const moment = fc.integer({ min: ago(20), max: NOON });
  const steps = fc.array(fc.record({ at: moment, action: actions, state: states }), { maxLength: 6 });
  fc.assert(
    fc.property(
      moment,
      moment,
      fc.option(moment),
      states,
      actions,
      steps,
      (openedAt, lastReportAt, closedAt, state, action, log) => {
        const transitions = log
          .toSorted((a, b) => a.at - b.at)
          .map((one) => step(0, { ...one, at: Math.max(openedAt, one.at) } as Partial<Transition>));
        const row = shown([
          story({ openedAt, lastReportAt, closedAt, state, action } as Partial<Incident>, transitions),
        ]);
        expect(row).toHaveLength(7);
        const first = Math.min(openedAt, closedAt ?? openedAt, lastReportAt);
        const before = columns.filter(({ to }) => to <= first).length;
        expect(row.slice(0, before)).toBe('.'.repeat(before));
      },
    ),
    { numRuns: 300 },
  );
});

describe('this moment is a mark of its own', () => {
  test('blocked for three hours today, and back: the day is red, the present green', () => {
    const back = story({ ...lift, openedAt: ago(0.3), closedAt: ago(0.2), lastReportAt: ago(0.2) });
    const days = daysFor([back]);
    expect([signs(days.cells), signs([days.now])]).toEqual(['......B', 'O']);
  });
  test('one outlet says that it is back: red', () => {
    const easing = story({ state: 'easing', liftConfidence: 'reported', openedAt: ago(0.3) });
    expect(signs([daysFor([easing]).now])).toBe('B');
  });
  test('a part of the country, a part of the lines: rows of their own', () => {
    const region = story({ service: 'internet', action: 'shutdown', regions: ['RU-DA'] });
    expect(shown([region], {}, { country: 'RU', service: 'internet' })).toBe('.......');
    expect(shown([region], {}, { country: 'RU', service: 'internet', region: 'RU-DA' } as typeof key)).toBe('...SSSS');
  });
});
