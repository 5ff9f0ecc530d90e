/** Parts of the one guarded fetch: names and addresses, codings, and what a failure is called. */
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TocsinError, codeOf } from '../../../src/core/errors.ts';
import { asFetchError, decodersFor, fetchError } from '../../../src/platform/http-body.ts';
import { guardedLookup, isLocalName, isPrivateAddress, literalAddress } from '../../../src/platform/http.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('names', () => {
  const lookupOf = (lookup: LookupFunction, name: string, options: object = {}) =>
    new Promise<unknown[]>((done) => lookup(name, options, (error, ...rest) => done(error ? [error.code] : rest)));
  const both: LookupAddress[] = [
    { address: '8.8.8.8', family: 4 },
    { address: '2a00:1450:4001::1', family: 6 },
  ];

  test.each<[object, unknown[]]>([
    [{}, ['8.8.8.8', 4]],
    [{ family: 6 }, ['2a00:1450:4001::1', 6]],
    [{ family: 'IPv6' }, ['2a00:1450:4001::1', 6]],
    [{ family: 'IPv4' }, ['8.8.8.8', 4]],
    [{ all: true }, [both]],
    [{ all: true, family: 4 }, [[both[0]]]],
  ])('asked with %j', async (options, expected) => {
    expect(
      await lookupOf(
        guardedLookup(false, async () => both),
        'x.example',
        options,
      ),
    ).toEqual(expected);
  });

  test('none of the wanted family: not found; only forbidden ones: blocked', async () => {
    const only4 = guardedLookup(false, async () => [both[0]!]);
    expect(await lookupOf(only4, 'x.example', { family: 6 })).toEqual(['ENOTFOUND']);
    const inner = guardedLookup(false, async () => [{ address: '10.0.0.1', family: 4 }]);
    expect(await lookupOf(inner, 'x.example')).toEqual(['EBLOCKED']);
    expect(
      await lookupOf(
        guardedLookup(true, async () => [{ address: '10.0.0.1', family: 4 }]),
        'x.example',
      ),
    ).toEqual(['10.0.0.1', 4]);
  });

  test('asked many times at once: resolved once; a failure is kept for a moment, too', async () => {
    let asked = 0;
    const lookup = guardedLookup(false, async (name) => {
      asked++;
      if (name === 'gone.example') throw Object.assign(new Error('x'), { code: 'ENOTFOUND' });
      return both;
    });
    await Promise.all(Array.from({ length: 20 }, () => lookupOf(lookup, 'x.example')));
    for (let n = 0; n < 3; n++) expect(await lookupOf(lookup, 'gone.example')).toEqual(['ENOTFOUND']);
    expect(asked).toBe(2);
  });

  test('many slow names: three at a time, so that files and inflation have a thread left', async () => {
    let [busy, most] = [0, 0];
    const lookup = guardedLookup(false, async () => {
      most = Math.max(most, ++busy);
      await turn();
      busy--;
      return both;
    });
    await Promise.all(Array.from({ length: 30 }, (_, n) => lookupOf(lookup, `n${n}.example`)));
    expect(most).toBe(3);
  });
});

