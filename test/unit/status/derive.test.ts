import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import {
  isNotable,
  nationalShutdown,
  openServices,
  STATUS_POLICY,
  type StatusFacts,
  standingStatuses,
  stateOf,
  statusesOf,
  statusOf,
} from '../../../src/core/state.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 1, 11, 12);
const facts = (over: Partial<StatusFacts> = {}): StatusFacts => ({ now: NOW, policy: STATUS_POLICY, ...over });
const incident = (over: Partial<Incident> = {}): Incident => ({
  id: 'i1',
  country: 'RU',
  service: 'x',
  family: over.action === 'warn' ? 'warn' : 'access',
  action: 'block',
  state: 'active',
  confidence: 'corroborated',
  liftConfidence: null,
  method: null,
  regions: [],
  openedAt: NOW - 3 * DAY,
  corroboratedAt: null,
  confirmedAt: null,
  closedAt: null,
  lastReportAt: NOW - DAY,
  linkedId: null,
  withdrawnBecause: null,
  open: true,
  version: 1,
  ...over,
});
const lifted = (over: Partial<Incident> = {}) =>
  incident({ state: 'lifted', open: false, closedAt: NOW - 2 * DAY, liftConfidence: 'reported', ...over });
const shutdown = (over: Partial<Incident> = {}) =>
  incident({ id: 'off', service: 'internet', action: 'shutdown', ...over });
const threat = (over: Partial<Incident> = {}) => incident({ id: 't', action: 'warn', state: 'threatened', ...over });
const standing = (over: Partial<BaselineEntry> = {}): BaselineEntry => ({
  country: 'RU',
  service: 'x',
  action: 'block',
  method: null,
  since: NOW - 1_000 * DAY,
  monthOnly: false,
  reference: 'https://a.example/',
  ...over,
});
const of = (incidents: Incident[], over: Partial<StatusFacts> = {}) => statusOf('RU', 'x', incidents, facts(over));
const word = (incidents: Incident[], over: Partial<StatusFacts> = {}) => {
  const { state, was, covered, faded, threat: hangs } = of(incidents, over);
  return [state, was && `was ${was}`, covered && 'covered', faded && 'faded', hangs && 'threat']
    .filter(Boolean)
    .join(' ');
};

test.each<[Incident['state'], Incident['action'], string]>([
  ['active', 'block', 'blocked'],
  ['easing', 'block', 'blocked'],
  ['active', 'throttle', 'degraded'],
  ['active', 'restrict', 'degraded'],
  ['active', 'shutdown', 'shutdown'],
  ['lifted', 'block', 'open'],
  ['lifted', 'unblock', 'open'],
  ['threatened', 'warn', 'unknown'],
])('%s, %s: %s', (state, action, expected) => expect(stateOf({ state, action })).toBe(expected));

