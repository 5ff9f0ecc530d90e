/** A pair of chats while a platform fails: by the loops of the running bot, on a fake clock. Played on both databases. */
import { afterEach, expect, test } from 'vitest';
import type { BaselineEntry } from '../../src/core/model/catalogue.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { FakeClock } from '../fakes/fake-clock.ts';
import { NOW } from '../unit/render/support.ts';
import { linked, MINUTE, Process, WholeClock } from './pairs-world.ts';

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
      // What becomes of it rings in the first again, and is put right where it was told.
      await bot.tell({ action: 'unblock' });
      await bot.tell({ service: 'signal' });
      await bot.pass(2 * MINUTE);
      expect(bot.heard('tg').sort()).toEqual([
        'send 🔴 Russia: Signal blocked',
        'send 🟢 Russia: WhatsApp works again',
      ]);
      expect(bot.heard('mx')).toEqual(['send 🔴 Russia: WhatsApp blocked', 'edit 🟢 Russia: WhatsApp works again']);
    },
  );

  test('told in the second chat, and over while Telegram still fails: rings there, once, and Telegram never hears of it', async () => {
    const bot = await start();
    bot.modes.tg = '502';
    await bot.tell();
    await bot.pass(6 * MINUTE);
    await bot.tell({ action: 'unblock' });
    await bot.pass(2 * MINUTE);
    const told = [
      'send 🔴 Russia: WhatsApp blocked',
      'edit 🟢 Russia: WhatsApp works again',
      'reply 🟢 Russia: WhatsApp works again',
    ];
    expect(bot.heard('mx')).toEqual(told);
    bot.modes.tg = 'works';
    await bot.pass(5 * MINUTE);
    expect([bot.heard('tg'), bot.heard('mx')]).toEqual([[], told]);
  });

  if (more)
    test('told in the second chat, worse when Telegram is back, over when it fails again: each rings once, where it can be heard', async () => {
      const bot = await start();
      bot.modes.tg = '502';
      await bot.tell({ action: 'throttle' });
      await bot.pass(6 * MINUTE);
      bot.modes.tg = 'works';
      await bot.pass(2 * MINUTE);
      await bot.tell();
      await bot.pass(2 * MINUTE);
      expect(bot.heard('tg')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
      expect(bot.heard('mx')).toEqual(['send 🟠 Russia: WhatsApp slowed down', 'edit 🔴 Russia: WhatsApp blocked']);
      bot.modes.tg = '502';
      await bot.tell({ action: 'unblock' });
      await bot.pass(6 * MINUTE);
      expect(bot.heard('mx').slice(2)).toEqual([
        'edit 🟢 Russia: WhatsApp works again',
        'reply 🟢 Russia: WhatsApp works again',
      ]);
      bot.modes.tg = 'works';
      await bot.pass(5 * MINUTE);
      // The first chat's own message is put right without a sound.
      expect(bot.heard('tg')).toEqual(['send 🔴 Russia: WhatsApp blocked', 'edit 🟢 Russia: WhatsApp works again']);
    });

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
      'send Your first chat, a private chat on Telegram, cannot be reached any more. What it followed, this chat follows. To change that: !tocsin subscriptions',
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
      const [link] = await bot.store.links.list(0, 1);
      await bot.store.links.update(link!.mainId, { both: 'always' });
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
    test('slowed down there for years: no reason to tell both; blocked now: both, with the reason', async () => {
      const reference = { method: null, since: 0, monthOnly: true, reference: 'https://example.org' } as const;
      const bot = await start([{ country: 'RU', service: 'telegram', action: 'throttle', ...reference }]);
      await bot.tell({ service: 'telegram', action: 'throttle' });
      await bot.tell();
      await bot.pass(2 * MINUTE);
      expect([bot.heard('tg').length, bot.heard('mx')]).toEqual([1, []]);
      await bot.tell({ service: 'telegram', action: 'block' });
      await bot.pass(2 * MINUTE);
      await bot.tell({ service: 'signal' });
      await bot.pass(2 * MINUTE);
      expect(bot.heard('mx').at(-1)).toBe('send 🔴 Russia: Signal blocked');
      expect(bot.sent.at(-1)!.text).toContain('because Telegram is blocked or slowed down (Russia).');
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
