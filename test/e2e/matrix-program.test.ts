import { afterAll, beforeAll, expect, test } from 'vitest';
import { FeedServer } from '../fakes/feed-server.ts';
import { describeIf } from '../fakes/shared.ts';
import { type MatrixUser, waitFor } from './matrix-user.ts';
import { NEWS, OUTLETS } from './news.ts';
import { Program } from './program.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'the bell rings in Matrix, against a real Synapse with its limits on', () => {
  let hs: Synapse;
  let bot: MatrixUser;
  let ann: MatrixUser;
  let feeds: FeedServer;
  let program: Program;

  beforeAll(async () => {
    hs = await startSynapse({ limits: true });
    bot = await hs.register('tocsin');
    ann = await hs.register('ann');
    feeds = await FeedServer.start();
    for (const outlet of OUTLETS)
      feeds.add(outlet, { title: 'Weather for the weekend', summary: 'Sunny with some clouds in the north.' });
    program = await Program.create({
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
      sources: OUTLETS.map((id) => ({
        id,
        kind: 'rss',
        url: `${feeds.url}/${id}`,
        cron: '* * * * * *',
        publisher: id,
        name: `${id} news`,
        lang: 'en',
      })),
      policy: { groupWait: '0s' },
      network: { allowPrivateAddresses: true },
    });
    await program.start();
  }, 120_000);
  afterAll(async () => {
    await program?.remove();
    await feeds?.stop();
    await hs?.stop();
  });

  test('a Russian room: one alert for two outlets, status, and the lift that edits and replies once, also across kills', async () => {
    const room = await ann.createRoom({ invite: [bot.userId], name: 'Новости' });
    await ann.waitForMembership(room, bot.userId, 'join');
    await ann.send(room, '!tocsin подписаться россия whatsapp');
    const confirmed = await ann.waitForMessage(
      room,
      (m) => m.sender === bot.userId && m.body.includes('Росси') && m.body.includes('WhatsApp'),
    );
    expect(confirmed.content.msgtype, 'answers do not ring').toBe('m.notice');

    feeds.add('alpha', NEWS.block.alpha);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const alerts = async () =>
      (await ann.messages(room)).filter((m) => m.sender === bot.userId && m.content.msgtype === 'm.text');
    expect(await alerts(), 'one outlet is not enough').toEqual([]);

    feeds.add('beta', NEWS.block.beta);
    const alert = await waitFor(async () => (await alerts())[0], 15_000, 'the alert');
    expect(alert.body).toContain('WhatsApp');
    expect(alert.body).toMatch(/Росси/);
    expect(alert.body).toMatch(/RU-whatsapp-[0-9a-z]{4}/);
    expect(alert.content['m.mentions']).toEqual({});

    await program.kill();
    feeds.add('gamma', NEWS.lift.gamma);
    feeds.add('delta', NEWS.lift.delta);
    await program.start();
    const isEdit = (m: { content: Record<string, unknown> }) =>
      (m.content['m.relates_to'] as { rel_type?: string } | undefined)?.rel_type === 'm.replace';
    const reply = await waitFor(
      async () => (await alerts()).find((m) => m.eventId !== alert.eventId && !isEdit(m)),
      40_000,
      'the lift',
    );
    // Killed once more right after: nothing may be said twice.
    await program.kill();
    await program.start();
    await new Promise((resolve) => setTimeout(resolve, 4_000));

    expect(reply.body).toContain('🟢');
    expect(
      (reply.content['m.relates_to'] as { 'm.in_reply_to'?: { event_id: string } })['m.in_reply_to']?.event_id,
    ).toBe(alert.eventId);
    const all = await alerts();
    expect(all.filter((m) => !isEdit(m)).map((m) => m.eventId)).toEqual([alert.eventId, reply.eventId]);
    const edits = all.filter(isEdit);
    expect(edits.length).toBeGreaterThan(0);
    for (const edit of edits)
      expect((edit.content['m.relates_to'] as { event_id: string }).event_id).toBe(alert.eventId);
    expect((edits.at(-1)!.content['m.new_content'] as { body: string }).body).toContain('🟢');
    expect(await program.stop()).toBe(0);
  }, 150_000);
});
