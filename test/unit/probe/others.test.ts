/** What the targets of one vantage point teach about each other: one page or address that answers for many names, and names that resolved before. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { EndpointObservations, TargetObservations } from '../../../src/core/judge/observations.ts';
import { spell } from '../../../src/core/judge/verdict.ts';
import { vantageSchema } from '../../../src/sources/probe/config.ts';
import { isAnomaly, judge } from '../../../src/sources/probe/round.ts';
import { createSession, type Session } from '../../../src/sources/probe/session.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import {
  answer,
  controlSays,
  endpoint,
  flow,
  has,
  moved,
  page,
  target,
  V4,
  vantageCheck,
  verdict,
} from '../judge/facts.ts';
import { fixedIds } from '../outbox/samples.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 25);
function session(over: Partial<Session> = {}): Session {
  const vantage = v.parse(vantageSchema, { resolvers: { system: '192.0.2.53', control: [] } });
  const deps = {
    clock: new FakeClock(NOW),
    ids: fixedIds(),
    fingerprints: { blockPages: [], lookalikes: [], censorIssuers: [] },
    roots: [],
  };
  return Object.assign(createSession(vantage, deps as never), over);
}
const seen = (over: Partial<TargetObservations> = {}): TargetObservations => target({ at: NOW, ...over });
const names = (...list: string[]): Set<string> => new Set(list);
const at = (over: Partial<EndpointObservations>): TargetObservations => seen({ endpoints: [endpoint(over)] });

describe('a redirect that is shared', () => {
  const away = moved('https://blocked.example.net/why');
  test.each<[string, Record<string, Set<string>>, TargetObservations, boolean]>([
    ['another name was sent there, too', { 'example.net': names('other.com') }, at({ http: away }), true],
    ['only this name was', { 'example.net': names('example.org') }, at({ http: away }), false],
    ['this one and another', { 'example.net': names('example.org', 'other.com') }, at({ http: away }), true],
    ['nobody was', {}, at({ http: away }), false],
    ['others were sent elsewhere', { 'example.com': names('other.com') }, at({ http: away }), false],
    ['no plain HTTP was tried', { 'example.net': names('other.com') }, at({ http: null }), false],
    ['the same page for another name', { dd: names('other.com') }, at({ http: page({ sha256: 'dd' }) }), true],
    ['a page of its own', { ee: names('other.com') }, at({ http: page({ sha256: 'dd' }) }), false],
  ])('%s', (_name, met, o, expected) => {
    judge(session({ redirects: new Map(Object.entries(met)) }), o, vantageCheck());
    expect(o.shared.redirect).toBe(expected);
  });
});

describe('a false address that is shared', () => {
  const FALSE = '93.184.216.99';
  const lied = at({ address: FALSE, fromSystem: true, fromControl: false, target: [flow({ address: FALSE })] });
  test.each<[string, Record<string, Set<string>>, TargetObservations, boolean]>([
    ['another name got it, too', { [FALSE]: names('other.com') }, lied, true],
    ['only this name got it', { [FALSE]: names('example.org') }, lied, false],
    ['another address', { '93.184.216.98': names('other.com') }, lied, false],
    ['the controls gave it, not the system', { [V4]: names('other.com') }, at({ fromSystem: false }), false],
  ])('%s', (_name, met, o, expected) => {
    judge(session({ falseAddresses: new Map(Object.entries(met)) }), o, vantageCheck());
    expect(o.shared.address).toBe(expected);
  });
});

describe('a name that resolved before, where no control can be asked now', () => {
  const denied = (): TargetObservations =>
    seen({
      endpoints: [],
      dns: { system: { a: answer('nxdomain'), aaaa: answer('nxdomain') }, controls: [], plain: null },
    });
  const times = (...days: number[]): Map<string, number[]> =>
    new Map([['www.example.org', days.map((n) => NOW - n * DAY)]]);
  test.each<[string, Map<string, number[]>, string]>([
    ['three times this week: its denial is a block', times(6, 3, 1), 'dns_blocked:nxdomain'],
    ['twice: a doubt', times(3, 1), 'inconclusive:no_control'],
    ['three times, one of them long ago: a doubt', times(8, 3, 1), 'inconclusive:no_control'],
    ['in this very round: does not count', times(3, 1, 0), 'inconclusive:no_control'],
    [
      'another name: a doubt',
      new Map([['example.com', [1, 2, 3].map((n) => NOW - n * DAY)]]),
      'inconclusive:no_control',
    ],
  ])('%s', (_name, resolved, word) => {
    expect(spell(judge(session({ resolved }), denied(), vantageCheck()))).toBe(word);
  });

  test('the controls say that there is none: down for everybody, however often it resolved', () => {
    const o = seen({
      endpoints: [],
      dns: {
        system: { a: answer('nxdomain'), aaaa: answer('nxdomain') },
        controls: [controlSays('one', 'nxdomain'), controlSays('two', 'nxdomain')],
        plain: null,
      },
    });
    expect(spell(judge(session({ resolved: times(5, 4, 3, 2) }), o, vantageCheck()))).toBe('down:dns');
  });
});

describe('addresses that may not be', () => {
  test.each<[string, string[], string[], string]>([
    ['a private one for a public name', ['10.10.34.34'], [], 'dns_blocked:bogon'],
    ['this machine', ['127.0.0.1'], [], 'dns_blocked:bogon'],
    ['none at all', ['0.0.0.0'], [], 'dns_blocked:bogon'],
    ['one that the operator says is right there', ['10.10.34.34'], ['10.10.34.0/24'], 'ok'],
  ])('%s', (_name, addresses, notBogons, word) => {
    const vantage = v.parse(vantageSchema, {
      resolvers: { system: '192.0.2.53', control: [] },
      not_bogons: notBogons,
    });
    const deps = {
      clock: new FakeClock(NOW),
      ids: fixedIds(),
      fingerprints: { blockPages: [], lookalikes: [], censorIssuers: [] },
      roots: [],
    };
    const o = seen({
      dns: {
        system: { a: has(...addresses), aaaa: answer('nodata') },
        controls: [
          { operator: 'one', transport: 'doh', a: has(V4), aaaa: has() },
          { operator: 'two', transport: 'doh', a: has(V4), aaaa: has() },
        ],
        plain: null,
      },
      endpoints: [
        endpoint({ fromSystem: false }),
        ...(word === 'ok'
          ? [endpoint({ address: addresses[0]!, fromControl: false, target: [flow({ address: addresses[0]! })] })]
          : []),
      ],
    });
    expect(spell(judge(createSession(vantage, deps as never), o, vantageCheck()))).toBe(word);
  });
});

test.each([
  ['ok', false],
  ['inconclusive', false],
  ['down', true],
  ['dns_blocked', true],
  ['ip_blocked', true],
  ['sni_blocked', true],
  ['tls_mitm', true],
  ['http_blockpage', true],
  ['throttled', true],
] as const)('%s asks for a second look at the line: %s', (word, expected) => {
  expect(isAnomaly(verdict(word))).toBe(expected);
});
