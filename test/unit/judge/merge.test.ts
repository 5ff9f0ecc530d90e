/** What must hold of the judge whatever it is shown: nobody is accused on one witness's word, and of what is broken for all. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EndpointObservations, Flow, HelperObservations, Page } from '../../../src/core/judge/observations.ts';
import { judgeTarget } from '../../../src/core/judge/target.ts';
import { isBlocking, spell, VERDICTS } from '../../../src/core/judge/verdict.ts';
import {
  answer,
  both,
  context,
  cut,
  endpoint,
  flow,
  foreign,
  has,
  helper,
  noTcp,
  page,
  silent,
  target,
  V4,
  V6,
  vantageCheck,
} from './facts.ts';

const CONNECTION = ['ip_blocked', 'sni_blocked', 'tls_mitm'];

const flows = fc.constantFrom<Flow>(
  flow(),
  foreign(),
  cut('reset'),
  cut('timeout'),
  cut('eof'),
  cut('alert'),
  noTcp('timeout'),
  noTcp('refused'),
  noTcp('reset'),
  noTcp('unreachable'),
);
const failing = flows.filter((one) => one.tls !== 'ok');
const pages = fc.constantFrom<Page | null>(
  null,
  page(),
  page({ status: 403 }),
  page({ status: 503 }),
  silent('stall'),
  silent('reset'),
);
const helpers: fc.Arbitrary<HelperObservations> = fc.record({ flow: flows, page: pages, http: fc.constant(null) });
const few = (of: fc.Arbitrary<Flow>) => fc.array(of, { minLength: 1, maxLength: 3 });

const endpoints = (over: Partial<Record<keyof EndpointObservations, fc.Arbitrary<unknown>>> = {}) =>
  fc
    .record({
      innocuous: fc.array(flows, { maxLength: 3 }),
      target: few(flows),
      page: pages,
      http: fc.constant(null),
      helper: fc.option(helpers),
      ...over,
    })
    .map((facts) => endpoint(facts as Partial<EndpointObservations>));
const contexts = fc
  .record({ lossy: fc.boolean(), dnsDead: fc.boolean(), clockOff: fc.boolean() })
  .map((over) => context({ vantageCheck: vantageCheck(over), censorIssuers: [] }));

const judged = (e: EndpointObservations[], c = context()) => judgeTarget(target({ endpoints: e }), c);

describe('whatever one address shows', () => {
  test('a word of the method, with how sure; doubt is never sure', () => {
    fc.assert(
      fc.property(fc.array(endpoints(), { minLength: 1, maxLength: 2 }), contexts, (list, c) => {
        const verdict = judged(list, c);
        expect(VERDICTS).toContain(verdict.verdict);
        if (verdict.verdict === 'inconclusive') expect(verdict.confidence).toBe('low');
        if (verdict.verdict === 'ok') expect(verdict.also).toEqual([]);
        expect(verdict.notes).toEqual([...new Set(verdict.notes)].sort());
        // Of the reason it is always said why; only being well needs none.
        if (verdict.verdict !== 'ok') expect(verdict.detail).not.toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  test('nobody looked from outside: connections are accused of nothing', () => {
    fc.assert(
      fc.property(endpoints({ helper: fc.constant(null) }), contexts, (one, c) => {
        expect(CONNECTION).not.toContain(judged([one], c).verdict);
      }),
      { numRuns: 500 },
    );
  });

  test('nobody gets a connection outside either: down, or in doubt, never blocked', () => {
    const dead = helpers.filter((h) => h.flow.tcp !== 'ok');
    const shown = endpoints({ helper: dead, target: few(failing), innocuous: few(failing) });
    fc.assert(
      fc.property(shown, contexts, (one, c) => {
        const { verdict } = judged([one], c);
        expect(isBlocking(verdict)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('a line that loses packets: silence alone accuses nobody', () => {
    const silence = fc.constantFrom(noTcp('timeout'), cut('timeout'));
    const shown = endpoints({ target: few(silence), innocuous: few(silence), helper: fc.constant(helper()) });
    fc.assert(
      fc.property(shown, (one) => {
        const verdict = judged([one], context({ vantageCheck: vantageCheck({ lossy: true }) }));
        expect([spell(verdict), isBlocking(verdict.verdict)]).toEqual([spell(verdict), false]);
      }),
    );
  });

  test('it works at one address: well, whatever the other shows', () => {
    const works = endpoint();
    fc.assert(
      fc.property(endpoints(), contexts, fc.boolean(), (other, c, first) => {
        const list = first
          ? [works, { ...other, address: '93.184.216.35' }]
          : [{ ...other, address: '93.184.216.35' }, works];
        expect(['ok', 'inconclusive']).toContain(judged(list, { ...c, vantageCheck: vantageCheck() }).verdict);
      }),
      { numRuns: 300 },
    );
  });

  test('the order of the addresses: no matter', () => {
    fc.assert(
      fc.property(endpoints(), endpoints(), contexts, (a, b, c) => {
        const other = { ...b, address: '93.184.216.35' };
        expect(isBlocking(judged([a, other], c).verdict)).toBe(isBlocking(judged([other, a], c).verdict));
      }),
      { numRuns: 300 },
    );
  });
});

describe('whatever the names show', () => {
  const answers = fc.constantFrom(
    has(V4),
    has('203.0.113.9'),
    has('8.8.4.4'),
    answer('nxdomain'),
    answer('nodata'),
    answer('refused'),
    answer('servfail'),
    answer('timeout'),
    answer('error'),
  );

  test('the resolver knows no name at all, or nobody else knows this one: no name is called blocked', () => {
    const dead = context({ vantageCheck: vantageCheck({ dnsDead: true }) });
    fc.assert(
      fc.property(answers, answers, endpoints(), (a, aaaa, one) => {
        const system = { a, aaaa };
        const o = target({ dns: { system, controls: both(), plain: null }, endpoints: [one] });
        expect(judgeTarget(o, dead).verdict).not.toBe('dns_blocked');
        const alone = target({ dns: { system, controls: [], plain: null }, endpoints: [one] });
        expect(judgeTarget(alone, context()).verdict).not.toBe('dns_blocked');
      }),
      { numRuns: 300 },
    );
  });

  test('a true address that works: never called blocked by its name', () => {
    fc.assert(
      fc.property(answers, (aaaa) => {
        const system = { a: has(V4), aaaa };
        const o = target({ dns: { system, controls: both([V4], [V6]), plain: null } });
        const { verdict, families } = judgeTarget(o, context());
        expect(verdict).toBe('ok');
        expect(families.ipv4).toBe('ok');
      }),
    );
  });

  test('a family that this line does not have: not a word about it', () => {
    fc.assert(
      fc.property(answers, endpoints(), (aaaa, one) => {
        const system = { a: has(V4), aaaa };
        const six = { ...one, address: V6, family: 6 as const };
        const o = target({ dns: { system, controls: both([V4], [V6]), plain: null }, endpoints: [endpoint(), six] });
        const only4 = context({ vantageCheck: vantageCheck({ families: { 4: true, 6: false } }) });
        expect(judgeTarget(o, only4)).toMatchObject({ verdict: 'ok', families: { ipv4: 'ok' } });
        expect(judgeTarget(o, only4).families.ipv6).toBeUndefined();
      }),
    );
  });
});
