import { describe, expect, test } from 'vitest';
import type { TargetObservations } from '../../../src/core/judge/observations.ts';
import { type JudgeContext, judgeTarget } from '../../../src/core/judge/target.ts';
import { spell } from '../../../src/core/judge/verdict.ts';
import {
  answer,
  both,
  certificate,
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
  NAME,
  noTcp,
  page,
  silent,
  target,
  transfer,
  V4,
  V6,
  vantageCheck,
} from './facts.ts';

type Case = [name: string, expected: string, facts: Partial<TargetObservations>, context?: Partial<JudgeContext>];

const one = (over: Parameters<typeof endpoint>[0]): Partial<TargetObservations> => ({ endpoints: [endpoint(over)] });
const says = (a: ReturnType<typeof answer>, controls = both()) => ({
  system: { a, aaaa: answer('nodata') },
  controls,
  plain: null,
});
const FALSE = '195.175.254.2';
const atFalse = (over: Parameters<typeof endpoint>[0] = {}) =>
  endpoint({
    address: FALSE,
    fromControl: false,
    fromSystem: true,
    target: [foreign()],
    helper: helper({ flow: foreign() }),
    ...over,
  });
const noHelper = { vantageCheck: vantageCheck({ helper: { 4: false, 6: false } }) };
const lossy = { vantageCheck: vantageCheck({ lossy: true }) };

