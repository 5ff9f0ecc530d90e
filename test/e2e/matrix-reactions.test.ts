/** Reactions on a real Synapse, with its own limits: the bot's numbers, and what a person's reaction does. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeIf } from '../fakes/shared.ts';
import { type MatrixUser, type Shown, waitFor } from './matrix-user.ts';
import { Program } from './program.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 });
const keycap = (n: number): string => `${n}\ufe0f\u20e3`;

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'reactions on a real Synapse', () => {
  let hs: Synapse;
  let [ann, bob, bot]: MatrixUser[] = [];
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

  const answer = (room: string, text: RegExp): Promise<Shown> =>
    waitFor(
      async () => (await ann!.messages(room)).find((one) => one.sender === bot!.userId && text.test(one.body)),
      20_000,
      String(text),
    );
  async function placed(room: string, eventId: string): Promise<string[]> {
    const found = await ann!.call('GET', ann!.room(room, 'messages?dir=b&limit=100'));
    return (
      found.chunk as { type: string; sender: string; content: Record<string, { event_id: string; key: string }> }[]
    )
      .filter(({ type, sender }) => type === 'm.reaction' && sender === bot!.userId)
      .flatMap(({ content }) => (content['m.relates_to']?.event_id === eventId ? [content['m.relates_to'].key] : []))
      .reverse();
  }
  const react = (who: MatrixUser, room: string, eventId: string, key: string): Promise<string> =>
    who.sendEvent(room, 'm.reaction', { 'm.relates_to': { rel_type: 'm.annotation', event_id: eventId, key } });
  const numberOf = ({ body }: Shown, label: string): string =>
    new RegExp(`^(.\\ufe0f\\u20e3) [^\\n]*${label}`, 'mu').exec(body)![1]!;

  test('a newcomer follows a country by reactions alone: the list, then the country; a second one does nothing more', async () => {
    const room = await ann!.createRoom({ direct: true, invite: [bot!.userId] });
    await ann!.waitForMembership(room, bot!.userId, 'join');
    const hello = await answer(room, /Hello! I am Tocsin/);
    expect(hello.body).toContain('React with a number, or type:');
    await waitFor(async () => (await placed(room, hello.eventId)).length >= 4 || undefined, 20_000, 'the numbers');
    expect((await placed(room, hello.eventId)).slice(0, 4)).toEqual([1, 2, 3, 4].map(keycap));
    await react(ann!, room, hello.eventId, numberOf(hello, 'A country'));
    const list = await answer(room, /Which ones\? Several go in one command/);
    const iran = numberOf(list, 'Iran');
    await react(ann!, room, list.eventId, iran);
    const done = await answer(room, /I watch here:\s+• Iran: everything/);
    expect(done.content['m.relates_to']).toMatchObject({ 'm.in_reply_to': { event_id: list.eventId } });
    // Another client writes the same sign without the mark for colours.
    await react(ann!, room, list.eventId, iran.replace('\ufe0f', ''));
    await ann!.send(room, 'ping');
    await answer(room, /Here I am/);
    expect((await ann!.messages(room)).filter(({ body }) => /I watch here/.test(body)).length).toBe(1);
  });

  test('in a room the rights of whoever reacts count', async () => {
    const room = await ann!.createRoom({ invite: [bot!.userId, bob!.userId] });
    await bob!.join(room);
    await ann!.waitForMembership(room, bot!.userId, 'join');
    const hello = await answer(room, /Hello! I am Tocsin/);
    await react(bob!, room, hello.eventId, numberOf(hello, 'Everything'));
    await answer(room, /power level|moderator|admin/i);
    await react(ann!, room, hello.eventId, numberOf(hello, 'Everything'));
    await answer(room, /I watch here|follows now/);
  });

  test('readers say by a reaction whether it works for them: counted once a person, and no trace of whose reaction it was', async () => {
    const room = await ann!.createRoom({ invite: [bot!.userId, bob!.userId] });
    await bob!.join(room);
    await ann!.waitForMembership(room, bot!.userId, 'join');
    await answer(room, /Hello! I am Tocsin/);
    await ann!.send(room, '!tocsin status ru whatsapp');
    const status = await answer(room, /Works for me/);
    const [fails, works] = [numberOf(status, 'Does not work for me'), numberOf(status, 'Works for me')];
    await react(ann!, room, status.eventId, fails);
    await answer(room, /Counted: it does not work for you/);
    await react(bob!, room, status.eventId, works);
    await answer(room, /Counted: it works for you/);
    await react(bob!, room, status.eventId, fails);
    await answer(room, /You have said so already/);
    const db = new DatabaseSync(join(program.folder, 'tocsin.db'), { readOnly: true });
    const counts = db.prepare('select verdict, people, settled from reader_counts order by verdict').all();
    const kept = JSON.stringify(db.prepare('select * from reader_voices').all());
    db.close();
    expect(counts).toEqual(
      [
        { verdict: 'fails', people: 1, settled: 0 },
        { verdict: 'works', people: 1, settled: 0 },
      ].map((one) => expect.objectContaining(one)),
    );
    expect(kept).not.toMatch(/ann|bob|localhost/u);
  });
});
