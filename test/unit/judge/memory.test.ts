import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOwnView } from '../../../src/core/judge/all-judges.ts';
import { isMixed, judgePartial } from '../../../src/core/judge/endpoint.ts';
import {
  actionOf,
  isFingerprint,
  isUnprovenPage,
  type JudgedVantage,
  type MeasuredBy,
  type MeasuredStatement,
  measuredReport,
  memoryOf,
  NATIONAL,
  PAGE_KNOWN,
  prune,
} from '../../../src/core/judge/measured.ts';
import {
  createRounds,
  fresh,
  isForgettable,
  keptOf,
  leastMissed,
  type TargetState,
} from '../../../src/core/judge/rounds.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import { cut, endpoint, flow, foreign, noTcp } from './facts.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 1, 11, 12);
const state = (over: Partial<TargetState> = {}): TargetState => ({ ...fresh('x'), seenAt: NOW, ...over });

describe('what is remembered of a target', () => {
  test.each<[string, Partial<TargetState>, boolean]>([
    ['well', {}, true],
    ['blocked', { status: 'blocked', now: 'blocked' }, false],
    ['comes and goes, well at present', { status: 'unstable' }, false],
    ['one bad round', { streak: 1 }, false],
    ['a lift that was held', { liftHeld: true }, false],
    ['reported an hour ago', { reportedAt: NOW - HOUR }, false],
    ['reported before', { reportedAt: NOW - HOUR - 1 }, true],
    ['a change an hour ago', { changes: [NOW - 5 * HOUR, NOW - HOUR] }, false],
    ['changes before', { changes: [NOW - 5 * HOUR, NOW - HOUR - 1] }, true],
    ['blocked, and not measured for two weeks', { status: 'blocked', now: 'blocked', seenAt: NOW - 14 * DAY }, false],
    ['for longer', { status: 'blocked', now: 'blocked', seenAt: NOW - 14 * DAY - 1 }, true],
  ])('%s: may be forgotten %s', (_name, over, expected) => expect(isForgettable(state(over), NOW)).toBe(expected));

  test('whatever it is: what is kept makes it anew, and holds nothing that is as ever', () => {
    const any = fc.record({
      status: fc.constantFrom<TargetState['status']>('ok', 'blocked', 'unstable'),
      told: fc.constantFrom(null, 'sni_blocked'),
      streak: fc.nat(3),
      goodSince: fc.constantFrom(null, 0, NOW),
      changes: fc.array(fc.constant(NOW), { maxLength: 3 }),
      reportedAt: fc.constantFrom(null, 0, NOW),
      overruled: fc.boolean(),
    });
    fc.assert(
      fc.property(any, (over) => {
        const kept = keptOf(state(over));
        expect({ ...fresh('x'), ...JSON.parse(JSON.stringify(kept)) }).toEqual(state(over));
        expect(Object.keys(keptOf(fresh('x')))).toEqual(['target']);
      }),
    );
  });
  test('who goes first where there is no room: what is well, and of that what was seen longest ago', () => {
    const all = [
      state({ target: 'a', now: 'blocked', seenAt: 1 }),
      state({ target: 'b', seenAt: 3 }),
      state({ target: 'c', seenAt: 2 }),
    ];
    expect(all.sort(leastMissed).map(({ target }) => target)).toEqual(['c', 'b', 'a']);
  });
});

