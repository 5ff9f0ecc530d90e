/** A target measured over loopback, with censors of each kind on the way: what the probe sees of them, and the verdict that it comes to. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { vantageSchema } from '../../../src/sources/probe/config.ts';
import type { HostTarget } from '../../../src/sources/probe/endpoint.ts';
import { loadFingerprints } from '../../../src/sources/probe/fingerprints.ts';
import type { Control } from '../../../src/sources/probe/net/dns.ts';
import { hostTarget, isAnomaly, judge, measureTarget } from '../../../src/sources/probe/round.ts';
import { createSession, type Session } from '../../../src/sources/probe/session.ts';
import { has, V6, vantageCheck } from '../judge/facts.ts';
import { fixedIds } from '../outbox/samples.ts';
import { closedAfterEach, hangUp, reset, sitesOf, type Way, way } from './censored.ts';
import { askedIn, type Reply, replyTo } from './dns-replies.ts';
import { NAME, resolverAt, trusting } from './tls-server.ts';

const never = new AbortController().signal;
const prints = await loadFingerprints();
const [HERE, THERE, FALSE] = ['93.184.216.34', '93.184.216.35', '10.10.34.34'];
const open = closedAfterEach();
const { secure, moved, plain, censored } = sitesOf(open);

interface World {
  tls?: Way;
  http?: Way;
  outsideTls?: Way;
  outsideHttp?: Way;
  /** What the system's resolver says; absent = the address is written, for each answer is waited half a second for another one. */
  system?: Reply;
  target?: Partial<HostTarget>;
  helper?: boolean;
  full?: boolean;
}

async function world({ system, target, helper = true, full = false, ...ways }: World) {
  const [site, elsewhere] = [await secure(), await moved()];
  const resolver = await open(
    resolverAt((bytes) => {
      const { id, name, type } = askedIn(bytes);
      const one: Reply = type === 'A' || system?.rcode !== undefined ? system! : { addresses: [V6] };
      return replyTo(id, name, type, one);
    }),
  );
  const vantage = v.parse(vantageSchema, {
    resolvers: { system: '192.0.2.53', control: [] },
    innocuous_sni: 'harmless.example',
  });
  const session: Session = createSession(vantage, {
    clock: { ...systemClock, sleep: async () => undefined },
    ids: fixedIds(),
    fingerprints: prints,
    roots: [],
  });
  session.systemResolvers = [resolver.at];
  session.trust = trusting;
  const control = (operator: string): Control => ({
    operator,
    ask: async () => ({ operator, transport: 'doh', a: has(HERE), aaaa: has() }),
    close: () => undefined,
  });
  session.controls = [control('one.example'), control('two.example')];
  session.direct = way('direct', (_address, port) => (port === 80 ? (ways.http ?? elsewhere) : (ways.tls ?? site)));
  session.helper = helper
    ? way('helper', (_address, port) => (port === 80 ? (ways.outsideHttp ?? elsewhere) : (ways.outsideTls ?? site)))
    : null;
  const check = vantageCheck({ families: { 4: true, 6: false }, helper: { 4: helper, 6: false } });
  const seen = await measureTarget(
    { ...session, signal: never },
    { ...hostTarget(NAME), addresses: system ? [] : [HERE], ...target },
    { full, vantageCheck: check },
  );
  return { session, seen, verdict: judge(session, seen, check) };
}
const said = async (made: World): Promise<string> => {
  const { verdict } = await world(made);
  return `${verdict.verdict}:${verdict.detail ?? ''}`;
};

