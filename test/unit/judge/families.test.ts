/** One target over two address families and several addresses: which of their findings becomes the verdict, which a note, and how sure it is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EndpointObservations, TargetObservations } from '../../../src/core/judge/observations.ts';
import { type JudgeContext, judgeTarget } from '../../../src/core/judge/target.ts';
import { layerOf, spell, type TargetVerdict } from '../../../src/core/judge/verdict.ts';
import {
  answer,
  both,
  context,
  control,
  controlSays,
  cut,
  endpoint,
  flow,
  foreign,
  has,
  helper,
  moved,
  noTcp,
  page,
  target,
  V4,
  V6,
  vantageCheck,
} from './facts.ts';

const SECOND = '93.184.216.35';
const dual = (over: Partial<TargetObservations> = {}): TargetObservations =>
  target({ dns: { system: { a: has(V4), aaaa: has(V6) }, controls: both([V4], [V6]), plain: null }, ...over });
const v6 = (over: Partial<EndpointObservations> = {}) =>
  endpoint({ address: V6, target: [flow({ address: V6 })], ...over });
const at = (address: string, how: 'rst' | 'silent' | 'foreign' | 'ok' | 'unreachable'): EndpointObservations => {
  const where = { address };
  const target = {
    rst: [cut('reset', where), cut('reset', where)],
    silent: [noTcp('timeout', where), noTcp('timeout', where)],
    unreachable: [noTcp('unreachable', where), noTcp('unreachable', where)],
    foreign: [foreign('QazNet Trust', where)],
    ok: [flow(where)],
  }[how];
  const dead = how === 'silent' || how === 'unreachable';
  return endpoint({
    ...where,
    target,
    page: how === 'ok' ? page() : null,
    http: dead ? null : moved('https://www.example.org/'),
    ...(dead ? { innocuous: target } : {}),
    helper: helper({ flow: flow(where) }),
  });
};
const told = (o: TargetObservations, c: JudgeContext = context()) => {
  const { verdict, detail, also, notes, families, confidence } = judgeTarget(o, c);
  return { word: spell({ verdict, detail }), also, notes, families, confidence };
};

describe('two families', () => {
  test.each<[string, EndpointObservations[], string, Partial<ReturnType<typeof told>>]>([
    ['both well', [at(V4, 'ok'), v6()], 'ok', { families: { ipv4: 'ok', ipv6: 'ok' }, notes: [], confidence: 'high' }],
    [
      'one is cut by its name, the other works: people get through, and it is noted which is cut',
      [at(V4, 'ok'), at(V6, 'rst')],
      'ok',
      { families: { ipv4: 'ok', ipv6: 'sni_blocked:rst' }, notes: ['ipv6_blocked'], also: [] },
    ],
    [
      'the same with the families changed over',
      [at(V4, 'rst'), v6()],
      'ok',
      { families: { ipv4: 'sni_blocked:rst', ipv6: 'ok' }, notes: ['ipv4_blocked'], also: [] },
    ],
    [
      'one has vanished, the other is cut by its name: what a user meets first',
      [at(V4, 'rst'), at(V6, 'silent')],
      'ip_blocked:timeout',
      { families: { ipv4: 'sni_blocked:rst', ipv6: 'ip_blocked:timeout' }, also: ['sni_blocked:rst'] },
    ],
    [
      'both cut alike: one word, nothing beside it',
      [at(V4, 'rst'), at(V6, 'rst')],
      'sni_blocked:rst',
      { also: [], families: { ipv4: 'sni_blocked:rst', ipv6: 'sni_blocked:rst' } },
    ],
    [
      'a foreign certificate on one, vanished on the other',
      [at(V4, 'foreign'), at(V6, 'silent')],
      'ip_blocked:timeout',
      { also: ['tls_mitm:QazNet Trust'] },
    ],
  ])('%s', (_name, endpoints, word, more) => {
    expect(told(dual({ endpoints }))).toMatchObject({ word, ...more });
  });

  test('a family that the line does not have is not judged, whatever was seen there', () => {
    const endpoints = [at(V4, 'ok'), at(V6, 'rst')];
    const line = context({ vantageCheck: vantageCheck({ families: { 4: true, 6: false } }) });
    expect(told(dual({ endpoints }), line)).toMatchObject({ word: 'ok', families: { ipv4: 'ok' }, notes: [] });
    const other = context({ vantageCheck: vantageCheck({ families: { 4: false, 6: true } }) });
    expect(told(dual({ endpoints }), other)).toMatchObject({
      word: 'sni_blocked:rst',
      families: { ipv6: 'sni_blocked:rst' },
    });
  });

  test('slow on one family only: noted as slow there, not as blocked', () => {
    const slow = { outcome: 'slow' as const, bytes: 9_000, ms: 3_000, rate: 3_000, tcpMs: 20, series: [] };
    const fast = { outcome: 'complete' as const, bytes: 262_144, ms: 60, rate: 4_000_000, tcpMs: 20, series: [] };
    const o = dual({
      endpoints: [at(V4, 'ok'), v6()],
      throughput: [
        {
          family: 6,
          pairs: Array.from({ length: 3 }, () => ({ target: slow, sameAddress: fast, reference: fast })),
          helper: fast,
          atRest: null,
        },
      ],
    });
    const { word, families, notes } = told(o);
    expect(word).toBe('ok');
    expect(families.ipv6).toMatch(/^throttled/);
    expect(notes).toContain('ipv6_throttled');
    expect(notes).not.toContain('ipv6_blocked');
  });
});

describe('no family to judge', () => {
  const none = context({ vantageCheck: vantageCheck({ families: { 4: false, 6: false } }) });
  test.each<[string, Partial<TargetObservations>, string]>([
    ['written addresses, none of them in reach', { dns: null, endpoints: [] }, 'inconclusive:untested'],
    ['no control answered', { dns: { system: null, controls: [], plain: null } }, 'inconclusive:no_control'],
    ['the name lives, and the line has no family for it', {}, 'inconclusive:no_family'],
    [
      'the controls say that there is no such name',
      {
        dns: { system: null, controls: [controlSays('one', 'nxdomain'), controlSays('two', 'nxdomain')], plain: null },
      },
      'down:dns',
    ],
  ])('%s', (_name, over, word) => {
    expect(told(target(over), none).word).toBe(word);
  });

  test('of a name with addresses in one family the other says nothing', () => {
    const o = target({ dns: { system: { a: has(V4), aaaa: answer('nodata') }, controls: both(), plain: null } });
    expect(told(o).families).toEqual({ ipv4: 'ok' });
  });
});

describe('several addresses of one family', () => {
  const two = (...endpoints: EndpointObservations[]) =>
    told(
      target({
        endpoints,
        dns: { system: { a: has(V4, SECOND), aaaa: answer('nodata') }, controls: both([V4, SECOND]), plain: null },
      }),
    );
  test.each<[string, EndpointObservations[], string, string[]]>([
    ['one of two vanished: it works, and is noted', [at(V4, 'silent'), at(SECOND, 'ok')], 'ok', ['address_blocked']],
    ['both vanished', [at(V4, 'silent'), at(SECOND, 'silent')], 'ip_blocked:timeout', []],
    [
      'one cut by its name, one vanished: the name decides',
      [at(V4, 'silent'), at(SECOND, 'rst')],
      'sni_blocked:rst',
      [],
    ],
    ['whichever comes first', [at(SECOND, 'rst'), at(V4, 'silent')], 'sni_blocked:rst', []],
    ['cut at one, a foreign certificate at the other', [at(V4, 'foreign'), at(SECOND, 'rst')], 'sni_blocked:rst', []],
    [
      'the same, as a resolver that turns its answers gives them',
      [at(SECOND, 'rst'), at(V4, 'foreign')],
      'sni_blocked:rst',
      [],
    ],
  ])('%s', (_name, endpoints, word, notes) => {
    expect(two(...endpoints)).toMatchObject({ word, notes });
  });

  test('one of two is down for everybody: the other speaks', () => {
    const down = endpoint({
      address: SECOND,
      target: [noTcp('timeout', { address: SECOND })],
      innocuous: [noTcp('timeout', { address: SECOND, sni: 'shop.example.com' })],
      page: null,
      http: null,
      helper: helper({ flow: noTcp('timeout', { address: SECOND }), page: null, http: null }),
    });
    expect(two(down, at(V4, 'ok')).word).toBe('ok');
    expect(two(down, at(V4, 'rst')).word).toBe('sni_blocked:rst');
    expect(two(down, { ...down, address: V4 }).word).toBe('down:tcp');
  });
});

describe('how sure', () => {
  const blocked = { endpoints: [at(V4, 'rst')] };
  const line = (over: Parameters<typeof vantageCheck>[0]) => context({ vantageCheck: vantageCheck(over) });
  const system = { a: has(V4), aaaa: answer('nodata') };
  test.each<[string, Partial<TargetObservations>, JudgeContext, TargetVerdict['confidence']]>([
    ['a block, two operators and a helper', blocked, context(), 'high'],
    ['no operator answered', { ...blocked, dns: { system, controls: [], plain: null } }, context(), 'low'],
    ['one operator', { ...blocked, dns: { system, controls: [control('one')], plain: null } }, context(), 'medium'],
    [
      'two answers of one operator',
      { ...blocked, dns: { system, controls: [control('one'), control('one')], plain: null } },
      context(),
      'medium',
    ],
    [
      'controls in the clear do not count',
      { ...blocked, dns: { system, controls: both().map((c) => ({ ...c, transport: 'udp' as const })), plain: null } },
      context(),
      'low',
    ],
    ['the line loses packets', blocked, line({ lossy: true }), 'low'],
    ['the controls are blocked', blocked, line({ controlsBlocked: true }), 'medium'],
    ['no reference to go by', blocked, line({ reasons: ['no_reference'] }), 'medium'],
    ['a reference that cannot be reached', blocked, line({ reasons: ['reference_unreachable'] }), 'medium'],
    ['another reason of the line', blocked, line({ reasons: ['dns_dead'] }), 'high'],
    ['well, with an operator', {}, context(), 'high'],
    ['well, by written addresses alone', { dns: null }, context(), 'medium'],
  ])('%s', (_name, over, c, confidence) => {
    expect(told(target(over), c).confidence).toBe(confidence);
  });

  test('what was not seen from outside: no more than medium', () => {
    const alone = { ...at(V4, 'rst'), helper: null, target: [cut('reset'), cut('reset'), cut('reset')] };
    const { word, confidence } = told(target({ endpoints: [{ ...alone, neutral: cut('reset') }] }));
    expect([word, confidence]).toEqual(['sni_blocked:rst', 'medium']);
  });
});

describe('notes of the line stand on every verdict', () => {
  test.each<[string, Parameters<typeof vantageCheck>[0], Partial<TargetObservations>, string]>([
    ['everything is intercepted', { intercepted: true }, {}, 'tls_intercepted'],
    ['the controls are blocked', { controlsBlocked: true }, {}, 'controls_blocked'],
    ['QUIC is cut', {}, { quic: 'blocked' }, 'quic_blocked'],
    ['plain HTTP is tampered with for all', { httpTampered: true }, {}, 'http_tampered'],
  ])('%s', (_name, over, seen, note) => {
    expect(told(target(seen), context({ vantageCheck: vantageCheck(over) })).notes).toContain(note);
    expect(told(target()).notes).not.toContain(note);
  });
});

describe('whatever two families show', () => {
  const hows = fc.constantFrom(
    'rst' as const,
    'silent' as const,
    'foreign' as const,
    'ok' as const,
    'unreachable' as const,
  );
  test('works in one family: it works; else the earliest layer, and each family keeps its own word', () => {
    fc.assert(
      fc.property(hows, hows, (four, six) => {
        const one = told(target({ endpoints: [at(V4, four)] }));
        const endpoints = [at(V4, four), at(V6, six)];
        const both = judgeTarget(dual({ endpoints }), context());
        expect(both.families.ipv4).toBe(one.word);
        if (four === 'ok' || six === 'ok') expect(both.verdict).toBe('ok');
        else
          for (const word of Object.values(both.families))
            expect(layerOf(both.verdict)).toBeLessThanOrEqual(layerOf(word!.split(':')[0] as TargetVerdict['verdict']));
      }),
    );
  });

  test('the order of the addresses changes nothing', () => {
    fc.assert(
      fc.property(fc.array(hows, { minLength: 1, maxLength: 4 }), fc.boolean(), (list, reverse) => {
        const endpoints = list.map((how, i) => at(i % 2 === 0 ? V4 : V6, how));
        const turned = reverse ? [...endpoints].reverse() : [...endpoints].sort((a, b) => a.family - b.family);
        const [a, b] = [told(dual({ endpoints })), told(dual({ endpoints: turned }))];
        expect([a.word, a.confidence, [...a.also].sort()]).toEqual([b.word, b.confidence, [...b.also].sort()]);
      }),
    );
  });
});
