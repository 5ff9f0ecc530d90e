/** Matrix as people use it: the built program on a real Synapse, with its own limits for messages. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeIf } from '../fakes/shared.ts';
import { type MatrixUser, type Shown, waitFor } from './matrix-user.ts';
import { Program } from './program.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 90_000 });

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'people in Matrix, on a real Synapse', () => {
  let hs: Synapse;
  let ann: MatrixUser;
  let bob: MatrixUser;
  let bot: MatrixUser;
  let program: Program;

  beforeAll(async () => {
    hs = await startSynapse();
    [bot, ann, bob] = [await hs.register('tocsin'), await hs.register('ann'), await hs.register('bob')];
    program = await Program.create({
      database: 'tocsin.db',
      accounts: [
        { id: 'mx', platform: 'matrix', homeserver: hs.baseUrl, accessToken: bot.token, inviteFrom: ['*:localhost'] },
      ],
      sources: [],
    });
    await program.start();
  });
  afterAll(async () => {
    await program?.remove();
    await hs?.stop();
  });

  async function room(more: { version?: string; direct?: boolean } = {}): Promise<string> {
    const id = await ann.createRoom({ ...more, invite: [bot.userId] });
    await ann.waitForMembership(id, bot.userId, 'join');
    await answer(id, /Hello! I am Tocsin/);
    return id;
  }

  const ours = async (id: string): Promise<Shown[]> => (await ann.messages(id)).filter((m) => m.sender === bot.userId);
  /** The first message of the bot that matches and was not seen before. */
  const answer = (id: string, text: RegExp, seen: string[] = []): Promise<Shown> =>
    waitFor(
      async () => (await ours(id)).find((m) => text.test(m.body) && !seen.includes(m.eventId)),
      20_000,
      String(text),
    );
  const threadOf = (m: Shown) => (m.content['m.relates_to'] as Record<string, unknown> | undefined)?.rel_type;
  const inThread = (root: string) => ({ 'm.relates_to': { rel_type: 'm.thread', event_id: root } });

  const pill = (user: MatrixUser, name = user.userId) => `<a href="https://matrix.to/#/${user.userId}">${name}</a>`;
  const html = (formatted: string, ...users: MatrixUser[]) => ({
    format: 'org.matrix.custom.html',
    formatted_body: formatted,
    'm.mentions': { user_ids: users.map((one) => one.userId) },
  });

  test('mentions as apps write them, and by hand: commands', async () => {
    const id = await room();
    const link = `[${bot.userId}](https://matrix.to/#/${bot.userId})`;
    await ann.send(id, `${link} ping`, html(`${pill(bot)} ping`, bot));
    const first = await answer(id, /Here I am/);
    await ann.send(id, 'tocsin: ping', html(`${pill(bot, 'tocsin')}: ping`, bot));
    const second = await answer(id, /Here I am/, [first.eventId]);
    await ann.send(id, '@tocsin ping');
    const third = await answer(id, /Here I am/, [first.eventId, second.eventId]);
    await ann.send(id, '@Tocsin: статус россия');
    await answer(id, /Rus|Росси/, [first.eventId, second.eventId, third.eventId]);
  });

  test('a mention in a quote, of somebody else, or in a reply: left alone', async () => {
    const id = await room();
    const before = (await ours(id)).length;
    const link = (user: MatrixUser) => `[${user.userId}](https://matrix.to/#/${user.userId})`;
    await ann.send(
      id,
      `> ${link(bot)} ping\n\nwhat is this?`,
      html(`<blockquote>${pill(bot)} ping</blockquote>what is this?`, bot),
    );
    await ann.send(id, `${link(bob)} ping`, html(`${pill(bob)} ping`, bob));
    const root = await ann.send(id, 'hm');
    await ann.send(id, 'thanks', {
      'm.relates_to': { 'm.in_reply_to': { event_id: root } },
      'm.mentions': { user_ids: [bot.userId] },
    });
    await ann.send(id, '!tocsin ping');
    await answer(id, /Here I am/);
    expect((await ours(id)).length - before).toBe(1);
  });

  test('settings typed in a thread are the room’s; a thread follows things of its own; all of it ends with the room', async () => {
    const id = await room();
    await ann.send(id, '!tocsin subscribe ru');
    await answer(id, /I watch here:[\s\S]*Russia/);
    const root = await ann.send(id, 'about Iran');
    await ann.send(id, '!tocsin subscribe ir', inThread(root));
    expect(threadOf(await answer(id, /In this thread I watch:[\s\S]*Iran/))).toBe('m.thread');
    await ann.send(id, '!tocsin mute ru for 8h', inThread(root));
    await answer(id, /Quiet[\s\S]*whole room/);
    await ann.send(id, '!tocsin subscriptions');
    await answer(id, /I watch here:\s+• Russia: everything[\s\S]*Muted: Russia/);
    await ann.kick(id, bot.userId);
    await ann.invite(id, bot.userId);
    await ann.waitForMembership(id, bot.userId, 'join');
    const seen = (await ours(id)).map((m) => m.eventId);
    await ann.send(id, '!tocsin subscriptions', inThread(root));
    await answer(id, /I watch nothing here yet/, seen);
  });

  test('a wish written while the invitation waited: carried out once the bot is in', async () => {
    await program.kill();
    const id = await ann.createRoom({ invite: [bot.userId] });
    await ann.send(id, '!tocsin subscribe ir');
    await program.start();
    await ann.waitForMembership(id, bot.userId, 'join');
    await answer(id, /I watch here:[\s\S]*Iran/);
    expect((await ours(id)).filter((m) => /Hello! I am Tocsin/.test(m.body))).toHaveLength(1);
  });

  test('forget in a thread: the room and all its threads', async () => {
    const id = await room();
    const root = await ann.send(id, 'thread');
    await ann.send(id, '!tocsin subscribe ir', inThread(root));
    await answer(id, /In this thread I watch/);
    await ann.send(id, '!tocsin forget yes', inThread(root));
    await answer(id, /Everything about you here is deleted/);
    await ann.send(id, '!tocsin subscriptions', inThread(root));
    await answer(id, /I watch nothing here yet/);
  });

  test('somebody without power: answered with what it takes, in a room', async () => {
    const id = await room();
    await ann.invite(id, bob.userId);
    await bob.join(id);
    await bob.send(id, '!tocsin subscribe ru');
    const refused = await answer(id, /power level/);
    expect(refused.body).toBe('This needs power level 50 in this room; you have 0. Everyone may ask: !tocsin status');
  });

  test('a room is upgraded: the bot says in the new room that it came along, and what it follows', async () => {
    const id = await room({ version: '11' });
    await ann.send(id, '!tocsin subscribe ru whatsapp');
    await answer(id, /I watch here/);
    await ann.state(id, 'm.room.join_rules', { join_rule: 'public' });
    const upgraded = await ann.call('POST', ann.room(id, 'upgrade'), { new_version: '12' });
    const next = upgraded.replacement_room as string;
    const said = await answer(next, /came along/);
    expect(said.body).toMatch(/This room has been upgraded, and I came along\.\s+I watch here:\s+• Russia: WhatsApp/);
    expect((await ours(next)).filter((m) => /Hello!/.test(m.body))).toEqual([]);
  });

  test('the bot was down for long: what changes the room is done and said once, questions get a line, talk in between hides nothing', async () => {
    const id = await room();
    await ann.send(id, '!tocsin level early');
    await answer(id, /Done/);
    await program.kill();
    await ann.send(id, '!tocsin subscribe ru whatsapp');
    await ann.send(id, '!tocsin status ru');
    for (let i = 0; i < 70; i++) await ann.send(id, `talk ${i}`);
    const seen = (await ours(id)).map((m) => m.eventId);
    // More than a minute, by the clock of the server: nobody waits for an answer any more.
    await new Promise((r) => setTimeout(r, 65_000));
    await program.start();
    const made = await answer(id, /While I was away/, seen);
    expect(made.body).toMatch(
      /Done now:[\s\S]*!tocsin subscribe ru whatsapp[\s\S]*I watch here:[\s\S]*Russia: WhatsApp/,
    );
    expect(made.body).toMatch(/I was away when you asked: !tocsin status ru\. Ask again/);
    await ann.send(id, '!tocsin subscriptions');
    await answer(id, /I watch here:\s+• Russia: WhatsApp/, [...seen, made.eventId]);
    expect((await ours(id)).filter((m) => !seen.includes(m.eventId))).toHaveLength(2);
  }, 180_000);
});
