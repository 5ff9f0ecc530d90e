/** A pair of chats while a platform fails: by the loops of the running bot, on a fake clock. Played on both databases. */
import { afterEach, expect, test } from 'vitest';
import { composeCore } from '../../src/compose-core.ts';
import { createPairWatch } from '../../src/core/link/watch.ts';
import type { BaselineEntry } from '../../src/core/model/baseline.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import type { Report } from '../../src/core/model/report.ts';
import { createOutage } from '../../src/core/outbox/outage.ts';
import type { ChatAdapter, Outgoing, SendOutcome } from '../../src/core/ports/chat-adapter.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createIds } from '../../src/platform/ids.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { quietLog as log } from '../fakes/fake-log.ts';
import { asText, NOW, report, translators } from '../unit/render/support.ts';

const MINUTE = 60_000;
type Mode = 'works' | '502' | 'hangs' | 'gone';

interface Sent {
  account: string;
  op: Outgoing['op'] | 'reply';
  text: string;
  at: number;
}

/** As real ones, which know no parts of a millisecond. */
class WholeClock extends FakeClock {
  override now(): number {
    return Math.floor(super.now());
  }
}

/** One process of the bot: it dies with its clock, which nobody moves any more. */
class Process {
  readonly clock: WholeClock;
  readonly modes: Record<string, Mode> = { tg: 'works', mx: 'works' };
  readonly sent: Sent[] = [];
  readonly store: Store;
  readonly step: number;
  readonly core: ReturnType<typeof composeCore>;
  readonly #stop = new AbortController();
  #loops: Promise<unknown>[] = [];

  constructor(store: Store, clock: WholeClock, step: number, baseline: BaselineEntry[] = []) {
    this.store = store;
    this.step = step;
    this.clock = clock;
    const ids = createIds(clock);
    this.core = composeCore({
      store,
      clock,
      ids,
      log,
      translators,
      extractor: { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) },
      policy: DEFAULT_POLICY,
    });
    const accounts = [this.#adapter('tg', 'telegram'), this.#adapter('mx', 'matrix')];
    for (const adapter of accounts) this.core.addAccount({ adapter, outage: createOutage() });
    const watch = createPairWatch({
      store,
      clock,
      ids,
      log,
      baseline,
      accounts: () =>
        accounts.map(({ accountId: id, platform, service, health }) => ({
          id,
          platform,
          service: service ?? null,
          ok: health().ok,
        })),
      wake: () => {
        for (const id of this.core.accounts()) this.core.sender(id)!.wake();
      },
    });
    const { signal } = this.#stop;
    this.#loops = [this.core.broadcaster.loop(signal), watch.loop(signal)];
    for (const id of this.core.accounts()) this.#loops.push(this.core.sender(id)!.loop(signal));
  }

