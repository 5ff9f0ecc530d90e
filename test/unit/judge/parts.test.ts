import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bogonTest, parseAddress, parseRange, sameNetwork } from '../../../src/core/judge/address.ts';
import { fisherGreater } from '../../../src/core/judge/endpoint.ts';
import { locationHost, registrable } from '../../../src/core/judge/http.ts';
import { isBlocking, layerOf, mergeComponents, spell, VERDICTS } from '../../../src/core/judge/verdict.ts';
import { verdict } from './facts.ts';

test.each([
  [6, 20, 0, 20, 0.0101],
  [12, 40, 0, 40, 0.0001],
  [5, 20, 0, 20, 0.0236],
  [0, 20, 0, 20, 1],
  [3, 0, 0, 20, 1],
])('Fisher %i of %i against %i of %i: about %d', (a, n, b, m, p) => {
  expect(fisherGreater(a, n, b, m)).toBeCloseTo(p, 3);
});

test.each([
  ['127.0.0.1', true],
  ['10.10.34.34', true],
  ['0.0.0.0', true],
  ['100.64.3.3', true],
  ['::', true],
  ['::1', true],
  ['fe80::1', true],
  ['::ffff:8.8.8.8', true],
  ['2001:db8::1', true],
  ['no address', true],
  ['8.8.8.8', false],
  ['100.128.0.1', false],
  ['2a00:1450:4001::1', false],
])('%s is a bogon: %s', (address, expected) => {
  expect(bogonTest([])(address)).toBe(expected);
});
test('ranges of the vantage file are spared', () => {
  const is = bogonTest(['192.0.2.0/24', '2001:db8::/32']);
  expect([is('192.0.2.9'), is('2001:db8:1::1'), is('198.51.100.1')]).toEqual([false, false, true]);
});
test('addresses and ranges: strange ones are refused', () => {
  for (const text of ['1.2.3', '1.2.3.256', '1.2.3.4.5', ':::', '1::2::3', '12345::', 'fe80::1%eth0', ''])
    expect(parseAddress(text)).toBeNull();
  for (const text of ['1.2.3.4/33', '::/129', '1.2.3.4/x', '1.2.3.4/-1']) expect(parseRange(text)).toBeNull();
  expect(sameNetwork('192.0.2.1', '192.0.2.200')).toBe(true);
  expect(sameNetwork('192.0.2.1', '192.0.3.1')).toBe(false);
  expect(sameNetwork('2001:db8:1::1', '2001:db8:1:ffff::1')).toBe(true);
});

test.each([
  ['www.bbc.co.uk', 'bbc.co.uk'],
  ['a.b.example.org', 'example.org'],
  ['example.org.', 'example.org'],
  ['localhost', 'localhost'],
])('registrable part of %s: %s', (host, expected) => {
  expect(registrable(host)).toBe(expected);
});
test.each([
  ['http://Block.isp.example/?x', 'block.isp.example'],
  ['//cdn.example/x', 'cdn.example'],
  ['https://user:pw@evil.example:8443/', 'evil.example'],
  ['http://[2001:db8::1]/', '[2001:db8::1]'],
  ['/relative', null],
  ['', null],
])('host of %s: %s', (location, expected) => {
  expect(locationHost(location)).toBe(expected);
});

describe('services', () => {
  const sni = verdict('sni_blocked', 'rst');
  const ok = verdict('ok');
  const down = verdict('down', 'tcp');
  const pool = (members: (typeof ok)[], required = true) => ({
    id: 'endpoints',
    rule: 'any' as const,
    required,
    members,
  });
  const all = (id: string, members: (typeof ok)[], required = true) => ({
    id,
    rule: 'all' as const,
    required,
    members,
  });
  test.each<[string, Parameters<typeof mergeComponents>[0], string, string | null]>([
    ['one of the pool works: ok', [pool([sni, sni, ok])], 'ok', null],
    ['none of the pool works: blocked', [pool([sni, sni])], 'sni_blocked:rst', 'endpoints'],
    [
      'part of the pool in doubt: no verdict',
      [pool([sni, verdict('inconclusive', 'x')])],
      'inconclusive:x',
      'endpoints',
    ],
    [
      'pool fine, registration blocked: names registration',
      [pool([ok]), all('registration', [sni])],
      'sni_blocked:rst',
      'registration',
    ],
    ['everything blocked: the whole service', [pool([sni]), all('registration', [sni])], 'sni_blocked:rst', null],
    ['only an optional part blocked: ok', [pool([ok]), all('web', [sni], false)], 'ok', null],
    ['blocked goes before down', [all('a', [down]), all('b', [sni])], 'sni_blocked:rst', null],
  ])('%s', (_name, components, expected, component) => {
    const merged = mergeComponents(components);
    expect([spell(merged.verdict), merged.component]).toEqual([expected, component]);
  });
  test('optional part blocked: named in the notes', () => {
    expect(mergeComponents([pool([ok]), all('web', [sni], false)]).verdict.notes).toEqual(['web:sni_blocked:rst']);
  });

  const member = fc.constantFrom(...VERDICTS).map((word) => verdict(word, word === 'ok' ? null : 'x'));
  const component = fc.record({
    id: fc.constantFrom('web', 'calls', 'media', 'registration'),
    rule: fc.constantFrom<'any' | 'all'>('any', 'all'),
    required: fc.boolean(),
    members: fc.array(
      member.filter((one) => one.verdict !== 'vantage_offline'),
      { minLength: 1, maxLength: 4 },
    ),
  });
  const services = fc.uniqueArray(component, { minLength: 1, maxLength: 4, selector: (one) => one.id });

  test('any components: well exactly when each that must work does, and what is said was seen in one of them', () => {
    fc.assert(
      fc.property(services, (components) => {
        const merged = mergeComponents(components);
        const mustWork = components.some((one) => one.required) ? components.filter((one) => one.required) : components;
        const isWell = (one: (typeof components)[number]) =>
          one.rule === 'any'
            ? one.members.some((m) => m.verdict === 'ok')
            : one.members.every((m) => m.verdict === 'ok' || m.verdict === 'inconclusive') &&
              !one.members.some((m) => m.verdict === 'inconclusive');
        expect(merged.verdict.verdict === 'ok').toBe(mustWork.every(isWell));
        expect(mustWork.flatMap((one) => one.members.map((m) => m.verdict))).toContain(merged.verdict.verdict);
        if (merged.component !== null) expect(mustWork.map((one) => one.id)).toContain(merged.component);
        if (merged.verdict.verdict === 'ok') expect([merged.component, merged.verdict.also]).toEqual([null, []]);
      }),
      { numRuns: 500 },
    );
  });

  test('any order of the components: the same layer is blamed, and a block before all else', () => {
    fc.assert(
      fc.property(services, (components) => {
        const { verdict: one } = mergeComponents(components).verdict;
        const { verdict: other } = mergeComponents([...components].reverse()).verdict;
        expect([layerOf(other), isBlocking(other)]).toEqual([layerOf(one), isBlocking(one)]);
        const mustWork = components.some((c) => c.required) ? components.filter((c) => c.required) : components;
        if (mustWork.some((c) => c.rule === 'all' && c.members.some((m) => isBlocking(m.verdict))))
          expect(isBlocking(one)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
