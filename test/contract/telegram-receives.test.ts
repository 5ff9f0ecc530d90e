import { describe, expect, test } from 'vitest';
import { createAdapter } from '../../src/adapters/telegram/adapter.ts';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { freePort } from '../fakes/free-port.ts';
import { expectAtMost } from '../fakes/pace.ts';
import { recorder, testDeps } from './adapter-deps.ts';
import { isCommand, never, sendOf } from './chat-adapter.suite.ts';
import { addressOf, complaints, telegram, telegramAccount } from './telegram-bench.ts';

describe('chats of all kinds', () => {
  test('group: commands to us, answered in the thread of the asker; who is an administrator', async () => {
    const { tg, heard } = await telegram();
    const [boss, ann] = [await tg.user(), await tg.user()];
    const group = await tg.supergroup({ creator: boss.id, members: [ann.id] });
    await boss.sendTo(group, '/subscribe@fake_4200000001_bot ru');
    await ann.sendTo(group, '/status ru');
    await ann.sendTo(group, '/status@other_bot by');
    await ann.sendTo(group, 'just talk');
    const one = await heard.waitFor(isCommand('subscribe ru'));
    const two = await heard.waitFor(isCommand('status ru'));
    expect(one).toMatchObject({
      chatKind: 'group',
      address: addressOf(group),
      messageRef: expect.stringMatching(/^\d+$/),
    });
    expect(one.kind === 'command' && (await one.sender.isAdmin())).toBe(true);
    expect(two.kind === 'command' && (await two.sender.isAdmin())).toBe(false);
    expect((await tg.calls({ method: 'getChatAdministrators' })).length).toBe(1);
    expect(heard.events.length).toBe(2);
    expect(await complaints(tg)).toEqual([]);
  });

  test('a location, sent alone to us: its command, and no coordinates anywhere; a keyboard asks for it and goes again', async () => {
    const located = (latitude: number, longitude: number): string => `timezone located ${latitude > longitude}`;
    const { tg, heard, adapter, deps } = await telegram({ deps: { located } });
    const ann = await tg.user();
    const group = await tg.supergroup({ members: [ann.id] });
    const content = { location: { latitude: 55.7512, longitude: 37.6184 } };
    await ann.send('/start');
    await ann.sendTo(group, '', { content });
    await ann.send('', { content });
    expect(await heard.waitFor(isCommand('timezone located true'))).toMatchObject({ chatKind: 'private' });
    for (const keyboard of [{ place: '📍', no: '✖' }, 'gone'] as const) {
      const message = sendOf({ accountId: 'tg', chat: String(ann.id), thread: null }, 'Where?', {
        buttons: [],
        keyboard,
      });
      expect(await adapter.send(message, never)).toMatchObject({ kind: 'delivered' });
    }
    await adapter.stop();
    expect(heard.events.length).toBe(2);
    expect(JSON.stringify([[...deps.kept], [...deps.cached], deps.lines])).not.toContain('55.7');
    expect(await complaints(tg)).toEqual([]);
  });

  test('inline query: answered with the state, once, and Telegram has nothing against it', async () => {
    const { tg, heard } = await telegram();
    heard.answers.push({
      blocks: [{ type: 'paragraph', inline: [{ bold: ['Russia: WhatsApp'] }, ' 🔴 blocked'] }],
      buttons: [],
      lang: 'en',
      tone: 'notice',
    });
    const ann = await tg.user({ language_code: 'ru' });
    const { answer } = await ann.inline('whatsapp ru');
    expect(answer.results).toMatchObject([
      {
        type: 'article',
        title: 'Russia: WhatsApp 🔴 blocked',
        input_message_content: { message_text: expect.any(String) },
      },
    ]);
    expect(answer).toMatchObject({ cache_time: 10, is_personal: true });
    expect(heard.questions).toEqual([
      { accountId: 'tg', text: 'whatsapp ru', sender: { id: `telegram:${ann.id}`, lang: 'ru' } },
    ]);
    const chosen = await tg.post('choose_inline', {
      inline_query_id: (await ann.inline('whatsapp ru')).inline_query_id,
    });
    expect(chosen.message.text).toContain('Russia: WhatsApp');
    expect(await complaints(tg)).toEqual([]);
  });

  test('forum: the topic is the address', async () => {
    const { tg, heard } = await telegram();
    const ann = await tg.user();
    const forum = await tg.forum();
    const topic = await forum.topic('Alerts');
    await ann.sendTo(forum, '/ping', { message_thread_id: topic.id });
    expect(await heard.waitFor(isCommand('ping'))).toMatchObject({ address: addressOf(forum, topic.id) });
  });

  test('channel: a post of its administrators is a command of one', async () => {
    const { tg, heard } = await telegram({ account: { lang: 'ru' } });
    const ann = await tg.user();
    const channel = await tg.channel({ creator: ann.id });
    await ann.sendTo(channel, '/subscribe ru');
    const event = await heard.waitFor(isCommand('subscribe ru'));
    expect(event).toMatchObject({ chatKind: 'channel', sender: { lang: 'ru' } });
    expect(event.kind === 'command' && (await event.sender.isAdmin())).toBe(true);
  });

  test('added and removed: joined and left', async () => {
    const { tg, heard } = await telegram();
    const group = await tg.supergroup({ bot_status: 'none' });
    await group.addBot();
    await heard.waitFor((e) => e.kind === 'joined' && e.address.chat === String(group.id));
    await group.kickBot();
    await heard.waitFor((e) => e.kind === 'left' && e.address.chat === String(group.id));
  });

  test('private chat: deep link, plain words, language', async () => {
    const { tg, heard } = await telegram();
    const ann = await tg.user({ language_code: 'fa', first_name: 'آن' });
    await ann.send('/start ru_whatsapp');
    await ann.send('status ru');
    expect(await heard.waitFor(isCommand('start ru whatsapp'))).toMatchObject({
      sender: { id: `telegram:${ann.id}`, name: 'آن', lang: 'fa' },
      messageRef: null,
    });
    await heard.waitFor(isCommand('status ru'));
  });
});