const cases: Case[] = [
  ['healthy site: ok', 'ok', {}],
  // names
  ['NXDOMAIN here, address at both controls: blocked', 'dns_blocked:nxdomain', { dns: says(answer('nxdomain')) }],
  ['NODATA here, address at both controls: blocked', 'dns_blocked:nxdomain', { dns: says(answer('nodata')) }],
  ['REFUSED here: blocked', 'dns_blocked:refused', { dns: says(answer('refused')) }],
  [
    'silence for both types: blocked',
    'dns_blocked:timeout',
    { dns: { ...says(answer('timeout')), system: { a: answer('timeout'), aaaa: answer('timeout') } } },
  ],
  [
    'silence for one type only: inconclusive',
    'inconclusive:dns_one_silent',
    { dns: { system: { a: answer('timeout'), aaaa: has(V6) }, controls: both(), plain: null } },
  ],
  [
    'silence on a lossy line: inconclusive',
    'inconclusive:lossy',
    { dns: { ...says(answer('timeout')), system: { a: answer('timeout'), aaaa: answer('timeout') } } },
    lossy,
  ],
  ['loopback here, public at the controls: bogon', 'dns_blocked:bogon', { dns: says(has('127.0.0.1')) }],
  ['private address here: bogon', 'dns_blocked:bogon', { dns: says(has('10.10.34.34')) }],
  ['the same bogon everywhere: down', 'down:dns', { dns: says(has('127.0.0.1'), both(['127.0.0.1'])), endpoints: [] }],
  [
    'gone everywhere: down',
    'down:dns',
    { dns: says(answer('nxdomain'), [controlSays('one', 'nxdomain'), controlSays('two', 'nxdomain')]), endpoints: [] },
  ],
  [
    'gone everywhere but an address here: down, a ghost',
    'down:dns',
    { dns: says(has(FALSE), [controlSays('one', 'nxdomain'), controlSays('two', 'nodata')]), endpoints: [] },
  ],
  [
    'controls refuse the name as we do: down',
    'down:dns',
    { dns: says(answer('refused'), [controlSays('one', 'servfail'), controlSays('two', 'servfail')]), endpoints: [] },
  ],
  [
    'controls disagree, no certificate: inconclusive',
    'inconclusive:control_disagree',
    { dns: says(has(FALSE), [control('one'), controlSays('two', 'nxdomain')]), endpoints: [] },
  ],
  [
    'false address, site fine at the true one: hijack',
    'dns_blocked:hijack',
    { dns: says(has(FALSE)), endpoints: [endpoint({ fromSystem: false }), atFalse()] },
  ],
  [
    'other address with a valid certificate: geo-DNS, ok',
    'ok',
    {
      dns: says(has(FALSE)),
      endpoints: [endpoint({ fromSystem: false }), atFalse({ target: [flow({ address: FALSE })] })],
    },
  ],
  [
    'other address, authentic for the helper, dead here: its address is blocked',
    'ip_blocked:timeout',
    {
      dns: says(has(FALSE)),
      endpoints: [
        endpoint({ fromSystem: false }),
        atFalse({ innocuous: [noTcp('timeout')], target: [noTcp('timeout')], helper: helper() }),
      ],
    },
  ],
  [
    'false address and the true one dead for everybody: down, not hijack',
    'down:tcp',
    {
      dns: says(has(FALSE)),
      endpoints: [
        endpoint({
          fromSystem: false,
          innocuous: [noTcp('timeout')],
          target: [noTcp('timeout')],
          helper: helper({ flow: noTcp('timeout'), page: null, http: null }),
        }),
        atFalse(),
      ],
    },
  ],
  [
    'false for the helper too, and the name cut at the true one: hijack first',
    'dns_blocked:hijack',
    {
      dns: says(has(FALSE)),
      endpoints: [endpoint({ fromSystem: false, target: [cut(), cut(), cut()], page: null }), atFalse()],
    },
  ],
  ['same /24: consistent', 'ok', { dns: says(has('93.184.216.99')) }],
  [
    'no control, valid certificate at the system address: ok',
    'ok',
    { dns: says(has(V4), []), endpoints: [endpoint({ fromControl: false })] },
  ],
  [
    'no control, NXDOMAIN: inconclusive',
    'inconclusive:no_control',
    { dns: says(answer('nxdomain'), []), endpoints: [] },
  ],
  [
    'no control, NXDOMAIN for a name that resolved before: blocked',
    'dns_blocked:nxdomain',
    { dns: says(answer('nxdomain'), []), endpoints: [] },
    { knownName: true },
  ],
  [
    'dead resolver, site fine: nothing is said about the name',
    'inconclusive:dns_dead',
    { dns: { system: null, controls: both(), plain: null } },
    { vantageCheck: vantageCheck({ dnsDead: true }) },
  ],
  [
    'dead resolver, name cut: still said',
    'sni_blocked:rst',
    { dns: { system: null, controls: both(), plain: null }, ...one({ target: [cut(), cut(), cut()], page: null }) },
    { vantageCheck: vantageCheck({ dnsDead: true }) },
  ],
  // addresses
  [
    'silence here, helper gets through: address blocked',
    'ip_blocked:timeout',
    one({ innocuous: [noTcp('timeout')], target: [noTcp('timeout')], page: null, http: silent() }),
  ],
  [
    'refused here, helper gets through: address blocked',
    'ip_blocked:reset',
    one({ innocuous: [noTcp('refused')], target: [noTcp('refused')], page: null, http: silent() }),
  ],
  [
    'unreachable here, helper gets through: address blocked',
    'ip_blocked:unreachable',
    one({ innocuous: [noTcp('unreachable')], target: [noTcp('unreachable')], page: null }),
  ],
  [
    'silence for everybody: down',
    'down:tcp',
    one({
      innocuous: [noTcp('timeout')],
      target: [noTcp('timeout')],
      page: null,
      helper: helper({ flow: noTcp('timeout') }),
    }),
  ],
  [
    'silence without a helper: inconclusive',
    'inconclusive:no_helper',
    one({ innocuous: [noTcp('timeout')], target: [noTcp('timeout')], page: null, helper: null }),
    noHelper,
  ],
  [
    'silence on a lossy line: inconclusive',
    'inconclusive:lossy',
    one({ innocuous: [noTcp('timeout')], target: [noTcp('timeout')], page: null }),
    lossy,
  ],
  ['one failure among good tries: no block', 'ok', one({ innocuous: [noTcp('timeout'), flow()], target: [flow()] })],
  [
    'every hello dies at this address: address blocked',
    'ip_blocked:tls',
    one({ innocuous: [cut('timeout'), cut('timeout')], target: [cut('timeout')], page: null }),
  ],
  [
    'one of two addresses dead: ok',
    'ok',
    {
      endpoints: [
        endpoint({ innocuous: [noTcp('timeout')], target: [noTcp('timeout')], page: null }),
        endpoint({ address: '93.184.216.35' }),
      ],
    },
  ],
  // the name in the handshake
  [
    'reset on the name, another name answered: name blocked',
    'sni_blocked:rst',
    one({ target: [cut(), cut(), cut()], page: null }),
  ],
  [
    'silence on the name: name blocked',
    'sni_blocked:timeout',
    one({ target: [cut('timeout'), cut('timeout')], page: null }),
  ],
  [
    'reset, then silence left behind: the first cut tells',
    'sni_blocked:rst',
    one({ target: [cut()], innocuous: [flow(), noTcp('timeout')], page: null }),
  ],
  [
    'silence on the name on a lossy line: inconclusive',
    'inconclusive:lossy',
    one({ target: [cut('timeout'), cut('timeout')], page: null }),
    lossy,
  ],
  [
    'reset on the name on a lossy line: still said',
    'sni_blocked:rst',
    one({ target: [cut(), cut(), cut()], page: null }),
    lossy,
  ],
  [
    'helper is refused alike: down',
    'down:tls',
    one({ target: [cut('alert')], page: null, helper: helper({ flow: cut('alert'), page: null }) }),
  ],
  [
    'no helper, cut elsewhere too: name blocked',
    'sni_blocked:rst',
    one({ target: [cut(), cut(), cut()], page: null, helper: null, neutral: cut() }),
    noHelper,
  ],
  [
    'no helper, not cut elsewhere: inconclusive',
    'inconclusive:no_helper',
    one({ target: [cut(), cut(), cut()], page: null, helper: null, neutral: flow() }),
    noHelper,
  ],
  [
    'address dead after another name was cut there: inconclusive',
    'inconclusive:residual',
    one({ innocuous: [noTcp('timeout')], target: [noTcp('timeout')], page: null, taintedByOther: true }),
  ],
  [
    'address dead after this name was cut there: still the name',
    'sni_blocked:rst',
    one({ innocuous: [noTcp('timeout')], target: [noTcp('timeout')], page: null, taintedBySelf: 'rst' }),
  ],
  [
    '8 of 20 with the name cut, none of 20 others: partial',
    'sni_blocked:partial',
    one({ target: [...Array(8).fill(cut()), ...Array(12).fill(flow())], innocuous: Array(20).fill(flow()) }),
  ],
  [
    '3 of 20 cut: not enough',
    'inconclusive:partial',
    one({ target: [...Array(3).fill(cut()), ...Array(17).fill(flow())], innocuous: Array(20).fill(flow()) }),
  ],
  ['1 of 20 cut: ok', 'ok', one({ target: [cut(), ...Array(19).fill(flow())], innocuous: Array(20).fill(flow()) })],
  // certificates
  [
    'foreign certificate here, good one for the helper: mitm',
    'tls_mitm:National Root',
    one({ target: [foreign('National Root')], page: null }),
  ],
  [
    'the same bad certificate for everybody: down',
    'down:tls_cert',
    one({ target: [foreign()], page: null, helper: helper({ flow: foreign() }) }),
  ],
  [
    'foreign certificate without helper: inconclusive',
    'inconclusive:no_helper',
    one({ target: [foreign()], page: null, helper: null }),
    noHelper,
  ],
  [
    'known interceptor without helper: mitm',
    'tls_mitm:Qaznet Trust Network',
    one({ target: [foreign('Qaznet Trust Network')], page: null, helper: null }),
    noHelper,
  ],
  [
    'expired by a wrong clock of ours: inconclusive',
    'inconclusive:clock',
    one({ target: [flow({ certificate: certificate({ valid: false, error: 'CERT_NOT_YET_VALID' }) })], page: null }),
    { vantageCheck: vantageCheck({ clockOff: true }) },
  ],
  // pages
  ['403 by the site itself: ok', 'ok', one({ page: page({ status: 403 }), http: page({ status: 403 }) })],
  ['451 by the site itself: ok', 'ok', one({ page: page({ status: 451 }), http: page({ status: 451 }) })],
  [
    '451 on plain HTTP only, another status outside: replaced',
    'http_blockpage:451',
    one({ http: page({ status: 451 }) }),
  ],
  [
    '502 for everybody: down',
    'down:http_5xx',
    one({ page: page({ status: 502 }), helper: helper({ page: page({ status: 502 }) }) }),
  ],
  ['502 here only: ok with a note', 'ok', one({ page: page({ status: 502 }) })],
  [
    'redirect to a foreign host: block page',
    'http_blockpage:block.isp.test',
    one({ http: moved('http://block.isp.test/?id=1') }),
  ],
  [
    'redirect to a foreign host for everybody: fine',
    'ok',
    one({ http: moved('https://www.other.test/'), helper: helper({ http: moved('https://other.test/x') }) }),
  ],
  ['redirect within the domain: fine', 'ok', one({ http: moved('https://m.example.org/') })],
  [
    'known page on plain HTTP: block page',
    'http_blockpage:ru-149fz',
    one({ http: page({ fingerprint: 'ru-149fz', title: 'x', sha256: 'ee' }) }),
  ],
  [
    'unknown page on plain HTTP: inconclusive',
    'inconclusive:http_diff',
    one({ http: page({ bytes: 90, title: 'Hello', headers: [], sha256: 'ee' }) }),
  ],
  [
    'unknown page that another target got too: block page',
    'http_blockpage:shared_page',
    {
      ...one({ http: page({ bytes: 90, title: 'Hello', headers: [], sha256: 'ee' }) }),
      shared: { redirect: true, address: false },
    },
  ],
  [
    'challenge of a CDN: ok',
    'ok',
    one({ http: page({ benign: 'cdn-challenge', title: 'Just a moment...', sha256: 'ee' }) }),
  ],
  ['reset on plain HTTP, HTTPS fine: ok', 'ok', one({ http: silent('reset') })],
  [
    'plain HTTP tampered with for a reference too: no verdict from it',
    'ok',
    one({ http: moved('http://login.hotel.test/') }),
    { vantageCheck: vantageCheck({ httpTampered: true }) },
  ],
];

