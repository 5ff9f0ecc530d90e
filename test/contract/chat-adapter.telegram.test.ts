import { createAdapter } from '../../src/adapters/telegram/adapter.ts';
import { FakeTelegram, type FakeUser } from '../fakes/fake-telegram/client.ts';
import { testDeps } from './adapter-deps.ts';
import { type AdapterBench, chatAdapterContract } from './chat-adapter.suite.ts';
import { complaints, telegramAccount } from './telegram-bench.ts';

/** A call that brought the picture along; the others name it by its number. */
const isUpload = ({ method, params }: { method: string; params: Record<string, unknown> }): boolean =>
  method === 'sendPhoto' && String(params.photo).startsWith('attach://');

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
    async pictures({ chat }) {
      const shown = await people.get(chat)!.chat.transcript({ from: 'bot' });
      return shown.flatMap(({ media, text }) => (media?.type === 'photo' ? [text as string] : []));
    },
    async files({ chat }) {
      const shown = await people.get(chat)!.chat.transcript({ from: 'bot' });
      return shown.flatMap(({ media }) => (media?.type === 'document' ? [String(media.file_name)] : []));
    },
    uploads: async () => (await tg.calls({ limit: 1_000 })).filter(isUpload).length,
    press: async ({ chat }, label) => {
      const { answer } = await people.get(chat)!.click(label);
      if (!answer) throw new Error('the press was not answered');
    },
    end: async ({ chat }) => people.get(chat)!.deactivate(),
    async fail(how) {
      await tg.clearFaults();
      const fault = how === 'busy' ? '429' : 'reset';
      await tg.fault({ fault, method: 'send.*', times: 1, retry_after: 1 });
    },
    complaints: () => complaints(tg),
    async close() {
      await adapter.stop();
      await tg.stop();
    },
  };
}

chatAdapterContract('telegram', open);