describe('buttons', () => {
  test('one whose command was forgotten: says so, and is no command', async () => {
    const { tg, adapter, deps, heard } = await telegram();
    const ann = await tg.user({ started: true, language_code: 'ru' });
    const buttons = [[{ label: 'Long', press: { command: `mute ${'x'.repeat(100)}` } }]];
    await adapter.send(sendOf(addressOf(ann), 'x', { buttons }), never);
    deps.cached.clear();
    const { answer } = await ann.click('Long');
    expect(answer).toMatchObject({ show_alert: true, text: expect.stringContaining('устарела') });
    expect(heard.events).toEqual([]);
  });

  test('each press is answered once', async () => {
    const { tg, adapter, heard } = await telegram();
    const ann = await tg.user({ started: true });
    await adapter.send(
      sendOf(addressOf(ann), 'x', { buttons: [[{ label: 'Go', press: { command: 'help' } }]] }),
      never,
    );
    await ann.click('Go');
    await heard.waitFor(isCommand('help'));
    expect((await tg.calls({ method: 'answerCallbackQuery' })).length).toBe(1);
    expect(await complaints(tg)).toEqual([]);
  });
});

describe('polling', () => {
  test.each([
    ['502', { fault: '502', times: 1 }],
    ['html', { fault: 'html-502', times: 1 }],
    ['reset', { fault: 'reset', times: 1 }],
    ['reset after an answer', { fault: 'reset-after', times: 1 }],
    ['malformed', { fault: 'malformed', times: 1 }],
    ['truncated', { fault: 'truncate', times: 1 }],
    ['429', { fault: '429', retry_after: 1, times: 1 }],
  ])('%s: no crash, no spinning, and nothing lost', async (_, fault) => {
    const { tg, heard, adapter } = await telegram({
      before: (server) => server.fault({ method: 'getUpdates', ...fault }),
    });
    const ann = await tg.user();
    await ann.send('/one');
    await ann.send('/two');
    await heard.waitFor(isCommand('two'), 9000);
    expect(heard.events.map((e) => e.kind === 'command' && e.text)).toEqual(['one', 'two']);
    expect((await tg.calls({ method: 'getUpdates' })).length).toBeLessThan(8);
    expect(adapter.health().ok).toBe(true);
  });

  test('a second poller: both live, health tells, no hot loop', async () => {
    const { tg, adapter, deps } = await telegram();
    // Until its own poll is open there is nothing that another could break into.
    const another = () => {
      void tg.api('getUpdates', { timeout: 5 }).catch(() => {});
      return adapter.health().problem;
    };
    await expect.poll(another).toContain('409');
    // A poll that is refused is followed by a pause, each time.
    await expect.poll(() => deps.naps.length).toBeGreaterThan(0);
    expect(Math.min(...deps.naps)).toBeGreaterThanOrEqual(1_000);
    expect(deps.lines.filter((line) => line.startsWith('warn')).length).toBe(1);
  });

  test('a server that answers at once and with nothing: asked about once a second', async () => {
    const { tg, deps } = await telegram({
      before: (server) => server.fault({ method: 'getUpdates', code: 200, times: 0, kind: 'malformed' } as object),
    });
    await expect.poll(() => deps.naps.length).toBeGreaterThan(1);
    // A pause behind each poll, and none under a second.
    expect((await tg.calls({ method: 'getUpdates' })).length).toBeLessThanOrEqual(deps.naps.length + 1);
    expect(Math.min(...deps.naps)).toBeGreaterThanOrEqual(900);
  });

  test('a slow handler in one chat: others are not held up, its own order stays, and the update is written down', async () => {
    const released = Promise.withResolvers<void>();
    const { tg, heard, deps } = await telegram({
      during: async (e) => (isCommand('slow')(e) ? released.promise : undefined),
    });
    const [ann, bob] = [await tg.user(), await tg.user()];
    await ann.send('/slow');
    await ann.send('/after');
    for (let i = 0; i < 3; i++) {
      await bob.send(`/quick ${i}`);
      await heard.waitFor(isCommand(`quick ${i}`));
    }
    expect(heard.events.some(isCommand('after'))).toBe(false);
    await expect.poll(() => JSON.stringify(deps.kept.get('updates'))).toContain('"text":"/slow"');
    released.resolve();
    await heard.waitFor(isCommand('after'));
    await expect.poll(() => deps.kept.get('updates')).toMatchObject({ unfinished: [] });
  });

  test('quick handlers: nothing is written down, since the next poll acknowledges; the disk is for the alerts', async () => {
    const { tg, heard, deps } = await telegram();
    const ann = await tg.user();
    for (let i = 0; i < 5; i++) {
      await ann.send(`/quick ${i}`);
      await heard.waitFor(isCommand(`quick ${i}`));
    }
    expect(deps.kept.get('updates')).toBeUndefined();
  });

  test('killed in the middle of a handler: handled by the next process; what was handled is not handled again', async () => {
    const tg = await FakeTelegram.start();
    const ann = await tg.user();
    const bob = await tg.user();
    const first = testDeps();
    const dying = createAdapter(telegramAccount(tg), first);
    const early = recorder(async (e) => (isCommand('slow')(e) ? new Promise(() => {}) : undefined));
    await dying.start(early);
    await ann.send('/slow');
    await bob.send('/done');
    await early.waitFor(isCommand('done'));
    await expect.poll(() => first.kept.has('updates')).toBe(true);
    // What a kill leaves: the durable state, and whatever Telegram still holds.
    const kept = structuredClone(first.kept);
    const second = testDeps();
    for (const [key, value] of kept) second.kept.set(key, value);
    const late = recorder();
    void dying.stop();
    const next = createAdapter(telegramAccount(tg), second);
    await next.start(late);
    await late.waitFor(isCommand('slow'));
    // Else the next kill would bring it back once more, after whatever was said since.
    await expect.poll(() => second.kept.get('updates')).toMatchObject({ unfinished: [] });
    await ann.send('/new');
    await late.waitFor(isCommand('new'));
    expect(late.events.map((e) => e.kind === 'command' && e.text)).toEqual(['slow', 'new']);
    await next.stop();
    await tg.stop();
  });

  test('a handler that throws: the next update comes', async () => {
    const { tg, heard, deps } = await telegram({
      during: async (e) => {
        if (isCommand('bad')(e)) throw new Error('boom');
      },
    });
    const ann = await tg.user();
    await ann.send('/bad');
    await ann.send('/good');
    await heard.waitFor(isCommand('good'));
    expect(deps.lines.filter((line) => line.startsWith('error')).length).toBe(1);
  });

  test('1,000 commands of 100 people: all come, in order for each', async () => {
    const { tg, heard } = await telegram({ account: { rate: 0 } });
    const people = await Promise.all(Array.from({ length: 100 }, () => tg.user()));
    for (let i = 0; i < 10; i++) await Promise.all(people.map((p) => p.send(`/n ${i}`)));
    await expect.poll(() => heard.events.length, { timeout: 5000 }).toBe(1000);
    for (const p of people) {
      const texts = heard.events.flatMap((e) =>
        e.kind === 'command' && e.address.chat === String(p.id) ? [e.text] : [],
      );
      expect(texts).toEqual(Array.from({ length: 10 }, (_, i) => `n ${i}`));
    }
    expect(await complaints(tg)).toEqual([]);
  });
});