  #adapter(accountId: string, platform: string): ChatAdapter {
    let messages = 0;
    const answer = async (signal: AbortSignal): Promise<SendOutcome> => {
      switch (this.modes[accountId]!) {
        case '502':
          return { kind: 'retry', afterMs: null, scope: 'account', reason: 'server', detail: '502' };
        case 'hangs':
          await this.clock.sleep(20_000, signal).catch(() => {});
          return { kind: 'retry', afterMs: null, scope: 'account', reason: 'timeout', detail: 'no answer' };
        case 'gone':
          return { kind: 'gone', reason: 'client', detail: 'bot was blocked by the user' };
        case 'works':
          return { kind: 'delivered', messageRef: `${accountId}-${++messages}` };
      }
    };
    return {
      accountId,
      platform,
      service: platform === 'telegram' ? 'telegram' : 'element',
      commandPrefix: platform === 'telegram' ? '/' : '!tocsin ',
      hasButtons: platform === 'telegram',
      pace: { perSecond: 27, perChatMs: 0, perGroupMinute: 0, window: 4 },
      start: async () => undefined,
      stop: async () => undefined,
      health: () => {
        const ok = this.modes[accountId] === 'works' || this.modes[accountId] === 'gone';
        return { ok, problem: ok ? null : 'does not answer', lastContactAt: null };
      },
      send: async (message, signal) => {
        const outcome = await answer(signal);
        if (outcome.kind === 'delivered') {
          const op = message.op === 'send' && message.replyTo !== null ? 'reply' : message.op;
          this.sent.push({ account: accountId, op, text: asText(message.document), at: this.clock.now() });
        }
        return outcome;
      },
    };
  }

  /** Time in small steps, each with turns enough for the store's work. */
  async pass(ms: number): Promise<void> {
    for (let t = 0; t < ms; t += this.step) {
      await this.clock.pass(this.step);
      // What works on the store has its turns: a transaction comes after all that were asked for before it.
      for (let i = 0; i < 4; i++) {
        await this.store.transaction(async () => undefined);
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    }
  }

  heard(account: string): string[] {
    return this.sent.filter((one) => one.account === account).map(({ op, text }) => `${op} ${headOf(text)}`);
  }

  async tell(over: Partial<Report> = {}): Promise<void> {
    const at = this.clock.now();
    const one = (voice: string) =>
      report({
        voice,
        id: `${voice}-${over.service ?? 'whatsapp'}-${over.action ?? 'block'}-${at}`,
        itemId: null,
        at,
        ...over,
      });
    await this.core.pipeline.reports([one('bbc'), one('dw')]);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    const done = Promise.allSettled(this.#loops);
    await this.pass(20_000);
    await done;
  }
}

/** The first line with a mark, without what a reply says behind it. */
const headOf = (text: string): string =>
  (text.split('\n').find((one) => /\p{Emoji_Presentation}/u.test(one)) ?? text.split('\n')[0]!).split(' · ')[0]!;

async function linked(store: Store): Promise<{ main: number; spare: number }> {
  const init = { kind: 'private' as const, lang: 'en', now: NOW };
  const main = await store.chats.ensure(
    { accountId: 'tg', chat: '100', thread: null },
    { ...init, platform: 'telegram' },
  );
  const spare = await store.chats.ensure(
    { accountId: 'mx', chat: '!room', thread: null },
    { ...init, platform: 'matrix' },
  );
  await store.subscriptions.add(main.id, [{ country: 'RU', service: '*' }], NOW);
  await store.links.join(main.id, spare.id, NOW);
  return { main: main.id, spare: spare.id };
}

export interface ScenarioStores {
  open(): Promise<{ store(clock: FakeClock): Promise<Store>; drop(): Promise<void> }>;
  /** A real server has its work to do between two steps of the fake clock: the shorter, the better it keeps up, ms. */
  step: number;
  /** Those too that ask little of the database. */
  more: boolean;
}

export function scenarios({ open, step, more }: ScenarioStores): void {
  let running: Process[] = [];
  let stores: Store[] = [];
  let drop: () => Promise<void>;
  afterEach(async () => {
    for (const one of running) await one.stop();
    for (const store of stores) await store.close();
    running = [];
    stores = [];
    await drop();
  });

  async function start(baseline: BaselineEntry[] = []): Promise<Process> {
    const made = await open();
    drop = made.drop;
    const store = await made.store(new WholeClock(NOW));
    stores.push(store);
    const process = new Process(store, new WholeClock(NOW), step, baseline);
    running.push(process);
    await linked(store);
    return process;
  }

  test.each(['502', 'hangs'] as const)(
    'Telegram %s: the second chat has the alert within six minutes, once; Telegram comes back: no echo',
    async (mode) => {
      const bot = await start();
      bot.modes.tg = mode;
      await bot.tell();
      await bot.pass(4.5 * MINUTE);
      expect(bot.heard('mx')).toEqual([]);
      await bot.pass(1.5 * MINUTE);
      expect(bot.heard('mx')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
      expect(bot.sent[0]!.at - NOW).toBeLessThanOrEqual(6 * MINUTE);
      expect(bot.sent[0]!.text).toContain('Told here, because Telegram was not taking messages.');
      await bot.pass(10 * MINUTE);
      bot.modes.tg = 'works';
      await bot.pass(15 * MINUTE);
      expect([bot.heard('tg'), bot.heard('mx')]).toEqual([[], ['send 🔴 Russia: WhatsApp blocked']]);
      // What becomes of it is told where it was told; what is new goes to the first again.
      await bot.tell({ action: 'unblock' });
      await bot.tell({ service: 'signal' });
      await bot.pass(2 * MINUTE);
      expect(bot.heard('tg')).toEqual(['send 🔴 Russia: Signal blocked']);
      expect(bot.heard('mx')).toEqual([
        'send 🔴 Russia: WhatsApp blocked',
        'edit 🟢 Russia: WhatsApp works again',
        'reply 🟢 Russia: WhatsApp works again',
      ]);
    },
  );

  if (more)
    test('Telegram has failed for long: what happens then is with the second chat at once', async () => {
      const bot = await start();
      bot.modes.tg = '502';
      await bot.pass(6 * MINUTE);
      await bot.tell();
      await bot.pass(1.5 * MINUTE);
      expect(bot.heard('mx')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
    });

  if (more)
    test('all is well: the second chat hears nothing', async () => {
      const bot = await start();
      await bot.tell();
      await bot.pass(10 * MINUTE);
      expect([bot.heard('tg'), bot.heard('mx')]).toEqual([['send 🔴 Russia: WhatsApp blocked'], []]);
    });

  if (more)
    test('trouble of two minutes: the first chat gets it, the second nothing', async () => {
      const bot = await start();
      bot.modes.tg = '502';
      await bot.tell();
      await bot.pass(2 * MINUTE);
      bot.modes.tg = 'works';
      await bot.pass(10 * MINUTE);
      expect([bot.heard('tg'), bot.heard('mx')]).toEqual([['send 🔴 Russia: WhatsApp blocked'], []]);
    });

  if (more)
    test('both platforms fail: whichever comes back first has it, once', async () => {
      const bot = await start();
      bot.modes.tg = bot.modes.mx = '502';
      await bot.tell();
      await bot.pass(10 * MINUTE);
      bot.modes.tg = 'works';
      await bot.pass(5 * MINUTE);
      bot.modes.mx = 'works';
      await bot.pass(10 * MINUTE);
      expect([bot.heard('tg'), bot.heard('mx')]).toEqual([['send 🔴 Russia: WhatsApp blocked'], []]);
    });

  test('killed while Telegram fails, again and again: the second chat has it, once', async () => {
    let bot = await start();
    bot.modes.tg = 'hangs';
    await bot.tell();
    await bot.pass(3 * MINUTE);
    const heard: string[] = [];
    for (let life = 0; life < 3; life++) {
      heard.push(...bot.heard('mx'));
      // Its clock stands still from now on: it sends and writes nothing more.
      const clock = new WholeClock(bot.clock.now());
      bot = new Process(bot.store, clock, step);
      running.push(bot);
      bot.modes.tg = 'hangs';
      await bot.pass(2 * MINUTE);
    }
    heard.push(...bot.heard('mx'));
    bot.modes.tg = 'works';
    await bot.pass(10 * MINUTE);
    heard.push(...bot.heard('mx').slice(heard.length > 0 ? 1 : 0));
    expect(heard.filter((one) => one.includes('WhatsApp'))).toEqual(['send 🔴 Russia: WhatsApp blocked']);
    expect(bot.heard('tg')).toEqual([]);
  });

  test('the first chat is gone: the second is told, has what waited, and follows it from now on', async () => {
    const bot = await start();
    bot.modes.tg = 'gone';
    await bot.tell();
    await bot.pass(3 * MINUTE);
    expect(bot.heard('mx').sort().reverse()).toEqual([
      'send 🔴 Russia: WhatsApp blocked',
      'send Your first chat, a private chat on Telegram, cannot be reached any more. What it followed, this chat follows from now on. To change that: !tocsin subscriptions',
    ]);
    await bot.tell({ service: 'signal' });
    await bot.pass(2 * MINUTE);
    expect(bot.heard('mx').at(-1)).toBe('send 🔴 Russia: Signal blocked');
  });

  test('Telegram is blocked where the chat lives: both hear of that, and of all that follows, with the reason; over: only the first', async () => {
    const bot = await start();
    await bot.tell({ service: 'telegram' });
    await bot.pass(2 * MINUTE);
    expect([bot.heard('tg'), bot.heard('mx')]).toEqual([
      ['send 🔴 Russia: Telegram blocked'],
      ['send 🔴 Russia: Telegram blocked'],
    ]);
    expect(bot.sent.find(({ account }) => account === 'mx')!.text).toContain(
      'Told here as well, because Telegram is blocked or slowed down (Russia).',
    );
    await bot.tell({ service: 'signal' });
    await bot.pass(2 * MINUTE);
    expect(bot.heard('mx').at(-1)).toBe('send 🔴 Russia: Signal blocked');
    await bot.tell({ service: 'telegram', action: 'unblock' });
    await bot.pass(2 * MINUTE);
    expect(bot.heard('mx').slice(-2)).toEqual([
      'edit 🟢 Russia: Telegram works again',
      'reply 🟢 Russia: Telegram works again',
    ]);
    const before = bot.heard('mx').length;
    await bot.tell({ service: 'max' });
    await bot.pass(2 * MINUTE);
    expect([bot.heard('mx').length, bot.heard('tg').at(-1)]).toEqual([before, 'send 🔴 Russia: MAX blocked']);
  });

  if (more)
    test('Telegram blocked there, and cut off here as well: the second has each alert once, and nothing comes twice', async () => {
      const reference = { method: null, since: 0, monthOnly: true, reference: 'https://example.org' } as const;
      const bot = await start([{ country: 'RU', service: 'telegram', action: 'throttle', ...reference }]);
      await bot.pass(MINUTE);
      bot.modes.tg = '502';
      await bot.tell();
      await bot.pass(2 * MINUTE);
      expect(bot.heard('mx')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
      await bot.pass(5 * MINUTE);
      bot.modes.tg = 'works';
      await bot.pass(10 * MINUTE);
      expect([bot.heard('tg'), bot.heard('mx')]).toEqual([[], ['send 🔴 Russia: WhatsApp blocked']]);
    });

  if (more)
    test('a monthly test, wished for: once a month, and harmless', async () => {
      const bot = await start();
      const [link] = await bot.store.links.list(0, 1);
      await bot.store.links.update(link!.mainId, { monthlyTest: true, testedAt: NOW - 30 * 86_400_000 });
      await bot.pass(5 * MINUTE);
      expect(bot.heard('mx')).toEqual([
        'send This is only a test: nothing has happened. Had I been unable to reach a private chat on Telegram, your alert would have come here.',
      ]);
      expect(bot.heard('tg')).toEqual([]);
    });
}
