/** Quiet hours, from the change to the chat: evaluation goes on, only delivery waits, and nothing is lost or said twice. */
import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/core/model/chat.ts';
import { Night, night } from './night.ts';

let world: Night;
afterEach(() => world.store.close());

describe('by night', () => {
  test('one change: silent, and at their end its alert, which is edited and answered as any other', async () => {
    world = await Night.begin();
    await world.chat('ann', night());
    await world.chat('eve', DEFAULT_SETTINGS);
    await world.until('07 01:30');
    await world.twoSay('block');
    expect(world.lines('eve')).toEqual(['07 01:30 ♪ 🔴 Russia: WhatsApp blocked']);
    await world.until('07 07:59');
    expect(world.lines()).toEqual([]);
    await world.until('07 12:00');
    expect(world.lines()).toEqual(['07 08:00 ♪ 🔴 Russia: WhatsApp blocked']);
    expect(world.text(0)).toMatch(
      /First reported 7 Feb, 01:30 MSK[\s\S]*RU-whatsapp-\w+\nThis happened during your quiet hours\.$/u,
    );
    await world.twoSay('unblock');
    await world.until('07 12:10');
    expect(world.lines().slice(2)).toEqual([
      '07 12:00 – edit m2 🟢 Russia: WhatsApp works again',
      expect.stringMatching(/^07 12:00 ♪ →m2 🟢 Russia: WhatsApp works again · lasted 10 hours/u),
    ]);
  });

  test('what came and went: one message that tells how it stands now', async () => {
    world = await Night.begin();
    await world.chat('ann', night());
    await world.until('07 01:00');
    await world.twoSay('block');
    await world.until('07 05:00');
    await world.twoSay('unblock');
    await world.until('07 12:00');
    expect(world.lines()).toEqual(['07 08:00 ♪ 🟢 Russia: WhatsApp works again']);
    expect(world.text(0)).toContain('4 hours');
  });

  test('several: one summary with all of them, the worst first, each complete; later changes answer it, and it is not edited', async () => {
    world = await Night.begin();
    await world.chat('ann', night());
    await world.until('06 23:30');
    await world.twoSay('block', 'whatsapp');
    await world.until('07 02:00');
    await world.twoSay('throttle', 'telegram');
    await world.until('07 04:00');
    await world.twoSay('block', 'signal');
    await world.until('07 06:00');
    await world.twoSay('unblock', 'whatsapp');
    await world.until('07 09:00');
    expect(world.lines()).toEqual(['07 08:00 ♪ During your quiet hours: 4 changes. How it stands now:']);
    const text = world.text(0);
    expect(
      text
        .split('\n')
        .slice(1, 4)
        .map((line) => line.replace(/^\W+\s/u, '').split(' · ')[0]),
    ).toEqual(['Russia: Signal blocked', 'Russia: Telegram slowed down', 'Russia: WhatsApp works again']);
    expect(text).toMatch(
      /Signal blocked · first reported 7 Feb, 04:00 MSK · Corroborated: 2 outlets report it, nobody has measured it · Sources: /u,
    );
    expect(text).toMatch(/RU-signal-\w+ RU-telegram-\w+ RU-whatsapp-\w+/u);
    await world.twoSay('unblock', 'signal');
    await world.until('07 12:00');
    expect(world.lines().slice(1)).toEqual([
      expect.stringMatching(/^07 09:00 ♪ →m1 🟢 Russia: Signal works again · lasted 5 hours/u),
    ]);
  });

  test('the chat has the alert already: it is kept true at once without a sound, and the summary tells of the lift', async () => {
    world = await Night.begin();
    await world.chat('ann', night());
    await world.until('06 20:00');
    await world.twoSay('block');
    await world.until('07 03:00');
    await world.twoSay('unblock');
    await world.until('07 12:00');
    expect(world.lines()).toEqual([
      '06 20:00 ♪ 🔴 Russia: WhatsApp blocked',
      // One outlet says so; then two.
      '07 03:00 – edit m1 🔴 Russia: WhatsApp blocked',
      '07 03:00 – edit m1 🟢 Russia: WhatsApp works again',
      '07 08:00 ♪ During your quiet hours: 1 change. How it stands now:',
    ]);
    expect(world.text(3)).toContain('🟢 Russia: WhatsApp works again');
  });

  test('muted or unsubscribed meanwhile: nothing; what was taken back before anybody heard of it: nothing', async () => {
    world = await Night.begin();
    const ann = await world.chat('ann', night());
    await world.chat('bob', night());
    await world.until('07 01:00');
    await world.twoSay('block');
    await world.until('07 07:00');
    await world.store.subscriptions.removeAll(ann.id);
    const bob = (await world.store.chats.find({ accountId: 'tg', chat: 'bob', thread: null }))!;
    const until = world.clock.now() + 86_400_000;
    await world.store.silences.add({ chatId: bob.id, country: 'RU', service: null, incidentId: null, until });
    await world.until('07 12:00');
    expect(world.heard).toEqual([]);
    // Followed anew, the next loud change is told afresh.
    await world.store.subscriptions.add(ann.id, [{ country: 'RU', service: '*' }], world.clock.now());
    await world.twoSay('unblock');
    expect(world.lines()).toEqual(['07 12:00 ♪ 🟢 Russia: WhatsApp works again']);
  });

  test('quiet hours switched off in the middle: the summary comes at once', async () => {
    world = await Night.begin();
    const ann = await world.chat('ann', night());
    await world.until('07 01:00');
    await world.twoSay('block');
    await world.until('07 03:00');
    await world.store.chats.update(ann.id, { settings: DEFAULT_SETTINGS });
    await world.until('07 03:01');
    expect(world.lines()).toEqual(['07 03:00 ♪ 🔴 Russia: WhatsApp blocked']);
  });

  test('another time zone chosen, where it is day: the same', async () => {
    world = await Night.begin();
    const ann = await world.chat('ann', night());
    await world.until('07 01:00');
    await world.twoSay('block');
    await world.store.chats.update(ann.id, { timeZone: 'Asia/Vladivostok' });
    await world.until('07 01:01');
    expect(world.lines()).toEqual(['07 01:00 ♪ 🔴 Russia: WhatsApp blocked']);
  });
});

