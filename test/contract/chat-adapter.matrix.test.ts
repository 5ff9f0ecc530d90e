import { createAdapter } from '../../src/adapters/matrix/adapter.ts';
import { FakeHomeserver } from '../fakes/matrix-homeserver.ts';
import { testDeps } from './adapter-deps.ts';
import { type AdapterBench, chatAdapterContract } from './chat-adapter.suite.ts';
import { filesIn, picturesIn, seenIn } from './matrix-seen.ts';

async function open(): Promise<AdapterBench> {
  const fake = await FakeHomeserver.start();
  const account = {
    id: 'mx',
    platform: 'matrix' as const,
    homeserver: fake.baseUrl,
    accessToken: fake.token,
    inviteFrom: ['*'],
  };
  const adapter = createAdapter(account, testDeps());
  return {
    adapter,
    async chat() {
      const chat = fake.room('@ann:fake.test', { direct: true });
      return { address: { accountId: 'mx', chat, thread: null }, kind: 'group' };
    },
    async write({ chat }, command) {
      fake.say(chat, '@ann:fake.test', `!tocsin ${command}`);
    },
    async see({ chat }, text) {
      const seen = seenIn(
        fake.said(chat).map(({ event_id: eventId, content }) => ({ eventId, content })),
        text,
      );
      if (!seen) throw new Error(`not said: ${text}`);
      return seen;
    },
    files: async ({ chat }) => filesIn(fake.said(chat).map(({ event_id: eventId, content }) => ({ eventId, content }))),
    pictures: async ({ chat }) =>
      picturesIn(fake.said(chat).map(({ event_id: eventId, content }) => ({ eventId, content }))),
    uploads: async () => fake.uploads.length,
    async end({ chat }) {
      fake.member(chat, '@ann:fake.test', fake.userId, 'leave');
    },
    async fail(how) {
      fake.fault(how === 'busy' ? '429-body' : 'drop-after', '/send/');
    },
    async close() {
      await adapter.stop();
      await fake.stop();
    },
  };
}

chatAdapterContract('matrix', open);