describe('start and stop', () => {
  test('a refused token: throws auth, names the place and the remedy, not the token', async () => {
    const tg = await FakeTelegram.start();
    const token = '4200000009:wrong-token-wrong-token-wrong';
    const adapter = createAdapter(telegramAccount(tg, { token }), testDeps());
    const error = await adapter.start(recorder()).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'auth', facts: { path: 'accounts.token' } });
    expect(String(error)).toContain('@BotFather');
    expect(JSON.stringify(error) + String(error)).not.toContain('wrong-token');
    await adapter.stop();
    await tg.stop();
  });

  test('no network at the start: starts all the same, tells in health, and recovers by itself', async () => {
    const tg = await FakeTelegram.start();
    await tg.fault({ method: 'getMe', fault: '502', times: 1 });
    const adapter = createAdapter(telegramAccount(tg), testDeps());
    const heard = recorder();
    await adapter.start(heard);
    expect(adapter.health()).toMatchObject({ ok: false });
    const ann = await tg.user();
    await ann.send('/hello');
    await heard.waitFor(isCommand('hello'), 9000);
    expect(adapter.health()).toMatchObject({ ok: true });
    await adapter.stop();
    await tg.stop();
  });

  test('stop while a poll is open: at once; the server keeps what comes later', async () => {
    const { tg, adapter, heard } = await telegram();
    const ann = await tg.user();
    await ann.send('/one');
    await heard.waitFor(isCommand('one'));
    const begun = performance.now();
    await adapter.stop();
    expectAtMost(performance.now() - begun, 1000);
    const polls = async () => (await tg.calls({ method: 'getUpdates' })).length;
    const before = await polls();
    await ann.send('/two');
    // Nobody asks for it any more, so nobody is handed it.
    expect(await polls()).toBe(before);
    expect(heard.events.length).toBe(1);
  });
});

