/** The whole program: `history` and `status` with a picture in Telegram and in a real Matrix room, and what is left of it afterwards. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { FeedServer } from '../fakes/feed-server.ts';
import { hasRasteriser, NEEDS_RASTERISER } from '../fakes/rasteriser.ts';
import { describeIf } from '../fakes/shared.ts';
import { readPng } from '../unit/pictures/read-png.ts';
import { waitFor } from './matrix-user.ts';
import { NEWS } from './news.ts';
import { Program } from './program.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const config = (feeds: FeedServer, accounts: object[]) => ({
  database: 'tocsin.db',
  accounts,
  sources: ['alpha', 'beta'].map((id) => ({
    id,
    kind: 'rss',
    url: `${feeds.url}/${id}`,
    cron: '* * * * * *',
    publisher: id,
    name: id,
    lang: 'en',
  })),
  policy: { groupWait: '0s' },
  network: { allowPrivateAddresses: true },
});

async function openFeeds(): Promise<FeedServer> {
  const feeds = await FeedServer.start();
  for (const outlet of ['alpha', 'beta'] as const)
    feeds.add(outlet, { title: 'Weather for the weekend', summary: 'Sunny in the north.' });
  return feeds;
}

const blockIn = (feeds: FeedServer): void => {
  feeds.add('alpha', NEWS.block.alpha);
  feeds.add('beta', NEWS.block.beta);
};

/** Processes that this one has begun and that live. */
const childrenOf = (pid: number): number[] =>
  readdirSync('/proc').flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });

describeIf(hasRasteriser(), NEEDS_RASTERISER, 'Telegram', () => {
  let telegram: FakeTelegram;
  let feeds: FeedServer;
  let program: Program;

  beforeAll(async () => {
    telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
    feeds = await openFeeds();
    program = await Program.create(
      config(feeds, [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot }]),
    );
    await program.start();
  });
  afterAll(async () => {
    await program?.remove();
    await feeds?.stop();
    await telegram?.stop();
  });

  test('text at once, the picture after it; asked again it is not uploaded again; the maker ends by itself', async () => {
    const ann = await telegram.user({ first_name: 'Ann', language_code: 'ru' });
    await ann.send('/subscribe ru whatsapp');
    await ann.chat.waitFor({ contains: 'WhatsApp', timeout_ms: 10_000 });
    blockIn(feeds);
    await ann.chat.waitFor({ regex: 'RU-whatsapp-', timeout_ms: 20_000 });

    await ann.send('/history ru');
    const photo = async (count: number) =>
      (await telegram.waitFor({ chat_id: ann.id, from: 'bot', regex: '^Россия: ', count, timeout_ms: 20_000 })).at(-1)!;
    const first = await photo(1);
    expect(first.media).toMatchObject({ type: 'photo', width: 1080 });
    expect(first.silent).toBe(true);
    const texts = await ann.chat.transcript({ from: 'bot' });
    expect(texts.at(-2)!.text).toContain('RU-whatsapp-');

    await ann.send('/history ru');
    const second = await photo(2);
    const uploads = (await telegram.calls({ method: 'sendPhoto' })).map(({ params }) =>
      String(params.photo).startsWith('attach://'),
    );
    expect(second.media.file_id === first.media.file_id).toBe(!uploads[1]);

    expect(await telegram.violations()).toEqual([]);
    expect(program.stderr).not.toMatch(/ (WARN|ERROR) /);
    await waitFor(
      async () => (childrenOf(program.pid).length === 0 ? true : undefined),
      60_000,
      'the maker of pictures and the encoder to end',
    );
  });

  test('a group whose members may send no pictures: the text, and no warning for the operator', async () => {
    const ann = await telegram.user({ first_name: 'Ann', language_code: 'en' });
    const group = await telegram.supergroup({ title: 'News', members: [ann.id] });
    await group.permissions({ can_send_messages: true, can_send_photos: false });
    await ann.sendTo(group, '/history ru');
    await group.waitFor({ regex: 'RU-whatsapp-', timeout_ms: 20_000 });
    await waitFor(
      async () => ((await telegram.calls({ method: 'sendPhoto' })).length > 2 ? true : undefined),
      20_000,
      'a third picture',
    );
    expect(program.stderr).not.toMatch(/ (WARN|ERROR) /);
  });
});

describeIf(hasSynapse() && hasRasteriser(), `${NEEDS_SYNAPSE}, ${NEEDS_RASTERISER}`, 'Matrix on Synapse', () => {
  let hs: Synapse;
  let feeds: FeedServer;
  let program: Program;

  beforeAll(async () => {
    hs = await startSynapse();
    feeds = await openFeeds();
  });
  afterAll(async () => {
    await program?.remove();
    await feeds?.stop();
    await hs?.stop();
  });

  test('an image that the server keeps, with what it shows in words, and the bytes of a picture', async () => {
    const [bot, ann] = [await hs.register('bot'), await hs.register('ann')];
    program = await Program.create(
      config(feeds, [
        { id: 'mx', platform: 'matrix', homeserver: hs.baseUrl, accessToken: bot.token, inviteFrom: [ann.userId] },
      ]),
    );
    await program.start();
    const room = await ann.createRoom({ invite: [bot.userId], direct: true });
    await ann.waitForMembership(room, bot.userId, 'join');
    await ann.send(room, '!tocsin subscribe ru whatsapp');
    await ann.waitForMessage(room, ({ body }) => body.includes('WhatsApp'));
    blockIn(feeds);
    await ann.waitForMessage(room, ({ body }) => body.includes('RU-whatsapp-'));
    await ann.send(room, '!tocsin history ru');
    const image = await ann.waitForMessage(room, ({ content }) => content.msgtype === 'm.image');
    expect(image.body).toMatch(/^Timeline: Russia, .* WhatsApp: blocked/);
    expect(image.content).toMatchObject({ info: { mimetype: 'image/png', w: 1080 }, 'm.mentions': {} });
    const [, server, id] = /^mxc:\/\/([^/]+)\/(.+)$/.exec(String(image.content.url))!;
    const file = await fetch(`${hs.baseUrl}/_matrix/client/v1/media/download/${server}/${id}`, {
      headers: { authorization: `Bearer ${ann.token}` },
    });
    expect(readPng(new Uint8Array(await file.arrayBuffer())).width).toBe(1080);
    expect(program.stderr).not.toMatch(/ (WARN|ERROR) /);
  });
});
