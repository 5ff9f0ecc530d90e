import { afterAll, beforeAll, expect, test } from 'vitest';
import { FeedServer } from '../fakes/feed-server.ts';
import { describeIf } from '../fakes/shared.ts';
import { type MatrixUser, waitFor } from './matrix-user.ts';
import { NEWS, OUTLETS, outletSources } from './news.ts';
import { Program } from './program.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';

const { block: BLOCK, lift: LIFT } = NEWS;

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'the bell rings in Matrix, on a real Synapse with its rate limits', () => {
  let hs: Synapse;
  let feeds: FeedServer;
  let program: Program;
  let bot: MatrixUser;
  let ann: MatrixUser;
  let boris: MatrixUser;

  beforeAll(async () => {
    hs = await startSynapse({ limits: true });
    [bot, ann, boris] = [await hs.register('tocsin'), await hs.register('ann'), await hs.register('boris')];
    feeds = await FeedServer.start();
    for (const outlet of OUTLETS)
      feeds.add(outlet, { title: 'Weather for the weekend', summary: 'Sunny with some clouds in the north.' });
    program = await Program.create({
      database: 'tocsin.db',
      accounts: [
        { id: 'mx', platform: 'matrix', homeserver: hs.baseUrl, accessToken: bot.token, inviteFrom: ['*:localhost'] },
      ],
      sources: outletSources(feeds.url),
      policy: { groupWait: '0s' },
      network: { allowPrivateAddresses: true },
    });
    await program.start();
  }, 90_000);
  afterAll(async () => {
    await program?.remove();
    await feeds?.stop();
    await hs?.stop();
  });

  const ours = async (user: MatrixUser, room: string) =>
    (await user.messages(room)).filter((m) => m.sender === bot.userId);

  test('two outlets raise one alert, a copy nothing, two more the lift that edits and replies; across kills each exactly once', async () => {
    // English in a room, Russian in a direct chat.
    const room = await ann.createRoom({ invite: [bot.userId] });
    await ann.waitForMembership(room, bot.userId, 'join');
    const direct = await boris.createRoom({ invite: [bot.userId], direct: true });
    await boris.waitForMembership(direct, bot.userId, 'join');
    await ann.send(room, '!tocsin subscribe ru whatsapp');
    await boris.send(direct, 'subscribe россия whatsapp');
    const confirmed = (text: string) => /WhatsApp/.test(text);
    await ann.waitForMessage(
      room,
      (m) => m.sender === bot.userId && m.content.msgtype === 'm.notice' && confirmed(m.body),
    );
    await boris.waitForMessage(
      direct,
      (m) => m.sender === bot.userId && m.content.msgtype === 'm.notice' && confirmed(m.body),
    );

    feeds.add('alpha', BLOCK.alpha);
    await new Promise((r) => setTimeout(r, 3_000));
    const rung = async (user: MatrixUser, where: string) =>
      (await ours(user, where)).filter((m) => m.content.msgtype === 'm.text' && /RU-whatsapp-/.test(m.body));
    expect(await rung(ann, room), 'one outlet is not enough').toHaveLength(0);

    const polled = performance.now();
    feeds.add('beta', BLOCK.beta);
    // Killed somewhere between the poll and the last send, and started again.
    await waitFor(
      async () => ((await rung(ann, room)).length + (await rung(boris, direct)).length > 0 ? true : undefined),
      10_000,
      'a first alert',
    );
    const firstAfter = performance.now() - polled;
    await program.kill();
    await program.start();
    const alerts = await waitFor(
      async () => {
        const both = [await rung(ann, room), await rung(boris, direct)] as const;
        return both.every((list) => list.length > 0) ? both : undefined;
      },
      40_000,
      'both alerts',
    );
    console.log(`alert ${Math.round(firstAfter)} ms after the second outlet`);
    expect(firstAfter).toBeLessThan(3_000);
    const [alert, russian] = [alerts[0][0]!, alerts[1][0]!];
    expect(alert.body).toMatch(/Russia[\s\S]*WhatsApp[\s\S]*(alpha|beta) news/);
    expect(russian.body).toMatch(/Россия/);
    expect(alert.content['m.mentions']).toEqual({});

    feeds.add('gamma', BLOCK.beta);
    await new Promise((r) => setTimeout(r, 2_500));
    for (const list of [await rung(ann, room), await rung(boris, direct)])
      expect(list, 'a copy tells nothing, a kill repeats nothing').toHaveLength(1);

    await ann.send(room, '!tocsin status ru');
    await ann.waitForMessage(
      room,
      (m) =>
        m.sender === bot.userId && m.at > alert.at && m.content.msgtype === 'm.notice' && m.body.includes('WhatsApp'),
      20_000,
    );

    await program.kill();
    feeds.add('gamma', LIFT.gamma);
    feeds.add('delta', LIFT.delta);
    await program.start();
    for (const [user, where, first] of [
      [ann, room, alert],
      [boris, direct, russian],
    ] as const) {
      const edit = await user.waitForMessage(
        where,
        (m) =>
          (m.content['m.relates_to'] as Record<string, unknown>)?.event_id === first.eventId && m.body.includes('🟢'),
        60_000,
      );
      expect(edit.content['m.relates_to']).toMatchObject({ rel_type: 'm.replace' });
      const isReply = (m: { content: Record<string, unknown>; body: string }): boolean => {
        const relation = m.content['m.relates_to'] as Record<string, { event_id?: string }> | undefined;
        return (
          relation?.['m.in_reply_to']?.event_id === first.eventId &&
          m.content.msgtype === 'm.text' &&
          m.body.includes('🟢')
        );
      };
      await user.waitForMessage(where, isReply, 60_000);
      expect((await ours(user, where)).filter(isReply), 'the lift rings once').toHaveLength(1);
    }
    expect(await program.stop()).toBe(0);
    expect(program.stderr).not.toContain(bot.token);
  }, 180_000);
});
