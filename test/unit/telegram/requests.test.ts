/** What is asked of Telegram: the JSON of a message, byte by byte as its API takes it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Trouble, trouble } from '../../../src/adapters/telegram/connection.ts';
import { payloadOf, requestOf } from '../../../src/adapters/telegram/send.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import type { Outgoing } from '../../../src/core/ports/chat-adapter.ts';

const document = (over: Partial<MessageDocument> = {}): MessageDocument => ({
  blocks: [{ type: 'paragraph', inline: ['Russia: ', { bold: ['WhatsApp'] }] }],
  buttons: [[{ label: 'Status', press: { command: 'status ru' } }]],
  lang: 'en',
  tone: 'alert',
  ...over,
});
const address = (chat: string, thread: string | null = null) => ({ accountId: 'tg', chat, thread });
const send = (over: Partial<Extract<Outgoing, { op: 'send' }>> = {}): Outgoing => ({
  op: 'send',
  address: address('-1001'),
  document: document(),
  key: 'k',
  replyTo: null,
  ...over,
});
const edit = (messageRef: string, of = document()): Outgoing => ({
  op: 'edit',
  address: address('100'),
  document: of,
  key: 'k',
  messageRef,
});
const asked = (message: Outgoing) => {
  const request = requestOf(message, payloadOf(message.document));
  return request && { method: request.method, ...JSON.parse(request.body) };
};

describe('a message', () => {
  test('an alert: text, entities, buttons, no preview, and it rings', () => {
    expect(asked(send())).toEqual({
      method: 'sendMessage',
      chat_id: -1001,
      text: 'Russia: WhatsApp',
      entities: [{ type: 'bold', offset: 8, length: 8 }],
      link_preview_options: { is_disabled: true },
      reply_markup: { inline_keyboard: [[{ text: 'Status', callback_data: 'c:status ru' }]] },
    });
  });

  test('an account that may pay: a new message allows it, an edit has no such field; the text stays the same', () => {
    const payload = payloadOf(document());
    const free = JSON.parse(requestOf(send(), payload)!.body);
    expect(JSON.parse(requestOf(send(), payload, true)!.body)).toEqual({ ...free, allow_paid_broadcast: true });
    expect(requestOf(edit('7'), payload, true)).toEqual(requestOf(edit('7'), payload, false));
  });

  test('a keyboard that asks for the place comes with a message and goes with another; an edit has neither', () => {
    const asks = document({ buttons: [], keyboard: { place: '📍 My location', no: '✖ Not now' } });
    expect(asked(send({ document: asks }))).toMatchObject({
      reply_markup: {
        keyboard: [[{ text: '📍 My location', request_location: true }], [{ text: '✖ Not now' }]],
        resize_keyboard: true,
        one_time_keyboard: true,
      },
    });
    expect(asked(send({ document: document({ buttons: [], keyboard: 'gone' }) }))).toMatchObject({
      reply_markup: { remove_keyboard: true },
    });
    expect(asked(edit('7', asks))).not.toHaveProperty('reply_markup');
  });

  test('an answer does not ring; an edit never says whether it should', () => {
    const notice = document({ tone: 'notice' });
    expect(asked(send({ document: notice }))).toMatchObject({ disable_notification: true });
    expect(asked(edit('7', notice))).not.toHaveProperty('disable_notification');
  });

  test('plain text without buttons: neither entities nor markup', () => {
    const bare = document({ blocks: [{ type: 'paragraph', inline: ['x'] }], buttons: [] });
    expect(Object.keys(asked(edit('7', bare))!).sort()).toEqual([
      'chat_id',
      'link_preview_options',
      'message_id',
      'method',
      'text',
    ]);
  });

  test.each<[string, Outgoing, object]>([
    ['into a topic', send({ address: address('-1001', '7') }), { message_thread_id: 7 }],
    ['as a reply', send({ replyTo: '9' }), { reply_parameters: { message_id: 9, allow_sending_without_reply: true } }],
    ['an edit', edit('12'), { method: 'editMessageText', chat_id: 100, message_id: 12 }],
  ])('%s', (_name, message, expected) => expect(asked(message)).toMatchObject(expected));

  test('the topic "General": named by naming none; a reply to what is no message of Telegram: no reply', () => {
    expect(asked(send({ address: address('-1001', '1') }))).not.toHaveProperty('message_thread_id');
    for (const replyTo of ['$event', '0', '-5', '1e3', ' 9'])
      expect(asked(send({ replyTo }))).not.toHaveProperty('reply_parameters');
  });

  test.each<[string, Outgoing]>([
    ['a chat of another platform', send({ address: address('!room:example.org') })],
    ['a chat that is JSON', send({ address: address('1,"text":"x"') })],
    ['an empty chat', send({ address: address('') })],
    ['a topic that is none', send({ address: address('-1001', 'x') })],
    ['an edit of what is no message', edit('$event')],
    ['an edit of JSON', edit('1,"text":"x"')],
  ])('%s: nothing to ask', (_name, message) => expect(asked(message)).toBeNull());

  test('one document for many chats: made once', () => {
    const one = document();
    expect(payloadOf(one)).toBe(payloadOf(one));
    expect(payloadOf(document())).not.toBe(payloadOf(one));
  });

  test('whatever stands in chat, thread or reference: one JSON object with our text, or nothing', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.stringMatching(/^-?\d{1,18}$/),
      fc.constantFrom('__proto__', '"', '1}', '\n1'),
    );
    fc.assert(
      fc.property(odd, fc.option(odd), odd, fc.boolean(), (chat, thread, ref, isEdit) => {
        const message: Outgoing = isEdit
          ? { ...edit(ref), address: address(chat, thread) }
          : send({ address: address(chat, thread), replyTo: ref });
        const made = asked(message);
        if (made)
          expect([made.text, made.method]).toEqual(['Russia: WhatsApp', isEdit ? 'editMessageText' : 'sendMessage']);
      }),
      { numRuns: 500 },
    );
  });
});

describe('trouble with polling', () => {
  const answer = (status: number, body: object = {}) => ({
    kind: 'answer' as const,
    status,
    body: { ok: false, ...body },
  });
  test.each<[string, Parameters<typeof trouble>[0], number, Partial<Trouble>]>([
    [
      'no connection, at first',
      { kind: 'failure', reason: 'server', reached: false, detail: 'ECONNREFUSED' },
      1,
      { kind: 'line', waitMs: 1_000 },
    ],
    [
      'for the fourth time',
      { kind: 'failure', reason: 'timeout', reached: true, detail: 'x' },
      4,
      { kind: 'line', waitMs: 8_000 },
    ],
    [
      'for the hundredth time',
      { kind: 'failure', reason: 'timeout', reached: true, detail: 'x' },
      100,
      { waitMs: 30_000 },
    ],
    ['a refused token', answer(401, { error_code: 401 }), 1, { kind: 'token', waitMs: 60_000 }],
    ['a token that is none', answer(404, { error_code: 404 }), 1, { kind: 'token' }],
    [
      'another process',
      answer(409, { error_code: 409, description: 'Conflict: terminated by other getUpdates' }),
      1,
      { kind: 'conflict', waitMs: 4_000 },
    ],
    [
      'a webhook',
      answer(409, { error_code: 409, description: "Conflict: can't use getUpdates method while webhook is active" }),
      1,
      { kind: 'webhook' },
    ],
    [
      'asked to wait',
      answer(429, { error_code: 429, parameters: { retry_after: 20 } }),
      1,
      { kind: 'line', waitMs: 20_000 },
    ],
    [
      'asked to wait for a year',
      answer(429, { error_code: 429, parameters: { retry_after: 3e7 } }),
      1,
      { waitMs: 3_600_000 },
    ],
    ['asked to wait, without a word how long', answer(429, { error_code: 429 }), 1, { waitMs: 1_000 }],
    [
      'asked to wait for nonsense',
      answer(429, { error_code: 429, parameters: { retry_after: 'soon' } }),
      1,
      { waitMs: 1_000 },
    ],
    ['502 by a proxy', answer(502), 2, { kind: 'line', problem: 'Telegram answers 502 to polls', waitMs: 2_000 }],
  ])('%s', (_name, given, failures, expected) => expect(trouble(given, failures, 0)).toMatchObject(expected));

  test('chance lengthens every wait by a quarter at most', () => {
    const failure = { kind: 'failure' as const, reason: 'server' as const, reached: true, detail: 'x' };
    for (const failures of [1, 3, 9]) {
      const [least, most] = [trouble(failure, failures, 0).waitMs, trouble(failure, failures, 1).waitMs];
      expect(most / least).toBeCloseTo(1.25);
    }
  });
});