describe('judgeTarget', () => {
  test.each(cases)('%s', (_name, expected, facts, over) => {
    expect(spell(judgeTarget(target(facts), context(over)))).toBe(expected);
  });

  test('DNS and name blocked: the first layer is the verdict, the other stands in also', () => {
    const v = judgeTarget(
      target({ dns: says(answer('nxdomain')), ...one({ target: [cut(), cut(), cut()], page: null }) }),
      context(),
    );
    expect([spell(v), v.also]).toEqual(['dns_blocked:nxdomain', ['sni_blocked:rst']]);
  });

  test('only IPv6 blocked: ok with a note', () => {
    const dns = { system: { a: has(V4), aaaa: has(V6) }, controls: both([V4], [V6]), plain: null };
    const six = endpoint({
      address: V6,
      innocuous: [noTcp('timeout', { address: V6 })],
      target: [noTcp('timeout', { address: V6 })],
      page: null,
    });
    const v = judgeTarget(target({ dns, endpoints: [endpoint(), six] }), context());
    expect([spell(v), v.notes, v.families]).toEqual([
      'ok',
      ['ipv6_blocked'],
      { ipv4: 'ok', ipv6: 'ip_blocked:timeout' },
    ]);
  });

  test('no IPv6 at the vantage point: skipped, not blocked', () => {
    const dns = { system: { a: has(V4), aaaa: has(V6) }, controls: both([V4], [V6]), plain: null };
    const v = judgeTarget(
      target({ dns }),
      context({ vantageCheck: vantageCheck({ families: { 4: true, 6: false } }) }),
    );
    expect([spell(v), v.notes]).toEqual(['ok', []]);
  });

  test('second, different DNS answer: noted', () => {
    const v = judgeTarget(target({ dns: says(answer('address', [V4], { late: ['8.8.8.8'] })) }), context());
    expect([spell(v), v.notes]).toEqual(['ok', ['dns_injection']]);
  });

  test('no helper: confidence is capped', () => {
    const facts = one({ target: [cut(), cut(), cut()], page: null, helper: null, neutral: cut() });
    expect(judgeTarget(target(facts), context(noHelper)).confidence).toBe('medium');
  });
});

