/** Parts of the web listener without a socket: bodies, readiness, numbers, and what the doors of agents and reports hand on. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { mountAgents, mountReports } from '../../../src/app/intakes.ts';
import type { BotHealth } from '../../../src/core/commands/look/health.ts';
import type { AgentIntake, AgentRequest, ReportIntake, ReportResponse } from '../../../src/core/ports/intakes.ts';
import { type Stage, readiness } from '../../../src/web/index.ts';
import { type WebFacts, createExposition, watchLoopDelay } from '../../../src/web/metrics.ts';
import { Refused, type Route, type WebRequest, type WebServer, readBody } from '../../../src/web/server.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { healthy, source } from '../commands/support.ts';
import { holdsAll, nobodyElse } from './shares.ts';

const never = new AbortController().signal;

describe('a body', () => {
  /** A request whose bytes the test sends. */
  const incoming = (headers: Record<string, string> = {}) => {
    const request = Object.assign(new EventEmitter(), { headers, paused: false, pause: () => undefined });
    request.pause = () => {
      request.paused = true;
      return undefined;
    };
    let continued = 0;
    const response = { writeContinue: () => continued++ } as unknown as ServerResponse;
    const read = (maxBytes: number, signal = never) =>
      readBody(request as unknown as IncomingMessage, response, maxBytes, signal);
    return { request, read, continued: () => continued };
  };
  const statusOf = (work: Promise<unknown>): Promise<number | string> =>
    work.then(
      () => 'read',
      (error: unknown) => (error instanceof Refused ? error.status : String(error)),
    );

  test('any pieces: whole and in order up to the bound, refused from the first byte past it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 8 }),
        fc.nat(40),
        async (pieces, maxBytes) => {
          const { request, read } = incoming();
          const work = read(maxBytes).then(
            (bytes) => [...bytes],
            (error: Refused) => error.status,
          );
          for (const piece of pieces) request.emit('data', Buffer.from(piece));
          request.emit('end');
          const all = pieces.flatMap((piece) => [...piece]);
          expect(await work).toEqual(all.length > maxBytes ? 413 : all);
          expect(request.paused).toBe(all.length > maxBytes);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('declared too long: refused before a listener waits for its bytes, and nobody is told to go on', async () => {
    const { request, read, continued } = incoming({ 'content-length': '11', expect: '100-continue' });
    expect(await statusOf(read(10))).toBe(413);
    expect([request.listenerCount('data'), continued()]).toEqual([0, 0]);
  });

  test('who asks first whether to send it: told to go on, once', async () => {
    const { request, read, continued } = incoming({ 'content-length': '10', expect: '100-continue' });
    const work = statusOf(read(10));
    request.emit('data', Buffer.alloc(10));
    request.emit('end');
    expect([await work, continued()]).toEqual(['read', 1]);
  });

  test.each<[string, (to: EventEmitter, stop: AbortController) => void, number]>([
    ['a line that breaks', (to) => to.emit('error', new Error('ECONNRESET')), 400],
    ['no time left', (_to, stop) => stop.abort(new Refused(408)), 408],
  ])('%s in the middle: %i', async (_name, happens, status) => {
    const { request, read } = incoming();
    const stop = new AbortController();
    const work = statusOf(read(10, stop.signal));
    request.emit('data', Buffer.from('half'));
    happens(request, stop);
    expect(await work).toBe(status);
  });

  test('no time left before it began: nothing is read', async () => {
    expect(await statusOf(incoming().read(10, AbortSignal.abort(new Refused(503))))).toBe(503);
  });

  test('a length that is no number: what comes is counted', async () => {
    const { request, read } = incoming({ 'content-length': 'many' });
    const work = statusOf(read(3));
    request.emit('data', Buffer.from('four'));
    expect(await work).toBe(413);
  });
});

