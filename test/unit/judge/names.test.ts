/** What the system's resolver says of a name beside what the controls say: every pair, and what an address at the system's word adds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bogonTest } from '../../../src/core/judge/address.ts';
import { type ControlView, controlView, type DnsContext, judgeDns } from '../../../src/core/judge/dns.ts';
import type { ControlAnswer, DnsAnswer, EndpointObservations } from '../../../src/core/judge/observations.ts';
import { answer, both, control, controlSays, cut, endpoint, flow, has, helper, V4, V6 } from './facts.ts';

const ELSEWHERE = '151.101.1.69';
const BOGON = '10.10.34.34';

const SYSTEM: Record<string, DnsAnswer> = {
  'the same address': has(V4),
  'another address': has(ELSEWHERE),
  'a private address': has(BOGON),
  'no such name': answer('nxdomain'),
  'no address': answer('nodata'),
  'refuses it': answer('refused'),
  'fails at it': answer('servfail'),
  'is silent': answer('timeout'),
  'answers nonsense': answer('error'),
};
const CONTROLS: Record<ControlView, ControlAnswer[]> = {
  address: both(),
  gone: [controlSays('one', 'nxdomain'), controlSays('two', 'nodata')],
  disagree: [control('one'), controlSays('two', 'nxdomain')],
  broken: [controlSays('one', 'servfail'), controlSays('two', 'timeout')],
  unavailable: [],
};

/** "state:detail" of IPv4, where nothing is known of any endpoint. */
const SAID: Record<ControlView, Record<keyof typeof SYSTEM, string>> = {
  address: {
    'the same address': 'consistent',
    'another address': 'skip',
    'a private address': 'blocked:bogon',
    'no such name': 'blocked:nxdomain',
    'no address': 'blocked:nxdomain',
    'refuses it': 'blocked:refused',
    'fails at it': 'blocked:refused',
    'is silent': 'blocked:timeout',
    'answers nonsense': 'inconclusive:dns_error',
  },
  gone: {
    'the same address': 'down:dns',
    'another address': 'down:dns',
    'a private address': 'down:dns',
    'no such name': 'down:dns',
    'no address': 'down:dns',
    'refuses it': 'down:dns',
    'fails at it': 'down:dns',
    'is silent': 'down:dns',
    'answers nonsense': 'down:dns',
  },
  disagree: {
    'the same address': 'inconclusive:control_disagree',
    'another address': 'inconclusive:control_disagree',
    'a private address': 'inconclusive:control_disagree',
    'no such name': 'inconclusive:control_disagree',
    'no address': 'inconclusive:control_disagree',
    'refuses it': 'inconclusive:control_disagree',
    'fails at it': 'inconclusive:control_disagree',
    'is silent': 'inconclusive:control_disagree',
    'answers nonsense': 'inconclusive:control_disagree',
  },
  broken: {
    'the same address': 'inconclusive:control_broken',
    'another address': 'inconclusive:control_broken',
    'a private address': 'inconclusive:control_broken',
    'no such name': 'down:dns',
    'no address': 'down:dns',
    'refuses it': 'down:dns',
    'fails at it': 'down:dns',
    'is silent': 'down:dns',
    'answers nonsense': 'down:dns',
  },
  unavailable: {
    'the same address': 'inconclusive:no_control',
    'another address': 'inconclusive:no_control',
    'a private address': 'inconclusive:no_control',
    'no such name': 'inconclusive:no_control',
    'no address': 'inconclusive:no_control',
    'refuses it': 'inconclusive:no_control',
    'fails at it': 'inconclusive:no_control',
    'is silent': 'inconclusive:no_control',
    'answers nonsense': 'inconclusive:no_control',
  },
};

const context = (over: Partial<DnsContext> = {}): DnsContext => ({
  vantageCheck: { dnsDead: false, lossy: false },
  isBogon: bogonTest([]),
  endpoints: [],
  sharedAddress: false,
  knownName: false,
  ...over,
});
const judged = (
  a: DnsAnswer | null,
  controls: ControlAnswer[],
  over: Partial<DnsContext> = {},
  aaaa = answer('nodata'),
) => {
  const dns = {
    system: a && { a, aaaa: a.kind === 'timeout' && aaaa.kind === 'nodata' ? answer('timeout') : aaaa },
    controls,
    plain: null,
  };
  const { state, detail, notes } = judgeDns(dns, 4, context(over));
  return { word: detail === null ? state : `${state}:${detail}`, notes };
};
const pairs = Object.keys(CONTROLS).flatMap((view) =>
  Object.keys(SYSTEM).map((says) => [view as ControlView, says] as const),
);

