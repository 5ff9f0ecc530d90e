/** Several at once: a tap follows and ticks in place, "Done" says what is followed now, and what is typed meanwhile is looked up. */
import { describe, expect, test } from 'vitest';
import { createTargetIndex } from '../../../src/core/commands/asking/targets.ts';
import { draftOf, MAX_SUBSCRIPTIONS, searching, seek } from '../../../src/core/commands/follow/pickers.ts';
import { words } from '../../fakes/known.ts';
import { catalogue, incident, NOW } from '../render/support.ts';
import { createBot, type Say } from './support.ts';

const pressed = (how: Say = {}): Say => ({ button: true, ...how });

async function buttonsOf(bot: ReturnType<typeof createBot>, text: string, how: Say = pressed()) {
  const answer = await bot.answer(text, how);
  const all = answer!.documents[0]!.buttons.flat();
  return all.map(({ label, press }) => `${label} → ${'command' in press ? press.command : press.url}`);
}

const followed = (bot: ReturnType<typeof createBot>): string[] =>
  bot.tables.followed.map((one) => `${one.country} ${one.service}`).sort();

describe('a picker of several', () => {
  test('a tap follows and ticks in place, a second one ends it, "Done" says what is followed', async () => {
    const bot = createBot();
    expect(await buttonsOf(bot, 'subscribe country')).toContain('🇷🇺 Russia → subscribe country +RU');
    expect(followed(bot)).toEqual([]);
    const one = await bot.answer('subscribe country +RU', pressed());
    expect(one!.replaces).toBe(true);
    expect(followed(bot)).toEqual(['RU *']);
    const two = await buttonsOf(bot, 'subscribe country +IR');
    expect(two).toContain('✅ Russia → subscribe country -RU');
    expect(two).toContain('✅ Iran → subscribe country -IR');
    expect(two).toContain('Done (2) → subscribe country done');
    expect(await buttonsOf(bot, 'subscribe country -RU')).toContain('🇷🇺 Russia → subscribe country +RU');
    expect(followed(bot)).toEqual(['IR *']);
    await buttonsOf(bot, 'subscribe country +BY');
    const text = await bot.say('subscribe country done', pressed());
    expect(text).toContain('I watch here');
    expect(text).toContain('Iran: everything');
    expect(text).toContain('Belarus: everything');
    expect(followed(bot)).toEqual(['BY *', 'IR *']);
  });

  test('services as well; ticks of one list are none of the other', async () => {
    const bot = createBot();
    await bot.say('subscribe service', pressed());
    await bot.say('subscribe service +signal', pressed());
    expect(await buttonsOf(bot, 'subscribe service +whatsapp')).toContain('Done (2) → subscribe service done');
    expect(await buttonsOf(bot, 'subscribe country')).not.toContain('Done (2) → subscribe country done');
    expect(await buttonsOf(bot, 'subscribe country +RU')).toContain('Done (1) → subscribe country done');
    expect(followed(bot)).toEqual(['* signal', '* whatsapp', 'RU *']);
  });

  test('what was followed before has its tick from the start, and pairs are not touched', async () => {
    const bot = createBot();
    await bot.say('subscribe ru');
    await bot.say('subscribe ir whatsapp');
    const buttons = await buttonsOf(bot, 'subscribe country');
    expect(buttons).toContain('✅ Russia → subscribe country -RU');
    expect(buttons).toContain('🇮🇷 Iran → subscribe country +IR');
    await bot.say('subscribe country -IR', pressed());
    expect(followed(bot)).toEqual(['IR whatsapp', 'RU *']);
  });

  test('the first thing ever, tapped: at the end one’s clock is asked for; of a chat that followed something before it is not', async () => {
    const bot = createBot();
    await bot.say('subscribe country', pressed());
    await bot.say('subscribe country +RU', pressed());
    await bot.say('subscribe country +IR', pressed());
    expect(await bot.say('subscribe country done', pressed())).toContain('What time is it where you are?');
    await bot.say('subscribe country', pressed());
    await bot.say('subscribe country +BY', pressed());
    expect(await bot.say('subscribe country done', pressed())).not.toContain('What time is it where you are?');
  });

  test('the same tap twice, as a hasty finger or a restart repeats it: ticked once', async () => {
    const bot = createBot();
    await bot.say('subscribe country', pressed());
    await bot.say('subscribe country +RU', pressed());
    expect(await buttonsOf(bot, 'subscribe country +RU')).toContain('Done (1) → subscribe country done');
  });

  test('two taps from /start, the list and a country: followed, whether or not "Done" is pressed', async () => {
    const bot = createBot();
    expect(await buttonsOf(bot, 'start', {})).toContain('A country → subscribe country +');
    expect((await bot.answer('subscribe country +', pressed()))!.replaces).toBe(false);
    await bot.say('subscribe country +RU', pressed());
    expect(followed(bot)).toEqual(['RU *']);
  });

  test('likely countries first: the language’s own, then where something is cut off now, with flags', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ country: 'ET', id: 'ET-whatsapp-1111' })];
    const labels = (await buttonsOf(bot, 'subscribe country', pressed({ lang: 'ru' }))).slice(0, 2);
    expect(labels).toEqual(['🇷🇺 Россия → subscribe country +RU', '🇪🇹 Эфиопия → subscribe country +ET']);
  });

  test('"Done" hours later: what is ticked is still followed, and said', async () => {
    const bot = createBot();
    await bot.say('subscribe country', pressed());
    await bot.say('subscribe country +RU', pressed());
    await bot.clock.pass(7 * 3_600_000);
    expect(await bot.say('subscribe country done', pressed())).toContain('Russia: everything');
    expect(followed(bot)).toEqual(['RU *']);
  });

  test('"Done" when the last tick was taken away meanwhile: the list again, nothing is followed', async () => {
    const bot = createBot();
    await bot.say('subscribe country', pressed());
    await bot.say('subscribe country +RU', pressed());
    await bot.say('unsubscribe ru');
    expect(await bot.say('subscribe country done', pressed())).toContain('Which countries');
    expect(followed(bot)).toEqual([]);
  });

  test('two administrators of a group: both see what the group follows', async () => {
    const bot = createBot();
    const ann = pressed({ chat: '-5', chatKind: 'group', sender: 'telegram:1' });
    const bob = pressed({ chat: '-5', chatKind: 'group', sender: 'telegram:2' });
    await bot.say('subscribe country', ann);
    await bot.say('subscribe country +RU', ann);
    const his = await bot.answer('subscribe country +IR', bob);
    expect(his!.documents[0]!.buttons.flat().map(({ label }) => label)).toContain('Done (2)');
    expect(followed(bot)).toEqual(['IR *', 'RU *']);
    // What is typed is looked up for whoever has a list open, and for nobody else.
    const other = { chat: '-5', chatKind: 'group', sender: 'telegram:3' } as const;
    expect(await bot.say('subscribe country +BY', pressed({ ...other, admin: false }))).not.toContain('✅');
    expect(followed(bot)).toEqual(['IR *', 'RU *']);
  });

  test('nobody’s id, nor the chat’s, is written down for having tapped', async () => {
    const written: string[] = [];
    const cache = () => ({
      get: async () => undefined,
      set: async (key: string, value: unknown) => written.push(key, JSON.stringify(value)) > 0,
      delete: async (key: string) => written.push(key) > 0,
    });
    const bot = createBot({ cache, places: true });
    const how = pressed({ chat: '4711', sender: 'telegram:4711' });
    for (const text of ['subscribe country', 'subscribe country +RU', 'subscribe country done', 'timezone here'])
      await bot.say(text, how);
    expect(written.length).toBeGreaterThan(4);
    expect(written.join(' ')).not.toContain('4711');
  });

  test('who may not change the group may not tick either', async () => {
    const bot = createBot();
    const how = pressed({ chat: '-5', chatKind: 'group', admin: false });
    expect(await bot.say('subscribe country +RU', how)).not.toContain('✅');
  });

  test('a chat that follows as much as it may: the tap says so, and ticks nothing', async () => {
    const bot = createBot();
    await bot.say('subscribe country', pressed());
    await bot.say('subscribe ru whatsapp');
    const [one] = bot.tables.followed;
    for (let at = 1; at < MAX_SUBSCRIPTIONS; at++) bot.tables.followed.push({ ...one!, service: `s${at}` });
    const text = await bot.say('subscribe country +JP', pressed());
    expect(text).toContain(`${MAX_SUBSCRIPTIONS} things here at most`);
    expect(text).not.toContain('[✅');
    expect(bot.tables.followed.length).toBe(MAX_SUBSCRIPTIONS);
  });

  test.each(['+<b>', '+whatsapp', '+ZZ', '+RU IR', '-', '+', '*RU', '+'.repeat(900)])(
    'a forged tap %s: nothing is chosen by it',
    async (forged) => {
      const bot = createBot();
      await bot.say('subscribe country', pressed());
      const labels = await buttonsOf(bot, `subscribe country ${forged}`);
      expect(labels.filter((label) => label.includes('ZZ') || label.includes('<b>'))).toEqual([]);
      expect(labels.filter((label) => label.startsWith('✅')).length).toBeLessThanOrEqual(1);
    },
  );

  test('every tap fits into what Telegram carries in a button', async () => {
    const bot = createBot();
    for (const page of ['country', 'service'])
      for (const label of await buttonsOf(bot, `subscribe ${page}`))
        expect(Buffer.byteLength(`c:${label.split(' → ')[1]}`)).toBeLessThanOrEqual(64);
  });
});

