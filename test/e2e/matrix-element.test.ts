/** Encrypted rooms with Element's own engine in a real browser beside matrix-nio: what people see there, and verification by emoji from both sides. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { signOf } from '../../src/adapters/matrix/verify-command.ts';
import { FeedServer } from '../fakes/feed-server.ts';
import { describeIf } from '../fakes/shared.ts';
import { Element, type ElementPerson, type Ending, hasElement, NEEDS_ELEMENT, type OnScreen } from './element.ts';
import { encryptingAccount } from './encrypted-rooms.ts';
import type { MatrixUser } from './matrix-user.ts';
import { NEWS, OUTLETS, outletSources } from './news.ts';
import { type Heard, hasNio, NEEDS_NIO, Nio, type NioPerson } from './nio.ts';
import { Program } from './program.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';
import { CTRL_C, ENTER, Terminal } from './terminal.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const BOT = '@tocsin:localhost';
const MAIN = join(import.meta.dirname, '../../src/main.ts');
const SIGNS = Array.from({ length: 64 }, (_, i) => signOf(i, 'en'));
const [needs] = [!hasSynapse() && NEEDS_SYNAPSE, !hasNio() && NEEDS_NIO, NEEDS_ELEMENT].filter((one) => one !== false);

describeIf(hasSynapse() && hasNio() && hasElement(), needs!, 'encrypted rooms in Element', () => {
  let hs: Synapse;
  let nio: Nio;
  let element: Element;
  let feeds: FeedServer;
  let program: Program;
  let bot: MatrixUser;
  let device: string;
  let ann: ElementPerson;
  let boris: NioPerson;
  let direct: string;
  let room: string;
  let terminal: Terminal | null = null;

  beforeAll(async () => {
    hs = await startSynapse();
    nio = Nio.start(hs);
    [element, feeds] = await Promise.all([Element.start(hs), FeedServer.start()]);
    for (const outlet of OUTLETS)
      feeds.add(outlet, { title: 'Weather for the weekend', summary: 'Sunny in the north.' });
    [bot] = [await hs.register('tocsin'), await hs.register('ann')];
    ({ device_id: device } = (await bot.call('GET', '/_matrix/client/v3/account/whoami')) as { device_id: string });
    program = await Program.create({
      database: 'tocsin.db',
      accounts: [encryptingAccount(hs, bot)],
      sources: outletSources(feeds.url),
      policy: { groupWait: '0s' },
      network: { allowPrivateAddresses: true },
    });
    [ann, boris] = await Promise.all([element.person('ann'), nio.person('boris', { crossSign: true, strict: true })]);
  });
  // One that is left would go on occupying the bot.
  afterEach(() => terminal?.kill());
  afterAll(async () => {
    await program?.remove();
    await feeds?.stop();
    await element?.stop();
    await nio?.stop();
    await hs?.stop();
  });

  /** Of the bot, readable, and without a warning but that nobody here has verified it yet. */
  const fine = (m: OnScreen): boolean =>
    m.sender === BOT && m.encrypted && !m.undecryptable && (m.shield === null || m.shield === 1);
  const at = (...more: string[]): Terminal =>
    (terminal = new Terminal(['matrix', 'verify', '--config', program.configFile, ...more], {
      cwd: program.folder,
      env: {},
      screen: { columns: 100, rows: 40 },
    }));

  test('the bot makes its identity and a recovery key; Element opens a chat and gives commands, in a room beside matrix-nio too', async () => {
    writeFileSync(join(program.folder, 'password'), 'password-of-tocsin');
    const args = 'matrix verify --password-file password --save-recovery-key recovery --config'.split(' ');
    const made = spawnSync(process.execPath, [MAIN, ...args, program.configFile], {
      cwd: program.folder,
      env: { PATH: process.env.PATH ?? '', HOME: program.folder, LANG: 'C.UTF-8' },
      encoding: 'utf8',
    });
    expect(made, made.stdout + made.stderr).toMatchObject({ status: 0 });
    await program.start();
    direct = await ann.createRoom({ direct: true, encrypted: true, invite: [BOT] });
    await ann.waitForMembership(direct, BOT, 'join');
    await ann.send(direct, 'subscribe ru whatsapp');
    await ann.waitForMessage(direct, (m) => fine(m) && /WhatsApp/.test(m.body));
    expect(await ann.standing(BOT, device)).toEqual({ signed: true, trusted: false });

    room = await ann.createRoom({ encrypted: true, invite: [BOT, boris.userId] });
    await boris.join(room);
    await ann.waitForMembership(room, BOT, 'join');
    await ann.send(room, '!tocsin subscribe ru whatsapp');
    await ann.waitForMessage(room, (m) => fine(m) && /WhatsApp/.test(m.body));
  });

  test('an alert is read by both, and its lift edits it on both screens', async () => {
    feeds.add('alpha', NEWS.block.alpha);
    feeds.add('beta', NEWS.block.beta);
    const alert = (m: { body: string }): boolean => /RU-whatsapp-/.test(m.body);
    const [first] = await Promise.all([
      ann.waitForMessage(direct, (m) => fine(m) && alert(m)),
      ann.waitForMessage(room, (m) => fine(m) && alert(m)),
      boris.waitForMessage(room, (m: Heard) => m.encrypted && m.crossSigned && alert(m), 30_000),
    ]);
    feeds.add('gamma', NEWS.lift.gamma);
    feeds.add('delta', NEWS.lift.delta);
    const edited = (m: OnScreen): boolean => m.eventId === first.eventId && m.edited && m.body.includes('🟢');
    expect(fine(await ann.waitForMessage(direct, edited))).toBe(true);
    await boris.waitForMessage(
      room,
      (m: Heard) => m.encrypted && 'm.new_content' in m.content && /🟢/.test(m.body),
      30_000,
    );
  });

  /** Emoji on both screens, then `there` in Element and `here` at the terminal; how it ended in Element. */
  async function compared(
    from: Terminal,
    who: ElementPerson,
    emoji: Promise<unknown>,
    there: Ending,
    here: 'y' | 'n' | null,
  ) {
    const seen = (await emoji) as [string, string][];
    await from.until(/Compare with what.*Are these seven there/);
    const names = seen.map(([sign]) => SIGNS.find((one) => one.emoji.startsWith(sign.replace('\ufe0f', '')))!.name);
    const shown = from.shown.replace(/\s+/g, ' ');
    const last = names.reduce((place, name) => (place < 0 ? place : shown.indexOf(` ${name} `, place)), 0);
    expect(last, `${names} in this order`).toBeGreaterThan(0);
    if (here !== null) from.press(`${here}${ENTER}`);
    return await who.end(there);
  }

  type Row = [what: string, there: Ending, here: 'y' | 'n' | null, ended: string, said: RegExp];
  const NOT_SAME = /Not verified: @ann:localhost.*not the same/;
  const OTHERS_THERE: Row = ['others in Element', 'mismatch', null, 'm.mismatched_sas', NOT_SAME];
  const OTHERS_HERE: Row = ['others at the terminal', 'wait', 'n', 'm.mismatched_sas', /emoji were not the same/];
  const SAME: Row = ['the same on both', 'confirm', 'y', 'done', /Verified: @ann:localhost/];

  test('ended in Element before the terminal answers, then at the terminal before Element answers: both are told', async () => {
    const first = at('--with', 'anybody');
    await first.until(/Waiting ten minutes/);
    await ann.askAndLeave(BOT, direct);
    await first.until(/@ann:localhost.*asks to verify the bot/);
    expect(await ann.end('cancel')).toBe('m.user');
    await first.until(/Not verified.*they ended it/);
    expect(await first.ended()).toBe(1);

    const second = at('--with', 'anybody');
    await second.until(/Waiting ten minutes/);
    await ann.askAndLeave(BOT, direct);
    await second.until(/@ann:localhost.*asks to verify the bot/);
    second.press(CTRL_C);
    expect(await ann.end('wait')).toBe('m.user');
    expect(await second.ended()).toBe(1);
  });

  test.each([OTHERS_HERE, SAME])(
    'Element asks the running bot, %s: ends as it should',
    async (_, there, here, ended, said) => {
      const from = at('--with', 'anybody');
      await from.until(/The bot runs, and goes on[\s\S]*Waiting ten minutes/);
      const emoji = ann.verify(BOT, direct);
      await from.until(/@ann:localhost.*asks to verify the bot/);
      from.press(`y${ENTER}`);
      expect(await compared(from, ann, emoji, there, here)).toBe(ended);
      await from.until(said);
      expect(await from.ended()).toBe(ended === 'done' ? 0 : 1);
      expect((await ann.standing(BOT, device)).trusted).toBe(ended === 'done');
    },
  );

  test.each([OTHERS_THERE, SAME])(
    'the running bot asks in Element, %s: ends as it should',
    async (_, there, here, ended, said) => {
      const from = at('--with', '@ann:localhost');
      await from.until(/The bot runs, and goes on[\s\S]*is asked: accept it there/);
      expect(await compared(from, ann, ann.verify(BOT), there, here)).toBe(ended);
      await from.until(said);
      expect(await from.ended()).toBe(ended === 'done' ? 0 : 1);
    },
  );

  test('verified: what the bot says has no warning left', async () => {
    const asked = await ann.send(direct, 'status ru');
    const answer = await ann.waitForMessage(
      direct,
      ({ sender, content }) => sender === BOT && JSON.stringify(content['m.relates_to'] ?? {}).includes(asked),
    );
    expect(answer).toMatchObject({ encrypted: true, undecryptable: false, shield: null });
  });

  test('the recovery key of the bot opens its identity in Element, which then verifies the bot as its own other session', async () => {
    const recoveryKey = readFileSync(join(program.folder, 'recovery'), 'utf8').trim();
    const owner = await element.person('tocsin', recoveryKey);
    expect(await owner.ready()).toBe(true);
    expect(await owner.standing(BOT, device)).toEqual({ signed: true, trusted: true });
    const from = at('--with', 'own');
    await from.until(/is asked: accept it there/);
    expect(await compared(from, owner, owner.verify(BOT), 'confirm', 'y')).toBe('done');
    await from.until(/Verified: your session/);
    expect(await from.ended()).toBe(0);
  });

  test('afterwards: no warning in any room, nothing that Element could not read, no index used twice, no plain text, no trouble in the page', async () => {
    for (const chat of [direct, room]) {
      expect((await ann.messages(chat)).filter((m) => m.sender === BOT && !fine(m))).toEqual([]);
      expect((await hs.kept(chat)).filter(({ type, sender }) => type === 'm.room.message' && sender === BOT)).toEqual(
        [],
      );
    }
    expect((await boris.reused()).reused).toEqual([]);
    expect(element.trouble).toEqual([]);
    expect(await program.stop()).toBe(0);
  });
});
