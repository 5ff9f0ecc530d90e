/** A board on a real Synapse: pinned where the bot may. It is looked at each quarter of a minute, so this takes most of one. */
import { expect, vi } from 'vitest';
import { testIf } from '../fakes/shared.ts';
import { waitFor } from './matrix-user.ts';
import { Program } from './program.ts';
import { hasSynapse, NEEDS_SYNAPSE, startSynapse } from './synapse.ts';

vi.setConfig({ testTimeout: 150_000 });

testIf(
  hasSynapse(),
  NEEDS_SYNAPSE,
  'a board is pinned beside what others pinned; in a room where the bot may not, it says so once',
  async () => {
    const hs = await startSynapse();
    const [bot, ann] = [await hs.register('tocsin'), await hs.register('ann')];
    const account = {
      id: 'mx',
      platform: 'matrix',
      homeserver: hs.baseUrl,
      accessToken: bot.token,
      inviteFrom: ['*:localhost'],
    };
    const program = await Program.create({ database: 'tocsin.db', accounts: [account], sources: [] });
    try {
      await program.start();
      const open = async (): Promise<string> => {
        const room = await ann.createRoom({ invite: [bot.userId] });
        await ann.waitForMembership(room, bot.userId, 'join');
        return room;
      };
      const [may, mayNot] = [await open(), await open()];
      const levels = await ann.call('GET', ann.room(may, 'state/m.room.power_levels/'));
      const users = { ...(levels.users as object), [bot.userId]: 50 };
      await ann.state(may, 'm.room.power_levels', { ...levels, users });
      await ann.state(may, 'm.room.pinned_events', { pinned: ['$others'] });
      for (const room of [may, mayNot]) await ann.send(room, '!tocsin board on');
      const said = async (room: string, text: RegExp) =>
        (await ann.messages(room)).filter(({ sender, body }) => sender === bot.userId && text.test(body));
      const pinned = async () =>
        (await ann.call('GET', ann.room(may, 'state/m.room.pinned_events/'))).pinned as string[];
      const both = await waitFor(
        async () => ((await pinned()).length === 2 ? await pinned() : undefined),
        60_000,
        'the pin',
      );
      expect(both).toEqual(['$others', (await said(may, /^Cut off now/))[0]!.eventId]);
      const refused = /I may not pin messages here[\s\S]*!tocsin board on/;
      await waitFor(async () => (await said(mayNot, refused))[0], 60_000, 'why it is not pinned');
      expect((await said(mayNot, refused)).length).toBe(1);
      expect(await said(may, refused)).toEqual([]);
    } finally {
      await program.remove();
      await hs.stop();
    }
  },
);
