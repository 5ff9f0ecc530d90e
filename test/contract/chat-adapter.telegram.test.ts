import { createAdapter } from '../../src/adapters/telegram/adapter.ts';
import { FakeTelegram, type FakeUser } from '../fakes/fake-telegram/client.ts';
import { testDeps } from './adapter-deps.ts';
import { type AdapterBench, chatAdapterContract } from './chat-adapter.suite.ts';
import { complaints, telegramAccount } from './telegram-bench.ts';

async function open(): Promise<AdapterBench> {
  const tg = await FakeTelegram.start();
  const adapter = createAdapter(telegramAccount(tg), testDeps());
  const people = new Map<string, FakeUser>();
  return {
    adapter,
    async chat() {
      const user = await tg.user({ first_name: 'Ann', started: true, language_code: 'en' });
      people.set(String(user.id), user);
      return { address: { accountId: 'tg', chat: String(user.id), thread: null }, kind: 'private' };
    },
    write: async ({ chat }, command) => people.get(chat)!.send(`/${command}`),
    async see({ chat }, text) {
      const found = await people.get(chat)!.chat.waitFor({ contains: text });
      return {
        text: found.text,
        edited: found.edits !== undefined,
        replyTo: found.reply === undefined ? null : String(found.reply),
      };
    },
    press: async ({ chat }, label) => {
      const { answer } = await people.get(chat)!.click(label);
      if (!answer) throw new Error('the press was not answered');
    },
    end: async ({ chat }) => people.get(chat)!.deactivate(),
    fail: async (how) => tg.fault({ fault: how === 'busy' ? '429' : 'reset', method: 'sendMessage', retry_after: 1 }),
    complaints: () => complaints(tg),
    async close() {
      await adapter.stop();
      await tg.stop();
    },
  };
}

chatAdapterContract('telegram', open);