describe('hosts of an address', () => {
  test.each<[string, string | null]>([
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['example.org', null],
    ['[nonsense]', null],
    ['', null],
  ])('%s: %s', (host, address) => expect(literalAddress(host)).toBe(address));

  test('any form of an IPv4 address inside an IPv6 one: judged as that address', () => {
    const octet = fc.nat(255);
    fc.assert(
      fc.property(octet, octet, octet, octet, (a, b, c, d) => {
        const inner = `${a}.${b}.${c}.${d}`;
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        for (const form of [`::ffff:${inner}`, `::ffff:${hex}`, `64:ff9b::${hex}`, `0:0:0:0:0:ffff:${hex}`])
          expect([form, isPrivateAddress(form)]).toEqual([form, isPrivateAddress(inner)]);
      }),
    );
  });

  test('anything that is no address: private', () => {
    const junk = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.%]{0,20}$/));
    fc.assert(
      fc.property(junk, (text) => {
        if (!URL.canParse(`http://[${text.split('%')[0]}]/`) && !/^\d+\.\d+\.\d+\.\d+$/.test(text))
          expect(isPrivateAddress(text)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(['LOCALHOST', 'printer', 'a.b.lan', 'x.local..', 'db.corp'])('%s: a local name', (name) =>
    expect(isLocalName(name)).toBe(true),
  );
  test.each(['a.example', 'lan.example', 'localhost.example', 'home.arpa.example'])('%s: no local name', (name) =>
    expect(isLocalName(name)).toBe(false),
  );
});

describe('codings', () => {
  test.each<[string, number | null]>([
    ['gzip', 1],
    [' GZIP , br ', 2],
    ['identity', 0],
    ['gzip, identity', 1],
    ['', 0],
    ['gzip, gzip, gzip', null],
    ['rot13', null],
    ['gzip, rot13', null],
  ])('%j: %s decoders', (header, count) => expect(decodersFor(header, 0x1f)?.length ?? null).toBe(count));

  test('two layers: the outer one is taken off first', async () => {
    const packed = gzipSync(gzipSync(Buffer.from('hello')));
    let bytes: Buffer = packed;
    for (const decoder of decodersFor('gzip, gzip', packed[0]!)!) {
      const parts: Buffer[] = [];
      decoder.on('data', (chunk: Buffer) => parts.push(chunk));
      decoder.end(bytes);
      await new Promise((done) => decoder.once('end', done));
      bytes = Buffer.concat(parts);
    }
    expect(bytes.toString()).toBe('hello');
  });
});

describe('what a failure is called', () => {
  const failed = (code: string, message = 'x') => Object.assign(new Error(message), { code });
  test.each<[string, unknown, string, string]>([
    ['no such name', failed('ENOTFOUND'), 'fetch_dns', 'fetch_proxy'],
    ['a resolver that does not answer', failed('EAI_AGAIN'), 'fetch_dns', 'fetch_proxy'],
    ['refused', failed('ECONNREFUSED'), 'fetch_connection', 'fetch_proxy'],
    ['reset', failed('ECONNRESET'), 'fetch_connection', 'fetch_connection'],
    ['no connection in time', failed('UND_ERR_CONNECT_TIMEOUT'), 'fetch_timeout', 'fetch_timeout'],
    ['no headers in time', failed('UND_ERR_HEADERS_TIMEOUT'), 'fetch_timeout', 'fetch_timeout'],
    ['headers without end', failed('UND_ERR_HEADERS_OVERFLOW'), 'fetch_too_large', 'fetch_too_large'],
    ['an expired certificate', failed('CERT_HAS_EXPIRED'), 'fetch_tls', 'fetch_tls'],
    ['a certificate of one’s own', failed('DEPTH_ZERO_SELF_SIGNED_CERT'), 'fetch_tls', 'fetch_tls'],
    ['a forbidden address', failed('EBLOCKED'), 'fetch_blocked_address', 'fetch_blocked_address'],
    ['the proxy refuses', failed('UND_ERR_PRX_CONN'), 'fetch_proxy', 'fetch_proxy'],
    [
      'a socket that breaks, with its reason behind it',
      Object.assign(failed('UND_ERR_SOCKET'), { cause: failed('ECONNRESET') }),
      'fetch_connection',
      'fetch_connection',
    ],
    [
      'several addresses were tried: the first one’s',
      new AggregateError([failed('ETIMEDOUT'), failed('ENETUNREACH')], 'x'),
      'fetch_timeout',
      'fetch_timeout',
    ],
    ['words of a proxy', new Error('Socks5 proxy rejected connection'), 'fetch_connection', 'fetch_proxy'],
    ['no error at all', 'x', 'fetch_connection', 'fetch_connection'],
  ])('%s', (_name, error, direct, viaProxy) => {
    expect([codeOf(asFetchError(error, 'a.example', false)), codeOf(asFetchError(error, 'a.example', true))]).toEqual([
      direct,
      viaProxy,
    ]);
  });

  test('one of ours: as it is; any other: names the host, a sentence, the reason, and keeps what was thrown', () => {
    const ours = new TocsinError('canceled', 'x');
    expect(asFetchError(ours, 'a.example', false)).toBe(ours);
    const thrown = failed('ENOTFOUND');
    const made = asFetchError(thrown, 'a.example', false);
    expect([made.message, made.facts, made.cause]).toEqual([
      'a.example: The name does not resolve: check the address and the DNS of this machine.',
      { host: 'a.example', reason: 'ENOTFOUND' },
      thrown,
    ]);
    expect(fetchError('fetch_status', 'a.example').message).toBe('a.example: fetch_status');
  });
});
