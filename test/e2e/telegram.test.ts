import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { FeedServer } from '../fakes/feed-server.ts';
import { waitFor } from './matrix-user.ts';
import { NEWS, OUTLETS, outletSources } from './news.ts';
import { Program } from './program.ts';

const config = (feeds: FeedServer, telegram: FakeTelegram) => ({
  database: 'tocsin.db',
  accounts: [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot }],
  sources: outletSources(feeds.url),
  policy: { groupWait: '0s' },
  network: { allowPrivateAddresses: true },
});

describe.each([
  { lang: 'en', status: /WhatsApp/, country: /Russia/ },
  { lang: 'ru', status: /WhatsApp/, country: /Росси/ },
])('the bell rings in Telegram ($lang)', ({ lang, country }) => {
  let telegram: FakeTelegram;
  let feeds: FeedServer;
  let program: Program;

  beforeAll(async () => {
    telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
    feeds = await FeedServer.start();
    for (const outlet of OUTLETS)
      feeds.add(outlet, { title: 'Weather for the weekend', summary: 'Sunny with some clouds in the north.' });
    program = await Program.create(config(feeds, telegram));
    await program.start();
  });
  afterAll(async () => {
    await program?.remove();
    await feeds?.stop();
    await telegram?.stop();
  });

  test('two outlets raise one alert, a copy nothing, two more the lift that edits and replies, also across a kill', async () => {
    const ann = await telegram.user({ first_name: 'Ann', language_code: lang });
    await ann.send('/start');
    await ann.chat.waitFor({ regex: lang === 'ru' ? '[а-я]{4}' : '[a-z]{4}', timeout_ms: 5_000 });
    await ann.send('/subscribe ru whatsapp');
    await ann.chat.waitFor({ count: 2, regex: 'WhatsApp|whatsapp', timeout_ms: 5_000 }).catch(() => undefined);
    const before = (await ann.chat.botTexts()).length;

    feeds.add('alpha', NEWS.block.alpha);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(await ann.chat.botTexts(), 'one outlet is not enough').toHaveLength(before);

    feeds.add('beta', NEWS.block.beta);
    const alert = await ann.chat.waitFor({ regex: 'RU-whatsapp-', timeout_ms: 15_000 });
    expect(alert.text).toMatch(country);
    expect(alert.text).toContain('WhatsApp');
    expect(alert.text).toContain('alpha news');

    // A copy of what beta wrote.
    feeds.add('gamma', NEWS.block.beta);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await ann.chat.botTexts(), 'a copy tells nothing').toHaveLength(before + 1);

    await ann.send('/status ru');
    await ann.chat.waitFor({ after_message_id: alert.message_id, contains: 'WhatsApp', timeout_ms: 4_000 });

    await program.kill();
    feeds.add('gamma', NEWS.lift.gamma);
    feeds.add('delta', NEWS.lift.delta);
    await program.start();
    // The answer to /status may come once more, if its sending was not yet written down, and tells of the lift as well: only the alert replies.
    const isLift = (one: { reply?: number; text?: string }) =>
      one.reply === alert.message_id && /🟢[^]*(?:works again|восстановлен)[^]*RU-whatsapp-/u.test(one.text ?? '');
    await waitFor(
      async () => {
        const told = await ann.chat.transcript({ from: 'bot' });
        const first = told.find((message) => message.message_id === alert.message_id);
        return (told.some(isLift) && first.edits?.length > 0) || undefined;
      },
      30_000,
      'a lifting message that replies to the alert, which is edited',
    );
    expect(
      (await ann.chat.botTexts()).filter((text) => text.includes('RU-whatsapp-') && text.includes('🟢')).length,
    ).toBeGreaterThanOrEqual(2);

    expect(await telegram.violations()).toEqual([]);
    expect(await program.stop()).toBe(0);
  }, 60_000);
});
