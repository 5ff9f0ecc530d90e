/**
 * Copies of the database that come back, on a real Synapse with matrix-nio as the reader: of any age, from before and after a new key of the room, and beside the running bot.
 * `TOCSIN_RESTORES`: how many of each (1). Every one of a thing's moments on a homeserver in memory: `test/unit/matrix/crypto/rollback.test.ts`.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createAdapter } from '../../src/adapters/matrix/adapter.ts';
import type { ChatAdapter } from '../../src/core/ports/chat-adapter.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createIds } from '../../src/platform/ids.ts';
import { recorder, type TestDeps, testDeps } from '../contract/adapter-deps.ts';
import { isCommand, never, sendOf } from '../contract/chat-adapter.suite.ts';
import { describeIf } from '../fakes/shared.ts';
import { type MemoryRows, memoryRows } from '../unit/matrix/crypto/support.ts';
import { hasNio, NEEDS_NIO, Nio, type NioPerson } from './nio.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';

const ROUNDS = Number(process.env.TOCSIN_RESTORES ?? 1);
vi.setConfig({ testTimeout: 60_000 * ROUNDS, hookTimeout: 90_000 });

const OLD = { code: 'config_invalid', message: expect.stringMatching(/^[^\n]*old copy[^\n]*npx tocsin setup[^\n]*$/) };
const ENCRYPTION = { algorithm: 'm.megolm.v1.aes-sha2', rotation_period_msgs: 3 };
const SECOND = 1_000;

type Served = TestDeps & { rows: MemoryRows; later: number };

function depsOver(rows: MemoryRows): Served {
  const deps = Object.assign(testDeps({ rows }), { rows, later: 0 });
  const { clock } = deps;
  deps.ids = createIds(systemClock);
  deps.clock = { ...clock, now: () => clock.now() + deps.later, monotonic: () => clock.monotonic() + deps.later };
  return deps;
}

describeIf(
  hasSynapse() && hasNio(),
  hasSynapse() ? NEEDS_NIO : NEEDS_SYNAPSE,
  'restores of an account that encrypts',
  () => {
    let hs: Synapse;
    let nio: Nio;
    let ann: NioPerson;
    let texts = 0;

    beforeAll(async () => {
      hs = await startSynapse();
      nio = Nio.start(hs);
      ann = await nio.person('ann', { crossSign: true });
    });
    afterAll(async () => {
      await nio?.stop();
      await hs?.stop();
    });

    async function served(deps: Served, accessToken: string) {
      const account = {
        id: 'mx',
        platform: 'matrix',
        homeserver: hs.baseUrl,
        accessToken,
        rate: 0,
        e2ee: true,
      } as const;
      const adapter = createAdapter(account, deps);
      const heard = recorder();
      try {
        await adapter.start(heard);
      } catch (error) {
        await adapter.stop();
        throw error;
      }
      return { adapter, heard };
    }

    /** As the outbox does it; null = it was not delivered, however often. */
    async function say({ adapter }: { adapter: ChatAdapter }, chat: string, tries = 10): Promise<string | null> {
      const text = `message ${++texts}`;
      const message = { ...sendOf({ accountId: 'mx', chat, thread: null }, text), key: `delivery-${texts}` };
      for (; tries > 0; tries--) if ((await adapter.send(message, never)).kind === 'delivered') return text;
      return null;
    }

    /** A bot of its own, in a room that wants a new key after each three messages. */
    async function scene() {
      const name = `bot${++texts}`;
      const { userId, token } = await hs.register(name);
      const deps = depsOver(memoryRows());
      const bot = await served(deps, token);
      const room = await ann.createRoom();
      await ann.state(room, 'm.room.encryption', ENCRYPTION);
      await ann.invite(room, userId);
      await ann.waitForMembership(room, userId, 'join', 30_000);
      return { name, userId, token, deps, bot, room };
    }
    type Scene = Awaited<ReturnType<typeof scene>>;

    /** As the one line says: a new session, on whatever database is there. Then what was said is read, all of it, once, and no place of a key was used twice. */
    async function afterSetup(rows: MemoryRows, { name, userId, room }: Scene, said: (string | null)[]): Promise<void> {
      const identifier = { type: 'm.id.user', user: name };
      const login = { type: 'm.login.password', identifier, password: `password-of-${name}` };
      const { access_token: token } = (await ann.call('POST', '/_matrix/client/v3/login', login)) as Record<
        string,
        string
      >;
      const bot = await served(depsOver(rows), token!);
      const asked = `again ${++texts}`;
      // What is said before her app has heard of the new session is not for it.
      const again = setInterval(() => void ann.send(room, `!tocsin ${asked}`).catch(() => undefined), 2_000);
      await bot.heard.waitFor(isCommand(asked), 50_000).finally(() => clearInterval(again));
      said.push(await say(bot, room), await say(bot, room));
      await ann.waitForMessage(room, ({ body }) => body === said.at(-1), 30_000);
      const heard = (await ann.messages(room)).filter(({ sender }) => sender === userId);
      expect(heard.filter(({ undecryptable, encrypted }) => undecryptable || !encrypted)).toEqual([]);
      const bodies = heard.map(({ body }) => body).filter((body) => body.startsWith('message '));
      expect(bodies.toSorted()).toEqual(said.toSorted());
      expect((await ann.reused()).reused).toEqual([]);
      await bot.adapter.stop();
    }

    const AGES: [what: string, ms: number, messages: number][] = [
      ['1 s old', SECOND, 1],
      ['1 min old', 60 * SECOND, 1],
      ['59 min old', 59 * 60 * SECOND, 2],
      ['2 h old', 120 * 60 * SECOND, 2],
      ['of before a new key of the room', 30 * SECOND, 4],
    ];
    test.each(AGES)(
      'a copy %s: refused with what to do, and with a new session everything is read',
      async (_, ms, messages) => {
        for (let i = 0; i < ROUNDS; i++) {
          const made = await scene();
          const { deps, bot, room, token } = made;
          const said: (string | null)[] = [];
          for (let before = 0; before <= i % 4; before++) said.push(await say(bot, room));
          const copy = deps.rows.copy();
          deps.later += ms;
          for (let after = 0; after < messages; after++) said.push(await say(bot, room));
          // With the bot still running, or not.
          if (i % 2) await bot.adapter.stop();
          await expect(served(depsOver(copy), token)).rejects.toMatchObject(OLD);
          expect(copy.writes).toBe(0);
          if (i % 2 === 0) said.push(await say(bot, room));
          await bot.adapter.stop();
          await afterSetup(copy, made, said);
        }
      },
    );

    test('a copy started beside the running bot, which speaks on: one of them at most, and nobody loses a message', async () => {
      for (let i = 0; i < ROUNDS; i++) {
        const made = await scene();
        const { deps, bot, room, token } = made;
        const said = [await say(bot, room)];
        const copy = depsOver(deps.rows.copy());
        const speaking = (async () => {
          // At another moment of the start each time.
          await systemClock.sleep(i * 10);
          return await say(bot, room, 2);
        })();
        const [spoke, begun] = await Promise.allSettled([speaking, served(copy, token)]);
        if (begun.status === 'rejected') expect(begun.reason).toMatchObject(OLD);
        const second = begun.status === 'fulfilled' ? begun.value : null;
        const later = await Promise.allSettled([say(bot, room, 2), second ? say(second, room, 2) : null]);
        const spoken = later.flatMap((one) => (one.status === 'fulfilled' && one.value !== null ? [one.value] : []));
        expect(spoken.length).toBeLessThanOrEqual(1);
        said.push(...spoken, ...(spoke.status === 'fulfilled' && spoke.value !== null ? [spoke.value] : []));
        await Promise.all([bot.adapter.stop(), second?.adapter.stop()]);
        await afterSetup(copy.rows, made, said);
      }
    });
  },
);