const port = await freePort();

describe('webhook', () => {
  const account = {
    mode: 'webhook',
    webhook: {
      listen: `127.0.0.1:${port}`,
      publicUrl: `http://127.0.0.1:${port}/hook`,
      secret: 'a-secret-of-enough-letters',
    },
  };
  const post = (body: string, headers: Record<string, string> = {}, method = 'POST') =>
    fetch(`http://127.0.0.1:${port}/hook`, { method, headers, ...(method === 'POST' ? { body } : {}) }).then(
      (r) => r.status,
    );

  test('updates come, in order, acknowledged when handled; strangers are turned away', async () => {
    const { tg, heard } = await telegram({ account });
    const ann = await tg.user();
    await expect.poll(() => tg.api('getWebhookInfo')).toMatchObject({ result: { url: account.webhook.publicUrl } });
    for (let i = 0; i < 5; i++) await ann.send(`/n ${i}`);
    await heard.waitFor(isCommand('n 4'));
    expect(heard.events.map((e) => e.kind === 'command' && e.text)).toEqual(['n 0', 'n 1', 'n 2', 'n 3', 'n 4']);
    const right = { 'x-telegram-bot-api-secret-token': account.webhook.secret };
    expect(await post('{"update_id":1}')).toBe(401);
    expect(await post('{"update_id":1}', { 'x-telegram-bot-api-secret-token': 'wrong' })).toBe(401);
    expect(await post('', right, 'GET')).toBe(405);
    expect(await post('no json', right)).toBe(400);
    expect(await post('{}', right)).toBe(400);
    expect(await post('{"update_id":7,"message":{"text":{}}}', right)).toBe(200);
    expect(await post('x'.repeat(2 << 20), right).catch(() => 413)).toBe(413);
    expect(heard.events.length).toBe(5);
    expect(await complaints(tg)).toEqual([]);
    const update = {
      update_id: 55,
      message: {
        message_id: 1,
        date: 0,
        chat: { id: 9, type: 'private' },
        from: { id: 9, is_bot: false, first_name: 'B' },
        text: '/twice',
      },
    };
    expect(await Promise.all([post(JSON.stringify(update), right), post(JSON.stringify(update), right)])).toEqual([
      200, 200,
    ]);
    expect(heard.events.filter(isCommand('twice')).length).toBe(1);
  });

  test('a port that is taken: config_invalid, with the address', async () => {
    const tg = await FakeTelegram.start();
    const taken = new URL(tg.apiRoot).host;
    const adapter = createAdapter(
      telegramAccount(tg, { mode: 'webhook', webhook: { listen: taken, publicUrl: 'https://x.example/' } }),
      testDeps(),
    );
    await expect(adapter.start(recorder())).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(taken),
    });
    await adapter.stop();
    await tg.stop();
  });

  test('a webhook set by somebody else meanwhile: taken away again', async () => {
    const { tg, heard } = await telegram();
    await tg.api('setWebhook', { url: 'http://127.0.0.1:9/' });
    const ann = await tg.user();
    await ann.send('/after');
    await heard.waitFor(isCommand('after'), 9000);
  });

  test('polling after a webhook: the webhook is taken away, its updates are not', async () => {
    const { tg, heard } = await telegram({
      before: async (server) => {
        await server.api('setWebhook', { url: 'http://127.0.0.1:9/' });
        const ann = await server.user();
        await ann.send('/waiting');
      },
    });
    await heard.waitFor(isCommand('waiting'));
    expect(await complaints(tg)).toEqual([]);
  });
});