describe('readiness', () => {
  const clock = new FakeClock();
  const facts = (over: Partial<WebFacts> = {}): WebFacts => ({
    health: async () => healthy,
    openIncidents: async () => [],
    pollerLookedAt: () => clock.monotonic(),
    storeFails: () => false,
    holds: holdsAll,
    leases: nobodyElse,
    ...over,
  });
  const accounts = (n: number): BotHealth => ({
    ...healthy,
    accounts: Array.from({ length: n }, (_, i) => ({
      id: `a${i}`,
      platform: 'matrix',
      ok: i % 2 === 1,
      problem: 'https://secret.example refused',
      rate: 0,
    })),
  });

  test.each<[Stage, WebFacts | null, string]>([
    ['starting', facts(), 'starting'],
    ['running', null, 'starting'],
    ['stopping', null, 'stopping'],
    ['stopping', facts({ storeFails: () => true }), 'stopping'],
  ])('%s: one word, whatever else is wrong', async (stage, known, word) => {
    expect(await readiness(stage, known, clock, never)).toEqual([word]);
  });

  test.each<[number, string[]]>([
    [1, ['a0']],
    [4, ['a0', 'a2']],
    [20, ['a0', 'a2', 'a4', 'a6', 'a8', 'a10', 'a12', 'a14', 'a16', 'a18']],
  ])('of %i accounts those that are down: by name', async (n, down) => {
    const reasons = await readiness('running', facts({ health: async () => accounts(n) }), clock, never);
    expect(reasons).toEqual(down.map((id) => `account ${id} is not connected`));
  });

  test('more of them than a page should hold: ten by name, the rest counted', async () => {
    const reasons = await readiness('running', facts({ health: async () => accounts(50) }), clock, never);
    expect(reasons).toHaveLength(11);
    expect(reasons.at(-1)).toBe('15 more accounts are not connected');
  });

  test('everything at once: each said, the poller first', async () => {
    const known = facts({
      pollerLookedAt: () => clock.monotonic() - 60_001,
      storeFails: () => true,
      health: async () => ({ ...accounts(1), storeFault: 'deleted' as NonNullable<BotHealth['storeFault']> }),
    });
    expect(await readiness('running', known, clock, never)).toEqual([
      'sources are not being polled',
      'the database does not take writes',
      'the database is not the one that was opened: deleted',
      'account a0 is not connected',
    ]);
  });

  test('a poller that looked a minute ago, to the millisecond: at work', async () => {
    const known = facts({ pollerLookedAt: () => clock.monotonic() - 60_000 });
    expect(await readiness('running', known, clock, never)).toEqual([]);
  });

  test('a store that answers late: waited for three seconds, no longer; its late failure is nobody’s', async () => {
    const slow = Promise.withResolvers<BotHealth>();
    let reasons: string[] | null = null;
    const work = readiness('running', facts({ health: () => slow.promise }), clock, never).then((made) => {
      reasons = made;
    });
    await clock.pass(2_999);
    expect(reasons).toBeNull();
    await clock.pass(1);
    await work;
    expect(reasons).toEqual(['the database does not answer']);
    slow.reject(new Error('late'));
    await clock.pass(0);
  });

  test('who asked has gone: no longer waited for', async () => {
    const gone = new AbortController();
    const work = readiness('running', facts({ health: () => new Promise(() => {}) }), clock, gone.signal);
    gone.abort(new Error('closed'));
    expect(await work).toEqual(['the database does not answer']);
  });
});

