import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** matrix-bot-sdk must find our stand-ins, and in them every name that it reads (vendor/matrix-crypto, vendor/request say why). */
const require = createRequire(import.meta.url);
const sdkMain = require.resolve('matrix-bot-sdk');
const fromSdk = createRequire(sdkMain);
// Beside the installed packages, which a second working tree may borrow by a link.
const vendor = resolve(realpathSync(resolve(import.meta.dirname, '../../../node_modules')), '../vendor');
const CRYPTO = '@matrix-org/matrix-sdk-crypto-nodejs';

test('from the folder of the SDK: both names lead to vendor/', () => {
  expect(fromSdk.resolve(CRYPTO)).toBe(resolve(vendor, 'matrix-crypto/index.cjs'));
  expect(fromSdk.resolve('request')).toBe(resolve(vendor, 'request/index.cjs'));
});

test('the version of the SDK is the one that this was written for', () => {
  expect(JSON.parse(readFileSync(resolve(dirname(sdkMain), '../package.json'), 'utf8')).version).toBe('0.8.0');
});

test('every name that the SDK reads of the crypto package exists', () => {
  const names = new Set<string>();
  const lib = dirname(sdkMain);
  for (const file of readdirSync(lib, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    const text = readFileSync(resolve(lib, file), 'utf8');
    for (const [, bound] of text.matchAll(/(\w+) = require\("@matrix-org\/matrix-sdk-crypto-nodejs"\)/g))
      for (const [, name] of text.matchAll(new RegExp(`\\b${bound}\\.(\\w+)`, 'g'))) names.add(name!);
  }
  expect([...names].sort()).toEqual(expect.arrayContaining(['EncryptionSettings', 'OlmMachine', 'RoomId', 'UserId']));
  const ours = fromSdk(CRYPTO) as Record<string, unknown>;
  expect([...names].filter((name) => !(name in ours))).toEqual([]);
});

test('the SDK loads, with the names that we use; encryption throws only when asked for', async () => {
  const sdk = await import('matrix-bot-sdk');
  for (const name of ['MatrixClient', 'MatrixError', 'LogService', 'setRequestFn'] as const)
    expect(sdk[name]).toBeTypeOf('function');
  const ours = fromSdk(CRYPTO) as {
    OlmMachine: { initialize(): Promise<unknown> };
    UserId: new (id: string) => unknown;
  };
  await expect(ours.OlmMachine.initialize()).rejects.toThrow('not built in');
  expect(() => new ours.UserId('@a:b')).toThrow('not built in');
});

test('the part of the SDK that we load: its requests, without a web server, an HTML parser or a database driver', async () => {
  const script = `
    const { createRequire, Module } = require('node:module');
    const load = createRequire(${JSON.stringify(import.meta.filename)});
    for (const part of ['http', 'request', 'logging/LogService']) load('matrix-bot-sdk/lib/' + part + '.js');
    const { doHttpRequest } = load('matrix-bot-sdk/lib/http.js');
    const { setRequestFn } = load('matrix-bot-sdk/lib/request.js');
    console.log(JSON.stringify({ kinds: [typeof doHttpRequest, typeof setRequestFn], files: Object.keys(require.cache).length }));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
  const { kinds, files } = JSON.parse(stdout) as { kinds: string[]; files: number };
  expect(kinds).toEqual(['function', 'function']);
  expect(files).toBeLessThan(20);
});

describe('request', () => {
  type Answer = { statusCode: number; headers: Record<string, string>; body: unknown };
  type Request = (options: object, callback: (error: Error | null, response?: Answer, body?: unknown) => void) => void;
  const request = fromSdk('request') as Request;
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      if (incoming.url?.startsWith('/hang')) return;
      if (incoming.url?.startsWith('/away'))
        return void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      if (incoming.url?.startsWith('/bytes')) return void response.end(Buffer.from([0xff, 0x00, 0xfe]));
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        response.writeHead(incoming.url?.startsWith('/fail') ? 500 : 200, { 'x-method': incoming.method });
        response.end(
          JSON.stringify({
            url: incoming.url,
            body: Buffer.concat(chunks).toString(),
            type: incoming.headers['content-type'],
          }),
        );
      });
    });
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (options: object): Promise<Answer & { same: unknown }> =>
    new Promise((done, fail) => {
      request(options, (error, response, body) =>
        error || !response ? fail(error) : done({ ...response, same: body }),
      );
    });

  test('a call: method, query (lists repeat), headers and body arrive; the answer is text', async () => {
    const answer = await ask({
      uri: `${base}/x`,
      method: 'PUT',
      qs: { a: 1, via: ['b', 'c'], none: undefined, nil: null },
      headers: { 'Content-Type': 'application/json' },
      body: '{"я":1}',
      timeout: 5_000,
    });
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'x-method': 'PUT' } });
    expect(answer.same).toBe(answer.body);
    expect(JSON.parse(String(answer.body))).toEqual({
      url: '/x?a=1&via=b&via=c',
      body: '{"я":1}',
      type: 'application/json',
    });
  });

  test('encoding null: the answer is a Buffer, byte by byte', async () => {
    const { body } = await ask({ uri: `${base}/bytes`, method: 'GET', encoding: null, timeout: 5_000 });
    expect(body).toEqual(Buffer.from([0xff, 0x00, 0xfe]));
  });

  test('status 500 and a redirect: answers, not errors; the redirect is not followed', async () => {
    expect(await ask({ uri: `${base}/fail`, method: 'GET', timeout: 5_000 })).toMatchObject({ statusCode: 500 });
    expect(await ask({ uri: `${base}/away`, method: 'GET', timeout: 5_000 })).toMatchObject({ statusCode: 302 });
  });

  test('no answer in time, nobody there, a URL that is none: errors for the callback', async () => {
    await expect(ask({ uri: `${base}/hang`, method: 'GET', timeout: 100 })).rejects.toThrow(/time/i);
    await expect(ask({ uri: 'http://127.0.0.1:1/', method: 'GET', timeout: 5_000 })).rejects.toThrow();
    await expect(ask({ uri: 'nonsense', method: 'GET', timeout: 5_000 })).rejects.toThrow();
  });
});
