import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Log } from '../../../src/core/ports/runtime.ts';
import { openServer, type WebServer } from '../../../src/web/server.ts';
import { expectAtMost } from '../../fakes/pace.ts';

const lines: string[] = [];
const note = (message: string) => void lines.push(message);
const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };
let server: WebServer;

async function open(): Promise<string> {
  lines.length = 0;
  server = await openServer({ host: '127.0.0.1', port: 0 }, log);
  return `http://127.0.0.1:${server.address.port}`;
}
afterEach(() => server.close());

/** Bytes as they are, until the other side closes or `ms` are over. */
function raw(text: string, ms = 3_000): Promise<{ answer: string; closed: boolean }> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(server.address.port, '127.0.0.1', () => socket.write(text));
    const timer = setTimeout(() => {
      socket.destroy();
      resolve({ answer, closed: false });
    }, ms);
    const over = () => {
      clearTimeout(timer);
      resolve({ answer, closed: true });
    };
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', over);
    socket.on('error', over);
  });
}

describe('routes', () => {
  test('exact and the rest: the right one, with path and query', async () => {
    const url = await open();
    server.mount('/a', { handle: async ({ query }) => ({ status: 200, body: `a ${query.get('q')}` }) });
    expect((await fetch(`${url}/b`)).status).toBe(404);
    expect((await fetch(`${url}/a/`)).status).toBe(404);
    server.mount('/*', { handle: async ({ path }) => ({ status: 200, body: `rest ${path}` }) });
    expect(await (await fetch(`${url}/a?q=1`)).text()).toBe('a 1');
    expect(await (await fetch(`${url}/b/c/d`)).text()).toBe('rest /b/c/d');
  });

  test('many at once: one is taken up a turn of the loop, in the order in which they came', async () => {
    const url = await open();
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    const takenUp: number[] = [];
    server.mount('/a', {
      async handle() {
        takenUp.push(turns);
        return { status: 200 };
      },
    });
    setImmediate(count);
    await Promise.all(Array.from({ length: 12 }, () => fetch(`${url}/a`)));
    isOver = true;
    expect(takenUp).toHaveLength(12);
    expect(new Set(takenUp).size).toBe(12);
  });

  test('all connections are kept by who asks for nothing more: those who come next find room', async () => {
    const url = await open();
    server.mount('/a', { handle: async () => ({ status: 200 }) });
    const sockets = await Promise.all(
      Array.from({ length: 300 }, (_, at) => {
        const socket = connect({
          port: server.address.port,
          host: '127.0.0.1',
          localAddress: `127.0.1.${1 + (at % 6)}`,
        });
        socket.on('error', () => undefined);
        return new Promise<typeof socket>((resolve) => {
          socket.once('data', () => resolve(socket));
          socket.once('close', () => resolve(socket));
          socket.write('GET /a HTTP/1.1\r\nhost: x\r\n\r\n');
        });
      }),
    );
    await new Promise((wake) => setTimeout(wake, 50));
    expect((await fetch(`${url}/a`)).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  test('the same path twice: a mistake', async () => {
    await open();
    server.mount('/a', { handle: async () => ({ status: 200 }) });
    expect(() => server.mount('/a', { handle: async () => ({ status: 200 }) })).toThrow('mounted already');
  });

  test('HEAD: the headers of GET; other methods: 405 with what is allowed', async () => {
    const url = await open();
    server.mount('/a', { handle: async () => ({ status: 200, body: 'four' }) });
    const head = await fetch(`${url}/a`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '4', '']);
    const post = await fetch(`${url}/a`, { method: 'POST', body: 'x' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET']);
  });

  test('every answer: headers that keep browsers out of trouble, no name of the software', async () => {
    const url = await open();
    const { headers } = await fetch(`${url}/nothing`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull();
  });

  test('a page that throws: 500 without a word of why, one line in the log, one when it works again', async () => {
    const url = await open();
    let broken = true;
    server.mount('/a', {
      async handle() {
        if (broken) throw new Error('secret detail');
        return { status: 200 };
      },
    });
    for (let i = 0; i < 3; i++) {
      const answer = await fetch(`${url}/a`);
      expect([answer.status, await answer.text()]).toEqual([500, '']);
    }
    broken = false;
    expect((await fetch(`${url}/a`)).status).toBe(200);
    expect(lines).toEqual(['A page of the web listener fails', 'A page of the web listener works again']);
  });
});

describe('bounds', () => {
  const echo = (over: object = {}) => ({
    methods: ['POST'],
    maxBytes: 100,
    async handle({ body }: { body(): Promise<Uint8Array> }) {
      return { status: 200, body: await body() };
    },
    ...over,
  });

  test('a body within the bound: read; one past it, declared or not: 413', async () => {
    const url = await open();
    server.mount('/in', echo());
    expect(await (await fetch(`${url}/in`, { method: 'POST', body: 'я'.repeat(50) })).text()).toBe('я'.repeat(50));
    const large = await fetch(`${url}/in`, { method: 'POST', body: 'a'.repeat(101) });
    expect([large.status, await large.text()]).toEqual([413, 'This takes 100 bytes at most: send less.\n']);
    const chunk = `ff\r\n${'a'.repeat(255)}\r\n`;
    const { answer, closed } = await raw(
      `POST /in HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(4)}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(closed).toBe(true);
  });

  test('a body that drips: 408 at the end of the route’s time', async () => {
    await open();
    server.mount('/in', echo({ timeoutMs: 200 }));
    const { answer, closed } = await raw('POST /in HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\nabc');
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(closed).toBe(true);
  });

  test('a page that hangs: 503 in time; more than may run at once: 503 at once', async () => {
    const url = await open();
    server.mount('/slow', { timeoutMs: 300, concurrency: 2, handle: () => new Promise(() => {}) });
    const began = performance.now();
    const statuses = await Promise.all([1, 2, 3].map(async () => (await fetch(`${url}/slow`)).status));
    expect(statuses).toEqual([503, 503, 503]);
    expectAtMost(performance.now() - began, 2_000);
  });

  test.each([
    ['headers past 8 KB', `GET / HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(9_000)}\r\n\r\n`, 400],
    ['no HTTP at all', '\u0016\u0003\u0001 hello\r\n\r\n', 400],
    [
      'an address past 2,000 characters',
      `GET /${'a'.repeat(3_000)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      414,
    ],
    [
      'an address of another server',
      'GET http://other.example/metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      400,
    ],
    [
      'both lengths (smuggling)',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ])('%s: refused and closed', async (_name, text, status) => {
    await open();
    const { answer, closed } = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(closed).toBe(true);
  });

  test('an upgrade: answered as any request, or closed; never left open', async () => {
    await open();
    const { closed } = await raw('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    expect(closed).toBe(true);
  });

  test('headers that never end: cut after 5 s', async () => {
    await open();
    const { closed } = await raw('GET / HTTP/1.1\r\nhost: x\r\n', 9_000);
    expect(closed).toBe(true);
  });

  test('an address that is taken: says what to do', async () => {
    await open();
    const { port } = server.address;
    await expect(openServer({ host: '127.0.0.1', port }, log)).rejects.toMatchObject({
      code: 'listen_failed',
      message: `Unable to listen on 127.0.0.1:${port}: something else listens there; name another address under "web: listen".`,
    });
  });
});
