/** Settings belong to the room; a thread may follow things of its own. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { languages } from '../../../src/i18n/packs.ts';
import { phrasesOf, roomsOf } from '../../fakes/packs.ts';
import { NOW } from '../render/support.ts';
import { roomBench } from './room-bench.ts';

let bench: Awaited<ReturnType<typeof roomBench>>;
beforeEach(async () => {
  bench = await roomBench();
});
afterEach(() => bench.close());

const inThread = { thread: '$alert' };
const row = (thread: string | null = null) => bench.store.chats.find({ accountId: 'mx', chat: '!room', thread });
const follows = async (thread: string | null = null): Promise<string[]> => {
  const chat = await row(thread);
  return chat ? (await bench.store.subscriptions.list(chat.id)).map((one) => `${one.country}/${one.service}`) : [];
};

describe('typed in the thread of an alert', () => {
  test('mute: the room is quiet, and it says so', async () => {
    await bench.say('subscribe ru');
    const text = await bench.say('mute ru for 8h', inThread);
    expect(text).toContain('Quiet');
    expect(text).toContain('This holds for the whole room, in all its threads.');
    expect(await bench.store.silences.list((await row())!.id, NOW)).toHaveLength(1);
    expect(await bench.say('unmute all', inThread)).toContain('whole room');
    expect(await bench.store.silences.list((await row())!.id, NOW)).toEqual([]);
  });

  test.each([
    ['level early', { level: 'early' }],
    ['language ru', { lang: 'ru' }],
    ['timezone Europe/Moscow', { timeZone: 'Europe/Moscow' }],
  ])('%s: the room’s', async (text, change) => {
    await bench.say('subscribe ru');
    await bench.say('subscribe ir', inThread);
    const answered = await bench.say(text, inThread);
    expect(answered).toMatch(/whole room|всей комнаты/);
    expect(await row()).toMatchObject(change);
    expect(await row('$alert')).toMatchObject(change);
  });

  test('settings: of the room, and it says so', async () => {
    await bench.say('subscribe ru');
    await bench.say('level early');
    await bench.say('subscribe ir', inThread);
    const text = await bench.say('settings', inThread);
    expect(text).toContain('Settings');
    expect(text).toContain('How sure: early');
    expect(text).toContain('This holds for the whole room, in all its threads.');
    expect(text).toContain('!tocsin timezone Europe/Moscow');
  });

  test('forget: the room and all its threads', async () => {
    await bench.say('subscribe ru');
    await bench.say('subscribe ir', inThread);
    expect(await bench.say('forget', inThread)).toContain('This holds for the whole room');
    expect(await bench.say('forget yes', inThread)).toContain('Everything about you here is deleted');
    expect(await bench.store.chats.addresses('mx')).toEqual([]);
  });

  test('forget, when only a thread followed something: that too', async () => {
    await bench.say('subscribe ir', inThread);
    await bench.say('forget yes');
    expect(await bench.store.chats.addresses('mx')).toEqual([]);
  });

  test('subscribe: the thread’s own, and the room stays as it was', async () => {
    await bench.say('subscribe ru');
    expect(await bench.say('subscribe ir', inThread)).toContain('Done! In this thread I watch:');
    expect([await follows(), await follows('$alert')]).toEqual([['RU/*'], ['IR/*']]);
    const both = await bench.say('subscriptions', inThread);
    expect(both).toMatch(/In this thread I watch:[\s\S]*Iran[\s\S]*I watch here:[\s\S]*Russia/);
    expect(await bench.say('subscriptions')).not.toContain('Iran');
  });

  test('unsubscribe: what the thread follows by itself, else the room', async () => {
    await bench.say('subscribe ru');
    await bench.say('subscribe ir', inThread);
    await bench.say('unsubscribe ru', inThread);
    expect([await follows(), await follows('$alert')]).toEqual([[], ['IR/*']]);
    await bench.say('subscribe tr');
    expect(await bench.say('unsubscribe all', inThread)).toContain('Stop all that I watch in this thread?');
    await bench.say('unsubscribe all yes', inThread);
    expect([await follows(), await follows('$alert')]).toEqual([['TR/*'], []]);
    expect(await bench.say('unsubscribe all', inThread)).toContain('Stop all');
  });

  test('a thread in a room with settings: takes them over', async () => {
    await bench.say('level confirmed');
    await bench.say('mute ir for 3d');
    await bench.say('subscribe ir', inThread);
    expect(await row('$alert')).toMatchObject({ level: 'confirmed' });
    expect(await bench.store.silences.list((await row('$alert'))!.id, NOW)).toHaveLength(1);
  });

  test('the bot is removed from the room: the thread’s subscriptions end too', async () => {
    await bench.say('subscribe ir', inThread);
    const address = { accountId: 'mx', chat: '!room', thread: null };
    await bench.intake({ kind: 'left', address, chatKind: 'group', sender: null });
    expect(await bench.store.chats.addresses('mx')).toEqual([]);
    expect(await follows('$alert')).toEqual([]);
  });
});

describe('who may change a room', () => {
  test('the refusal names the level that it takes and the person’s own', async () => {
    const text = await bench.say('subscribe ru', { power: 0 });
    expect(text).toBe('This needs power level 50 in this room; you have 0. Everyone may ask: !tocsin status');
    expect(text).not.toMatch(/group|chat/);
  });

  test('in Russian too', async () => {
    await bench.say('language ru');
    expect(await bench.say('mute all', { power: 49 })).toBe(
      'Для этого в этой комнате нужен уровень прав 50, а у вас 49. Спрашивать могут все: !tocsin status',
    );
  });

  test('levels cannot be read: said as well', async () => {
    expect(await bench.say('subscribe ru', { power: null })).toContain('I could not find out yours just now');
  });
});

describe('a room is called a room', () => {
  test.each(languages.map(({ code }) => [code] as const))(
    '%s: the same placeholders and plurals as for chats',
    (code) => {
      const texts = phrasesOf(code);
      const used = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g) ?? [])].sort();
      for (const [key, text] of Object.entries(roomsOf(code))) {
        const base = texts[key]!;
        expect({ key, used: used(text) }).toEqual({ key, used: used(base) });
        expect({ key, forms: Object.keys(Object(text)).sort() }).toMatchObject(
          typeof base === 'object' ? { forms: Object.keys(base).sort() } : {},
        );
        expect(Object.keys(roomsOf('en'))).toContain(key);
      }
    },
  );

  test('no answer of a room speaks of a chat or a group', async () => {
    const asked = [
      'start',
      'subscribe ru',
      'subscriptions',
      'unsubscribe all',
      'language',
      'about',
      'forget',
      'help',
      'unsubscribe ir',
    ];
    for (const lang of ['en', 'ru']) {
      await bench.say(`language ${lang}`);
      for (const text of asked)
        expect({ text, said: await bench.say(text) }).toMatchObject({
          said: expect.not.stringMatching(/\bchats?\b|\bgroup\b|\bчат(?!ьтесь)|групп/i),
        });
    }
  });
});

test('a room is upgraded: said in the new room, with what it follows; nothing in the old', async () => {
  await bench.say('subscribe ru whatsapp');
  bench.said.length = 0;
  await bench.intake({
    kind: 'moved',
    address: { accountId: 'mx', chat: '!room', thread: null },
    to: { accountId: 'mx', chat: '!new', thread: null },
    upgraded: { chatKind: 'group' },
  });
  expect(bench.said).toMatchObject([{ chat: '!new', thread: null }]);
  expect(bench.said[0]!.text).toMatch(
    /This room has been upgraded, and I came along\.\nI watch here:\n• Russia: WhatsApp/,
  );
});
