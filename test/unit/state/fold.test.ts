/** The fold: what is known of a service, a region, a network at a moment, from incidents, the record, registers and observatories. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Incident, Standing } from '../../../src/core/model/incident.ts';
import {
  createFold,
  type Evidence,
  type Facts,
  heardBy,
  isNotable,
  isPresent,
  type State,
  type StateKey,
  worstFirst,
} from '../../../src/core/state/fold.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 1, 11, 12);
const evidence = (over: Partial<Evidence>, id = 'i1'): ReadonlyMap<string, Evidence> =>
  new Map([
    [
      id,
      {
        voices: {},
        isMeasuredOnly: false,
        isOrdered: false,
        since: NOW - 3 * DAY,
        sinceKind: 'first-reported',
        part: null,
        lift: null,
        ...over,
      },
    ],
  ]);
const KEY: StateKey = { country: 'RU', region: null, service: 'x', network: 'all' };
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
  incident({ state: 'lifted', open: false, closedAt: NOW - 2 * DAY, liftConfidence: 'corroborated', ...over });
const shutdown = (over: Partial<Incident> = {}) =>
  incident({ id: 'off', service: 'internet', action: 'shutdown', ...over });
const threat = (over: Partial<Incident> = {}) => incident({ id: 't', action: 'warn', state: 'threatened', ...over });
type Recorded = NonNullable<Facts['standing']>[number];
const standing = (over: Partial<Recorded> = {}): Recorded => ({
  by: 'record',
  country: 'RU',
  service: 'x',
  action: 'block',
  method: null,
  since: NOW - 1_000 * DAY,
  monthOnly: false,
  reference: 'https://a.example/',
  ...over,
});
const at = (key: Partial<StateKey>, incidents: Incident[], over: Partial<Facts> = {}): State =>
  createFold({ incidents, ...over }, NOW).at({ ...KEY, ...key });
const of = (incidents: Incident[], over: Partial<Facts> = {}): State => at({}, incidents, over);
const word = (incidents: Incident[], over: Partial<Facts> = {}, key: Partial<StateKey> = {}) => {
  const { access, was, covered, faded, threat: hangs, claim } = at(key, incidents, over);
  return [
    access,
    was && `was ${was}`,
    covered && 'covered',
    faded && 'faded',
    hangs && 'threat',
    claim && `${claim.voices} say it is over`,
  ]
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
])('%s, %s: %s', (state, action, expected) => {
  expect(of([state === 'lifted' ? lifted({ action }) : incident({ state, action })]).access).toBe(expected);
});

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
    ['in force, and another took its place', [incident({ open: false })], 'unknown'],
    ['easing: it still holds, says the word beside it', [incident({ state: 'easing' })], 'blocked 1 say it is over'],
    [
      'one outlet’s lift of what one outlet reported',
      [lifted({ confidence: 'reported', liftConfidence: 'reported' })],
      'blocked 1 say it is over',
    ],
    [
      'one outlet’s lift of something unknown',
      [lifted({ action: 'unblock', confidence: 'reported', liftConfidence: 'reported' })],
      'unknown 1 say it is over',
    ],
    ['a part of the network is off', [shutdown({ part: 'mobile' })], 'unknown'],
    ['the country is off', [shutdown(), incident()], 'shutdown covered'],
    ['it is off, and nothing else is known', [shutdown()], 'shutdown covered'],
    ['it is off, by one outlet’s word', [shutdown({ confidence: 'reported' }), incident()], 'blocked'],
    ['it is off in a part', [shutdown({ regions: ['Dagestan'] })], 'unknown'],
    ['another country is off', [shutdown({ country: 'BY' })], 'unknown'],
    ['it was off', [shutdown({ state: 'lifted', open: false, closedAt: NOW })], 'unknown'],
    ['it was off, by old evidence', [shutdown({ lastReportAt: NOW - 15 * DAY }), incident()], 'blocked'],
    ['it is off, and a threat hangs over the service', [shutdown(), threat()], 'shutdown covered threat'],
  ])('%s: %3$s', (_name, incidents, expected) => expect(word(incidents)).toBe(expected));

  test('measured only, by its id: a day, however sure it was', () => {
    const old = incident({ confidence: 'confirmed', lastReportAt: NOW - 2 * DAY });
    expect(word([old])).toBe('blocked');
    expect(word([old], { evidence: evidence({ isMeasuredOnly: true }) })).toBe('unknown was blocked');
    const suspected = { ...old, confidence: 'suspected' as const };
    expect(word([suspected], { evidence: evidence({}) })).toBe('blocked');
  });
  test('an order stands until it is said otherwise; of what was lifted nothing stands', () => {
    const old = incident({ lastReportAt: NOW - 90 * DAY });
    expect(word([old], { evidence: evidence({ isOrdered: true }) })).toBe('blocked faded');
    const over = lifted({ lastReportAt: NOW - 90 * DAY });
    expect(word([over], { evidence: evidence({ isOrdered: true }) })).toBe('unknown was open');
  });
  test('since when, how sure, by which evidence: of the block, or of its lift', () => {
    expect(of([incident()])).toMatchObject({ since: NOW - 3 * DAY, confidence: 'corroborated', evidenceAt: NOW - DAY });
    expect(of([lifted()])).toMatchObject({ since: NOW - 2 * DAY, confidence: 'corroborated', evidenceAt: NOW - DAY });
    expect(of([lifted({ liftConfidence: null })]).confidence).toBe('corroborated');
    expect(of([])).toMatchObject({ since: null, confidence: null, evidenceAt: null, incident: null });
  });
  test('the network itself: by its own incident, covered by nothing', () => {
    expect(at({ service: 'internet' }, [shutdown()])).toMatchObject({ access: 'shutdown', covered: false });
    expect(word([shutdown({ country: null })])).toBe('unknown');
  });
  test('a service without a country: no shutdown speaks for it', () => {
    expect(word([incident({ country: null }), shutdown({ country: null })], {}, { country: null })).toBe('blocked');
  });
});

describe('parts of a country and of its lines', () => {
  const both = shutdown({ regions: ['RU-DA', 'RU-ROS'] });
  test('a row a region, and none of the country', () => {
    const keys = createFold({ incidents: [both] }, NOW).keys();
    expect(keys.map(({ region, network }) => [region, network])).toEqual([
      ['RU-DA', 'all'],
      ['RU-ROS', 'all'],
    ]);
    expect(word([both], {}, { service: 'internet', region: 'RU-DA' })).toBe('shutdown');
    expect(word([both], {}, { service: 'internet' })).toBe('unknown');
  });
  test('mobile internet is a row of its own, and covers nothing', () => {
    const mobile = shutdown({ part: 'mobile' });
    expect(word([mobile], {}, { service: 'internet', network: 'mobile' })).toBe('shutdown');
    expect(word([mobile], {}, { service: 'internet' })).toBe('unknown');
    expect(word([mobile, incident()])).toBe('blocked');
    const heard = { evidence: evidence({ part: 'mobile' }, 'off') };
    expect(word([shutdown()], heard, { service: 'internet', network: 'mobile' })).toBe('shutdown');
  });
  test('the network of the whole country covers its regions', () => {
    const region = incident({ id: 'part', regions: ['RU-DA'] });
    expect(word([region, shutdown()], {}, { region: 'RU-DA' })).toBe('shutdown covered');
  });
  test('a lift in one region ends nothing elsewhere', () => {
    const back = lifted({ id: 'old', regions: ['RU-DA'] });
    expect(word([back], { standing: [standing()] })).toBe('blocked');
    expect(word([back], { standing: [standing()] }, { region: 'RU-DA' })).toBe('open');
  });
});

describe('what has been cut for long', () => {
  const record = { standing: [standing()] };
  const register = { standing: [standing({ by: 'register', since: null, reference: null })] };
  test.each<[string, Incident[], Partial<Facts>, string]>([
    ['nothing else is known', [], record, 'blocked'],
    ['a lift since', [lifted()], record, 'open'],
    [
      'a lift that one outlet tells',
      [lifted({ action: 'unblock', confidence: 'reported', liftConfidence: 'reported' })],
      record,
      'blocked 1 say it is over',
    ],
    ['a lift of before', [lifted({ closedAt: NOW - 1_001 * DAY, lastReportAt: NOW })], record, 'blocked'],
    [
      'old evidence of a slow-down',
      [incident({ action: 'throttle', lastReportAt: NOW - 90 * DAY })],
      record,
      'blocked',
    ],
    ['fresh evidence of a slow-down', [incident({ action: 'throttle' })], record, 'degraded'],
    [
      'one outlet’s word of something worse',
      [incident({ action: 'shutdown', confidence: 'reported' })],
      record,
      'blocked',
    ],
    ['two outlets’ word of something worse', [incident({ action: 'shutdown' })], record, 'shutdown'],
    ['one outlet’s word of a slow-down', [incident({ action: 'throttle', confidence: 'reported' })], record, 'blocked'],
    ['old evidence of the same', [incident({ lastReportAt: NOW - 90 * DAY })], record, 'blocked faded'],
    ['the country is off', [shutdown()], record, 'shutdown covered'],
    ['it is put on record tomorrow', [], { standing: [standing({ since: NOW + DAY })] }, 'unknown'],
    ['a register has it', [], register, 'blocked'],
    ['a register has it, and it was lifted', [lifted()], register, 'open'],
  ])('%s: %4$s', (_name, incidents, over, expected) => expect(word(incidents, over)).toBe(expected));

  test('by the record alone: since when, of what kind, and no confidence', () => {
    expect(of([], record)).toMatchObject({ since: standing().since, sinceKind: 'standing', confidence: null });
  });
  const old: Standing = { ...standing() };
  test('a report of what stands joins it: its date and its sureness stay', () => {
    const joins = incident({ confidence: 'reported', openedAt: NOW - DAY, lastReportAt: NOW });
    for (const one of [of([joins], record), of([{ ...joins, standing: old }])])
      expect(one).toMatchObject({ access: 'blocked', since: old.since, sinceKind: 'standing', confidence: null });
  });
  test('it never goes stale', () => {
    expect(word([incident({ standing: old, lastReportAt: NOW - 90 * DAY })])).toBe('blocked faded');
  });
  test('it became worse: since when that is so', () => {
    const slow = { ...old, action: 'throttle' as const };
    const change = { at: NOW - DAY, action: 'block' as const, method: null, confidence: 'corroborated' as const };
    expect(of([incident({ standing: { ...slow, changes: [change] } })])).toMatchObject({ since: NOW - DAY });
  });
  test('put on record when it was reported: the hour of the reports', () => {
    const news = incident({ openedAt: NOW - 3 * DAY });
    expect(of([news], { standing: [standing({ since: NOW - 4 * DAY })] })).toMatchObject({ since: NOW - 3 * DAY });
  });
  test('cut as an observatory sees it, where nobody tells; open where all see it open', () => {
    const observed = [{ country: 'RU', service: 'x', action: 'block' as const, since: null, until: NOW }];
    expect(of([], { observed })).toMatchObject({
      access: 'blocked',
      sinceKind: 'measured',
      confidence: 'corroborated',
    });
    expect(of([lifted()], { observed }).access).toBe('open');
    const open = [{ country: 'RU', service: 'x', until: NOW }];
    expect(of([], { open })).toMatchObject({ access: 'open', confidence: 'corroborated', since: null });
    expect(of([incident()], { open }).access).toBe('blocked');
  });
});

describe('who hears of it', () => {
  test.each<[string, State, boolean]>([
    ['one outlet’s word', of([incident({ confidence: 'reported' })]), false],
    ['two outlets', of([incident()]), true],
    ['what is on record', of([], { standing: [standing()] }), true],
    ['a threat of one outlet', of([threat({ confidence: 'reported' })]), false],
    ['a threat of two', of([threat()]), true],
  ])('%s', (_name, state, hears) => {
    const heard = heardBy(state, 'corroborated');
    expect(heard !== null && isPresent(heard)).toBe(hears);
    expect(heardBy(state, 'early')).toEqual(state);
  });
  test('one outlet’s block under a sure threat: the threat alone', () => {
    const heard = heardBy(of([incident({ confidence: 'reported' }), threat()]), 'corroborated')!;
    expect([heard.access, heard.incident, heard.threat?.id]).toEqual(['unknown', null, 't']);
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
  test('whatever is known: each key once, worst first, and nothing is open under a shutdown', () => {
    const order = ['shutdown', 'blocked', 'degraded', 'unknown', 'open'];
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (incidents) => {
        const fold = createFold({ incidents }, NOW);
        const all = fold
          .keys()
          .map((key) => fold.at(key))
          .sort(worstFirst);
        expect(all.length).toBe(new Set(all.map(({ service }) => service)).size);
        const ranks = all.map(({ access }) => order.indexOf(access));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        for (const one of all) {
          expect(one.was === null || one.access === 'unknown').toBe(true);
          if (one.incident?.state === 'withdrawn') throw new Error('what was taken back tells nothing');
        }
        const network = fold.at({ ...KEY, service: 'internet' });
        if (network.access === 'shutdown') expect(all.filter(({ access }) => access === 'open')).toEqual([]);
      }),
    );
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
    expect(isNotable(of(incidents), NOW)).toBe(expected);
  });
});
