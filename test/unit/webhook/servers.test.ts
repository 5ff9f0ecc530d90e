/** The adapter against real servers, by the guarded fetch: what they do with a request, and what becomes of it. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import { createAdapter } from '../../../src/adapters/webhook/adapter.ts';
import { webhookKind } from '../../../src/adapters/webhook/config.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { ChatAdapter, Outgoing } from '../../../src/core/ports/chat-adapter.ts';
import { createHttp } from '../../../src/platform/http.ts';
import { testDeps } from '../../contract/adapter-deps.ts';
import { scratchFolder } from '../../fakes/scratch.ts';
import { serve } from '../http/servers.ts';
import { change, documentOf, facts } from './samples.ts';
import { SECRET } from './world.ts';

const never = new AbortController().signal;
const ROTATED = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(listener: RequestListener, account: Record<string, unknown> = {}, allowPrivateAddresses = true) {
  const server = await serve(listener);
  const { http, resolves, close } = createHttp({ allowPrivateAddresses });
  closing.push(server.close, close);
  const at = { id: 'hook', platform: 'webhook', url: `${server.url}/in`, secret: SECRET, follow: ['all'], ...account };
  const adapter = createAdapter(v.parse(webhookKind.schema, at), testDeps({ http, resolves }));
  return { adapter, server };
}

const message = (over: Partial<Outgoing> = {}): Outgoing =>
  ({
    op: 'send',
    address: { accountId: 'hook', chat: 'target', thread: null },
    document: { ...documentOf('🔴 WhatsApp — заблокирован'), facts: { incidents: [facts([change(1)])] } },
    key: 'tocsin.b1.7.send',
    replyTo: null,
    ...over,
  }) as Outgoing;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  return body;
}

interface Got {
  headers: Record<string, string>;
  body: string;
}

async function received(secret: string): Promise<{ got: Got[]; adapter: ChatAdapter }> {
  const got: Got[] = [];
  const { adapter } = await open(
    (request, response) =>
      void bodyOf(request).then((body) => {
        got.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(204).end();
      }),
    { secret },
  );
  expect(await adapter.send(message(), never)).toMatchObject({ kind: 'delivered' });
  return { got, adapter };
}

describe('signatures', () => {
  test('a Standard Webhooks library of others: accepts it; not with another key, another body or another id', async () => {
    const { got } = await received(SECRET);
    const [{ headers, body }] = got as [Got];
    expect(headers['content-type']).toBe('application/json');
    expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({
      type: 'incident.opened',
      data: { incident: { id: 'RU-whatsapp-3f9k' }, text: '🔴 WhatsApp — заблокирован' },
    });
    expect(() => new Webhook(ROTATED).verify(body, headers)).toThrow('No matching signature');
    expect(() => new Webhook(SECRET).verify(body.replace('RU', 'BY'), headers)).toThrow('No matching signature');
    expect(() => new Webhook(SECRET).verify(body, { ...headers, 'webhook-id': 'other' })).toThrow(
      'No matching signature',
    );
  });

  test('two keys, while one is changed for the other: both accept it', async () => {
    const { got } = await received(`${ROTATED} ${SECRET}`);
    const [{ headers, body }] = got as [Got];
    for (const key of [SECRET, ROTATED])
      expect(new Webhook(key).verify(body, headers)).toMatchObject({ type: 'incident.opened' });
  });

  test('the receiver of docs/webhooks.md: accepts it, and nothing that is forged or old', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8');
    const code = /```js\n([\s\S]*?)```/.exec(page)![1]!;
    const { verify } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      verify(headers: Record<string, string>, body: string, secret: string): { type: string } | null;
    };
    const { got } = await received(`${ROTATED} ${SECRET}`);
    const [{ headers, body }] = got as [Got];
    expect(verify(headers, body, SECRET)).toMatchObject({ type: 'incident.opened' });
    expect(verify(headers, `${body} `, SECRET)).toBeNull();
    expect(verify({ ...headers, 'webhook-timestamp': '1700000000' }, body, SECRET)).toBeNull();
    expect(verify({ ...headers, 'webhook-signature': 'v1,AAAA' }, body, SECRET)).toBeNull();
    expect(verify({}, body, SECRET)).toBeNull();
  });

  test('the configuration of docs/webhooks.md: accepted', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8');
    const folder = scratchFolder('tocsin-webhook-');
    const file = join(folder, 'doc.yaml');
    writeFileSync(file, /```yaml\n([\s\S]*?)```/.exec(page)![1]!);
    const { accounts } = await loadConfig({ file, env: { HOOK_SECRET: SECRET }, cwd: folder });
    rmSync(folder, { recursive: true });
    expect(accounts).toMatchObject([{ id: 'hook', preset: 'standard', follow: ['ru', 'whatsapp'], secret: SECRET }]);
  });

  test('the message shown in docs/webhooks.md: has the keys of one that is sent', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8');
    const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]!);
    const { got } = await received(SECRET);
    const keysOf = (value: object | null): unknown =>
      value === null
        ? null
        : Object.entries(value).map(([key, inner]) =>
            inner && typeof inner === 'object' && !Array.isArray(inner) ? [key, keysOf(inner)] : key,
          );
    const sent = JSON.parse(got[0]!.body);
    sent.data.change.from = sent.data.change.to;
    expect(keysOf(shown)).toEqual(keysOf(sent));
  });
});

describe('receivers', () => {
  test('200 and a body without end: it has it, at once', async () => {
    const { adapter } = await open((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'.repeat(50_000)), 5);
      response.on('close', () => clearInterval(drip));
    });
    expect(await adapter.send(message(), never)).toMatchObject({ kind: 'delivered' });
    // Not held up by the first: the same host has two connections.
    for (const seq of [2, 3, 4]) {
      const document = { ...documentOf('x'), facts: { incidents: [facts([change(1), change(seq)])] } };
      expect(await adapter.send(message({ document }), never)).toMatchObject({ kind: 'delivered' });
    }
  });

  test('410 and a body without end: ended', async () => {
    const { adapter } = await open((_, response) => {
      response.writeHead(410);
      response.write('x');
    });
    expect(await adapter.send(message(), never)).toMatchObject({ kind: 'gone' });
    expect(await adapter.send(message(), never)).toMatchObject({ kind: 'gone' });
    expect(adapter.health()).toMatchObject({ ok: false, problem: expect.stringContaining('has ended') });
  });

  test('a redirect: not followed, and named', async () => {
    const inside = await serve((_, response) => response.end('secret'));
    closing.push(inside.close);
    const { adapter } = await open((_, response) => response.writeHead(307, { location: `${inside.url}/admin` }).end());
    expect(await adapter.send(message(), never)).toMatchObject({
      kind: 'retry',
      scope: 'account',
      detail: expect.stringContaining('redirect'),
    });
    expect(inside.seen).toEqual([]);
  });

  test.each(['http://127.0.0.1/in', 'http://[::1]/in', 'http://169.254.169.254/latest', 'http://localhost/in'])(
    'a private address (%s): nothing is sent, and the check says why',
    async (url) => {
      const { adapter, server } = await open((_, response) => response.end(), {}, false);
      const { port } = new URL(server.url);
      const { adapter: inside } = await open(
        (_, response) => response.end(),
        { url: url.replace('/in', `:${port}/in`) },
        false,
      );
      for (const one of [adapter, inside])
        expect(await one.send(message(), never)).toMatchObject({
          kind: 'retry',
          detail: expect.stringContaining('private'),
        });
      expect(await inside.login!.check(never)).toMatchObject({
        ok: false,
        problem: expect.stringContaining('private'),
      });
      expect(server.seen).toEqual([]);
    },
  );

  test('the connection breaks: again later; when it works, the same id', async () => {
    const ids: unknown[] = [];
    let broken = true;
    const { adapter } = await open((request, response) => {
      ids.push(request.headers['webhook-id']);
      if (broken) request.socket.destroy();
      else response.end();
    });
    expect(await adapter.send(message(), never)).toMatchObject({
      kind: 'retry',
      reason: 'server',
      afterMs: expect.any(Number),
    });
    broken = false;
    expect(await adapter.send(message(), never)).toMatchObject({ kind: 'delivered' });
    expect(new Set(ids).size).toBe(1);
  });

  test('nobody listens: again later; cut off by the stop: canceled', async () => {
    const free = createServer();
    await new Promise<void>((ready) => void free.listen(0, '127.0.0.1', ready));
    const { port } = free.address() as AddressInfo;
    await new Promise((done) => free.close(done));
    const { adapter } = await open((_, response) => response.end(), { url: `http://127.0.0.1:${port}/` });
    expect(await adapter.send(message(), never)).toMatchObject({ kind: 'retry', reason: 'server' });
    const { adapter: hanging, server } = await open(() => {});
    const stop = new AbortController();
    const sending = hanging.send(message(), stop.signal);
    while (server.seen.length === 0) await new Promise((turn) => setImmediate(turn));
    stop.abort();
    expect(await sending).toMatchObject({ kind: 'retry', reason: 'canceled' });
    expect(hanging.health().ok).toBe(true);
  });

  test('check: a name that resolves is well, one that does not is named; no request is made', async () => {
    const { adapter, server } = await open((_, response) => response.end());
    expect(await adapter.login!.check(never)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('no message was sent'),
    });
    expect(server.seen).toEqual([]);
    const { adapter: lost } = await open((_, response) => response.end(), { url: 'https://no-such-host.invalid/x' });
    expect(await lost.login!.check(never)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('no-such-host.invalid'),
    });
  });

  test('a bearer token where the preset has one', async () => {
    const seen: unknown[] = [];
    const { adapter } = await open(
      (request, response) => {
        seen.push(request.headers.authorization, request.url, request.headers['webhook-id']);
        response.end();
      },
      { preset: 'alertmanager', secret: 'tk_1' },
    );
    await adapter.send(message(), never);
    expect(seen).toEqual(['Bearer tk_1', '/in/api/v2/alerts', undefined]);
  });
});
