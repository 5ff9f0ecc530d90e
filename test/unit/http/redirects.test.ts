/** Where a request goes when it is sent elsewhere: what it takes along, what it leaves behind, and where it ends. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../../src/core/errors.ts';
import type { HttpRequest } from '../../../src/core/ports/runtime.ts';
import { type HttpClient, createHttp } from '../../../src/platform/http.ts';
import { type Running, serve } from './servers.ts';

interface Arrived {
  method: string;
  body: string;
  headers: Record<string, string | undefined>;
  where: 'here' | 'elsewhere';
}

let here: Running;
let elsewhere: Running;
let client: HttpClient;
/** Requests that arrived, in order. */
const arrived: Arrived[] = [];

const server = (where: Arrived['where']) =>
  serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', headers, url = '' } = request;
      arrived.push({ method, body: Buffer.concat(chunks).toString(), headers: headers as Arrived['headers'], where });
      const [, status, to] = /^\/(\d{3})\/(.+)$/.exec(url) ?? [];
      if (status === undefined || to === undefined) return response.end('arrived');
      const location = decodeURIComponent(to)
        .replace('ELSEWHERE', elsewhere.url)
        .replace('HERE', here.url)
        .replace('ENDLESS', 'x'.repeat(9_000));
      response.writeHead(Number(status), location === 'NONE' ? {} : { location }).end('moved');
    });
  });

beforeAll(async () => {
  here = await server('here');
  elsewhere = await server('elsewhere');
  client = createHttp({ allowPrivateAddresses: true });
});
afterAll(async () => {
  await client.close();
  await here.close();
  await elsewhere.close();
});

const path = (...hops: [status: number, to: string][]): string =>
  hops.reduceRight(
    (rest, [status, to]) => `/${status}/${encodeURIComponent(to === '' ? rest : `${to}${rest}`)}`,
    '/end',
  );

async function ask(to: string, more: Partial<HttpRequest> = {}) {
  arrived.length = 0;
  return client.http({ url: `${here.url}${to}`, timeoutMs: 5_000, ...more });
}
const failure = (asking: Promise<unknown>): Promise<string> =>
  asking.then(
    () => 'answered',
    (error: unknown) => `${codeOf(error)}: ${(error as Error).message}`,
  );

describe('what becomes of the method and the body', () => {
  test.each<[number, 'GET' | 'HEAD' | 'POST', string, string]>([
    [301, 'GET', 'GET', ''],
    [302, 'GET', 'GET', ''],
    [303, 'GET', 'GET', ''],
    [307, 'GET', 'GET', ''],
    [308, 'GET', 'GET', ''],
    [301, 'HEAD', 'HEAD', ''],
    [303, 'HEAD', 'HEAD', ''],
    [307, 'HEAD', 'HEAD', ''],
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [307, 'POST', 'POST', 'asked'],
    [308, 'POST', 'POST', 'asked'],
  ])('%i after %s: %s', async (status, method, then, body) => {
    const request =
      method === 'POST' ? { method, body: 'asked', headers: { 'Content-Type': 'text/plain' } } : { method };
    await ask(path([status, '']), request);
    const [first, second] = arrived;
    expect([first!.method, second!.method, second!.body]).toEqual([method, then, body]);
    expect(second!.headers['content-type']).toBe(body === '' ? undefined : 'text/plain');
  });

  test.each([300, 304, 305, 306])('%i is an answer, not a way to somewhere', async (status) => {
    const answer = await ask(path([status, '']));
    expect([answer.status, arrived.length, answer.redirects]).toEqual([status, 1, []]);
  });

  test.each([301, 302, 303, 307, 308])('%i that says not where to: an answer', async (status) => {
    const answer = await ask(`/${status}/NONE`);
    expect([answer.status, arrived.length]).toEqual([status, 1]);
  });
});

