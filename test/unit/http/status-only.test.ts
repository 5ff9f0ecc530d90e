/** What asks for a status alone, and what asks whether an address may be called. */
import { afterEach, expect, test } from 'vitest';
import { createHttp } from '../../../src/platform/http.ts';
import { type Running, serve } from './servers.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
function client(options: Parameters<typeof createHttp>[0]) {
  const made = createHttp(options);
  closing.push(made.close);
  return made;
}

test.each<[string, Parameters<typeof serve>[0]]>([
  ['ends at once', (_, response) => void response.writeHead(418, { 'x-it': 'is' }).end('short')],
  ['never comes', (_, response) => void response.writeHead(418, { 'x-it': 'is' }).write('x')],
  [
    'says that it is a gigabyte',
    (_, response) => void response.writeHead(418, { 'x-it': 'is', 'content-length': 2 ** 30 }).write('x'),
  ],
  [
    'is no gzip, as it claims',
    (_, response) => void response.writeHead(418, { 'x-it': 'is', 'content-encoding': 'gzip' }).end('x'),
  ],
])('status only: a body that %s is left, and the next request goes out', async (_, listener) => {
  const server: Running = await serve(listener);
  closing.push(server.close);
  const { http } = client({ allowPrivateAddresses: true, perHost: 1 });
  for (let i = 0; i < 2; i++) {
    const answer = await http({ url: server.url, method: 'POST', body: '{}', statusOnly: true });
    expect(answer).toMatchObject({ status: 418, headers: { 'x-it': 'is' } });
    expect(answer.body.byteLength).toBe(0);
  }
});

const resolve = async (name: string) => {
  if (name === 'lost.example') throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
  return [{ address: name === 'inside.example' ? '10.0.0.7' : '93.184.216.34', family: 4 }];
};
test.each([
  ['https://news.example/x', null],
  ['https://93.184.216.34/x', null],
  ['https://lost.example/', 'fetch_dns'],
  ['https://inside.example/', 'fetch_blocked_address'],
  ['http://127.0.0.1/', 'fetch_blocked_address'],
  ['http://localhost/', 'fetch_blocked_address'],
  ['ftp://news.example/', 'fetch_blocked_address'],
  ['nonsense', 'fetch_blocked_address'],
])('may %s be called: %s', async (url, code) => {
  const { resolves } = client({ resolve });
  const found = await resolves(url).then(
    () => null,
    (error: { code: string }) => error.code,
  );
  expect(found).toBe(code);
});

test('behind a proxy: a name is judged by its look', async () => {
  const { resolves } = client({ proxy: 'http://127.0.0.1:3128', resolve });
  await resolves('https://lost.example/');
  await expect(resolves('http://router.lan/')).rejects.toMatchObject({ code: 'fetch_blocked_address' });
});
