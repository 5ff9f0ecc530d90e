import { describe, expect, test } from 'vitest';
import { at, incident, NOW, twoOutlets } from '../render/support.ts';
import { createBot } from './support.ts';

const whatsapp = incident({ reports: twoOutlets });
const reported = incident({ id: 'RU-telegram-1111', service: 'telegram', action: 'throttle', confidence: 'reported' });
const follows = (bot: ReturnType<typeof createBot>): string[] =>
  bot.tables.followed.map((one) => `${one.country}/${one.service}`);

describe('subscribe', () => {
  test('without words: a picker with buttons and the typed forms', async () => {
    expect(await createBot().say('subscribe')).toBe(
      [
        'What should I watch? Type a country (/subscribe ru), a service (/subscribe whatsapp), both (/subscribe ru whatsapp telegram), or /subscribe all',
        '[A country → subscribe country] [A service → subscribe service] [Everything → subscribe all]',
      ].join('\n'),
    );
  });

  test('the picker: what is cut off right now comes first', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ id: 'TR-x-0000', country: 'TR', service: 'x' })];
    expect(await bot.say('subscribe country')).toContain(
      '[🇹🇷 Türkiye → subscribe country +TR] [🇷🇺 Russia → subscribe country +RU]',
    );
    expect(await bot.say('subscribe сервис')).toContain(
      '[X (Twitter) → subscribe service +x] [WhatsApp → subscribe service +whatsapp]',
    );
  });

  test('country and services: what is followed now, and what of it is open, in one message', async () => {
    const bot = createBot();
    bot.tables.stored = [whatsapp, reported, incident({ id: 'TR-x-0000', country: 'TR', service: 'x' })];
    await bot.say('timezone Moscow');
    expect(await bot.say('subscribe ru whatsapp telegram')).toBe(
      [
        'Done! I watch here:',
        '• Russia: WhatsApp',
        '• Russia: Telegram',
        'Of this, cut off now:',
        '• 🔴 Russia: WhatsApp blocked · first reported 12 Feb, 14:05 MSK · corroborated · RU-whatsapp-3f9k',
        'I write once two outlets, an official notice or a measurement agree. To change that: /level',
        '[Status → status] [How sure? → level] [What I follow → subscriptions]',
      ].join('\n'),
    );
    expect(follows(bot)).toEqual(['RU/whatsapp', 'RU/telegram']);
  });

  test('in Russian: the same', async () => {
    const bot = createBot();
    bot.tables.stored = [whatsapp];
    await bot.say('timezone Москва', { lang: 'ru' });
    expect(await bot.say('подписаться россия', { lang: 'ru' })).toBe(
      [
        'Готово! Слежу за:',
        '• Россия — всё',
        'Из этого закрыто сейчас:',
        '• 🔴 Россия: доступ к WhatsApp заблокирован · впервые сообщили 12 февраля в 14:05 МСК · подкреплено · RU-whatsapp-3f9k',
        'Пишу, когда есть два издания, официальный источник или измерение. Изменить: /level',
        '[Что заблокировано → status RU] [Насколько точно? → level] [Мои подписки → subscriptions]',
      ].join('\n'),
    );
  });

  test('nothing open: says so', async () => {
    expect(await createBot().say('subscribe ru')).toContain(
      'I know of nothing new that is cut off there right now. I will write when that changes.',
    );
  });

  test('what is closed or not sure enough: not in the catch-up', async () => {
    const bot = createBot();
    bot.tables.stored = [reported, { ...whatsapp, open: false, state: 'lifted' }];
    expect(await bot.say('subscribe ru')).toContain('nothing new that is cut off');
  });

  test('an unknown word among known ones: nothing half-done', async () => {
    const bot = createBot();
    const text = await bot.say('subscribe ru watsapp');
    expect(text).toContain('I do not know “watsapp”. Did you mean: WhatsApp?');
    expect(text).toContain('Nothing was changed.');
    expect(text).toContain('[WhatsApp → subscribe RU whatsapp]');
    expect(follows(bot)).toEqual([]);
  });

  test('twice: once, and says so', async () => {
    const bot = createBot();
    await bot.say('subscribe ru');
    expect(await bot.say('subscribe 🇷🇺')).toContain('I already watch here');
    expect(follows(bot)).toEqual(['RU/*']);
  });

  test('a part of what is followed already: nothing is added, and it says of what', async () => {
    const bot = createBot();
    await bot.say('subscribe ru');
    const text = await bot.say('subscribe ru whatsapp');
    expect(text).toContain('I already watch here');
    expect(text).toContain('Part of what I watch here already: Russia: everything');
    expect(follows(bot)).toEqual(['RU/*']);
    expect(await bot.say('subscribe ru ir whatsapp')).toContain('Done! I watch here');
    expect(follows(bot)).toEqual(['RU/*', 'IR/whatsapp']);
  });

  test.each([
    ['whatsap', 'WhatsApp', 'whatsapp'],
    ['ira', 'Iran', 'IR'],
  ])('a name that is nearly right, %s: it says for what it was taken, with the way back', async (typed, name, id) => {
    const bot = createBot();
    expect(await bot.say(`subscribe ${typed}`)).toContain(
      `I took “${typed}” for ${name}. If you meant something else: /unsubscribe ${id}`,
    );
    await bot.say(`unsubscribe ${id}`);
    expect(follows(bot)).toEqual([]);
  });

  test.each(['WhatsApp', 'whatsapp', 'ru', 'RU', 'россии', 'Росії', 'tg', '🇮🇷', 'türkiye'])(
    'a name that is right, %s: nothing is said of it',
    async (typed) => {
      expect(await createBot().say(`subscribe ${typed}`)).not.toContain('I took');
      expect(await createBot().say(`subscribe ${typed}`, { lang: 'ru' })).not.toContain('я понял');
    },
  );

  test('more than a chat can hold: refused as a whole', async () => {
    const bot = createBot({ unbudgeted: true });
    const services = 'whatsapp telegram signal max line facebook instagram x vk youtube';
    const countries = 'ru ir cn tr by pk india mm ve ug et kz uz tm tj az ge am md rs ro';
    expect(await bot.say(`subscribe ${countries} ${services}`)).toContain('200 things here at most');
    expect(follows(bot)).toEqual([]);
  });

  test('a pressed picker: the answer takes its place; a typed command: it does not', async () => {
    const bot = createBot();
    expect((await bot.answer('subscribe ru', { button: true }))?.replaces).toBe(true);
    expect((await bot.answer('subscribe ru'))?.replaces).toBe(false);
    expect((await bot.answer('mute RU for 8h', { button: true }))?.replaces).toBe(false);
    expect((await bot.answer('incident RU-x-0000', { button: true }))?.replaces).toBe(false);
  });
});

