/** Ways to a trusted resolver outside: which is taken, which is kept, and whose word does not count. */
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import type { ControlResolver } from '../../../src/sources/probe/config.ts';
import type { Dialed, Dialer } from '../../../src/sources/probe/net/connection.ts';
import { createControl } from '../../../src/sources/probe/net/dns.ts';
import { askedIn, type Reply, replyTo } from './dns-replies.ts';
import { doubting, http2Site, NAME, page, rawSite, type Site, tlsSite, trusting } from './tls-server.ts';

const never = new AbortController().signal;
const ASKED = 'forbidden.example';
const [DOH, DOT] = ['192.0.2.1', '192.0.2.2'];
const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});
async function open<T extends Site>(made: Promise<T>): Promise<T> {
  const one = await made;
  closers.push(() => one.close());
  return one;
}

/** The right answer to whatever is asked. */
const right = (bytes: Uint8Array, v4: Reply = { addresses: ['198.51.100.7'] }): Uint8Array => {
  const { id, name, type } = askedIn(bytes);
  return replyTo(id, name, type, type === 'A' ? v4 : { addresses: ['2001:db8::7'] });
};
const doh2 = (answer: (body: Buffer) => Uint8Array | number = right) => open(http2Site(answer));
/** HTTP/1.1 over the same; `head` goes into each answer. */
const doh1 = (head = '') =>
  open(
    tlsSite((socket) => {
      let held = Buffer.alloc(0);
      socket.on('data', (bytes: Buffer) => {
        held = Buffer.concat([held, bytes]);
        const from = held.indexOf('\r\n\r\n') + 4;
        const length = Number(/content-length: *(\d+)/i.exec(held.toString('latin1'))?.[1]);
        if (from < 4 || held.length < from + length) return;
        socket.write(page(Buffer.from(right(held.subarray(from, from + length))), '200 OK', head));
        held = held.subarray(from + length);
      });
    }),
  );
const dot = (answer: (query: Buffer) => Uint8Array | null = right) =>
  open(
    tlsSite(
      (socket) =>
        socket.on('data', (bytes: Buffer) => {
          const reply = answer(bytes.subarray(2));
          if (!reply) return void socket.destroy();
          const head = Buffer.alloc(2);
          head.writeUInt16BE(reply.length);
          socket.write(Buffer.concat([head, reply]));
        }),
      { ALPNProtocols: ['dot'] },
    ),
  );

interface Ways {
  doh?: Site;
  dot?: Site;
  helper?: Site;
}
function control(
  ways: Ways,
  { trust = trusting, resolver = {} as Partial<ControlResolver>, clock = systemClock } = {},
) {
  const dialed: string[] = [];
  const dialer = (via: Dialer['via'], by: Record<string, Site | undefined>): Dialer => ({
    via,
    async dial(address, port, ms, signal): Promise<Dialed> {
      dialed.push(`${via} ${address}:${port}`);
      const site = by[address];
      return site ? site.dialer.dial(address, port, ms, signal) : { tcp: 'refused', socket: null, ms: 1, errno: 'x' };
    },
  });
  const made = createControl(
    { name: NAME, doh: `https://${NAME}/dns-query`, doh_ip: DOH, dot: `${DOT}:853`, ...resolver },
    {
      direct: dialer('direct', { [DOH]: ways.doh, [DOT]: ways.dot }),
      helper: ways.helper ? dialer('helper', { [DOH]: ways.helper }) : null,
      trust,
      clock,
    },
  );
  closers.push(() => made.close());
  return { ask: (name = ASKED) => made.ask(name, never), dialed };
}