describe('what is remembered of vantage points', () => {
  const vantage = (id: string, states: TargetState[], over: Partial<JudgedVantage> = {}): JudgedVantage => ({
    id,
    probeCc: 'RU',
    probeAsn: 'AS1',
    agent: null,
    lastAt: NOW,
    rounds: createRounds({}, states),
    ...over,
  });
  const blocked = (n: number, from = 0) =>
    Array.from({ length: n }, (_, i) =>
      state({ target: `t${from + i}`, status: 'blocked', now: 'blocked', seenAt: NOW - i }),
    );
  const pruned = (list: JudgedVantage[]) => {
    const vantages = new Map(list.map((one) => [one.id, one]));
    prune(vantages, NOW);
    return [...vantages.values()];
  };
  const held = (list: JudgedVantage[]) => list.map(({ id, rounds }) => `${id} ${rounds.states().length}`);

  test('what is well is forgotten, what is blocked is not', () => {
    expect(held(pruned([vantage('a', [state(), ...blocked(2)])]))).toEqual(['a 2']);
  });
  test.each<[string, number, string[]]>([
    ['thirty days', 30 * DAY, ['a 0']],
    ['longer', 30 * DAY + 1, []],
  ])('nothing known and not heard of for %s', (_name, ago, expected) => {
    expect(held(pruned([vantage('a', [], { lastAt: NOW - ago })]))).toEqual(expected);
  });
  test('silent for long, and something is blocked there: kept', () => {
    expect(held(pruned([vantage('a', blocked(1), { lastAt: NOW - 90 * DAY })]))).toEqual(['a 1']);
  });
  test('more vantage points of one agent than there can be: the newest; nobody else pays', () => {
    const many = Array.from({ length: 30 }, (_, i) => vantage(`m${i}`, blocked(1), { agent: 'liar', lastAt: NOW - i }));
    const left = pruned([vantage('own', blocked(1), { lastAt: NOW - DAY }), ...many]).map(({ id }) => id);
    expect(left).toHaveLength(25);
    expect(left).toContain('own');
    expect(left).not.toContain('m24');
  });
  test('more targets of one agent than there is room for: those least missed go; nobody else pays', () => {
    const left = pruned([
      vantage('a', blocked(400), { agent: 'liar' }),
      vantage('b', blocked(400, 400), { agent: 'liar' }),
      vantage('own', blocked(300)),
    ]);
    const counts = Object.fromEntries(left.map(({ id, rounds }) => [id, rounds.states().length]));
    expect([counts.a! + counts.b!, counts.own]).toEqual([512, 300]);
    expect(left[0]!.rounds.states().every(({ seenAt }) => seenAt > NOW - 260)).toBe(true);
  });
  test('what is written: our own without an agent, and only what differs', () => {
    const { vantages } = memoryOf([vantage('own', blocked(1)), vantage('theirs', [], { agent: 'x' })]);
    expect(vantages.own).toEqual({
      probeCc: 'RU',
      probeAsn: 'AS1',
      lastAt: NOW,
      states: [{ target: 't0', status: 'blocked', now: 'blocked', seenAt: NOW }],
    });
    expect(vantages.theirs).toMatchObject({ agent: 'x', states: [] });
  });
});

describe('where our own probes find it well', () => {
  const round = (verdict: string, over: Partial<Measurement> = {}): Measurement =>
    ({ at: NOW, probeCc: 'RU', probeAsn: 'AS1', target: 'x', component: null, verdict, ...over }) as Measurement;
  const isBlocking = (verdict: string) => verdict === 'sni_blocked';
  const view = (...rounds: Measurement[]) => {
    const own = createOwnView();
    own.take(rounds, isBlocking);
    return own;
  };
  test.each<[string, Measurement[], string[]]>([
    ['well', [round('ok')], ['AS1']],
    ['blocked since', [round('ok'), round('sni_blocked')], []],
    ['well again', [round('sni_blocked'), round('ok')], ['AS1']],
    ['in doubt since: as before', [round('ok'), round('inconclusive')], ['AS1']],
    ['a part of it is blocked: no word about it', [round('ok'), round('sni_blocked', { component: 'calls' })], ['AS1']],
    ['another service', [round('ok', { target: 'y' })], []],
    ['another country', [round('ok', { probeCc: 'BY' })], []],
    ['no target', [round('ok', { target: null })], []],
    [
      'two networks, one of them blocked',
      [round('ok'), round('ok', { probeAsn: 'AS2' }), round('sni_blocked')],
      ['AS2'],
    ],
    ['three hours ago', [round('ok', { at: NOW - 3 * HOUR })], ['AS1']],
    ['before', [round('ok', { at: NOW - 3 * HOUR - 1 })], []],
  ])('%s', (_name, rounds, networks) => expect(view(...rounds).open('RU', 'x', NOW)).toEqual(networks));
  test('networks and targets without end: the newest', () => {
    const own = view(...Array.from({ length: 25 }, (_, i) => round('ok', { probeAsn: `AS${i}` })));
    expect([own.open('RU', 'x', NOW).length, own.open('RU', 'x', NOW)[0]]).toEqual([20, 'AS5']);
    own.take(
      Array.from({ length: 2_000 }, (_, i) => round('ok', { target: `t${i}` })),
      isBlocking,
    );
    expect([own.open('RU', 'x', NOW), own.open('RU', 't0', NOW)]).toEqual([[], ['AS1']]);
  });
});

