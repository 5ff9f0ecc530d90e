import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { menusIn } from '../../../src/core/commands/all.ts';
import { createBudget } from '../../../src/core/commands/router.ts';
import { PLAIN_TALK } from '../../../src/core/ports/chat-adapter.ts';
import { anyCharacter } from '../../fakes/any-text.ts';
import { asText, incident, translators } from '../render/support.ts';
import { createBot } from './support.ts';

describe('understanding a command', () => {
  test.each([
    ['status ru', 'Russia'],
    ['/status ru', 'Russia'],
    ['/status@tocsin_bot ru', 'Russia'],
    ['STATUS RU', 'Russia'],
    ['статус россия', 'Russia'],
    ['  status \n ru  ', 'Russia'],
    ['помощь', 'What I can do'],
    ['о боте', 'How sure is it?'],
    ['пинг', 'Here I am'],
    ['событие', 'Which incident?'],
    ['инцидент', 'Which incident?'],
    ['подписки', 'watch nothing here yet'],
    ['заглушить', 'for how long?'],
    ['', 'What I can do'],
  ])('"%s"', async (text, expected) => expect(await createBot().say(text)).toContain(expected));

  test('a typing error: the command that was meant, with its words', async () => {
    const text = await createBot().say('subcribe ru');
    expect(text).toContain('Did you mean /subscribe ru?');
    expect(text).toContain('[subscribe ru → subscribe ru]');
  });

  test('only a country: its status, and the offer to follow', async () => {
    expect(await createBot().say('Россия')).toContain('[Follow Russia: everything → subscribe RU]');
  });

  test('nonsense: says where help is, echoes it short and on one line', async () => {
    const text = await createBot().say(`${'ы'.repeat(900)}\n@room`);
    expect(text).toContain('/help');
    expect(text.length).toBeLessThan(300);
  });

  test('another bot’s command in a group: silence, unless it is nearly ours', async () => {
    const bot = createBot();
    expect(await bot.answer('/xyzzyplugh', { chatKind: 'group' })).toBeNull();
    expect(await bot.say('/statsu ru', { chatKind: 'group' })).toContain('Did you mean /status ru?');
  });

  test('a prefix of its own: nonsense in a group is meant for us', async () => {
    const bot = createBot({ prefix: '!tocsin ' });
    expect(await bot.say('xyzzyplugh', { chatKind: 'group' })).toContain('!tocsin help');
  });

  test('anything at all: an answer, bounded, never a throw', async () => {
    const bot = createBot({ unbudgeted: true });
    bot.tables.stored = [incident()];
    const word = fc.oneof(
      fc.constantFrom(
        'subscribe',
        'unsubscribe',
        'mute',
        'status',
        'incident',
        'timezone',
        'level',
        'retract',
        'start',
        'help',
      ),
      fc.constantFrom(
        'ru',
        'all',
        '*',
        'for',
        'until',
        '8h',
        'RU-whatsapp-3f9k',
        'yes',
        '🇷🇺',
        'constructor',
        '__proto__',
      ),
      fc.string({ unit: anyCharacter, maxLength: 30 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (words) => {
        const answer = await bot.answer(words.join(' '));
        const length = (answer?.documents ?? []).map((one) => asText(one).length).reduce((a, b) => a + b, 0);
        expect(length).toBeLessThan(12_000);
      }),
      { numRuns: 300 },
    );
    expect(bot.errors).toEqual([]);
  });
});

describe('who may', () => {
  test.each([
    'subscribe ru',
    'unsubscribe all yes',
    'mute ru',
    'unmute all',
    'level early',
    'language ru',
    'timezone UTC',
    'forget yes',
    'export',
  ])('%s by a member of a group: refused, nothing changed', async (text) => {
    const bot = createBot();
    expect(await bot.say(text, { chatKind: 'group', admin: false })).toContain('Only admins');
    expect([bot.tables.rows, bot.tables.followed, bot.tables.quiet]).toEqual([[], [], []]);
  });

  test.each(['status ru', 'history ru', 'incident ru', 'help', 'about', 'ping', 'subscriptions', 'settings', 'start'])(
    '%s by a member of a group: answered',
    async (text) => {
      expect(await createBot().say(text, { chatKind: 'group', admin: false })).not.toContain('Only admins');
    },
  );

  test('a deep link that subscribes, in a group, by a member: only a greeting', async () => {
    const bot = createBot();
    expect(await bot.say('start ru', { chatKind: 'group', admin: false })).toContain('Hello!');
    expect(bot.tables.followed).toEqual([]);
  });

  test('operators’ commands: refused to others, and not in their help', async () => {
    const bot = createBot();
    expect(await bot.say('retract RU-whatsapp-3f9k because no')).toContain('Only those who run this bot');
    expect(await bot.say('sources')).toContain('Only those who run this bot');
    expect(await bot.say('help')).not.toContain('retract');
    expect(bot.retracted).toEqual([]);
  });

  test('an operator retracts: the reason is handed on', async () => {
    const bot = createBot();
    const operator = { sender: 'telegram:1' };
    expect(await bot.say('retract ru-WhatsApp-3f9k because the outlet took it back', operator)).toContain(
      'is withdrawn',
    );
    expect(bot.retracted).toEqual([{ id: 'RU-whatsapp-3f9k', because: 'the outlet took it back' }]);
    expect(await bot.say('retract RU-nothing-0000 because no', operator)).toContain('I know no incident');
    expect(await bot.say('retract RU-whatsapp-3f9k', operator)).toContain('and why?');
    expect(await bot.say('help all', operator)).toContain('retract');
  });

  test('a button of one chat pressed in another: acts on the chat where it was pressed', async () => {
    const bot = createBot();
    await bot.say('subscribe ru', { chat: '1' });
    await bot.say('subscribe tr', { chat: '2' });
    await bot.say('unsubscribe RU *', { chat: '2', button: true });
    expect(bot.tables.followed.map((one) => one.country)).toEqual(['RU', 'TR']);
  });
});

describe('language of a chat', () => {
  test.each([
    ['the platform tells it', 'ru', 'start', 'Здравствуйте'],
    ['with a region', 'ru-RU', 'start', 'Здравствуйте'],
    ['no language known, Cyrillic typed', null, 'старт', 'Здравствуйте'],
    ['no language known, Latin typed', null, 'start', 'Hello'],
    ['a language without a catalogue', 'fi', 'start', 'Hello'],
    ['a language without a catalogue, Cyrillic typed', 'bg', 'старт', 'Здравствуйте'],
  ])('%s', async (_, lang, text, expected) => expect(await createBot().say(text, { lang })).toContain(expected));

  test('once chosen: stays, whoever asks', async () => {
    const bot = createBot();
    await bot.say('language ru', { lang: 'en' });
    expect(await bot.say('ping', { lang: 'en' })).toContain('На связи');
  });
});

describe('traces', () => {
  test('a chat that only asks: nothing is kept about it', async () => {
    const bot = createBot();
    for (const text of ['start', 'status ru', 'help', 'subscriptions', 'incident ru', 'level', 'forget'])
      await bot.say(text);
    expect(bot.tables.rows).toEqual([]);
  });

  test('the operator’s default level: given to a new chat, not to one that has chosen', async () => {
    const { DEFAULT_POLICY } = await import('../../../src/core/model/alert.ts');
    const bot = createBot({ policy: { ...DEFAULT_POLICY, level: 'confirmed' } });
    await bot.say('subscribe ru');
    expect(bot.tables.rows[0]!.level).toBe('confirmed');
    await bot.say('level early');
    await bot.say('subscribe tr');
    expect(bot.tables.rows[0]!.level).toBe('early');
  });
});

describe('floods', () => {
  test('one person: answered once, then silence, then again', async () => {
    const bot = createBot();
    const answers = [];
    for (let i = 0; i < 30; i++) answers.push(await bot.say('ping'));
    expect(answers.slice(0, 15).every((text) => text.includes('Here I am'))).toBe(true);
    expect(answers[15]).toContain('That was a lot at once');
    expect(answers.slice(16).every((text) => text === '')).toBe(true);
    await bot.clock.pass(2_500);
    expect(await bot.say('ping')).toContain('Here I am');
  });

  test('many people in one chat: the chat has a budget of its own, other chats do not suffer', async () => {
    const bot = createBot();
    let answered = 0;
    for (let i = 0; i < 100; i++)
      if ((await bot.say('ping', { sender: `telegram:${i + 10}`, chatKind: 'group' })).includes('Here I am'))
        answered++;
    expect(answered).toBe(40);
    expect(await bot.say('ping', { chat: '200', sender: 'telegram:9' })).toContain('Here I am');
  });

  test('an operator: no budget', async () => {
    const bot = createBot();
    for (let i = 0; i < 60; i++) expect(await bot.say('ping', { sender: 'telegram:1' })).toContain('Here I am');
  });

  test('an account without a pace: strangers have a budget all the same', async () => {
    const pace = { perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 1 };
    const bot = createBot({
      account: () => ({ platform: 'telegram', talk: { ...PLAIN_TALK, prefix: '/', buttons: true }, pace }),
    });
    let answered = 0;
    for (let i = 0; i < 60; i++) if (await bot.answer('ping')) answered++;
    expect(answered).toBe(16);
  });

  test('a million keys: memory stays bounded', () => {
    const budget = createBudget({ burst: 2, everyMs: 1_000, maxKeys: 100 });
    for (let i = 0; i < 10_000; i++) budget.spend(`k${i}`, i);
    expect(budget.size()).toBe(100);
  });
});

describe('when the store fails', () => {
  test('an apology, and one line in the log', async () => {
    const bot = createBot();
    bot.tables.broken = new Error('disk full');
    expect(await bot.say('status ru')).toContain('Something went wrong on my side');
    expect(bot.errors).toHaveLength(1);
  });
});

describe('menus', () => {
  test('every language: every command but the operators’, described within the platforms’ limits', () => {
    const menus = menusIn(translators);
    expect(menus.map((one) => one.lang)).toEqual(translators.languages.map((one) => one.code));
    for (const { commands } of menus) {
      expect(commands.map((one) => one.name)).toContain('subscribe');
      expect(commands.map((one) => one.name)).not.toContain('retract');
      for (const { name, description } of commands) {
        expect(name).toMatch(/^[a-z]{1,32}$/u);
        expect(description.length).toBeGreaterThan(1);
        expect(description.length).toBeLessThan(100);
      }
      const inGroups = Object.fromEntries(commands.map((one) => [one.name, one.inGroups]));
      expect(inGroups).toMatchObject({ status: 'everyone', mute: 'admins', channel: 'nobody' });
    }
  });
});
