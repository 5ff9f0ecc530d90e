import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../../src/core/ports/runtime.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { type Centre, carry, post, type Spool } from '../../../src/sources/probe/agent-spool.ts';
import type { Batch } from '../../../src/sources/probe/agent-wire.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});
async function centre(listener: RequestListener): Promise<Centre> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/agents`),
    token: 'a-token',
    ca: null,
  };
}
const batch = (seq: number): Batch => ({ v: 1, epoch: 'abcdefgh', seq, dropped: 0, measurements: [] });
const signal = new AbortController().signal;
const answers = (status: number, body: string) => centre((_, res) => res.writeHead(status).end(body));

describe('one attempt', () => {
  test('what the centre gets', async () => {
    let got: object = {};
    const to = await centre((req, res) => {
      let text = '';
      req.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      req.on('end', () => {
        got = {
          method: req.method,
          url: req.url,
          authorization: req.headers.authorization,
          body: JSON.parse(text) as unknown,
        };
        res.end('{"acked":7,"stop":false}');
      });
    });
    expect(await post(to, batch(7), signal)).toEqual({ ok: true, answer: { acked: 7, stop: false } });
    expect(got).toEqual({ method: 'POST', url: '/agents', authorization: 'Bearer a-token', body: batch(7) });
  });
  test.each<[string, string, object]>([
    ['nothing', '{}', { acked: 0, stop: false }],
    ['numbers as text', '{"acked":"7"}', { acked: 7, stop: false }],
    ['what is no number', '{"acked":"many"}', { acked: 0, stop: false }],
    ['a stop that is none', '{"acked":7,"stop":"true"}', { acked: 7, stop: false }],
    ['a stop', '{"acked":7,"stop":true}', { acked: 7, stop: true }],
    [
      'reasons',
      '{"acked":7,"refused":["m1: why",7,null],"refusedInAll":3}',
      { acked: 7, stop: false, refused: ['m1: why'], refusedInAll: 3 },
    ],
    ['reasons that are no list', '{"acked":7,"refused":"all"}', { acked: 7, stop: false }],
    [
      'reasons without end',
      JSON.stringify({ refused: Array(30).fill('x') }),
      { acked: 0, stop: false, refused: Array(20).fill('x'), refusedInAll: 0 },
    ],
  ])('an answer of %s', async (_name, body, answer) => {
    expect(await post(await answers(200, body), batch(1), signal)).toEqual({ ok: true, answer });
  });
  test.each<[string, number, string, object]>([
    ['refused', 400, '{}', { ok: false, status: 400, reason: 'status 400' }],
    ['in trouble', 503, '', { ok: false, status: 503, reason: 'status 503' }],
    ['sent elsewhere', 302, '', { ok: false, status: 302, reason: 'status 302' }],
    ['a web page', 200, '<html>', { ok: false, status: 200, reason: 'unreadable answer' }],
    ['null', 200, 'null', { ok: false, status: 200, reason: 'unreadable answer' }],
    ['without end', 200, `"${'x'.repeat(100_000)}"`, { ok: false, status: 200, reason: 'unreadable answer' }],
  ])('%s: %j', async (_name, status, body, posted) =>
    expect(await post(await answers(status, body), batch(1), signal)).toEqual(posted),
  );
  test('it hangs up, nobody is there, we stop: a reason, and no throw', async () => {
    const hangsUp = await centre((req) => req.socket.destroy());
    expect(await post(hangsUp, batch(1), signal)).toMatchObject({
      ok: false,
      status: 0,
      reason: expect.stringMatching(/hang up|reset/i),
    });
    const nobody = { ...hangsUp, url: new URL('http://127.0.0.1:1/') };
    expect(await post(nobody, batch(1), signal)).toMatchObject({ ok: false, status: 0 });
    expect(await post(hangsUp, batch(1), AbortSignal.abort())).toMatchObject({ ok: false, status: 0 });
  });
});

describe('carrying what waits', () => {
  /** A courier with these batches, and a centre that answers each post in turn; the last answer again and again. Stops when `posts` were made. */
  async function carried(waiting: number[], says: [number, object][], posts: number) {
    const stop = new AbortController();
    const got: number[] = [];
    const to = await centre((req, res) => {
      let text = '';
      req.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      req.on('end', () => {
        const { seq } = JSON.parse(text) as Batch;
        const [status, body] = says[Math.min(got.length, says.length - 1)]!;
        got.push(seq);
        res.writeHead(status).end(JSON.stringify({ acked: seq, ...body }));
      });
    });
    const left = [...waiting];
    const spool: Spool = {
      epoch: 'abcdefgh',
      size: () => left.length,
      add: async () => {},
      first: async () => (left.length > 0 ? batch(left[0]!) : null),
      acked: async (seq) => void left.splice(0, left.filter((one) => one <= seq).length),
    };
    const pauses: number[] = [];
    let steady = 0;
    const time = new FakeClock();
    const clock: Clock = {
      now: () => time.now(),
      monotonic: () => steady,
      sleep: async (ms) => {
        pauses.push(ms);
        steady += ms;
        if (got.length >= posts) stop.abort();
      },
    };
    const stops: boolean[] = [];
    const { log, said, lines } = recordingLog();
    const ids = { ...createIds(time), random: () => 1 };
    await carry({ spool, centre: to, clock, ids, log, onStop: (one) => stops.push(one) }, stop.signal);
    return { got, left, pauses, stops, said: said(), lines };
  }

  test('oldest first, one by one, without a pause; then a sign of life each five minutes', async () => {
    const { got, left, pauses } = await carried([1, 2, 3], [[200, {}]], 5);
    expect([got, left]).toEqual([[1, 2, 3, 0, 0], []]);
    const idle = pauses.filter((ms) => ms === 2_000).length;
    expect(idle * 2_000).toBeGreaterThanOrEqual(2 * 300_000);
  });
  test('the centre fails: again and again, later and later, five minutes at most, with one line; then a line that it is back', async () => {
    const { got, left, pauses, said } = await carried(
      [1],
      [...Array.from({ length: 9 }, (): [number, object] => [503, {}]), [200, {}]],
      10,
    );
    expect([got, left]).toEqual([Array(10).fill(1), []]);
    expect(pauses.slice(0, 9)).toEqual([4, 8, 16, 32, 64, 128, 256, 300, 300].map((s) => s * 1_000));
    expect(said).toEqual(['warn Unable to reach the centre; results wait on disk', 'info Centre is reachable again']);
  });
  test.each([400, 413])('%i of one batch: it is thrown away, and the rest goes on', async (status) => {
    const { got, left, said } = await carried(
      [1, 2],
      [
        [status, {}],
        [200, {}],
      ],
      2,
    );
    expect([got, left, said]).toEqual([[1, 2], [], ['error Centre refused a batch; it is thrown away']]);
  });
  test('401: nothing is thrown away', async () => {
    expect((await carried([1, 2], [[401, {}]], 3)).left).toEqual([1, 2]);
  });
  test('400 of a sign of life: it is tried again later', async () => {
    const { got, pauses } = await carried([], [[400, {}]], 2);
    expect([got, pauses[0]]).toEqual([[0, 0], 4_000]);
  });
  test('the centre’s wish to stop, and to go on: handed on each time', async () => {
    expect(
      (
        await carried(
          [1, 2],
          [
            [200, { stop: true }],
            [200, {}],
          ],
          2,
        )
      ).stops,
    ).toEqual([true, false]);
  });
  test('some of it was not taken: the reason once, by its words and not by the measurement', async () => {
    const refused = (...all: string[]): [number, object] => [200, { refused: all, refusedInAll: all.length }];
    const { said, lines } = await carried(
      [1, 2, 3],
      [refused('m1: unknown target'), refused('m2: unknown target'), refused('m3: too old')],
      3,
    );
    expect(said).toEqual(Array(2).fill('warn The centre does not take all of it'));
    expect(lines.map(({ fields }) => fields.error)).toEqual(['unknown target', 'too old']);
  });
  test.each([-5, 0, null])(
    'an answer that acknowledges %j: the batch waits, and is not sent again at once',
    async (acked) => {
      const { left, pauses } = await carried([1], [[200, { acked }]], 3);
      expect([left, pauses]).toEqual([[1], [4_000, 8_000, 16_000]]);
    },
  );
});