describe('each word of the system beside each word of the controls', () => {
  test.each(pairs)('controls: %s; the system: %s', (view, says) => {
    expect(controlView(CONTROLS[view])).toBe(view);
    expect(judged(SYSTEM[says]!, CONTROLS[view]).word).toBe(SAID[view][says]);
  });

  test.each(pairs)(
    'controls: %s; the system: %s; of a dead resolver nothing is said, unless all say that it is gone',
    (view, says) => {
      const { word } = judged(SYSTEM[says]!, CONTROLS[view], { vantageCheck: { dnsDead: true, lossy: false } });
      expect(word).toBe(view === 'gone' ? 'down:dns' : 'unjudged');
    },
  );

  test.each(pairs)(
    'controls: %s; the system: %s; its address works under a valid certificate: nobody lies',
    (view, says) => {
      const { addresses } = SYSTEM[says]!;
      if (addresses.length === 0) return;
      const at = endpoint({ address: addresses[0]!, fromSystem: true, target: [flow({ address: addresses[0]! })] });
      const { word } = judged(SYSTEM[says]!, CONTROLS[view], { endpoints: [at] });
      // A private address is a lie all the same, where the true one is known.
      expect(word).toBe(view === 'address' && says === 'a private address' ? 'blocked:bogon' : 'consistent');
    },
  );
});

describe('a name that was known', () => {
  test.each<[string, string, string]>([
    ['no such name', 'blocked:nxdomain', 'no control answers'],
    ['no address', 'blocked:nxdomain', 'no control answers'],
    ['a private address', 'blocked:bogon', 'no control answers'],
    ['another address', 'inconclusive:no_control', 'it may have moved'],
    ['is silent', 'inconclusive:no_control', 'a packet may have been lost'],
  ])('%s: %s (%s)', (says, word) => {
    expect(judged(SYSTEM[says]!, [], { knownName: true }).word).toBe(word);
  });
});

describe('silence', () => {
  test.each<[string, DnsAnswer, boolean, string]>([
    ['about both record types', answer('timeout'), false, 'blocked:timeout'],
    ['about both, on a line that loses packets', answer('timeout'), true, 'inconclusive:lossy'],
    ['about one, while the other is answered', has(V6), false, 'inconclusive:dns_one_silent'],
  ])('%s', (_name, aaaa, lossy, word) => {
    expect(judged(answer('timeout'), both(), { vantageCheck: { dnsDead: false, lossy } }, aaaa).word).toBe(word);
  });
});

describe('another address than the controls have', () => {
  const there = (over: Partial<EndpointObservations> = {}) =>
    endpoint({
      address: ELSEWHERE,
      fromSystem: true,
      fromControl: false,
      target: [cut('reset', { address: ELSEWHERE })],
      ...over,
    });
  const works = endpoint();
  const dead = endpoint({ target: [cut()] });
  const outsideOk = helper({ flow: flow({ address: ELSEWHERE }) });
  const outsideBad = helper({ flow: cut('reset', { address: ELSEWHERE }) });
  test.each<[string, EndpointObservations[], Partial<DnsContext>, string]>([
    ['it was not tried', [works], {}, 'skip'],
    ['outside it is the site: near people', [there({ helper: outsideOk }), works], {}, 'consistent'],
    [
      'it is not the site, and the true address works here',
      [there({ helper: outsideBad }), works],
      {},
      'blocked:hijack',
    ],
    [
      'the true one works outside only, and this one nowhere',
      [there({ helper: outsideBad }), dead],
      {},
      'blocked:hijack',
    ],
    [
      'nobody looked from outside: the endpoint decides',
      [there({ helper: null }), endpoint({ target: [cut()], helper: null })],
      {},
      'skip',
    ],
    ['given for another name, too', [there({ helper: null }), dead], { sharedAddress: true }, 'blocked:hijack'],
  ])('%s', (_name, endpoints, over, word) => {
    expect(judged(has(ELSEWHERE), both(), { endpoints, ...over }).word).toBe(word);
  });
});

describe('whatever the system says', () => {
  const answers = fc.constantFrom(...Object.values(SYSTEM));
  test('nobody is accused where no control says that the name exists, unless it was known', () => {
    const controls = fc.constantFrom(CONTROLS.gone, CONTROLS.disagree, CONTROLS.broken, CONTROLS.unavailable);
    fc.assert(
      fc.property(answers, controls, fc.boolean(), (a, list, lossy) => {
        expect(judged(a, list, { vantageCheck: { dnsDead: false, lossy } }).word).not.toMatch(/^blocked/);
      }),
    );
  });

  test('answers in the clear are no control', () => {
    fc.assert(
      fc.property(answers, (a) => {
        const clear = both().map((one) => ({ ...one, transport: 'udp' as const }));
        expect(judged(a, clear).word).toBe(judged(a, []).word);
      }),
    );
  });

  test('one of the controls twice is as good as once', () => {
    fc.assert(
      fc.property(answers, fc.constantFrom(...Object.values(CONTROLS)), (a, list) => {
        expect(judged(a, [...list, ...list]).word).toBe(judged(a, list).word);
      }),
    );
  });
});