describe('what a verdict becomes', () => {
  const said = (over: Partial<MeasuredStatement> = {}): MeasuredStatement => ({
    target: 'x',
    at: NOW,
    action: 'block',
    verdict: 'sni_blocked',
    detail: 'rst',
    component: null,
    strength: 'round-rule',
    since: NOW - HOUR,
    ...over,
  });
  const by: MeasuredBy = { id: 'home', probeCc: 'RU', probeAsn: 'AS1', agent: null };
  const report = (over: Partial<MeasuredStatement> = {}, from: Partial<MeasuredBy> = {}) =>
    measuredReport('r', said(over), { ...by, ...from });

  test.each<[Partial<MeasuredStatement>, string, string | null]>([
    [{}, 'x: connections that name it are cut, measured on AS1', 'sni'],
    [{ verdict: 'dns_blocked', detail: 'delisted' }, 'x: delisted from the national DNS, measured on AS1', 'dns'],
    [{ verdict: 'dns_blocked', detail: 'bogon' }, 'x: the name lookup is tampered with, measured on AS1', 'dns'],
    [{ verdict: 'ip_blocked', detail: null }, 'x: its addresses are cut off, measured on AS1', 'ip'],
    [
      { verdict: 'tls_mitm', detail: null },
      'x: connections are intercepted with a foreign certificate, measured on AS1',
      null,
    ],
    [{ verdict: 'http_blockpage', detail: 'ru-rkn' }, 'x: plain HTTP shows a block page, measured on AS1', 'http'],
    [
      { verdict: 'throttled', detail: null, action: 'throttle' },
      'x: slowed down beyond use, measured on AS1',
      'throttle',
    ],
    [{ verdict: 'ok', detail: null, action: 'unblock' }, 'x: reachable again, measured on AS1', null],
    [{ component: 'calls' }, 'x (calls): connections that name it are cut, measured on AS1', 'sni'],
    [
      { component: NATIONAL, verdict: 'dns_blocked', detail: 'delisted' },
      'x: delisted from the national DNS, measured on AS1',
      'dns',
    ],
  ])('%j: %s', (over, title, method) => expect(report(over)).toMatchObject({ title, method }));

  test('our own probe, an agent, and nowhere in particular', () => {
    expect(report().measured).toEqual({
      strength: 'round-rule',
      networks: ['AS1'],
      verdict: 'sni_blocked:rst',
      component: null,
    });
    expect(report({}, { agent: 'x' })).toMatchObject({
      publisherName: 'agent (AS1)',
      measured: { agent: 'x', since: NOW - HOUR },
    });
    expect(report({}, { probeCc: 'XX' }).country).toBeNull();
    expect(report({ standing: true }).measured).toMatchObject({ standing: true });
    expect(report({ component: NATIONAL }).measured!.component).toBeNull();
  });
  test.each<[string, string | null, string]>([
    ['sni_blocked', null, 'block'],
    ['sni_blocked', 'calls', 'restrict'],
    ['dns_blocked', NATIONAL, 'block'],
    ['throttled', null, 'throttle'],
    ['throttled', 'calls', 'throttle'],
  ])('%s of %s: %s', (verdict, component, action) => expect(actionOf(verdict, component)).toBe(action));
  test.each<[string, string | null, boolean]>([
    ['http_blockpage', 'ru-rkn-1', true],
    ['http_blockpage', 'block.isp.example', false],
    ['http_blockpage', '451', false],
    ['http_blockpage', null, false],
    ['sni_blocked', 'ru-rkn-1', false],
  ])('%s:%s is a known block page: %s', (verdict, detail, expected) =>
    expect(isFingerprint(verdict, detail)).toBe(expected),
  );
  test('an agent’s block page that the centre has not found is not proven', () => {
    expect([
      isUnprovenPage('http_blockpage', []),
      isUnprovenPage('http_blockpage', [PAGE_KNOWN]),
      isUnprovenPage('sni_blocked', []),
    ]).toEqual([true, false, false]);
  });
});

