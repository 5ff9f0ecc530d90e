import { PassThrough } from 'node:stream';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { matchFingerprint } from '../../../src/core/judge/fingerprint.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { loadServicePlans } from '../../../src/sources/probe/components.ts';
import { splitHostPort, vantageSchema } from '../../../src/sources/probe/config.ts';
import { question, readAnswer } from '../../../src/sources/probe/dns/message.ts';
import { assetPaths, loadFingerprints } from '../../../src/sources/probe/fingerprints.ts';
import { exchange } from '../../../src/sources/probe/net/http1.ts';
import { eachLimited } from '../../../src/sources/probe/session.ts';
import { findTarget, publicName } from '../../../src/sources/probe/targets.ts';

const signal = new AbortController().signal;
const ask = { host: 'a.example', path: '/', maxBytes: 1_000, firstByteMs: 200, stallMs: 100, totalMs: 1_000 };

/** The server's side of a connection that says `pieces` and then ends (or not). */
function answering(pieces: string[], end = true) {
  const stream = new PassThrough();
  const socket = Object.assign(stream, { write: () => true });
  queueMicrotask(async () => {
    for (const piece of pieces) {
      stream.push(Buffer.from(piece, 'latin1'));
      await systemClock.sleep(1);
    }
    if (end) stream.push(null);
  });
  return exchange(socket, ask, systemClock, signal);
}

describe('HTTP answers', () => {
  test.each<[string, string[], boolean, Partial<Awaited<ReturnType<typeof exchange>>>]>([
    [
      'length',
      ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
      false,
      { outcome: 'ok', status: 200, bytes: 5, complete: true },
    ],
    [
      'in pieces',
      ['HTTP/1.', '1 200 OK\r\nContent-Le', 'ngth: 5\r\n\r', '\nhe', 'llo'],
      false,
      { outcome: 'ok', bytes: 5 },
    ],
    [
      'chunked',
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'],
      false,
      { outcome: 'ok', bytes: 5, complete: true },
    ],
    [
      'chunked, in pieces',
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r', '\nab', 'c\r\n', '2\r\nde', '\r\n0\r\n\r\n'],
      false,
      { outcome: 'ok', bytes: 5 },
    ],
    ['until the end', ['HTTP/1.0 200 OK\r\n\r\nhello'], true, { outcome: 'ok', bytes: 5 }],
    ['204', ['HTTP/1.1 204 No Content\r\n\r\n'], false, { outcome: 'ok', status: 204, bytes: 0 }],
    [
      '100 first',
      ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
      false,
      { outcome: 'ok', status: 200 },
    ],
    [
      'larger than the cap',
      [`HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${'x'.repeat(5_000)}`],
      false,
      { outcome: 'ok', bytes: 1_000, complete: false },
    ],
    [
      'stops in the middle',
      ['HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello'],
      false,
      { outcome: 'stall', status: 200, bytes: 5 },
    ],
    [
      'ends in the middle',
      ['HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello'],
      true,
      { outcome: 'eof', status: 200 },
    ],
    ['silence', [], false, { outcome: 'timeout', status: 0 }],
    ['no HTTP', ['SSH-2.0-OpenSSH_9\r\n\r\n'], false, { outcome: 'error' }],
    ['endless head', [`HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(4_000)}`], false, { outcome: 'error' }],
    [
      'absurd chunk',
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
      false,
      { outcome: 'ok', bytes: 0 },
    ],
  ])('%s', async (_name, pieces, end, expected) => {
    expect(await answering(pieces, end)).toMatchObject(expected);
  });
});

describe('DNS messages', () => {
  const reply = (name: string, type: 'A' | 'AAAA', rcode: number, address: number[] = []) => {
    const q = question(name, type, 77);
    const head = Buffer.from(q);
    head[2] = 0x81;
    head[3] = 0x80 | rcode;
    head[7] = address.length > 0 ? 1 : 0;
    if (address.length === 0) return head;
    const rr = Buffer.from([0xc0, 0x0c, 0, type === 'A' ? 1 : 28, 0, 1, 0, 0, 0, 60, 0, address.length, ...address]);
    return Buffer.concat([head, rr]);
  };
  test.each<[string, Buffer, string | null]>([
    ['an address', reply('a.example', 'A', 0, [192, 0, 2, 1]), 'address'],
    ['no address', reply('a.example', 'A', 0), 'nodata'],
    ['no such name', reply('a.example', 'A', 3), 'nxdomain'],
    ['refused', reply('a.example', 'A', 5), 'refused'],
    ['server failure', reply('a.example', 'A', 2), 'servfail'],
    ['odd code', reply('a.example', 'A', 9), 'error'],
    ['about another name', reply('b.example', 'A', 0, [192, 0, 2, 1]), null],
    ['about another type', reply('a.example', 'AAAA', 0), null],
    ['garbage', Buffer.from('garbage of more than twelve bytes'), null],
    ['too short', Buffer.from([0, 77]), null],
  ])('%s', (_name, bytes, kind) => {
    expect(readAnswer(bytes, 'a.example', 'A', 77)?.kind ?? null).toBe(kind);
  });
  test('another id: passed over', () => {
    expect(readAnswer(reply('a.example', 'A', 0), 'a.example', 'A', 78)).toBeNull();
  });
  test('random bytes never throw', () => {
    for (let n = 0; n < 3_000; n++) {
      const bytes = reply('a.example', 'A', 0, [192, 0, 2, 1]);
      for (let k = 0; k < 4; k++) bytes[Math.floor(Math.random() * bytes.length)] = Math.floor(Math.random() * 256);
      expect(() => readAnswer(bytes, 'a.example', 'A', 77)).not.toThrow();
    }
  });
});