describe('start', () => {
  test('a newcomer: who this is, what is open now, what to press', async () => {
    const bot = createBot();
    bot.tables.stored = [whatsapp];
    const text = await bot.say('start');
    expect(text).toContain('Hello! I am Tocsin');
    expect(text).toContain('Blocked or slowed down now (1):\n• 🔴 Russia: WhatsApp blocked');
    expect(text).toContain(
      '[A country → subscribe country +] [A service → subscribe service +] [Everything → subscribe all +]',
    );
  });

  test('without buttons: the typed forms with the prefix', async () => {
    expect(await createBot({ hasButtons: false, prefix: '!tocsin ' }).say('start')).toContain(
      '!tocsin subscribe ru whatsapp telegram',
    );
  });

  test.each(['start ru', 'start ru-whatsapp', 'start ru_whatsapp', 'start ru_setup-ab12cd34ef56'])(
    '%s, a deep link: subscribes',
    async (text) => {
      const bot = createBot();
      expect(await bot.say(text)).toContain('Done! I watch here:');
      expect(follows(bot)).toHaveLength(1);
    },
  );

  test('a broken deep link: greets, names the word', async () => {
    const text = await createBot().say('start zzzz');
    expect(text).toContain('Hello!');
    expect(text).toContain('“zzzz”');
  });
});

