import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer as createTcp } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { apiClient } from '../../../src/adapters/telegram/client.ts';
import { expectAtMost } from '../../fakes/pace.ts';

async function server(listener: RequestListener): Promise<string> {
  const s = createServer(listener);
  await new Promise<void>((resolve) => s.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    s.close();
    s.closeAllConnections();
  });
  return `http://127.0.0.1:${(s.address() as AddressInfo).port}`;
}
const client = (apiRoot: string, proxy: string | null = null) => {
  const made = apiClient({ apiRoot, token: '1:secret' }, proxy, 4);
  onTestFinished(() => made.close());
  return made;
};
const ok: RequestListener = (_, response) => response.end('{"ok":true,"result":{"message_id":1}}');
const answered = { kind: 'answer', status: 200, body: { ok: true, result: { message_id: 1 } } };

test('apiRoot with a path, and with a slash at its end', async () => {
  const paths: (string | undefined)[] = [];
  const root = await server((request, response) => {
    paths.push(request.url);
    ok(request, response as never);
  });
  expect(await client(`${root}/tg/`).call('getMe', '{}', { deadlineMs: 1000 })).toEqual(answered);
  expect(await client(root).call('getMe', '{}', { deadlineMs: 1000 })).toEqual(answered);
  expect(paths).toEqual(['/tg/bot1:secret/getMe', '/bot1:secret/getMe']);
});

test.each([
  ['no answer', () => {}, 'timeout'],
  [
    'an answer without an end',
    (_: IncomingMessage, response: { write(s: string): void }) => response.write('{"ok":'),
    'timeout',
  ],
  [
    'an endless one',
    (_: IncomingMessage, response: NodeJS.WritableStream) =>
      void setInterval(() => response.write('x'.repeat(65_536)), 1).unref(),
    'server',
  ],
] as [string, RequestListener, string][])('%s: a failure within the deadline', async (_, listener, reason) => {
  const begun = performance.now();
  const answer = await client(await server(listener)).call('sendMessage', '{}', { deadlineMs: 300 });
  expect(answer).toMatchObject({ kind: 'failure', reason, reached: true });
  expectAtMost(performance.now() - begun, 1000);
});

test.each([
  [502, '<html>nginx</html>'],
  [403, '<html>This site is blocked by order of the authority</html>'],
  [302, ''],
  [200, '<html>Log in to the hotel</html>'],
  [403, '{"ok":false}'],
  [404, '{"error":"x"}'],
])('%i %s: the line, not the chat', async (status, page) => {
  const root = await server((_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(page));
  expect(await client(root).call('sendMessage', '{}', { deadlineMs: 1000 })).toMatchObject({
    kind: 'failure',
    reason: 'server',
  });
});

test('more calls than sockets: all answered; one that is given up in the queue is never sent', async () => {
  let requests = 0;
  const root = await server((request, response) => {
    requests++;
    setTimeout(() => ok(request, response as never), 40);
  });
  const one = client(root);
  const stop = new AbortController();
  const calls = Array.from({ length: 8 }, () => one.call('x', '{}', { deadlineMs: 2000 }));
  const dropped = one.call('x', '{}', { deadlineMs: 2000, signal: stop.signal });
  stop.abort();
  expect(await dropped).toMatchObject({ kind: 'failure', reason: 'canceled' });
  for (const call of calls) expect(await call).toEqual(answered);
  expect(requests).toBe(8);
});

test('after close: a failure, no exception', async () => {
  const closed = client(await server(ok));
  await closed.close();
  expect(await closed.call('x', '{}', { deadlineMs: 500 })).toMatchObject({ kind: 'failure' });
});

describe('proxies', () => {
  test('http: an https target by CONNECT, an http one by its whole address', async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      ok(request, response as never);
    });
    proxy.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      socket.on('error', () => {});
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const uri = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    expect(await client('http://tg.example', uri).call('getMe', '{}', { deadlineMs: 2000 })).toEqual(answered);
    expect(await client('https://tg.example', uri).call('getMe', '{}', { deadlineMs: 2000 })).toMatchObject({
      kind: 'failure',
      reached: false,
    });
    expect(asked).toEqual(['POST http://tg.example/bot1:secret/getMe', 'CONNECT tg.example:443']);
  });

  test('socks5', async () => {
    const root = await server(ok);
    let used = 0;
    const proxy = createTcp((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', (hello: Buffer) => {
          used++;
          const host =
            hello[3] === 1 ? [...hello.subarray(4, 8)].join('.') : hello.subarray(5, 5 + hello[4]!).toString();
          const upstream = connect(hello.readUInt16BE(hello.length - 2), host, () => {
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            upstream.pipe(socket).pipe(upstream);
          });
          upstream.on('error', () => {});
        });
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    expect(
      await client(root, `socks5://127.0.0.1:${(proxy.address() as AddressInfo).port}`).call('getMe', '{}', {
        deadlineMs: 2000,
      }),
    ).toEqual(answered);
    expect(used).toBe(1);
  });

  test('a proxy that is not there: not reached, and soon', async () => {
    for (const proxy of ['http://127.0.0.1:9', 'socks5://127.0.0.1:9'])
      expect(await client('http://tg.example', proxy).call('getMe', '{}', { deadlineMs: 3000 })).toMatchObject({
        kind: 'failure',
        reached: false,
      });
  });
});
