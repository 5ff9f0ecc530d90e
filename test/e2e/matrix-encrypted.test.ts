/** The whole program in encrypted rooms of a real Synapse, heard by a client that shares no code with it and accepts cross-signed devices alone. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FeedServer } from '../fakes/feed-server.ts';
import { hasRasteriser } from '../fakes/rasteriser.ts';
import { describeIf } from '../fakes/shared.ts';
import { encryptingAccount, vouchFor } from './encrypted-rooms.ts';
import type { MatrixUser } from './matrix-user.ts';
import { NEWS, OUTLETS, outletSources } from './news.ts';
import { type Heard, hasNio, NEEDS_NIO, Nio, type NioPerson } from './nio.ts';
import { Program } from './program.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const PATIENCE = 30_000;
const needs = hasSynapse() ? NEEDS_NIO : NEEDS_SYNAPSE;

describeIf(hasSynapse() && hasNio(), needs, 'encrypted rooms of a real Synapse', () => {
  let hs: Synapse;
  let nio: Nio;
  let feeds: FeedServer;
  let program: Program;
  let bot: MatrixUser;
  let device: string;
  let ann: NioPerson;
  let boris: NioPerson;
  let direct: string;
  let room: string;
  let turned: string;

  beforeAll(async () => {
    hs = await startSynapse();
    nio = Nio.start(hs);
    feeds = await FeedServer.start();
    for (const outlet of OUTLETS)
      feeds.add(outlet, { title: 'Weather for the weekend', summary: 'Sunny in the north.' });
    bot = await hs.register('tocsin');
    program = await Program.create({
      database: 'tocsin.db',
      accounts: [encryptingAccount(hs, bot)],
      sources: outletSources(feeds.url),
      policy: { groupWait: '0s' },
      network: { allowPrivateAddresses: true },
    });
    [ann, boris] = [
      await nio.person('ann', { crossSign: true, strict: true }),
      await nio.person('boris', { crossSign: true, strict: true }),
    ];
    await program.start();
    device = await vouchFor(nio, bot);
  });
  afterAll(async () => {
    await program?.remove();
    await feeds?.stop();
    await nio?.stop();
    await hs?.stop();
  });

  /** From the bot, of its one device, vouched for, and readable at once. */
  const ours = (m: Heard): boolean =>
    m.sender === bot.userId && m.encrypted && !m.dropped && !m.undecryptable && m.device === device && m.crossSigned;
  const notice = (m: Heard): boolean => ours(m) && m.content.msgtype === 'm.notice';
  const alert = (m: Heard): boolean => ours(m) && m.content.msgtype === 'm.text' && /RU-whatsapp-/.test(m.body);
  const relation = (m: Pick<Heard, 'content'>) =>
    (m.content['m.relates_to'] ?? {}) as {
      rel_type?: string;
      event_id?: string;
      'm.in_reply_to'?: { event_id: string };
    };
  const answerTo = (asked: string) => (m: Heard) => notice(m) && relation(m)['m.in_reply_to']?.event_id === asked;

  async function roomOf(person: NioPerson, options: Parameters<MatrixUser['createRoom']>[0] = {}): Promise<string> {
    const made = await person.createRoom({ encrypted: true, ...options, invite: [bot.userId] });
    await person.waitForMembership(made, bot.userId, 'join', PATIENCE);
    return made;
  }

  test('a newcomer opens a direct chat as Element does, encrypted, and subscribes in plain words; a room by commands; a room turns encrypted while it is served', async () => {
    direct = await roomOf(ann, { direct: true });
    const asked = await ann.send(direct, 'subscribe ru whatsapp');
    expect((await ann.waitForMessage(direct, answerTo(asked), PATIENCE)).body).toMatch(/WhatsApp/);

    room = await roomOf(boris);
    const wish = await boris.send(room, '!tocsin subscribe ru whatsapp');
    await boris.waitForMessage(room, answerTo(wish), PATIENCE);

    turned = await roomOf(boris, { encrypted: false });
    await boris.sendPlain(turned, '!tocsin subscribe ru whatsapp');
    await boris.waitForMessage(
      turned,
      (m) => m.sender === bot.userId && !m.encrypted && /WhatsApp/.test(m.body),
      PATIENCE,
    );
    await boris.state(turned, 'm.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' });
    const after = await boris.send(turned, '!tocsin status ru');
    await boris.waitForMessage(turned, answerTo(after), PATIENCE);
  });

  test('in a thread: answered there, and the homeserver sees that it is a thread but not what it says', async () => {
    const root = await boris.send(room, 'what about Germany?');
    const thread = { 'm.relates_to': { rel_type: 'm.thread', event_id: root } };
    const asked = await boris.send(room, '!tocsin status de', thread);
    const answer = await boris.waitForMessage(room, answerTo(asked), PATIENCE);
    expect(relation(answer)).toMatchObject({ rel_type: 'm.thread', event_id: root });
    const kept = (await hs.kept(room)).find((event) => event.sender === bot.userId)!;
    expect(kept.type).toBe('m.room.encrypted');
    expect(kept.content['m.relates_to']).toMatchObject({ rel_type: 'm.thread', event_id: root });
    expect(JSON.stringify(kept)).not.toMatch(/Germany|msgtype|body/);
  });

  test('an alert reaches all three, its lift edits it and answers it, all of it encrypted; across a kill and a restart, once each', async () => {
    feeds.add('alpha', NEWS.block.alpha);
    feeds.add('beta', NEWS.block.beta);
    const chats = [
      [ann, direct],
      [boris, room],
      [boris, turned],
    ] as const;
    const firsts = await Promise.all(chats.map(([person, chat]) => person.waitForMessage(chat, alert, PATIENCE)));
    await program.kill();
    feeds.add('gamma', NEWS.lift.gamma);
    feeds.add('delta', NEWS.lift.delta);
    await program.start();
    for (const [n, [person, chat]] of chats.entries()) {
      const { eventId } = firsts[n]!;
      const isEdit = (m: Heard): boolean =>
        ours(m) && relation(m).rel_type === 'm.replace' && relation(m).event_id === eventId && m.body.includes('🟢');
      const edit = await person.waitForMessage(chat, isEdit, 60_000);
      expect(edit.content['m.new_content']).toMatchObject({ msgtype: 'm.text', body: expect.stringContaining('🟢') });
      const isReply = (m: Heard): boolean =>
        ours(m) && m.content.msgtype === 'm.text' && relation(m)['m.in_reply_to']?.event_id === eventId;
      await person.waitForMessage(chat, isReply, 60_000);
      const heard = await person.messages(chat);
      expect(heard.filter(isReply)).toHaveLength(1);
      // The first of two outlets to say that it is back may be told by an edit of its own.
      const isOfIt = (m: Heard): boolean => m.eventId === eventId || relation(m).event_id === eventId;
      expect(heard.filter((m) => alert(m) && !isOfIt(m) && !isReply(m))).toEqual([]);
    }
  });

  test.runIf(hasRasteriser())('a picture: the homeserver keeps ciphertext, the room sees a PNG', async () => {
    await boris.send(room, '!tocsin history ru');
    const image = await boris.waitForMessage(room, (m) => ours(m) && m.content.msgtype === 'm.image', PATIENCE);
    expect(image.content).not.toHaveProperty('url');
    const file = await boris.file(room, image.eventId);
    expect(file).toMatchObject({ head: '89504e470d0a1a0a', stored: file.size });
    expect(file.storedHead).not.toBe(file.head);
  });

  test('people come and go: who comes late reads from then on, who has left reads nothing of what is said later; somebody without keys is in nobody’s way', async () => {
    const shared = await roomOf(boris);
    const keyless = await hs.register('keyless');
    await boris.invite(shared, keyless.userId);
    await keyless.join(shared);
    const tell = async (): Promise<string> => {
      const asked = await boris.send(shared, '!tocsin status ru');
      return (await boris.waitForMessage(shared, answerTo(asked), PATIENCE)).eventId;
    };
    const before = await tell();
    const eve = await nio.person('eve', { crossSign: true });
    await boris.invite(shared, eve.userId);
    await eve.join(shared);
    const during = await tell();
    await eve.waitForMessage(shared, (m) => m.eventId === during && ours(m), PATIENCE);
    await eve.leave(shared);
    const away = await tell();
    // Back again, where the history of the room is shown: ciphertext alone.
    await boris.invite(shared, eve.userId);
    await eve.join(shared);
    const back = await tell();
    await eve.waitForMessage(shared, (m) => m.eventId === back && ours(m), PATIENCE);
    const byEvent = new Map((await eve.messages(shared)).map((m) => [m.eventId, m]));
    for (const [event, what] of [
      [before, 'before she came'],
      [away, 'while she was away'],
    ] as const) {
      const row = byEvent.get(event);
      expect(row === undefined || row.undecryptable, what).toBe(true);
    }
    const sessions = new Map((await boris.messages(shared)).map((m) => [m.eventId, m.sessionId]));
    expect(sessions.get(away), 'a session that she has no key of').not.toBe(sessions.get(during));
  });

  test('a key that does not come: said once, in no plain text, and what can be read again is answered', async () => {
    const silent = await roomOf(ann);
    await ann.withhold(bot.userId, true);
    await ann.send(silent, '!tocsin status ru');
    const said = await ann.waitForMessage(silent, ours, 60_000);
    await ann.send(silent, '!tocsin status ru');
    await new Promise((r) => setTimeout(r, 5_000));
    expect((await ann.messages(silent)).filter((m) => m.sender === bot.userId).map((m) => m.eventId)).toEqual([
      said.eventId,
    ]);
    await ann.withhold(bot.userId, false);
    const asked = await ann.send(silent, '!tocsin status ru');
    await ann.waitForMessage(silent, answerTo(asked), PATIENCE);
  });

  test('afterwards: one device throughout, no index used twice, no plain text after a room was encrypted, a clean end', async () => {
    const { devices, chain } = await ann.devices(bot.userId);
    expect(chain).toBe(true);
    expect(devices).toMatchObject([{ device, selfSigned: true, crossSigned: true }]);
    for (const person of [ann, boris]) expect((await person.reused()).reused).toEqual([]);
    for (const chat of await everyRoom()) {
      const kept = await hs.kept(chat);
      const since = kept.findIndex((event) => event.type === 'm.room.encryption');
      expect(kept.slice(0, since).filter((event) => event.type === 'm.room.message')).toEqual([]);
    }
    expect(await program.stop()).toBe(0);
    expect(program.stderr).not.toContain(bot.token);
  });

  const everyRoom = async (): Promise<string[]> =>
    ((await bot.call('GET', '/_matrix/client/v3/joined_rooms')) as { joined_rooms: string[] }).joined_rooms;
});
