import { expect, test } from 'vitest';
import type { Flow, VantageObservations } from '../../../src/core/judge/observations.ts';
import { bothLooks, judgeVantage } from '../../../src/core/judge/vantage-check.ts';
import { answer, certificate, flow, foreign, has, noTcp, page, V4 } from './facts.ts';

const portal = page({ status: 204, bytes: 0, title: null });
const reference = (name: string, flows: Flow[], helperReaches: boolean | null = null, tainted = false) => ({
  name,
  flows,
  helperReaches,
  tainted,
});
const fine = [flow(), flow()];
const sound = (over: Partial<VantageObservations> = {}): VantageObservations => ({
  references: [reference('a', fine), reference('b', fine)],
  system: [
    { name: 'a', answer: has(V4), expected: true },
    { name: 'b', answer: has(V4), expected: true },
  ],
  portal,
  controlsAnswered: 2,
  controlsAsked: 2,
  helper: { reachable: true, family4: true, family6: true },
  innocuousWorks: true,
  ...over,
});
const dead = [noTcp('timeout'), noTcp('timeout')];
const silentDns = [{ name: 'a', answer: answer('timeout', [], { tries: 3 }), expected: false }];
const word = (o: VantageObservations): string => {
  const g = judgeVantage(o);
  if (g.offline) return g.offline;
  const flags = [
    g.dnsDead && 'dns',
    g.lossy && 'lossy',
    g.controlsBlocked && 'controls',
    g.intercepted && 'intercepted',
    g.httpTampered && 'http',
  ].filter(Boolean);
  return flags.length > 0 ? flags.join('+') : 'go';
};

test.each<[string, string, VantageObservations]>([
  ['everything answers: go', 'go', sound()],
  [
    'nothing answers: link',
    'link',
    sound({
      references: [reference('a', dead), reference('b', dead)],
      system: silentDns,
      portal: null,
      controlsAnswered: 0,
    }),
  ],
  [
    'every connection refused: link',
    'link',
    sound({ references: [reference('a', [noTcp('refused')])], system: silentDns, portal: null, controlsAnswered: 0 }),
  ],
  [
    'only the resolver here answers: abroad',
    'abroad',
    sound({ references: [reference('a', dead), reference('b', dead)], portal: null, controlsAnswered: 0 }),
  ],
  [
    'foreign certificates and a login page: portal',
    'captive_portal',
    sound({
      references: [reference('a', [foreign()]), reference('b', [foreign()])],
      portal: page({ status: 302 }),
      controlsAnswered: 0,
    }),
  ],
  [
    'connections fail and a login page: portal',
    'captive_portal',
    sound({ references: [reference('a', dead)], portal: page({ status: 200 }), controlsAnswered: 0 }),
  ],
  [
    'foreign certificates everywhere, no login page, helper answers: interception',
    'intercepted',
    sound({ references: [reference('a', [foreign()]), reference('b', [foreign()])] }),
  ],
  [
    'dates of certificates wrong and our clock off: clock',
    'clock',
    sound({
      references: [reference('a', [flow({ certificate: certificate({ valid: false, error: 'CERT_HAS_EXPIRED' }) })])],
      portal: page({ status: 204, skewMs: 3 * 86_400_000 }),
    }),
  ],
  ['resolver knows no reference name: DNS dead', 'dns', sound({ system: silentDns })],
  [
    'one reference name resolves: DNS alive',
    'go',
    sound({ system: [...silentDns, { name: 'b', answer: has(V4), expected: true }] }),
  ],
  ['controls silent: go on without them', 'controls', sound({ controlsAnswered: 0 })],
  [
    'a third of the flows time out: lossy',
    'lossy',
    sound({
      references: [reference('a', [noTcp('timeout'), flow(), flow()]), reference('b', [flow(), noTcp('timeout')])],
      system: [],
    }),
  ],
  [
    'connections that needed a second packet: lossy',
    'lossy',
    sound({
      references: [reference('a', [flow({ tcpMs: 1_030 }), flow()]), reference('b', [flow({ tcpMs: 3_050 }), flow()])],
      system: [],
    }),
  ],
  [
    'one late packet: not lossy',
    'go',
    sound({ references: [reference('a', [flow({ tcpMs: 1_030 }), flow()]), reference('b', fine)] }),
  ],
  [
    'far away but steady: not lossy',
    'go',
    sound({
      references: [
        reference('a', [flow({ tcpMs: 950 }), flow({ tcpMs: 960 })]),
        reference('b', [flow({ tcpMs: 940 }), flow({ tcpMs: 930 })]),
      ],
    }),
  ],
  [
    'one reference dead every time, the other flawless: not lossy',
    'go',
    sound({ references: [reference('a', dead), reference('b', fine)] }),
  ],
  [
    'a reference that is down for everybody: not counted',
    'go',
    sound({ references: [reference('a', dead, false), reference('b', fine)] }),
  ],
  [
    'a reference dead by our own forbidden name: not counted',
    'go',
    sound({ references: [reference('a', dead, null, true), reference('b', fine)] }),
  ],
  ['plain HTTP replaced while HTTPS is fine: noted', 'http', sound({ portal: page({ status: 302 }) })],
])('%s', (_name, expected, facts) => {
  expect(word(facts)).toBe(expected);
});

test('no reference over IPv6: that family is skipped', () => {
  expect(judgeVantage(sound()).families).toEqual({ 4: true, 6: false });
});

const late = (ms: number, lagMs: number): Flow => ({ ...flow(), tcpMs: ms, tlsMs: ms, lagMs });

test('handshakes late because our own process was held up: not lossy', () => {
  const busy = (lagMs: number) =>
    sound({ references: [reference('a', [late(1_400, lagMs), late(1_300, lagMs)]), reference('b', fine)] });
  expect(word(busy(1_200))).toBe('go');
  expect(word(busy(0))).toBe('lossy');
});

test('lossy at the first look, sound at the second: counted together, and not lossy', () => {
  const first = sound({ references: [reference('a', [late(1_400, 0), late(1_300, 0)]), reference('b', fine)] });
  expect(word(first)).toBe('lossy');
  const both = bothLooks(
    first,
    sound({ references: [reference('a', [...fine, ...fine]), reference('b', [...fine, ...fine])] }),
  );
  expect(both.references.map((r) => r.flows.length)).toEqual([6, 6]);
  expect(word(both)).toBe('go');
});

test('lossy at both looks: lossy', () => {
  const first = sound({
    references: [reference('a', [late(1_400, 0), flow()]), reference('b', [late(3_100, 0), flow()])],
  });
  expect(word(bothLooks(first, first))).toBe('lossy');
});
