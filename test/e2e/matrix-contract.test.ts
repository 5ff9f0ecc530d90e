import { vi } from 'vitest';
import { createAdapter } from '../../src/adapters/matrix/adapter.ts';
import type { MatrixAccount } from '../../src/adapters/matrix/config.ts';
import { testDeps } from '../contract/adapter-deps.ts';
import { type AdapterBench, chatAdapterContract } from '../contract/chat-adapter.suite.ts';
import { filesIn, picturesIn, seenIn } from '../contract/matrix-seen.ts';
import { describeIf } from '../fakes/shared.ts';
import { memoryRows } from '../unit/matrix/crypto/support.ts';
import { type Shown, waitFor } from './matrix-user.ts';
import { hasNio, NEEDS_NIO, Nio } from './nio.ts';
import { hasSynapse, NEEDS_SYNAPSE, startSynapse } from './synapse.ts';

// Several Synapses may share two cores.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 });

async function open(encrypted: boolean): Promise<AdapterBench> {
  const hs = await startSynapse();
  const nio = encrypted ? Nio.start(hs) : null;
  const bot = await hs.register('bot');
  const ann = nio ? await nio.person('ann', { crossSign: true }) : await hs.register('ann');
  const deps = testDeps({ rows: memoryRows() });
  const account: MatrixAccount = { id: 'mx', platform: 'matrix', homeserver: hs.baseUrl, accessToken: bot.token };
  const adapter = createAdapter({ ...account, ...(encrypted && { e2ee: true }) }, deps);
  /** What the bot has said in a chat, once its reader has all of it. */
  async function said(chat: string): Promise<Shown[]> {
    const ours = async () => (await ann.messages(chat)).filter((m) => m.sender === bot.userId);
    if (!nio) return await ours();
    const sent = (await hs.kept(chat)).filter(
      (event) => event.sender === bot.userId && event.type === 'm.room.encrypted',
    );
    const all = async () => {
      const read = await ours();
      return read.length >= sent.length ? read : undefined;
    };
    return await waitFor(all, 15_000, 'what was said');
  }

  return {
    adapter,
    async chat() {
      const chat = await ann.createRoom({ invite: [bot.userId], direct: true, encrypted });
      await ann.waitForMembership(chat, bot.userId, 'join');
      return { address: { accountId: 'mx', chat, thread: null }, kind: 'private' };
    },
    async write({ chat }, command) {
      await ann.send(chat, `!tocsin ${command}`);
    },
    async see({ chat }, text) {
      const message = await ann.waitForMessage(chat, (m) => m.body.includes(text));
      const seen = seenIn(await said(chat), text);
      if (!seen) throw new Error(`not seen: ${text} (${message.eventId})`);
      return seen;
    },
    files: async ({ chat }) => filesIn(await said(chat)),
    pictures: async ({ chat }) => picturesIn(await said(chat)),
    // What is encrypted is kept for one message alone.
    ...(!encrypted && {
      uploads: async () => [...deps.cached.keys()].filter((key) => key.startsWith('image/')).length,
    }),
    async end({ chat }) {
      // In a direct chat both have all power, so nobody can kick: as if the operator left with another client.
      await bot.leave(chat);
    },
    async close() {
      await adapter.stop();
      await nio?.stop();
      await hs.stop();
    },
  };
}

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'the contract against a real Synapse', () => {
  chatAdapterContract('matrix on Synapse', () => open(false));
});

describeIf(
  hasSynapse() && hasNio(),
  hasSynapse() ? NEEDS_NIO : NEEDS_SYNAPSE,
  'the contract in encrypted chats',
  () => {
    chatAdapterContract('matrix, encrypted, on Synapse', () => open(true));
  },
);
