/** Pictures in Telegram: what is asked of it, what it answers, numbers that it forgets, and that the text is never touched by any of it. */
import { describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../src/core/ports/chat-adapter.ts';
import { pictureOf } from '../fakes/fake-pictures.ts';
import { editOf, never, sendOf } from './chat-adapter.suite.ts';
import { addressOf, complaints, telegram } from './telegram-bench.ts';

const shown = (text = 'Russia', svg = '<svg/>', more: object = {}) => ({
  text,
  more: { picture: pictureOf(svg), ...more },
});
const calls = async (tg: Awaited<ReturnType<typeof telegram>>['tg']) =>
  (await tg.calls({ method: 'sendPhoto|editMessageMedia' })).map(({ method, params, code }) => ({
    method,
    params,
    code,
  }));

describe('what is asked', () => {
  test('an upload in parts: chat, caption with its styles, silent, topic, answered message, picture', async () => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ first_name: 'Ann', started: true });
    const forum = await tg.forum({ title: 'F', members: [ann.id] });
    const topic = await forum.topic('News');
    const { message: asked } = await ann.sendTo(forum, '/status', { message_thread_id: topic.id });
    const { more } = shown();
    const message = sendOf(
      addressOf(forum, topic.id),
      '',
      { ...more, blocks: [{ type: 'paragraph', inline: [{ bold: ['Россия'] }, ': 1 < 2 "&"'] }], tone: 'notice' },
      String(asked.message_id),
    );
    expect(await adapter.send(message, never)).toMatchObject({ kind: 'delivered' });
    const [photo] = await forum.transcript({ from: 'bot' });
    expect(photo).toMatchObject({
      text: 'Россия: 1 < 2 "&"',
      silent: true,
      message_thread_id: topic.id,
      reply: asked.message_id,
    });
    expect(photo!.entities).toEqual([{ type: 'bold', offset: 0, length: 6 }]);
    expect(photo!.media).toMatchObject({ type: 'photo', width: 144, height: 60, mime_type: 'image/png' });
    expect(await complaints(tg)).toEqual([]);
  });

  test('a caption that is too long is cut; buttons stay under the picture, and can be pressed', async () => {
    const { tg, adapter, heard } = await telegram();
    const ann = await tg.user({ started: true });
    const long = `mute ${'RU-whatsapp-3f9k '.repeat(8)}for 8h`.trim();
    const buttons = [[{ label: 'Quiet', press: { command: long } }]];
    await adapter.send(sendOf(addressOf(ann), 'слово '.repeat(500), { ...shown().more, buttons }), never);
    const [photo] = await ann.chat.transcript({ from: 'bot' });
    expect(photo!.text.length).toBeLessThanOrEqual(1_024);
    await ann.click('Quiet');
    await heard.waitFor((event) => event.kind === 'command' && event.text === long);
    expect(await complaints(tg)).toEqual([]);
  });

  test('an edit takes the number that is known, or uploads', async () => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ started: true });
    const sent = (await adapter.send(sendOf(addressOf(ann), 'one', shown().more), never)) as SendOutcome & {
      messageRef: string;
    };
    await adapter.send(editOf(addressOf(ann), sent.messageRef, 'two', shown('', '<svg/>other').more), never);
    await adapter.send(editOf(addressOf(ann), sent.messageRef, 'three', shown().more), never);
    const media = (await calls(tg))
      .filter(({ method }) => method === 'editMessageMedia')
      .map(({ params }) => params.media.media ?? params.media);
    expect(media[0]).toContain('attach://');
    expect(media[1]).not.toContain('attach://');
    expect((await ann.chat.transcript({ from: 'bot' })).map(({ text }) => text)).toEqual(['three']);
    expect(await complaints(tg)).toEqual([]);
  });
});

