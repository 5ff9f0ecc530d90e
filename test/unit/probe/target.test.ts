/** A target measured over loopback, with censors of each kind on the way: what the probe sees of them, and the verdict that it comes to. */
import net from 'node:net';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { vantageSchema } from '../../../src/sources/probe/config.ts';
import type { Control } from '../../../src/sources/probe/dns/control.ts';
import { loadFingerprints } from '../../../src/sources/probe/fingerprints.ts';
import type { Dialed, Dialer } from '../../../src/sources/probe/net/dial.ts';
import { createSession, type Session } from '../../../src/sources/probe/session.ts';
import { type HostTarget, hostTarget, isAnomaly, judge, measureTarget } from '../../../src/sources/probe/target.ts';
import { has, V6, vantageCheck } from '../judge/facts.ts';
import { fixedIds } from '../outbox/samples.ts';
import { askedIn, type Reply, replyTo } from './dns-replies.ts';
import { httpsSite, NAME, page, rawSite, resolverAt, type Site, trusting } from './tls-server.ts';

const never = new AbortController().signal;
const prints = await loadFingerprints();
const [HERE, THERE, FALSE] = ['93.184.216.34', '93.184.216.35', '10.10.34.34'];
const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});
async function open<T extends { close(): unknown }>(made: Promise<T>): Promise<T> {
  const one = await made;
  closers.push(() => one.close());
  return one;
}

const dead = (tcp: 'timeout' | 'refused'): Dialed => ({ tcp, socket: null, ms: 5, errno: tcp.toUpperCase() });
/** By port 443 and 80: a site, or how the attempt ends. `address` null = whatever address. */
type Way = Site | 'timeout' | 'refused';
const way = (via: Dialer['via'], by: (address: string, port: number) => Way): Dialer => ({
  via,
  async dial(address, port, ms, signal) {
    const at = by(address, port);
    return typeof at === 'string' ? dead(at) : at.dialer.dial(address, port, ms, signal);
  },
});

const secure = () => open(httpsSite((_path, socket) => socket.write(page('<title>The true page</title>'))));
const moved = () =>
  open(
    rawSite((socket) => socket.end(`HTTP/1.1 301 Moved\r\nLocation: https://${NAME}/\r\nContent-Length: 0\r\n\r\n`)),
  );
const plain = (head: string, body = '') =>
  open(
    rawSite((socket) => socket.end(`HTTP/1.1 ${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)),
  );
/** A box before the site that reads the name in the handshake: what it does to each connection with it, by its number. */
const censored = async (act: (socket: net.Socket, n: number) => boolean) => {
  const site = await secure();
  let n = 0;
  return open(
    rawSite((socket, hello) => {
      if (hello.includes(NAME) && act(socket, n++)) return;
      const onward = net.connect(site.port, '127.0.0.1');
      onward.on('error', () => socket.destroy());
      onward.write(hello);
      socket.pipe(onward).pipe(socket);
    }),
  );
};
const reset = (socket: net.Socket): boolean => {
  socket.resetAndDestroy();
  return true;
};
const hangUp = (socket: net.Socket): boolean => {
  socket.end();
  return true;
};

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
    session,
    { ...hostTarget(NAME), addresses: system ? [] : [HERE], ...target },
    { full, vantageCheck: check },
    never,
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
    const { seen, verdict } = await world({ tls: await censored((socket, n) => n % 2 === 0 && reset(socket)) });
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
      session,
      { ...hostTarget(NAME), addresses: [HERE] },
      { full: false, vantageCheck: vantageCheck({ families: { 4: true, 6: false } }) },
      never,
    );
    expect(again.endpoints[0]).toMatchObject({ innocuous: [{ tcp: 'timeout' }], target: [], http: null });
  });
});
