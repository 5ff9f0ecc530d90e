import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { canonicalUrl } from '../../../src/core/correlate/canonical.ts';
import { percentFault } from '../../../src/core/model/connection-address.ts';
import { createHttp } from '../../../src/platform/http.ts';
import { openStore } from '../../../src/store/open.ts';
import { openServer } from '../../../src/web/server.ts';
import { deps } from '../../contract/store/samples.ts';
import { quietLog as quiet } from '../../fakes/fake-log.ts';
import { serve } from '../http/servers.ts';

const failure = (work: Promise<unknown>): Promise<{ code?: string; message: string }> =>
  work.then(
    () => ({ message: 'no failure' }),
    (error: Error) => error,
  );
const config = (text: string, env: Record<string, string> = {}) => {
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-percent-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 't.yaml'), text);
  return failure(loadConfig({ file: join(dir, 't.yaml'), env, cwd: dir }));
};
const feed = (url: string): string => `sources:\n  - { id: a, kind: rss, publisher: p, url: "${url}" }\n`;

describe('a malformed "%" in an address of the configuration is named with its place', () => {
  test.each([
    [
      'a feed',
      feed('https://a.example/100%'),
      {},
      't.yaml: sources[0].url: holds a "%" that is no escape (character 22)',
    ],
    [
      'a password of a feed',
      feed('https://u:s3cr%zz@a.example/'),
      {},
      't.yaml: sources[0].url: holds a user name or password',
    ],
    [
      'a password that is no UTF-8',
      feed('https://u:%ff@a.example/'),
      {},
      't.yaml: sources[0].url: holds a user name or password',
    ],
    ['the proxy', 'network: { proxy: "http://u:%@p.example:1" }', {}, 't.yaml: network.proxy: holds a user name'],
    [
      'the web address',
      'web: { listen: "127.0.0.1:0", publicUrl: "https://a.example/%" }',
      {},
      't.yaml: web.publicUrl: holds',
    ],
    ['the database', 'database: "postgres://u:p%@h/d"', {}, 't.yaml: database: holds a user name'],
    [
      'the name of the database',
      'database: "postgres://u:p@h/%ff"',
      {},
      't.yaml: database: holds an escape that is no UTF-8',
    ],
    [
      'TOCSIN_DATABASE',
      '',
      { TOCSIN_DATABASE: 'postgres://u:p%@h/d' },
      'environment: TOCSIN_DATABASE: holds a user name',
    ],
    [
      'a variable',
      feed('env:FEED'),
      { FEED: 'https://a.example/%x' },
      'sources[0].url (environment variable FEED): holds a "%"',
    ],
    [
      'a homeserver',
      'accounts: [{ id: m, platform: matrix, homeserver: "https://%@hs.example", userId: "@a:hs.example", token: "x" }]',
      {},
      't.yaml: accounts[0].homeserver: holds a user name',
    ],
  ])('%s', async (_name, text, env, told) => {
    const { code, message } = await config(text, env as unknown as Record<string, string>);
    expect([code, message]).toEqual(['config_invalid', expect.stringContaining(told)]);
    expect(message).toContain('write "%25"');
    expect(message).not.toContain('s3cr');
  });

  test('escapes of any charset in a path, and a "%" in what is no address: fine', () => {
    for (const text of ['https://a.example/%EF%F0?q=%25', '100% sure', 'file:%', '%'])
      expect(percentFault(text)).toBeNull();
  });
});

test('a database address with a malformed "%": store_failed that says so', async () => {
  for (const url of ['postgres://u:%@127.0.0.1:9/x', 'postgres://127.0.0.1:9/%ff', 'postgres://127.0.0.1:9/x?a=%zz'])
    expect(await failure(openStore(url, deps))).toMatchObject({
      code: 'store_failed',
      message: expect.stringContaining('The address of the database holds'),
    });
});

test('the fetch: a malformed "%" in credentials is named, asked or redirected to; elsewhere it is the server’s own', async () => {
  const server = await serve((request, response) =>
    request.url === '/to'
      ? response.writeHead(302, { location: `http://u:%zz@127.0.0.1:${server.port}/` }).end()
      : response.end('fine'),
  );
  const { http, close } = createHttp({ allowPrivateAddresses: true });
  onTestFinished(async () => {
    await close();
    await server.close();
  });
  const named = expect.stringContaining('holds a user name or password with a "%" that is no escape');
  expect(await failure(http({ url: `http://u:%zz@127.0.0.1:${server.port}/` }))).toMatchObject({
    code: 'fetch_blocked_address',
    message: named,
  });
  expect(await failure(http({ url: `${server.url}/to` }))).toMatchObject({ code: 'fetch_redirect', message: named });
  expect((await http({ url: `${server.url}/100%?q=%zz` })).status).toBe(200);
});

test('a feed’s link with a malformed "%": an address like any other', () => {
  for (const link of ['https://a.example/100%?q=%zz&utm_source=rss', 'https://u:%@a.example/x', '/a%b'])
    expect(() => canonicalUrl(link, 'https://a.example/')).not.toThrow();
});

test('the web listener: a malformed "%" in a path or query is 400 that says so', async () => {
  const server = await openServer({ host: '127.0.0.1', port: 0 }, quiet);
  onTestFinished(() => server.close());
  server.mount('/x', { handle: async () => ({ status: 200, body: 'fine' }) });
  const at = `http://127.0.0.1:${server.address.port}`;
  for (const path of ['/%zz', '/x?a=%', '/%']) {
    const answer = await fetch(at + path);
    expect([answer.status, await answer.text()]).toEqual([400, 'The address holds a "%" that is no escape.\n']);
  }
  expect((await fetch(`${at}/x?a=%25`)).status).toBe(200);
});