describe('what it takes along', () => {
  const secrets = { Authorization: 'Bearer s3cret', Cookie: 'a=b', 'Proxy-Authorization': 'x', 'X-Own': 'mine' };
  test.each<[string, [number, string][], boolean]>([
    ['to the same server', [[302, '']], true],
    ['to another one: nothing that was meant for the first', [[302, 'ELSEWHERE']], false],
    [
      'to another one and back: it is gone for good',
      [
        [302, 'ELSEWHERE'],
        [302, 'HERE'],
      ],
      false,
    ],
    ['by its full address', [[308, 'HERE']], true],
  ])('%s', async (_name, hops, kept) => {
    await ask(path(...hops), { headers: secrets });
    const { headers } = arrived.at(-1)!;
    expect([headers.authorization, headers.cookie]).toEqual(kept ? ['Bearer s3cret', 'a=b'] : [undefined, undefined]);
    expect(headers['x-own']).toBe('mine');
    expect(headers['user-agent']).toMatch(/^Tocsin\//);
  });

  test('a password in the address: for its own server only, and in no address that is handed on', async () => {
    const withPassword = here.url.replace('http://', 'http://ann:s3cret@');
    arrived.length = 0;
    const { url, redirects } = await client.http({
      url: `${withPassword}${path([302, 'ELSEWHERE'])}`,
      timeoutMs: 5_000,
    });
    expect(arrived.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false]);
    expect(JSON.stringify([url, redirects])).not.toContain('s3cret');
  });

  test('a password in the address that it is sent to: used there, and not shown', async () => {
    const answer = await ask(path([302, here.url.replace('http://', 'http://bob:hidden@')]));
    expect(arrived[1]!.headers.authorization).toBe(`Basic ${Buffer.from('bob:hidden').toString('base64')}`);
    expect(JSON.stringify(answer.redirects)).not.toContain('hidden');
  });
});

describe('what is said of the way', () => {
  test.each<[string, [number, string][], boolean[]]>([
    ['none', [], []],
    ['for good', [[301, '']], [true]],
    [
      'for good, twice',
      [
        [308, ''],
        [301, ''],
      ],
      [true, true],
    ],
    ['for now', [[302, '']], [false]],
    [
      'for good, then for now: the address may change again',
      [
        [301, ''],
        [307, ''],
      ],
      [true, false],
    ],
    [
      'for now, then for good',
      [
        [302, ''],
        [301, ''],
      ],
      [false, true],
    ],
  ])('%s', async (_name, hops, permanent) => {
    const answer = await ask(path(...hops));
    expect(answer.status).toBe(200);
    expect(answer.redirects!.map((one) => one.permanent)).toEqual(permanent);
    expect(answer.url).toBe(`${here.url}/end`);
    expect(answer.redirects!.at(-1)?.url ?? answer.url).toBe(answer.url);
  });
});

describe('where it ends', () => {
  const times = (n: number): [number, string][] => Array.from({ length: n }, () => [302, '']);
  test('five are followed, the sixth is too much', async () => {
    expect((await ask(path(...times(5)))).status).toBe(200);
    expect(await failure(ask(path(...times(6))))).toMatch(/^fetch_redirect: .*more than 5 redirects/);
  });

  test.each([0, 1, 2])('at most %i, when the caller wants it so', async (maxRedirects) => {
    expect((await ask(path(...times(maxRedirects)), { maxRedirects })).status).toBe(200);
    expect(await failure(ask(path(...times(maxRedirects + 1)), { maxRedirects }))).toMatch(
      new RegExp(`^fetch_redirect: .*more than ${maxRedirects} redirects`),
    );
  });

  test.each<[string, string, RegExp]>([
    [
      'another protocol',
      'ftp://example.org/x',
      /^fetch_redirect: Only http: and https: addresses are fetched, not ftp:/,
    ],
    ['a file', 'file:///etc/passwd', /^fetch_redirect: Only http: and https:/],
    ['a script', 'javascript:alert(1)', /^fetch_redirect: Only http: and https:/],
    ['what is no address', 'http://[', /^fetch_redirect: .*redirects to what is no address/],
    ['an endless one', '/ENDLESS', /^fetch_redirect: The address is longer than 8,000 characters/],
    ['a broken escape in a password', 'http://a%zz:b@127.0.0.1/', /^fetch_redirect: /],
  ])('%s: refused, and it says that it was sent there', async (_name, to, why) => {
    expect(await failure(ask(`/302/${encodeURIComponent(to)}`))).toMatch(why);
  });

  test('a private address behind a public one is refused as one; to begin with it, too', async () => {
    const guarded = createHttp({ resolve: async () => [{ address: '93.184.216.34', family: 4 }] as never });
    try {
      for (const url of [
        'http://127.0.0.1:1/',
        'http://localhost/',
        'http://[::1]/',
        'http://10.0.0.1/',
        'http://0x7f.1/',
      ])
        expect(await failure(guarded.http({ url, timeoutMs: 2_000 })), url).toMatch(/^fetch_blocked_address/);
    } finally {
      await guarded.close();
    }
  });

  test('places of a host are free again after each way, however it ended', async () => {
    const narrow = createHttp({ allowPrivateAddresses: true, perHost: 1 });
    try {
      for (const to of [path([302, '']), path(...times(6)), '/302/ftp%3A%2F%2Fx%2F', '/200/NONE'])
        await narrow.http({ url: `${here.url}${to}`, timeoutMs: 5_000 }).catch(() => undefined);
      expect((await narrow.http({ url: `${here.url}/end`, timeoutMs: 5_000 })).status).toBe(200);
    } finally {
      await narrow.close();
    }
  });
});