describe('unsubscribe', () => {
  const follower = async (...what: string[]) => {
    const bot = createBot({ unbudgeted: true });
    for (const one of what) await bot.say(`subscribe ${one}`);
    return bot;
  };

  test('a pair: just this', async () => {
    const bot = await follower('ru whatsapp telegram');
    expect(await bot.say('unsubscribe ru whatsapp')).toContain('No longer followed:\n• Russia: WhatsApp');
    expect(follows(bot)).toEqual(['RU/telegram']);
  });

  test('a service, while its country is still followed: says that it is still heard of there', async () => {
    const bot = await follower('whatsapp', 'ru');
    const text = await bot.say('unsubscribe whatsapp');
    expect(text).toContain('You still hear of it, because I watch here: Russia: everything.');
    expect(text).toContain('/mute whatsapp for 30d');
  });

  test('a country: everything of it', async () => {
    const bot = await follower('ru whatsapp', 'ru', 'tr whatsapp');
    await bot.say('отписаться россия');
    expect(follows(bot)).toEqual(['TR/whatsapp']);
  });

  test('the button of one line: only that one', async () => {
    const bot = await follower('ru whatsapp', 'ru', 'all');
    await bot.say('unsubscribe RU *');
    expect(follows(bot)).toEqual(['RU/whatsapp', '*/*']);
    expect(await bot.say('unsubscribe * *')).toContain('To stop that: /mute all for 30d');
    expect(follows(bot)).toEqual(['RU/whatsapp']);
  });

  test('what is covered by something wider: says why it is still heard, and how to mute it', async () => {
    const bot = await follower('ru');
    const text = await bot.say('unsubscribe ru whatsapp');
    expect(text).toContain('I do not watch that here:\n• Russia: WhatsApp');
    expect(text).toContain('because I watch here: Russia: everything. To stop that: /mute RU whatsapp for 30d');
    expect(follows(bot)).toEqual(['RU/*']);
  });

  test('all: asks first, by button or typed word', async () => {
    const bot = await follower('ru', 'tr');
    expect(await bot.say('unsubscribe all')).toContain('Stop all of it?');
    expect(follows(bot)).toHaveLength(2);
    expect(await bot.say('отписаться всё да')).toContain('I watch nothing here now');
    expect(follows(bot)).toEqual([]);
  });

  test('without words: the list with a button a line', async () => {
    const bot = await follower('ru whatsapp', 'all');
    expect(await bot.say('unsubscribe')).toBe(
      [
        'I watch here:',
        '• everything, everywhere',
        '• Russia: WhatsApp',
        'How sure: corroborated · language: English · time zone: UTC',
        '[✖ everything, everywhere → unsubscribe * *]',
        '[✖ Russia: WhatsApp → unsubscribe RU whatsapp]',
        '[How sure? → level] [🌐 Language → language]',
      ].join('\n'),
    );
  });
});

describe('mute', () => {
  test('a country, a service, a pair, an incident, everything: until when, in the chat’s zone', async () => {
    const bot = createBot({ unbudgeted: true });
    bot.tables.stored = [whatsapp];
    await bot.say('timezone Moscow');
    expect(await bot.say('mute ru')).toContain('Quiet about Russia: everything until 14 Feb, 23:00 MSK.');
    expect(await bot.say('mute ru whatsapp for 3d')).toContain('Russia: WhatsApp until 17 Feb, 15:00 MSK.');
    expect(await bot.say('mute ru-whatsapp-3F9K')).toContain('RU-whatsapp-3f9k');
    expect(await bot.say('заглушить всё на 8 часов')).toContain('everything, everywhere');
    expect(bot.tables.quiet.map(({ country, service, incidentId }) => [country, service, incidentId])).toEqual([
      ['RU', null, null],
      ['RU', 'whatsapp', null],
      [null, null, 'RU-whatsapp-3f9k'],
      [null, null, null],
    ]);
    expect(bot.tables.quiet[0]!.until).toBe(NOW + 8 * 3_600_000);
  });

  test('a time that is none, an unknown incident, no words: said, nothing muted', async () => {
    const bot = createBot();
    expect(await bot.say('mute ru for ages')).toContain('“ages”');
    expect(await bot.say('mute RU-nope-0000')).toContain('I know no incident RU-nope-0000');
    expect(await bot.say('mute')).toContain('/mute ru for 8h');
    expect(bot.tables.quiet).toEqual([]);
  });

  test('mute by id: what it is about is named', async () => {
    const bot = createBot({ unbudgeted: true });
    bot.tables.stored = [incident({})];
    expect(await bot.say('mute RU-whatsapp-3f9k')).toContain('Quiet about Russia: WhatsApp (RU-whatsapp-3f9k) until');
    expect(await bot.say('unmute')).toContain('Which of these should I write about again?');
  });

  test('unmute by name: what is muted by an incident of that name is heard again, too; what stays has its button', async () => {
    const bot = createBot({ unbudgeted: true });
    bot.tables.stored = [incident({}), incident({ id: 'RU-signal-1111', service: 'signal' })];
    for (const text of ['mute RU-whatsapp-3f9k', 'mute RU-signal-1111', 'mute tr']) await bot.say(text);
    const text = await bot.say('unmute ru whatsapp');
    expect(text).toContain('You hear of Russia: WhatsApp again.');
    expect(text).not.toContain('3f9k');
    expect(text).toContain('[🔔 Russia: Signal (RU-signal-1111) → unmute RU-signal-1111]');
    expect(text).toContain('[🔔 Türkiye: everything → unmute TR]');
    expect(bot.tables.quiet.map(({ incidentId, country }) => incidentId ?? country)).toEqual(['RU-signal-1111', 'TR']);
    await bot.say('unmute ru');
    expect(bot.tables.quiet.map(({ country }) => country)).toEqual(['TR']);
  });

  test('unmute: one, the list, all', async () => {
    const bot = createBot({ unbudgeted: true });
    await bot.say('mute ru');
    await bot.say('mute whatsapp for 3d');
    expect(await bot.say('unmute')).toContain('[🔔 WhatsApp everywhere → unmute whatsapp]');
    expect(await bot.say('unmute ru')).toContain('You hear of Russia: everything again.');
    expect(await bot.say('unmute tr')).toContain('Not muted: Türkiye: everything');
    expect(await bot.say('unmute all')).toContain('You hear of everything again.');
    expect(await bot.say('unmute')).toContain('Nothing is muted here.');
  });
});

