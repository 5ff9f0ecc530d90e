/** Two processes on one PostgreSQL with an account that serves encrypted rooms: its keys go from one to the other, and never are in two. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describePostgres } from '../contract/store/postgres.ts';
import { describeIf } from '../fakes/shared.ts';
import { encryptingAccount, vouchFor } from './encrypted-rooms.ts';
import { hasNio, NEEDS_NIO, Nio, type NioPerson } from './nio.ts';
import { Program } from './program.ts';
import { hasSynapse, type Synapse, startSynapse } from './synapse.ts';
import { CTRL_C, ENTER, Terminal } from './terminal.ts';

/** How often each ending comes. */
const EMOJI_ROUNDS = Number(process.env.TOCSIN_EMOJI ?? 1);

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describeIf(hasNio() && hasSynapse(), NEEDS_NIO, 'encrypted rooms and several processes', () => {
  let hs: Synapse;
  let nio: Nio;
  let ann: NioPerson;
  beforeAll(async () => {
    hs = await startSynapse();
    nio = Nio.start(hs);
    ann = await nio.person('ann', { crossSign: true });
  });
  afterAll(async () => {
    await nio?.stop();
    await hs?.stop();
  });

  describePostgres('on PostgreSQL', ({ fresh }) => {
    test('asleep and replaced, awake again, killed: one device, every command answered, no place in a session used twice', async () => {
      const { database, drop } = await fresh();
      // Another one at a second try: the first has the name.
      const bot = await hs.register(`bot${performance.now().toFixed()}`);
      const config = { database, accounts: [encryptingAccount(hs, bot)], sources: [] };
      const [a, b] = [await Program.create(config), await Program.create(config)];
      try {
        await a.start();
        await b.start();
        const room = await ann.createRoom({ encrypted: true, invite: [bot.userId] });
        await ann.waitForMembership(room, bot.userId, 'join', 30_000);
        const answers = async (): Promise<number> =>
          (await ann.messages(room)).filter(
            ({ sender, content }) => sender === bot.userId && !('m.new_content' in content),
          ).length;
        const ask = async (): Promise<void> => {
          const before = await answers();
          await ann.send(room, '!tocsin ping');
          await vi.waitFor(async () => expect(await answers()).toBeGreaterThan(before), {
            timeout: 40_000,
            interval: 200,
          });
        };
        // The greeting, which is no answer.
        await vi.waitFor(async () => expect(await answers()).toBeGreaterThan(0), { timeout: 40_000, interval: 200 });
        await ask();
        // The one that has the account sleeps until it was replaced.
        a.signal('SIGSTOP');
        await ask();
        await vi.waitFor(() => expect(b.stderr).toContain('Encrypted Matrix rooms are served'), 40_000);
        a.signal('SIGCONT');
        await ask();
        await b.kill();
        await ask();
        await ask();
        const heard = (await ann.messages(room)).filter(({ sender }) => sender === bot.userId);
        expect(heard.every(({ encrypted, undecryptable }) => encrypted && !undecryptable)).toBe(true);
        expect(new Set(heard.map(({ device }) => device)).size).toBe(1);
        expect((await ann.reused()).reused).toEqual([]);
        expect((await hs.kept(room)).filter(({ type }) => type === 'm.room.message')).toEqual([]);
        const keys = [a, b].map(({ stderr }) => stderr.match(/Encryption keys were made/g)?.length ?? 0);
        expect(keys[0]! + keys[1]!).toBe(1);
      } finally {
        await Promise.all([a.remove(), b.remove()]);
        await drop();
      }
    });

    type Row = [what: string, match: boolean, at: string[], theirs: string, said: RegExp];
    const ENDS: Row[] = [
      ['the same', true, [`y${ENTER}`, `y${ENTER}`], 'done', /Verified: @ann:localhost/],
      ['others there', false, [`y${ENTER}`], 'cancel', /Not verified: @ann:localhost.*not the same/],
      ['others here', true, [`y${ENTER}`, `n${ENTER}`], 'cancelled: m.mismatched_sas', /the emoji were not the same/],
      ['left when asked', true, [CTRL_C], 'cancelled: m.user', /asks to verify the bot/],
      ['left before the emoji', true, [`y${ENTER}`, CTRL_C], 'cancelled: m.user', /Are these seven there/],
    ];

    test('emoji again and again at a terminal beside the running bot, with every ending: each is a new one, and ends on both sides', async () => {
      const { database, drop } = await fresh();
      const bot = await hs.register(`witnessed${performance.now().toFixed()}`);
      const program = await Program.create({ database, accounts: [encryptingAccount(hs, bot)], sources: [] });
      try {
        await program.start();
        const device = await vouchFor(nio, bot);
        const seen = new Set<string>();
        for (let round = 0; round < EMOJI_ROUNDS; round++)
          for (const [what, match, keys, theirs, said] of ENDS) {
            const args = ['matrix', 'verify', '--config', program.configFile, '--with', 'anybody'];
            const at = new Terminal(args, { cwd: program.folder, env: {}, screen: { columns: 100, rows: 40 } });
            await at.until(/The bot runs, and goes on[\s\S]*Waiting ten minutes/);
            const met = ann.verify(bot.userId, { device, match, seconds: 60 }).then(
              ({ ended, emoji }) => {
                seen.add(JSON.stringify(emoji));
                return ended;
              },
              (error: Error) => error.message,
            );
            await at.until(/@ann:localhost.*asks to verify the bot/);
            at.press(keys[0]!);
            if (keys[1]) {
              await at.until(/Compare with what.*Are these seven there/);
              at.press(keys[1]);
            }
            expect(await met, what).toContain(theirs);
            expect(await at.ended(), what).toBe(theirs === 'done' ? 0 : 1);
            expect(at.shown.replace(/\s+/g, ' '), what).toMatch(said);
          }
        // Those that nio took to the emoji and did not end with an error.
        expect(seen.size).toBe(2 * EMOJI_ROUNDS);
      } finally {
        await program.remove();
        await drop();
      }
    }, 600_000);
  });
});