describe('a name that is typed while a picker is open', () => {
  test('a whole name is ticked; its beginning is offered; the ticks stay', async () => {
    const bot = createBot();
    await bot.say('subscribe country', pressed());
    await bot.say('subscribe country +RU', pressed());
    expect(await buttonsOf(bot, 'Germany', {})).toContain('✅ Germany → subscribe country -DE');
    const offered = await buttonsOf(bot, 'эф', {});
    expect(offered).toEqual([
      '🇪🇹 Ethiopia → subscribe country +ET',
      'Done (2) → subscribe country done',
      '‹ Back → subscribe country ?',
    ]);
    const after = await buttonsOf(bot, 'subscribe country +ET');
    expect(after.slice(0, 2)).toEqual(['✅ Germany → subscribe country -DE', '✅ Russia → subscribe country -RU']);
    await bot.say('subscribe country done', pressed());
    expect(followed(bot)).toEqual(['DE *', 'ET *', 'RU *']);
  });

  test('several at once: "германия, Франция"', async () => {
    const bot = createBot();
    await bot.say('subscribe country', pressed());
    expect(await buttonsOf(bot, 'германия, Франция', {})).toContain('Done (2) → subscribe country done');
  });

  test.each([
    ['a question', 'is whatsapp blocked in russia?', 'WhatsApp'],
    ['another command', '/status ru', 'Russia'],
    ['what is no country', 'signal', 'Signal'],
  ])('%s is answered as ever', async (_, text, says) => {
    const bot = createBot();
    await bot.say('subscribe country', pressed());
    const answer = await bot.say(text);
    expect(answer).toContain(says);
    expect(answer).not.toContain('Which countries');
  });

  test('no picker, or one that was left alone or closed: a name is a question', async () => {
    const bot = createBot();
    expect(await bot.say('Germany')).not.toContain('Which countries');
    await bot.say('subscribe country', pressed());
    expect(await bot.say('Germany')).toContain('Which countries');
    await bot.clock.pass(6 * 60_000);
    expect(await bot.say('Germany')).not.toContain('Which countries');
    await bot.say('subscribe country', pressed());
    await bot.say('subscribe', pressed());
    expect(await bot.say('Germany')).not.toContain('Which countries');
  });

  test('where nothing is kept nothing is looked up, and a tap is good all the same', async () => {
    const forgetful = { get: async () => undefined, set: async () => false, delete: async () => false };
    const bot = createBot({ cache: () => forgetful });
    await bot.say('subscribe country', pressed());
    expect(await bot.say('Germany')).not.toContain('Which countries');
    expect(await buttonsOf(bot, 'subscribe country +RU')).toContain('✅ Russia → subscribe country -RU');
    expect(followed(bot)).toEqual(['RU *']);
  });

  const targets = createTargetIndex(catalogue, words);
  test.each<[string, 'country' | 'service', string[] | null, string[]]>([
    ['russia', 'country', ['RU'], []],
    ['ru ir by', 'country', ['RU', 'IR', 'BY'], []],
    ['de', 'country', [], ['DE']],
    ['ge', 'country', [], ['GE', 'DE']],
    ['伊朗', 'country', ['IR'], []],
    ['ایران', 'country', ['IR'], []],
    ['телеграм', 'service', ['telegram'], []],
    ['whats', 'service', [], ['whatsapp']],
    ['russia', 'service', null, []],
    ['xyzzy', 'country', null, []],
    ['', 'country', null, []],
    ['all', 'country', null, []],
    ['a'.repeat(61), 'country', null, []],
  ])('%j in the list of %s', (text, page, meant, near) => {
    const found = seek(text, page, targets);
    if (meant === null) return expect(found).toBeNull();
    expect(found?.meant).toEqual(meant);
    for (const id of near) expect(found?.near).toContain(id);
    expect(found?.near.length).toBeLessThanOrEqual(12);
  });
});

test('where nothing can be tapped: names as commands, and how several go in one', async () => {
  const bot = createBot();
  const text = await bot.say('subscribe country', { account: 'mx' });
  expect(text).toContain('!tocsin subscribe ru');
  expect(text).toContain('→ subscribe RU');
  expect(text).not.toContain('Done');
  await bot.say('subscribe ru ir by', { account: 'mx' });
  expect(followed(bot)).toEqual(['BY *', 'IR *', 'RU *']);
});

test('what an older version kept, or another program: read as nothing, or as a list that is open', async () => {
  for (const kept of [null, 7, 'x', {}, { page: 'river', chosen: [] }]) {
    const picks = { get: async () => kept, set: async () => true, delete: async () => true };
    expect(await draftOf('me', picks)).toBeNull();
    expect(await searching('me', NOW, picks)).toBeNull();
  }
  const older = { page: 'country', chosen: ['RU', 7], at: 'soon' };
  const picks = { get: async () => older, set: async () => true, delete: async () => true };
  expect(await draftOf('me', picks)).toEqual({ page: 'country', isFirst: false, at: Number.NaN });
  expect(await searching('me', NOW, picks)).toBeNull();
});