describe('what is known of a service', () => {
  test.each<[string, Incident[], string]>([
    ['nothing', [], 'unknown'],
    ['a block', [incident()], 'blocked'],
    ['it was lifted', [lifted()], 'open'],
    ['it was taken back', [incident({ state: 'withdrawn', open: false })], 'unknown'],
    ['of another service', [incident({ service: 'y' })], 'unknown'],
    ['of another country', [incident({ country: 'BY' })], 'unknown'],
    ['of the country, without a service', [incident({ service: null })], 'unknown'],
    ['a new block after a lift', [lifted({ id: 'old' }), incident({ openedAt: NOW - DAY })], 'blocked'],
    ['a lift of an older block beside one in force', [lifted({ id: 'old', closedAt: NOW }), incident()], 'blocked'],
    ['two lifts: the later', [lifted({ action: 'throttle', closedAt: NOW - DAY }), lifted({ id: 'i2' })], 'open'],
    ['a threat alone', [threat()], 'unknown threat'],
    ['a threat and a block', [threat(), incident()], 'blocked threat'],
    ['a threat that is over', [threat({ open: false })], 'unknown'],
    ['a threat of which nobody spoke for 45 days', [threat({ lastReportAt: NOW - 45 * DAY })], 'unknown threat'],
    ['for longer', [threat({ lastReportAt: NOW - 45 * DAY - 1 })], 'unknown'],
    ['reports of 14 days ago', [incident({ lastReportAt: NOW - 14 * DAY })], 'blocked'],
    ['older', [incident({ lastReportAt: NOW - 14 * DAY - 1 })], 'unknown was blocked'],
    ['a lift of which nobody spoke for longer', [lifted({ lastReportAt: NOW - 15 * DAY })], 'unknown was open'],
    ['only suspected, a day ago', [incident({ confidence: 'suspected', lastReportAt: NOW - DAY })], 'blocked'],
    [
      'only suspected, longer ago',
      [incident({ confidence: 'suspected', lastReportAt: NOW - DAY - 1 })],
      'unknown was blocked',
    ],
    ['in force, and too quiet to join any more', [incident({ open: false })], 'unknown was blocked'],
    ['the country is off', [shutdown(), incident()], 'shutdown covered'],
    ['it is off, and nothing else is known', [shutdown()], 'shutdown covered'],
    ['it is off in a part', [shutdown({ regions: ['Dagestan'] })], 'unknown'],
    ['another country is off', [shutdown({ country: 'BY' })], 'unknown'],
    ['it was off', [shutdown({ state: 'lifted', open: false, closedAt: NOW })], 'unknown'],
    ['it was off, by old evidence', [shutdown({ lastReportAt: NOW - 15 * DAY }), incident()], 'blocked'],
    ['it is off, and a threat hangs over the service', [shutdown(), threat()], 'shutdown covered threat'],
  ])('%s: %3$s', (_name, incidents, expected) => expect(word(incidents)).toBe(expected));

  test('measured only, by its id: a day, however sure it was', () => {
    const old = incident({ confidence: 'confirmed', lastReportAt: NOW - 2 * DAY });
    expect(word([old])).toBe('blocked');
    expect(word([old], { measuredOnly: new Set(['i1']) })).toBe('unknown was blocked');
    const suspected = { ...old, confidence: 'suspected' as const };
    expect(word([suspected], { measuredOnly: new Set() })).toBe('blocked');
  });
  test('an order stands until it is said otherwise; of what was lifted nothing stands', () => {
    const old = incident({ lastReportAt: NOW - 90 * DAY });
    expect(word([old], { ordered: new Set(['i1']) })).toBe('blocked faded');
    expect(word([lifted({ lastReportAt: NOW - 90 * DAY })], { ordered: new Set(['i1']) })).toBe('unknown was open');
  });
  test('since when, how sure, by which evidence: of the block, or of its lift', () => {
    expect(of([incident()])).toMatchObject({ since: NOW - 3 * DAY, confidence: 'corroborated', evidenceAt: NOW - DAY });
    expect(of([lifted()])).toMatchObject({ since: NOW - 2 * DAY, confidence: 'reported', evidenceAt: NOW - DAY });
    expect(of([lifted({ liftConfidence: null })]).confidence).toBe('corroborated');
    expect(of([])).toMatchObject({ since: null, confidence: null, evidenceAt: null, incident: null });
  });
  test('the network itself: by its own incident, covered by nothing', () => {
    expect(statusOf('RU', 'internet', [shutdown()], facts())).toMatchObject({ state: 'shutdown', covered: false });
    expect(nationalShutdown([shutdown({ country: null })], 'RU', facts())).toBeNull();
  });
  test('a service without a country: no shutdown speaks for it', () => {
    expect(statusOf(null, 'x', [incident({ country: null }), shutdown({ country: null })], facts()).state).toBe(
      'blocked',
    );
  });
});

