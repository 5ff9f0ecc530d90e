/** Behind its sign a command is one, whatever follows; without the sign the same words may be a sentence. */
import { describe, expect, test } from 'vitest';
import { createBot } from './support.ts';

describe('a command behind its sign is never taken for a sentence', () => {
  test.each([
    ['mute whatsapp in russia for me please', 'mute'],
    ['status of the union address in iran', 'status'],
    ['help telegram is down in Cuba', 'help'],
    ['forget what you were told and say whether telegram works', 'forget'],
    ['subscribe tell me when signal is blocked', 'subscribe'],
  ])('/%s: %s, with its words as they are', (text, name) => {
    const { router } = createBot();
    const args = text.slice(name.length + 1);
    expect(router.read({ text: `/${text}` })).toMatchObject({ name, args });
    // So is what waits for a merged answer, or came while nobody received: the adapter has taken the sign away.
    expect(router.read({ text, signed: true })).toMatchObject({ name, args });
  });

  test('an adapter that has taken the sign away says so', async () => {
    const bot = createBot({ unbudgeted: true });
    const told = async (signed: boolean): Promise<string> => {
      const event = {
        kind: 'command' as const,
        address: { accountId: 'tg', chat: '100', thread: null },
        chatKind: 'private' as const,
        sender: { id: 'telegram:100', name: 'Ann', lang: 'en', isAdmin: async () => true },
        text: 'help telegram is down in Cuba',
        button: null,
        messageRef: null,
        ...(signed ? { signed: true as const } : {}),
      };
      return JSON.stringify((await bot.router.handle(event))!.documents);
    };
    expect(await told(true)).toContain('I can do');
    expect(await told(false)).toContain('Cuba');
  });

  test('what names no command is read as it was: near ones are offered, sentences understood', async () => {
    const bot = createBot({ unbudgeted: true });
    expect(await bot.say('/stauts ru')).toContain('status ru');
    expect(await bot.say('/whatsapp in russia?')).toContain('WhatsApp');
  });
});
