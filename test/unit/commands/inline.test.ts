/** Questions from elsewhere, as an inline query brings them; help by scope; whoever writes as a channel. */
import { describe, expect, test } from 'vitest';
import { asText, incident } from '../render/support.ts';
import { createBot } from './support.ts';

const ask = async (bot: ReturnType<typeof createBot>, text: string, lang: string | null = 'en', id = 'telegram:7') => {
  const document = await bot.router.inline({ accountId: 'tg', text, sender: { id, lang } });
  return document && asText(document);
};

describe('asked from elsewhere', () => {
  test('service and country: the state as status tells it, without buttons, in the asker’s language', async () => {
    const bot = createBot();
    bot.tables.stored = [incident()];
    expect(await ask(bot, 'whatsapp ru')).toContain('WhatsApp');
    expect(await ask(bot, 'whatsapp ru')).toContain('🔴');
    expect(await ask(bot, 'whatsapp ru')).not.toContain('→');
    expect(await ask(bot, 'whatsapp ru')).not.toContain('The bot itself');
    expect(await ask(bot, 'вотсап россия', 'ru')).toContain('заблокировано');
    expect(bot.tables.rows).toEqual([]);
  });

  test.each(['whats', 'whatsapp atlantis', 'subscribe ru', 'forget yes', 'x'.repeat(300)])(
    '%j is no question yet: nothing',
    async (text) => {
      const bot = createBot();
      expect(await ask(bot, text)).toBeNull();
      expect(bot.tables.rows).toEqual([]);
    },
  );

  test('nothing typed yet: what is cut off everywhere', async () => {
    const bot = createBot();
    bot.tables.stored = [incident()];
    expect(await ask(bot, '')).toContain('WhatsApp');
  });

  test('asked again within moments: not worked on again; later it is', async () => {
    let looks = 0;
    const bot = createBot();
    const list = bot.tables.incidents.list;
    bot.tables.incidents.list = async (filter) => {
      looks++;
      return list(filter);
    };
    await ask(bot, 'whatsapp ru');
    const once = looks;
    await ask(bot, 'whatsapp  RU '.toLowerCase());
    expect(looks).toBe(once);
    await bot.clock.pass(6_000);
    await ask(bot, 'whatsapp ru');
    expect(looks).toBeGreaterThan(once);
  });

  test('a flood of many people who act together: the others are answered all the same', async () => {
    const bot = createBot();
    for (let n = 0; n < 200; n++) await ask(bot, 'whatsapp ru', 'en', `telegram:${100 + (n % 20)}`);
    expect(await ask(bot, 'whatsapp ru', 'en', 'telegram:8')).toContain('WhatsApp');
  });

  test('a flood of one person: left unanswered, and others are answered', async () => {
    const bot = createBot();
    const answers: (string | null)[] = [];
    for (let n = 0; n < 60; n++) answers.push(await ask(bot, 'whatsapp ru'));
    expect(answers.at(-1)).toBeNull();
    expect(await ask(bot, 'whatsapp ru', 'en', 'telegram:8')).toContain('WhatsApp');
  });

  test('a failing store: nothing, and one line in the log', async () => {
    const bot = createBot();
    bot.tables.broken = new Error('disk full');
    expect(await ask(bot, 'whatsapp ru')).toBeNull();
    expect(bot.errors).toEqual(['Unable to answer an inline query']);
  });
});

describe('help by scope', () => {
  const help = (admin: boolean, chatKind: 'private' | 'group') =>
    createBot().say('/help all', { admin, chatKind, chat: '-1' });

  test('in a group: its members see what they may give, its admins all of it', async () => {
    const [member, admin] = [await help(false, 'group'), await help(true, 'group')];
    for (const one of ['/status', '/history', '/help']) expect(member).toContain(one);
    for (const one of ['/subscribe', '/forget', '/link']) {
      expect(member).not.toContain(one);
      expect(admin).toContain(one);
    }
    for (const one of ['/announce', '/stats', '/sources']) expect(admin).not.toContain(one);
  });

  test('alone: everything but what is an operator’s', async () => {
    expect(await help(true, 'private')).toContain('/subscribe');
    expect(await help(true, 'private')).not.toContain('/announce');
    expect(await createBot().say('/help all', { sender: 'telegram:1' })).toContain('/announce');
  });
});

test.each([
  ['en', 'Write as yourself or as this group.'],
  ['ru', 'Напишите от себя или от имени группы'],
])('somebody who writes in a group as a channel of theirs, in %s: told what to do', async (lang, said) => {
  const bot = createBot();
  const answer = await bot.router.handle({
    kind: 'command',
    address: { accountId: 'tg', chat: '-1', thread: null },
    chatKind: 'group',
    sender: { id: 'telegram:-9', name: 'News', lang, unnamed: true, isAdmin: async () => false },
    text: 'subscribe ru',
    button: null,
    messageRef: '1',
  });
  expect(answer!.documents.map(asText).join()).toContain(said);
});