describe('a way', () => {
  test.each<[string, () => Promise<Ways>, string, string[]]>([
    ['DoH by HTTP/2', async () => ({ doh: await doh2(), dot: await dot() }), 'doh', [`direct ${DOH}:443`]],
    ['DoH by HTTP/1.1', async () => ({ doh: await doh1() }), 'doh', [`direct ${DOH}:443`]],
    ['DoT where DoH is cut', async () => ({ dot: await dot() }), 'dot', [`direct ${DOH}:443`, `direct ${DOT}:853`]],
    [
      'the helper where both are cut',
      async () => ({ helper: await doh2() }),
      'doh-helper',
      [`direct ${DOH}:443`, `direct ${DOT}:853`, `helper ${DOH}:443`],
    ],
  ])('%s: both families, with the way that was taken', async (_name, ways, transport, tried) => {
    const { ask, dialed } = control(await ways());
    expect(await ask()).toMatchObject({
      operator: NAME,
      transport,
      a: { kind: 'address', addresses: ['198.51.100.7'], tries: 1 },
      aaaa: { kind: 'address', addresses: ['2001:db8::7'] },
    });
    expect(dialed.slice(0, tried.length)).toEqual(tried);
  });

  test.each<[string, () => Promise<Site>]>([
    ['HTTP/2', doh2],
    ['HTTP/1.1', doh1],
  ])('%s: kept open from question to question', async (_name, site) => {
    const { ask, dialed } = control({ doh: await site() });
    for (const name of ['a.example', 'b.example', 'c.example']) expect((await ask(name))?.a.kind).toBe('address');
    expect(dialed).toHaveLength(1);
  });

  test('closed by the other side after each answer: opened anew', async () => {
    const { ask, dialed } = control({ doh: await doh1('Connection: close\r\n') });
    expect([(await ask())?.a.kind, (await ask())?.a.kind]).toEqual(['address', 'address']);
    expect(dialed.length).toBeGreaterThan(1);
  });

  test('no such name: its word, as it is', async () => {
    const { ask } = control({ doh: await doh2((body) => right(body, { rcode: 'nxdomain' })) });
    expect((await ask())?.a).toMatchObject({ kind: 'nxdomain', addresses: [] });
  });
});

describe('nobody to trust', () => {
  test.each<[string, () => Promise<Ways>, object]>([
    ['a certificate that nobody signed', async () => ({ doh: await doh2(), dot: await dot() }), { trust: doubting }],
    [
      'a certificate of another name',
      async () => ({ doh: await doh2(), dot: await dot() }),
      { resolver: { name: 'dns.example', doh: 'https://dns.example/dns-query' } },
    ],
    [
      'no TLS at all',
      async () => ({ doh: await open(rawSite((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))) }),
      {},
    ],
    ['nothing that is written down', async () => ({}), { resolver: { doh: undefined, dot: undefined } }],
    [
      'an address that is missing',
      async () => ({ doh: await doh2() }),
      { resolver: { doh_ip: undefined, dot: undefined } },
    ],
  ])('%s: no answer', async (_name, ways, how) => {
    expect(await control(await ways(), how).ask()).toBeNull();
  });

  test('not tried again for a minute, then again', async () => {
    let now = 0;
    const clock = { ...systemClock, monotonic: () => now };
    const { ask, dialed } = control({}, { clock });
    expect([await ask(), await ask()]).toEqual([null, null]);
    expect(dialed).toHaveLength(2);
    now = 60_000;
    await ask();
    expect(dialed).toHaveLength(4);
  });

  test.each<[string, (body: Buffer) => Uint8Array | number]>([
    ['an error of the server', () => 503],
    [
      'an answer to another name',
      (body) => replyTo(askedIn(body).id, 'other.example', 'A', { addresses: ['10.0.0.1'] }),
    ],
    ['no DNS message', () => Buffer.from('hello')],
    ['a message without end', () => Buffer.alloc(70_000)],
  ])('%s, again and again: no answer, and no exception', async (_name, answer) => {
    expect(await control({ doh: await doh2(answer) }).ask()).toBeNull();
  });

  test('DoT that hangs up on each question: no answer', async () => {
    expect(await control({ dot: await dot(() => null) }).ask()).toBeNull();
  });
});
