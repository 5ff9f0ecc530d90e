import { vi } from 'vitest';
import { createAdapter } from '../../src/adapters/matrix/adapter.ts';
import { testDeps } from '../contract/adapter-deps.ts';
import { type AdapterBench, chatAdapterContract } from '../contract/chat-adapter.suite.ts';
import { filesIn, picturesIn, seenIn } from '../contract/matrix-seen.ts';
import { describeIf } from '../fakes/shared.ts';
import { hasSynapse, NEEDS_SYNAPSE, startSynapse } from './synapse.ts';

// Several Synapses may share two cores.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 });

async function open(): Promise<AdapterBench> {
  const hs = await startSynapse();
  const bot = await hs.register('bot');
  const ann = await hs.register('ann');
  const deps = testDeps();
  const adapter = createAdapter({ id: 'mx', platform: 'matrix', homeserver: hs.baseUrl, accessToken: bot.token }, deps);
  return {
    adapter,
    async chat() {
      const chat = await ann.createRoom({ invite: [bot.userId], direct: true });
      await ann.waitForMembership(chat, bot.userId, 'join');
      return { address: { accountId: 'mx', chat, thread: null }, kind: 'private' };
    },
    async write({ chat }, command) {
      await ann.send(chat, `!tocsin ${command}`);
    },
    async see({ chat }, text) {
      const message = await ann.waitForMessage(chat, (m) => m.body.includes(text));
      const said = (await ann.messages(chat)).filter((m) => m.sender === bot.userId);
      const seen = seenIn(said, text);
      if (!seen) throw new Error(`not seen: ${text} (${message.eventId})`);
      return seen;
    },
    files: async ({ chat }) => filesIn((await ann.messages(chat)).filter((m) => m.sender === bot.userId)),
    pictures: async ({ chat }) => picturesIn((await ann.messages(chat)).filter((m) => m.sender === bot.userId)),
    async uploads() {
      return [...deps.cached.keys()].filter((key) => key.startsWith('image/')).length;
    },
    async end({ chat }) {
      // In a direct chat both have all power, so nobody can kick: as if the operator left with another client.
      await bot.leave(chat);
    },
    async close() {
      await adapter.stop();
      await hs.stop();
    },
  };
}

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'the contract against a real Synapse', () => {
  chatAdapterContract('matrix on Synapse', open);
});