describe('killed', () => {
  test('in the night, and between each two steps of the morning: the summary comes, once', async () => {
    world = await Night.begin();
    await world.chat('ann', night());
    await world.until('07 01:00');
    await world.twoSay('block', 'whatsapp');
    world.start();
    await world.twoSay('block', 'signal');
    world.start();
    await world.until('07 07:59');
    world.start();
    await world.until('07 08:00');
    world.start();
    await world.until('07 12:00');
    expect(world.lines()).toEqual(['07 08:00 ♪ During your quiet hours: 2 changes. How it stands now:']);
    expect(await world.store.outbox.depth()).toEqual([]);
  });

  test('the platform is down at their end: the summary waits for it; what changes meanwhile comes in a second one', async () => {
    world = await Night.begin();
    await world.chat('ann', night());
    await world.until('07 01:00');
    await world.twoSay('block', 'whatsapp');
    await world.twoSay('block', 'signal');
    world.answer = () => ({ kind: 'retry', afterMs: 600_000, scope: 'chat', reason: 'server', detail: '502' });
    await world.until('07 08:01');
    await world.twoSay('unblock', 'signal');
    world.answer = null;
    world.start();
    await world.until('07 09:00');
    expect(world.lines().map((line) => line.replace(/^07 08:\d\d /u, ''))).toEqual([
      '♪ During your quiet hours: 2 changes. How it stands now:',
      '♪ During your quiet hours: 1 change. How it stands now:',
    ]);
    expect(world.text(1)).toContain('Signal works again');
  });

  test('an attempt in the evening that may have arrived: it waits as it is, rings in the morning, and says what it said', async () => {
    world = await Night.begin();
    await world.chat('ann', night());
    await world.until('06 22:59');
    world.answer = () => ({ kind: 'retry', afterMs: 120_000, scope: 'chat', reason: 'timeout', detail: '' });
    await world.twoSay('block');
    world.answer = null;
    await world.until('07 12:00');
    expect(world.lines()).toEqual(['07 08:00 ♪ 🔴 Russia: WhatsApp blocked']);
  });

  test('the chat is gone in the morning: it ends, and waits for nothing', async () => {
    world = await Night.begin();
    const ann = await world.chat('ann', night());
    await world.until('07 01:00');
    await world.twoSay('block');
    await world.store.chats.end(ann.id);
    await world.until('07 12:00');
    expect(world.heard).toEqual([]);
    expect((await world.store.digest()).find((one) => one.table === 'held')!.rows).toBe(0);
  });
});

describe('what is critical', () => {
  test('a confirmed block of what is followed by name rings where that was asked for; of what is not, it waits', async () => {
    world = await Night.begin();
    await world.chat('ann', night(true), { follows: 'RU whatsapp' });
    await world.chat('bob', night(true), { follows: 'RU *' });
    await world.chat('eve', night(false), { follows: 'RU whatsapp' });
    await world.until('07 02:00');
    await world.measured('block');
    await world.until('07 12:00');
    // Until the second network measured it, it waited for all three.
    expect(world.lines('ann')).toEqual(['07 02:00 ♪ 🔴 Russia: WhatsApp blocked']);
    expect(world.lines('bob')).toEqual(['07 08:00 ♪ 🔴 Russia: WhatsApp blocked']);
    expect(world.lines('eve')).toEqual(['07 08:00 ♪ 🔴 Russia: WhatsApp blocked']);
  });

  test('the internet of a whole country is off: it rings; that it is back waits', async () => {
    world = await Night.begin();
    await world.chat('ann', night(true));
    await world.until('07 02:00');
    await world.twoSay('shutdown', 'internet');
    await world.until('07 05:00');
    await world.twoSay('unblock', 'internet');
    await world.until('07 12:00');
    expect(world.lines().filter((line) => line.includes('♪'))).toEqual([
      expect.stringMatching(/^07 02:00 ♪ ⚫ Russia/u),
      '07 08:00 ♪ During your quiet hours: 1 change. How it stands now:',
    ]);
  });

  test('the platform of the chat itself is blocked: it rings', async () => {
    world = await Night.begin();
    await world.chat('ann', night(true));
    await world.until('07 02:00');
    await world.twoSay('block', 'telegram');
    expect(world.lines()).toEqual(['07 02:00 ♪ 🔴 Russia: Telegram blocked']);
  });
});

describe('sound', () => {
  test('off: alerts and their answers come without one, and the summary, too', async () => {
    world = await Night.begin();
    await world.chat('ann', { ...night(), sound: false });
    await world.until('06 20:00');
    await world.twoSay('block');
    await world.until('06 21:00');
    await world.twoSay('unblock');
    await world.until('07 01:00');
    await world.twoSay('block', 'signal');
    await world.until('07 12:00');
    expect(world.lines().length).toBe(5);
    expect(world.lines().join('\n')).not.toContain('♪');
  });
});
