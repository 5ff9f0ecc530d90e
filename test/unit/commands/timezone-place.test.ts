/** The time zone by a place that somebody shares. */
import { describe, expect, test } from 'vitest';
import { translators } from '../render/support.ts';
import { createBot } from './support.ts';

const MOSCOW = 'timezone located Europe/Moscow Europe/Samara Europe/Kyiv Europe/Minsk';
const zoneOf = (bot: ReturnType<typeof createBot>): string | undefined => bot.tables.rows[0]?.timeZone;

describe('where a button can ask for the place', () => {
  test('the first minute offers it; it brings a keyboard in a message of its own, which says what is kept', async () => {
    const bot = createBot({ places: true });
    expect(await bot.say('subscribe ru')).toContain('[📍 My location → timezone here]');
    const asked = (await bot.answer('timezone here', { button: true }))!;
    expect(asked.replaces).toBe(false);
    expect(asked.documents[0]).toMatchObject({ keyboard: { place: '📍 My location', no: '✖ Not now' }, buttons: [] });
    expect(JSON.stringify(asked.documents)).toContain('I keep only the time zone, never the place.');
  });

  test('a place: the zone is set, the keyboard goes, other clocks near are a tap away, and the first minute goes on', async () => {
    const bot = createBot({ places: true });
    await bot.say('subscribe ru');
    await bot.say('timezone here', { button: true });
    const { documents } = (await bot.answer(MOSCOW))!;
    expect(zoneOf(bot)).toBe('Europe/Moscow');
    expect(documents.map(({ keyboard }) => keyboard)).toEqual(['gone', undefined]);
    expect(documents[0]!.buttons).toEqual([]);
    expect(JSON.stringify(documents[0])).toContain('I keep only the time zone, not the place.');
    const presses = documents[1]!.buttons.flat().map(({ press }) => ('command' in press ? press.command : ''));
    // Minsk shows the same time as Moscow: no choice.
    expect(presses.slice(0, 2)).toEqual(['timezone Europe/Samara', 'timezone Europe/Kyiv']);
    expect(presses).toContain('level early +');
  });

  test('"Not now", in each language: the keyboard goes, nothing is set', async () => {
    for (const { code } of translators.languages) {
      const bot = createBot({ places: true });
      const asked = (await bot.answer('timezone here', { lang: code }))!.documents[0]!.keyboard as { no: string };
      const { documents } = (await bot.answer(asked.no, { lang: code }))!;
      expect([code, documents[0]!.keyboard]).toEqual([code, 'gone']);
      expect(bot.tables.rows).toEqual([]);
    }
  });

  test('a zone is tapped or typed while the keyboard stands: it goes as well, once', async () => {
    const bot = createBot({ places: true });
    await bot.say('timezone here');
    const first = (await bot.answer('timezone Europe/Moscow +', { button: true }))!;
    expect(first.replaces).toBe(false);
    expect(first.documents.map(({ keyboard }) => keyboard)).toEqual(['gone', undefined]);
    const second = (await bot.answer('timezone Berlin', { button: true }))!;
    expect(second.replaces).toBe(true);
    expect(second.documents.map(({ keyboard }) => keyboard)).toEqual([undefined]);
  });

  test('in a group nobody is asked where they are', async () => {
    const bot = createBot({ places: true });
    const how = { chatKind: 'group', chat: '-5' } as const;
    expect(await bot.say('subscribe ru', how)).not.toContain('My location');
    expect(await bot.say('timezone here', how)).toContain('I know no time zone');
  });
});

describe('where a message of one’s own tells it', () => {
  test('said in the first minute and under the setting; one message answers', async () => {
    const bot = createBot({ places: true });
    const how = { account: 'mx' } as const;
    expect(await bot.say('subscribe ru', how)).toContain('Or share your location here: I keep only the time zone.');
    expect(await bot.say('timezone', how)).toContain('Or share your location here');
    const { documents } = (await bot.answer(MOSCOW, how))!;
    expect(documents.map(({ keyboard }) => keyboard)).toEqual([undefined]);
    expect(zoneOf(bot)).toBe('Europe/Moscow');
  });
});

test('a place at sea: nothing is set, and it says what to type', async () => {
  const bot = createBot({ places: true });
  const text = await bot.say('timezone located');
  expect(text).toContain('I know no town near that place.');
  expect(text).toContain('/timezone Europe/Moscow');
  expect(bot.tables.rows).toEqual([]);
});

test('a zone under its newer name, which the runtime lists under an older one: typed, it is that zone', async () => {
  const bot = createBot();
  await bot.say('timezone Asia/Kolkata');
  expect(zoneOf(bot)).toBe('Asia/Kolkata');
  await bot.say('timezone Africa/Asmara');
  expect(zoneOf(bot)).toBe('Africa/Asmara');
});

test.each([
  'timezone located Nowhere/Atlantis',
  `timezone located ${'x/'.repeat(400)}`,
  'timezone located 55.75,37.61',
])('a forged %.40s: nothing is set, nothing breaks', async (text) => {
  const bot = createBot({ places: true });
  expect(await bot.say(text)).toContain('I know no town near that place.');
  expect(zoneOf(bot)).toBeUndefined();
  expect(bot.errors).toEqual([]);
});

test('a chat that had chosen a zone gets the new one, and is not led through the first minute again', async () => {
  const bot = createBot({ places: true });
  await bot.say('timezone Berlin');
  const { documents } = (await bot.answer(MOSCOW))!;
  expect(zoneOf(bot)).toBe('Europe/Moscow');
  expect(JSON.stringify(documents)).not.toContain('level early');
});
