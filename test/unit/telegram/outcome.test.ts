import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/adapters/telegram/client.ts';
import { classify } from '../../../src/adapters/telegram/send.ts';
import type { Outgoing } from '../../../src/core/ports/chat-adapter.ts';

const address = { accountId: 'tg', chat: '-1001', thread: '7' };
const document = { blocks: [], buttons: [], lang: 'en', tone: 'alert' as const };
const send: Outgoing = { op: 'send', address, document, key: 'k', replyTo: null };
const plain: Outgoing = { ...send, address: { ...address, thread: null } };
const edit: Outgoing = { op: 'edit', address, document, key: 'k', messageRef: '5' };

const refusal = (
  code: number,
  description: string,
  parameters?: { retry_after?: number; migrate_to_chat_id?: number },
): Answer => ({
  kind: 'answer',
  status: code,
  body: { ok: false, error_code: code, description, parameters },
});
const success = (result: unknown): Answer => ({ kind: 'answer', status: 200, body: { ok: true, result } });
const failure = (reason: 'server' | 'timeout' | 'canceled', reached: boolean): Answer => ({
  kind: 'failure',
  reason,
  reached,
  detail: 'x',
});

describe('classify', () => {
  const cases: [name: string, answer: Answer, message: Outgoing, failuresBefore: number, expected: object][] = [
    ['sent', success({ message_id: 12 }), send, 0, { kind: 'delivered', messageRef: '12' }],
    ['edited', success({ message_id: 5 }), edit, 0, { kind: 'delivered', messageRef: '5' }],
    ['edited inline: true', success(true), edit, 0, { kind: 'delivered', messageRef: '5' }],
    ['200 without a message', success(true), send, 0, { kind: 'retry', scope: 'chat', reason: 'server' }],
    [
      'edit of nothing',
      refusal(400, 'Bad Request: message is not modified: specified new message content …'),
      edit,
      0,
      { kind: 'delivered', messageRef: '5' },
    ],
    [
      '429',
      refusal(429, 'Too Many Requests: retry after 7', { retry_after: 7 }),
      send,
      0,
      { kind: 'retry', scope: 'account', afterMs: 7000, reason: 'rate_limited' },
    ],
    [
      '429 for decades',
      refusal(429, 'Too Many Requests', { retry_after: 1e9 }),
      send,
      0,
      { kind: 'retry', afterMs: 86_400_000 },
    ],
    [
      '429 without a time',
      refusal(429, 'Too Many Requests'),
      send,
      0,
      { kind: 'retry', scope: 'account', afterMs: 1000 },
    ],
    ['blocked', refusal(403, 'Forbidden: bot was blocked by the user'), send, 0, { kind: 'gone' }],
    ['deactivated', refusal(403, 'Forbidden: user is deactivated'), send, 0, { kind: 'gone' }],
    ['kicked', refusal(403, 'Forbidden: bot was kicked from the supergroup chat'), edit, 0, { kind: 'gone' }],
    [
      'never started',
      refusal(403, "Forbidden: bot can't initiate conversation with a user"),
      send,
      0,
      { kind: 'gone' },
    ],
    ['no such chat', refusal(400, 'Bad Request: chat not found'), send, 0, { kind: 'gone' }],
    [
      'migrated',
      refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -1002 }),
      plain,
      0,
      { kind: 'moved', to: { accountId: 'tg', chat: '-1002', thread: null } },
    ],
    [
      'topic deleted',
      refusal(400, 'Bad Request: message thread not found'),
      send,
      0,
      { kind: 'moved', to: { accountId: 'tg', chat: '-1001', thread: null } },
    ],
    [
      'topic closed',
      refusal(400, 'Bad Request: TOPIC_CLOSED'),
      send,
      0,
      { kind: 'moved', to: { accountId: 'tg', chat: '-1001', thread: null } },
    ],
    ['general topic closed', refusal(400, 'Bad Request: TOPIC_CLOSED'), plain, 0, { kind: 'rejected' }],
    ['edit in a closed topic', refusal(400, 'Bad Request: TOPIC_CLOSED'), edit, 0, { kind: 'rejected' }],
    [
      'no right to write',
      refusal(400, 'Bad Request: not enough rights to send text messages to the chat'),
      send,
      0,
      { kind: 'rejected', reason: 'client' },
    ],
    [
      'no right in the channel',
      refusal(400, 'Bad Request: need administrator rights in the channel chat'),
      send,
      0,
      { kind: 'rejected', reason: 'client' },
    ],
    ['message deleted', refusal(400, 'Bad Request: message to edit not found'), edit, 0, { kind: 'rejected' }],
    ['not ours', refusal(400, "Bad Request: message can't be edited"), edit, 0, { kind: 'rejected' }],
    ['bad request', refusal(400, 'Bad Request: text is too long'), send, 0, { kind: 'rejected', reason: 'client' }],
    ['too large', refusal(413, 'Request Entity Too Large'), send, 0, { kind: 'rejected' }],
    [
      'token refused',
      refusal(401, 'Unauthorized'),
      send,
      0,
      { kind: 'retry', scope: 'account', reason: 'auth', afterMs: 60_000 },
    ],
    ['token malformed', refusal(404, 'Not Found'), send, 0, { kind: 'retry', scope: 'account', reason: 'auth' }],
    ['no such method', refusal(404, 'Not Found: method not found'), send, 0, { kind: 'rejected' }],
    ['502', refusal(502, 'Bad Gateway'), send, 0, { kind: 'retry', scope: 'chat', reason: 'server', afterMs: null }],
    [
      '502, the third failure',
      refusal(502, 'Bad Gateway'),
      send,
      2,
      { kind: 'retry', scope: 'account', reason: 'server' },
    ],
    ['reset', failure('server', true), send, 0, { kind: 'retry', scope: 'chat', reason: 'server' }],
    ['reset, the third failure', failure('server', true), send, 2, { kind: 'retry', scope: 'account' }],
    ['no connection', failure('server', false), send, 0, { kind: 'retry', scope: 'account', reason: 'server' }],
    ['no answer', failure('timeout', true), send, 0, { kind: 'retry', scope: 'chat', reason: 'timeout' }],
    ['stopping', failure('canceled', true), send, 9, { kind: 'retry', scope: 'chat', reason: 'canceled' }],
  ];
  test.each(cases)('%s', (_, answer, message, failuresBefore, expected) => {
    expect(classify(answer, message, failuresBefore)).toMatchObject(expected);
  });
});