describe('settings', () => {
  test('all of them with their values, each opened by a button, and the way back', async () => {
    const bot = createBot();
    await bot.say('timezone Europe/Moscow');
    await bot.say('level early');
    const text = await bot.say('settings');
    expect(text).toContain('Settings\n• Language: English\n• Time zone: Europe/Moscow · 14 Feb, 15:00 MSK');
    expect(text).toContain('• How sure: early');
    const [document] = (await bot.answer('settings', { button: true }))!.documents;
    const presses = document!.buttons.flat().map(({ press }) => 'command' in press && press.command);
    expect(presses).toEqual([
      'language',
      'timezone',
      'level',
      'settings quiet',
      'settings digest',
      'settings sound off',
      'subscriptions',
      'settings more',
    ]);
    for (const one of ['settings pictures off', 'settings reminders', 'settings report on', '→ link]'])
      expect(await bot.say('settings more')).toContain(one);
    for (const one of ['language', 'timezone', 'level', 'level confirmed', 'timezone Berlin', 'language en'])
      expect(await bot.say(one), one).toContain('→ settings]');
  });

  test('nothing is kept yet: the defaults, and looking keeps nothing', async () => {
    const bot = createBot({ hasButtons: false, prefix: '!tocsin ' });
    const text = await bot.say('настройки', { lang: 'ru' });
    expect(text).toContain('Настройки\n• Язык: Русский');
    expect(text).toContain('Часовой пояс: UTC · 14 февраля');
    expect(text).toContain('!tocsin language en');
    expect(text).toContain('Чтобы изменить, напишите команду');
    expect(bot.tables.rows).toEqual([]);
  });

  test('level: kept, and the catch-up obeys it', async () => {
    const bot = createBot();
    bot.tables.stored = [reported];
    expect(await bot.say('level early')).toContain('I write at the first report');
    expect(await bot.say('subscribe ru')).toContain('RU-telegram-1111');
    expect(await bot.say('level loud')).toContain('I know no level “loud”.');
  });

  test('a level that tells more: shows what is open and was not sure enough before, nothing twice', async () => {
    const bot = createBot();
    bot.tables.stored = [whatsapp, reported];
    expect(await bot.say('level early')).not.toContain('slowed down now');
    await bot.say('level corroborated');
    await bot.say('subscribe ru');
    const text = await bot.say('level early');
    expect(text).toContain('Also open right now, though less sure:\n• 🟠 Russia: Telegram slowed down');
    expect(text).not.toContain('WhatsApp');
    expect(await bot.say('level corroborated')).not.toContain('slowed down now');
  });

  test.each(['level constructor', 'language __proto__', 'subscribe constructor', 'timezone toString'])(
    '%s: a word like any other that means nothing',
    async (text) => {
      const bot = createBot();
      expect(await bot.say(text)).toMatch(/I (?:do not|know no)/u);
      expect(bot.errors).toEqual([]);
    },
  );

  test('language and time zone: unknown ones are named, with what there is', async () => {
    const bot = createBot();
    expect(await bot.say('language klingon')).toContain('I do not speak “klingon” yet.');
    expect(await bot.say('timezone mosco')).toContain('/timezone Europe/Moscow');
    expect(await bot.say('язык русский')).toContain('Теперь я говорю здесь по-русски.');
    expect(bot.tables.rows[0]).toMatchObject({ lang: 'ru', timeZone: 'UTC' });
  });

  test('forget: asks first, then everything is gone', async () => {
    const bot = createBot();
    await bot.say('subscribe ru');
    await bot.say('mute tr');
    expect(await bot.say('forget')).toContain('Delete everything');
    expect(bot.tables.rows).toHaveLength(1);
    expect(await bot.say('забыть да')).toContain('is deleted');
    expect([bot.tables.rows, bot.tables.followed, bot.tables.quiet]).toEqual([[], [], []]);
    expect(await bot.say('forget')).toContain('I keep nothing about you here.');
  });

  test('a chat’s zone: used for every time it reads', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ reports: twoOutlets, openedAt: at('2026-02-12T22:30:00Z') })];
    await bot.say('timezone Europe/Moscow');
    expect(await bot.say('incident RU-whatsapp-3f9k')).toContain('First reported 13 Feb, 01:30 MSK');
  });
});