describe('some connections pass and some do not', () => {
  const ok = (n: number) => Array.from({ length: n }, () => flow());
  const rst = (n: number) => Array.from({ length: n }, () => cut('reset'));
  const quiet = (n: number) => Array.from({ length: n }, () => cut('timeout'));
  const judged = (target: ReturnType<typeof ok>, innocuous: ReturnType<typeof ok>, lossy = false) =>
    judgePartial([endpoint({ target, innocuous })], lossy);
  test.each<[string, ReturnType<typeof ok>, ReturnType<typeof ok>, string]>([
    ['all pass', ok(10), ok(10), 'none'],
    ['none passes', rst(10), ok(10), 'none'],
    ['what passes shows a foreign certificate', [foreign(), ...rst(6)], ok(10), 'none'],
    ['six of ten cut, none of the other name', [...ok(4), ...rst(6)], ok(10), 'partial'],
    ['five of ten: by chance once in sixty', [...ok(5), ...rst(5)], ok(10), 'unclear'],
    ['five of ten, of which many of the other name passed', [...ok(5), ...rst(5)], ok(20), 'partial'],
    ['as many of the other name', [...ok(4), ...rst(6)], [...ok(4), ...rst(6)], 'unclear'],
    ['four of four and one that passed: too few', [...ok(1), ...rst(4)], ok(40), 'unclear'],
    ['one', [...ok(9), ...rst(1)], ok(10), 'flaky'],
    ['two of thirty', [...ok(28), ...rst(2)], ok(30), 'flaky'],
    ['two of ten', [...ok(8), ...rst(2)], ok(10), 'unclear'],
    ['three of each kind: the kinds are not added', [...ok(4), ...rst(3), ...quiet(3)], ok(20), 'unclear'],
    [
      'what was never connected does not count',
      [...ok(4), ...Array.from({ length: 6 }, () => noTcp('timeout'))],
      ok(10),
      'none',
    ],
  ])('%s: %4$s', (_name, target, innocuous, expected) => expect(judged(target, innocuous)).toBe(expected));

  test('silence on a line that loses packets tells nothing; a reset does', () => {
    expect([judged([...ok(4), ...quiet(6)], ok(10)), judged([...ok(4), ...quiet(6)], ok(10), true)]).toEqual([
      'partial',
      'none',
    ]);
    expect(judged([...ok(4), ...rst(6)], ok(10), true)).toBe('partial');
  });
  test('addresses are counted together', () => {
    const half = () => endpoint({ target: [...ok(2), ...rst(3)], innocuous: ok(10) });
    expect(judgePartial([half()], false)).toBe('unclear');
    expect(judgePartial([half(), half()], false)).toBe('partial');
  });
  test.each<[string, ReturnType<typeof ok>, boolean]>([
    ['all pass', ok(3), false],
    ['none passes', rst(3), false],
    ['some', [...ok(1), ...rst(1)], true],
    ['some, and the rest is not connected', [...ok(1), noTcp('refused')], false],
  ])('%s: mixed %3$s', (_name, target, expected) => expect(isMixed([endpoint({ target })])).toBe(expected));
});