const mb = 1e6;
const speed = (
  pairs: [number | null, number | null, number | null][],
  help: number | null,
): Partial<TargetObservations> => ({
  throughput: [
    {
      family: 4,
      pairs: pairs.map(([t, s, r]) => ({
        target: transfer(t),
        sameAddress: s === null ? null : transfer(s),
        reference: r === null ? null : transfer(r),
      })),
      helper: help === null ? null : transfer(help),
    },
  ],
});
const freeze = transfer(20_000, { outcome: 'stall', bytes: 15_000 });

describe('throughput', () => {
  const slow = (n: number): [number, number, number][] =>
    Array.from({ length: n }, () => [0.13 * mb, 90 * mb, 90 * mb]);
  test.each<[string, string, Partial<TargetObservations>, Partial<JudgeContext>?]>([
    ['130 kbit/s against 90 Mbit/s, helper fast: throttled', 'throttled:0.0014', speed(slow(2), 80 * mb)],
    [
      'one slow pair of three: ok',
      'ok',
      speed(
        [
          [0.13 * mb, 90 * mb, 90 * mb],
          [80 * mb, 90 * mb, 90 * mb],
          [80 * mb, 90 * mb, 90 * mb],
        ],
        80 * mb,
      ),
    ],
    ['helper as slow: ok', 'ok', speed(slow(1), 0.13 * mb)],
    ['no helper: inconclusive', 'inconclusive:no_helper', speed(slow(3), null)],
    [
      'reference slow too: inconclusive',
      'inconclusive:slow_vantage',
      speed(
        Array.from({ length: 3 }, () => [0.05 * mb, 0.06 * mb, 0.06 * mb]),
        1 * mb,
      ),
    ],
    [
      'slow by address, whatever the name: throttled',
      'throttled:0.0014',
      speed(
        Array.from({ length: 2 }, () => [0.13 * mb, 0.13 * mb, 90 * mb]),
        80 * mb,
      ),
    ],
    [
      'fast enough though slower than the reference: ok',
      'ok',
      speed(
        Array.from({ length: 3 }, () => [5 * mb, 90 * mb, 90 * mb]),
        80 * mb,
      ),
    ],
    [
      'two of three freeze, helper gets all: stall',
      'throttled:stall',
      {
        throughput: [
          {
            family: 4,
            pairs: Array.from({ length: 2 }, () => ({
              target: freeze,
              sameAddress: null,
              reference: transfer(90 * mb),
            })),
            helper: transfer(80 * mb),
          },
        ],
      },
    ],
    [
      'helper freezes too: inconclusive',
      'inconclusive:stalls_everywhere',
      {
        throughput: [
          {
            family: 4,
            pairs: Array.from({ length: 2 }, () => ({
              target: freeze,
              sameAddress: null,
              reference: transfer(90 * mb),
            })),
            helper: freeze,
          },
        ],
      },
    ],
    ['lossy line: inconclusive', 'inconclusive:lossy', speed(slow(3), 80 * mb), lossy],
  ])('%s', (_name, expected, facts, over) => {
    expect(spell(judgeTarget(target(facts), context(over)))).toBe(expected);
  });
});

test('observations survive JSON: the verdict can be computed again', () => {
  const facts = target({ dns: says(has(FALSE)), endpoints: [endpoint({ fromSystem: false }), atFalse()] });
  const again = JSON.parse(JSON.stringify(facts)) as TargetObservations;
  expect(judgeTarget(again, context())).toEqual(judgeTarget(facts, context()));
  expect(NAME).toBe(facts.name);
});
