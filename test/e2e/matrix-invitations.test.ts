/** Invitations that wait at a first start, on a real Synapse with all of its default limits: each is joined and greeted, over kills. */
import { expect, test, vi } from 'vitest';
import { describeIf } from '../fakes/shared.ts';
import { type MatrixUser, waitFor } from './matrix-user.ts';
import { Program } from './program.ts';
import { hasSynapse, NEEDS_SYNAPSE, startSynapse } from './synapse.ts';

/** Synapse joins one room in ten seconds, after a burst of ten: with 110 rooms (30 minutes) it is the same, only longer. */
const ROOMS = 24;
const STRANGERS = 12;
const MINUTES = 8;

vi.setConfig({ testTimeout: MINUTES * 60_000, hookTimeout: 90_000 });

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'invitations under the default limits of a real Synapse', () => {
  test(`${ROOMS} rooms and ${STRANGERS} of a stranger wait at the first start, with kills in between: all joined and greeted once, every refusal arrives`, async () => {
    const hs = await startSynapse({ limits: 'all' });
    const [bot, ann, eve] = [await hs.register('tocsin'), await hs.register('ann'), await hs.register('eve')];
    // Whoever invites is freed, the bot is not.
    await Promise.all([hs.free(ann), hs.free(eve)]);
    const program = await Program.create({
      database: 'tocsin.db',
      accounts: [
        {
          id: 'mx',
          platform: 'matrix',
          homeserver: hs.baseUrl,
          accessToken: bot.token,
          inviteFrom: ['@ann:localhost'],
        },
      ],
      sources: [],
    });
    const open = async (user: MatrixUser, count: number): Promise<string[]> => {
      const made: string[] = [];
      for (let i = 0; i < count; i++) made.push(await user.createRoom({ invite: [bot.userId], name: `room ${i}` }));
      return made;
    };
    const ours = async (room: string) => (await ann.messages(room)).filter((m) => m.sender === bot.userId);
    const count = async (rooms: string[], is: (room: string) => Promise<boolean>): Promise<number> =>
      (await Promise.all(rooms.map(is))).filter(Boolean).length;
    const isIn = async (room: string) => (await ann.members(room))[bot.userId]?.membership === 'join';
    try {
      const rooms = await open(ann, ROOMS);
      const strange = await open(eve, STRANGERS);
      const began = performance.now();
      await program.start();
      // Killed early in the burst, in the middle, and near the end.
      for (const share of [0.1, 0.5, 0.9]) {
        await waitFor(
          async () => ((await count(rooms, isIn)) >= ROOMS * share ? true : undefined),
          MINUTES * 60_000,
          `${share} of the rooms`,
        );
        await program.kill();
        await program.start();
      }
      const greeted = async (room: string) => (await ours(room)).some((m) => /Hello! I am Tocsin/.test(m.body));
      await waitFor(
        async () => ((await count(rooms, greeted)) === ROOMS ? true : undefined),
        MINUTES * 60_000,
        'a greeting in each room',
      );
      console.log(`${ROOMS} invitations joined and greeted in ${Math.round((performance.now() - began) / 1000)} s`);
      expect(await count(rooms, isIn)).toBe(ROOMS);
      for (const room of strange) {
        const { reason } = await eve.waitForMembership(room, bot.userId, 'leave', 60_000);
        expect(reason).toBe('My operator has not allowed invitations from this account.');
      }
      // A kill between a send and the note of it may repeat one greeting; nothing else may.
      const greetings = await Promise.all(rooms.map(async (room) => (await ours(room)).length));
      expect(greetings.reduce((a, b) => a + b)).toBeLessThanOrEqual(ROOMS + 3);
      // The 21st of an hour and all after it: no reason was ever given but this one.
      const declined = await count(
        rooms,
        async (room) => (await ann.members(room))[bot.userId]?.membership === 'leave',
      );
      expect(declined).toBe(0);
    } finally {
      await program.remove();
      await hs.stop();
    }
  });
});