describe('a number that Telegram does not know any more', () => {
  test('is forgotten: the picture is uploaded in the same attempt, and its new number kept', async () => {
    const { tg, adapter, deps } = await telegram();
    const ann = await tg.user({ started: true });
    await adapter.send(sendOf(addressOf(ann), 'one', shown().more), never);
    const [key] = [...deps.cached.keys()].filter((one) => one.startsWith('photo/'));
    deps.cached.set(key!, 'FAKEPHOAAMCAgADGQEAAqgone');
    expect(await adapter.send(sendOf(addressOf(ann), 'two', shown().more), never)).toMatchObject({ kind: 'delivered' });
    expect((await ann.chat.transcript({ from: 'bot' })).map(({ text }) => text)).toEqual(['one', 'two']);
    expect(deps.cached.get(key!)).not.toBe('FAKEPHOAAMCAgADGQEAAqgone');
    expect((await calls(tg)).map(({ code }) => code)).toEqual([200, 400, 200]);
  });

  test.each([[7], [null], [{ id: 'x' }]])('what stands in its place (%j) is no number: uploaded', async (odd) => {
    const { tg, adapter, deps } = await telegram();
    const ann = await tg.user({ started: true });
    await adapter.send(sendOf(addressOf(ann), 'one', shown().more), never);
    for (const key of deps.cached.keys()) deps.cached.set(key, odd);
    await adapter.send(sendOf(addressOf(ann), 'two', shown().more), never);
    expect((await calls(tg)).every(({ params }) => String(params.photo).startsWith('attach://'))).toBe(true);
  });
});

describe('faults', () => {
  const cases: [fault: object, expected: object][] = [
    [{ fault: 'reset' }, { kind: 'retry', scope: 'chat', reason: 'server' }],
    [{ fault: '502' }, { kind: 'retry', scope: 'chat', reason: 'server' }],
    [{ fault: 'html-502' }, { kind: 'retry', scope: 'chat', reason: 'server' }],
    [
      { fault: '429', retry_after: 3 },
      { kind: 'retry', scope: 'account', reason: 'rate_limited', afterMs: 3_000 },
    ],
    [{ fault: 'blocked' }, { kind: 'gone', reason: 'client' }],
  ];
  test.each(cases)('%o', async (fault, expected) => {
    const { tg, adapter, deps } = await telegram();
    const ann = await tg.user({ started: true });
    await tg.fault({ method: 'sendPhoto', ...fault });
    expect(await adapter.send(sendOf(addressOf(ann), 'once', shown().more), never)).toMatchObject(expected);
    expect([...deps.cached.keys()].filter((key) => key.startsWith('photo/'))).toEqual([]);
    expect(await complaints(tg)).toEqual([]);
  });

  test('uploads that break again and again: the next text is tried at once, and a failing one is no trouble of the account', async () => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ started: true });
    await tg.fault({ method: 'sendPhoto', fault: 'reset', times: 5 });
    for (let i = 0; i < 5; i++)
      expect(await adapter.send(sendOf(addressOf(ann), 'x', shown('x', `<svg/>${i}`).more), never)).toMatchObject({
        kind: 'retry',
        scope: 'chat',
      });
    await tg.fault({ method: 'sendMessage', fault: 'reset' });
    expect(await adapter.send(sendOf(addressOf(ann), 'text'), never)).toMatchObject({ kind: 'retry', scope: 'chat' });
    expect(adapter.health().ok).toBe(true);
  });

  test('a picture of impossible sides: refused, and not tried again', async () => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ started: true });
    const picture = pictureOf('<svg/>', { width: 2_000, height: 4 });
    expect(await adapter.send(sendOf(addressOf(ann), 'x', { picture }), never)).toMatchObject({ kind: 'rejected' });
  });

  test('nobody makes pictures here: rejected, nothing was asked, and texts go out', async () => {
    const { tg, adapter } = await telegram({ deps: { pictures: undefined } as never });
    const ann = await tg.user({ started: true });
    expect(await adapter.send(sendOf(addressOf(ann), 'x', shown().more), never)).toMatchObject({
      kind: 'rejected',
      detail: 'no picture',
    });
    expect(await adapter.send(sendOf(addressOf(ann), 'text'), never)).toMatchObject({ kind: 'delivered' });
    expect(await calls(tg)).toEqual([]);
  });

  test('an address of nowhere: rejected before anything is made', async () => {
    const { adapter } = await telegram();
    const message = sendOf({ accountId: 'tg', chat: 'nowhere', thread: null }, 'x', shown().more);
    expect(await adapter.send(message, never)).toMatchObject({ kind: 'rejected' });
  });
});
