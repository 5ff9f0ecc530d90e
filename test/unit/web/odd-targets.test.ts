/** Request targets that a proxy in front reads otherwise than we do: health and metrics are reached by their plain paths alone, or on a listener of their own. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { openWeb, type Web } from '../../../src/web/index.ts';
import { quietLog, recordingLog } from '../../fakes/fake-log.ts';
import { FORMS, PRIVATE } from './odd-targets.ts';

let web: Web;
afterEach(() => web?.close());

const HERE = { host: '127.0.0.1', port: 0 };
const REST = 'a page';

const open = async (listen: Parameters<typeof openWeb>[0] = HERE) => {
  web = await openWeb(listen, { clock: systemClock, log: quietLog });
  web.mount('/*', { concurrency: 1_000, handle: async () => ({ status: 200, body: REST }) });
};

/** Status and body for a target as it stands, byte for byte. */
async function ask(port: number, target: string): Promise<{ status: number; body: string }> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk));
  socket.write(`GET ${target} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n`, 'latin1');
  await once(socket, 'close');
  return { status: Number(answer.split(' ')[1]), body: answer.slice(answer.indexOf('\r\n\r\n') + 4) };
}

const targets = [
  ...FORMS.flatMap((form) => PRIVATE.map((name) => form.replaceAll('NAME', name))),
  '/%6detrics',
  '/metric%73',
  '/METRICS',
  '/Healthz',
  '/%68ealthz',
  '/me\ttrics',
];

test('odd targets: there are more than ninety', () => expect(new Set(targets).size).toBeGreaterThan(90));

describe.each([
  ['one listener', HERE],
  ['a listener of their own', { ...HERE, private: HERE }],
])('%s', (_name, listen) => {
  test.each([...new Set(targets)].map((target) => [JSON.stringify(target), target]))(
    '%s: a page or a refusal, never health or metrics',
    async (_shown, target) => {
      await open(listen);
      const { status, body } = await ask(web.address.port, target);
      expect([200, 400]).toContain(status);
      expect(body).toBe(status === 200 ? REST : body.includes('no escape') ? body : '');
    },
  );

  test('what begins with two slashes, or a slash the wrong way: refused, also where it hides nothing', async () => {
    await open(listen);
    for (const port of [web.address.port, web.private.port])
      for (const target of ['//', '//a', '/\\', '/\\a', '//a/b'])
        expect((await ask(port, target)).status, target).toBe(400);
  });

  test('the addresses that pages have: as ever', async () => {
    await open(listen);
    for (const target of [
      '/',
      '/country/ru',
      '/search?q=//x/../y',
      '/search?q=%2e%2e',
      '/incident/RU-whatsapp-3f9k',
      '/a%20b',
    ])
      expect(await ask(web.address.port, target), target).toEqual({ status: 200, body: REST });
  });
});

test('without an address of their own: the plain paths answer, whatever their query', async () => {
  await open();
  for (const name of PRIVATE)
    for (const query of ['', '?', '?a=//x/'])
      expect((await ask(web.address.port, `/${name}${query}`)).body, name).not.toBe(REST);
});

test('with one: they answer there alone, and pages do not', async () => {
  await open({ ...HERE, private: HERE });
  for (const name of PRIVATE) {
    expect((await ask(web.address.port, `/${name}`)).body).toBe(REST);
    expect((await ask(web.private.port, `/${name}`)).body).not.toBe(REST);
  }
  expect((await ask(web.private.port, '/healthz')).body).toContain('"alive":true');
  expect((await ask(web.private.port, '/')).status).toBe(404);
});

test('pages without an address of their own for metrics: one warning that names the key; with one, or without pages, none', async () => {
  const warnings = async (listen: Parameters<typeof openWeb>[0]) => {
    const { log, said } = recordingLog();
    await (await openWeb(listen, { clock: systemClock, log })).close();
    return said().filter((line) => line.startsWith('warn'));
  };
  expect(await warnings({ ...HERE, pages: true })).toEqual([expect.stringContaining('"web: private"')]);
  expect(await warnings({ ...HERE, pages: true, private: HERE })).toEqual([]);
  expect(await warnings(HERE)).toEqual([]);
});

test('their address is taken: said with the key, and the other is given back', async () => {
  await open();
  await expect(openWeb({ ...HERE, private: web.address }, { clock: systemClock, log: quietLog })).rejects.toMatchObject(
    {
      code: 'listen_failed',
      message: expect.stringContaining('"web: private"'),
    },
  );
});
