/** A pair of chats in quiet hours, and what comes at its time: it reaches the second chat when the first platform fails, once. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/core/model/chat.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { quietLog as log } from '../fakes/fake-log.ts';
import { NOW } from '../unit/render/support.ts';
import { linked, MINUTE, Process, WholeClock } from './pairs-world.ts';

const clockTime = (ms: number): number => Math.floor(ms / MINUTE) % 1440;
/** A short night. */
const NIGHT = 12 * MINUTE;
const QUIET = { from: clockTime(NOW), to: clockTime(NOW + NIGHT), critical: false };

let store: Store;
let bot: Process;
let main: number;
let spare: number;
beforeEach(async () => {
  const clock = new WholeClock(NOW);
  store = await openStore(':memory:', { clock, log, ids: createIds(clock) });
  bot = new Process(store, clock, 20_000);
  ({ main, spare } = await linked(store));
});
afterEach(async () => {
  await bot.stop();
  await store.close();
});

const quiet = (id: number) => store.chats.update(id, { settings: { ...DEFAULT_SETTINGS, quiet: QUIET } });
const textsOf = (account: string) => bot.sent.filter((one) => one.account === account).map(({ text }) => text);

describe('quiet hours', () => {
  test('of the second chat, while the first one fails: it hears at their end, once', async () => {
    await quiet(spare);
    bot.modes.tg = '502';
    await bot.tell();
    await bot.pass(NIGHT - MINUTE);
    expect(bot.sent).toEqual([]);
    await bot.pass(2 * MINUTE);
    expect(bot.heard('mx')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
    expect(textsOf('mx')[0]).toContain('Told here, because Telegram was not taking messages.');
    bot.modes.tg = 'works';
    await bot.pass(3 * MINUTE);
    expect([bot.heard('tg'), bot.heard('mx').length]).toEqual([[], 1]);
  });

  test.each([
    ['one thing', ['whatsapp']],
    ['two things', ['whatsapp', 'signal']],
  ])(
    'of the first, which fails at their end: the second has the summary within six minutes, once (%s)',
    async (_name, services) => {
      await quiet(main);
      for (const service of services) {
        await bot.tell({ service });
        await bot.pass(2 * MINUTE);
      }
      await bot.pass(6 * MINUTE);
      bot.modes.tg = 'hangs';
      await bot.pass(NIGHT - (6 + 2 * services.length) * MINUTE);
      expect(bot.sent).toEqual([]);
      await bot.pass(6 * MINUTE);
      expect(bot.sent).toHaveLength(1);
      expect(bot.sent[0]!.account).toBe('mx');
      expect(bot.sent[0]!.at - NOW).toBeLessThanOrEqual(NIGHT + 6 * MINUTE);
      for (const name of services.length > 1 ? ['WhatsApp', 'Signal'] : ['WhatsApp'])
        expect(bot.sent[0]!.text).toContain(`${name} blocked`);
      expect(bot.sent[0]!.text).toContain('Told here, because Telegram was not taking messages.');
      await bot.pass(2 * MINUTE);
      bot.modes.tg = 'works';
      await bot.pass(5 * MINUTE);
      expect([bot.heard('tg'), bot.heard('mx').length]).toEqual([[], 1]);
    },
  );

  test('of the first, which fails for two minutes at their end: it has its summary, the second nothing', async () => {
    await quiet(main);
    await bot.tell();
    await bot.pass(NIGHT - MINUTE);
    bot.modes.tg = '502';
    await bot.pass(3 * MINUTE);
    bot.modes.tg = 'works';
    await bot.pass(4 * MINUTE);
    expect([bot.heard('tg').length, bot.heard('mx')]).toEqual([1, []]);
  });

  test('of the first, which is gone at their end: the second has what waited, and is told that it takes over', async () => {
    await quiet(main);
    await bot.tell();
    await bot.pass(NIGHT - MINUTE);
    bot.modes.tg = 'gone';
    await bot.pass(4 * MINUTE);
    expect(bot.heard('mx').sort().reverse()).toEqual([
      'send 🔴 Russia: WhatsApp blocked',
      expect.stringContaining('Your first chat, a private chat on Telegram, cannot be reached any more.'),
    ]);
  });
});

describe('a digest', () => {
  test('that the first chat cannot get: the second does, of what the first follows, once', async () => {
    const digest = { every: 'day' as const, at: clockTime(NOW + 3 * MINUTE) };
    await store.chats.update(main, { settings: { ...DEFAULT_SETTINGS, digest } });
    await bot.tell();
    await bot.pass(2 * MINUTE);
    expect(bot.heard('tg')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
    bot.modes.tg = '502';
    await bot.pass(7 * MINUTE);
    expect(textsOf('mx')).toEqual([expect.stringMatching(/Told here[\s\S]*WhatsApp blocked/)]);
    bot.modes.tg = 'works';
    await bot.pass(3 * MINUTE);
    expect([bot.heard('tg').length, bot.heard('mx').length]).toEqual([1, 1]);
  });
});
