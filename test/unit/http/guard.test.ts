import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../../src/core/errors.ts';
import { createHttp, guardedLookup, isLocalName, isPrivateAddress } from '../../../src/platform/http.ts';
import { type Running, serve, serveProxy, serveSocks } from './servers.ts';

const PRIVATE =
  `0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.168.1.1 192.0.2.1
  198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::7f00:1 fc00::1
  fd12::1 fe80::1 fe80::1%eth0 ff02::1 64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b:1::1 2001:db8::1 2001::1 2002:7f00:1:: 3fff::1 100::1 x`.split(
    /\s+/,
  );
const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '172.32.0.1',
  '2606:4700::1111',
  '2a00:1450::1',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '2001:4860:4860::8888',
];

describe('addresses', () => {
  test.each(PRIVATE)('%s: private', (address) => expect(isPrivateAddress(address)).toBe(true));
  test.each(PUBLIC)('%s: public', (address) => expect(isPrivateAddress(address)).toBe(false));
  test.each(['localhost', 'router', 'a.local', 'x.internal.', 'db.home.arpa', 'foo.localhost'])(
    '%s: a local name',
    (name) => expect(isLocalName(name)).toBe(true),
  );
  test.each(['example.org', 'local.example.org', 'www.local.news'])('%s: no local name', (name) =>
    expect(isLocalName(name)).toBe(false),
  );
});

let target: Running;
const refuse = async (url: string, options: Parameters<typeof createHttp>[0] = {}) => {
  const client = createHttp(options);
  const code = await client.http({ url, timeoutMs: 3_000 }).then(
    () => 'resolved',
    (error: unknown) => codeOf(error),
  );
  await client.close();
  return code;
};

beforeAll(async () => {
  target = await serve((request, response) => {
    if (request.url === '/to-loopback')
      return response.writeHead(302, { location: `http://127.0.0.1:${target.port}/secret` }).end();
    if (request.url === '/to-decimal')
      return response.writeHead(302, { location: `http://2130706433:${target.port}/secret` }).end();
    if (request.url === '/to-metadata')
      return response.writeHead(301, { location: 'http://169.254.169.254/latest' }).end();
    return response.end('open');
  });
});
afterAll(() => target.close());

describe('private addresses refused', () => {
  const forms = [
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'localhost',
    'localhost.',
  ];
  test.each(forms)('http://%s/: refused, nothing reaches the server', async (host) => {
    const before = target.seen.length;
    expect(await refuse(`http://${host}:${target.port}/`)).toBe('fetch_blocked_address');
    expect(target.seen.length).toBe(before);
  });

  test('a public name with a private address: refused when connecting', async () => {
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    expect(await refuse(`http://feeds.example:${target.port}/`, { resolve })).toBe('fetch_blocked_address');
  });

  test('a name with a public and a private address: only the public one is called', async () => {
    const lookup = guardedLookup(false, async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '8.8.8.8', family: 4 },
    ]);
    const addresses = await new Promise((done) => lookup('x.example', { all: true }, (_error, all) => done(all)));
    expect(addresses).toEqual([{ address: '8.8.8.8', family: 4 }]);
  });

  test('a name that changes its answer after the check: the answer that is connected to is the one judged', async () => {
    let asked = 0;
    const resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '8.8.8.8', family: 4 }];
    const lookup = guardedLookup(false, resolve);
    const ask = () =>
      new Promise<string>((done) =>
        lookup('x.example', {}, (error, address) => done(error ? String(error.code) : String(address))),
      );
    expect(await ask()).toBe('EBLOCKED');
    expect(await ask()).toBe('EBLOCKED');
    expect(asked).toBe(1);
  });

  test('allowPrivateAddresses: let through', async () => {
    expect(await refuse(`http://2130706433:${target.port}/`, { allowPrivateAddresses: true })).toBe('resolved');
  });
});

describe('through a proxy', () => {
  test.each(['/to-loopback', '/to-decimal', '/to-metadata'])('public page redirects %s: refused', async (path) => {
    const proxy = await serveProxy(target.port);
    expect(await refuse(`http://feeds.example${path}`, { proxy: proxy.url })).toBe('fetch_blocked_address');
    expect(proxy.seen).toHaveLength(1);
    await proxy.close();
  });

  test('http: proxy gets the address, with its password', async () => {
    const proxy = await serveProxy(target.port);
    expect(await refuse('http://feeds.example/a', { proxy: `http://me:pw@127.0.0.1:${proxy.port}` })).toBe('resolved');
    expect(proxy.seen).toEqual([`GET http://feeds.example/a Basic ${btoa('me:pw')}`]);
    await proxy.close();
  });

  test('socks5: proxy resolves the name', async () => {
    const proxy = await serveSocks(target.port);
    expect(await refuse('http://feeds.example/a', { proxy: `socks5://127.0.0.1:${proxy.port}` })).toBe('resolved');
    expect(proxy.seen).toEqual(['feeds.example']);
    await proxy.close();
  });

  test.each([
    ['http', serveProxy],
    ['socks5', serveSocks],
  ])('%s: so many requests to a host at a time, another host beside', async (scheme, serveIt) => {
    let [active, most] = [0, 0];
    const busy = await serve((_request, response) => {
      most = Math.max(most, ++active);
      setTimeout(() => {
        active--;
        response.end();
      }, 20);
    });
    const proxy = await serveIt(busy.port);
    await using client = createHttp({ proxy: `${scheme}://127.0.0.1:${proxy.port}`, perHost: 2 });
    const ask = (host: string) => client.http({ url: `http://${host}.example/`, timeoutMs: 5_000 });
    await Promise.all(Array.from({ length: 8 }, () => ask('one')));
    expect(most).toBe(2);
    await Promise.all(Array.from({ length: 16 }, (_, i) => ask(i % 2 ? 'one' : 'two')));
    expect(most).toBe(4);
    await Promise.all([proxy.close(), busy.close()]);
  });

  test('local names and private addresses: refused before the proxy hears of them', async () => {
    const proxy = await serveProxy(target.port);
    expect(await refuse('http://localhost/a', { proxy: proxy.url })).toBe('fetch_blocked_address');
    expect(await refuse('http://10.0.0.1/a', { proxy: proxy.url })).toBe('fetch_blocked_address');
    expect(proxy.seen).toEqual([]);
    await proxy.close();
  });

  test.each(['http://127.0.0.1:1', 'socks5://127.0.0.1:1'])('%s that is not there: fetch_proxy', async (proxy) => {
    expect(await refuse('http://feeds.example/', { proxy })).toBe('fetch_proxy');
  });

  test('another scheme: a config error', () => {
    expect(() => createHttp({ proxy: 'ftp://127.0.0.1:1' })).toThrow(/socks5/);
  });
});
