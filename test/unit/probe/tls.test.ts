/** A handshake that takes any certificate and reports what it thinks of it; and what went wrong where it did not come to one. */
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { type Dialer, familyOf, handshake } from '../../../src/sources/probe/net/connection.ts';
import { doubting, NAME, rawSite, type Site, tlsSite, trusting } from './tls-server.ts';

const never = new AbortController().signal;
let site: Site | null = null;
afterEach(() => site?.close());

async function shake(made: Promise<Site>, { trust = trusting, sni = NAME, tlsMs = 3_000, signal = never } = {}) {
  site = await made;
  const request = { address: '192.0.2.1', port: 443, sni, tcpMs: 2_000, tlsMs };
  const got = await handshake(site.dialer, trust, request, { clock: systemClock, signal });
  got.socket?.destroy();
  return got;
}

describe('a certificate', () => {
  test('good for the name, and trusted: valid, with what names it', async () => {
    const { flow } = await shake(tlsSite());
    expect(flow).toMatchObject({ address: '192.0.2.1', family: 4, sni: NAME, tcp: 'ok', tls: 'ok', errno: null });
    expect(flow.certificate).toMatchObject({ valid: true, error: null, issuer: NAME, subject: NAME });
    expect([flow.certificate!.sha256, flow.certificate!.spki]).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    expect(flow.serverBytes).toBeGreaterThan(100);
  });

  test('of another name: an answer all the same, with the reason', async () => {
    const { flow } = await shake(tlsSite(), { sni: 'forbidden.example' });
    expect(flow).toMatchObject({ tls: 'ok', certificate: { valid: false, error: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
  });

  test('that nobody signed whom we trust: an answer all the same, with the reason', async () => {
    const { flow, socket } = await shake(tlsSite(), { trust: doubting });
    expect(flow).toMatchObject({ tls: 'ok', certificate: { valid: false, error: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(socket).not.toBeNull();
  });
});

describe('a handshake that comes to nothing', () => {
  test.each<[string, () => Promise<Site>, string, boolean]>([
    ['cut by a reset', () => rawSite((socket) => socket.resetAndDestroy()), 'reset', false],
    ['closed without a word', () => rawSite((socket) => socket.end()), 'eof', false],
    ['silence', () => rawSite(() => undefined), 'timeout', false],
    [
      'something else than TLS',
      () => rawSite((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
      'error',
      true,
    ],
    ['refused in TLS itself', () => tlsSite(undefined, { ALPNProtocols: ['h2'] }), 'alert', true],
  ])('%s', async (_name, made, outcome, spoke) => {
    const { flow, socket, wireBytes } = await shake(made(), { tlsMs: 150 });
    expect([flow.tls, flow.serverBytes > 0, flow.certificate, socket, wireBytes()]).toEqual([
      outcome,
      spoke,
      null,
      null,
      0,
    ]);
    expect(flow.errno).not.toBeNull();
  });

  test('no connection: it never came to a handshake', async () => {
    const dialer: Dialer = {
      via: 'direct',
      dial: async () => ({ tcp: 'refused', socket: null, ms: 7, errno: 'ECONNREFUSED' }),
    };
    const request = { address: '2001:db8::1', port: 443, sni: NAME, tcpMs: 1, tlsMs: 1 };
    const { flow, socket } = await handshake(dialer, trusting, request, { clock: systemClock, signal: never });
    expect(flow).toMatchObject({ family: 6, tcp: 'refused', tcpMs: 7, tls: null, tlsMs: null, errno: 'ECONNREFUSED' });
    expect(socket).toBeNull();
  });

  test('stopped in the middle: at once', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const { flow } = await shake(
      rawSite(() => undefined),
      { tlsMs: 60_000, signal: stop.signal },
    );
    expect([flow.tls, flow.errno]).toEqual(['error', 'ABORT']);
  });
});

test('bytes on the wire: counted as they come, encrypted', async () => {
  site = await tlsSite((socket) => socket.end(Buffer.alloc(50_000, 'x')));
  const request = { address: '192.0.2.1', port: 443, sni: NAME, tcpMs: 2_000, tlsMs: 2_000 };
  const { socket, wireBytes, flow } = await handshake(site.dialer, trusting, request, {
    clock: systemClock,
    signal: never,
  });
  const before = wireBytes();
  expect(before).toBeGreaterThanOrEqual(flow.serverBytes);
  socket!.resume();
  await new Promise((done) => socket!.once('end', done));
  expect(wireBytes() - before).toBeGreaterThan(50_000);
  socket!.destroy();
});

test('families by the look of an address', () =>
  expect(['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1'].map(familyOf)).toEqual([4, 6, 6]));
