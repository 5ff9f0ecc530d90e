/**
 * The whole program as people meet it, in the gate: told once on two platforms what two outlets say, asked, muted, killed and started again; its page
 * in a browser. The long proofs of each are `npm run prove`.
 */
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeTelegram, type FakeUser } from '../fakes/fake-telegram/client.ts';
import { FeedServer } from '../fakes/feed-server.ts';
import { freePort } from '../fakes/free-port.ts';
import { FakeHomeserver } from '../fakes/matrix-homeserver.ts';
import { leaveOut } from '../fakes/shared.ts';
import { chromiumPath } from './chromium.ts';
import { NEWS, OUTLETS, outletSources } from './news.ts';
import { Program } from './program.ts';

const BOB = '@bob:fake.test';
let telegram: FakeTelegram;
let homeserver: FakeHomeserver;
let feeds: FeedServer;
let program: Program;
let ann: FakeUser;
let room: string;
let page: string;

beforeAll(async () => {
  telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
  homeserver = await FakeHomeserver.start();
  feeds = await FeedServer.start();
  for (const outlet of OUTLETS)
    feeds.add(outlet, { title: 'Weather for the weekend', summary: 'Sunny with some clouds in the north.' });
  page = `127.0.0.1:${await freePort()}`;
  program = await Program.create({
    database: 'tocsin.db',
    accounts: [
      { id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot },
      {
        id: 'mx',
        platform: 'matrix',
        homeserver: homeserver.baseUrl,
        accessToken: homeserver.token,
        inviteFrom: ['*'],
      },
    ],
    sources: outletSources(feeds.url),
    policy: { groupWait: '0s' },
    network: { allowPrivateAddresses: true },
    web: { listen: page, publicUrl: `http://${page}` },
  });
  await program.start();
  ann = await telegram.user({ first_name: 'Ann', language_code: 'en' });
  room = homeserver.room(BOB);
});
afterAll(async () => {
  await program?.remove();
  await feeds?.stop();
  await homeserver?.stop();
  await telegram?.stop();
});

/** What the bot said in the Matrix room that holds this. */
const inRoom = (part: string): string[] =>
  homeserver
    .said(room)
    .map(({ content }) => String(content.body))
    .filter((body) => body.includes(part));
const toldAnn = async (part: string): Promise<string[]> =>
  (await ann.chat.botTexts()).filter((text) => text.includes(part));

test('subscribed on Telegram and Matrix, two outlets say so: one alert each, which names both', async () => {
  await ann.send('/start');
  await ann.chat.waitFor({ regex: '[a-z]{4}' });
  await ann.send('/subscribe ru whatsapp');
  await ann.chat.waitFor({ contains: 'WhatsApp' });
  homeserver.say(room, BOB, '!tocsin subscribe ru whatsapp');
  await expect.poll(() => inRoom('WhatsApp')).toHaveLength(1);
  feeds.add('alpha', NEWS.block.alpha);
  feeds.add('beta', NEWS.block.beta);
  const alert = await ann.chat.waitFor({ regex: 'RU-whatsapp-', timeout_ms: 20_000 });
  expect(alert.text).toMatch(/Russia[\s\S]*alpha news[\s\S]*beta news|Russia[\s\S]*beta news[\s\S]*alpha news/);
  await expect.poll(() => inRoom('RU-whatsapp-'), { timeout: 20_000 }).toHaveLength(1);
  expect(await toldAnn('RU-whatsapp-')).toHaveLength(1);
});

test('/status: what the alert said', async () => {
  const asked = await ann.send('/status ru');
  const answer = await ann.chat.waitFor({ after_message_id: asked.message_id ?? 0, contains: 'WhatsApp' });
  expect(answer.text).toMatch(/blocked/);
});

test('the page, in a browser: what the alert said', async (context) => {
  if (!chromiumPath) leaveOut(context, 'needs Chromium');
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://${page}/`);
    expect(await tab.innerText('body')).toMatch(/Russia[\s\S]*WhatsApp/);
  } finally {
    await browser.close();
  }
});

test('/mute, killed, started again, and two outlets say that it is back: told in the room, once; to whom muted it, without a sound', async () => {
  await ann.send('/mute ru whatsapp for 8h');
  await ann.chat.waitFor({ contains: 'Quiet about Russia: WhatsApp' });
  await program.kill();
  feeds.add('gamma', NEWS.lift.gamma);
  feeds.add('delta', NEWS.lift.delta);
  await program.start();
  // The alert is edited, and a message of its own replies to it.
  const lifts = () =>
    homeserver
      .said(room)
      .filter(({ content }) => !content['m.new_content'] && /🟢[^]*RU-whatsapp-/u.test(String(content.body)));
  await expect.poll(() => lifts().length, { timeout: 25_000 }).toBe(1);
  // No message stays false on a screen: hers is edited, and no other comes.
  await expect.poll(async () => (await toldAnn('works again')).length).toBe(1);
  const replies = await ann.chat.transcript({ from: 'bot' });
  expect(replies.filter(({ reply, text }) => reply !== undefined && /🟢/u.test(text ?? ''))).toEqual([]);
  expect(await telegram.violations()).toEqual([]);
  expect(await program.stop()).toBe(0);
});