describe('numbers', () => {
  let made: ReturnType<typeof createExposition> | null = null;
  afterEach(() => made?.stop());
  const open = (health: () => BotHealth, over: Partial<WebFacts> = {}) => {
    const clock = new FakeClock(1_000_000_000_000);
    made = createExposition(clock);
    const facts: WebFacts = {
      health: async () => health(),
      openIncidents: async () => [],
      pollerLookedAt: () => 0,
      storeFails: () => false,
      holds: holdsAll,
      leases: nobodyElse,
      ...over,
    };
    const read = async (known: WebFacts | null = facts) =>
      new Map(
        (await made!.text(known))
          .split('\n')
          .filter((line) => line.startsWith('tocsin_'))
          .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
      );
    return { clock, read };
  };
  const account = (over: Partial<BotHealth['accounts'][number]> = {}) => ({
    id: 'tg',
    platform: 'telegram',
    ok: true,
    problem: null,
    rate: 27,
    ...over,
  });

  test.each<[string, Partial<BotHealth>, string, number]>([
    ['no pace at all', { accounts: [account({ rate: Number.POSITIVE_INFINITY })] }, 'send_rate{account="tg"}', 0],
    [
      'an account that is down',
      { accounts: [account({ ok: false })] },
      'account_up{account="tg",platform="telegram"}',
      0,
    ],
    ['nothing in the queue', { accounts: [account()] }, 'queue_deliveries{account="tg",state="queued"}', 0],
    ['nothing in the queue: no age', { accounts: [account()] }, 'queue_oldest_age_seconds{account="tg"}', 0],
    [
      'a queue that is older than the clock says it can be',
      { queue: [{ accountId: 'tg', queued: 1, sending: 0, oldestCreatedAt: 2_000_000_000_000 }] },
      'queue_oldest_age_seconds{account="tg"}',
      0,
    ],
    ['a source read in the future', { sources: [source({ lastOkAt: 2e12 })] }, 'source_age_seconds{source="bbc"}', 0],
    [
      'a source that was never read',
      { sources: [source({ lastPollAt: null, lastOkAt: null })] },
      'sources{kind="rss",state="waiting"}',
      1,
    ],
    [
      'a source that had nobody to ask',
      { sources: [source({ lastOkAt: null })] },
      'sources{kind="rss",state="idle"}',
      1,
    ],
    ['a feed of the press that is read', { press: [source({})] }, 'press_feeds{state="ok"}', 1],
    [
      'a feed of the press that failed for days, and rests',
      { press: [source({ failures: 9, failingSince: 1, lastOkAt: 1 })] },
      'press_feeds{state="dead"}',
      1,
    ],
    [
      'failing before stale',
      { sources: [source({ failingSince: 1, stale: true })] },
      'sources{kind="rss",state="failing"}',
      1,
    ],
    [
      'reports held back of a source',
      { held: [{ sourceId: 'flood', reports: 40 } as NonNullable<BotHealth['held']>[number]] },
      'source_held_reports{source="flood"}',
      40,
    ],
  ])('%s', async (_name, over, name, value) => {
    const { read } = open(() => ({ ...healthy, sources: [], queue: [], accounts: [], ...over }));
    expect((await read()).get(`tocsin_${name}`)).toBe(value);
  });

  test('a source that was never read: no age, for none would be true', async () => {
    const { read } = open(() => ({ ...healthy, sources: [source({ lastOkAt: null })] }));
    expect([...(await read()).keys()].filter((name) => name.includes('source_age'))).toEqual([]);
  });

  test('asked again within two seconds: the same page; after that a new one, without what has gone', async () => {
    let ids = ['bbc', 'dw'];
    const { clock, read } = open(() => ({ ...healthy, sources: ids.map((id) => source({ id })) }));
    const named = async () => [...(await read()).keys()].filter((name) => name.startsWith('tocsin_source_failures'));
    expect(await named()).toHaveLength(2);
    ids = ['dw'];
    await clock.pass(1_999);
    expect(await named()).toHaveLength(2);
    await clock.pass(1);
    expect(await named()).toEqual(['tocsin_source_failures{source="dw"}']);
  });

  test('before the program runs: what is counted is there, what would have to be asked for is not', async () => {
    const { read } = open(() => healthy);
    made!.metrics.command('status', 'answered');
    made!.metrics.broadcast('lifted', 0);
    const page = await read(null);
    expect(page.get('tocsin_commands_total{command="status",outcome="answered"}')).toBe(1);
    expect(page.get('tocsin_deliveries_total{kind="lifted"}')).toBe(0);
    expect([...page.keys()].filter((name) => /queue|account|sources|incidents/.test(name))).toEqual([]);
  });

  test('a store that reads and does not write: down, with the numbers that it gave', async () => {
    const { read } = open(() => ({ ...healthy, accounts: [account()] }), { storeFails: () => true });
    const page = await read();
    expect([page.get('tocsin_store_up'), page.get('tocsin_account_up{account="tg",platform="telegram"}')]).toEqual([
      0, 1,
    ]);
  });

  test('the loop’s delay before anything was late: counts of nothing, no division by it', () => {
    const delay = watchLoopDelay();
    const { buckets, count, sum } = delay.read();
    expect([count, sum, delay.max(), delay.p999()]).toEqual([0, 0, 0, 0]);
    expect(buckets.map((one) => one.count)).toEqual(buckets.map(() => 0));
    expect(buckets.map((one) => one.le)).toEqual(buckets.map((one) => one.le).toSorted((a, b) => a - b));
    delay.stop();
  });
});

