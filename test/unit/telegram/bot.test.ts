import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Update, UserFromGetMe } from 'grammy/types';
import { expect, test } from 'vitest';
import { createBot } from '../../../src/adapters/telegram/bot.ts';
import type { Answer, ApiClient } from '../../../src/adapters/telegram/client.ts';

const me = { id: 42, is_bot: true, first_name: 'T', username: 't_bot' } as UserFromGetMe;
const ann = { id: 7, is_bot: false, first_name: 'Ann' };
const chat = { id: 7, type: 'private', first_name: 'Ann' };
const done: Answer = { kind: 'answer', status: 200, body: { ok: true, result: true } };

function world(answer: Answer = done) {
  const calls: [method: string, body: unknown][] = [];
  const routed: [event: object, ref: string][] = [];
  const client: ApiClient = {
    call: async (method, body) => {
      calls.push([method, JSON.parse(String(body))]);
      return answer;
    },
    close: async () => undefined,
  };
  const route = async (event: object, ref: string) => void routed.push([event, ref]);
  return { bot: createBot({ token: '42:secret', me, client, route }), calls, routed };
}

test.each([
  ['command', { message: { message_id: 1, from: ann, chat, text: '/help' } }, { text: 'help' }],
  [
    'command',
    { channel_post: { message_id: 1, chat: { id: -2, type: 'channel', title: 'C' }, text: '/help' } },
    { chat: '-2' },
  ],
  ['moved', { message: { message_id: 1, chat: { id: -5, type: 'group' }, migrate_to_chat_id: -100 } }, { to: '-100' }],
  [
    'moved',
    { message: { message_id: 1, chat: { id: -100, type: 'supergroup' }, migrate_from_chat_id: -5 } },
    { to: '-100' },
  ],
  [
    'button',
    { callback_query: { id: '9', from: ann, data: 'c:help', message: { message_id: 2, chat } } },
    { data: 'c:help' },
  ],
  ['inline', { inline_query: { id: '8', from: ann, query: 'whatsapp ru', offset: '' } }, { text: 'whatsapp ru' }],
  [
    'left',
    {
      my_chat_member: { chat, from: ann, old_chat_member: { status: 'member' }, new_chat_member: { status: 'kicked' } },
    },
    { chat: '7' },
  ],
])('an update is routed once, %s', async (type, parts, expected) => {
  const { bot, routed, calls } = world();
  await bot.handleUpdate({ update_id: 1, ...parts } as Update);
  expect(routed).toEqual([[expect.objectContaining({ type, ...expected }), '1']]);
  expect(calls).toEqual([]);
});

test('what grammY asks Telegram: over our client, one attempt', async () => {
  const { bot, calls } = world();
  expect(await bot.api.setMyCommands([{ command: 'help', description: 'Help' }])).toBe(true);
  expect(calls).toEqual([['setMyCommands', { commands: [{ command: 'help', description: 'Help' }] }]]);
});

test('a refusal: an error with the code; no answer: an error, and neither holds the token', async () => {
  const refused = world({
    kind: 'answer',
    status: 403,
    body: { ok: false, error_code: 403, description: 'Forbidden' },
  });
  const error = await refused.bot.api.sendMessage(7, 'x').catch((e: unknown) => e);
  expect(error).toMatchObject({ error_code: 403, description: 'Forbidden' });
  const silent = world({ kind: 'failure', reason: 'timeout', reached: true, detail: 'no answer within 1 ms' });
  const none = (await silent.bot.api.sendMessage(7, 'x').catch((e: unknown) => e)) as Error;
  expect(none.message).toContain('no answer within 1 ms');
  expect(silent.calls).toHaveLength(1);
  expect(String(error) + JSON.stringify(error) + String(none) + JSON.stringify(none)).not.toContain('secret');
});

test('a route that fails: the error reaches whoever handed the update over', async () => {
  const { bot } = world();
  bot.use(() => Promise.reject(new Error('boom')));
  await expect(bot.handleUpdate({ update_id: 1, poll: {} } as Update)).rejects.toMatchObject({
    error: { message: 'boom' },
  });
});

test('loading the adapter: Node warns of nothing', async () => {
  const url = new URL('../../../src/adapters/telegram/adapter.ts', import.meta.url);
  const { stderr } = await promisify(execFile)(process.execPath, ['-e', `import(${JSON.stringify(url.href)})`]);
  expect(stderr).toBe('');
});
