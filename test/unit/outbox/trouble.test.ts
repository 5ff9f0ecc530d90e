import { afterEach, expect, test } from 'vitest';
import { createBroadcaster, createProgress } from '../../../src/core/outbox/broadcaster.ts';
import { createOutage, createSender, type Sender } from '../../../src/core/outbox/sender.ts';
import type { ChatAdapter, Outgoing, Pace, SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import type { Outbox } from '../../../src/core/ports/outbox.ts';
import type { Log } from '../../../src/core/ports/runtime.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const DAY = 86_400_000;
const DOCUMENT = {
  blocks: [{ type: 'note' as const, inline: ['x'] }],
  buttons: [],
  lang: 'en',
  tone: 'alert' as const,
};

/** The outbox, its sender and broadcaster; the store can be told to answer otherwise. */
class Bench {
  clock = new FakeClock();
  ids = createIds(this.clock);
  lines: string[] = [];
  sent: (Outgoing & { at: number })[] = [];
  store!: Store;
  sender!: Sender;
  wakeBroadcaster!: () => void;
  answer: (message: Outgoing) => SendOutcome | Promise<SendOutcome> = () => ({ kind: 'delivered', messageRef: '1' });
  advance: (real: Outbox['advance'], ...args: Parameters<Outbox['advance']>) => Promise<number[]> = (real, ...args) =>
    real(...args);
  log: Log;
  #stop = new AbortController();
  #loops: Promise<unknown>[] = [];

  constructor() {
    const say =
      (level: string) =>
      (message: string, fields?: Record<string, unknown>): void =>
        void this.lines.push(`${level} ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}`);
    this.log = { debug() {}, info: say('info'), warn: say('warn'), error: say('error'), child: () => this.log };
  }

  static async create(pace: Partial<Pace> = {}): Promise<Bench> {
    const bench = new Bench();
    const { clock, ids, log } = bench;
    const inner = await openStore(':memory:', { clock, ids, log });
    const outbox: Outbox = {
      ...inner.outbox,
      advance: (...args) => bench.advance(inner.outbox.advance, ...args),
    };
    const store = { ...inner, outbox };
    bench.store = store;
    const adapter = {
      accountId: 'tg',
      platform: 'fake',
      pace: { perSecond: 27, perChatMs: 1_000, perGroupMinute: 20, window: 16, ...pace },
      send: async (message: Outgoing) => {
        bench.sent.push({ ...message, at: clock.now() });
        return await bench.answer(message);
      },
    } as unknown as ChatAdapter;
    const compose = async (claims: unknown[]) => claims.map(() => ({ document: DOCUMENT }));
    bench.sender = createSender({ store, adapter, clock, ids, log, compose, outage: createOutage(), recallFor: null });
    const afterRun = createProgress({ store, clock, log, rateOf: () => bench.sender.rate() });
    const own = { store, clock, log, lookAtWithheld: async () => {} };
    const broadcaster = createBroadcaster({ ...own, onFilled: () => bench.sender.wake(), afterRun });
    bench.wakeBroadcaster = broadcaster.wake;
    bench.#loops = [bench.sender.loop(bench.#stop.signal), broadcaster.loop(bench.#stop.signal)];
    return bench;
  }

  async chats(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const chat = await this.store.chats.ensure(
        { accountId: 'tg', chat: `c${i}`, thread: null },
        { platform: 'fake', kind: 'private', lang: 'en', now: this.clock.now() },
      );
      await this.store.subscriptions.add(chat.id, [{ country: '*', service: '*' }], this.clock.now());
    }
  }

  /** One alert about one incident, due in so many ms. */
  async ring(inMs = 0): Promise<void> {
    const now = this.clock.now();
    const id = this.ids.next();
    await this.store.transaction(async (tables) => {
      await tables.incidents.insert({
        id,
        country: 'RU',
        service: 'whatsapp',
        family: 'access',
        action: 'block',
        state: 'active',
        confidence: 'corroborated',
        liftConfidence: null,
        method: null,
        regions: [],
        openedAt: now,
        corroboratedAt: now,
        confirmedAt: null,
        closedAt: null,
        lastReportAt: now,
        linkedId: null,
        withdrawnBecause: null,
        open: true,
        version: 1,
      });
      await tables.alerts.insert({
        id,
        country: 'RU',
        level: 'corroborated',
        createdAt: now,
        notifiedAt: now,
        widenRepliedAt: null,
        incidents: [{ incidentId: id, addedAt: now + DAY }],
      });
      await tables.broadcasts.insert({
        id,
        alertId: id,
        kind: 'new',
        loud: true,
        reason: 'opened',
        incidentIds: [id],
        priority: 'alert',
        createdAt: now,
        dueAt: now + inMs,
        phase: 'others',
        cursor: 0,
        state: 'waiting',
      });
    });
    this.wakeBroadcaster();
  }

  async pass(ms: number, step = 10): Promise<void> {
    for (let t = 0; t < ms; t += step) {
      await this.clock.pass(step);
      for (let i = 0; i < 4; i++) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.pass(6_000, 50);
    await Promise.allSettled(this.#loops);
    await this.store.close();
  }
}

let bench: Bench;
afterEach(() => bench.stop());

test('clock set back by a day while a queue waits: it is sent now, not tomorrow', async () => {
  bench = await Bench.create();
  await bench.chats(100);
  await bench.ring();
  await bench.pass(1_000);
  expect(bench.sent.length).toBeGreaterThan(10);
  bench.clock.jump(-DAY);
  await bench.pass(6_000);
  expect(new Set(bench.sent.map((one) => one.address.chat)).size).toBe(100);
  expect(bench.sent).toHaveLength(100);
});

test('clock set back by a day before a broadcast is due: it is due when it was', async () => {
  bench = await Bench.create();
  await bench.chats(3);
  await bench.ring(60_000);
  await bench.pass(1_000);
  bench.clock.jump(-DAY);
  await bench.pass(50_000, 100);
  expect(bench.sent).toHaveLength(0);
  await bench.pass(15_000, 100);
  expect(bench.sent).toHaveLength(3);
});

test('clock set ahead by a day: everything goes on, once', async () => {
  bench = await Bench.create();
  await bench.chats(60);
  await bench.ring();
  await bench.pass(1_000);
  bench.clock.jump(DAY);
  await bench.pass(3_000);
  expect(bench.sent).toHaveLength(60);
});

test('transaction carried out, then an error: what it began is sent all the same', async () => {
  bench = await Bench.create();
  await bench.chats(5);
  let failed = 0;
  bench.advance = async (real, settled, begun, now) => {
    const began = await real(settled, begun, now);
    if (begun.length > 0 && failed++ < 2) throw new Error('connection lost');
    return began;
  };
  await bench.ring();
  await bench.pass(15_000);
  expect(new Set(bench.sent.map((one) => one.address.chat)).size).toBe(5);
  expect(bench.sent).toHaveLength(5);
  expect(bench.lines.filter((line) => /^(warn|error)/.test(line))).toHaveLength(1);
});

test('unpaced: never more than the window unaccounted, few transactions', async () => {
  bench = await Bench.create({ perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 64 });
  await bench.chats(1_000);
  let landed = 0;
  let accounted = 0;
  let transactions = 0;
  let most = 0;
  bench.answer = async () => {
    most = Math.max(most, bench.sent.length - accounted);
    await bench.clock.sleep(1 + (bench.sent.length % 7));
    landed++;
    return { kind: 'delivered', messageRef: '1' };
  };
  bench.advance = async (real, settled, begun, now) => {
    const began = await real(settled, begun, now);
    accounted += settled.length;
    transactions++;
    return began;
  };
  await bench.ring();
  await bench.pass(2_000, 1);
  expect(landed).toBe(1_000);
  expect(most).toBeLessThanOrEqual(64);
  expect(transactions).toBeLessThan(100);
});

test('a queue of minutes: the log tells how long it takes, then that it is done', async () => {
  bench = await Bench.create();
  await bench.chats(1_500);
  await bench.ring();
  await bench.pass(70_000, 20);
  const told = bench.lines.filter((line) => line.startsWith('info Messages are on their way'));
  // Every ten seconds, as long as it takes more than half a minute.
  expect(told).toHaveLength(3);
  const { etaSeconds } = JSON.parse(told[0]!.slice(told[0]!.indexOf('{'))) as { etaSeconds: number };
  expect(etaSeconds).toBeGreaterThan(45);
  expect(etaSeconds).toBeLessThan(60);
  expect(bench.lines.at(-1)).toContain('All messages are sent');
});

test.each([
  ['refused for speed', 'rate_limited', 900],
  ['not answered', 'timeout', null],
] as const)('sixteen under way that are %s at once: one wait, one step slower at most', async (_, reason, afterMs) => {
  bench = await Bench.create({ perSecond: 1_000, perChatMs: 0 });
  await bench.chats(40);
  const doors = Promise.withResolvers<void>();
  bench.answer = async () => {
    await doors.promise;
    return { kind: 'retry', afterMs, scope: 'account', reason, detail: 'x' };
  };
  await bench.ring();
  await bench.pass(200, 1);
  expect(bench.sent.length).toBeGreaterThan(10);
  doors.resolve();
  bench.sent = [];
  bench.answer = () => ({ kind: 'delivered', messageRef: '1' });
  await bench.pass(2_500, 5);
  expect(bench.sender.rate()).toBeGreaterThanOrEqual(900);
  expect(new Set(bench.sent.map((one) => one.address.chat)).size).toBe(40);
});

const ask = (chat: string, asker: 'person' | 'flooder' = 'person') =>
  bench.sender.reply({
    asker,
    address: { accountId: 'tg', chat, thread: null },
    group: false,
    document: { ...DOCUMENT, tone: 'notice' },
    replyTo: null,
    edit: null,
  });
const shares = () => {
  const answers = bench.sent.filter((one) => one.address.chat.startsWith('asker')).length;
  return { alerts: (bench.sent.length - answers) / bench.sent.length, answers };
};

test('many people ask at once during a broadcast: two of three messages are the alert, questions are answered within seconds', async () => {
  bench = await Bench.create();
  await bench.chats(400);
  await bench.ring();
  await bench.pass(1_000);
  bench.sent = [];
  for (let i = 0; i < 300; i++) ask(`asker${i}`);
  await bench.pass(6_000);
  expect(bench.sent.length).toBeGreaterThan(150);
  expect(shares().alerts).toBeGreaterThanOrEqual(0.6);
  expect(shares().answers).toBeGreaterThanOrEqual(48);
  // Nobody who asked is left out, and nothing else waits then: answers take the whole pace.
  await bench.pass(30_000);
  expect(new Set(bench.sent.map((one) => one.address.chat).filter((chat) => chat.startsWith('asker'))).size).toBe(300);
  bench.sent = [];
  for (let i = 300; i < 600; i++) ask(`asker${i}`);
  await bench.pass(5_000);
  expect(bench.sent.length).toBeGreaterThan(125);
});

test.each([
  ['a crowd of ever new people', 'person', 0.6, 0.75],
  ['the same few who flood', 'flooder', 0.85, 0.95],
] as const)(
  'questions that do not end during a broadcast, from %s: the alert keeps its share, answers progress',
  async (_, asker, least, most) => {
    bench = await Bench.create();
    await bench.chats(1_000);
    await bench.ring();
    await bench.pass(1_000);
    bench.sent = [];
    let n = 0;
    for (const end = bench.clock.monotonic() + 15_000; bench.clock.monotonic() < end;) {
      for (let i = 0; i < 20; i++) ask(`asker${asker === 'person' ? n++ : i}`, asker);
      await bench.pass(100);
    }
    expect(bench.sent.length).toBeGreaterThan(380);
    expect(shares().alerts).toBeGreaterThanOrEqual(least);
    expect(shares().alerts).toBeLessThanOrEqual(most);
  },
);

test('two thousand tapped during a broadcast, and somebody asks now and then: answered within an alert or two, as without them', async () => {
  for (const taps of [0, 2_000]) {
    bench = await Bench.create();
    await bench.chats(400);
    await bench.ring();
    await bench.pass(1_000);
    for (let i = 0; i < taps; i++) ask(`tap${i}`, 'flooder');
    const waits: number[] = [];
    for (let i = 0; i < 20; i++) {
      await bench.pass(110 + 31 * (i % 5));
      const asked = bench.clock.monotonic();
      ask(`asker${i}`);
      while (!bench.sent.some((one) => one.address.chat === `asker${i}`)) await bench.pass(5, 1);
      waits.push(bench.clock.monotonic() - asked);
    }
    expect(Math.max(...waits), `${taps} taps`).toBeLessThanOrEqual(160);
    await bench.stop();
  }
});

test('a disk that takes 30 ms a transaction: the pace is kept, with one transaction a message', async () => {
  bench = await Bench.create();
  await bench.chats(300);
  let transactions = 0;
  bench.advance = async (real, ...args) => {
    transactions++;
    await bench.clock.sleep(30);
    return await real(...args);
  };
  bench.answer = async () => {
    await bench.clock.sleep(5);
    return { kind: 'delivered', messageRef: '1' };
  };
  await bench.ring();
  await bench.pass(1_000, 1);
  const before = { sent: bench.sent.length, transactions };
  await bench.pass(5_000, 1);
  const sent = bench.sent.length - before.sent;
  expect(sent).toBeGreaterThanOrEqual(133);
  expect(transactions - before.transactions).toBeLessThan(sent * 1.2);
});