/** What a part mounts, to be called as the server would. */
function mounted(begin: (mount: WebServer['mount']) => void): { path: string; route: Route } {
  const found: { path: string; route: Route }[] = [];
  begin((path, route) => void found.push({ path, route }));
  expect(found).toHaveLength(1);
  return found[0]!;
}
const request = (over: Partial<WebRequest> = {}): WebRequest => ({
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: { authorization: 'Bearer x' },
  client: '127.0.0.1',
  signal: never,
  body: async () => new Uint8Array(),
  ...over,
});

describe('the door of reports', () => {
  const intake = (answer: ReportResponse, asked: unknown[] = []): ReportIntake => ({
    maxBytes: 1_234,
    atOnce: 7,
    handle: async (one) => {
      asked.push(one.authorization);
      return answer;
    },
  });

  test.each<[ReportResponse, Record<string, string>]>([
    [{ status: 202, body: '{}' }, {}],
    [{ status: 401, body: '{}' }, { 'www-authenticate': 'Bearer' }],
    [{ status: 429, body: '{}', retryAfter: 30 }, { 'retry-after': '30' }],
    [{ status: 503, body: '{}', retryAfter: 0 }, { 'retry-after': '0' }],
  ])('%j: as JSON, with the headers that go with it', async (answer, headers) => {
    const { path, route } = mounted((mount) => mountReports(mount, intake(answer), never));
    expect([path, route.methods, route.maxBytes, route.concurrency]).toEqual(['/reports', ['POST'], 1_234, 7]);
    expect(await route.handle(request())).toEqual({
      status: answer.status,
      type: 'application/json; charset=utf-8',
      body: '{}',
      headers,
    });
  });

  test('no header of who it is: the desk hears that there is none', async () => {
    const asked: unknown[] = [];
    const { route } = mounted((mount) => mountReports(mount, intake({ status: 401, body: '{}' }, asked), never));
    await route.handle(request({ headers: {} }));
    await route.handle(request());
    expect(asked).toEqual([null, 'Bearer x']);
  });

  test('while the program stops: try again, and the desk is not asked', async () => {
    const asked: unknown[] = [];
    const { route } = mounted((mount) =>
      mountReports(mount, intake({ status: 202, body: '{}' }, asked), AbortSignal.abort()),
    );
    expect(await route.handle(request())).toEqual({ status: 503, headers: { 'retry-after': '5' } });
    expect(asked).toEqual([]);
  });
});

describe('the door of agents', () => {
  const intake = (agents: number, asked: AgentRequest[] = []): AgentIntake => ({
    maxBytes: 99,
    async handle(one) {
      asked.push(one);
      return { status: 200, body: '{"acked":0}' };
    },
    stop: async () => true,
    list: () => Array.from({ length: agents }, () => ({}) as ReturnType<AgentIntake['list']>[number]),
    missing: () => [],
    refresh: async () => undefined,
  });

  test.each([
    [0, 16],
    [1, 20],
    [10, 56],
  ])('%i agents: %i places, so that a slow one takes none of the others', (agents, places) => {
    const { path, route } = mounted((mount) => mountAgents(mount, intake(agents), never));
    expect([path, route.methods, route.maxBytes, route.concurrency]).toEqual(['/agents', ['POST'], 99, places]);
  });

  test('a post: method, token and body as they came, the answer as JSON', async () => {
    const asked: AgentRequest[] = [];
    const { route } = mounted((mount) => mountAgents(mount, intake(1, asked), never));
    const answer = await route.handle(request({ body: async () => Uint8Array.of(1, 2) }));
    expect(answer).toEqual({ status: 200, type: 'application/json; charset=utf-8', body: '{"acked":0}' });
    expect([asked[0]!.method, asked[0]!.authorization, await asked[0]!.body()]).toEqual([
      'POST',
      'Bearer x',
      Uint8Array.of(1, 2),
    ]);
  });

  test('while the program stops: try again, and the desk is not asked', async () => {
    const asked: AgentRequest[] = [];
    const { route } = mounted((mount) => mountAgents(mount, intake(1, asked), AbortSignal.abort()));
    expect(await route.handle(request())).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(asked).toEqual([]);
  });
});
