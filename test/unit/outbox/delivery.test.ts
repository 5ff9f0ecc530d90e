import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { Chat } from '../../../src/core/model/chat.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { createBroadcaster } from '../../../src/core/outbox/broadcaster.ts';
import { createCompose } from '../../../src/core/outbox/compose.ts';
import { createOutage, createSender, type Sender } from '../../../src/core/outbox/sender.ts';
import { createPipeline, type Pipeline } from '../../../src/core/pipeline.ts';
import type { ChatAdapter, Outgoing, Pace, SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import type { Log } from '../../../src/core/ports/runtime.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { nothingKnown } from '../render/support.ts';

const DAY = 86_400_000;
/** How long a look into the store takes where it takes long, ms. */
const LOOK = 4;
const PACE: Pace = { perSecond: 27, perChatMs: 1_000, perGroupMinute: 20, window: 16 };

const says = (text: string) => ({
  blocks: [{ type: 'note' as const, inline: [text] }],
  buttons: [],
  lang: 'en',
  tone: 'alert' as const,
});

/** The delivery half of the program around a platform that answers as the test says. */
class World {
  clock = new FakeClock();
  ids = createIds(this.clock);
  sent: (Outgoing & { at: number })[] = [];
  lines: string[] = [];
  store!: Store;
  log!: Log;
  sender!: Sender;
  pipeline!: Pipeline;
  answer: (message: Outgoing) => SendOutcome | Promise<SendOutcome> = () => ({
    kind: 'delivered',
    messageRef: String(this.sent.length),
  });
  #stop = new AbortController();
  #loops: Promise<unknown>[] = [];
  #reports = 0;

  static async create(pace: Pace = PACE): Promise<World> {
    const world = new World();
    const log: Log = {
      debug() {},
      info: (message) => void world.lines.push(`info ${message}`),
      warn: (message) => void world.lines.push(`warn ${message}`),
      error: (message, fields) => void world.lines.push(`error ${message} ${fields?.error}`),
      child: () => log,
    };
    world.store = await openStore(':memory:', { clock: world.clock, log, ids: world.ids });
    world.log = log;
    world.start(pace, log);
    return world;
  }

  start(pace: Pace, log: Log): void {
    const { clock, ids, store } = this;
    this.#stop = new AbortController();
    const adapter = {
      accountId: 'tg',
      platform: 'fake',
      pace,
      send: async (message: Outgoing) => {
        this.sent.push({ ...message, at: clock.monotonic() });
        return await this.answer(message);
      },
    } as unknown as ChatAdapter;
    const compose = createCompose({
      renderNotice: () => {
        throw new Error('no notices here');
      },
      store,
      clock,
      known: () => nothingKnown,
      renderAlert: (view) =>
        says(view.incidents.map((one) => `${one.service} ${one.action} ${one.state} v${one.version}`).join(', ')),
      renderReply: (view, change) => says(`${change.reason}: ${view.incidents.map((one) => one.service).join(', ')}`),
      renderLate: (view) => says(`late: ${view.incidents.map((one) => one.service).join(', ')}`),
      renderSummary: (view) => says(`${view.changes} changes: ${view.incidents.map((one) => one.service).join(', ')}`),
      regular: async () => new Map(),
    });
    this.sender = createSender({ store, adapter, clock, ids, log, compose, outage: createOutage(), recallFor: null });
    const extractor = { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) };
    const policy = { ...DEFAULT_POLICY, groupWait: 0 };
    const broadcaster = createBroadcaster({
      store,
      clock,
      log,
      lookAtWithheld: async () => {},
      onFilled: () => this.sender.wake(),
    });
    this.pipeline = createPipeline({ store, extractor, policy, clock, ids, log, wake: broadcaster.wake });
    this.#loops = [this.sender.loop(this.#stop.signal), broadcaster.loop(this.#stop.signal)];
  }

  async chat(name: string, kind: Chat['kind'] = 'private'): Promise<Chat> {
    const chat = await this.store.chats.ensure(
      { accountId: 'tg', chat: name, thread: null },
      { platform: 'fake', kind, lang: 'en', now: this.clock.now() },
    );
    await this.store.subscriptions.add(chat.id, [{ country: '*', service: '*' }], this.clock.now());
    return chat;
  }

  async say(voice: string, action: Report['action'], service = 'whatsapp'): Promise<void> {
    const n = this.#reports++;
    await this.pipeline.reports([
      {
        id: `r${n}`,
        sourceId: voice,
        itemId: `i${n}`,
        at: this.clock.now(),
        country: 'RU',
        service,
        action,
        method: null,
        region: null,
        secondary: false,
        kind: 'news',
        voice,
        title: `t${n}`,
        url: null,
        publisherName: voice,
        lang: 'en',
        summary: '',
        measured: null,
      },
    ]);
  }

  /** Time in small steps, each with turns enough for the store's work: a long leap would outrun it. */
  async pass(ms: number, step = 10): Promise<void> {
    for (let t = 0; t < ms; t += step) {
      await this.clock.pass(step);
      for (let i = 0; i < 4; i++) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  texts(): string[] {
    return this.sent.map(
      (one) =>
        `${one.op}${one.op === 'send' && one.replyTo ? `→${one.replyTo}` : ''} ${one.address.chat}: ${(one.document.blocks[0] as { inline: string[] }).inline[0]}`,
    );
  }

  /** As a process that takes over does, or the next start. */
  async again(pace: Pace): Promise<void> {
    this.#stop.abort();
    await this.pass(50);
    this.start(pace, this.log);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.pass(6_000, 50);
    await Promise.allSettled(this.#loops);
    await this.store.close();
  }
}

let world: World;
afterEach(() => world.stop());

describe('from a change to a chat', () => {
  test('two voices, then the lift: one message, then an edit and a reply to it', async () => {
    world = await World.create();
    await world.chat('ann');
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(5_000);
    expect(world.texts()).toEqual(['send ann: whatsapp block active v2']);
    await world.say('c', 'unblock');
    await world.say('d', 'unblock');
    await world.pass(10_000);
    // Easing and lifted within a moment: one edit.
    expect(world.texts().slice(1)).toEqual(['edit ann: whatsapp block lifted v4', 'send→1 ann: lifted: whatsapp']);
  });

  test('lifted before the first message could go: one message that shows the lift, no edit, no reply', async () => {
    world = await World.create();
    await world.chat('ann');
    world.answer = () => ({ kind: 'retry', afterMs: 30_000, scope: 'account', reason: 'rate_limited', detail: '' });
    await world.chat('bob');
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(1_000);
    const tried = world.sent.length;
    world.answer = () => ({ kind: 'delivered', messageRef: String(world.sent.length) });
    await world.say('c', 'unblock');
    await world.say('d', 'unblock');
    await world.pass(60_000);
    const later = world.texts().slice(tried);
    // One chat was tried: its text was fixed by the attempt, so it is sent and then edited. The other hears once.
    expect(later.filter((text) => text.includes('bob'))).toEqual(['send bob: whatsapp block lifted v4']);
    expect(later.filter((text) => text.includes('ann'))).toEqual([
      'send ann: whatsapp block active v2',
      'edit ann: whatsapp block lifted v4',
      expect.stringMatching(/^send→\d+ ann: lifted: whatsapp$/),
    ]);
  });

  test('a refusal for speed: nobody is sent to for as long as asked', async () => {
    world = await World.create();
    for (let i = 0; i < 60; i++) await world.chat(`c${i}`);
    let refused = false;
    world.answer = () => {
      if (!refused && world.sent.length === 20) {
        refused = true;
        return { kind: 'retry', afterMs: 7_000, scope: 'account', reason: 'rate_limited', detail: '' };
      }
      return { kind: 'delivered', messageRef: String(world.sent.length) };
    };
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(60_000);
    const at = world.sent[19]!.at;
    expect(world.sent.filter((one) => one.at > at && one.at < at + 7_000)).toEqual([]);
    expect(new Set(world.texts()).size).toBe(60);
  });

  test('a chat that is gone: one attempt, its subscriptions end, others hear', async () => {
    world = await World.create();
    const ann = await world.chat('ann');
    await world.chat('bob');
    world.answer = (message) =>
      message.address.chat === 'ann'
        ? { kind: 'gone', reason: 'client', detail: 'blocked' }
        : { kind: 'delivered', messageRef: '1' };
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(10_000);
    await world.say('c', 'unblock');
    await world.say('d', 'unblock');
    await world.pass(10_000);
    expect(world.texts().filter((text) => text.includes('ann'))).toHaveLength(1);
    expect(new Set(world.texts().filter((text) => text.includes('bob'))).size).toBe(3);
    expect(await world.store.subscriptions.list(ann.id)).toEqual([]);
  });

  test('another bot’s token, 200 chats of whom one knows it: nobody ends, one warning; reached again, all hear', async () => {
    world = await World.create();
    for (let i = 0; i < 200; i++) await world.chat(`c${i}`);
    const subscribed = await world.store.subscriptions.count();
    const blocked: SendOutcome = { kind: 'gone', reason: 'client', detail: 'Forbidden: bot was blocked by the user' };
    world.answer = (message) => (message.address.chat === 'c77' ? { kind: 'delivered', messageRef: '1' } : blocked);
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(600_000, 100);
    expect(await world.store.subscriptions.count()).toBe(subscribed);
    expect(world.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    expect(world.sender.problem()).toContain('gone');
    // Whoever writes to the bot meanwhile is answered by the same wrong account.
    const asked = { accountId: 'tg', chat: 'c5', thread: null };
    world.sender.reply({ address: asked, group: false, document: says('answer'), replyTo: null, edit: null });
    await world.pass(1_000);
    expect(world.texts().filter((text) => text.includes('c5: answer'))).toHaveLength(1);
    expect(await world.store.subscriptions.count()).toBe(subscribed);
    // Single tries only.
    expect(world.sent.length).toBeLessThan(160);
    const before = new Set(world.sent.map((one) => one.address.chat));
    world.sent = [];
    world.answer = () => ({ kind: 'delivered', messageRef: String(world.sent.length) });
    await world.pass(1_200_000, 100);
    expect(world.sender.problem()).toBeNull();
    const heard = new Set(world.sent.map((one) => one.address.chat));
    for (let i = 0; i < 200; i++) if (i !== 77 || !before.has('c77')) expect(heard).toContain(`c${i}`);
    expect(world.sent.length).toBeLessThanOrEqual(200);
  });

  test('the 10 that subscribed first of 200 are gone: they end, the rest hears at full pace', async () => {
    world = await World.create();
    for (let i = 0; i < 200; i++) await world.chat(`c${i}`);
    world.answer = (message) =>
      Number(message.address.chat.slice(1)) < 10
        ? { kind: 'gone', reason: 'client', detail: 'blocked' }
        : { kind: 'delivered', messageRef: String(world.sent.length) };
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(10_000);
    expect(await world.store.subscriptions.count()).toBe(190);
    expect(world.sent).toHaveLength(200);
    expect(world.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  test.each([
    ['a day ahead, then set right', DAY, -DAY],
    ['right, then a day back', 0, -DAY],
    ['a day behind, then set right', -DAY, DAY],
  ])(
    'clock %s: a chat that subscribed meanwhile hears the next alert, and of what its answer showed nothing more',
    async (_, before, after) => {
      world = await World.create();
      await world.chat('early');
      await world.say('a', 'block', 'signal');
      await world.say('b', 'block', 'signal');
      await world.pass(2_000);
      world.clock.jump(before);
      await world.chat('late');
      world.clock.jump(after);
      await world.say('a', 'block', 'whatsapp');
      await world.say('b', 'block', 'whatsapp');
      await world.pass(10_000);
      expect(world.texts().toSorted()).toEqual([
        'send early: signal block active v2',
        'send early: whatsapp block active v2',
        'send late: whatsapp block active v2',
      ]);
    },
  );

  test('a chat that moved: the message goes to its new address', async () => {
    world = await World.create();
    await world.chat('old');
    world.answer = (message) =>
      message.address.chat === 'old'
        ? { kind: 'moved', to: { accountId: 'tg', chat: 'new', thread: null } }
        : { kind: 'delivered', messageRef: '1' };
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(10_000);
    expect(world.texts()).toEqual(['send old: whatsapp block active v2', 'send new: whatsapp block active v2']);
  });

  test('a platform that does not answer for an hour: every chat hears once it is back, tries stay few, one warning', async () => {
    world = await World.create();
    for (let i = 0; i < 30; i++) await world.chat(`c${i}`);
    world.answer = () => ({ kind: 'retry', afterMs: null, scope: 'account', reason: 'server', detail: '502' });
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(3_600_000, 2_000);
    expect(world.sent.length).toBeLessThan(120);
    world.sent = [];
    world.answer = () => ({ kind: 'delivered', messageRef: String(world.sent.length) });
    await world.pass(400_000, 200);
    expect(new Set(world.sent.map((one) => one.address.chat)).size).toBe(30);
    expect(world.sent).toHaveLength(30);
    expect(world.lines.filter((line) => line === 'warn Unable to send; will go on trying')).toHaveLength(1);
    expect(world.lines).toContain('info Sending works again');
  });

  const ask = ({ sender }: World, who: string): void =>
    sender.reply({
      address: { accountId: 'tg', chat: who, thread: null },
      group: false,
      document: { ...says('status'), tone: 'notice' },
      replyTo: null,
      edit: null,
    });

  test('an answer to a person during a broadcast: goes next', async () => {
    world = await World.create();
    for (let i = 0; i < 300; i++) await world.chat(`c${i}`);
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(2_000);
    const before = world.sent.length;
    const asked = world.clock.monotonic();
    ask(world, 'zoe');
    await world.pass(200);
    const answer = world.sent.findIndex((one) => one.address.chat === 'zoe');
    expect(answer - before).toBeLessThanOrEqual(1);
    expect(world.sent[answer]!.at - asked).toBeLessThan(100);
  });

  test('seven a second ask during a broadcast, timers are early and a look into the store takes a moment: each waits for one slot, and no slot is lost', async () => {
    world = await World.create();
    for (let i = 0; i < 300; i++) await world.chat(`c${i}`);
    const { clock } = world;
    const { outbox } = world.store;
    const { peek } = outbox;
    // Node's timers know whole milliseconds.
    const sleep = clock.sleep.bind(clock);
    clock.sleep = (ms, signal) => sleep(Math.trunc(ms), signal);
    Object.assign(outbox, {
      peek: async (...args: Parameters<typeof peek>) => {
        await clock.sleep(LOOK);
        return await peek.apply(outbox, args);
      },
    });
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(2_000, 1);
    const [from, before] = [world.clock.monotonic(), world.sent.length];
    const asked = new Map<string, number>();
    for (let i = 0; i < 42; i++) {
      asked.set(`ann${i}`, world.clock.monotonic());
      ask(world, `ann${i}`);
      await world.pass(100 + ((i * 37) % 87), 1);
    }
    await world.pass(200, 1);
    const waits = [...asked].map(([who, at]) => world.sent.find((one) => one.address.chat === who)!.at - at);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_000 / PACE.perSecond + 2 * LOOK);
    const rate = (world.sent.length - before) / ((world.clock.monotonic() - from) / 1_000);
    expect(rate).toBeGreaterThan(PACE.perSecond - 0.5);
  });

  test('stopped right after an answer, and begun anew, elsewhere or here: that chat has its rest, the others hear at once', async () => {
    world = await World.create();
    for (const name of ['ann', 'bob']) await world.chat(name);
    ask(world, 'ann');
    await world.pass(20);
    const [answered] = world.sent;
    await world.again(PACE);
    const began = world.clock.monotonic();
    await world.say('a', 'block');
    await world.say('b', 'block');
    await world.pass(2_000);
    const [bob, ann] = world.sent.slice(1);
    expect([answered!, bob!, ann!].map(({ address }) => address.chat)).toEqual(['ann', 'bob', 'ann']);
    expect(bob!.at - began).toBeLessThan(100);
    expect(ann!.at - answered!.at).toBeGreaterThanOrEqual(PACE.perChatMs);
  });

  test('a group that is notified twenty times a minute: the rest waits, private chats do not', async () => {
    world = await World.create();
    await world.chat('group', 'group');
    await world.chat('ann');
    for (let i = 0; i < 25; i++) {
      await world.say('a', 'block', `s${i}`);
      await world.say('b', 'block', `s${i}`);
    }
    await world.pass(30_000);
    const toGroup = world.sent.filter((one) => one.address.chat === 'group');
    for (const one of toGroup)
      expect(toGroup.filter((other) => other.at >= one.at && other.at < one.at + 60_000).length).toBeLessThanOrEqual(
        20,
      );
  });
});
