/** The probe's own HTTP/1.1: whatever a censor or a server sends, in whatever pieces, it reads facts, and never more than it asked for. */
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { exchange, type HttpAsk } from '../../../src/sources/probe/net/http1.ts';

const never = new AbortController().signal;
const ask = (over: Partial<HttpAsk> = {}): HttpAsk => ({
  host: 'a.example',
  path: '/',
  maxBytes: 1_000,
  firstByteMs: 200,
  stallMs: 100,
  totalMs: 1_000,
  ...over,
});

/** Our end of a connection: what the server says is pushed, what we say is kept. */
function connection() {
  const written: Buffer[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  return { stream, written: () => Buffer.concat(written).toString('latin1') };
}

/** A server that says `pieces` one after another and then ends (or not). */
async function answering(pieces: readonly (string | Uint8Array)[], { end = true, over = {} as Partial<HttpAsk> } = {}) {
  const { stream } = connection();
  const answer = exchange(stream, ask(over), { clock: systemClock, signal: never });
  for (const piece of pieces) {
    stream.push(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
    await new Promise(setImmediate);
  }
  if (end) stream.push(null);
  return await answer;
}

type Answer = Awaited<ReturnType<typeof exchange>>;

describe('HTTP answers', () => {
  test.each<[string, string[], boolean, Partial<Answer> & { bytes?: number }]>([
    [
      'length',
      ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
      false,
      { outcome: 'ok', status: 200, bytes: 5, complete: true },
    ],
    [
      'in pieces',
      ['HTTP/1.', '1 200 OK\r\nContent-Le', 'ngth: 5\r\n\r', '\nhe', 'llo'],
      false,
      { outcome: 'ok', bytes: 5 },
    ],
    [
      'chunked',
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'],
      false,
      { outcome: 'ok', bytes: 5, complete: true },
    ],
    [
      'chunked, in pieces',
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r', '\nab', 'c\r\n', '2\r\nde', '\r\n0\r\n\r\n'],
      false,
      { outcome: 'ok', bytes: 5 },
    ],
    [
      'chunked: a length beside it is not believed',
      ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'],
      false,
      { outcome: 'ok', bytes: 3 },
    ],
    ['until the end', ['HTTP/1.0 200 OK\r\n\r\nhello'], true, { outcome: 'ok', bytes: 5 }],
    [
      'a length that is none: until the end',
      ['HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello'],
      true,
      { outcome: 'ok', bytes: 5 },
    ],
    ['204', ['HTTP/1.1 204 No Content\r\n\r\n'], false, { outcome: 'ok', status: 204, bytes: 0 }],
    [
      '304',
      ['HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n'],
      false,
      { outcome: 'ok', status: 304, bytes: 0 },
    ],
    [
      '100 first',
      ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
      false,
      { outcome: 'ok', status: 200 },
    ],
    [
      'larger than the cap',
      [`HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${'x'.repeat(5_000)}`],
      false,
      { outcome: 'ok', bytes: 1_000, complete: false },
    ],
    [
      'just the cap: whole',
      [`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1_000)}`],
      false,
      { outcome: 'ok', bytes: 1_000, complete: true },
    ],
    [
      'more than it said: no more is read',
      ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and the next answer'],
      false,
      { outcome: 'ok', bytes: 5, complete: true },
    ],
    [
      'stops in the middle',
      ['HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello'],
      false,
      { outcome: 'stall', status: 200, bytes: 5 },
    ],
    [
      'stops in the head',
      ['HTTP/1.1 200 OK\r\nContent-Le'],
      false,
      { outcome: 'stall', status: 0, bytes: 0, sha256: null },
    ],
    [
      'ends in the middle',
      ['HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello'],
      true,
      { outcome: 'eof', status: 200, complete: false },
    ],
    [
      'ends within its chunks',
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'],
      true,
      { outcome: 'eof', status: 200, bytes: 3 },
    ],
    ['closed without a word', [], true, { outcome: 'eof', status: 0 }],
    ['silence', [], false, { outcome: 'timeout', status: 0 }],
    ['no HTTP', ['SSH-2.0-OpenSSH_9\r\n\r\n'], false, { outcome: 'error' }],
    ['another HTTP', ['HTTP/2 200\r\n\r\n'], false, { outcome: 'error' }],
    ['endless head', [`HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(4_000)}`], false, { outcome: 'error' }],
    [
      'absurd chunk',
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
      false,
      { outcome: 'ok', bytes: 0 },
    ],
    [
      'a chunk whose size never ends',
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', ...Array<string>(40).fill('0'.repeat(1_000))],
      false,
      { outcome: 'error', status: 200, bytes: 0 },
    ],
  ])('%s', async (_name, pieces, end, expected) => {
    const got = await answering(pieces, { end });
    expect({ ...got, bytes: got.body.length }).toMatchObject(expected);
  });

  test('HEAD: the head alone, whatever length it names', async () => {
    const got = await answering(['HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n'], {
      end: false,
      over: { method: 'HEAD' },
    });
    expect(got).toMatchObject({ outcome: 'ok', status: 200, body: Buffer.alloc(0), complete: true });
    expect(got.headers.get('content-length')).toBe('99');
  });

  test('headers: names in lower case, values trimmed and bounded, a hundred at most, lines without a colon passed over', async () => {
    const many = Array.from({ length: 300 }, (_, n) => `X-${n}: v`).join('\r\n');
    const got = await answering([
      `HTTP/1.1 200 OK\r\nX-Mixed-CASE:   spaced  \r\nno colon here\r\nX-Long: ${'v'.repeat(5_000)}\r\n${many}\r\nContent-Length: 0\r\n\r\n`,
    ]);
    expect(got.headers.get('x-mixed-case')).toBe('spaced');
    expect(got.headers.get('x-long')).toHaveLength(2_000);
    expect(got.headers.size).toBeLessThanOrEqual(100);
  });

  test('a body in thousands of pieces: every byte of it once', async () => {
    const pieces = Array.from({ length: 5_000 }, () => '1\r\nx\r\n').join('');
    const got = await answering([`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${pieces}0\r\n\r\n`], {
      over: { maxBytes: 10_000 },
    });
    expect(got.body.toString()).toBe('x'.repeat(5_000));
  });

  test('a drip that never stalls: ended by the time for all of it', async () => {
    const { stream } = connection();
    const answer = exchange(stream, ask({ totalMs: 150, stallMs: 100 }), { clock: systemClock, signal: never });
    stream.push('HTTP/1.1 200 OK\r\n\r\n');
    const drip = setInterval(() => stream.push('x'), 20);
    expect(await answer).toMatchObject({ outcome: 'timeout', status: 200, complete: false });
    clearInterval(drip);
  });
});

describe('what is asked', () => {
  const requestOf = async (over: Partial<HttpAsk>): Promise<string> => {
    const { stream, written } = connection();
    const answer = exchange(stream, ask(over), { clock: systemClock, signal: never });
    stream.push('HTTP/1.1 204 No Content\r\n\r\n');
    await answer;
    return written();
  };

  test('a page: one GET in a browser’s words, and the connection is not kept', async () => {
    const request = await requestOf({ path: '/a?b=1' });
    expect(request).toMatch(/^GET \/a\?b=1 HTTP\/1\.1\r\nHost: a\.example\r\nUser-Agent: Mozilla/);
    expect(request).toMatch(/\r\nAccept-Encoding: identity\r\nConnection: close\r\n/);
    expect(request.endsWith('\r\n\r\n')).toBe(true);
  });

  test('a question with a body: its length, its headers before ours, the body behind the head', async () => {
    const body = Buffer.from('question');
    const request = await requestOf({ method: 'POST', body, headers: { Accept: 'text/x' }, keepAlive: true });
    expect(request).toContain('Content-Length: 8\r\n');
    expect(request).toContain('Connection: keep-alive\r\n');
    expect(request.match(/^Accept: .*$/gm)).toEqual(['Accept: text/x']);
    expect(request.endsWith('\r\n\r\nquestion')).toBe(true);
  });
});

describe('a connection in trouble', () => {
  test.each<[string, string, Answer['outcome']]>([
    ['cut by a reset', 'ECONNRESET', 'reset'],
    ['the other side is gone', 'EPIPE', 'reset'],
    ['anything else', 'EPROTO', 'error'],
  ])('%s (%s): %s', async (_name, code, outcome) => {
    const { stream } = connection();
    const answer = exchange(stream, ask(), { clock: systemClock, signal: never });
    stream.destroy(Object.assign(new Error('x'), { code }));
    expect(await answer).toMatchObject({ outcome, status: 0 });
  });

  test('stopped, before or in the middle: an answer at once', async () => {
    expect(
      (await exchange(connection().stream, ask(), { clock: systemClock, signal: AbortSignal.abort() })).outcome,
    ).toBe('error');
    const stop = new AbortController();
    const answer = exchange(connection().stream, ask({ firstByteMs: 60_000, totalMs: 60_000 }), {
      clock: systemClock,
      signal: stop.signal,
    });
    stop.abort();
    expect((await answer).outcome).toBe('error');
  });

  test('closed already: an end, and nothing is written to it', async () => {
    const { stream, written } = connection();
    stream.destroy();
    expect((await exchange(stream, ask(), { clock: systemClock, signal: never })).outcome).toBe('eof');
    expect(written()).toBe('');
  });

  test('left to the caller: no listener stays but one that swallows a late error, and the next question can be asked on it', async () => {
    const { stream } = connection();
    const before = ['data', 'end', 'close'].map((event) => stream.listenerCount(event));
    const asked = async () => {
      const answer = exchange(stream, ask({ keepAlive: true }), { clock: systemClock, signal: never });
      stream.push('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      return (await answer).body.toString();
    };
    expect([await asked(), await asked()]).toEqual(['ok', 'ok']);
    expect(['data', 'end', 'close'].map((event) => stream.listenerCount(event))).toEqual(before);
    expect(stream.listenerCount('error')).toBe(1);
    expect(() => stream.emit('error', new Error('late'))).not.toThrow();
  });
});

describe('whatever comes', () => {
  const cuts = fc.array(fc.nat(200), { maxLength: 6 });
  const split = (bytes: Buffer<ArrayBuffer>, at: readonly number[]): Buffer<ArrayBuffer>[] => {
    const places = [...new Set([0, ...at.map((one) => Math.min(one, bytes.length)), bytes.length])].sort(
      (a, b) => a - b,
    );
    return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
  };
  const framings = fc.constantFrom<'length' | 'chunks' | 'end'>('length', 'chunks', 'end');

  function wire(body: Buffer<ArrayBuffer>, framing: 'length' | 'chunks' | 'end', chunk: number): Buffer<ArrayBuffer> {
    const head = (line: string) => Buffer.from(`HTTP/1.1 200 OK\r\n${line}\r\n`);
    if (framing === 'length') return Buffer.concat([head(`Content-Length: ${body.length}\r\n`), body]);
    if (framing === 'end') return Buffer.concat([head(''), body]);
    const parts = [head('Transfer-Encoding: chunked\r\n')];
    for (let at = 0; at < body.length; at += chunk) {
      const part = body.subarray(at, at + chunk);
      parts.push(Buffer.from(`${part.length.toString(16)};ext=1\r\n`), part, Buffer.from('\r\n'));
    }
    return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
  }

  test('any body, in any framing, cut anywhere: the same bytes, whole', async () => {
    const bodies = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(bodies, framings, fc.integer({ min: 1, max: 50 }), cuts, async (bytes, framing, chunk, at) => {
        const body = Buffer.from(bytes);
        const got = await answering(split(wire(body, framing, chunk), at));
        expect([got.outcome, got.complete, got.body.equals(body)]).toEqual(['ok', true, true]);
      }),
      { numRuns: 150 },
    );
  });

  test('any bytes at all, after a head or not: an outcome, no throw, never more than the cap', async () => {
    const start = fc.constantFrom('', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 400 }), cuts, async (head, bytes, at) => {
        const got = await answering(split(Buffer.concat([Buffer.from(head), bytes]), at), { over: { maxBytes: 64 } });
        expect(got.body.length).toBeLessThanOrEqual(64);
      }),
      { numRuns: 150 },
    );
  });
});