describe('block pages', () => {
  const page = (over: object) => ({ redirectHost: null, location: null, title: '', body: '', ...over });
  test('redirect host and its subdomains; not a name that only ends alike', async () => {
    const { blockPages } = await loadFingerprints();
    expect(matchFingerprint(blockPages, page({ redirectHost: 'warning.rt.ru' }))).toBe('ru-rostelecom');
    expect(matchFingerprint(blockPages, page({ redirectHost: 'x.peyvandha.ir' }))).toBe('ir-peyvandha');
    expect(matchFingerprint(blockPages, page({ redirectHost: 'notpeyvandha.ir' }))).toBeNull();
  });
  test('ordinary pages match nothing, challenges are known', async () => {
    const { blockPages, benign } = await loadFingerprints();
    for (const body of [
      '<h1>Welcome</h1> access to our shop',
      'page not found',
      'доступ к личному кабинету',
      'the court has restricted access to files',
    ]) {
      expect(matchFingerprint(blockPages, page({ body }))).toBeNull();
    }
    expect(matchFingerprint(benign, page({ title: 'just a moment...' }))).toBe('cdn-challenge');
  });
  test('ids are unique', async () => {
    const { blockPages, benign } = await loadFingerprints();
    const all = [...blockPages, ...benign].map((f) => f.id);
    expect(new Set(all).size).toBe(all.length);
  });
});

const vantage = v.parse(vantageSchema, {
  resolvers: { system: '10.0.0.1', control: [] },
  targets: [{ id: 'freepress', name: 'www.freepress.example', v4: '192.0.2.1', v6: null }],
});

describe('targets', () => {
  test('id, host name, service, any host; nothing else', async () => {
    const plans = await loadServicePlans();
    expect(findTarget('freepress', vantage, plans)).toMatchObject({ id: 'freepress', name: 'www.freepress.example' });
    expect(findTarget('WWW.freepress.example', vantage, plans)).toMatchObject({
      id: 'WWW.freepress.example',
      kind: 'host',
    });
    expect(findTarget('WhatsApp', vantage, plans)).toMatchObject({ kind: 'service' });
    expect(findTarget('www.bbc.com', vantage, plans)).toMatchObject({ kind: 'host', name: 'www.bbc.com' });
    for (const bad of ['whatsap', '', 'a b.example', 'http://x.example/', '../etc', `${'a'.repeat(300)}.example`])
      expect(findTarget(bad, vantage, plans)).toBeNull();
  });
  test('services of the catalogue: every one has a component that is required', async () => {
    const plans = await loadServicePlans();
    expect(plans.size).toBeGreaterThan(20);
    for (const plan of plans.values())
      expect(
        plan.components.some((c) => c.required),
        plan.id,
      ).toBe(true);
    expect(publicName({ id: 'whatsapp', kind: 'service', service: plans.get('whatsapp')! })).toBe('web.whatsapp.com');
  });
});

describe('vantage file', () => {
  test('what may be missing is missing', () => {
    expect(vantage).toMatchObject({ country: 'XX', asn: 'AS0', helper_proxy: null, blobs: [], not_bogons: [] });
  });
  test.each<[string, object]>([
    ['unknown key', { foo: 1 }],
    ['no address', { resolvers: { system: 'x', control: [] } }],
    ['no country', { country: 'Russia' }],
    ['no proxy', { helper_proxy: 'ftp://x' }],
    ['no range', { not_bogons: ['10.0.0.0/40'] }],
    ['no host name', { innocuous_sni: 'https://x/' }],
  ])('%s: refused', (_name, over) => {
    expect(v.safeParse(vantageSchema, { resolvers: { system: '10.0.0.1', control: [] }, ...over }).success).toBe(false);
  });
  test('asn as number or text', () => {
    for (const asn of [64500, '64500', 'AS64500', 'as64500'])
      expect(v.parse(vantageSchema, { resolvers: { system: '10.0.0.1', control: [] }, asn }).asn).toBe('AS64500');
  });
  test('addresses with ports', () => {
    expect(splitHostPort('192.0.2.1:853', 53)).toEqual({ address: '192.0.2.1', port: 853 });
    expect(splitHostPort('[2001:db8::1]:853', 53)).toEqual({ address: '2001:db8::1', port: 853 });
    expect(splitHostPort('2001:db8::1', 53)).toEqual({ address: '2001:db8::1', port: 53 });
    for (const bad of ['host:53', '192.0.2.1:0', '192.0.2.1:99999', '']) expect(splitHostPort(bad, 53)).toBeNull();
  });
});

test('assets: same host, plain files, twenty at most', () => {
  const html = `<script src="/a.js"></script><img src='https://other.example/b.png'><link href="c.css?x=1"><a href="/page">${'<img src="/p.png">'.repeat(3)}`;
  expect(assetPaths(Buffer.from(html), 'a.example')).toEqual(['/a.js', '/c.css?x=1', '/p.png']);
});

test('eachLimited: in order, never more at a time', async () => {
  let running = 0;
  let most = 0;
  const got = await eachLimited([1, 2, 3, 4, 5, 6, 7], 3, async (n) => {
    most = Math.max(most, ++running);
    await systemClock.sleep(2);
    running--;
    return n * 2;
  });
  expect([got, most]).toEqual([[2, 4, 6, 8, 10, 12, 14], 3]);
});