describe('what has been cut for long', () => {
  const baseline = [standing()];
  test.each<[string, Incident[], string]>([
    ['nothing else is known', [], 'blocked'],
    ['a lift since', [lifted()], 'open'],
    ['a lift of before', [lifted({ closedAt: NOW - 1_001 * DAY, lastReportAt: NOW })], 'blocked'],
    ['old evidence of a slow-down', [incident({ action: 'throttle', lastReportAt: NOW - 90 * DAY })], 'degraded faded'],
    ['fresh evidence of a slow-down', [incident({ action: 'throttle' })], 'degraded'],
    ['the country is off', [shutdown()], 'shutdown covered'],
  ])('%s: %3$s', (_name, incidents, expected) => expect(word(incidents, { baseline })).toBe(expected));
  test('without incidents: since when, and no confidence', () => {
    expect(of([], { baseline })).toMatchObject({ since: standing().since, confidence: null, baseline: standing() });
  });
  test('as lines of their own: those of which no incident tells, worst first', () => {
    const more = [standing({ service: 'z', action: 'throttle' }), standing({ service: 'y' }), standing()];
    const all = statusesOf([incident()], facts({ baseline: more }));
    expect(
      standingStatuses(all, [incident()], facts({ baseline: more })).map(({ service, state }) => [service, state]),
    ).toEqual([
      ['y', 'blocked'],
      ['z', 'degraded'],
    ]);
    expect(standingStatuses([], [], facts())).toEqual([]);
  });
});

describe('many at once', () => {
  const services = ['x', 'y', 'internet', null];
  const any = fc
    .record({
      service: fc.constantFrom(...services),
      action: fc.constantFrom<Incident['action']>('block', 'throttle', 'restrict', 'shutdown', 'warn'),
      state: fc.constantFrom<Incident['state']>('active', 'easing', 'lifted', 'withdrawn'),
      age: fc.integer({ min: 0, max: 60 }),
    })
    .map(({ service, action, state, age }) => {
      const at = NOW - age * DAY;
      const isOver = state === 'lifted' || state === 'withdrawn';
      return incident({
        service,
        action,
        state: action === 'warn' && !isOver ? 'threatened' : state,
        openedAt: at - DAY,
        lastReportAt: at,
        open: !isOver,
        closedAt: isOver ? at : null,
      });
    });
  test('whatever is known: each key once, worst first, and nothing open is open under a shutdown', () => {
    const order = ['shutdown', 'blocked', 'degraded', 'unknown', 'open'];
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (incidents) => {
        const all = statusesOf(incidents, facts());
        expect(new Set(all.map(({ service }) => service)).size).toBe(
          new Set(incidents.map(({ service }) => service)).size,
        );
        expect(all.length).toBe(new Set(all.map(({ service }) => service)).size);
        const ranks = all.map(({ state }) => order.indexOf(state));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        for (const one of all) {
          expect(one.was === null || one.state === 'unknown').toBe(true);
          if (one.incident?.state === 'withdrawn') throw new Error('what was taken back tells nothing');
        }
        if (nationalShutdown(incidents, 'RU', facts())) expect(openServices(incidents, 'RU', facts())).toEqual([]);
      }),
    );
  });
  test('what still works: open services, not the network, none that is threatened', () => {
    const all = [
      lifted(),
      lifted({ id: 'i2', service: 'internet' }),
      lifted({ id: 'i3', service: 'y' }),
      threat({ service: 'y' }),
      lifted({ id: 'i4', service: null }),
      lifted({ id: 'i5', service: 'z', country: 'BY' }),
    ];
    expect(openServices(all, 'RU', facts())).toEqual(['x']);
  });

  test.each<[string, Incident[], boolean]>([
    ['cut', [incident()], true],
    ['slowed', [incident({ action: 'throttle' })], true],
    ['lifted within a month', [lifted({ closedAt: NOW - 30 * DAY, lastReportAt: NOW })], true],
    ['lifted before', [lifted({ closedAt: NOW - 30 * DAY - 1, lastReportAt: NOW })], false],
    ['nothing known', [], false],
    ['cut by old evidence', [incident({ lastReportAt: NOW - 15 * DAY })], true],
    ['lifted by old evidence', [lifted({ lastReportAt: NOW - 15 * DAY })], false],
    ['lifted before, and threatened', [lifted({ closedAt: NOW - 40 * DAY, lastReportAt: NOW }), threat()], true],
  ])('%s: worth a line unasked: %3$s', (_name, incidents, expected) => {
    expect(isNotable(of(incidents), facts())).toBe(expected);
  });
});
