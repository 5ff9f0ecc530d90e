/** Connections, straight and through the helper: what went wrong, and where. */
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { type Dialed, directDialer, errnoOf, helperDialer } from '../../../src/sources/probe/net/connection.ts';

const never = new AbortController().signal;
const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server on loopback; `take` gets each connection. */
async function server(take: (socket: net.Socket) => void): Promise<number> {
  const made = net.createServer((socket) => {
    socket.on('error', () => undefined);
    closers.push(() => socket.destroy());
    take(socket);
  });
  await new Promise<void>((ready) => made.listen(0, '127.0.0.1', ready));
  closers.push(() => made.close());
  return (made.address() as net.AddressInfo).port;
}

const shown = ({ tcp, ...rest }: Dialed): string =>
  tcp === 'ok' ? 'ok' : `${tcp} ${'errno' in rest ? rest.errno : ''}`;
/** A port on which nobody listens any more. */
async function closedPort(): Promise<number> {
  const made = net.createServer();
  await new Promise<void>((ready) => made.listen(0, '127.0.0.1', ready));
  const { port } = made.address() as net.AddressInfo;
  await new Promise<void>((done) => made.close(() => done()));
  return port;
}

describe('straight', () => {
  const direct = directDialer(systemClock);

  test('somebody listens: a socket that survives an error between two hands', async () => {
    const dialed = await direct.dial('127.0.0.1', await server(() => undefined), 2_000, never);
    expect(dialed).toMatchObject({ tcp: 'ok' });
    expect(() => dialed.socket!.emit('error', new Error('late'))).not.toThrow();
    dialed.socket!.destroy();
  });

  test('nobody listens: refused', async () => {
    expect(shown(await direct.dial('127.0.0.1', await closedPort(), 2_000, never))).toBe('refused ECONNREFUSED');
  });

  test('a port that is none: an outcome, no throw', async () => {
    expect((await direct.dial('127.0.0.1', 70_000, 2_000, never)).tcp).toBe('error');
  });

  test('stopped, before or meanwhile: an error at once, and no socket', async () => {
    const port = await server(() => undefined);
    expect(shown(await direct.dial('127.0.0.1', port, 2_000, AbortSignal.abort()))).toBe('error ABORT');
    const stop = new AbortController();
    const dialing = direct.dial('127.0.0.1', port, 60_000, stop.signal);
    stop.abort();
    expect((await dialing).socket).toBeNull();
  });

  test.each<[unknown, string]>([
    [Object.assign(new Error('x'), { code: 'EPIPE' }), 'EPIPE'],
    [new Error('x'), 'UNKNOWN'],
    [null, 'UNKNOWN'],
    [{ code: 'x'.repeat(500) }, 'x'.repeat(60)],
  ])('code of a failure %#: short, and always one', (error, code) => expect(errnoOf(error)).toBe(code));
});

describe('through the helper', () => {
  /** A proxy that answers with this head, and what it was asked. */
  async function proxy(answer: string | null) {
    const asked: string[] = [];
    const port = await server((socket) =>
      socket.once('data', (bytes: Buffer) => {
        asked.push(bytes.toString('latin1'));
        if (answer === null) socket.destroy();
        else socket.write(Buffer.from(answer, 'latin1'));
      }),
    );
    return { asked, port };
  }
  const through = (port: number, user = '') => helperDialer(systemClock, new URL(`http://${user}127.0.0.1:${port}`));

  test.each<[string, string | null, string]>([
    ['connected', 'HTTP/1.1 200 Connection established\r\n\r\n', 'ok'],
    ['connected, by an old proxy', 'HTTP/1.0 200 OK\r\n\r\n', 'ok'],
    ['the site refused', 'HTTP/1.1 502 connection_refused\r\n\r\n', 'refused 502 connection_refused'],
    ['the site is silent', 'HTTP/1.1 502 connect_timeout\r\n\r\n', 'timeout 502 connect_timeout'],
    ['the site is silent, as a gateway says it', 'HTTP/1.1 504 Gateway Timeout\r\n\r\n', 'timeout 504 Gateway Timeout'],
    ['the site cannot be reached', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', 'unreachable 502 Bad Gateway'],
    ['the same by another code', 'HTTP/1.1 503 Service Unavailable\r\n\r\n', 'unreachable 503 Service Unavailable'],
    ['the proxy wants a password', 'HTTP/1.1 407 Proxy Authentication\r\n\r\n', 'unavailable 407 Proxy Authentication'],
    ['the proxy forbids it', 'HTTP/1.1 403 Forbidden\r\n\r\n', 'unavailable 403 Forbidden'],
    ['no proxy at all', 'ICAP/1.0 200 OK\r\n\r\n', 'unavailable 200 OK'],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(1_000)}`, 'unavailable HELPER'],
    ['closed without a word', null, 'unavailable HELPER'],
  ])('%s', async (_name, answer, outcome) => {
    const { port } = await proxy(answer);
    const dialed = await through(port).dial('192.0.2.1', 443, 2_000, never);
    expect(shown(dialed)).toBe(outcome);
    dialed.socket?.destroy();
  });

  test('the helper is not there: that says nothing about the site', async () => {
    expect(shown(await through(await closedPort()).dial('192.0.2.1', 443, 2_000, never))).toBe(
      'unavailable ECONNREFUSED',
    );
  });

  test('stopped: no socket', async () => {
    const { port } = await proxy('');
    const stop = new AbortController();
    const dialing = through(port).dial('192.0.2.1', 443, 60_000, stop.signal);
    setTimeout(() => stop.abort(), 20);
    expect((await dialing).tcp).toBe('unavailable');
  });

  test('asked for an address of either family, with the password as it is meant, of whatever letters', async () => {
    const { asked, port } = await proxy('HTTP/1.1 200 OK\r\n\r\n');
    for (const address of ['192.0.2.1', '2001:db8::1'])
      (await through(port, 'me:%D0%BF%40ss%3A1@').dial(address, 8443, 2_000, never)).socket?.destroy();
    expect(asked.map((one) => one.split('\r\n')[0])).toEqual([
      'CONNECT 192.0.2.1:8443 HTTP/1.1',
      'CONNECT [2001:db8::1]:8443 HTTP/1.1',
    ]);
    expect(asked[0]).toContain(`\r\nProxy-Authorization: Basic ${Buffer.from('me:п@ss:1').toString('base64')}\r\n`);
    expect((await proxy('HTTP/1.1 200 OK\r\n\r\n')).asked.join()).not.toContain('Authorization');
  });

  test('what the site says right behind the proxy’s head: still there to be read', async () => {
    const { port } = await proxy('HTTP/1.1 200 OK\r\nVia: x\r\n\r\nhello');
    const dialed = await through(port).dial('192.0.2.1', 443, 2_000, never);
    const first = await new Promise<string>((read) => dialed.socket!.once('data', (b: Buffer) => read(b.toString())));
    expect(first).toBe('hello');
    dialed.socket!.destroy();
  });
});
