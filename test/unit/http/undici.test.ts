import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type * as Undici from 'undici';
import * as whole from 'undici';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Agent, proxyAgent, request, socksAgent } from '../../../src/platform/undici.ts';

describe('the parts of undici', () => {
  const asked: string[] = [];
  const server = createServer((incoming, answer) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    answer.writeHead(302, { location: '/elsewhere' }).end('here');
  });
  beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)));
  afterAll(() => void server.close());

  test('taken by the names of their files: the very classes that the package exports', () => {
    expect(Agent).toBe(whole.Agent);
    expect(proxyAgent({ uri: 'http://127.0.0.1:1' })).toBeInstanceOf(whole.ProxyAgent);
    expect(socksAgent('socks5://127.0.0.1:1', {})).toBeInstanceOf(whole.Socks5ProxyAgent);
  });

  test('a SOCKS5 proxy, which undici calls experimental: no warning, and later warnings are heard again', () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    socksAgent('socks5://127.0.0.1:1', {});
    expect(warned).not.toHaveBeenCalled();
    process.emitWarning('later');
    expect(warned).toHaveBeenCalledOnce();
    warned.mockRestore();
  });

  test('a faulty address of a SOCKS5 proxy: the error goes up, and warnings are heard again', () => {
    const before = process.emitWarning;
    expect(() => socksAgent('ftp://127.0.0.1:1', {})).toThrow();
    expect(process.emitWarning).toBe(before);
  });

  test('a request: path and query as they are, and a redirect is the caller’s matter', async () => {
    const dispatcher = new Agent();
    const { port } = server.address() as AddressInfo;
    const answer = await request(new URL(`http://127.0.0.1:${port}/a%20b?q=1&q=2`), { method: 'GET', dispatcher });
    expect([answer.statusCode, answer.headers.location, await answer.body.text()]).toEqual([302, '/elsewhere', 'here']);
    expect(asked).toEqual(['GET /a%20b?q=1&q=2']);
    await dispatcher.close();
  });

  test('HTTP/2: not read with the rest, and there for whoever speaks it', async () => {
    const code = `await import(${JSON.stringify(new URL('../../../src/platform/undici.ts', import.meta.url).href)});
      console.log(process.moduleLoadList.includes('NativeModule http2'));`;
    const args = ['--input-type=module', '--no-warnings', '-e', code];
    expect(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout).toBe('false\n');
    const speaks2 = createHttp2((_, answer) => void answer.end('second'));
    await new Promise<void>((done) => speaks2.listen(0, '127.0.0.1', done));
    const dispatcher = new Agent({ useH2c: true } as Undici.Agent.Options);
    const { port } = speaks2.address() as AddressInfo;
    const answer = await request(new URL(`http://127.0.0.1:${port}/`), { method: 'GET', dispatcher });
    expect(await answer.body.text()).toBe('second');
    await dispatcher.close();
    await new Promise((done) => speaks2.close(done));
  });
});