describe('the way is free', () => {
  test('well: asked by name once, with its page; nothing else is tried', async () => {
    const { seen, verdict } = await world({ system: { addresses: [HERE] } });
    expect([verdict.verdict, isAnomaly(verdict)]).toEqual(['ok', false]);
    const [one, ...more] = seen.endpoints;
    expect([more.length, one!.innocuous.length, one!.target.length]).toEqual([0, 1, 1]);
    expect(one).toMatchObject({
      address: HERE,
      fromControl: true,
      fromSystem: true,
      page: { status: 200, title: 'The true page' },
      http: { status: 301 },
    });
    expect(one!.helper).toMatchObject({ flow: { tls: 'ok' }, page: { status: 200 }, http: { status: 301 } });
    expect(seen.dns?.controls.map(({ operator }) => operator)).toEqual(['one.example', 'two.example']);
  });

  test('addresses that are written: no resolver is asked, and each of them is tried', async () => {
    const { seen, verdict } = await world({ target: { addresses: [HERE, THERE, '2001:db8::1'] } });
    expect([verdict.verdict, seen.dns, seen.endpoints.map(({ address }) => address)]).toEqual([
      'ok',
      null,
      [HERE, THERE],
    ]);
  });

  test('another protocol: one connection, and no handshake', async () => {
    const { seen } = await world({ target: { tcpOnly: true, page: false, addresses: [HERE], port: 5222 } });
    expect(seen.endpoints[0]).toMatchObject({
      tcpOnly: true,
      innocuous: [],
      target: [{ tcp: 'ok', tls: null, port: 5222 }],
      page: null,
      http: null,
    });
  });

  test('it does not answer anywhere: down, which is no block', async () => {
    const made = { tls: 'refused', http: 'refused', outsideTls: 'refused', outsideHttp: 'refused' } as const;
    expect(await said(made)).toMatch(/^down:/);
  });
});

describe('a censor on the way', () => {
  test.each<[string, () => Promise<World>, RegExp]>([
    ['resets whoever says the name', async () => ({ tls: await censored(reset) }), /^sni_blocked:rst/],
    ['hangs up on whoever says the name', async () => ({ tls: await censored(hangUp) }), /^sni_blocked:/],
    ['lets nobody reach the address', async () => ({ tls: 'timeout', http: 'timeout' }), /^ip_blocked:/],
    ['refuses for the address', async () => ({ tls: 'refused', http: 'refused' }), /^ip_blocked:/],
    ['says that there is no such name', async () => ({ system: { rcode: 'nxdomain' } }), /^dns_blocked:/],
    ['says a private address', async () => ({ system: { addresses: [FALSE] } }), /^dns_blocked:/],
  ])('%s', async (_name, made, verdict) => {
    const one = await made();
    expect(await said(one)).toMatch(verdict);
  });

  test('reads the name in plain HTTP and shows its page: a known page by its name', async () => {
    const print = prints.blockPages.find(({ body }) => body.length > 0)!;
    const { verdict, seen } = await world({ http: await plain('200 OK', `<html>${print.body.join(' ')}</html>`) });
    expect(seen.endpoints[0]!.http).toMatchObject({ fingerprint: print.id });
    expect(`${verdict.verdict}:${verdict.detail}`).toContain(print.id);
  });

  test('a name that was cut: said again with the harmless one between, and remembered for that address', async () => {
    const { session, seen } = await world({ tls: await censored(reset) });
    const [one] = seen.endpoints;
    expect([one!.target.map(({ tls }) => tls), one!.innocuous.map(({ tls }) => tls)]).toEqual([
      ['reset', 'reset', 'reset'],
      ['ok', 'ok', 'ok', 'ok'],
    ]);
    expect(session.taintOf(HERE)).toMatchObject({ name: NAME, kind: 'rst' });
  });

  test('cuts every second connection with the name: more of them are counted, and it is no whole block', async () => {
    const { seen, verdict } = await world({ tls: await censored((socket, n) => n % 2 === 0 && reset(socket, n)) });
    expect(seen.endpoints[0]!.target.length).toBeGreaterThan(10);
    expect([verdict.verdict, verdict.notes]).not.toEqual(['ok', []]);
  });

  test('nobody looks from outside: the name is said at an unrelated address too, and the verdict is no more than a doubt', async () => {
    const { seen, verdict } = await world({ tls: await censored(reset), helper: false });
    expect([seen.endpoints[0]!.helper, verdict.verdict]).toEqual([null, 'inconclusive']);
  });

  test('a known address that was silent a moment ago: one more try, no more', async () => {
    const made = { tls: 'timeout', http: 'timeout' } as const;
    const { session } = await world(made);
    const again = await measureTarget(
      { ...session, signal: never },
      { ...hostTarget(NAME), addresses: [HERE] },
      { full: false, vantageCheck: vantageCheck({ families: { 4: true, 6: false } }) },
    );
    expect(again.endpoints[0]).toMatchObject({ innocuous: [{ tcp: 'timeout' }], target: [], http: null });
  });
});
