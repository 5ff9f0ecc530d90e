/** What must hold of the ladder whatever is reported, and the rules beside it: what counts, what stands, who says worse, how sure a lift is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  confidenceOf,
  countedFor,
  EVIDENCE,
  type Evidence,
  liftConfidenceOf,
  outletsTogether,
  standingOf,
  supporting,
  worseClaim,
} from '../../../src/core/correlate/ladder.ts';
import { type Confidence, type Incident, rankOf, severityOf } from '../../../src/core/model/incident.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const news = (voice: string, over: Partial<Evidence> = {}): Evidence => ({
  at: 0,
  action: 'block',
  kind: 'news',
  voice,
  measured: null,
  ...over,
});
const authority = (voice: string, over: Partial<Evidence> = {}): Evidence =>
  news(`authority:${voice}`, { kind: 'authority', ...over });
const measured = (facts: Partial<NonNullable<Evidence['measured']>>, over: Partial<Evidence> = {}): Evidence => ({
  at: 0,
  action: 'block',
  kind: 'measurement',
  voice:
    facts.observatory === undefined ? `network:${facts.networks?.[0] ?? 'AS1'}` : `observatory:${facts.observatory}`,
  measured: { strength: 'round-rule', networks: ['AS1'], verdict: 'sni_blocked:rst', component: null, ...facts },
  ...over,
});
const agent = (id: string, network: string, over: Partial<Evidence> = {}, since?: number): Evidence =>
  measured({ agent: id, networks: [network], ...(since === undefined ? {} : { since }) }, over);

const ats = fc.integer({ min: 0, max: 20 }).map((n) => n * 12 * HOUR);
const any: fc.Arbitrary<Evidence> = fc.oneof(
  fc
    .record({ voice: fc.constantFrom('a', 'b', 'c', 'd'), at: ats, confidence: fc.constantFrom(0.3, 0.69, 0.7, 1) })
    .map(({ voice, at, confidence }) => news(voice, { at, confidence })),
  fc.record({ voice: fc.constantFrom('rkn', 'ooni'), at: ats }).map(({ voice, at }) => authority(voice, { at })),
  fc
    .record({
      strength: fc.constantFrom('anomaly' as const, 'round-rule' as const, 'fingerprint' as const),
      network: fc.constantFrom('AS1', 'AS2'),
      agent: fc.option(fc.constantFrom('x', 'y')),
      at: ats,
    })
    .map(({ strength, network, agent: by, at }) =>
      measured({ strength, networks: [network], ...(by === null ? {} : { agent: by }) }, { at }),
    ),
  fc
    .record({ observatory: fc.constantFrom('ooni', 'ioda'), at: ats })
    .map(({ observatory, at }) =>
      measured({ strength: 'window-rule', observatory, networks: ['AS1', 'AS2', 'AS3'] }, { at }),
    ),
);
const rank = (confidence: Confidence | null): number => (confidence === null ? -1 : rankOf(confidence));

describe('whatever is reported', () => {
  test('more evidence never makes it less sure, wherever it stands among the rest', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), any, fc.nat(6), (evidence, more, at) => {
        const together = [...evidence.slice(0, at), more, ...evidence.slice(at)];
        expect(rank(confidenceOf(together))).toBeGreaterThanOrEqual(rank(confidenceOf(evidence)));
      }),
      { numRuns: 400 },
    );
  });
  test('the order is no matter, and what is said twice counts once', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (evidence) => {
        const level = confidenceOf(evidence);
        expect(confidenceOf([...evidence].reverse())).toBe(level);
        expect(confidenceOf([...evidence, ...evidence])).toBe(level);
      }),
    );
  });
  test('confirmed by nobody’s word alone: something firm was measured', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (evidence) => {
        const firm = evidence.some(({ measured: facts }) => facts !== null && facts.strength !== 'anomaly');
        if (confidenceOf(evidence) === 'confirmed') expect(firm).toBe(true);
        else if (firm) expect(confidenceOf(evidence)).toBe('corroborated');
      }),
    );
  });
  test('one agent is never enough to confirm, however many networks and block pages it names', () => {
    const lies = fc
      .record({
        strength: fc.constantFrom('round-rule' as const, 'fingerprint' as const),
        networks: fc.subarray(['AS1', 'AS2', 'AS3'], { minLength: 1 }),
        at: ats,
      })
      .map(({ strength, networks, at }) => measured({ strength, networks, agent: 'liar' }, { at }));
    fc.assert(
      fc.property(fc.array(lies, { minLength: 1, maxLength: 6 }), (evidence) => {
        expect(confidenceOf(evidence)).toBe('corroborated');
      }),
    );
  });
});

test('one observatory is never enough to confirm, however often and from however many networks, its own findings included', () => {
  const views = fc
    .tuple(fc.subarray(['AS1', 'AS2', 'AS3'], { minLength: 1 }), ats)
    .map(([networks, at]) => measured({ strength: 'window-rule', observatory: 'ooni', networks }, { at }));
  fc.assert(
    fc.property(fc.array(views, { minLength: 1, maxLength: 5 }), (evidence) => {
      expect(confidenceOf([...evidence, authority('ooni')])).toBe('corroborated');
    }),
  );
});

describe('outlets within a week', () => {
  test.each<[string, Evidence[], number]>([
    ['none', [], 0],
    ['a week apart to the minute', [news('a'), news('b', { at: 7 * DAY })], 2],
    ['more than a week apart', [news('a'), news('b', { at: 7 * DAY + 1 })], 1],
    ['three, of which two are near', [news('a'), news('b', { at: 6 * DAY }), news('c', { at: 12 * DAY })], 2],
    ['the same one again, near another', [news('a'), news('b', { at: 8 * DAY }), news('a', { at: 9 * DAY })], 2],
    ['authorities and measurements are no outlets', [news('a'), authority('rkn'), measured({})], 1],
    [
      'the sure reading of an outlet is too old to help its doubtful one',
      [news('a'), news('a', { at: 8 * DAY, confidence: 0.5 }), news('b', { at: 8 * DAY, confidence: 0.5 })],
      1,
    ],
  ])('%s: %3$i', (_name, evidence, most) => expect(outletsTogether(evidence)).toBe(most));
});

describe('what may raise an incident', () => {
  const early = agent('x', 'AS1', { at: 5 * HOUR }, 1 * HOUR);
  const late = agent('x', 'AS1', { at: 5 * HOUR }, 3 * HOUR);
  const own = measured({}, { at: 1 * HOUR });
  test.each<[string, number, Evidence[], Evidence[]]>([
    [
      'news was first: rounds of an agent from before do not count',
      2 * HOUR,
      [news('a', { at: 2 * HOUR }), early, late],
      [news('a', { at: 2 * HOUR }), late],
    ],
    [
      'news was first: our own rounds from before do',
      2 * HOUR,
      [news('a', { at: 2 * HOUR }), own],
      [news('a', { at: 2 * HOUR }), own],
    ],
    ['measured first: all of it', 1 * HOUR, [own, early], [own, early]],
    [
      'measured and reported at once: as if reported first',
      2 * HOUR,
      [news('a', { at: 2 * HOUR }), agent('x', 'AS1', { at: 2 * HOUR }, 0)],
      [news('a', { at: 2 * HOUR })],
    ],
    [
      'an agent that does not say since when: as of its report',
      2 * HOUR,
      [news('a', { at: 2 * HOUR }), agent('x', 'AS1', { at: HOUR })],
      [news('a', { at: 2 * HOUR })],
    ],
    [
      'what was first is not among it any more: as if reported first',
      0,
      [early, news('a', { at: 3 * HOUR })],
      [early, news('a', { at: 3 * HOUR })],
    ],
  ])('%s', (_name, openedAt, evidence, counted) => expect(countedFor({ openedAt }, evidence)).toEqual(counted));

  test('who says it is worse says this as well', () => {
    const all = (['restrict', 'throttle', 'block', 'shutdown', 'unblock', 'warn'] as const).map((action) =>
      news(action, { action }),
    );
    expect(supporting('throttle', all).map(({ action }) => action)).toEqual(['throttle', 'block', 'shutdown']);
    expect(supporting('warn', all)).toHaveLength(6);
  });
});

describe('where an incident stands', () => {
  const incident = (action: Incident['action'], confidence: Confidence, family: Incident['family'] = 'access') => ({
    action,
    confidence,
    family,
  });
  const says = (voice: string, action: Evidence['action']) => news(voice, { action });
  test.each<[string, ReturnType<typeof incident>, Evidence[], string]>([
    ['one outlet', incident('block', 'reported'), [says('a', 'block')], 'block reported as-before'],
    [
      'a second one',
      incident('block', 'reported'),
      [says('a', 'block'), says('b', 'block')],
      'block corroborated surer',
    ],
    [
      'one says slowed, one says blocked: slowed is sure',
      incident('block', 'reported'),
      [says('a', 'block'), says('b', 'throttle')],
      'throttle corroborated weaker-is-surer',
    ],
    [
      'one says slowed, two say blocked',
      incident('throttle', 'reported'),
      [says('a', 'throttle'), says('b', 'block'), says('c', 'block')],
      'block corroborated escalated',
    ],
    [
      'slowed is sure, one says blocked',
      incident('throttle', 'corroborated'),
      [says('a', 'throttle'), says('b', 'throttle'), says('c', 'block')],
      'throttle corroborated as-before',
    ],
    [
      'slowed is sure, the authority says blocked',
      incident('throttle', 'corroborated'),
      [says('a', 'throttle'), authority('rkn')],
      'block corroborated escalated',
    ],
    [
      'blocked is sure, measured as well',
      incident('block', 'corroborated'),
      [says('a', 'block'), measured({})],
      'block confirmed surer',
    ],
    [
      'blocked is confirmed: it does not fall',
      incident('block', 'confirmed'),
      [says('a', 'block')],
      'block confirmed as-before',
    ],
    ['no evidence is left', incident('block', 'corroborated'), [], 'block corroborated as-before'],
    [
      'a threat stays one, whoever says blocked',
      incident('warn', 'reported', 'warn'),
      [says('a', 'block'), says('b', 'block')],
      'warn corroborated surer',
    ],
  ])('%s: %4$s', (_name, of, evidence, expected) => {
    const { action, confidence, why } = standingOf(of, evidence, HOUR);
    expect(`${action} ${confidence} ${why}`).toBe(expected);
  });

  test('whatever is reported: what is sure gets no weaker, and no less sure as long as it is the same', () => {
    const words = fc
      .tuple(any, fc.constantFrom<Evidence['action']>('restrict', 'throttle', 'block', 'shutdown'))
      .map(([one, action]) => ({ ...one, action }));
    const from = fc.tuple(
      fc.constantFrom<Incident['action']>('restrict', 'throttle', 'block'),
      fc.constantFrom<Confidence>('reported', 'suspected', 'corroborated', 'confirmed'),
    );
    fc.assert(
      fc.property(from, fc.array(words, { maxLength: 6 }), ([action, confidence], evidence) => {
        const standing = standingOf(incident(action, confidence), evidence, 10 * DAY);
        if (rankOf(confidence) >= rankOf('corroborated')) {
          expect(severityOf(standing.action)).toBeGreaterThanOrEqual(severityOf(action));
          expect(rankOf(standing.confidence)).toBeGreaterThanOrEqual(rankOf('corroborated'));
        }
        if (standing.action === action) expect(rankOf(standing.confidence)).toBeGreaterThanOrEqual(rankOf(confidence));
        else expect(rankOf(standing.confidence)).toBeGreaterThanOrEqual(rankOf('corroborated'));
      }),
    );
  });
});

describe('who says that it is worse', () => {
  const of = (action: Incident['action'], family: Incident['family'] = 'access') => ({
    action,
    family,
    lastReportAt: 8 * DAY,
  });
  const says = (voice: string, action: Evidence['action'], at = 8 * DAY) => news(voice, { action, at });
  test.each<[string, ReturnType<typeof of>, Evidence[], ReturnType<typeof worseClaim>]>([
    ['nobody', of('throttle'), [says('a', 'throttle')], null],
    ['one', of('throttle'), [says('a', 'block')], { action: 'block', outlets: 1 }],
    ['one, twice', of('throttle'), [says('a', 'block'), says('a', 'block')], { action: 'block', outlets: 1 }],
    [
      'two, one of them worse still: the worst, and who says so',
      of('throttle'),
      [says('a', 'block'), says('b', 'shutdown')],
      { action: 'shutdown', outlets: 1 },
    ],
    ['two', of('restrict'), [says('a', 'block'), says('b', 'block')], { action: 'block', outlets: 2 }],
    ['a week ago', of('throttle'), [says('a', 'block', DAY)], { action: 'block', outlets: 1 }],
    ['longer ago', of('throttle'), [says('a', 'block', DAY - 1)], null],
    ['a measurement is no outlet', of('throttle'), [measured({}, { at: 8 * DAY })], null],
    ['as bad is not worse', of('block'), [says('a', 'block')], null],
    ['of a threat nobody says worse', of('warn', 'warn'), [says('a', 'block')], null],
  ])('%s', (_name, incident, evidence, expected) => expect(worseClaim(incident, evidence)).toEqual(expected));
});

describe('how sure a lift is', () => {
  const open = (one: Evidence): Evidence => ({ ...one, action: 'unblock' });
  const x = agent('x', 'AS1');
  test.each<[string, Evidence[], Evidence[], Confidence | null]>([
    ['one outlet', [open(news('a'))], [news('a'), news('b')], 'reported'],
    ['the authority', [open(authority('rkn'))], [news('a')], 'corroborated'],
    ['our own probe', [open(measured({}))], [news('a')], 'corroborated'],
    ['one agent, of what others reported', [open(x)], [news('a'), x], null],
    ['one agent, of what another reported', [open(x)], [agent('y', 'AS2')], null],
    ['one agent, of what it reported alone', [open(x)], [x, x], 'corroborated'],
    ['one agent and an outlet', [open(x), open(news('a'))], [news('a')], 'confirmed'],
    ['two agents', [open(x), open(agent('y', 'AS2'))], [news('a')], 'confirmed'],
    ['one agent, and not all reports are there to see', [open(x)], Array.from({ length: EVIDENCE }, () => x), null],
    ['nobody', [], [news('a')], 'reported'],
  ])('%s: %4$s', (_name, lifts, force, expected) => expect(liftConfidenceOf(lifts, force)).toBe(expected));
});
